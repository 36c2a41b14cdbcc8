"""Month by month to the plan's end: the arithmetic of the forecast, without any query.

People are counted in millionths (whole numbers, so that nobody is lost or made by rounding) and
put together by what they lack. Each month every category has places; those who lack least are
seated first, and those who lack as much as each other share. On 1 April people leave in the same
proportion from everywhere, and those who come lack everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby, product
from math import ceil, floor, prod
from typing import Literal

from agano_dx.lib.fiscal import FiscalYear
from reports.forecast.pace import Spread

UNIT = 1_000_000
Lack = frozenset[str]
Crowd = dict[Lack, int]
Bound = Literal["low", "high"]
CAPABLE: Lack = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """People alike: what they lack, and how many coming places they hold, by lacking category."""

    missing: Lack
    booked: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the forecast reckons with, low and high. Places are a month; hires and leavers a year.

    `extra`: places in the months left of this year, beside those booked; `seats`: from April on.
    """

    extra: Mapping[str, Spread]
    seats: Mapping[str, Spread]
    low: Mapping[str, Fraction]
    high: Mapping[str, Fraction]
    hires: Fraction
    leavers: Fraction


@dataclass(frozen=True, slots=True)
class YearRange:
    """見込み at the end of a year: capable people from low to high, of so many."""

    year: FiscalYear
    population: int
    low: int
    high: int

    @property
    def low_share(self) -> Fraction:
        """Exact; 0 where there is nobody."""
        return Fraction(self.low, self.population) if self.population else Fraction(0)

    @property
    def high_share(self) -> Fraction:
        """Exact; 0 where there is nobody."""
        return Fraction(self.high, self.population) if self.population else Fraction(0)


def chances(kind: Kind, rates: Mapping[str, Fraction]) -> dict[Lack, Fraction]:
    """What somebody of this kind will lack after their places, each with its probability.

    Whoever holds several places of a category needs to come to one of them.
    """
    came = {category: 1 - (1 - rates[category]) ** places for category, places in kind.booked}
    found: dict[Lack, Fraction] = {}
    for outcome in product((True, False), repeat=len(came)):
        passed = {category for category, yes in zip(came, outcome, strict=True) if yes}
        chance = prod(
            (came[one] if one in passed else 1 - came[one] for one in came), start=Fraction(1)
        )
        found[kind.missing - passed] = found.get(kind.missing - passed, Fraction(0)) + chance
    return found


def expected_capable(kinds: Mapping[Kind, int], rates: Mapping[str, Fraction]) -> Fraction:
    """How many will be capable once the places held are over, on average; exact."""
    return sum(
        (count * chances(kind, rates).get(CAPABLE, Fraction(0)) for kind, count in kinds.items()),
        start=Fraction(0),
    )


def project(
    kinds: Mapping[Kind, int], inputs: Inputs, as_of: date, last: FiscalYear
) -> tuple[YearRange, ...]:
    """The range at each year's end after the day, to the last; a day's own figures are actual."""
    low = _course(kinds, inputs, "low", as_of, last)
    high = _course(kinds, inputs, "high", as_of, last)
    found = []
    for (year, least), (_, most) in zip(low, high, strict=True):
        if year.last_day == as_of:
            continue
        population = (2 * sum(least.values()) + UNIT) // (2 * UNIT)
        bottom = min(population, least.get(CAPABLE, 0) // UNIT)
        top = min(population, -(-most.get(CAPABLE, 0) // UNIT))
        found.append(YearRange(year, population, bottom, max(bottom, top)))
    return tuple(found)


def _course(
    kinds: Mapping[Kind, int], inputs: Inputs, bound: Bound, as_of: date, last: FiscalYear
) -> list[tuple[FiscalYear, Crowd]]:
    rates = inputs.low if bound == "low" else inputs.high
    extra, seats = _at(bound, inputs.extra), _at(bound, inputs.seats)
    first = FiscalYear.containing(as_of)
    if first > last:
        return []
    crowd = _seated(_start(kinds, rates, bound), extra, rates, months_left(as_of))
    points = [(first, crowd)]
    for year in FiscalYear.range(first.next, last):
        crowd = _seated(_turned(crowd, inputs), seats, rates, 12)
        points.append((year, crowd))
    return points


def _at(bound: Bound, places: Mapping[str, Spread]) -> dict[str, Fraction]:
    return {name: to.low if bound == "low" else to.high for name, to in places.items()}


def months_left(as_of: date) -> int:
    """Whole months between the day's own and the end of its fiscal year."""
    return (3 - as_of.month) % 12


def _start(kinds: Mapping[Kind, int], rates: Mapping[str, Fraction], bound: Bound) -> Crowd:
    """Everybody by what they will lack after their places; the capable are rounded to the bound."""
    exact: dict[Lack, Fraction] = {}
    for kind, count in kinds.items():
        for lack, chance in chances(kind, rates).items():
            exact[lack] = exact.get(lack, Fraction(0)) + count * chance
    crowd = {lack: floor(people * UNIT) for lack, people in exact.items()}
    if bound == "high" and CAPABLE in exact:
        crowd[CAPABLE] = ceil(exact[CAPABLE] * UNIT)
    over = sum(kinds.values()) * UNIT - sum(crowd.values())
    if over:
        # What rounding left over lacks something: were all capable, nothing would be left over.
        crowd[max((lack for lack in crowd if lack), key=lambda lack: crowd[lack])] += over
    return crowd


def _seated(
    crowd: Crowd, seats: Mapping[str, Fraction], rates: Mapping[str, Fraction], months: int
) -> Crowd:
    """The crowd after so many months with these places."""
    now = dict(crowd)
    for _ in range(months):
        for category, places in seats.items():
            _teach(now, category, floor(places * rates[category] * UNIT))
    return now


def _teach(crowd: Crowd, category: str, passing: int) -> None:
    """Let this many of those who lack the category pass it, those who lack least first."""
    lacking = sorted((lack for lack in crowd if category in lack), key=lambda one: len(one))
    for _, alike in groupby(lacking, key=len):
        group = list(alike)
        there = sum(crowd[lack] for lack in group)
        taken = min(passing, there)
        for lack, count in _shared(taken, {lack: crowd[lack] for lack in group}).items():
            crowd[lack] -= count
            crowd[lack - {category}] = crowd.get(lack - {category}, 0) + count
        passing -= taken


def _shared(taken: int, among: Crowd) -> Crowd:
    """So many taken from these in proportion, to the last millionth."""
    left, there, found = taken, sum(among.values()), {}
    for lack, count in among.items():
        found[lack] = left * count // there if there else 0
        left, there = left - found[lack], there - count
    return found


def _turned(crowd: Crowd, inputs: Inputs) -> Crowd:
    """The crowd on 1 April: some have left, others have come and lack every category."""
    leaving = min(floor(inputs.leavers * UNIT), sum(crowd.values()))
    gone = _shared(leaving, crowd)
    stayed = {lack: count - gone[lack] for lack, count in crowd.items()}
    new = frozenset(inputs.seats)
    stayed[new] = stayed.get(new, 0) + floor(inputs.hires * UNIT)
    return stayed
