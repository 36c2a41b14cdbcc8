"""Everybody as they stand on a day: the plain facts by which any counting rule can judge a person.

Figures of one day are counted in SQL (`reports.progress`). What holds two moments against each
other (the year-end freeze, comparisons, the flow of a year, the gap) needs the people themselves:
these facts, taken in a constant number of queries, and `judge`, which makes no query.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import Max, Min

from leaders.models import LeaderTerm, SpecialistDesignation
from staff.models import Assignment
from training.models import Attendance, Counting
from training.models.attendance import years_before

BY_EMPLOYMENT, BY_DUTY = "employment", "duty"


@dataclass(frozen=True, slots=True)
class Done:
    """The first and the latest completion in a category on or before the day."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody employed on the day: their place, and what they completed, by category."""

    staff_id: int
    number: str
    hired_on: date
    left_on: date | None
    department_id: int
    rank: str
    band: str
    is_executive: bool
    employment: str
    duty: str
    done: Mapping[str, Done]


@dataclass(frozen=True, slots=True)
class TermStanding:
    """A leader's term that on the day sits, or is completed (修了)."""

    term_id: int
    staff_id: int
    department_id: int
    is_sitting: bool
    is_completed: bool


@dataclass(frozen=True, slots=True)
class SpecialistStanding:
    """Somebody designated a specialist on the day, in the band of their rank."""

    staff_id: int
    department_id: int
    band: str


@dataclass(frozen=True, slots=True)
class Standings:
    """Everybody on one day, by staff number."""

    on: date
    people: tuple[Standing, ...]
    terms: tuple[TermStanding, ...]
    specialists: tuple[SpecialistStanding, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of somebody: whether counted as 全職員 and why not, what is missing."""

    left_out: str
    missing: tuple[str, ...]

    @property
    def is_counted(self) -> bool:
        """Whether the person belongs to the population."""
        return not self.left_out

    @property
    def is_capable(self) -> bool:
        """デジタル活用職員."""
        return self.is_counted and not self.missing


class Judged(Protocol):
    """What a rule asks of somebody."""

    @property
    def employment(self) -> str:
        """任用形態."""

    @property
    def duty(self) -> str:
        """在職区分."""

    @property
    def done(self) -> Mapping[str, Done]:
        """What they completed, by category."""


def judge(one: Judged, on: date, rule: Counting) -> Verdict:
    """The rule's word on somebody; who is out for both reasons counts under employment."""
    left_out = ""
    if one.employment not in rule.counted_employments:
        left_out = BY_EMPLOYMENT
    elif one.duty in rule.excluded_duties:
        left_out = BY_DUTY
    since = years_before(on, rule.validity_years) if rule.validity_years else date.min
    missing = tuple(
        category
        for category in rule.required_categories
        if category not in one.done or one.done[category].last <= since
    )
    return Verdict(left_out, missing)


def standings(on: date, units: frozenset[int] | None) -> Standings:
    """Everybody in the units (`None`: the whole city) as known now, in five queries."""
    return Standings(on, people_standing(on, units), _terms(on, units), _specialists(on, units))


def people_standing(on: date, units: frozenset[int] | None) -> tuple[Standing, ...]:
    """The people alone, in two queries."""
    places = (
        Assignment.objects.employed(on)
        .within(units)
        .select_related("staff", "rank")
        .order_by("staff__number")
    )
    done = _done(on)
    return tuple(_standing(place, done.get(place.staff_id, {})) for place in places)


def _standing(place: Assignment, done: Mapping[str, Done]) -> Standing:
    return Standing(
        staff_id=place.staff_id,
        number=place.staff.number,
        hired_on=place.staff.hired_on,
        left_on=place.staff.left_on,
        department_id=place.department_id,
        rank=place.rank.name,
        band=place.rank.band,
        is_executive=place.rank.is_executive,
        employment=place.employment,
        duty=place.duty,
        done=done,
    )


def _done(on: date) -> dict[int, dict[str, Done]]:
    rows: Any = (
        Attendance.objects.completed(on)
        .values("staff", "category")
        .annotate(first=Min("completed_on"), last=Max("completed_on"))
        .order_by()
    )
    found: dict[int, dict[str, Done]] = defaultdict(dict)
    for row in rows:
        found[row["staff"]][row["category"]] = Done(row["first"], row["last"])
    return found


def still_valid(on: date, due: date, rule: Counting) -> dict[int, frozenset[str]]:
    """What each person completed by `on` that still counts on the due day; one query."""
    done = Attendance.objects.completed(on).filter(category__in=rule.required_categories)
    rows: Any = done.values("staff", "category").annotate(last=Max("completed_on")).order_by()
    since = years_before(due, rule.validity_years) if rule.validity_years else date.min
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row["last"] > since:
            found[row["staff"]].add(row["category"])
    return {pk: frozenset(names) for pk, names in found.items()}


def _terms(on: date, units: frozenset[int] | None) -> tuple[TermStanding, ...]:
    terms = LeaderTerm.objects.order_by("pk")
    if units is not None:
        terms = terms.filter(department__in=units)
    sitting = set(terms.sitting(on).values_list("pk", flat=True))
    completed = set(terms.completed(on).values_list("pk", flat=True))
    return tuple(
        TermStanding(pk, staff, department, pk in sitting, pk in completed)
        for pk, staff, department in terms.filter(pk__in=sitting | completed).values_list(
            "pk", "staff", "department"
        )
    )


def _specialists(on: date, units: frozenset[int] | None) -> tuple[SpecialistStanding, ...]:
    places = SpecialistDesignation.objects.all().places(on).within(units).order_by("staff")
    return tuple(
        SpecialistStanding(*row) for row in places.values_list("staff", "department", "rank__band")
    )
