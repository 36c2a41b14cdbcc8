"""Logs of e-learning systems, of which no two look alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.issues import Findings, at_cell
from agano_dx.lib.japanese import label_key, plain, read_date
from agano_dx.lib.workbooks.headings import HeadingDictionary, Record, Table
from agano_dx.lib.workbooks.reading import Book
from training.imports.cells import (
    KANA,
    NAME,
    STAFF_NO,
    by_label,
    is_readable,
    maybe,
    staff_number,
    tables_of,
    text,
    title,
)
from training.imports.lines import UNFINISHED, Line
from training.models import AttendanceStatus, Course

HEADINGS: Final = HeadingDictionary(
    {
        "title": (
            *("コース名", "講座名", "研修名", "教材名", "コース", "講座", "教材", "科目", "科目名"),
            *("コンテンツ名", "学習コース", "受講コース", "course", "course name"),
        ),
        "staff_no": (
            *STAFF_NO,
            *("ログインID", "受講者ID", "受講者番号", "受講者コード", "学習者ID", "学習者番号"),
            *("ユーザーコード", "ユーザコード", "アカウント", "ID", "user id", "login id"),
        ),
        "email": ("メールアドレス", "メール", "E-mail", "email", "mail"),
        "name": (*NAME, "学習者名", "学習者氏名", "ユーザー名", "ユーザ名", "ユーザー氏名", "name"),
        "family": ("姓", "氏"),
        "given": ("名",),
        "kana": KANA,
        "progress": (
            *("進捗率", "進捗", "達成率", "進捗度", "学習進捗", "学習進捗率", "受講率", "完了率"),
            *("進捗率(%)", "進捗(%)", "達成率(%)", "受講率(%)", "progress"),
        ),
        "state": (
            *("状態", "ステータス", "受講状況", "受講状態", "学習状況", "学習状態", "修了状況"),
            *("完了状況", "進捗状況", "修了", "結果", "合否", "判定", "修了判定", "status"),
        ),
        "completed_at": (
            *("修了日時", "修了日", "完了日時", "完了日", "修了年月日", "完了年月日", "合格日"),
            *("合格日時", "受講完了日", "受講完了日時", "修了日付", "completed at"),
        ),
        "last_at": (
            *("最終アクセス日", "最終アクセス日時", "最終アクセス", "最終学習日", "最終学習日時"),
            *("最終受講日", "最終ログイン", "最終ログイン日時", "受講日", "受講日時", "学習日"),
        ),
    }
)
REQUIRED: Final = (
    ("staff_no", "email", "name", "family"),
    ("completed_at", "state", "progress"),
)
_WITH_TITLE: Final = ("title", *REQUIRED)
_FINISHED: Final = by_label(
    {
        True: (
            *("修了", "修了済", "修了済み", "完了", "完了済", "完了済み", "合格", "受講済", "済"),
            *(
                "受講済み",
                "受講完了",
                "学習完了",
                "○",
                "〇",
                "◯",
                "passed",
                "completed",
                "complete",
            ),
        ),
        False: (
            *("未修了", "未完了", "未受講", "未学習", "未着手", "未開始", "受講中", "学習中"),
            *("進行中", "履修中", "不合格", "期限切れ", "中断", "未", "×", "failed"),
            *("incomplete", "in progress", "not started"),
        ),
    }
)
_NO_DAY: Final = (
    "修了していますが、修了日がありません。修了日を入れるか、読み込むときに日を指定してください。"
)


@dataclass(frozen=True, slots=True)
class LogOptions:
    """What the file itself may not say: the category, the course, the day of completion."""

    category: str
    course: Course | None = None
    completed_on: date | None = None


def read_elearning(book: Book, options: LogOptions, found: Findings) -> list[Line]:
    """Rows of an e-learning log; those not yet finished say so.

    All completions of a course in a fiscal year stand on one offering, open that whole year, where
    no other offering of the course is open on the day.
    """
    required = REQUIRED if options.course else _WITH_TITLE
    keys = ("staff_no", "email", "name", "family")
    lines = []
    for table in tables_of(book, HEADINGS, required, keys):
        is_whole = _scale(table)
        for record in table.records:
            if is_readable(table.sheet, record, found):
                line = _line(table.sheet, record, options, is_whole, found)
                lines += [line] if line is not None else []
    return lines


def _line(
    sheet: str,
    record: Record,
    options: LogOptions,
    is_whole: Callable[[Record], bool],
    found: Findings,
) -> Line | None:
    finished = _is_finished(sheet, record, is_whole, found)
    if finished is None:
        return None
    row = _person(sheet, record)
    if not finished:
        return row
    number = staff_number(sheet, record, found)
    completed_on = _completed_on(sheet, record, options, found)
    course = options.course.title if options.course else title(sheet, record, found)
    if number.error or completed_on is None or not course:
        return None
    year = FiscalYear.containing(completed_on)
    return replace(
        row,
        status=AttendanceStatus.PRESENT.value,
        number=number.value or "",
        title=course,
        category=options.course.category if options.course else options.category,
        starts_on=year.first_day,
        ends_on=year.last_day,
        completed_on=completed_on,
    )


def _person(sheet: str, record: Record) -> Line:
    """A row of a course not finished, with whom it means and how far they are."""
    parted = " ".join(part for part in (text(record, "family"), text(record, "given")) if part)
    return Line(
        sheet=sheet,
        row=record.number,
        status=UNFINISHED,
        said=text(record, "state") or text(record, "progress"),
        # Nothing is written about them, so an unreadable number is no error.
        number=staff_number(sheet, record, Findings()).value or "",
        name=text(record, "name") or parted,
        kana=text(record, "kana"),
        email=text(record, "email"),
    )


def _is_finished(
    sheet: str, record: Record, is_whole: Callable[[Record], bool], found: Findings
) -> bool | None:
    """Whether the course is finished; `None` with an error noted where the state is not known.

    The state goes before the day, the day before the progress: who failed has a day too.
    """
    state = text(record, "state")
    if state and label_key(state) not in _FINISHED:
        message = f"状態「{state}」は読めません。「修了」か「未修了」に直してください。"
        found.errors.append(at_cell(sheet, record, record.cell("state"), message))
        return None
    if state:
        return _FINISHED[label_key(state)]
    return bool(text(record, "completed_at")) or is_whole(record)


def _completed_on(sheet: str, record: Record, options: LogOptions, found: Findings) -> date | None:
    """The day of completion, else of the last visit, else the one given for the whole file."""
    for name in ("completed_at", "last_at"):
        reading = maybe(sheet, record, name, read_date, found)
        if not reading.is_blank:
            return reading.value
    if options.completed_on is None:
        found.errors.append(at_cell(sheet, record, None, _NO_DAY))
    return options.completed_on


def _scale(table: Table) -> Callable[[Record], bool]:
    """Whether a progress is the whole: 100, or 1 in a list that counts from 0 to 1."""
    bare = [number for record in table.records if (number := _progress(record)[1]) is not None]
    whole = 1 if bare and max(bare) <= 1 else 100

    def is_whole(record: Record) -> bool:
        in_percent, number = _progress(record)
        if in_percent is not None:
            return in_percent >= 100
        return number is not None and number >= whole

    return is_whole


def _progress(record: Record) -> tuple[float | None, float | None]:
    """The progress in per cent, or as a bare number of which the whole list tells the meaning.

    Of a cell its value counts: Excel shows 99.6 % as 100%.
    """
    cell = record.cell("progress")
    if cell is None:
        return None, None
    if isinstance(cell.value, int | float) and "%" in cell.number_format:
        return round(cell.value * 100, 6), None
    written = "".join(plain(cell.text).split())
    try:
        number = float(written.rstrip("%"))
    except ValueError:
        return None, None
    return (number, None) if written.endswith("%") else (None, number)
