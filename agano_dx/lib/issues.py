"""What is wrong or doubtful in a file, pointed at by sheet, row and column."""

from dataclasses import asdict, dataclass, field

from agano_dx.lib.workbooks.headings import Record
from agano_dx.lib.workbooks.reading import Cell


@dataclass(frozen=True, slots=True)
class Issue:
    """One error or warning: where, what stands there, what to do."""

    sheet: str
    row: int | None
    column: str
    value: str
    message: str

    def as_json(self) -> dict[str, str | int | None]:
        """The shape of the commands' JSON."""
        return asdict(self)

    def as_line(self) -> str:
        """One line for a terminal."""
        where = f"{self.sheet} {self.row or ''}{self.column and '行 ' + self.column + '列'}".strip()
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


def about_file(message: str) -> Issue:
    """An issue about the file as a whole."""
    return Issue("", None, "", "", message)
