"""推進室: who works in the digital office on a day, or did before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from staff.models import Assignment, AssignmentQuerySet, Department
from staff.organisation import DepartmentTree

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's time in the digital office up to a day: since when, and whether still there."""

    first_on: date
    is_there: bool


@dataclass(frozen=True, slots=True)
class _Era:
    """A time in which the organisation stood still: its days, and the rows of the office then."""

    first_day: date
    last_day: date
    rows: frozenset[int]


def stays(on: date) -> dict[int, Stay]:
    """Everybody assigned to the digital office on or before the day, in two queries.

    The office is what is flagged and open on a day, with all units under it that day: who served
    in a unit before it came under the office did not serve in the office.
    """
    return _stays(Assignment.objects.all(), on)


def stay_of(staff_id: int, on: date) -> Stay | None:
    """The same for one person."""
    return _stays(Assignment.objects.filter(staff=staff_id), on).get(staff_id)


def _stays(places: AssignmentQuerySet, on: date) -> dict[int, Stay]:
    eras = _eras(on)
    rows = frozenset[int]().union(*(era.rows for era in eras))
    if not rows:
        return {}
    known = places.filter(starts_on__lte=on)
    ever_there = known.filter(department__in=rows).order_by().values("staff")
    taken = (
        known.filter(staff__in=ever_there)
        .order_by("staff", "starts_on")
        .values_list("staff", "department", "starts_on")
    )
    found = {}
    for staff_id, of_one in groupby(taken, key=lambda row: row[0]):
        served = list(_served([(row[1], row[2]) for row in of_one], eras, on))
        if served:
            found[staff_id] = Stay(served[0][0], served[-1][1] == on)
    return found


def _served(
    places: list[tuple[int, date]], eras: list[_Era], on: date
) -> Iterator[tuple[date, date]]:
    """The first and last day of each piece of the places that lies in the office, in order."""
    ends = [following[1] - _ONE_DAY for _, following in pairwise(places)]
    for (department_id, starts_on), ends_on in zip(places, [*ends, on], strict=True):
        for era in eras:
            first, last = max(starts_on, era.first_day), min(ends_on, era.last_day)
            if department_id in era.rows and first <= last:
                yield first, last


def _eras(on: date) -> list[_Era]:
    """The times up to the day between one change of the organisation and the next, in order."""
    rows = {unit.pk: unit for unit in Department.objects.all()}
    if not any(unit.is_digital_office for unit in rows.values()):
        return []
    opened = {unit.opens_on for unit in rows.values() if unit.opens_on is not None}
    closed = {unit.closes_on + _ONE_DAY for unit in rows.values() if unit.closes_on is not None}
    turns = [date.min, *sorted(day for day in opened | closed if day <= on)]
    ends = [following - _ONE_DAY for following in turns[1:]]
    return [
        _Era(first, last, _office(DepartmentTree(rows, last)))
        for first, last in zip(turns, [*ends, on], strict=True)
    ]


def _office(tree: DepartmentTree) -> frozenset[int]:
    return tree.under(unit.pk for unit in tree.in_order if unit.is_digital_office)
