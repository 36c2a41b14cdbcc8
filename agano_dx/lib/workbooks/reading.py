"""From the bytes of an upload to sheets of rows of cells, or to one sentence of refusal.

The first bytes decide what the file is; everything after that happens in a child process that
has little memory, little time and no way to write (architecture.md, "Reading untrusted
workbooks").
"""

import hashlib
from contextlib import closing

from agano_dx.lib.workbooks.cells import Book, Cell, Row, Sheet
from agano_dx.lib.workbooks.decoding import decoded_book
from agano_dx.lib.workbooks.limits import Refused
from agano_dx.lib.workbooks.process import child_lines
from agano_dx.lib.workbooks.refusals import WorkbookError, refusal
from agano_dx.lib.workbooks.signature import kind_of

__all__ = ["Book", "Cell", "Row", "Sheet", "WorkbookError", "read_workbook"]


def read_workbook(data: bytes, filename: str) -> Book:
    """Read an .xlsx, .xlsm or CSV file; whatever is wrong with it raises WorkbookError."""
    try:
        kind = kind_of(data)
        with closing(child_lines(data, kind)) as lines:
            sheets, hidden_sheets = decoded_book(lines)
    except Refused as refused:
        raise refusal(refused.code) from None
    return Book(filename, hashlib.sha256(data).hexdigest(), sheets, hidden_sheets)
