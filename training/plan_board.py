"""The plan's rows over its years, and what was held, is planned and was completed in each.

An offering belongs to the year in which it begins, as in the year's list; a completion to the year
of its own day. Both belong to every row of their category whose years hold that year.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import ExtractYear

from agano_dx.lib.charts.gantt import State
from agano_dx.lib.fiscal import FiscalYear
from staff.models import Assignment
from training.models import Attendance, Category, Offering, Programme
from training.models.attendance import AttendanceQuerySet

PLAN_FIRST, PLAN_LAST = FiscalYear(2025), FiscalYear(2034)
FIRST_MONTH = 4  # of a fiscal year


@dataclass(frozen=True, slots=True)
class Tally:
    """Offerings held, offerings that are not over yet, and people who completed one.

    `completed`: each person once, those who left the city since included. `running`: of those
    planned, the ones that have begun.
    """

    held: int = 0
    planned: int = 0
    completed: int = 0
    running: int = 0

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.held or self.planned or self.completed)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row of the plan.

    `cells`: one for each of the plan's years, `None` where the row does not run. `total` counts
    a person once over all years. Rows that nobody fulfils by attending have neither.
    """

    programme: Programme
    state: State
    cells: tuple[Tally | None, ...]
    total: Tally | None


@dataclass(frozen=True, slots=True)
class Board:
    """The whole plan as of a day; `held`, `planned` and `running` count each offering once."""

    on: date
    years: tuple[FiscalYear, ...]
    rows: tuple[BoardRow, ...]
    held: int
    planned: int
    running: int


def took_place(on: date, path: str = "") -> Q:
    """Offerings that at the end of the day are over, or begun with their records closed.

    `path`: `offerings__` from a course.
    """
    over = Q(**{f"{path}ends_on__lt": on})
    closed = Q(**{f"{path}starts_on__lte": on, f"{path}closed_at__date__lte": on})
    return _standing(on, path) & (over | closed)


def to_come(on: date, path: str = "") -> Q:
    """Offerings that at the end of the day are neither held nor called off."""
    open_still = (
        Q(**{f"{path}closed_at__isnull": True})
        | Q(**{f"{path}closed_at__date__gt": on})
        | Q(**{f"{path}starts_on__gt": on})
    )
    return _standing(on, path) & open_still & Q(**{f"{path}ends_on__gte": on})


def _standing(on: date, path: str) -> Q:
    """Not called off by the end of the day: what is called off later changes no day gone by."""
    called_off = f"{path}cancelled_at"
    return Q(**{f"{called_off}__isnull": True}) | Q(**{f"{called_off}__date__gt": on})


def plan_board(on: date) -> Board:
    """The rows with what was held and is planned, in two queries; nobody is counted yet."""
    years = tuple(FiscalYear.range(PLAN_FIRST, PLAN_LAST))
    programmes = list(Programme.objects.all())
    offered = _offered(on)
    in_plan = {key for row in programmes for key in _keys(row)}
    tallies = [tally for key, tally in offered.items() if key in in_plan]
    return Board(
        on,
        years,
        tuple(_row(row, on, years, offered) for row in programmes),
        held=sum(tally.held for tally in tallies),
        planned=sum(tally.planned for tally in tallies),
        running=sum(tally.running for tally in tallies),
    )


def with_people(board: Board, units: frozenset[int] | None) -> Board:
    """The board with the people who completed something by its day, in two more queries.

    `units`: the departments whose people of that day are counted, `None` for everybody.
    """
    done = _completions(board.on, units)
    by_year = _people_by_year(done)
    by_row = _people_by_row(done, [row.programme for row in board.rows])
    return replace(
        board,
        rows=tuple(
            replace(
                row,
                cells=tuple(
                    cell and replace(cell, completed=by_year.get((row.programme.category, year), 0))
                    for cell, year in zip(row.cells, board.years, strict=True)
                ),
                total=row.total and replace(row.total, completed=by_row[row.programme.pk]),
            )
            for row in board.rows
        ),
    )


Key = tuple[str, FiscalYear]


def _keys(row: Programme) -> list[Key]:
    return [(row.category, year) for year in FiscalYear.range(row.first_year, row.last_year)]


def _row(
    row: Programme, on: date, years: Collection[FiscalYear], offered: Mapping[Key, Tally]
) -> BoardRow:
    if row.category == Category.LEADER_ACTIVITY:
        return BoardRow(row, _state(row, on), tuple(None for _ in years), None)
    tallies = {key: offered.get(key, Tally()) for key in _keys(row)}
    total = Tally(
        sum(tally.held for tally in tallies.values()),
        sum(tally.planned for tally in tallies.values()),
    )
    cells = tuple(tallies.get((row.category, year)) for year in years)
    return BoardRow(row, _state(row, on), cells, total)


def _state(row: Programme, on: date) -> State:
    if row.last_year.last_day < on:
        return "done"
    return "running" if row.first_year.first_day <= on else "plan"


def _offered(on: date) -> dict[Key, Tally]:
    """Offerings held and to come, by category and year."""
    rows = (
        Offering.objects.annotate(year=_fiscal_year("starts_on"))
        .values_list("course__category", "year")
        .annotate(held=Count("pk", filter=took_place(on)), planned=Count("pk", filter=to_come(on)))
        .annotate(running=Count("pk", filter=to_come(on) & Q(starts_on__lte=on)))
        .order_by()
    )
    return {
        (category, FiscalYear(year)): Tally(held, soon, running=begun)
        for category, year, held, soon, begun in rows
    }


def _completions(on: date, units: frozenset[int] | None) -> AttendanceQuerySet:
    done = Attendance.objects.completed(on)
    if units is None:
        return done
    return done.filter(staff__in=Assignment.objects.as_of(on).within(units).values("staff"))


def _people_by_year(done: AttendanceQuerySet) -> dict[Key, int]:
    rows = (
        done.annotate(year=_fiscal_year("completed_on"))
        .values_list("category", "year")
        .annotate(people=Count("staff", distinct=True))
        .order_by()
    )
    return {(category, FiscalYear(year)): people for category, year, people in rows}


def _people_by_row(done: AttendanceQuerySet, programmes: list[Programme]) -> dict[int, int]:
    """People with a completion in the years of each row, in one query."""
    counts: dict[str, Any] = {
        f"row_{row.pk}": Count(
            "staff",
            distinct=True,
            filter=Q(
                category=row.category,
                completed_on__range=(row.first_year.first_day, row.last_year.last_day),
            ),
        )
        for row in programmes
    }
    found = done.aggregate(**counts)
    return {row.pk: found[f"row_{row.pk}"] for row in programmes}


def _fiscal_year(field: str) -> Combinable:
    """The fiscal year of a day, as the western year in which it begins."""
    of_last_year = Case(
        When(**{f"{field}__month__lt": FIRST_MONTH}, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return ExtractYear(F(field)) - of_last_year
