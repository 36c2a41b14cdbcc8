"""Days a page of figures is often asked for."""

from agano_dx.lib.fiscal import FiscalYear
from staff.pages import AskedDay
from training.plan_board import PLAN_FIRST, PLAN_LAST


def shortcuts(day: AskedDay) -> list[tuple[str, str, bool]]:
    """Today and the ends of the plan's years gone by: label, address, whether shown."""
    days = [("今日", day.today)]
    days += [
        (f"{year.label}末", year.last_day)
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
        if year.last_day < day.today
    ]
    return [(label, f"?as_of={on.isoformat()}", on == day.on) for label, on in days]
