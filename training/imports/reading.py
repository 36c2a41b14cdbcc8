"""From files to past attendances: one person on one offering, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.issues import Findings, at_cell, problem_cells
from agano_dx.lib.japanese import Reading, label_key, read_date, read_staff_number
from agano_dx.lib.workbooks.headings import (
    HeadingDictionary,
    HeadingError,
    Record,
    Table,
    find_table,
)
from agano_dx.lib.workbooks.reading import Book
from training.models import (
    COMPLETING,
    AttendanceStatus,
    Category,
)

T = TypeVar("T")

LONGEST_TITLE = 100
LABELS = {"staff_no": "職員番号", "held_on": "開催日", "completed_at": "修了日時"}

STAFF_NO = ("職員番号", "職員コード", "職員ID", "ユーザーID", "ユーザID", "社員番号", "番号")
NAME = ("氏名", "職員氏名", "名前", "受講者名")
HISTORY_HEADINGS = HeadingDictionary(
    {
        "title": ("研修名", "講座名", "コース名", "研修"),
        "category": ("研修区分", "区分"),
        "held_on": ("開催日", "受講日", "実施日", "研修日"),
        "staff_no": STAFF_NO,
        "name": NAME,
        "status": ("出欠", "受講状況", "結果"),
        "note": ("備考", "摘要"),
    }
)
HISTORY_REQUIRED = ("title", "category", "held_on", "staff_no", "status")
ELEARNING_HEADINGS = HeadingDictionary(
    {
        "title": ("コース名", "講座名", "研修名", "教材名"),
        "staff_no": STAFF_NO,
        "name": NAME,
        "progress": ("進捗率", "進捗", "達成率"),
        "completed_at": ("修了日時", "修了日", "完了日時", "完了日"),
    }
)
ELEARNING_REQUIRED = ("title", "staff_no", "completed_at")

CATEGORIES = {
    label_key(word): category
    for category, words in {
        Category.MIND: ("DXマインド", "ＤＸマインド研修", "マインド", "mind"),
        Category.KNOWLEDGE: ("知識", "デジタル知識", "knowledge"),
        Category.SKILL: ("スキル", "デジタルスキル", "skill"),
        Category.EXECUTIVE: ("幹部", "幹部職員", "executive"),
        Category.ELEARNING: ("eラーニング", "ｅラーニング", "elearning"),
        Category.OJT: ("OJT", "ojt"),
    }.items()
    for word in words
}
STATUSES = {
    label_key(word): status
    for status, words in {
        AttendanceStatus.PRESENT: ("出席", "○", "修了", "受講済"),
        AttendanceStatus.LATE: ("遅刻", "遅"),
        AttendanceStatus.LEFT_EARLY: ("早退", "早"),
        AttendanceStatus.ABSENT: ("欠席", "×", "欠"),
        AttendanceStatus.EXCUSED: ("免除",),
    }.items()
    for word in words
}


@dataclass(frozen=True, slots=True)
class PastAttendance:
    """One row of a file: a person on an offering of a course, and how it ended."""

    sheet: str
    row: int
    title: str
    category: str
    starts_on: date
    ends_on: date
    number: str
    name: str
    status: str
    completed_on: date | None
    note: str = ""


def read_history(book: Book, found: Findings) -> list[PastAttendance]:
    """Rows of a training history: 研修名・研修区分・開催日・職員番号・氏名・出欠・備考."""
    return [
        row
        for table in _tables(book, HISTORY_HEADINGS, HISTORY_REQUIRED)
        for record in table.records
        if _is_readable(table.sheet, record, found)
        and (row := _history_row(table.sheet, record, found)) is not None
    ]


def read_elearning(book: Book, category: str, found: Findings) -> list[PastAttendance]:
    """Rows of an e-learning log; those not yet finished are left out with a warning.

    All completions of a course in a fiscal year stand on one offering, open that whole year.
    """
    return [
        row
        for table in _tables(book, ELEARNING_HEADINGS, ELEARNING_REQUIRED)
        for record in table.records
        if _is_readable(table.sheet, record, found)
        and (row := _elearning_row(table.sheet, record, category, found)) is not None
    ]


def _tables(book: Book, headings: HeadingDictionary, required: tuple[str, ...]) -> list[Table]:
    tables: list[Table] = []
    refusal: HeadingError | None = None
    for sheet in book.sheets:
        try:
            tables.append(find_table(sheet, headings, required, key_fields=("staff_no",)))
        except HeadingError as error:
            if error.code != "no_heading":
                raise
            refusal = refusal or error
    if not tables:
        raise refusal or DomainError("シートがありません。受講履歴のファイルを選んでください。")
    return tables


def _is_readable(sheet: str, record: Record, found: Findings) -> bool:
    """Whether no cell of the row holds an error value or the like; such cells are noted."""
    problems = list(problem_cells(sheet, record))
    found.errors += problems
    return not problems


def _history_row(sheet: str, record: Record, found: Findings) -> PastAttendance | None:
    number = _typed(sheet, record, "staff_no", read_staff_number, found)
    held_on = _typed(sheet, record, "held_on", read_date, found)
    category = _word(sheet, record, "category", CATEGORIES, found)
    status = _word(sheet, record, "status", STATUSES, found)
    title = _title(sheet, record, found)
    if not (number and held_on and category and status and title):
        return None
    return PastAttendance(
        sheet=sheet,
        row=record.number,
        title=title,
        category=category,
        starts_on=held_on,
        ends_on=held_on,
        number=number,
        name=_text(record, "name"),
        status=status,
        completed_on=held_on if status in COMPLETING else None,
        note=_text(record, "note")[:200],
    )


def _elearning_row(
    sheet: str, record: Record, category: str, found: Findings
) -> PastAttendance | None:
    progress = _text(record, "progress").rstrip("%％")
    if not _text(record, "completed_at"):
        found.warnings.append(
            at_cell(
                sheet,
                record,
                record.cell("progress"),
                f"まだ修了していません（進捗{progress or '不明'}）。この行は取り込みません。",
            )
        )
        return None
    number = _typed(sheet, record, "staff_no", read_staff_number, found)
    completed_on = _typed(sheet, record, "completed_at", read_date, found)
    title = _title(sheet, record, found)
    if not (number and completed_on and title):
        return None
    year = FiscalYear.containing(completed_on)
    return PastAttendance(
        sheet=sheet,
        row=record.number,
        title=title,
        category=category,
        starts_on=year.first_day,
        ends_on=year.last_day,
        number=number,
        name=_text(record, "name"),
        status=AttendanceStatus.PRESENT,
        completed_on=completed_on,
    )


def _text(record: Record, name: str) -> str:
    cell = record.cell(name)
    return cell.text.strip() if cell is not None else ""


def _title(sheet: str, record: Record, found: Findings) -> str:
    title = _text(record, "title")
    message = "" if title else "研修名がありません。入れてください。"
    if len(title) > LONGEST_TITLE:
        message = f"研修名が長すぎます。{LONGEST_TITLE}文字以内にしてください。"
    if message:
        found.errors.append(at_cell(sheet, record, record.cell("title"), message))
        return ""
    return title


def _typed(
    sheet: str, record: Record, name: str, read: Callable[..., Reading[T]], found: Findings
) -> T | None:
    cell = record.cell(name)
    blank: Reading[T] = Reading()
    reading = read(cell.raw, cell.number_format) if cell is not None else blank
    if reading.error or reading.value is None:
        message = reading.error or f"{LABELS[name]}が空欄です。入れてください。"
        found.errors.append(at_cell(sheet, record, cell, message))
        return None
    if reading.warning:
        found.warnings.append(at_cell(sheet, record, cell, reading.warning))
    return reading.value


def _word(
    sheet: str, record: Record, name: str, words: dict[str, Any], found: Findings
) -> str | None:
    text = _text(record, name)
    word: str | None = words.get(label_key(text))
    if word is None:
        labels = "・".join(dict.fromkeys(str(value.label) for value in words.values()))
        found.errors.append(
            at_cell(
                sheet,
                record,
                record.cell(name),
                f"「{text}」は使えない言葉です。{labels}のいずれかにしてください。",
            )
        )
    return word
