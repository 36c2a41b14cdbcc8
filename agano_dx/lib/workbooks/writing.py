"""Lists for Excel and CSV in which nothing that people typed can become a formula."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain, islice, zip_longest
from typing import Any, Final, TypeAlias, cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from agano_dx.lib.workbooks.guard import OPENS_FORMULA, guarded

Content: TypeAlias = str | int | float | bool | Decimal | date | datetime | time | None
# A sheet being written; openpyxl's stubs do not know all that a write-only one can do.
TargetSheet: TypeAlias = Any

NOTES_SHEET: Final = "注記"
DATE_FORMAT: Final = "yyyy/mm/dd"
MOMENT_FORMAT: Final = "yyyy/mm/dd hh:mm"

# Besides formulas openpyxl looks for error values: #N/A.
_MISTAKEN: Final = (*OPENS_FORMULA, "#")
_FORBIDDEN_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_NAME: Final = 31
_NARROWEST: Final = 8
_WIDEST: Final = 48
_MEASURED_ROWS: Final = 500


def text_cell(cell: Cell, value: str) -> None:
    """Write text as text, whatever it looks like: =…, #N/A and 1-2 stay what was typed."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    if value.startswith(OPENS_FORMULA):
        cell.quotePrefix = True  # so that Excel keeps it a text when somebody edits the cell


def write_list(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Content]],
    notes: Sequence[str] = (),
    above: Sequence[str] = (),
) -> bytes:
    """A workbook with the list on one sheet, headings in its first row, notes on a second sheet.

    One value per cell and no merging: the ministry's rules for tables that machines can read
    (総務省, 統計表における機械判読可能なデータ作成に関する表記方法, 2020). They want nothing above
    the headings either; `above` is for the one line without which a list cannot be read again: the
    day on which it stands.
    """
    workbook = Workbook(write_only=True)  # a long list is never in memory as a whole
    sheet = workbook.create_sheet(sheet_title(title))
    sheet.freeze_panes = f"A{len(above) + 2}"
    _set_up_paper(sheet, len(above) + 1)
    waiting = iter(rows)
    measured = list(islice(waiting, _MEASURED_ROWS))
    set_widths(sheet, [headings, *measured])
    for line in above:
        sheet.append([line_cell(sheet, line)])
    sheet.append([heading_cell(sheet, heading) for heading in headings])
    for row in chain(measured, waiting):
        sheet.append([content_cell(sheet, content) for content in row])
    if notes:
        _write_notes(workbook, (title, *notes))
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Content]]) -> bytes:
    """CSV with a byte-order mark, so that Excel reads it as UTF-8.

    A text that Excel would run as a formula gets a leading apostrophe, which reading takes away.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (headings, *rows):
        writer.writerow([_guarded(content) for content in row])
    return out.getvalue().encode("utf-8-sig")


def _set_up_paper(sheet: TargetSheet, head: int) -> None:
    """A4 landscape, all columns on one page, every page with its number, headings and lines above.

    So each page says by itself what it is, of which day, and that it is to be handled with care.
    """
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    sheet.print_title_rows = f"1:{head}"
    sheet.print_options.gridLines = True  # borders would cost a style for every cell
    sheet.oddFooter.center.text = "&P / &N"


def _write_notes(workbook: Workbook, lines: Sequence[str]) -> None:
    sheet = workbook.create_sheet(NOTES_SHEET)
    sheet.column_dimensions["A"].width = _WIDEST
    sheet.append([heading_cell(sheet, lines[0])])
    for line in lines[1:]:
        sheet.append([content_cell(sheet, line)])


def set_widths(sheet: TargetSheet, rows: Iterable[Sequence[Content]]) -> None:
    """Make every column as wide as the longest text of these rows, within reason."""
    for column, texts in enumerate(zip_longest(*rows), start=1):
        width = max(_width(_csv_text(text)) for text in texts) + 2
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(max(width, _NARROWEST), _WIDEST)


def heading_cell(sheet: TargetSheet, text: str) -> Cell:
    """A heading: bold, and broken into lines where its column is narrow."""
    cell = WriteOnlyCell(sheet)
    text_cell(cell, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def line_cell(sheet: TargetSheet, text: str) -> Cell:
    """A bold line that runs on over the empty cells to its right."""
    cell = WriteOnlyCell(sheet)
    text_cell(cell, text)
    cell.font = Font(bold=True)
    return cell


def content_cell(sheet: TargetSheet, content: Content) -> Cell | Content:
    """What to append: as it is what openpyxl cannot mistake, anything else as a cell."""
    if content is None or isinstance(content, int | float | Decimal):
        return content
    if isinstance(content, str) and not content.startswith(_MISTAKEN):
        return ILLEGAL_CHARACTERS_RE.sub("", content)
    cell = WriteOnlyCell(sheet)
    if isinstance(content, str):
        text_cell(cell, content)
        return cell
    cell.value = content
    if isinstance(content, datetime):
        cell.number_format = MOMENT_FORMAT
    elif isinstance(content, date):
        cell.number_format = DATE_FORMAT
    return cell


def as_cell(sheet: TargetSheet, content: Cell | Content) -> Cell:
    """What `content_cell` gave, as a cell that can be coloured."""
    return content if isinstance(content, Cell) else WriteOnlyCell(sheet, cast(Any, content))


def sheet_title(title: str) -> str:
    """The nearest name that Excel allows a sheet to have."""
    tidy = ILLEGAL_CHARACTERS_RE.sub("", title).translate(_FORBIDDEN_IN_NAMES).strip(" '")
    return tidy[:_LONGEST_NAME] or "一覧"


def _width(text: str) -> int:
    """The width in half-width characters of the longest line."""
    return max(
        (
            sum(1 + (unicodedata.east_asian_width(char) in "FWA") for char in line)
            for line in text.splitlines()
        ),
        default=0,
    )


def _csv_text(content: Content) -> str:
    if content is None:
        return ""
    if isinstance(content, datetime):
        return content.isoformat(" ", "minutes")
    return content.isoformat() if isinstance(content, date) else str(content)


def _guarded(content: Content) -> str:
    text = _csv_text(content)
    return guarded(text) if isinstance(content, str) else text
