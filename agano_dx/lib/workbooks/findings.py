"""What was found in an upload, each finding at the cell it is about, and the sheet that lists them.

`marked` colours the cells themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from agano_dx.lib.issues import Findings, Issue
from agano_dx.lib.workbooks.cells import Book, Row
from agano_dx.lib.workbooks.limits import MAX_COLUMN
from agano_dx.lib.workbooks.writing import (
    TargetSheet,
    as_cell,
    content_cell,
    heading_cell,
    line_cell,
)

FINDINGS_SHEET: Final = "取込結果"
# Excel opens slowly with more comments, and refuses a sheet with 65,530 links.
MOST_POINTED_AT: Final = 5_000

_HEADINGS: Final = ("種類", "シート", "行", "列", "セルの文字", "内容", "移動")
_WIDTHS: Final = (8, 16, 8, 6, 24, 80, 12)
_EXPLAINED: Final = (
    "「誤り」のセルは赤、「確認」のセルは黄にしました。セルのコメントでも内容を読めます。",
    "誤りを直して保存すると、このファイルをそのまま読み込めます。",
    "この写しは、読み取った値だけで作ってあります。数式・マクロ・画像と、隠れていた行・列・シートはありません。",
)
_CURTAILED: Final = (
    f"数が多いため、コメントと移動のリンクは最初の{MOST_POINTED_AT:,}件だけに付けました。"
)

Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """An error or a doubt: its word and its colour. The colours are those of Excel's own styles."""

    word: str
    fill: PatternFill


ERROR: Final = Kind("誤り", PatternFill("solid", start_color="FFC7CE"))
WARNING: Final = Kind("確認", PatternFill("solid", start_color="FFEB9C"))


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue and the row and column of the cell that shows it, if one does."""

    kind: Kind
    issue: Issue
    place: Place | None


def findings_of(book: Book, found: Findings) -> list[Finding]:
    """Errors first, then warnings; what is about a whole row points at the row's first cell."""
    rows = {(sheet.name, row.number): row for sheet in book.sheets for row in sheet.rows}
    return [
        Finding(kind, issue, _place(issue, rows))
        for kind, issues in ((ERROR, found.errors), (WARNING, found.warnings))
        for issue in issues
    ]


def _place(issue: Issue, rows: Mapping[tuple[str, int], Row]) -> Place | None:
    row = rows.get((issue.sheet, issue.row)) if issue.row is not None else None
    if row is None:
        return None
    if issue.column.isalpha():
        column = column_index_from_string(issue.column)
        return (row.number, column) if column <= MAX_COLUMN else None
    own = (cell.column for cell in row.cells if not (cell.filled or cell.is_blank))
    return row.number, next(own, 1)


def write_findings(
    sheet: TargetSheet, findings: Sequence[Finding], titles: Mapping[str, str]
) -> None:
    """Write the list. `titles`: what each sheet of the book is called in the copy."""
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    errors = sum(finding.kind is ERROR for finding in findings)
    sheet.append([line_cell(sheet, f"誤り{errors}件・確認{len(findings) - errors}件")])
    for line in (*_EXPLAINED, *([_CURTAILED] if len(findings) > MOST_POINTED_AT else [])):
        sheet.append([line])
    sheet.append([])
    sheet.append([heading_cell(sheet, heading) for heading in _HEADINGS])
    for index, finding in enumerate(findings):
        links = titles if index < MOST_POINTED_AT else {}
        sheet.append(list(_line(sheet, finding, links)))


def _line(
    sheet: TargetSheet, finding: Finding, titles: Mapping[str, str]
) -> Iterator[SheetCell | str | int | None]:
    issue = finding.issue
    word = WriteOnlyCell(sheet, finding.kind.word)
    word.fill = finding.kind.fill
    yield word
    for content in (issue.sheet, issue.row, issue.column, issue.value, issue.message):
        yield _wrapped(sheet, content) if isinstance(content, str) else content
    if finding.place and issue.sheet in titles:
        yield _link(sheet, titles[issue.sheet], finding.place)


def _wrapped(sheet: TargetSheet, text: str) -> SheetCell:
    cell = as_cell(sheet, content_cell(sheet, text))
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _link(sheet: TargetSheet, title: str, place: Place) -> SheetCell:
    """A way to the cell, inside the file only."""
    row, column = place
    address = f"{get_column_letter(column)}{row}"
    cell = WriteOnlyCell(sheet, f"{address}へ")
    cell.font = Font(color="0017C1", underline="single")
    cell.hyperlink = Hyperlink(ref="", location=f"{quote_sheetname(title)}!{address}")
    return cell
