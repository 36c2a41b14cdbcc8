"""Take an import back: every row as it was before, or nothing and the reasons."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError

from agano_dx.lib import audit
from agano_dx.lib.fiscal import era_date
from staff.models import ImportStatus, RosterChange, RosterImport, RosterUndo, StaffMember, User
from staff.roster import traces
from staff.services.rosters.locking import take_turn
from staff.services.rosters.refusals import AlreadyDecidedError, CannotBeUndoneError

_SHOWN = 10
_BATCH = 500


@transaction.atomic
def undo_import(*, roster_import: RosterImport, by: User | None, at: datetime) -> RosterImport:
    """Put back every field and place that the import changed, and take away what it added.

    Refused with the reasons while a later roster is in force, or something that it wrote was
    changed since, or something was recorded about somebody whom it hired.
    """
    take_turn(roster_import, at)
    locked = RosterImport.objects.select_for_update().get(pk=roster_import.pk)
    if locked.status != ImportStatus.APPLIED:
        raise AlreadyDecidedError("この取込は反映済みではありません。一覧で確かめてください。")
    undo = RosterUndo.objects.filter(roster_import=locked).first()
    if undo is None:  # applied before the way back was kept
        raise CannotBeUndoneError(["取消の控えがありません。正しい名簿を読み込んでください。"])
    if reasons := [*_later_rosters(locked), *_changed_since(undo)]:
        raise CannotBeUndoneError(reasons)
    people = _people_of(undo)
    _put_back(undo)
    _take_away(undo, by)
    locked.status = ImportStatus.UNDONE
    locked.undone_by, locked.undone_at = by, at
    locked.save(update_fields=["status", "undone_by", "undone_at"])
    undo.delete()
    _leave_trail(locked, by, people)
    return locked


def _later_rosters(locked: RosterImport) -> list[str]:
    later = RosterImport.objects.in_force().filter(applied_at__gt=locked.applied_at)
    return [
        f"後から反映した名簿「{each.file_name}」（{era_date(each.effective_on)}）があります。"
        "先にその名簿を取り消してください。"
        for each in later.order_by("-applied_at")
        if each.effective_on is not None
    ]


def _changed_since(undo: RosterUndo) -> list[str]:
    """Rows that are no longer as the import left them, told by person."""
    keys: dict[str, set[int]] = {
        label: {int(pk) for rows in (undo.created, undo.changed) for pk in rows.get(label, {})}
        for label in {*undo.created, *undo.changed}
    }
    now = traces.rows_by_key(keys)
    return [
        f"{traces.model_of(label)._meta.verbose_name}（{_some(touched)}）が、その後に直されています。"
        "直した内容を元に戻してから取り消してください。"
        for label, rows in now.items()
        if (touched := _touched(undo, label, keys[label], rows))
    ]


def _touched(
    undo: RosterUndo, label: str, keys: set[int], rows: dict[int, dict[str, Any]]
) -> list[str]:
    """What the rows changed since are called: staff numbers, or the names of masters."""
    changed = [pk for pk in keys if not _is_untouched(undo, label, pk, rows.get(pk))]
    by_key = label == "staff.StaffMember"
    people: list[int] = [pk if by_key else rows.get(pk, {}).get("staff_id") or 0 for pk in changed]
    numbers = dict(StaffMember.objects.filter(pk__in=people).values_list("pk", "number"))
    return [
        numbers.get(staff) or _called(rows.get(pk))
        for pk, staff in zip(changed, people, strict=True)
    ]


def _called(row: dict[str, Any] | None) -> str:
    return "削除済み" if row is None else str(row.get("name") or row.get("username"))


def _is_untouched(undo: RosterUndo, label: str, pk: int, row: dict[str, Any] | None) -> bool:
    if row is None:
        return False
    made = undo.created.get(label, {}).get(str(pk))
    if made is not None:
        return bool(made == traces.digest(row))
    after = undo.changed[label][str(pk)][1]
    return all(row[name] == value for name, value in after.items())


def _some(words: list[str]) -> str:
    shown = "、".join(sorted(set(words))[:_SHOWN])
    rest = len(set(words)) - _SHOWN
    return f"{shown} ほか{rest}件" if rest > 0 else shown


def _people_of(undo: RosterUndo) -> list[int]:
    """Primary keys of the people who stay and whose rows change."""
    label = "staff.StaffMember"
    changed = {int(pk) for pk in undo.changed.get(label, {})}
    hired = {int(pk) for pk in undo.created.get(label, {})}
    for placed in ("staff.Assignment", "staff.ConcurrentPost"):
        keys = [*undo.created.get(placed, {}), *undo.changed.get(placed, {})]
        model = traces.model_of(placed)
        changed |= set(model._base_manager.filter(pk__in=keys).values_list("staff", flat=True))
    return sorted(changed - hired)


def _put_back(undo: RosterUndo) -> None:
    for label, rows in undo.changed.items():
        model = traces.model_of(label)
        fields = {field.attname: field for field in model._meta.concrete_fields}
        found = model._base_manager.in_bulk([int(pk) for pk in rows])
        names: set[str] = set()
        for pk, (before, _) in rows.items():
            for name, value in before.items():
                setattr(found[int(pk)], name, fields[name].to_python(value))
                names.add(fields[name].name)
        model._base_manager.bulk_update(found.values(), sorted(names), batch_size=_BATCH)


def _take_away(undo: RosterUndo, by: User | None) -> None:
    """Delete what was added, people last; what hangs on them since is the reason to refuse."""
    hired = [int(pk) for pk in undo.created.get("staff.StaffMember", {})]
    # Imports dropped since may name them; they keep the number and the name.
    RosterChange.objects.filter(staff__in=hired).exclude(
        roster_import__status=ImportStatus.APPLIED
    ).update(staff=None)
    try:
        with audit.told_by_the_caller():
            for label in (*traces.OF_PEOPLE, *traces.MASTERS):
                _delete(label, [int(pk) for pk in undo.created.get(label, {})])
    except ProtectedError as error:
        raise CannotBeUndoneError(_dependents(error.protected_objects)) from error
    gone: list[tuple[models.Model, audit.Changes]] = [
        (traces.model_of(label)(pk=int(pk)), {})
        for label, rows in undo.created.items()
        for pk in rows
    ]
    audit.record(by=by, action=audit.DELETE, about=gone)


def _delete(label: str, keys: list[int]) -> None:
    made = traces.model_of(label)._base_manager.filter(pk__in=keys)
    if label == "staff.Department":
        made.update(parent=None)  # a section and its division go together
    made.delete()


def _dependents(protected: Iterable[models.Model]) -> list[str]:
    kinds = Counter(str(row._meta.verbose_name) for row in protected)
    return [
        f"この名簿で加えた職員や所属に、{kind}が{count}件記録されています。"
        "その記録をなくしてから取り消すか、次の名簿で直してください。"
        for kind, count in kinds.items()
    ]


def _leave_trail(locked: RosterImport, by: User | None, people: list[int]) -> None:
    states = (ImportStatus.APPLIED, ImportStatus.UNDONE)
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(StaffMember(pk=pk), {"roster_import": (str(locked.pk), None)}) for pk in people],
    )
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(locked, {"status": states})],
        extra={"sha256": locked.sha256, "people": len(people)},
    )
