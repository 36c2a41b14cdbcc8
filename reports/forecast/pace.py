"""How many places a month: the slowest three months of the last twelve, and their average.

A year of mass courses says what was possible, not what will go on: the slow end keeps the forecast
from carrying it forward as if it came every month.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

MONTHS, SLOW_MONTHS = 12, 3


@dataclass(frozen=True, slots=True)
class Spread:
    """Places a month, at the low end and at the high end."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Pace:
    """The places of twelve months, and those of the slowest three that follow one another."""

    whole: int
    slowest: int
    first: date
    last: date

    @property
    def a_month(self) -> Spread:
        """The low end is the slowest three months, the high end the average of twelve."""
        return Spread(Fraction(self.slowest, SLOW_MONTHS), Fraction(self.whole, MONTHS))


def month_ends(as_of: date) -> tuple[date, ...]:
    """Thirteen days a month apart, to the day: what lies between two of them is one month."""
    return tuple(_months_before(as_of, back) for back in range(MONTHS, -1, -1))


def pace(as_of: date, by_day: Mapping[date, int]) -> Pace:
    """The pace to the day. `by_day`: places by the day they were over; of equals the latest."""
    ends = month_ends(as_of)
    months = [
        sum(places for day, places in by_day.items() if after < day <= to)
        for after, to in zip(ends, ends[1:], strict=False)
    ]
    slowest = min(range(MONTHS - SLOW_MONTHS + 1), key=lambda at: (_three(months, at), -at))
    return Pace(
        whole=sum(months),
        slowest=_three(months, slowest),
        first=ends[slowest] + timedelta(days=1),
        last=ends[slowest + SLOW_MONTHS],
    )


def _three(months: Sequence[int], at: int) -> int:
    return sum(months[at : at + SLOW_MONTHS])


def _months_before(day: date, back: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
