"""A paper as words for its printed pages: what stands in each cell, on which kind of page."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.fiscal import era_date_short
from reports.figures import percent
from reports.paper.shapes import Cell, Column, Hidden, Kind, Line, Paper, Table, unit_of

# Across a sheet of A4 upright a table of more columns cannot be read.
_UPRIGHT_COLUMNS: Final = 11
_SHORT: Final = 14  # characters that are not broken in two


@dataclass(frozen=True, slots=True)
class Word:
    """What stands in a cell. `align`: `text`, or on one line `short` and `number`."""

    text: str
    align: str


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table in words, with the number it has in the contents.

    `page`: upright or landscape. `chart_page`: likewise, where there is a chart; one that lies on
    its side has a page to itself and its section's heading over it.
    """

    number: int
    key: str
    title: str
    finding: str
    headings: tuple[Word, ...]
    rows: tuple[tuple[Word, ...], ...]
    total: tuple[Word, ...]
    notes: tuple[str, ...]
    chart: ChartFigure | None
    page: str
    chart_page: str
    density: str


def printed(paper: Paper) -> tuple[PrintedTable, ...]:
    """The tables in the order of their pages."""
    return tuple(_printed(number, table) for number, table in enumerate(paper.tables, start=1))


def _printed(number: int, table: Table) -> PrintedTable:
    is_wide = len(table.columns) > _UPRIGHT_COLUMNS
    is_gantt = table.chart is not None and table.chart.chart.template == "charts/gantt.html"
    return PrintedTable(
        number=number,
        key=table.key,
        title=table.title,
        finding=table.finding,
        headings=tuple(Word(one.heading, _align(one, one.heading)) for one in table.columns),
        rows=tuple(_words(table, line) for line in table.lines),
        total=_words(table, table.total) if table.total else (),
        notes=table.notes,
        chart=table.chart,
        page="landscape" if is_wide else "upright",
        chart_page="" if table.chart is None else "landscape" if is_gantt else "upright",
        density="prose" if all(one.kind is Kind.TEXT for one in table.columns) else "dense",
    )


def _words(table: Table, line: Line) -> tuple[Word, ...]:
    return tuple(
        Word(words := _text(cell, column, line), _align(column, words))
        for column, cell in zip(table.columns, line.cells, strict=True)
    )


def _align(column: Column, words: str) -> str:
    if column.kind not in (Kind.TEXT, Kind.DAY):
        return "number"
    return "short" if len(words) <= _SHORT else "text"


def _text(cell: Cell, column: Column, line: Line) -> str:
    """Nothing where there is nothing to tell, as in the workbook."""
    if isinstance(cell, Hidden):
        return cell.value
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return era_date_short(cell)
    if column.kind is Kind.SHARE:
        return f"{percent(Fraction(cell))}％"
    return f"{cell:,}{unit_of(column, line)}"
