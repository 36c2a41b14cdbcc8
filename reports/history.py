"""How the figures came to be: their points at each year's end up to the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, DateField, QuerySet, Value
from django.db.models.functions import Cast

from agano_dx.lib.fiscal import FiscalYear
from leaders.bands import LeaderBand
from leaders.models import LeaderTerm
from reports.models import Target, TargetKind
from reports.progress import is_capable, with_completions
from staff.models import Assignment
from training.models import Counting, CountingRule
from training.plan_board import PLAN_FIRST, PLAN_LAST


@dataclass(frozen=True, slots=True)
class SharePoint:
    """The share of one day. Denominator: the population of that day."""

    on: date
    capable: int
    population: int

    @property
    def share(self) -> Fraction:
        """Exact; 0 where there is nobody."""
        return Fraction(self.capable, self.population) if self.population else Fraction(0)


@dataclass(frozen=True, slots=True)
class LeaderYear:
    """Leaders at the end of a fiscal year (or the as-of day within it), with the year's band."""

    year: FiscalYear
    completed: int | None
    sitting: int | None
    minimum: int | None
    maximum: int | None
    is_approximate: bool = False

    @property
    def band(self) -> LeaderBand | None:
        """What the plan wants by the year's end, if anything."""
        if self.minimum is None:
            return None
        return LeaderBand(self.minimum, self.maximum, self.is_approximate)


def point_days(as_of: date) -> list[date]:
    """The ends of the plan's years up to the day, and the day itself."""
    ends = [year.last_day for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)]
    return sorted({day for day in ends if day < as_of} | {as_of})


def share_history(as_of: date, scope: frozenset[int] | None) -> list[SharePoint]:
    """The share at each year's end up to the day, each by the rule in force then; two queries."""
    days = point_days(as_of)
    rules = CountingRule.objects.in_force_on(days)
    counted = [_counted(day, rules[day], scope) for day in days]
    rows: Iterable[dict[str, Any]] = counted[0].union(*counted[1:], all=True)
    by_day = {row["day"]: row for row in rows}
    return [
        SharePoint(day, by_day[day]["capable"], by_day[day]["population"])
        if day in by_day
        else SharePoint(day, 0, 0)
        for day in days
    ]


def _counted(day: date, rule: Counting, scope: frozenset[int] | None) -> QuerySet[Assignment, Any]:
    people = Assignment.objects.in_population(day, rule).within(scope)
    return (
        with_completions(people, day, rule)
        .annotate(day=Cast(Value(day), DateField()))
        .values("day")
        .annotate(population=Count("pk"), capable=Count("pk", filter=is_capable(rule)))
        .order_by()
    )


def guide(targets: list[Target]) -> dict[FiscalYear, Fraction]:
    """目安: the straight line between two targets with years between them. Never a target."""
    found: dict[FiscalYear, Fraction] = {}
    for before, after in zip(targets, targets[1:], strict=False):
        span = after.fiscal_year.year - before.fiscal_year.year
        for step in range(1, span):
            year = FiscalYear(before.fiscal_year.year + step)
            found[year] = before.fraction + (after.fraction - before.fraction) * step / span
    return found


def share_promises() -> list[Target]:
    """The promised shares, by year."""
    return list(Target.objects.filter(kind=TargetKind.SHARE).order_by("fiscal_year"))


def leader_history(as_of: date, scope: frozenset[int] | None) -> list[LeaderYear]:
    """Cumulative completed person-terms and sitting leaders by year; two queries.

    The year of the as-of day shows that day; later years show nothing but their band.
    """
    terms = LeaderTerm.objects.select_related("staff", "cohort")
    if scope is not None:
        terms = terms.filter(department__in=scope)
    rows = list(terms)
    bands = {
        target.fiscal_year: target for target in Target.objects.filter(kind=TargetKind.LEADERS)
    }
    years = []
    for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST):
        band = bands.get(year)
        day = min(year.last_day, as_of)
        known = year.first_day <= as_of
        years.append(
            LeaderYear(
                year,
                sum(_is_completed(term, day) for term in rows) if known else None,
                sum(term.sits_on(day) for term in rows) if known else None,
                band.minimum if band else None,
                band.maximum if band else None,
                bool(band and band.approximate),
            )
        )
    return years


def _is_completed(term: LeaderTerm, on: date) -> bool:
    return term.completed and term.ends_on is not None and term.ends_on <= on
