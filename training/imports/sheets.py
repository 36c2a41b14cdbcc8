"""Sign-in sheets (出席簿): who came, by the marks people make."""

from typing import Final, TypeAlias

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, at_cell
from agano_dx.lib.japanese import label_key, name_key, read_staff_number, says_nothing
from agano_dx.lib.workbooks.headings import HeadingDictionary, Record
from agano_dx.lib.workbooks.reading import Book
from training.imports.cells import (
    KANA,
    LONGEST_NOTE,
    NAME,
    STAFF_NO,
    by_label,
    is_readable,
    staff_number,
    tables_of,
    text,
)
from training.imports.lines import TRIANGLE, TRIANGLES, Line
from training.models import AbsenceReason, AttendanceStatus

# A state, and the reason where it is 欠席届.
Mark: TypeAlias = tuple[str, str]
PRESENT: Final = AttendanceStatus.PRESENT.value
RUNNING: Final = ("番号", "No.", "No", "№", "連番", "通番", "整理番号")
# A column of its own for one state, with a tick in it.
_OWN_COLUMNS: Final = {
    "late": AttendanceStatus.LATE.value,
    "left_early": AttendanceStatus.LEFT_EARLY.value,
    "absent": AttendanceStatus.ABSENT.value,
    "excused": AttendanceStatus.EXCUSED.value,
}
HEADINGS: Final = HeadingDictionary(
    {
        "staff_no": tuple(spelling for spelling in STAFF_NO if spelling != "番号"),
        "running": RUNNING,
        "name": NAME,
        "kana": KANA,
        "mark": (
            *("出欠", "出席", "出欠状況", "出欠欄", "出欠確認", "出席確認", "出席状況", "参加"),
            *("受講", "受講状況", "出席印", "状態", "結果"),
        ),
        "sign": ("署名", "受付", "サイン", "自署", "押印", "印", "受付印", "確認", "チェック"),
        "late": ("遅刻",),
        "left_early": ("早退",),
        "absent": ("欠席",),
        "excused": ("免除",),
        "note": ("備考", "摘要"),
    }
)
REQUIRED: Final = (
    ("staff_no", "running", "name", "kana"),
    ("mark", "sign", "late", "left_early", "absent"),
)
MARKS: Final[dict[str, Mark]] = by_label(
    {
        (PRESENT, ""): (
            *("○", "〇", "◯", "◎", "●", "✓", "✔", "☑", "☑️", "レ", "出", "出席", "参加", "受講"),
            *("済", "受付済", "修了", "受講済", "TRUE"),
        ),
        (AttendanceStatus.LATE.value, ""): ("遅", "遅刻", "遅参"),
        (AttendanceStatus.LEFT_EARLY.value, ""): ("早", "早退"),
        (AttendanceStatus.ABSENT.value, ""): (
            *("×", "✕", "✖", "✗", "✘", "☓", "╳", "x", "欠", "欠席", "不参加"),
        ),
        (AttendanceStatus.EXCUSED.value, ""): ("免", "免除"),
        (AttendanceStatus.NOTIFIED.value, AbsenceReason.DUTY.value): (
            *("公務", "公", "公欠", "出張", "欠席(公務)", "欠(公務)"),
        ),
        (AttendanceStatus.NOTIFIED.value, AbsenceReason.HOLIDAY.value): (
            *("休暇", "休", "年休", "有休", "欠席(休暇)", "欠(休暇)"),
        ),
        (AttendanceStatus.NOTIFIED.value, AbsenceReason.OTHER.value): ("欠席届", "届"),
        (TRIANGLE, ""): TRIANGLES,
        ("", ""): ("FALSE", "☐", "□"),
    }
)
_ALSO_THERE: Final = (AttendanceStatus.LATE.value, AttendanceStatus.LEFT_EARLY, TRIANGLE)
_UNKNOWN: Final = (
    "「{mark}」は使えない印です。○・×・遅・早・欠・△・免除・公務・休暇のいずれかに直してください。"
)
_TWO_MARKS: Final = "印が2つ以上あり、どれが正しいか分かりません。1つだけにしてください。"


def read_sheet(book: Book, found: Findings) -> list[Line]:
    """Rows of a sign-in sheet; one without any person in it is an error."""
    lines = [
        line
        for table in tables_of(book, HEADINGS, REQUIRED, ("staff_no", "name", "kana"))
        for record in table.records
        if is_readable(table.sheet, record, found)
        and (line := _line(table.sheet, record, found)) is not None
    ]
    if not (lines or found.errors):
        raise DomainError("出席簿に人の行がありません。出欠を記入した出席簿を選んでください。")
    return lines


def _line(sheet: str, record: Record, found: Findings) -> Line | None:
    name, kana = text(record, "name"), text(record, "kana")
    number = staff_number(sheet, record, found)
    if number.error:
        return None
    mark = _mark(sheet, record, name, found)
    if mark is None:
        return None
    chosen, said = mark
    status, reason = chosen
    known = number.value or _running(record)
    if not (known or name or kana):
        if status:
            message = "印がありますが、職員番号も氏名もありません。どちらかを入れてください。"
            found.errors.append(at_cell(sheet, record, None, message))
        return None
    return Line(
        sheet=sheet,
        row=record.number,
        status=status,
        said=said,
        number=known,
        name=name,
        kana=kana,
        reason=reason,
        note=text(record, "note")[:LONGEST_NOTE],
    )


def _running(record: Record) -> str:
    """What stands under No.: staff numbers in some sheets, 1, 2, 3 in others; `people` sees."""
    cell = record.cell("running")
    reading = read_staff_number(cell.raw, cell.number_format) if cell is not None else None
    return (reading.value or "") if reading is not None else ""


def _mark(sheet: str, record: Record, name: str, found: Findings) -> tuple[Mark, str] | None:
    """The one mark of the row with its text; `None` with an error noted where it cannot be read."""
    said: dict[Mark, str] = {}
    for field in ("mark", "sign", *_OWN_COLUMNS):
        written = text(record, field)
        if not written or says_nothing(written):
            continue
        meant = _meant(field, written, name)
        if meant is None:
            message = _UNKNOWN.format(mark=written)
            found.errors.append(at_cell(sheet, record, record.cell(field), message))
            return None
        if meant[0]:
            said.setdefault(meant, written)
    # Who signed and is marked as late was there, late.
    if any(status in _ALSO_THERE for status, _ in said):
        said.pop((PRESENT, ""), None)
    if len(said) > 1:
        found.errors.append(at_cell(sheet, record, record.cell("mark"), _TWO_MARKS))
        return None
    return next(iter(said.items()), (("", ""), ""))


def _meant(field: str, said: str, name: str) -> Mark | None:
    """What a mark means in its column."""
    meant = MARKS.get(label_key(said))
    if field in _OWN_COLUMNS:
        ticked = meant is not None and meant[0] in (PRESENT, _OWN_COLUMNS[field])
        if ticked:
            return _OWN_COLUMNS[field], ""
        return meant if meant == ("", "") else None
    if meant is None and field == "sign" and name and name_key(name).startswith(name_key(said)):
        return PRESENT, ""  # people sign with their name
    return meant
