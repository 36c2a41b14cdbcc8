"""A sheet while it is being read in the child: raw cells by place, merged ranges, hidden parts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple, TypeAlias

from agano_dx.lib.workbooks.limits import (
    FAR_COLUMNS,
    FAR_ROWS,
    MAX_CELLS,
    MAX_COLUMN,
    MAX_ROW,
    Refused,
)

Value: TypeAlias = str | int | float | bool | date | datetime | time | None
Range: TypeAlias = tuple[int, int, int, int]


class Raw(NamedTuple):
    """What one cell says; `problem` is a key of `cells.PROBLEMS`."""

    value: Value
    number_format: str = "General"
    problem: str = ""
    shown: str = ""
    filled: bool = False

    @property
    def is_blank(self) -> bool:
        if self.value is None:
            return not self.problem
        return isinstance(self.value, str) and not self.value.strip()


GridRow: TypeAlias = tuple[int, list[tuple[int, Raw]]]


@dataclass(slots=True)
class Grid:
    """One sheet under construction. It refuses to grow past the limits."""

    name: str
    rows: dict[int, dict[int, Raw]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    cells: int = 0

    def place(self, row: int, cells: Iterable[tuple[int, Raw]]) -> None:
        """Put the cells of a row in place; the later of two at one place wins, as in openpyxl."""
        here = self.rows.get(row, {})
        before = max(here, default=0)
        for column, raw in cells:
            if column > MAX_COLUMN and raw.is_blank:
                continue
            if column > MAX_COLUMN:
                far = column - before > FAR_COLUMNS
                raise Refused("far_cell" if far else "too_many_columns")
            here[column] = raw
            before = max(before, column)
        if not here or (row > MAX_ROW and all(raw.is_blank for raw in here.values())):
            return
        if row > MAX_ROW:
            far = row - max(self.rows, default=0) > FAR_ROWS
            raise Refused("far_cell" if far else "too_many_rows")
        self.rows[row] = here
        self._count(len(here))

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise Refused("memory")

    def fill_merged(self) -> None:
        """Give every cell of a merged range the value of its first cell, as Excel shows it."""
        last_row = self._last_row()
        last_column = max((max(cells) for cells in self.rows.values()), default=0)
        for top, left, bottom, right in self.merged:
            first = self.rows.get(top, {}).get(left, Raw(None))._replace(filled=True)
            rows = range(top, min(bottom, last_row) + 1)
            columns = range(left, min(right, last_column) + 1)
            self._count(len(rows) * len(columns))
            for row in rows:
                self._spread(first, row, [c for c in columns if (row, c) != (top, left)])

    def _spread(self, filled: Raw, row: int, columns: list[int]) -> None:
        here = self.rows.setdefault(row, {})
        for column in columns:
            if filled.is_blank:
                here.pop(column, None)  # a leftover under the range that Excel does not show
            else:
                here[column] = filled

    def _last_row(self) -> int:
        """The last row with a value of its own; what follows is only formatted."""
        return max((row for row, cells in self.rows.items() if _own_columns(cells)), default=0)

    def visible_rows(self) -> list[GridRow]:
        """Every row that is shown, from the first to the last with a value, in order."""
        shown = []
        written = 0
        for number in range(1, self._last_row() + 1):
            if number in self.hidden_rows:
                continue
            here = self.rows.get(number, {})
            shown.append(
                (number, [(c, here[c]) for c in sorted(here.keys() - self.hidden_columns)])
            )
            if _own_columns(here) - self.hidden_columns:
                written = len(shown)
        return shown[:written]

    def count_hidden(self) -> tuple[int, int]:
        """How many hidden rows and hidden columns hold something."""
        rows = 0
        held: set[int] = set()
        for number, cells in self.rows.items():
            own = _own_columns(cells)
            rows += bool(own) and number in self.hidden_rows
            held |= own
        return rows, len(held & self.hidden_columns)


def _own_columns(cells: dict[int, Raw]) -> set[int]:
    """The columns in which a row holds something itself, not through a merged range."""
    return {column for column, raw in cells.items() if not (raw.filled or raw.is_blank)}
