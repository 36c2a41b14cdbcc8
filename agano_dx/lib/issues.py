"""What is wrong or doubtful in a file, pointed at by sheet, row and column."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from agano_dx.lib.japanese import MY_NUMBER_REFUSED, holds_my_number
from agano_dx.lib.workbooks.headings import Record
from agano_dx.lib.workbooks.reading import Cell

HIDDEN = "（12桁の番号）"
_MY_NUMBER = re.compile(r"(?<!\d)\d{4}([-‐‑‒–—―−ー\s]?)\d{4}\1\d{4}(?!\d)")


def masked(text: str) -> str:
    """The text of a cell without what may be a My Number."""
    return HIDDEN if holds_my_number(text) else _MY_NUMBER.sub(HIDDEN, text)


@dataclass(frozen=True, slots=True)
class Issue:
    """One error or warning: where, what stands there, what to do.

    It is shown, printed and stored, so what may be a My Number is taken out of it at once.
    """

    sheet: str
    row: int | None
    column: str
    value: str
    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", masked(self.value))
        object.__setattr__(self, "message", _MY_NUMBER.sub(HIDDEN, self.message))

    def as_json(self) -> dict[str, str | int | None]:
        """The shape of the commands' JSON."""
        return asdict(self)

    def as_line(self) -> str:
        """One line for a terminal."""
        parts = (self.sheet, self.row and f"{self.row}行", self.column and f"{self.column}列")
        where = " ".join(part for part in parts if part)
        return f"{where}: {self.message}" if where else self.message


@dataclass
class Findings:
    """The errors and warnings of a file, in the order of its rows."""

    warnings: list[Issue] = field(default_factory=list)
    errors: list[Issue] = field(default_factory=list)

    def as_json(self) -> dict[str, list[dict[str, str | int | None]]]:
        """Both lists in the shape of the commands' JSON."""
        return {
            "warnings": [issue.as_json() for issue in self.warnings],
            "errors": [issue.as_json() for issue in self.errors],
        }


def at_cell(sheet: str, record: Record, cell: Cell | None, message: str) -> Issue:
    """An issue about a cell, or about the whole row where the cell is missing."""
    if cell is None:
        return Issue(sheet, record.number, "", "", message)
    return Issue(sheet, cell.row, cell.letter, cell.text, message)


def problem_of(cell: Cell) -> str:
    """Why nothing may be read from the cell: an error value, a lost result, maybe a My Number."""
    return cell.problem or (MY_NUMBER_REFUSED if holds_my_number(cell.raw) else "")


def problem_cells(sheet: str, record: Record) -> Iterator[Issue]:
    """The cells of a row from which nothing may be read."""
    for cell in record.cells.values():
        if problem := problem_of(cell):
            yield at_cell(sheet, record, cell, problem)


def about_file(message: str) -> Issue:
    """An issue about the file as a whole."""
    return Issue("", None, "", "", message)
