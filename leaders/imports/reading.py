"""リーダー名簿 from a workbook: its rows read, what cannot be read pointed at."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agano_dx.lib.issues import Findings, problem_cells
from agano_dx.lib.japanese import label_key, name_key, plain, read_date, read_staff_number
from agano_dx.lib.workbooks.headings import HeadingError, Record, Table, find_table
from agano_dx.lib.workbooks.reading import Book
from leaders.imports.lines import FACTS, Facts, Line, issue_at, text_of, tidy
from leaders.imports.sheet import (
    END_REASONS,
    KEY_FIELDS,
    LEADER_HEADINGS,
    LONGEST_TEXT,
    REQUIRED,
    TEXT_FIELDS,
    VERDICTS,
)
from leaders.models import Cohort
from staff.models import Department, StaffMember
from staff.roster.lookup import Masters

# The digits a cohort's number may have; a longer one is not even read.
MOST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Lookup:
    """What rows are matched with, read in a handful of queries."""

    cohorts: dict[int, Cohort]
    members: dict[str, StaffMember]
    masters: Masters
    on: date

    @classmethod
    def load(cls, on: date) -> "Lookup":
        """Read cohorts, people and the departments of the day."""
        return cls(
            {cohort.number: cohort for cohort in Cohort.objects.all()},
            {member.number: member for member in StaffMember.objects.all()},
            Masters.load(on),
            on,
        )


def read_leaders(book: Book, found: Findings, *, on: date) -> list[Line]:
    """The rows of the workbook; what is wrong in them goes to the findings.

    `on`: the day of reading, whose departments the workbook names.
    """
    table = _table(book)
    lookup = Lookup.load(on)
    readers = (_RowReader(table, record, lookup, found) for record in table.records)
    return [line for reader in readers if (line := reader.read()) is not None]


def _table(book: Book) -> Table:
    """The list on the first sheet that has one; without any the first sheet says why."""
    refused: HeadingError | None = None
    for sheet in book.sheets:
        try:
            return find_table(sheet, LEADER_HEADINGS, REQUIRED, key_fields=KEY_FIELDS)
        except HeadingError as error:
            refused = refused or error
    raise refused or HeadingError(
        "no_heading", "このファイルには表がありません。リーダー名簿のファイルを選んでください。"
    )


def _with_own_texts(table: Table, record: Record) -> Record:
    """The record with what stands itself in the cells of free text, no dittos followed."""
    own = {
        name: cell
        for name in TEXT_FIELDS
        if name in table.columns and (cell := record.row.cell(table.columns[name])) is not None
    }
    return replace(record, cells={**record.cells, **own})


class _RowReader:
    """Reads one row; collects what is wrong in the findings."""

    def __init__(self, table: Table, record: Record, lookup: Lookup, found: Findings) -> None:
        self.table, self.lookup, self.found = table, lookup, found
        self.record = _with_own_texts(table, record)
        self.is_good = True

    def read(self) -> Line | None:
        if problems := list(problem_cells(self.table.sheet, self.record)):
            self.found.errors += problems
            return None
        cohort, department, member = self._cohort(), self._department(), self._member()
        starts_on, ends_on = self._day("starts_on"), self._day("ends_on")
        reason = self._word("end_reason", END_REASONS)
        completed = self._word("completed", VERDICTS)
        texts = [self._free_text(name) for name in TEXT_FIELDS]
        if starts_on is None and self.is_good:
            self._error("starts_on", "就任日がありません。入れてください。")
        if not (self.is_good and cohort and department and member and starts_on):
            return None
        facts = Facts(department, ends_on, reason, completed, *texts)
        # A department is told by its code or by its name, and one of them is required.
        columns = frozenset({"department", *(name for name in FACTS if name in self.table.columns)})
        return Line(
            self.table, self.record, cohort, member, starts_on, facts, columns, self.lookup.on
        )

    def _text(self, name: str) -> str:
        return text_of(self.record, name)

    def _error(self, name: str, message: str) -> None:
        self.is_good = False
        self.found.errors.append(issue_at(self.table, self.record, name, message))

    def _warn(self, name: str, message: str) -> None:
        self.found.warnings.append(issue_at(self.table, self.record, name, message))

    def _day(self, name: str) -> date | None:
        cell = self.record.cell(name)
        if cell is None:
            return None
        reading = read_date(cell.raw, cell.number_format)
        if reading.error:
            self._error(name, reading.error)
        if reading.warning:
            self._warn(name, reading.warning)
        return reading.value

    def _word(self, name: str, words: dict[str, Any]) -> Any:  # noqa: ANN401 - str or bool
        text = self._text(name)
        if label_key(text) not in words:
            self._error(name, f"「{text}」は使えない言葉です。直すか、空欄にしてください。")
        return words.get(label_key(text))

    def _free_text(self, name: str) -> str:
        text = tidy(self._text(name))
        if len(text) > LONGEST_TEXT:
            self._error(name, f"文字が多すぎます。{LONGEST_TEXT}文字までに短くしてください。")
        return text

    def _cohort(self) -> Cohort | None:
        digits = "".join(sign for sign in plain(self._text("cohort")) if sign.isdecimal())
        is_number = 0 < len(digits) <= MOST_DIGITS
        cohort = self.lookup.cohorts.get(int(digits)) if is_number else None
        if cohort is None:
            self._error(
                "cohort",
                "この期は計画にありません。「第1期」のように直すか、計画を先に読み込んでください。",
            )
        return cohort

    def _department(self) -> Department | None:
        code, name = self._text("department_code"), self._text("department")
        masters = self.lookup.masters
        department = self._coded(code) if code else masters.department(name)
        if department is None:
            self._error(
                "department_code" if code else "department",
                f"所属「{code or name}」は登録されていません。所属を直してください。",
            )
        elif code and name and not self._is_called(code, name, department):
            self._warn(
                "department",
                f"所属コード「{code}」の所属は「{department.name}」です。"
                "所属コードの間違いでないか確かめてください。",
            )
        return department

    def _coded(self, code: str) -> Department | None:
        """The unit of today with this code, else the last one that had it."""
        masters = self.lookup.masters
        return masters.by_code.get(code) or masters.tree.coded(code) or masters.coded(code)

    def _is_called(self, code: str, name: str, department: Department) -> bool:
        """Whether it is, or was while it had this code, called so."""
        masters = self.lookup.masters
        named = {label_key(one.name) for one in masters.tree.by_id.values() if one.code == code}
        return label_key(name) in named or masters.is_called(department, name)

    def _member(self) -> StaffMember | None:
        cell = self.record.cell("staff_no")
        reading = read_staff_number(cell.raw, cell.number_format) if cell else None
        number = reading.value if reading else None
        member = self.lookup.members.get(number) if number else None
        if member is None:
            message = reading.error if reading else ""
            self._error(
                "staff_no", message or "この職員番号の職員はいません。番号を直してください。"
            )
            return None
        name = self._text("name")
        if name and name_key(name) != member.name_key:
            self._warn(
                "name", "登録されている氏名と違います。職員番号の間違いでないか確かめてください。"
            )
        return member
