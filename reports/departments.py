"""The departments beside each other, and one of them alone: pure functions of day, rule, scope."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from leaders.models import LeaderTerm
from reports.breakdown import BandCounts, Part, breakdown, by_band
from reports.history import SharePoint, share_history
from reports.progress import Counts, Progress, UnitCounts, progress
from staff.models import Department
from staff.organisation import DepartmentTree
from training.models import Counting
from training.outstanding.counts import OwingCounts, owing_counts

ORDERS: Final = ("share", "lacking", "population")


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A reporting unit beside the others.

    `place`: by share, the highest first, equal shares on one place; `None` where nobody counts.
    """

    unit: Department
    counts: Counts
    place: int | None
    gives_leader: bool
    has_leader: bool


def department_rows(figures: Progress) -> list[DepartmentRow]:
    """The units of the figures, and those that give a leader and hold nobody. No query."""
    covered = {unit.pk for unit in figures.leaders.covered}
    without = {unit.pk for unit in figures.leaders.without}
    known = {row.unit.pk for row in figures.units}
    giving = (*figures.leaders.covered, *figures.leaders.without)
    empty = [UnitCounts(unit, Counts()) for unit in giving if unit.pk not in known]
    shares = [row.counts.share for row in figures.units]
    return [
        DepartmentRow(
            row.unit,
            row.counts,
            1 + sum(share > row.counts.share for share in shares)
            if row.counts.population
            else None,
            gives_leader=row.unit.pk in covered | without,
            has_leader=row.unit.pk in covered,
        )
        for row in (*figures.units, *empty)
    ]


def in_order(rows: Iterable[DepartmentRow], order: str) -> list[DepartmentRow]:
    """By share from the lowest, by people lacking or population from the most; else as they are."""
    if order == "share":
        return sorted(rows, key=lambda row: (row.place is None, row.counts.share))
    if order == "lacking":
        return sorted(rows, key=lambda row: -row.counts.lacking)
    if order == "population":
        return sorted(rows, key=lambda row: -row.counts.population)
    return list(rows)


@dataclass(frozen=True, slots=True)
class DepartmentProgress:
    """One department: its figures, where they came from, and what they are made of.

    `parts`: each unit counted under it with its own people alone; `below`: the units under it that
    count for themselves; `owing` counts all units under it, as the lists of 未受講者 do.
    """

    unit: Department
    figures: Progress
    history: tuple[SharePoint, ...]
    parts: tuple[UnitCounts, ...]
    below: tuple[UnitCounts, ...]
    bands: tuple[BandCounts, ...]
    leaders: tuple[LeaderTerm, ...]
    owing: OwingCounts

    @property
    def needs_leader(self) -> bool:
        """Whether it has to give a leader and none is active."""
        return bool(self.figures.leaders.without)


def counted_under(tree: DepartmentTree, unit_id: int) -> frozenset[int]:
    """The units whose people count under this one: as 部署, else as a part of one."""
    return tree.reported_under(unit_id) or tree.under([unit_id])


def asked_unit(tree: DepartmentTree, key: str | int) -> Department | None:
    """The unit of this key, or what stands for it that day; none that is still to come.

    `key`: as written in an address, which may be anything.
    """
    pk = int(key) if str(key).isascii() and str(key).isdecimal() else 0
    unit = tree.current(pk) if pk in tree.by_id else None
    if unit is None or (unit.opens_on is not None and unit.opens_on > tree.on):
        return None
    return unit


def department_progress(
    as_of: date, rule: Counting, scope: frozenset[int] | None, pk: int
) -> DepartmentProgress | None:
    """The department of this key on the day; `None` where there is none in scope."""
    tree = DepartmentTree.load(as_of)
    unit = asked_unit(tree, pk)
    if unit is None or (scope is not None and unit.pk not in scope):
        return None
    units = counted_under(tree, unit.pk)
    under = tree.under([unit.pk])
    if scope is not None:
        units, under = units & scope, under & scope
    everybody = breakdown(as_of, rule, units | under)
    parts = [part for part in everybody if part.department_id in units]
    terms = LeaderTerm.objects.filter(department__in=units).sitting(as_of)
    return DepartmentProgress(
        unit=unit,
        figures=progress(as_of, rule, units),
        history=tuple(share_history(as_of, units)),
        parts=_added_up(parts, tree, tree.current),
        below=_added_up(
            [part for part in everybody if part.department_id not in units],
            tree,
            tree.reporting_unit,
        ),
        bands=by_band(parts),
        leaders=tuple(
            terms.select_related("staff", "department", "cohort").order_by("starts_on", "pk")
        ),
        owing=owing_counts(as_of, rule, under),
    )


def _added_up(
    parts: Sequence[Part], tree: DepartmentTree, named: Callable[[int], Department]
) -> tuple[UnitCounts, ...]:
    """The parts by the unit they are named after, in the order of departments."""
    found: dict[int, Counts] = {}
    for part in parts:
        unit = named(part.department_id).pk
        found[unit] = found.get(unit, Counts()) + part.counts
    return tuple(
        UnitCounts(unit, found[unit.pk]) for unit in tree.with_closed() if unit.pk in found
    )
