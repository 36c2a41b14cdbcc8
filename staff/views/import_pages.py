"""What the pages of an import share: steps, changes in words, the preview with its filters."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Value, When
from django.urls import reverse
from django.utils import timezone

from agano_dx.lib.fiscal import era_date
from staff.models import (
    ChangeKind,
    Decision,
    Duty,
    Employment,
    ImportStatus,
    RosterChange,
    RosterFile,
    RosterImport,
)
from staff.pages import PageRequest
from staff.roster.keys import Keys

PAGE = 50
STEPS = ["ファイルを選ぶ", "読み方を確かめる", "内容を確かめる", "反映済み"]
_FILTERS = {"asked": "要判断", "open": "未決定", "left_out": "反映しない"}
_LABELS = {
    "number": "職員番号",
    "name": "氏名",
    "name_kana": "カナ",
    "email": "メール",
    "hired_on": "採用日",
    "left_on": "退職日",
    "department": "所属",
    "rank": "職名",
    "team": "係",
    "duty": "在職区分",
    "employment": "任用形態",
    "ends_on": "終了日",
    "restored_on": "元に戻る日",
}
_DAYS = ("hired_on", "left_on", "ends_on", "restored_on")

Words = list[tuple[str, str]]


def trail(roster_import: RosterImport | None = None) -> list[tuple[str, str]]:
    """The pages above: the list, and the import itself."""
    above = [("名簿取込", reverse("staff:import_list"))]
    if roster_import is not None:
        above.append((roster_import.file_name, roster_import.get_absolute_url()))
    return above


def words(values: dict[str, str | None], on: date, keys: Keys) -> Words:
    """A change's plain values as a person reads them on its day: label and word."""
    found = []
    for name, value in values.items():
        shown = value or "（なし）"
        if name == "department" and (unit := keys.unit(shown, on)):
            shown = unit.name
        elif name == "duty" and value:
            shown = Duty(value).label
        elif name == "employment" and value:
            shown = Employment(value).label
        elif name in _DAYS and value:
            shown = era_date(date.fromisoformat(value))
        if value or name != "team":
            found.append((_LABELS[name], str(shown)))
    return found


def in_words(changes: list[RosterChange]) -> list[tuple[RosterChange, Words, Words]]:
    """Changes with what stands before and after them."""
    keys = Keys.load()
    return [
        (
            change,
            words(change.before, change.starts_on, keys),
            words(_told(change), change.starts_on, keys),
        )
        for change in changes
    ]


def _told(change: RosterChange) -> dict[str, str | None]:
    """What a change does; of somebody hired only what is known."""
    if change.kind != ChangeKind.HIRED:
        return change.after
    return {name: value for name, value in change.after.items() if value}


def preview_context(request: PageRequest, roster_import: RosterImport) -> dict[str, Any]:
    """What the page of an import shows: counts, filters, one page of its changes."""
    changes = roster_import.changes
    counts = dict(changes.order_by().values_list("kind").annotate(count=Count("pk")))
    decided = dict(changes.order_by().values_list("decision").annotate(count=Count("pk")))
    asked = changes.exclude(question="").count()
    chosen = request.GET.get("kind", "")
    shown = _filtered(changes.all(), chosen)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    unanswered = [each for each in roster_import.unknown if not each.get("is_answered")]
    return {
        "roster_import": roster_import,
        "kinds": [(kind, kind.label, counts[kind]) for kind in ChangeKind if counts.get(kind)],
        "filters": [
            (key, label, count)
            for key, label in _FILTERS.items()
            if (count := asked if key == "asked" else decided.get(key, 0))
        ],
        "steps": STEPS,
        "chosen": chosen if chosen in ChangeKind.values or chosen in _FILTERS else "",
        "chosen_query": urlencode({"kind": chosen}),
        "total": sum(counts.values()),
        "to_write": decided.get(Decision.ACCEPTED, 0),
        "undecided": decided.get(Decision.OPEN, 0),
        "unanswered": len(unanswered),
        "page": page,
        "rows": in_words(list(page)),
        "is_preview": roster_import.status == ImportStatus.PREVIEW,
        "is_applied": roster_import.status == ImportStatus.APPLIED,
        "is_undone": roster_import.status == ImportStatus.UNDONE,
        "is_ahead": _is_ahead(roster_import),
        "has_file": RosterFile.objects.filter(roster_import=roster_import).exists(),
    }


def _is_ahead(roster_import: RosterImport) -> bool:
    """Whether it takes effect on a day to come, and is not dropped or taken back."""
    day = roster_import.effective_on
    stands = roster_import.is_waiting or roster_import.status == ImportStatus.APPLIED
    return stands and day is not None and day > timezone.localdate()


def _filtered(changes: Any, chosen: str) -> Any:  # noqa: ANN401 - a query set of changes
    """The changes of one kind or state; what is open stands first."""
    if chosen in ChangeKind.values:
        changes = changes.filter(kind=chosen)
    elif chosen == "asked":
        changes = changes.exclude(question="")
    elif chosen in _FILTERS:
        changes = changes.filter(decision=chosen)
    is_open = Case(When(decision=Decision.OPEN, then=Value(0)), default=Value(1))
    is_open.output_field = IntegerField()
    return changes.order_by(is_open, "number", "pk")
