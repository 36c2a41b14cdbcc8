"""Finds the list inside a sheet: its headings, its records, and what is neither.

Real rosters have title rows above, headings in two merged rows, totals, notes and blank rows in
between, and the heading again on every printed page (cells.md, "Layout traps").
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from openpyxl.utils import get_column_letter

from agano_dx.lib.japanese import find_date, is_ditto, is_note, is_total
from agano_dx.lib.workbooks.cells import Cell, Row, Sheet
from agano_dx.lib.workbooks.dictionary import (
    HeadingDictionary,
    HeadingError,
    Required,
    no_heading,
)
from agano_dx.lib.workbooks.heading_rows import (
    Heading,
    HeadingLabel,
    find_heading,
    layouts,
    problem_with,
)
from agano_dx.lib.workbooks.layouts import Columns

__all__ = [
    "Columns",
    "HeadingDictionary",
    "HeadingError",
    "HeadingLabel",
    "Record",
    "Skipped",
    "Table",
    "find_table",
    "layouts",
    "likeliest_table",
]

_NOTHING_ABOVE: Final = (
    "上の行の値を指す記号「{mark}」がありますが、上のセルに値がありません。"
    "値を入力してから取り込んでください。"
)
_Kind: TypeAlias = Literal["record", "total", "note", "blank", "repeat"]
_Print: TypeAlias = tuple[tuple[int, str], ...]

# A total says so at its beginning; further right a cell may hold any remark.
_FIRST_CELLS: Final = 5
_LONGEST_DITTO: Final = 8
_NOTHING_CHOSEN: Final[Columns] = MappingProxyType({})
_AS_OF: Final = "現在"
_PRINTED_ON: Final = ("作成", "印刷", "出力", "更新")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the list, with its cells by field; dittos already stand for what they repeat."""

    row: Row
    cells: Mapping[str, Cell]

    def cell(self, field: str) -> Cell | None:
        return self.cells.get(field)

    @property
    def number(self) -> int:
        return self.row.number


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many rows below the heading are no records, and why."""

    totals: int = 0
    notes: int = 0
    blanks: int = 0
    hidden: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The list of a sheet. `problem`: why it cannot be read as such."""

    sheet: str
    layout: str
    labels: tuple[HeadingLabel, ...]
    problem: HeadingError | None
    heading_rows: tuple[int, ...]
    columns: Mapping[str, int]
    unknown: Mapping[str, int]
    title: tuple[str, ...]
    title_date: date | None
    records: tuple[Record, ...]
    skipped: Skipped

    def letter(self, field: str) -> str:
        """The column's letter, for messages about a cell that is not there."""
        return get_column_letter(self.columns[field])


def find_table(
    sheet: Sheet,
    dictionary: HeadingDictionary,
    required: Required,
    key_fields: Collection[str] = (),
    columns: Columns = _NOTHING_CHOSEN,
) -> Table:
    """The list of the sheet; HeadingError when no row carries the required headings.

    `key_fields` tell a record from a total or a note: a row that has none of them and says 計 or ※
    is skipped and counted. A row that has none of them and says neither is still a record.
    `columns`: what somebody said headings mean, by layout; it goes before the dictionary.
    """
    table = likeliest_table(sheet, dictionary, required, key_fields, columns)
    if table is None:
        raise no_heading(sheet.name, dictionary, (), required)
    if table.problem is not None:
        raise table.problem
    return table


def likeliest_table(
    sheet: Sheet,
    dictionary: HeadingDictionary,
    required: Required,
    key_fields: Collection[str] = (),
    columns: Columns = _NOTHING_CHOSEN,
) -> Table | None:
    """The list of the sheet, or what looks most like one, to ask about; `None` if it is empty."""
    heading = find_heading(sheet, dictionary, required, columns)
    if heading is None:
        return None
    problem = problem_with(sheet, heading, dictionary, required)
    return _table(sheet, heading, problem, key_fields)


def _table(
    sheet: Sheet, heading: Heading, problem: HeadingError | None, key_fields: Collection[str]
) -> Table:
    above = sheet.rows[: heading.first]
    named = sheet.rows[heading.first : heading.end]
    keys = [heading.columns[field] for field in key_fields if field in heading.columns]
    repeatable = {_print(row) for row in (*above, *named) if not row.is_blank}
    below = sheet.rows[heading.end :]
    kinds = [_kind(row, keys, repeatable) for row in below]
    rows = [row for row, kind in zip(below, kinds, strict=True) if kind == "record"]
    return Table(
        sheet=sheet.name,
        layout=heading.layout,
        labels=heading.labels,
        problem=problem,
        heading_rows=tuple(row.number for row in named),
        columns=heading.columns,
        unknown=heading.unknown,
        title=tuple(text for row in above for text in _own_texts(row)),
        title_date=_title_date(above),
        records=tuple(_records(rows, heading.columns)),
        skipped=_skipped(Counter(kinds), sheet.hidden_rows),
    )


def _kind(row: Row, keys: list[int], repeatable: set[_Print]) -> _Kind:
    if row.is_blank:
        return "blank"
    if _is_repeat(row, repeatable):
        return "repeat"
    held = [cell for column in keys if (cell := row.cell(column)) and not cell.is_blank]
    if all(is_total(cell.text) or is_note(cell.text) for cell in held):
        own = [cell.text for cell in row.cells if not (cell.filled or cell.is_blank)]
        if any(is_total(text) for text in own[:_FIRST_CELLS]):
            return "total"
        if is_note(own[0]):
            return "note"
    return "record"


def _skipped(count: Counter[_Kind], hidden: int) -> Skipped:
    return Skipped(count["total"], count["note"], count["blank"], hidden, count["repeat"])


def _print(row: Row) -> _Print:
    """The row's texts and where they stand, by which a repetition is known."""
    return tuple((cell.column, cell.text.strip()) for cell in row.cells if not cell.is_blank)


def _is_repeat(row: Row, repeatable: set[_Print]) -> bool:
    """Whether the heading or a title stands here again, as at the top of a printed page."""
    first = row.cells[0]
    if not any(known[0] == (first.column, first.text.strip()) for known in repeatable):
        return False  # the usual case, without looking at the whole row
    return _print(row) in repeatable


def _records(rows: Iterable[Row], columns: Mapping[str, int]) -> Iterator[Record]:
    fields = {column: field for field, column in columns.items()}
    above: dict[str, Cell] = {}
    for row in rows:
        cells = {}
        for cell in row.cells:
            field = fields.get(cell.column)
            if field:
                cells[field] = _resolved(cell, above.get(field))
        above = cells
        yield Record(row, cells)


def _resolved(cell: Cell, above: Cell | None) -> Cell:
    """The cell itself, or what the cell above says where this one says 〃."""
    value = cell.value
    if not isinstance(value, str) or len(value) > _LONGEST_DITTO or not is_ditto(value):
        return cell
    if above is None or above.is_blank:
        return replace(
            cell, value=None, problem=_NOTHING_ABOVE.format(mark=value.strip()), shown=value
        )
    return replace(above, row=cell.row, filled=cell.filled)


def _own_texts(row: Row) -> list[str]:
    return [cell.text.strip() for cell in row.cells if not (cell.filled or cell.is_blank)]


def _title_date(rows: Iterable[Row]) -> date | None:
    """The day on which the list stands, if the rows above it name exactly one.

    令和8年4月1日現在 goes before any other day; the day of printing is not the list's.
    """
    lines = [" ".join(_own_texts(row)) for row in rows]
    as_of = [line for line in lines if _AS_OF in line]
    others = [line for line in lines if not any(word in line for word in _PRINTED_ON)]
    days = {day for line in as_of or others if (day := find_date(line))}
    return days.pop() if len(days) == 1 else None
