"""How many still owe the rows of the plan, without their names: for pages that only count."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Value

from agano_dx.lib.fiscal import FiscalYear
from training.models import Attendance, AttendanceStatus, Counting, Programme
from training.outstanding.audience import (
    audience,
    listed_programmes,
    noted,
    without_completion,
)


@dataclass(frozen=True, slots=True)
class OwingCounts:
    """How many different people owe something, and how many owe each row that somebody owes."""

    people: int
    rows: Sequence[tuple[Programme, int]]


def owing_counts(on: date, rule: Counting, units: frozenset[int] | None) -> OwingCounts:
    """Who is on the lists of the year's rows, counted; in two queries."""
    year = FiscalYear.containing(on)
    running = listed_programmes().filter(first_year__lte=year, last_year__gte=year)
    rows = list(running.order_by("order", "code"))
    if not rows:
        return OwingCounts(0, [])
    pairs = [_pairs(row, on, rule, units) for row in rows]
    owing: dict[int, set[int]] = defaultdict(set)
    for row_id, staff_id in pairs[0].union(*pairs[1:]):
        owing[row_id].add(staff_id)
    return OwingCounts(
        len(set().union(*owing.values())),
        [(row, len(owing[row.pk])) for row in rows if row.pk in owing],
    )


def _pairs(
    row: Programme, on: date, rule: Counting, units: frozenset[int] | None
) -> QuerySet[Attendance, tuple[int, int]]:
    """Row and person of those on the list of the row: neither completed nor exempted."""
    places = without_completion(audience(row, on, rule).within(units), row, on, rule)
    exempted = noted(row, on).filter(staff=OuterRef("staff"), status=AttendanceStatus.EXCUSED)
    open_places = places.exclude(Exists(exempted)).annotate(row=Value(row.pk)).order_by()
    return open_places.values_list("row", "staff")  # type: ignore[return-value]
