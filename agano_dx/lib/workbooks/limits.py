"""How much of a workbook from outside is read, and the refusal that the limits raise.

The child process imports this module, so it must stay light and know no Django.
"""

from typing import Final

MEBIBYTE: Final = 1024 * 1024

MAX_UPLOAD: Final = 10 * MEBIBYTE
MAX_MEMBERS: Final = 2_000
MAX_INFLATED: Final = 100 * MEBIBYTE
MAX_RATIO: Final = 200
RATIO_MATTERS_FROM: Final = MEBIBYTE

MAX_ROW: Final = 120_000
MAX_COLUMN: Final = 200
MAX_CELLS: Final = 2_000_000
# A value behind a gap wider than this is a stray, not the continuation of a long list.
FAR_ROWS: Final = 1_000
FAR_COLUMNS: Final = 50

MEMORY_BYTES: Final = 1024 * MEBIBYTE
CPU_SECONDS: Final = 25
WALL_SECONDS: Final = 30.0
OPEN_FILES: Final = 32


class Refused(Exception):  # noqa: N818 - inner signal of the package; users see WorkbookError
    """The file is not read any further; `code` says why and is safe to log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
