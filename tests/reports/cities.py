"""The figures of a made-up city, computed slowly in Python from what the rules say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from agano_dx.lib.fiscal import FiscalYear
from reports.progress import Progress
from tests.factories import TargetFactory
from tests.worlds import (
    Ground,
    Person,
    Term,
    has_completed,
    is_counted,
    is_employed,
    place_of,
)
from training.models import Counting

# The units of `worlds.make_ground`, by position.
DIV, SEC, OFF, OLD, NEW, DIG = range(6)
UNDER = {
    DIV: {DIV, SEC, OFF, OLD, NEW, DIG},
    SEC: {SEC, OFF, DIG},
    OFF: {OFF, DIG},
    OLD: {OLD},
    NEW: {NEW},
    DIG: {DIG},
}
REPORTING = {DIV: DIV, SEC: SEC, OFF: SEC, OLD: OLD, NEW: NEW, DIG: SEC}
GIVING = (SEC, OLD, NEW)
BANDS = ("section_chief", "deputy", "subsection_chief", "staff")
PROMISED = {2025: (1, 4), 2026: (1, 3), 2027: (1, 2), 2034: (4, 5)}
WANTED_SPECIALISTS = {"section_chief": (2, 4), "deputy": (4, 6), "subsection_chief": (8, 10)}
WANTED_LEADERS = {2026: (18, 22), 2028: (38, 42)}


def make_targets() -> None:
    """What the plan promises, in small."""
    for year, (numerator, denominator) in PROMISED.items():
        TargetFactory(fiscal_year=year, numerator=numerator, denominator=denominator)
    bands = [("specialists", 2034, band, both) for band, both in WANTED_SPECIALISTS.items()]
    bands += [("specialists", 2034, "staff", (20, None))]
    bands += [("leaders", year, "", both) for year, both in WANTED_LEADERS.items()]
    for kind, year, band, (minimum, maximum) in bands:
        TargetFactory(
            kind=kind,
            fiscal_year=year,
            band=band,
            numerator=None,
            denominator=None,
            minimum=minimum,
            maximum=maximum,
        )


def scope_of(ground: Ground, heads: frozenset[int] | None) -> frozenset[int] | None:
    """What the head of these units may see; `None` for the whole city."""
    if heads is None:
        return None
    return frozenset(ground.units[unit].pk for unit in seen_by(heads))


def seen_by(heads: frozenset[int] | None) -> set[int]:
    """The positions of the units seen."""
    return set().union(*(UNDER[head] for head in (range(6) if heads is None else heads)))


def shown_as(unit: int, heads: frozenset[int] | None) -> int:
    """The unit under whose name somebody of `unit` is counted."""
    if REPORTING[unit] in seen_by(heads):
        return REPORTING[unit]
    return max(
        (one for one in seen_by(heads) if unit in UNDER[one]), key=lambda one: len(UNDER[one])
    )


@dataclass
class SlowCity:
    """People and the question asked of them."""

    people: list[Person]
    on: date
    rule: Counting
    heads: frozenset[int] | None

    def counted(self) -> Iterator[tuple[Person, int]]:
        """The population within sight, each with their unit."""
        for one in self.people:
            place = place_of(one, self.on)
            if is_counted(one, self.on, self.rule) and place.unit in seen_by(self.heads):
                yield one, place.unit

    def done(self, one: Person, category: str) -> bool:
        """Whether the person completed the category."""
        return has_completed(one, category, self.on, self.rule)

    def is_capable(self, one: Person) -> bool:
        """デジタル活用職員."""
        return all(self.done(one, category) for category in self.rule.required_categories)

    def numbers(self, people: list[Person]) -> tuple[int, int, int, int, int]:
        """Population, capable, mind, knowledge, skill."""
        return (
            len(people),
            sum(self.is_capable(one) for one in people),
            *(
                sum(self.done(one, category) for one in people)
                for category in ("mind", "knowledge", "skill")
            ),
        )

    def sitting(self) -> list[Term]:
        """Terms active on the day."""
        return [
            term
            for one in self.people
            for term in one.terms
            if self.on in FiscalYear(2023 + 2 * term.cohort)
            or self.on in FiscalYear(2024 + 2 * term.cohort)
            if term.starts_on <= self.on
            if term.ends_on is None or term.ends_on >= self.on
            if one.left_on is None or one.left_on >= self.on
            if term.unit in seen_by(self.heads)
        ]

    def finished(self) -> list[int]:
        """The person (by position) of each term ended by the day and marked 修了."""
        return [
            index
            for index, one in enumerate(self.people)
            for term in one.terms
            if term.completed and term.ends_on <= self.on and term.unit in seen_by(self.heads)
        ]

    def specialists(self) -> list[str]:
        """The band of each designated person."""
        found = []
        for one in self.people:
            place = place_of(one, self.on)
            active = any(
                start <= self.on and (end is None or end >= self.on)
                for start, end in one.designations
            )
            if active and place and is_employed(one, self.on) and place.unit in seen_by(self.heads):
                found.append(BANDS[place.rank])
        return found

    def excluded(self) -> tuple[int, int]:
        """Employed people left out by employment, and those left out by duty alone."""
        by_employment = by_duty = 0
        for one in self.people:
            place = place_of(one, self.on)
            if place and is_employed(one, self.on) and place.unit in seen_by(self.heads):
                if place.employment not in self.rule.counted_employments:
                    by_employment += 1
                elif place.duty in self.rule.excluded_duties:
                    by_duty += 1
        return by_employment, by_duty

    def executives(self) -> tuple[int, int]:
        """Executives, and those who attended this fiscal year."""
        since = FiscalYear.containing(self.on).first_day
        people = [one for one, _ in self.counted() if place_of(one, self.on).rank == 0]
        return len(people), sum(
            has_completed(one, "executive", self.on, None, since) for one in people
        )

    def figures(self) -> dict:
        """Everything the product's progress says, in the shape of `as_told`."""
        by_unit: dict[int, list[Person]] = {}
        for one, unit in self.counted():
            by_unit.setdefault(shown_as(unit, self.heads), []).append(one)
        everybody = self.numbers([one for one, _ in self.counted()])
        covered = {REPORTING[term.unit] for term in self.sitting()}
        giving = [
            unit
            for unit in GIVING
            if unit in seen_by(self.heads)
            and not (unit == OLD and self.on > date(2026, 3, 31))
            and not (unit == NEW and self.on < date(2026, 4, 1))
        ]
        bands = self.specialists()
        return {
            "total": everybody,
            "units": {unit: self.numbers(people) for unit, people in by_unit.items()},
            "excluded": self.excluded(),
            "executives": self.executives(),
            "sitting": len(self.sitting()),
            "completed": len(self.finished()),
            "people": len(set(self.finished())),
            "covered": [unit for unit in giving if unit in covered],
            "without": [unit for unit in giving if unit not in covered],
            "specialists": {band: bands.count(band) for band in BANDS},
            "targets": [self.target(year, everybody[:2]) for year in PROMISED],
        }

    def target(self, year: int, counts: tuple[int, int]) -> tuple[int, int, bool, str]:
        """A promised share: the year, heads needed, whether reached, how it stands."""
        population, capable = counts
        numerator, denominator = PROMISED[year]
        needed = next(
            heads
            for heads in range(population + 1)
            if Fraction(heads) >= Fraction(numerator, denominator) * population
        )
        reached = capable >= needed
        due = date(year + 1, 3, 31)
        return year, needed, reached, "not_due" if self.on < due else "met" if reached else "missed"


def as_told(ground: Ground, told: Progress) -> dict:
    """The product's answer in the same shape."""
    position = {unit.pk: index for index, unit in enumerate(ground.units)}

    def numbers(counts) -> tuple[int, ...]:
        return (counts.population, counts.capable, counts.mind, counts.knowledge, counts.skill)

    return {
        "total": numbers(told.total),
        "units": {position[unit.unit.pk]: numbers(unit.counts) for unit in told.units},
        "excluded": (told.excluded.employment, told.excluded.duty),
        "executives": (told.executives.population, told.executives.completed_this_year),
        "sitting": told.leaders.sitting,
        "completed": told.leaders.completed_person_terms,
        "people": told.leaders.people,
        "covered": sorted(position[unit.pk] for unit in told.leaders.covered),
        "without": sorted(position[unit.pk] for unit in told.leaders.without),
        "specialists": {str(band.band): band.count for band in told.specialists},
        "targets": [
            (target.fiscal_year.year, target.needed, target.is_reached, target.status)
            for target in told.targets
        ],
    }
