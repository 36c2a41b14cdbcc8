"""Training histories: completions from before the system."""

from typing import Any

from agano_dx.lib.issues import Findings, at_cell
from agano_dx.lib.japanese import label_key, read_date, read_staff_number
from agano_dx.lib.workbooks.headings import HeadingDictionary, Record
from agano_dx.lib.workbooks.reading import Book
from training.imports.cells import (
    LONGEST_NOTE,
    NAME,
    STAFF_NO,
    by_label,
    is_readable,
    tables_of,
    text,
    title,
    typed,
)
from training.imports.lines import Line
from training.models import COMPLETING, AttendanceStatus, Category

HEADINGS = HeadingDictionary(
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
REQUIRED = ("title", "category", "held_on", "staff_no", "status")
CATEGORIES = by_label(
    {
        Category.MIND: ("DXマインド", "ＤＸマインド研修", "マインド", "mind"),
        Category.KNOWLEDGE: ("知識", "デジタル知識", "knowledge"),
        Category.SKILL: ("スキル", "デジタルスキル", "skill"),
        Category.EXECUTIVE: ("幹部", "幹部職員", "executive"),
        Category.ELEARNING: ("eラーニング", "ｅラーニング", "elearning"),
        Category.OJT: ("OJT", "ojt"),
    }
)
STATUSES = by_label(
    {
        AttendanceStatus.PRESENT: ("出席", "○", "修了", "受講済"),
        AttendanceStatus.LATE: ("遅刻", "遅"),
        AttendanceStatus.LEFT_EARLY: ("早退", "早"),
        AttendanceStatus.ABSENT: ("欠席", "×", "欠"),
        AttendanceStatus.EXCUSED: ("免除",),
    }
)


def read_history(book: Book, found: Findings) -> list[Line]:
    """Rows of a training history: 研修名・研修区分・開催日・職員番号・氏名・出欠・備考."""
    return [
        row
        for table in tables_of(book, HEADINGS, REQUIRED, ("staff_no",))
        for record in table.records
        if is_readable(table.sheet, record, found)
        and (row := _row(table.sheet, record, found)) is not None
    ]


def _row(sheet: str, record: Record, found: Findings) -> Line | None:
    number = typed(sheet, record, "staff_no", read_staff_number, found)
    held_on = typed(sheet, record, "held_on", read_date, found)
    category = _word(sheet, record, "category", CATEGORIES, found)
    status = _word(sheet, record, "status", STATUSES, found)
    course = title(sheet, record, found)
    if not (number and held_on and category and status and course):
        return None
    return Line(
        sheet=sheet,
        row=record.number,
        status=status,
        said=text(record, "status"),
        number=number,
        name=text(record, "name"),
        title=course,
        category=category,
        starts_on=held_on,
        ends_on=held_on,
        completed_on=held_on if status in COMPLETING else None,
        note=text(record, "note")[:LONGEST_NOTE],
    )


def _word(
    sheet: str, record: Record, name: str, words: dict[str, Any], found: Findings
) -> str | None:
    written = text(record, name)
    word: str | None = words.get(label_key(written))
    if word is None:
        labels = "・".join(dict.fromkeys(str(value.label) for value in words.values()))
        message = f"「{written}」は使えない言葉です。{labels}のいずれかにしてください。"
        found.errors.append(at_cell(sheet, record, record.cell(name), message))
    return word
