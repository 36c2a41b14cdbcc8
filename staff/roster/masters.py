"""Departments and ranks from CSV: the masters of the city."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from agano_dx.lib.issues import Findings, Issue, at_cell, problem_cells
from agano_dx.lib.workbooks.headings import HeadingDictionary, Record, find_table
from agano_dx.lib.workbooks.reading import Book
from staff.models import Band, Department, DepartmentKind, Rank
from staff.organisation import DepartmentTree

DEPARTMENT_HEADINGS = HeadingDictionary(
    {
        "code": ("code", "所属コード"),
        "name": ("name", "所属名"),
        "kind": ("kind", "種別"),
        "parent": ("parent", "上位の所属"),
        "leader_required": ("leader_required", "リーダー選出"),
        "digital_office": ("digital_office", "デジタル化推進室"),
    }
)
RANK_HEADINGS = HeadingDictionary(
    {
        "name": ("name", "職名"),
        "band": ("band", "職階"),
        "executive": ("executive", "幹部職員"),
        "leader_eligible": ("leader_eligible", "リーダー推薦可"),
        "heads_department": ("heads_department", "所属長"),
    }
)
_CHECKED_HERE = ("kind", "band")
ENDED = "この所属は廃止の日が決まっています。新しいコードにするか、所属の画面で新設してください。"
_MEND = "どちらかの行を直してください。"
FLAGS = {"1": True, "0": False, "": False, "○": True, "×": False}


@transaction.atomic
def import_departments(book: Book, found: Findings) -> int:
    """Add or correct departments, by code; parents may stand anywhere in the file.

    The file has no dates: it corrects units without an end and reopens none. Answers the number
    of rows written: 0, and nothing written, when anything is wrong.
    """
    rows = _rows(book, DEPARTMENT_HEADINGS, ("code", "name", "kind"), found)
    tree = DepartmentTree.load(date.max)
    known = {unit.code: unit for unit in tree.by_id.values() if unit.closes_on is None}
    ended = {unit.code for unit in tree.by_id.values()} - set(known)
    units: dict[str, tuple[Department, str, Record]] = {}
    for order, (sheet, record) in enumerate(rows, start=1):
        code = _text(record, "code")
        unit = known.get(code) or Department(code=code)
        unit.name = _text(record, "name")
        unit.kind = _choice(sheet, record, "kind", DepartmentKind.values, found)
        unit.gives_leader = _flag(sheet, record, "leader_required", found)
        unit.is_digital_office = _flag(sheet, record, "digital_office", found)
        unit.order = order * 10
        if code in units:
            found.errors.append(
                _issue(sheet, record, "code", f"所属コードが重なっています。{_MEND}")
            )
        if code in ended:
            found.errors.append(_issue(sheet, record, "code", ENDED))
        units[code] = (unit, sheet, record)
    above = {code: tree.parent(unit.pk) for code, unit in known.items()}
    parents = {code: parent.code for code, parent in above.items() if parent}
    parents |= {code: _text(record, "parent") for code, (_, _, record) in units.items()}
    for code, (_, sheet, record) in units.items():
        parent = _text(record, "parent")
        if _goes_round(code, parents):
            found.errors.append(
                _issue(
                    sheet, record, "parent", "上位の所属がこの所属の下にあります。直してください。"
                )
            )
        if parent and parent not in units and parent not in known:
            found.errors.append(
                _issue(sheet, record, "parent", "上位の所属がありません。コードを直してください。")
            )
    return _save(
        [(unit, sheet, record) for unit, sheet, record in units.values()],
        found,
        after=lambda: _set_parents(units, above),
    )


def _goes_round(code: str, parents: Mapping[str, str]) -> bool:
    """Whether the way up from a unit comes back to it."""
    current = parents.get(code, "")
    for _ in parents:
        if current in ("", code):
            break
        current = parents.get(current, "")
    return current == code != ""


def _set_parents(
    units: Mapping[str, tuple[Department, str, Record]], above: Mapping[str, Department | None]
) -> None:
    """Hang the units where the file says. `above`: where they hang, by today's successors.

    A unit that hangs there already, by way of a parent renamed since, stays as it is.
    """
    by_code = {unit.code: unit for unit in Department.objects.filter(closes_on__isnull=True)}
    for code, (_, _, record) in units.items():
        parent = by_code.get(_text(record, "parent"))
        unit = by_code[code]
        if code not in above or above[code] != parent:
            unit.parent = parent
            unit.save(update_fields=["parent"])


@transaction.atomic
def import_ranks(book: Book, found: Findings) -> int:
    """Add or correct ranks, by name; answers the number of rows written."""
    known = {rank.name: rank for rank in Rank.objects.all()}
    ranks: list[tuple[Rank, str, Record]] = []
    rows = _rows(book, RANK_HEADINGS, ("name", "band"), found)
    for order, (sheet, record) in enumerate(rows, start=1):
        name = _text(record, "name")
        if any(name == rank.name for rank, _, _ in ranks):
            found.errors.append(_issue(sheet, record, "name", f"職名が重なっています。{_MEND}"))
        rank = known.setdefault(name, Rank(name=name))
        rank.band = _choice(sheet, record, "band", Band.values, found)
        rank.is_executive = _flag(sheet, record, "executive", found)
        rank.is_leader_eligible = _flag(sheet, record, "leader_eligible", found)
        rank.heads_department = _flag(sheet, record, "heads_department", found)
        rank.order = order * 10
        ranks.append((rank, sheet, record))
    return _save(ranks, found)


def _rows(
    book: Book, headings: HeadingDictionary, required: Sequence[str], found: Findings
) -> list[tuple[str, Record]]:
    table = find_table(book.sheets[0], headings, required, key_fields=(required[0],))
    for record in table.records:
        found.errors += problem_cells(table.sheet, record)
    return [(table.sheet, record) for record in table.records]


def _save(
    rows: Sequence[tuple[Any, str, Record]],
    found: Findings,
    after: Callable[[], None] = lambda: None,
) -> int:
    for row, sheet, record in rows:
        try:
            row.full_clean(_CHECKED_HERE, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                found.errors.append(
                    _issue(sheet, record, name, f"{''.join(messages)}直してください。")
                )
    if found.errors:
        return 0
    for row, _, _ in rows:
        row.save()
    after()
    return len(rows)


def _text(record: Record, name: str) -> str:
    cell = record.cell(name)
    return cell.text.strip() if cell is not None else ""


def _issue(sheet: str, record: Record, name: str, message: str) -> Issue:
    return at_cell(sheet, record, record.cell(name), message)


def _choice(sheet: str, record: Record, name: str, choices: Sequence[str], found: Findings) -> str:
    text = _text(record, name)
    if text not in choices:
        found.errors.append(
            _issue(sheet, record, name, f"{'・'.join(choices)}のいずれかにしてください。")
        )
    return text


def _flag(sheet: str, record: Record, name: str, found: Findings) -> bool:
    text = _text(record, name)
    if text not in FLAGS:
        found.errors.append(_issue(sheet, record, name, "1か0を入れてください。"))
    return FLAGS.get(text, False)
