"""When a term counts: the rule of the twelve months."""

import calendar
from datetime import date, timedelta
from typing import Final

# product.md, 育成延べ人数: who served at least 12 of the 24 months may be marked 修了.
MONTHS_TO_COUNT: Final = 12


def last_day_of_months(starts_on: date, months: int) -> date:
    """The last day of so many months counted from the beginning of `starts_on`.

    民法第143条: the day before the one that corresponds to the first day; where the last month has
    no such day, its last day. From 29 February 2028 twelve months end on 28 February 2029.
    """
    ahead = starts_on.year * 12 + starts_on.month - 1 + months
    year, month = ahead // 12, ahead % 12 + 1
    length = calendar.monthrange(year, month)[1]
    if starts_on.day > length:
        return date(year, month, length)
    return date(year, month, starts_on.day) - timedelta(days=1)


def has_served(starts_on: date, ends_on: date, months: int = MONTHS_TO_COUNT) -> bool:
    """Whether a service from day to day, both counted, lasted at least so many months."""
    return ends_on >= last_day_of_months(starts_on, months)


def whole_months(starts_on: date, ends_on: date) -> int:
    """The whole months of a service from day to day, both counted."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1
    while months > 0 and not has_served(starts_on, ends_on, months):
        months -= 1
    return months
