"""What is to be done with each change of a preview."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.models import ChangeKind, Decision, ImportStatus, RosterChange, RosterImport, User
from staff.roster.choices import RosterChoices
from staff.services.rosters.locking import lock_waiting
from staff.services.rosters.previews import replan

# Without them the other changes of the same person have nobody to change.
BASES = (ChangeKind.HIRED, ChangeKind.RETURNED, ChangeKind.RENUMBERED)


@transaction.atomic
def decide(
    *, roster_import: RosterImport, changes: Collection[int], decision: Decision, by: User | None
) -> int:
    """Decide the same on several changes, by primary key; how many are decided so now.

    Where somebody's hiring is left out, all else about the person is left out with it, and comes
    back with it; what raised a question of its own is then asked again.
    """
    locked = _lock_preview(roster_import)
    chosen = list(locked.changes.filter(pk__in=changes))
    bases = [change for change in chosen if change.kind in BASES]
    if decision == Decision.ACCEPTED:
        numbers = {change.number for change in bases}
        _check_bases(locked, [change for change in chosen if change.number not in numbers])
    new = dict.fromkeys(chosen, decision) | _along(locked, bases, changes, decision)
    moved = [change for change in new if change.decision != new[change]]
    was = {f"{change.number}.{change.kind}": (change.decision, new[change]) for change in moved}
    for change in moved:
        change.decision = new[change]
    RosterChange.objects.bulk_update(moved, ["decision"])
    if was:
        audit.record(by=by, action=audit.UPDATE, about=[(locked, was)])
    return len(chosen)


def _along(
    locked: RosterImport,
    bases: Collection[RosterChange],
    chosen: Collection[int],
    decision: Decision,
) -> dict[RosterChange, Decision]:
    """What becomes of the other changes of the same people."""
    if decision == Decision.ACCEPTED:  # only what went with its base comes back with it
        bases = [base for base in bases if base.decision == Decision.LEFT_OUT]
    others = locked.changes.filter(number__in={base.number for base in bases})
    others = others.exclude(pk__in=chosen)
    if decision != Decision.ACCEPTED:
        return dict.fromkeys(others, decision)
    return {
        change: Decision.OPEN if change.question else Decision.ACCEPTED
        for change in others.filter(decision=Decision.LEFT_OUT)
    }


@transaction.atomic
def correct_change(
    *,
    roster_import: RosterImport,
    change: int,
    after: dict[str, Any],
    starts_on: date,
    by: User | None,
) -> RosterChange:
    """Let a change do something else than the file says, and take it as decided.

    The day stays the file's for changes that are known by it.
    """
    locked = _lock_preview(roster_import)
    row = locked.changes.select_for_update().get(pk=change)
    if row.starts_on != starts_on:
        raise DomainError("発令日はここでは変えられません。ファイルの発令日を直してください。")
    if all(row.before.get(name) == value for name, value in after.items()) and row.before:
        raise DomainError(
            "直した内容が変更前と同じです。変えないときは「反映しない」を選んでください。"
        )
    was = row.after
    row.read_as = row.read_as or row.after
    row.after = row.after | after
    row.decision = Decision.ACCEPTED
    if "name" in after:
        row.name = after["name"]
    row.save(update_fields=["read_as", "after", "decision", "name"])
    changed = {f"{row.number}.{name}": (was.get(name), row.after[name]) for name in after}
    audit.record(by=by, action=audit.UPDATE, about=[(locked, changed)])
    return row


def same_person(
    *, roster_import: RosterImport, new_number: str, old_number: str, today: date
) -> RosterImport:
    """Say that somebody hired is a person known by another number, and compute anew."""
    asked = roster_import.changes.filter(number=new_number, kind=ChangeKind.HIRED)
    if not any(old_number in change.namesakes for change in asked):
        raise DomainError("同じ氏名の職員ではありません。一覧から選び直してください。")
    choices = RosterChoices.from_json(roster_import.choices)
    known = {**choices.same_people, new_number: old_number}
    return replan(
        roster_import=roster_import, choices=replace(choices, same_people=known), today=today
    )


def _lock_preview(roster_import: RosterImport) -> RosterImport:
    locked = lock_waiting(roster_import)
    if locked.status != ImportStatus.PREVIEW:
        raise DomainError("列の読み方がまだ決まっていません。先に読み方を確かめてください。")
    return locked


def _check_bases(locked: RosterImport, chosen: Collection[RosterChange]) -> None:
    numbers = {change.number for change in chosen}
    left_out = locked.changes.filter(
        number__in=numbers, kind__in=BASES, decision=Decision.LEFT_OUT
    ).exclude(pk__in=[change.pk for change in chosen])
    if first := left_out.first():
        raise DomainError(
            f"{first.number}の「{first.get_kind_display()}」を反映しないことになっています。"
            "先にそちらを「反映する」にしてください。"
        )
