"""The whole report of one day: one object from which screen, workbook and print are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from agano_dx.lib.fiscal import FiscalYear
from reports.history import LeaderYear, SharePoint, leader_history, share_history, share_promises
from reports.models import Target
from reports.progress import Counts, Progress, progress
from reports.snapshots import frozen_counts
from training.models import Counting, Programme
from training.outstanding import Scope, listed_programmes, roll
from training.plan_board import Board, plan_board, with_people


@dataclass(frozen=True, slots=True)
class RowCounts:
    """A row of the plan that runs on the day: how many it asks, and where they stand.

    completed + excused + owing = asked; `on_leave` stand apart and are not of the population.
    """

    programme: Programme
    asked: int
    completed: int
    excused: int
    owing: int
    on_leave: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every figure of the day for one scope, with the rule they were counted by.

    `share` and `leaders` run over the ends of the plan's years up to the day. The plan's bands
    are the whole city's: with a scope, `leaders` hold counts of that scope beside them. `frozen`:
    the 確定値 of the years over by the day, which are the whole city's, too.
    """

    figures: Progress
    rule: Counting
    scope: frozenset[int] | None
    promises: tuple[Target, ...]
    share: tuple[SharePoint, ...]
    leaders: tuple[LeaderYear, ...]
    plan: Board
    rows: tuple[RowCounts, ...]
    frozen: Mapping[FiscalYear, Counts] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        """The day."""
        return self.figures.as_of

    @property
    def is_whole_city(self) -> bool:
        """Whether nothing is left out."""
        return self.scope is None


def report(as_of: date, rule: Counting, scope: frozenset[int] | None) -> Report:
    """The report of the day for the departments in scope (`None`: the whole city).

    In a number of queries that grows with the plan's rows alone.
    """
    return Report(
        figures=progress(as_of, rule, scope),
        rule=rule,
        scope=scope,
        promises=tuple(share_promises()),
        share=tuple(share_history(as_of, scope)),
        leaders=tuple(leader_history(as_of, scope)),
        plan=with_people(plan_board(as_of), scope),
        rows=_rows(as_of, rule, scope),
        frozen=_frozen(as_of) if scope is None else {},
    )


def _frozen(as_of: date) -> dict[FiscalYear, Counts]:
    return {year: kept for year, kept in frozen_counts().items() if year.last_day <= as_of}


def _rows(as_of: date, rule: Counting, scope: frozenset[int] | None) -> tuple[RowCounts, ...]:
    year = FiscalYear.containing(as_of)
    running = listed_programmes().filter(first_year__lte=year, last_year__gte=year)
    found = []
    for programme in running.order_by("order", "code"):
        whole = roll(programme, as_of, rule, Scope(scope))
        found.append(
            RowCounts(
                programme,
                whole.asked,
                whole.completed,
                len(whole.excused),
                len(whole.owing),
                len(whole.on_leave),
            )
        )
    return tuple(found)
