"""The report as a workbook: a sheet a table, live sums and shares, charts of Excel's own."""

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any, Final, cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from agano_dx.lib.workbooks.results import with_results
from agano_dx.lib.workbooks.writing import sheet_title
from reports.paper.name_lists import CARE, NameList
from reports.paper.native_charts import add_chart, add_ranking
from reports.paper.pages import fit_to_paper, head_and_foot, set_height, set_widths
from reports.paper.shapes import Column, Kind, Line, Paper, Table
from reports.paper.sheets import (
    BOX,
    FONT,
    Placed,
    put,
    write_above,
    write_headings,
    write_table,
)

COVER: Final = "表紙"
RANKING: Final = "部署別の図"


def report_workbook(paper: Paper, lists: Sequence[NameList] = ()) -> bytes:
    """The workbook. `lists`: sheets with names, for those who may see them."""
    workbook = Workbook()
    _properties(workbook, paper)
    _cover(_first(workbook), paper, lists)
    about = dict(paper.cover).get("対象", "")
    placed = [
        write_table(workbook.create_sheet(sheet_title(table.title)), table, paper, about)
        for table in paper.tables
    ]
    for one in placed:
        add_chart(one)
    placed += [
        ranking
        for one in placed
        if one.table.key == "departments" and (ranking := _ranking(workbook, one))
    ]
    for found in lists:
        _names(workbook.create_sheet(sheet_title(found.title)), found, paper)
    out = BytesIO()
    workbook.save(out)
    # openpyxl numbers the parts of the file as the sheets stand.
    return with_results(
        out.getvalue(), {workbook.index(one.sheet) + 1: one.results for one in placed}
    )


def _first(workbook: Workbook) -> Worksheet:
    sheet: Any = workbook.active
    sheet.title = COVER
    return cast(Worksheet, sheet)


def _properties(workbook: Workbook, paper: Paper) -> None:
    """Neutral: nothing of the machine or of the account that made it."""
    workbook.properties.title = paper.title
    workbook.properties.creator = dict(paper.cover).get("作成", "")
    workbook.properties.lastModifiedBy = workbook.properties.creator


def _cover(sheet: Worksheet, paper: Paper, lists: Sequence[NameList]) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 72
    title = put(sheet, 2, 1, paper.title)
    title.font = Font(name=FONT, size=18, bold=True)
    row = 4
    for what, how in paper.cover:
        put(sheet, row, 1, what).font = Font(name=FONT, size=11, bold=True)
        put(sheet, row, 2, how).font = Font(name=FONT, size=11)
        for column in (1, 2):
            sheet.cell(row, column).alignment = Alignment(vertical="top", wrap_text=True)
        set_height(sheet, row, [what, how])
        row += 1
    put(sheet, row + 1, 1, "目次").font = Font(name=FONT, size=11, bold=True)
    titles = [table.title for table in paper.tables] + [found.title for found in lists]
    for place, name in enumerate(map(sheet_title, titles), start=row + 1):
        cell = put(sheet, place, 2, name)
        cell.hyperlink = f"#'{name}'!A1"
        cell.font = Font(name=FONT, size=11, color="00118F", underline="single")
    fit_to_paper(sheet, paper, None, 2)


# --- 部署別の図 -----------------------------------------------------------------------------------


def _ranking(workbook: Workbook, units: Placed) -> Placed | None:
    """The departments by their share, the highest first: live, and the table keeps its order."""
    share = units.column("割合")
    if share is None:
        return None
    ranked = [
        (part, row, line.cells[0])
        for row, line in enumerate(units.table.lines, start=units.first)
        if isinstance(part := line.cells[share - 1], Fraction)
    ]
    ranked.sort(key=lambda one: one[0], reverse=True)
    table = Table(
        "ranking",
        RANKING,
        "部署別の表の割合を、高い順に並べたものです。",
        (Column("部署", Kind.TEXT), Column("割合", Kind.SHARE)),
        tuple(Line((name, part)) for part, _, name in ranked),
    )
    sheet = workbook.create_sheet(RANKING, workbook.index(units.sheet) + 1)
    found = write_table(sheet, table, units.paper, units.about)
    letter = get_column_letter(share)
    for place, (_, row, _) in enumerate(ranked, start=found.first):
        sheet.cell(place, 2).value = f"='{units.sheet.title}'!{letter}{row}"
    add_ranking(found)
    return found


# --- names ----------------------------------------------------------------------------------------


def _names(sheet: Worksheet, found: NameList, paper: Paper) -> None:
    """A list of people: 取扱注意 in its first line and on every page."""
    row = write_above(sheet, [found.care, f"全{len(found.rows)}人"])
    write_headings(sheet, row, found.headings)
    for place, content in enumerate(found.rows, start=row + 1):
        for column, text in enumerate(content, start=1):
            cell = put(sheet, place, column, text)
            cell.border = BOX
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    set_widths(sheet, [found.headings, *found.rows])
    for place, content in enumerate(found.rows, start=row + 1):
        set_height(sheet, place, content)
    fit_to_paper(sheet, paper, row, len(found.headings))
    head_and_foot(sheet, paper, CARE)
