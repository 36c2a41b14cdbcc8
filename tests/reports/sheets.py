"""The report's workbook read back: its tables by sheet, its formulas reckoned."""

import re
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.paper.shapes import Kind, Paper, Table

SUM = re.compile(r"=SUM\(([A-Z]+)(\d+):([A-Z]+)(\d+)\)")
SHARE = re.compile(r'=IF\(([A-Z]+\d+)=0,"",([A-Z]+\d+)/([A-Z]+\d+)\)')
ELSEWHERE = re.compile(r"='(.+)'!([A-Z]+\d+)")


def opened(data: bytes, *, values: bool = False):
    return load_workbook(BytesIO(data), data_only=values)


def heading_row(sheet: Worksheet, table: Table) -> int:
    """The row in which the table's headings stand."""
    wanted = [column.heading for column in table.columns]
    return next(
        row
        for row in range(1, 12)
        if [sheet.cell(row, place).value for place in range(1, len(wanted) + 1)] == wanted
    )


def rows_of(sheet: Worksheet, table: Table) -> list[list]:
    """The cells of the lines and of the total, as they stand."""
    first = heading_row(sheet, table) + 1
    count = len(table.lines) + (table.total is not None)
    return [
        [sheet.cell(row, place).value for place in range(1, len(table.columns) + 1)]
        for row in range(first, first + count)
    ]


def reckoned(book, sheet: Worksheet, content):
    """The value of a cell by exact arithmetic: sums, shares, references, nothing else."""
    if not isinstance(content, str) or not content.startswith("="):
        return content
    if found := SUM.fullmatch(content):
        column, first, _, last = found.groups()
        cells = [sheet[f"{column}{row}"].value for row in range(int(first), int(last) + 1)]
        return sum(reckoned(book, sheet, cell) or 0 for cell in cells)
    if found := SHARE.fullmatch(content):
        assert found[1] == found[3]
        part, whole = (reckoned(book, sheet, sheet[found[place]].value) for place in (2, 3))
        return Fraction(part, whole) if whole else ""
    found = ELSEWHERE.fullmatch(content)
    if found is None:
        return content  # a text, whatever it looks like
    other = book[found[1]]
    return reckoned(book, other, other[found[2]].value)


def differences(book, paper: Paper) -> list[tuple]:
    """Where the sheets say something else than the paper; shares to nine digits."""
    found = []
    for table in paper.tables:
        sheet = book[table.title]
        lines = [*table.lines, *([table.total] if table.total else [])]
        for line, row in zip(lines, rows_of(sheet, table), strict=True):
            for column, wanted, cell in zip(table.columns, line.cells, row, strict=True):
                got = reckoned(book, sheet, cell)
                if not same(column.kind, wanted, got):
                    found.append((table.key, column.heading, wanted, got))
    return found


def same(kind: Kind, wanted, got) -> bool:
    if wanted in (None, ""):
        return got in (None, "")
    if got is None:
        return False
    if kind is Kind.SHARE:
        return abs(Fraction(wanted) - Fraction(got)) < Fraction(1, 10**9)
    if isinstance(wanted, date):
        return (got.date() if isinstance(got, datetime) else got) == wanted
    return got == wanted
