"""A copy of an upload in which the cells with errors and doubts are coloured and commented.

It is built anew from what the reader saw: values, number formats and merged ranges, each where it
stood. So no macro, formula, link, picture, hidden row, hidden column or hidden sheet of a file from
outside can be in it, and what may be a My Number is not either.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.comments import Comment
from openpyxl.worksheet.cell_range import CellRange

from agano_dx.lib.issues import Findings, without_my_number
from agano_dx.lib.japanese import holds_my_number
from agano_dx.lib.workbooks.cells import Book, Cell, Row, Sheet
from agano_dx.lib.workbooks.findings import (
    FINDINGS_SHEET,
    MOST_POINTED_AT,
    Finding,
    Kind,
    Place,
    findings_of,
    write_findings,
)
from agano_dx.lib.workbooks.writing import (
    Content,
    TargetSheet,
    as_cell,
    content_cell,
    set_widths,
    sheet_title,
)

AUTHOR: Final = "取込"
_NOT_AVAILABLE: Final = "#N/A"
_MY_NUMBER_LENGTH: Final = 12
_MEASURED_ROWS: Final = 200
# Beyond these every cell of a range holds the value itself.
_MOST_MERGED: Final = 2_000
_MOST_CELLS_MERGED: Final = 100_000
_COMMENT_WIDTH: Final = 320
_COMMENT_LINE: Final = 20
_MOST_LINES: Final = 10
_CHARACTERS_A_LINE: Final = 20


@dataclass(slots=True)
class _Mark:
    """The colour of one cell and what its comment says; the first finding gives the colour."""

    kind: Kind
    lines: list[str] = field(default_factory=list)


# By row and column of one sheet.
_Marks: TypeAlias = Mapping[int, Mapping[int, _Mark]]


def marked_copy(book: Book, found: Findings) -> bytes:
    """The book as .xlsx with its findings marked, and a first sheet that lists them all.

    A cell from which nothing could be read (an error value, a formula without a saved result)
    stays an error value, so that the copy cannot be taken for mended before it is.
    """
    findings = findings_of(book, found)
    marks = _marks(findings)
    workbook = Workbook(write_only=True)  # a large upload is not in memory twice
    summary = workbook.create_sheet(FINDINGS_SHEET)
    titles: dict[str, str] = {}
    for sheet in book.sheets:
        if sheet.name == FINDINGS_SHEET and sheet.name not in marks:
            continue  # the list in a copy that was mended and uploaded
        target = workbook.create_sheet(sheet_title(sheet.name))
        titles[sheet.name] = target.title
        _write_sheet(target, sheet, marks.get(sheet.name, {}))
    write_findings(summary, findings, titles)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _marks(findings: Sequence[Finding]) -> dict[str, _Marks]:
    """The marks of each sheet; errors come first and so give the colour."""
    marks: dict[str, dict[int, dict[int, _Mark]]] = defaultdict(lambda: defaultdict(dict))
    for index, finding in enumerate(findings):
        if finding.place:
            row, column = finding.place
            mark = marks[finding.issue.sheet][row].setdefault(column, _Mark(finding.kind))
            if index < MOST_POINTED_AT:
                mark.lines.append(f"【{finding.kind.word}】{finding.issue.message}")
    return dict(marks)


def _write_sheet(target: TargetSheet, sheet: Sheet, marks: _Marks) -> None:
    """Every row at its place; where rows were hidden there are blank ones."""
    _set_widths(target, sheet)
    covered = _merge(target, sheet, marks)
    written = 0
    for row in sheet.rows:
        for _ in range(written + 1, row.number):
            target.append([])
        target.append(list(_cells(target, row, marks.get(row.number, {}), covered)))
        written = row.number
    target.close()


def _set_widths(target: TargetSheet, sheet: Sheet) -> None:
    """By the rows that are no titles: a title alone in its row may be as wide as it likes."""
    texts = []
    for row in sheet.rows[:_MEASURED_ROWS]:
        own = {cell.column: cell.text for cell in row.cells if not (cell.filled or cell.is_blank)}
        if len(own) > 1:
            texts.append([own.get(column) for column in range(1, max(own) + 1)])
    set_widths(target, texts)


def _merge(target: TargetSheet, sheet: Sheet, marks: _Marks) -> set[Place]:
    """Merge again what was merged; the places behind the first ones, which stay empty.

    A range in which a cell of its own is marked, that overlaps another, or whose first cell was
    hidden is left apart, and each of its cells holds the value.
    """
    rows = {row.number: row for row in sheet.rows}
    marked = {(row, column) for row, here in marks.items() for column in here}
    taken: set[Place] = set()
    covered: set[Place] = set()
    for top, left, bottom, right in sheet.merged[:_MOST_MERGED]:
        first = rows[top].cell(left) if top in rows else None
        if first is None or first.filled:
            continue
        bottom, right = min(bottom, sheet.rows[-1].number), min(right, _last_column(rows[top]))
        size = (bottom - top + 1) * (right - left + 1)
        if size == 1 or len(taken) + size > _MOST_CELLS_MERGED:
            continue
        whole = {(row, c) for row in range(top, bottom + 1) for c in range(left, right + 1)}
        behind = whole - {(top, left)}
        if whole & taken or behind & marked:
            continue
        taken |= whole
        covered |= behind
        target.merged_cells.ranges.add(
            CellRange(min_row=top, min_col=left, max_row=bottom, max_col=right)
        )
    return covered


def _last_column(row: Row) -> int:
    """The filled cells of a range tell how far it is used."""
    return row.cells[-1].column


def _cells(
    target: TargetSheet, row: Row, marks: Mapping[int, _Mark], covered: set[Place]
) -> Iterator[SheetCell | Content]:
    shown = {cell.column: cell for cell in row.cells if (cell.row, cell.column) not in covered}
    for column in range(1, max((*shown, *marks), default=0) + 1):
        content = _content(target, shown[column]) if column in shown else None
        yield _marked(target, content, marks[column]) if column in marks else content


def _content(target: TargetSheet, cell: Cell) -> SheetCell | Content:
    if cell.problem:
        error = cell.shown if cell.shown in ERROR_CODES else _NOT_AVAILABLE
        return WriteOnlyCell(target, error)
    if isinstance(cell.value, str):
        long = len(cell.value) >= _MY_NUMBER_LENGTH
        return content_cell(target, without_my_number(cell.value) if long else cell.value)
    if holds_my_number(cell.raw):
        return content_cell(target, without_my_number(cell.text))
    if isinstance(cell.value, int | float) and cell.number_format != "General":
        number = WriteOnlyCell(target, cell.value)
        number.number_format = cell.number_format
        return number
    return content_cell(target, cell.value)


def _marked(target: TargetSheet, content: SheetCell | Content, mark: _Mark) -> SheetCell:
    cell = as_cell(target, content)
    cell.fill = mark.kind.fill
    if mark.lines:
        cell.comment = _comment(mark.lines)
    return cell


def _comment(lines: Sequence[str]) -> Comment:
    shown = list(lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        shown.append(f"ほかの{len(lines) - _MOST_LINES:,}件は「{FINDINGS_SHEET}」を見てください。")
    height = sum(_COMMENT_LINE * (1 + len(line) // _CHARACTERS_A_LINE) for line in shown)
    return Comment("\n".join(shown), AUTHOR, height=height + _COMMENT_LINE, width=_COMMENT_WIDTH)
