"""A sheet as pages of A4: widths, heights, scale, breaks, header and footer."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from agano_dx.lib.fiscal import era_date
from reports.paper.shapes import Paper

NARROWEST, WIDEST = 9, 36  # half-width characters
_A4: Final = 9  # Excel's number for it
_PORTRAIT: Final = 105  # characters that can still be read across an upright page
_CHARACTER: Final = 0.2  # centimetres
_LINE: Final = 15.0  # points
_MARGIN: Final = 0.7  # inches
_SMALL_PRINT: Final = 8  # points


def half_widths(text: str) -> int:
    """How many half-width characters wide a text is."""
    return sum(1 + (unicodedata.east_asian_width(char) in "FWA") for char in text)


def set_width(sheet: Worksheet, column: int, width: int) -> None:
    """Make a column, counted from 1, as wide as so many characters, within reason."""
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = min(max(width, NARROWEST), WIDEST)


def set_widths(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    """Columns of a list as wide as their longest text, within reason."""
    for place, texts in enumerate(zip(*rows, strict=True), start=1):
        set_width(sheet, place, max(map(half_widths, texts)) + 3)


def set_height(sheet: Worksheet, row: int, texts: Sequence[str]) -> None:
    """A row as high as the lines into which its texts are broken; no program does it for us."""
    lines = max(
        (
            -(-half_widths(text) // max(1, int(_width(sheet, place)) - 2))
            for place, text in enumerate(texts, start=1)
        ),
        default=1,
    )
    sheet.row_dimensions[row].height = _LINE * max(1, lines) + 3


def fit_to_paper(sheet: Worksheet, paper: Paper, heading_row: int | None, columns: int) -> None:
    """A4, as wide as the page and as many pages as it takes, headings on every one."""
    setup: Any = sheet.page_setup
    setup.paperSize = _A4
    setup.orientation = "landscape" if _chars(sheet, columns) > _PORTRAIT else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    properties: Any = sheet.sheet_properties
    properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side in ("left", "right"):
        setattr(sheet.page_margins, side, _MARGIN)
    if heading_row is not None:
        sheet.print_title_rows = f"{heading_row}:{heading_row}"
    head_and_foot(sheet, paper)


def landscape(sheet: Worksheet) -> None:
    """The page on its side."""
    setup: Any = sheet.page_setup
    setup.orientation = "landscape"


def on_one_page(sheet: Worksheet) -> None:
    """Never cut a chart in two: with "fit to width" Excel leaves breaks of our own aside."""
    setup: Any = sheet.page_setup
    setup.fitToHeight = 1


def head_and_foot(sheet: Worksheet, paper: Paper, mark: str = "") -> None:
    """Title and day over the page, sheet and page number under it; `mark`: 取扱注意.

    A paper for publication says so at the foot of every page.
    """
    head: Any = sheet.oddHeader
    foot: Any = sheet.oddFooter
    head.left.text = paper.title
    head.right.text = f"基準日 {era_date(paper.as_of)}"
    foot.left.text, foot.right.text = "&A", "&P / &N"
    if paper.mark:
        foot.center.text, foot.center.size = paper.mark, _SMALL_PRINT
    if mark:
        head.center.text = foot.center.text = mark


def centimetres(sheet: Worksheet, columns: int) -> float:
    """About how wide the first columns are."""
    return _chars(sheet, columns) * _CHARACTER


def _chars(sheet: Worksheet, columns: int) -> float:
    return sum(_width(sheet, place) for place in range(1, columns + 1))


def _width(sheet: Worksheet, column: int) -> float:
    return sheet.column_dimensions[get_column_letter(column)].width
