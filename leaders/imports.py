"""Leaders of a cohort from a workbook: terms from before the system."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.issues import Findings, at_cell, problem_cells
from agano_dx.lib.japanese import label_key, name_key, plain, read_date, read_staff_number
from agano_dx.lib.workbooks.headings import HeadingDictionary, Record, find_table
from agano_dx.lib.workbooks.reading import Book
from leaders.models import Cohort, EndReason, LeaderTerm
from staff.models import Department, StaffMember, User
from staff.roster.lookup import Masters

LEADER_HEADINGS = HeadingDictionary(
    {
        "cohort": ("期", "期別"),
        "department_code": ("所属コード", "部署コード"),
        "department": ("所属", "所属名", "部署"),
        "staff_no": ("職員番号", "職員コード", "番号"),
        "name": ("氏名", "職員氏名"),
        "starts_on": ("就任日", "任命日", "開始日"),
        "ends_on": ("退任日", "終了日"),
        "end_reason": ("退任理由", "終了理由"),
        "completed": ("修了", "修了区分"),
    }
)
REQUIRED = ("cohort", ("department_code", "department"), "staff_no", "starts_on")
END_REASONS = {label_key(reason.label): reason for reason in EndReason}
COMPLETED = {"修了": True, "○": True, "1": True, "": False, "未修了": False, "×": False, "0": False}


@dataclass(frozen=True, slots=True)
class Lookup:
    """What rows are matched with, read in a handful of queries."""

    cohorts: dict[int, Cohort]
    members: dict[str, StaffMember]
    masters: Masters
    # Terms known, and since when somebody sits; rows of the file join them as they are read.
    terms: dict[tuple[int, int, date], tuple[date | None, str, bool]]
    sitting_since: dict[tuple[int, int], date]

    @classmethod
    def load(cls, on: date) -> "Lookup":
        """Read cohorts, people and the departments of the day."""
        members = {member.number: member for member in StaffMember.objects.all()}
        terms = {
            (term.cohort_id, term.staff_id, term.starts_on): _ending(term)
            for term in LeaderTerm.objects.all()
        }
        return cls(
            {cohort.number: cohort for cohort in Cohort.objects.all()},
            members,
            Masters.load(on),
            terms,
            {key[:2]: key[2] for key, (ends_on, *_) in terms.items() if ends_on is None},
        )


def _ending(term: LeaderTerm) -> tuple[date | None, str, bool]:
    return (term.ends_on, term.end_reason, term.completed)


def read_leaders(book: Book, found: Findings, *, on: date) -> list[LeaderTerm]:
    """The terms a workbook names, not yet saved; what is wrong goes to the findings.

    `on`: the day whose departments the workbook names.
    """
    table = find_table(book.sheets[0], LEADER_HEADINGS, REQUIRED, key_fields=("staff_no",))
    lookup = Lookup.load(on)
    readers = (_RowReader(table.sheet, record, lookup, found) for record in table.records)
    return [term for reader in readers if (term := reader.read()) is not None]


@transaction.atomic
def import_leaders(
    *, terms: list[LeaderTerm], found: Findings, by: User | None, dry_run: bool
) -> int:
    """Add the terms not there yet; the same file twice adds nothing. Answers how many are new."""
    if found.errors:
        return 0
    known = set(LeaderTerm.objects.values_list("cohort", "staff", "starts_on"))
    by_key = {(term.cohort_id, term.staff_id, term.starts_on): term for term in terms}
    new = [term for key, term in by_key.items() if key not in known]
    if not dry_run:
        made = LeaderTerm.objects.bulk_create(new)
        audit.record(
            by=by,
            action=audit.CREATE,
            about=[
                (term, {"staff": (None, term.staff_id), "starts_on": (None, term.starts_on)})
                for term in made
            ],
        )
    return len(new)


class _RowReader:
    """Reads one row; collects what is wrong in the findings."""

    def __init__(self, sheet: str, record: Record, lookup: Lookup, found: Findings) -> None:
        self.sheet, self.record, self.lookup, self.found = sheet, record, lookup, found
        self.is_good = True

    def read(self) -> LeaderTerm | None:
        if problems := list(problem_cells(self.sheet, self.record)):
            self.found.errors += problems
            return None
        cohort, department, member = self._cohort(), self._department(), self._member()
        starts_on, ends_on = self._day("starts_on"), self._day("ends_on")
        reason = self._word("end_reason", {"": "", **END_REASONS})
        completed = self._word("completed", COMPLETED)
        if starts_on is None and self.is_good:
            self._error("starts_on", "就任日がありません。入れてください。")
        if starts_on and ends_on and ends_on < starts_on:
            self._error("ends_on", "退任日が就任日より前です。どちらかを直してください。")
        if completed and not ends_on and self.is_good:
            self._error("completed", "修了にするには退任日が必要です。退任日を入れてください。")
        if not (self.is_good and cohort and department and member and starts_on):
            return None
        term = LeaderTerm(
            cohort=cohort,
            staff=member,
            department=department,
            starts_on=starts_on,
            ends_on=ends_on,
            end_reason=reason,
            completed=bool(completed),
        )
        self._compare(term)
        return term if self.is_good else None

    def _compare(self, term: LeaderTerm) -> None:
        """A term known is not changed by a file; nobody sits twice in one cohort."""
        person = (term.cohort_id, term.staff_id)
        known = self.lookup.terms.setdefault((*person, term.starts_on), _ending(term))
        if known != _ending(term):
            self._warn(
                "starts_on",
                "登録済みの任期と退任日・退任理由・修了が違います。変えるときは任期の画面で直してください。",
            )
            self.is_good = False  # only this row stays out
        elif term.ends_on is None and (
            self.lookup.sitting_since.setdefault(person, term.starts_on) != term.starts_on
        ):
            self._error(
                "starts_on",
                "この職員はこの期のリーダーとして活動中です。前の任期の退任日を先に入れてください。",
            )

    def _text(self, name: str) -> str:
        cell = self.record.cell(name)
        return cell.text.strip() if cell is not None else ""

    def _error(self, name: str, message: str) -> None:
        self.is_good = False
        self.found.errors.append(at_cell(self.sheet, self.record, self.record.cell(name), message))

    def _warn(self, name: str, message: str) -> None:
        cell = self.record.cell(name)
        self.found.warnings.append(at_cell(self.sheet, self.record, cell, message))

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
        return words.get(label_key(text), "")

    def _cohort(self) -> Cohort | None:
        digits = "".join(sign for sign in plain(self._text("cohort")) if sign.isdigit())
        cohort = self.lookup.cohorts.get(int(digits)) if digits else None
        if cohort is None:
            self._error(
                "cohort",
                "この期は計画にありません。「第1期」のように直すか、計画を先に読み込んでください。",
            )
        return cohort

    def _department(self) -> Department | None:
        code, name = self._text("department_code"), self._text("department")
        masters = self.lookup.masters
        department = masters.by_code.get(code) if code else masters.department(name)
        if department is None:
            self._error(
                "department_code" if code else "department",
                f"所属「{code or name}」は登録されていません。所属を直してください。",
            )
        return department

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
