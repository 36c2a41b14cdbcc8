"""How many of those expected came: the show-up rate of twelve months, with its range."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

# 95 %: the range in which the true rate lies nineteen times out of twenty.
_Z = Fraction(196, 100)
_STEPS = 1000  # a range is told in tenths of a percent, and reckoned with as it is told
OWN, ALL, UNKNOWN = "own", "all", "unknown"


@dataclass(frozen=True, slots=True)
class ShowUp:
    """Completions among those whose coming was marked, and the range of the rate.

    `source`: the category's own marks, those of all categories, or none at all (0 to 1).
    """

    attended: int
    expected: int
    rate: Fraction
    low: Fraction
    high: Fraction
    source: str


NOTHING_KNOWN = ShowUp(0, 0, Fraction(1, 2), Fraction(0), Fraction(1), UNKNOWN)


def show_up(categories: Iterable[str], marked: Mapping[str, tuple[int, int]]) -> dict[str, ShowUp]:
    """The rate of each category. `marked`: category → (completions, completions and misses).

    Without marks of its own a category takes the rate of all of them together.
    """
    attended = sum(came for came, _ in marked.values())
    expected = sum(whole for _, whole in marked.values())
    fallback = _rate(attended, expected, ALL) if expected else NOTHING_KNOWN
    return {
        category: _rate(*marked[category], OWN) if marked.get(category, (0, 0))[1] else fallback
        for category in categories
    }


def _rate(attended: int, expected: int, source: str) -> ShowUp:
    low, high = wilson(attended, expected)
    return ShowUp(attended, expected, Fraction(attended, expected), low, high, source)


def wilson(successes: int, trials: int) -> tuple[Fraction, Fraction]:
    """The Wilson interval at 95 %, widened to whole tenths of a percent."""
    share, square = Fraction(successes, trials), _Z * _Z
    middle = share + square / (2 * trials)
    spread = share * (1 - share) / trials + square / (4 * trials * trials)
    root = Fraction((Decimal(spread.numerator) / spread.denominator).sqrt())
    low = (middle - _Z * root) / (1 + square / trials)
    high = (middle + _Z * root) / (1 + square / trials)
    return (
        Fraction(floor(max(low, Fraction(0)) * _STEPS), _STEPS),
        Fraction(ceil(min(high, Fraction(1)) * _STEPS), _STEPS),
    )
