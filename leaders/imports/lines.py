"""What a row of リーダー名簿 says, and what is known of a term: put side by side."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.formfields import with_plain_lines
from agano_dx.lib.issues import Issue
from agano_dx.lib.japanese import label_key
from agano_dx.lib.workbooks.headings import Record, Table
from leaders.imports.sheet import LEADER_HEADINGS, UNDECIDED, VERDICT_WORDS
from leaders.models import Cohort, EndReason, LeaderTerm
from staff.models import Department, StaffMember

# A term is known by its cohort, its person and its first day.
Key: TypeAlias = tuple[int, int, date]
NOTHING: Final = "（空欄）"


def tidy(text: str) -> str:
    """A text as it comes back out of a workbook: no control signs, one kind of line break."""
    return ILLEGAL_CHARACTERS_RE.sub("", with_plain_lines(text)).strip()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row tells of a term beside its key. `completed` is `None` for 未判定."""

    department: Department
    ends_on: date | None = None
    end_reason: str = ""
    completed: bool | None = None
    decision_reason: str = ""
    end_note: str = ""

    @classmethod
    def of(cls, term: LeaderTerm) -> "Facts":
        """What is known of the term, its department read with it."""
        is_decided = term.completed or term.decided_on is not None
        return cls(
            term.department,
            term.ends_on,
            term.end_reason,
            term.completed if is_decided else None,
            tidy(term.decision_reason),
            tidy(term.end_note),
        )

    def in_words(self, field: str) -> str:
        """One of the facts as a page shows it."""
        value = getattr(self, field)
        if field == "department":
            return self.department.name
        if field == "completed":
            return VERDICT_WORDS[self.completed] or UNDECIDED
        if field == "end_reason" and value:
            return str(EndReason(value).label)
        if isinstance(value, date):
            return era_date(value)
        return value or NOTHING


FACTS: Final = ("department", "ends_on", "end_reason", "completed", "decision_reason", "end_note")


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that a row would change: its heading, what is known, what the row says."""

    field: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """The heading in our own spelling."""
        return LEADER_HEADINGS.label(self.field)


@dataclass(frozen=True, slots=True)
class Line:
    """A row whose term, person and department are known here.

    `columns`: the facts for which the workbook has a column. Of the others the row says nothing.
    `read_on`: the day of reading, which is the day of a decision that the row brings.
    """

    table: Table
    record: Record
    cohort: Cohort
    staff: StaffMember
    starts_on: date
    facts: Facts
    columns: frozenset[str]
    read_on: date

    @property
    def key(self) -> Key:
        """The term it speaks of."""
        return (self.cohort.pk, self.staff.pk, self.starts_on)

    @property
    def row(self) -> int:
        """Where it stands in the sheet."""
        return self.record.number

    def text(self, field: str) -> str:
        """The cell's own text."""
        return text_of(self.record, field)

    def issue(self, field: str, message: str) -> Issue:
        """Something about one of its cells."""
        return issue_at(self.table, self.record, field, message)

    def beside(self, known: Facts) -> Facts:
        """What the term would be: what the row says, and what is known where it is silent."""
        said = {name: getattr(self.facts, name) for name in FACTS if name in self.columns}
        if self._means(known.department):
            said["department"] = known.department
        return replace(known, **said)

    def _means(self, department: Department) -> bool:
        """Whether this is the very department written, though its code or name is another's now."""
        if code := self.text("department_code"):
            return code == department.code
        return label_key(self.text("department")) == label_key(department.name)


def issue_at(table: Table, record: Record, field: str, message: str) -> Issue:
    """Something about a cell, be it an empty one; without a column it is about the row."""
    letter = table.letter(field) if field in table.columns else ""
    return Issue(table.sheet, record.number, letter, text_of(record, field), message)


def text_of(record: Record, field: str) -> str:
    """The text of a cell, nothing where there is none."""
    cell = record.cell(field)
    return cell.text.strip() if cell is not None else ""


def differences(known: Facts, told: Facts) -> Iterator[Difference]:
    """The facts in which they differ, in the order of the columns."""
    for name in FACTS:
        if getattr(known, name) != getattr(told, name):
            yield Difference(name, known.in_words(name), told.in_words(name))
