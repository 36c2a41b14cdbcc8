"""The plan's progress: pure functions of day, counting rule and scope.

Every figure is taken in SQL over whole tables, in a constant number of queries; shares are exact
fractions. Nothing here reads a clock: "at D" means at the end of day D.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q

from agano_dx.lib.fiscal import FiscalYear
from leaders.bands import BandCount
from leaders.models import LeaderTerm
from leaders.specialists import bands
from reports.models import Target, TargetKind
from staff.models import Assignment, AssignmentQuerySet, Department
from staff.organisation import DepartmentTree
from training.models import Attendance, Category, Counting

SHOWN_CATEGORIES = (Category.MIND, Category.KNOWLEDGE, Category.SKILL)
MET, MISSED, NOT_DUE = "met", "missed", "not_due"


@dataclass(frozen=True, slots=True)
class Counts:
    """People of the population, and how many of them completed each category."""

    population: int = 0
    capable: int = 0
    mind: int = 0
    knowledge: int = 0
    skill: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.population + other.population,
            self.capable + other.capable,
            self.mind + other.mind,
            self.knowledge + other.knowledge,
            self.skill + other.skill,
        )

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Counts":
        """From a row of `tallies`."""
        return cls(
            row["population"], row["capable"], *(row[str(name)] for name in SHOWN_CATEGORIES)
        )

    @property
    def lacking(self) -> int:
        """People of the population who are not capable."""
        return self.population - self.capable

    @property
    def share(self) -> Fraction:
        """Capable people over the population, exact; 0 where there is nobody."""
        return Fraction(self.capable, self.population) if self.population else Fraction(0)

    def completed(self, category: str) -> int:
        """People of the population with a completion in the category."""
        done: int = getattr(self, category)
        return done


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """The counts of one reporting unit (部署)."""

    unit: Department
    counts: Counts


@dataclass(frozen=True, slots=True)
class Excluded:
    """Employed people left out of the population; out for both reasons counts under employment."""

    employment: int
    duty: int

    @property
    def people(self) -> int:
        """All of them."""
        return self.employment + self.duty


@dataclass(frozen=True, slots=True)
class ShareTarget:
    """A promised share at the end of a fiscal year, held against the counts of today."""

    fiscal_year: FiscalYear
    fraction: Fraction
    needed: int
    is_reached: bool
    status: str

    @property
    def due(self) -> date:
        """The last day of its year."""
        return self.fiscal_year.last_day


@dataclass(frozen=True, slots=True)
class Executives:
    """Executives of the population, and how many completed their course this fiscal year."""

    population: int
    completed_this_year: int


@dataclass(frozen=True, slots=True)
class Leaders:
    """Leaders at the day. `people`: distinct people among the completed person-terms."""

    sitting: int
    completed_person_terms: int
    people: int
    covered: tuple[Department, ...]
    without: tuple[Department, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Every figure of one day. `is_whole_city`: the plan's targets are the whole city's alone."""

    as_of: date
    total: Counts
    excluded: Excluded
    targets: tuple[ShareTarget, ...]
    executives: Executives
    leaders: Leaders
    specialists: tuple[BandCount, ...]
    units: tuple[UnitCounts, ...]
    is_whole_city: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nobody is recorded in scope on the day, as before the first roster."""
        return not self.total.population and not self.excluded.people


def progress(as_of: date, rule: Counting, scope: frozenset[int] | None) -> Progress:
    """The figures of the day for the departments in scope (`None`: the whole city).

    Denominator everywhere: the population (全職員) of the day.
    """
    tree = DepartmentTree.load(as_of)
    units = _by_unit(as_of, rule, scope, tree)
    total = sum((unit.counts for unit in units), Counts())
    return Progress(
        as_of=as_of,
        total=total,
        excluded=_excluded(as_of, rule, scope),
        targets=share_targets(as_of, total),
        executives=_executives(as_of, rule, scope),
        leaders=_leaders(as_of, scope, tree),
        specialists=bands(as_of, scope),
        units=tuple(units),
        is_whole_city=scope is None,
    )


# --- people -------------------------------------------------------------------------------------


def with_completions(places: AssignmentQuerySet, as_of: date, rule: Counting) -> AssignmentQuerySet:
    """The places with one yes-or-no for each category that is shown or required.

    Adds `done_<category>` and filters nothing.
    """
    done = Attendance.objects.completed(as_of, rule).filter(staff=OuterRef("staff"))
    categories = dict.fromkeys([*SHOWN_CATEGORIES, *rule.required_categories])
    return places.annotate(
        **{f"done_{name}": Exists(done.filter(category=name)) for name in categories}
    )


def is_capable(rule: Counting) -> Q:
    """The condition on `with_completions` that makes a person digitally capable."""
    condition = Q()
    for name in rule.required_categories:
        condition &= Q(**{f"done_{name}": True})
    return condition


def tallies(rule: Counting) -> dict[str, Count]:
    """What `Counts` holds, to be counted over `with_completions`."""
    return {
        "population": Count("pk"),
        "capable": Count("pk", filter=is_capable(rule)),
        **{str(name): Count("pk", filter=Q(**{f"done_{name}": True})) for name in SHOWN_CATEGORIES},
    }


def _by_unit(
    as_of: date, rule: Counting, scope: frozenset[int] | None, tree: DepartmentTree
) -> list[UnitCounts]:
    people = Assignment.objects.in_population(as_of, rule).within(scope)
    counted = (
        with_completions(people, as_of, rule)
        .values("department")
        .annotate(**tallies(rule))
        .order_by()
    )
    by_unit: dict[int, Counts] = {}
    rows = cast("Iterable[dict[str, Any]]", counted)
    for row in rows:
        unit = shown_unit(row["department"], scope, tree).pk
        by_unit[unit] = by_unit.get(unit, Counts()) + Counts.read(row)
    return [UnitCounts(unit, by_unit[unit.pk]) for unit in tree.with_closed() if unit.pk in by_unit]


def shown_unit(
    department_id: int, scope: frozenset[int] | None, tree: DepartmentTree
) -> Department:
    """The reporting unit; where that lies above the scope, the highest unit within it."""
    unit = tree.reporting_unit(department_id)
    if scope is None or unit.pk in scope:
        return unit
    seen = [above for above in tree.above(department_id) if above.pk in scope]
    return seen[-1] if seen else tree.by_id[department_id]


def _excluded(as_of: date, rule: Counting, scope: frozenset[int] | None) -> Excluded:
    by_employment = ~Q(employment__in=rule.counted_employments)
    counted = (
        Assignment.objects.employed(as_of)
        .within(scope)
        .aggregate(
            out_by_employment=Count("pk", filter=by_employment),
            out_by_duty=Count("pk", filter=~by_employment & Q(duty__in=rule.excluded_duties)),
        )
    )
    return Excluded(counted["out_by_employment"], counted["out_by_duty"])


def _executives(as_of: date, rule: Counting, scope: frozenset[int] | None) -> Executives:
    year = FiscalYear.containing(as_of)
    done = Attendance.objects.completed(as_of).filter(
        staff=OuterRef("staff"), category=Category.EXECUTIVE, completed_on__gte=year.first_day
    )
    counted = (
        Assignment.objects.in_population(as_of, rule)
        .within(scope)
        .filter(rank__is_executive=True)
        .annotate(done_this_year=Exists(done))
        .aggregate(
            population=Count("pk"),
            completed_this_year=Count("pk", filter=Q(done_this_year=True)),
        )
    )
    return Executives(**counted)


# --- targets ------------------------------------------------------------------------------------


def needed_people(fraction: Fraction, population: int) -> int:
    """`ceil(p/q * population)`, in whole numbers."""
    return -(-fraction.numerator * population // fraction.denominator)


def share_targets(as_of: date, total: Counts) -> tuple[ShareTarget, ...]:
    """The promised shares against the counts of the day.

    Before its due day a target is 期日前, never 未達. After it, the status says whether the share
    of the day still stands at the target; how it stood on the due day is asked with that day.
    """
    targets = []
    for target in Target.objects.filter(kind=TargetKind.SHARE).order_by("fiscal_year"):
        fraction = target.fraction
        reached = fraction.denominator * total.capable >= fraction.numerator * total.population
        due = target.fiscal_year.last_day
        status = (MET if reached else MISSED) if as_of >= due else NOT_DUE
        targets.append(
            ShareTarget(
                target.fiscal_year,
                fraction,
                needed_people(fraction, total.population),
                reached,
                status,
            )
        )
    return tuple(targets)


# --- leaders --------------------------------------------------------------------------------------


def _leaders(as_of: date, scope: frozenset[int] | None, tree: DepartmentTree) -> Leaders:
    terms = LeaderTerm.objects.all()
    if scope is not None:
        terms = terms.filter(department__in=scope)
    sitting = list(terms.sitting(as_of).values_list("department", flat=True))
    finished = list(terms.completed(as_of).values_list("staff", flat=True))
    covered = {tree.reporting_unit(department).pk for department in sitting}
    giving = [
        unit for unit in tree.in_order if unit.gives_leader and (scope is None or unit.pk in scope)
    ]
    return Leaders(
        sitting=len(sitting),
        completed_person_terms=len(finished),
        people=len(set(finished)),
        covered=tuple(unit for unit in giving if unit.pk in covered),
        without=tuple(unit for unit in giving if unit.pk not in covered),
    )
