"""What a workbook holds after reading: sheets of rows of cells that know where they stood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Final

from openpyxl.utils import get_column_letter

from agano_dx.lib.japanese import Raw, text_of
from agano_dx.lib.workbooks.grid import Range, Value

PROBLEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "error": "セルがエラー値「{shown}」になっています。"
        "Excelで式を直すか値を入力し直してから取り込んでください。",
        "no_cache": "数式の計算結果がファイルに保存されていません。"
        "Excelで開いて上書き保存してから取り込んでください。",
        "narrow": "列の幅が足りずに値が「{shown}」と書き出されています。"
        "Excelで列の幅を広げ、CSVを保存し直してから取り込んでください。",
        "bad_date": "日付の書式のセルに、日付にできない数値が入っています。"
        "Excelで日付を入力し直してから取り込んでください。",
        "not_finite": "数値が大きすぎて読み込めません。"
        "Excelで値を入力し直してから取り込んでください。",
    }
)

_ZEROS = re.compile(r"0+")
_PERCENT = re.compile(r"0(?:\.(?P<places>0+))?%")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that holds something, or stands in a merged range that does.

    `problem` is empty, or the sentence for an error value or a formula without a saved result;
    then `value` is None and `shown` is what Excel showed. `filled` marks a cell of a merged range
    that took the value of the range's first cell.
    """

    row: int
    column: int
    value: Value
    number_format: str = "General"
    problem: str = ""
    shown: str = ""
    filled: bool = False

    @property
    def raw(self) -> Raw:
        """The value as the readers of `agano_dx.lib.japanese` take it; a time of day as text."""
        return self.text if isinstance(self.value, time) else self.value

    @property
    def text(self) -> str:
        """The value as a person sees it, with the zeros and per cents of the number format."""
        if isinstance(self.value, str):
            return self.value
        if self.value is None:
            return self.shown
        if isinstance(self.value, time):
            return self.value.isoformat("auto" if self.value.second else "minutes")
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return _number_text(self.value, self.number_format)
        return text_of(self.value)

    @property
    def letter(self) -> str:
        return get_column_letter(self.column)

    @property
    def is_blank(self) -> bool:
        return not self.problem and not self.text.strip()


def _number_text(value: int | float, number_format: str) -> str:
    plain = text_of(value)
    if _ZEROS.fullmatch(number_format) and plain.isdecimal():
        return plain.zfill(len(number_format))
    percent = _PERCENT.fullmatch(number_format)
    if percent:
        return f"{value:.{len(percent['places'] or '')}%}"
    return plain


@dataclass(frozen=True, slots=True)
class Row:
    """A visible row; a blank one has no cells."""

    number: int
    cells: tuple[Cell, ...] = ()

    def cell(self, column: int) -> Cell | None:
        return next((cell for cell in self.cells if cell.column == column), None)

    @property
    def is_blank(self) -> bool:
        """Whether the row itself holds nothing; merged ranges that reach into it do not count."""
        return all(cell.filled or cell.is_blank for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet from its first row to the last with a value.

    Hidden rows and columns are left out; only those that held something are counted.
    """

    name: str
    rows: tuple[Row, ...]
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """An upload, read."""

    filename: str
    sha256: str
    sheets: tuple[Sheet, ...]
    hidden_sheets: int = 0
