"""A CSV file, or tab-separated text, as one sheet. Runs in the child."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Final

from agano_dx.lib.workbooks.grid import Grid, Raw
from agano_dx.lib.workbooks.guard import unguarded
from agano_dx.lib.workbooks.limits import Refused
from agano_dx.lib.workbooks.signature import END_OF_TEXT, UTF16_MARKS

SHEET_NAME: Final = "CSV"
# The most that Excel lets a cell hold.
_LONGEST_CELL: Final = 32_767
# Excel writes what it shows: errors as words, and a fence where the column is too narrow.
_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)"
)
_FENCE: Final = re.compile(r"#{3,}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


def read_delimited(data: bytes) -> Iterator[Grid]:
    """The one sheet; line numbers are Excel's, a quoted line break starts no new row."""
    text = _decoded(data)
    first_line = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    csv.field_size_limit(_LONGEST_CELL)
    grid = Grid(SHEET_NAME)
    try:
        for number, row in enumerate(
            csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1
        ):
            grid.place(number, [(c, _raw(cell)) for c, cell in enumerate(row, start=1) if cell])
    except csv.Error:
        raise Refused("csv_damaged") from None
    yield grid


def _decoded(data: bytes) -> str:
    """UTF-8, then CP932 (never "shift_jis", which lacks 髙 and ①); UTF-16 only with its mark."""
    if data.startswith(UTF16_MARKS):
        encodings = ["utf-16"]
    else:
        data = data.rstrip(END_OF_TEXT)
        encodings = ["utf-8-sig", "cp932"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            raise Refused("wrong_type")
        return text
    raise Refused("csv_encoding")


def _raw(cell: str) -> Raw:
    if cell.startswith("#"):
        if _ERROR.fullmatch(cell):
            return Raw(None, problem="error", shown=cell)
        if _FENCE.fullmatch(cell):
            return Raw(None, problem="narrow", shown=cell)
    return Raw(unguarded(cell))
