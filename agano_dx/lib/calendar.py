"""The city's calendar: public holidays, the days offices are closed, weeks of a month."""

import calendar
from datetime import date, timedelta
from typing import Final

import jpholiday

SATURDAY: Final = 5
# 年末年始: city offices are closed by ordinance, though most of these days are no public holidays.
YEAR_END_CLOSED: Final = frozenset({(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)})
WEEKDAYS: Final = ("日", "月", "火", "水", "木", "金", "土")
_SUNDAY_FIRST: Final = calendar.Calendar(calendar.SUNDAY)


def holiday_name(day: date) -> str:
    """The public holiday on the day: 勤労感謝の日; empty on other days."""
    return jpholiday.is_holiday_name(day) or ""


def weekday_name(day: date) -> str:
    """The day of the week: 月."""
    return WEEKDAYS[day.isoweekday() % len(WEEKDAYS)]


def is_working_day(day: date) -> bool:
    """Whether the offices are open: no weekend, no public holiday, not 29 December to 3 January."""
    return not (
        day.weekday() >= SATURDAY
        or (day.month, day.day) in YEAR_END_CLOSED
        or jpholiday.is_holiday(day)
    )


def working_days_before(day: date, count: int) -> date:
    """The day from which so many working days lie before `day`: its eve's for 1."""
    return _step(day, count, timedelta(days=-1))


def working_days_after(day: date, count: int) -> date:
    """The day up to which so many working days lie after `day`."""
    return _step(day, count, timedelta(days=1))


def weeks_of(year: int, month: int) -> list[list[date]]:
    """The month as weeks of seven days from Sunday on, with the days around it."""
    return _SUNDAY_FIRST.monthdatescalendar(year, month)


def _step(day: date, count: int, step: timedelta) -> date:
    left = count
    while left > 0:
        day += step
        left -= is_working_day(day)
    return day
