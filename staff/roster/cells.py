"""The cells of one record, read one by one; what is wrong with them goes to the findings."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from agano_dx.lib.issues import Findings, at_cell, problem_of
from agano_dx.lib.japanese import Reading, label_key
from agano_dx.lib.workbooks.headings import Record, Table
from agano_dx.lib.workbooks.reading import Cell

T = TypeVar("T")


class CellReader:
    """Reads one record; collects what is wrong in the findings."""

    def __init__(self, table: Table, record: Record, found: Findings) -> None:
        self.columns = table.columns
        self.sheet, self.record, self.found = table.sheet, record, found
        self._errors_before = len(found.errors)
        self._warnings_before = len(found.warnings)

    @property
    def spot(self) -> tuple[str, int]:
        """Where the record stands."""
        return (self.sheet, self.record.number)

    @property
    def is_flawed(self) -> bool:
        """Whether anything in the record is wrong."""
        return len(self.found.errors) > self._errors_before

    def forget(self) -> None:
        """Take back what was found in this record, of which nothing is read after all."""
        del self.found.errors[self._errors_before :]
        del self.found.warnings[self._warnings_before :]

    def error(self, name: str, message: str) -> None:
        """Note an error at the field's cell."""
        cell = self.record.cell(name)
        self.found.errors.append(at_cell(self.sheet, self.record, cell, message))

    def warn(self, name: str, message: str) -> None:
        """Note a warning at the field's cell."""
        cell = self.record.cell(name)
        self.found.warnings.append(at_cell(self.sheet, self.record, cell, message))

    def has_error(self, name: str) -> bool:
        """Whether the error noted last stands at this field."""
        cell = self.record.cell(name)
        last = self.found.errors[-1] if self.found.errors else None
        return bool(cell and last and (last.row, last.column) == (cell.row, cell.letter))

    def peek(self, name: str) -> str:
        """The text of the cell, only to look for a word in it: nothing in it is judged."""
        cell = self.record.cell(name)
        return cell.text.strip() if cell else ""

    def text(self, name: str) -> str:
        """The text of the cell; blank where it is absent or nothing may be read from it."""
        cell = self._usable(name)
        return cell.text.strip() if cell else ""

    def typed(self, name: str, read: Callable[[Cell], Reading[T]]) -> T | None:
        """The value a reader of `agano_dx.lib.japanese` finds in the cell."""
        cell = self._usable(name)
        if cell is None:
            return None
        reading = read(cell)
        if reading.error:
            self.error(name, reading.error)
            return None
        if reading.warning:
            self.warn(name, reading.warning)
        return reading.value

    def word(self, name: str, words: Mapping[str, str], choices: str) -> str | None:
        """What one of the known words in the cell stands for."""
        text = self.text(name)
        if not text:
            return None
        found = words.get(label_key(text))
        if found is None:
            self.error(name, f"「{text}」は使えない言葉です。{choices}のいずれかにしてください。")
        return found

    def _usable(self, name: str) -> Cell | None:
        cell = self.record.cell(name)
        if cell is not None and (problem := problem_of(cell)):
            self.error(name, problem)
            return None
        return cell
