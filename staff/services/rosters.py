"""Keep the preview of a roster, put it into force, or drop it."""

from datetime import datetime

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import take_exclusive
from staff.models import ImportStatus, RosterChange, RosterImport, User
from staff.roster.apply import write_changes
from staff.roster.missing import CreatedMasters
from staff.roster.plan import RosterPlan

LOCK = "staff.roster_import"


class ImportErrorsRemainError(DomainError):
    """A roster with errors cannot be put into force."""


class LeaversNotAcceptedError(DomainError):
    """A full roster makes people leave, and nobody has said yes to that."""


class StalePreviewError(DomainError):
    """The city has changed since the preview was made."""


class AlreadyDecidedError(DomainError):
    """The import was put into force or dropped before."""


@transaction.atomic
def store_preview(*, plan: RosterPlan, by: User | None) -> RosterImport:
    """Keep what the file would do, so that it can be looked at and then put into force."""
    stored = RosterImport.objects.create(
        kind=plan.kind,
        file_name=plan.file_name[:200],
        sha256=plan.sha256,
        effective_on=plan.effective_on,
        rows=plan.rows,
        unchanged=plan.diff.unchanged,
        skipped=plan.skipped,
        warnings=[issue.as_json() for issue in plan.warnings],
        errors=[issue.as_json() for issue in plan.errors],
        follows=_last_applied(),
        uploaded_by=by,
    )
    RosterChange.objects.bulk_create(
        RosterChange(
            roster_import=stored,
            number=change.number,
            name=change.name,
            staff_id=change.staff_id,
            kind=change.kind,
            starts_on=change.starts_on,
            before=change.before,
            after=change.after,
            sheet=change.sheet,
            row=change.row,
        )
        for change in plan.diff.changes
    )
    return stored


@transaction.atomic
def apply_import(
    *,
    roster_import: RosterImport,
    by: User | None,
    at: datetime,
    leavers_accepted: bool,
    created: CreatedMasters | None = None,
) -> RosterImport:
    """Put a preview into force, whole or not at all; one import at a time.

    Under the lock it is checked again that the city is as the preview saw it.
    """
    take_exclusive(LOCK)
    locked = RosterImport.objects.select_for_update().get(pk=roster_import.pk)
    _check_may_apply(locked, leavers_accepted=leavers_accepted)
    if created is not None:
        _save_created(created)
    changes = list(locked.changes.all())
    people = write_changes(changes, source=locked)
    if people is None:
        raise StalePreviewError(
            "プレビューの後に職員の情報が変わりました。ファイルをもう一度読み込んでください。"
        )
    locked.status = ImportStatus.APPLIED
    locked.applied_at = at
    locked.save(update_fields=["status", "applied_at"])
    audit.record(by=by, action=audit.UPDATE, about=people)
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(locked, {"status": (ImportStatus.PREVIEW, ImportStatus.APPLIED)})],
        extra={"sha256": locked.sha256, "rows": locked.rows, "changes": len(changes)},
    )
    return locked


@transaction.atomic
def discard_import(*, roster_import: RosterImport, by: User | None) -> RosterImport:
    """Drop a preview; nothing else changes."""
    del by  # the single save below leaves its own entry, with the request's account
    locked = RosterImport.objects.select_for_update().get(pk=roster_import.pk)
    if locked.status != ImportStatus.PREVIEW:
        raise AlreadyDecidedError("この取込はすでに処理されています。一覧で確かめてください。")
    locked.status = ImportStatus.DISCARDED
    locked.save(update_fields=["status"])
    return locked


def _last_applied() -> RosterImport | None:
    return RosterImport.objects.filter(status=ImportStatus.APPLIED).order_by("-applied_at").first()


def _check_may_apply(locked: RosterImport, *, leavers_accepted: bool) -> None:
    if locked.status != ImportStatus.PREVIEW:
        raise AlreadyDecidedError("この取込はすでに処理されています。一覧で確かめてください。")
    if locked.errors or locked.effective_on is None:
        raise ImportErrorsRemainError(
            "誤りが残っているため反映できません。ファイルを直して、もう一度読み込んでください。"
        )
    if _last_applied() != locked.follows:
        raise StalePreviewError(
            "プレビューの後に別の名簿が反映されました。ファイルをもう一度読み込んでください。"
        )
    leavers = locked.changes.absent().count()
    if leavers and not leavers_accepted:
        raise LeaversNotAcceptedError(
            f"退職になる{leavers}人の確認がまだです。一覧を確かめ、確認の欄に印を付けてください。"
        )


def _save_created(created: CreatedMasters) -> None:
    for row in (*created.departments, *created.ranks):
        row.full_clean()
        row.save()
