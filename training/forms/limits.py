"""How far what is typed about an offering may go: its seats, its days."""

from datetime import date
from typing import Final

from django import forms
from django.db.models import Max, Min

from agano_dx.lib.fiscal import era_date
from training.models import Programme

MOST_SEATS: Final = 9999
# So many years before and after the plan something may still be held or entered afterwards.
YEARS_AROUND: Final = 5
WITHOUT_PLAN: Final = (date(2000, 4, 1), date(2100, 3, 31))


def seats_field() -> forms.IntegerField:
    """定員, which may be left out."""
    return forms.IntegerField(
        label="定員",
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        help_text="定めないときは空欄にします。",
        error_messages={
            "min_value": "定員は1以上にしてください。",
            "max_value": f"定員は{MOST_SEATS}までの数で入力してください。",
        },
    )


def far_from_plan(days: list[date]) -> str:
    """What to say when one of the days lies far from the years of the plan; else empty."""
    first, last = _days_around_plan()
    if all(first <= day <= last for day in days):
        return ""
    return f"{era_date(first)}から{era_date(last)}までの日を入力してください。"


def _days_around_plan() -> tuple[date, date]:
    years = Programme.objects.aggregate(first=Min("first_year"), last=Max("last_year"))
    if years["first"] is None:
        return WITHOUT_PLAN
    first, last = years["first"].first_day, years["last"].last_day
    return (
        first.replace(year=first.year - YEARS_AROUND),
        last.replace(year=last.year + YEARS_AROUND),
    )
