"""A report for publication: no group of 1 to 4 people, and nothing it could be reckoned from.

Of such a group nothing is told either, not even that nobody of it did something: where a department
is its chief alone, a 0 beside would be the chief's own record.

`reports.paper.suppression` says which counts are kept back. Here their places are covered, and
everything else that would tell of them: shares, judgements, sentences, charts.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from agano_dx.lib.charts.gantt import Gantt
from reports.paper.groups import groups, rows
from reports.paper.shapes import HIDDEN, Cell, Column, Line, Paper, Table
from reports.paper.suppression import kept_back
from reports.paper.ties import (
    CAPABLE,
    LEADER,
    POPULATION,
    SITTING,
    SPECIALISTS,
    SUMMARY,
    TOTAL,
    WITH_LEADER,
    WITHOUT_LEADER,
    Place,
)
from reports.paper.wording import FROZEN

MARK: Final = "公表用：5人未満の数は＊で示し、そこから計算できる数も＊にしています。"
NOBODY: Final = "0は、だれもいないことを表します。全体が5人未満の行では、0も＊にしています。"
KEPT_BACK: Final = "5人未満の数と、そこから計算できる数を＊にしています。"
# … いない部署 by name, and what a word in the column kept back says.
_LEADER_NOTES = ("推進リーダーの", "「対象外」")


def for_publication(paper: Paper) -> Paper:
    """The same paper with `HIDDEN` in place of every number that would tell of a few people."""
    told = groups(paper)
    names = kept_back(told.counts())
    hidden = {place for place, name in told.of.items() if name in names}
    of_leaders = _departments_that_tell(paper, hidden)
    away = {*hidden, *of_leaders}
    published = paper.with_tables(lambda table: _covered(table, away))
    if of_leaders:
        published = published.with_tables(_without_leader_notes)
    silent = _silent_tables(published)
    published = published.with_tables(lambda table: _in_words(table, silent))
    return replace(published, cover=(*published.cover, ("公表用", MARK + NOBODY)), mark=MARK)


# --- cells --------------------------------------------------------------------------------------


def _departments_that_tell(paper: Paper, hidden: Collection[Place]) -> set[Place]:
    """Where it stands which departments have a leader, when the leaders themselves are kept back.

    That a department has one is a matter of the department, public as its offices are, and no
    record of anybody: it stays. But each of these departments has one at least, so of four leaders
    in four departments it would tell that they are four.
    """
    rows_of = {str(line.cells[0]): number for number, line in _summary(paper)}
    if not any(place[:2] == (SUMMARY, rows_of.get(SITTING)) for place in hidden):
        return set()
    found = {
        (SUMMARY, number, position)
        for number, line in _summary(paper)
        if line.cells[0] in (WITH_LEADER, WITHOUT_LEADER)
        for position, cell in enumerate(line.cells)
        if isinstance(cell, int) or (cell and position == len(line.cells) - 1)
    }
    return found | {
        (table.key, number, position)
        for table in paper.tables
        if table.key == "departments"
        for position, column in enumerate(table.columns)
        if column.heading == LEADER
        for number in range(len(table.lines))
    }


def _summary(paper: Paper) -> list[tuple[int, Line]]:
    return [pair for table in paper.tables if table.key == SUMMARY for pair in rows(table)]


def _covered(table: Table, away: Collection[Place]) -> Table:
    """The table with its hidden places, and with all that is reckoned from them."""
    lines = tuple(_line(table, number, line, away) for number, line in enumerate(table.lines))
    changed = replace(table, lines=lines)
    if table.total is None:
        return changed
    total = _line(table, TOTAL, table.total, away)
    cells = zip(table.columns, total.cells, strict=True)
    return replace(
        changed,
        total=replace(total, cells=tuple(_of_all(changed, *pair) for pair in cells)),
    )


def _line(table: Table, number: int, line: Line, away: Collection[Place]) -> Line:
    hidden = {
        position for position in range(len(line.cells)) if (table.key, number, position) in away
    }

    def shown(position: int, column: Column, cell: Cell) -> Cell:
        reckoned_from = {*column.told_by, *(column.share_of or ())}
        if position in hidden:
            return HIDDEN
        return HIDDEN if reckoned_from & hidden and cell not in (None, "") else cell

    cells = enumerate(zip(table.columns, line.cells, strict=True))
    return replace(line, cells=tuple(shown(position, *pair) for position, pair in cells))


def _of_all(table: Table, column: Column, cell: Cell) -> Cell:
    """A sum of what is reckoned line by line would tell of the lines that are kept back."""
    if any(line.cells[position] is HIDDEN for position in column.told_by for line in table.lines):
        return HIDDEN
    return cell


# --- words and charts ---------------------------------------------------------------------------


def _silent_tables(paper: Paper) -> set[str]:
    """Tables whose finding would tell what is kept back."""
    silent = {table.key for table in paper.tables if _keeps_back(table)} - {SUMMARY}
    share = [line for _, line in _summary(paper) if line.cells[0] in (POPULATION, CAPABLE)]
    if any(HIDDEN in line.cells for line in share):  # their findings tell of the share
        silent |= {SUMMARY, "targets", "share"}
    return silent


def _keeps_back(table: Table) -> bool:
    return any(HIDDEN in line.cells for _, line in rows(table))


def _in_words(table: Table, silent: Collection[str]) -> Table:
    """The table without sentences and charts that tell more than its cells."""
    changed = table
    if table.key == SUMMARY and "share" in silent:  # the 確定値 in words would tell it again
        notes = tuple(note for note in table.notes if FROZEN not in note)
        changed = replace(table, notes=notes)
    if table.key in silent:
        # The plan's bars show offerings, nobody of the people.
        chart = table.chart if table.chart and isinstance(table.chart.chart, Gantt) else None
        changed = replace(changed, finding=KEPT_BACK, chart=chart)
    if table.key == SUMMARY and "specialists" in silent:
        changed = replace(changed, lines=tuple(_without_verdict(line) for line in table.lines))
    if table.key == "targets" and table.key in silent:
        changed = replace(changed, lines=tuple(_without_people(line) for line in table.lines))
    return changed


def _without_leader_notes(table: Table) -> Table:
    """The table without the names of departments that have no leader, and what 対象外 says."""
    notes = tuple(note for note in table.notes if not note.startswith(_LEADER_NOTES))
    return replace(table, notes=notes)


def _without_verdict(line: Line) -> Line:
    """Whether every band is reached tells of every band."""
    if line.cells[0] != SPECIALISTS or not line.cells[-1]:
        return line
    return replace(line, cells=(*line.cells[:-1], HIDDEN))


def _without_people(line: Line) -> Line:
    """A target without what it asks of people who are kept back, and how it is judged."""
    return replace(line, cells=(*line.cells[:4], *(HIDDEN for _ in line.cells[4:])))
