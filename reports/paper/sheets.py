"""The sheets of the workbook: a table each, fit for an A4 page of a council paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import text_cell
from reports.paper.pages import fit_to_paper, half_widths, set_height, set_width
from reports.paper.shapes import Cell, Column, Hidden, Kind, Line, Paper, Table, unit_of

FONT: Final = "Yu Gothic UI"
FORMATS: Final = {
    Kind.DAY: "[$-411]ge.m.d",
    Kind.SHARE: "0.0%",
}
_SENTENCES_WIDE: Final = 64  # the second of two columns of text alone
_HAIR: Final = Side(style="thin", color="949494")
BOX: Final = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_HEAD: Final = PatternFill("solid", fgColor="E6E6E6")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands on its sheet."""

    sheet: Worksheet
    table: Table
    paper: Paper
    about: str
    heading_row: int
    below: int  # the first free row under the table and its notes

    @property
    def first(self) -> int:
        """The row of the first line."""
        return self.heading_row + 1

    @property
    def last(self) -> int:
        """The row of the last line, without the total."""
        return self.heading_row + len(self.table.lines)

    def column(self, heading: str) -> int | None:
        """The number of the column with this heading, counted from 1."""
        for place, column in enumerate(self.table.columns, start=1):
            if column.heading == heading:
                return place
        return None

    @property
    def results(self) -> dict[str, int | Fraction]:
        """What the formulas of the table come to, by cell."""
        lines = [*self.table.lines, *([self.table.total] if self.table.total else [])]
        return {
            cell.coordinate: content
            for row, line in enumerate(lines, start=self.first)
            for place, content in enumerate(line.cells, start=1)
            if (cell := self.sheet.cell(row, place)).data_type == "f"
            and isinstance(content, int | Fraction)
        }


def write_table(sheet: Worksheet, table: Table, paper: Paper, about: str) -> Placed:
    """The table under its title and finding; notes stand under it. `about`: whom it counts."""
    row = write_above(
        sheet, [table.title, f"基準日：{era_date(paper.as_of)}　対象：{about}", table.finding]
    )
    write_headings(sheet, row, [column.heading for column in table.columns])
    for place, line in enumerate(table.lines, start=row + 1):
        _write_line(sheet, place, line, table)
    after = row + len(table.lines) + 1
    if table.total is not None:
        _write_total(sheet, after, row, table)
        after += 1
    for note in table.notes:
        for sentence in sentences(f"※{note}"):
            put(sheet, after, 1, sentence).font = Font(name=FONT, size=9, color="4D4D4D")
            after += 1
    _set_sizes(sheet, table, row)
    fit_to_paper(sheet, paper, row, len(table.columns))
    return Placed(sheet, table, paper, about, row, after)


def write_above(sheet: Worksheet, lines: Sequence[str]) -> int:
    """What stands over a table: the title, then a sentence a row; the row of the headings."""
    put(sheet, 1, 1, lines[0]).font = Font(name=FONT, size=14, bold=True)
    row = 2
    for line in lines[1:]:
        for sentence in sentences(line):
            put(sheet, row, 1, sentence)
            row += 1
    return row


def write_headings(sheet: Worksheet, row: int, headings: Sequence[str]) -> None:
    """The headings; the page stands still under them on the screen."""
    for place, heading in enumerate(headings, start=1):
        cell = put(sheet, row, place, heading)
        cell.font = Font(name=FONT, size=10, bold=True)
        cell.fill, cell.border = _HEAD, BOX
        cell.alignment = Alignment(vertical="center", horizontal="center", wrap_text=True)
    sheet.freeze_panes = f"B{row + 1}"


def sentences(text: str) -> list[str]:
    """A text sentence by sentence, so that none runs off the page."""
    return [f"{part}。" for part in text.split("。") if part] if text.endswith("。") else [text]


def put(sheet: Worksheet, row: int, column: int, content: Cell) -> Any:  # noqa: ANN401 - openpyxl's cell
    """Write into a cell; a text stays a text whatever it looks like."""
    cell: Any = sheet.cell(row, column)
    cell.font = Font(name=FONT, size=10)
    if isinstance(content, Hidden):
        text_cell(cell, content.value)
        cell.alignment = Alignment(horizontal="right")
    elif isinstance(content, str):
        text_cell(cell, content)
    elif isinstance(content, Fraction):
        cell.value = Decimal(content.numerator) / content.denominator
    else:
        cell.value = content
    return cell


# --- lines and sums -----------------------------------------------------------------------------


def _write_line(sheet: Worksheet, row: int, line: Line, table: Table) -> None:
    for place, (column, content) in enumerate(zip(table.columns, line.cells, strict=True), start=1):
        cell = put(sheet, row, place, content)
        if column.share_of and isinstance(content, Fraction):
            cell.value = _quotient(column.share_of, row)
        _dress(cell, column, line)


def _write_total(sheet: Worksheet, row: int, heading_row: int, table: Table) -> None:
    if table.total is None:
        return
    for place, (column, content) in enumerate(
        zip(table.columns, table.total.cells, strict=True), start=1
    ):
        cell = put(sheet, row, place, content)
        if column.share_of and isinstance(content, Fraction):
            cell.value = _quotient(column.share_of, row)
        elif isinstance(content, int) and _adds_up(table, place - 1, content):
            letter = get_column_letter(place)
            cell.value = f"=SUM({letter}{heading_row + 1}:{letter}{row - 1})"
        _dress(cell, column, table.total)
        cell.font = Font(name=FONT, size=10, bold=True)
        cell.border = Border(
            left=_HAIR, right=_HAIR, top=Side(style="medium", color="666666"), bottom=_HAIR
        )


def _adds_up(table: Table, place: int, total: int) -> bool:
    """Whether the cells above give the total: not where some of them are kept back."""
    found = [line.cells[place] for line in table.lines]
    return bool(found) and sum(cell for cell in found if isinstance(cell, int)) == total


def _quotient(share_of: tuple[int, int], row: int) -> str:
    part, whole = (f"{get_column_letter(place + 1)}{row}" for place in share_of)
    return f'=IF({whole}=0,"",{part}/{whole})'


def counted_in(unit: str) -> str:
    """Excel's format of a number with its unit."""
    return f'#,##0"{unit}"' if unit else "#,##0"


def _dress(cell: Any, column: Column, line: Line) -> None:  # noqa: ANN401 - openpyxl's cell
    cell.border = BOX
    if column.kind is Kind.TEXT:
        cell.alignment = Alignment(vertical="center", horizontal="left", wrap_text=True, indent=1)
        return
    cell.number_format = FORMATS.get(column.kind) or counted_in(unit_of(column, line))
    cell.alignment = Alignment(vertical="center", horizontal="right")


# --- widths and heights -------------------------------------------------------------------------


def _set_sizes(sheet: Worksheet, table: Table, heading_row: int) -> None:
    is_prose = len(table.columns) == 2 and all(c.kind is Kind.TEXT for c in table.columns)
    for place, column in enumerate(table.columns):
        texts = [text for line in table.lines if isinstance(text := line.cells[place], str)]
        # Headings are broken in two where the column is narrow.
        half_a_heading = half_widths(column.heading) // 2 + 4
        set_width(sheet, place + 1, max([half_a_heading, *map(half_widths, texts)]) + 3)
        if is_prose and place == 1:
            sheet.column_dimensions[get_column_letter(place + 1)].width = _SENTENCES_WIDE
    set_height(sheet, heading_row, [column.heading for column in table.columns])
    for row, line in enumerate(table.lines, start=heading_row + 1):
        set_height(sheet, row, [text if isinstance(text, str) else "" for text in line.cells])
