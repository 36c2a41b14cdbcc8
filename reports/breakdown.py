"""The population of a day by department and band of rank: what pages of one part count from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from reports.progress import Counts, tallies, with_completions
from staff.models import Assignment, Band
from training.models import Counting


@dataclass(frozen=True, slots=True)
class Part:
    """The people of one band in one department, as their places say."""

    department_id: int
    band: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class BandCounts:
    """The counts of one band of rank (職階)."""

    band: Band
    counts: Counts


def breakdown(as_of: date, rule: Counting, scope: frozenset[int] | None) -> tuple[Part, ...]:
    """The population in scope, every person in exactly one part; one query."""
    people = Assignment.objects.in_population(as_of, rule).within(scope)
    counted = (
        with_completions(people, as_of, rule)
        .values("department", "rank__band")
        .annotate(**tallies(rule))
        .order_by("department", "rank__band")
    )
    rows = cast("Iterable[dict[str, Any]]", counted)
    return tuple(Part(row["department"], row["rank__band"], Counts.read(row)) for row in rows)


def by_band(parts: Iterable[Part]) -> tuple[BandCounts, ...]:
    """The parts put together by band: all four, also those with nobody."""
    known = list(parts)
    return tuple(
        BandCounts(band, sum((part.counts for part in known if part.band == band), Counts()))
        for band in Band
    )
