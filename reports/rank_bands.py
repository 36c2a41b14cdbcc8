"""One band of rank (職階): its people by department, and its specialists."""

from dataclasses import dataclass
from datetime import date

from leaders.bands import BandCount
from leaders.specialists import bands
from reports.breakdown import breakdown
from reports.progress import Counts, UnitCounts, shown_unit
from staff.models import Band
from staff.organisation import DepartmentTree
from training.models import Counting


@dataclass(frozen=True, slots=True)
class BandProgress:
    """The population of a band, by the unit under whose name it counts; and its specialists."""

    band: Band
    counts: Counts
    units: tuple[UnitCounts, ...]
    specialists: BandCount


def band_progress(
    as_of: date, rule: Counting, scope: frozenset[int] | None, band: Band
) -> BandProgress:
    """The band on the day for the departments in scope (`None`: the whole city); four queries."""
    tree = DepartmentTree.load(as_of)
    found: dict[int, Counts] = {}
    for part in breakdown(as_of, rule, scope):
        if part.band == band:
            unit = shown_unit(part.department_id, scope, tree).pk
            found[unit] = found.get(unit, Counts()) + part.counts
    specialists = {row.band: row for row in bands(as_of, scope)}
    return BandProgress(
        band=band,
        counts=sum(found.values(), Counts()),
        units=tuple(
            UnitCounts(unit, found[unit.pk]) for unit in tree.with_closed() if unit.pk in found
        ),
        specialists=specialists[band],
    )
