"""How the readers of attendance files take what a row says."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, at_cell, problem_cells, without_my_number
from agano_dx.lib.japanese import Reading, label_key, read_staff_number
from agano_dx.lib.workbooks.dictionary import Required
from agano_dx.lib.workbooks.headings import (
    HeadingDictionary,
    HeadingError,
    Record,
    Table,
    find_table,
)
from agano_dx.lib.workbooks.reading import Book

T = TypeVar("T")

LONGEST_TITLE = 100
LONGEST_NOTE = 200

STAFF_NO = (
    *("職員番号", "職員コード", "職員CD", "職員No", "職員No.", "職員ID", "ユーザーID", "ユーザID"),
    *("社員番号", "社員コード", "社員ID", "番号", "職番"),
)
NAME = ("氏名", "職員氏名", "名前", "受講者名", "受講者氏名", "漢字氏名", "参加者", "参加者氏名")
KANA = ("氏名カナ", "カナ氏名", "フリガナ", "ふりがな", "カナ", "氏名(カナ)", "読み")
_LABELS = {"staff_no": "職員番号", "held_on": "開催日"}


def tables_of(
    book: Book, headings: HeadingDictionary, required: Required, keys: tuple[str, ...]
) -> list[Table]:
    """The lists of all sheets that have one; HeadingError when none has."""
    tables: list[Table] = []
    refusal: HeadingError | None = None
    for sheet in book.sheets:
        try:
            tables.append(find_table(sheet, headings, required, key_fields=keys))
        except HeadingError as error:
            if error.code != "no_heading":
                raise
            refusal = refusal or error
    if not tables:
        raise refusal or DomainError("シートがありません。表の入ったファイルを選んでください。")
    return tables


def is_readable(sheet: str, record: Record, found: Findings) -> bool:
    """Whether no cell of the row holds an error value or the like; such cells are noted."""
    problems = list(problem_cells(sheet, record))
    found.errors += problems
    return not problems


def text(record: Record, name: str) -> str:
    """The cell as a person sees it, without what may be a My Number."""
    cell = record.cell(name)
    return without_my_number(cell.text.strip()) if cell is not None else ""


def title(sheet: str, record: Record, found: Findings) -> str:
    """The course's title; "" with an error noted where it cannot be one."""
    written = text(record, "title")
    message = "" if written else "研修名がありません。入れてください。"
    if len(written) > LONGEST_TITLE:
        message = f"研修名が長すぎます。{LONGEST_TITLE}文字以内にしてください。"
    if message:
        found.errors.append(at_cell(sheet, record, record.cell("title"), message))
        return ""
    return written


def typed(
    sheet: str, record: Record, name: str, read: Callable[..., Reading[T]], found: Findings
) -> T | None:
    """What must stand in the cell; `None` with an error noted where it does not."""
    reading = maybe(sheet, record, name, read, found)
    if reading.is_blank:
        message = f"{_LABELS[name]}が空欄です。入れてください。"
        found.errors.append(at_cell(sheet, record, record.cell(name), message))
    return reading.value


def maybe(
    sheet: str, record: Record, name: str, read: Callable[..., Reading[T]], found: Findings
) -> Reading[T]:
    """What may stand in the cell; errors and warnings are noted."""
    cell = record.cell(name)
    if cell is None:
        return Reading()
    reading = read(cell.raw, cell.number_format)
    if reading.error:
        found.errors.append(at_cell(sheet, record, cell, reading.error))
    elif reading.warning:
        found.warnings.append(at_cell(sheet, record, cell, reading.warning))
    return reading


def staff_number(sheet: str, record: Record, found: Findings) -> Reading[str]:
    """The staff number, if the row has one."""
    return maybe(sheet, record, "staff_no", read_staff_number, found)


def by_label(words: Mapping[T, tuple[str, ...]]) -> dict[str, T]:
    """Every spelling, folded as headings are, and what it means."""
    return {label_key(word): value for value, spellings in words.items() for word in spellings}
