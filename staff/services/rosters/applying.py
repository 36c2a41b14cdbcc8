"""Put a preview into force, whole or not at all; one import at a time."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from agano_dx.lib import audit
from staff.models import (
    ChangeKind,
    ImportStatus,
    RosterChange,
    RosterFile,
    RosterImport,
    RosterUndo,
    User,
)
from staff.roster import traces
from staff.roster.apply import Written, write_changes
from staff.roster.choices import RosterChoices
from staff.roster.missing import CreatedMasters
from staff.roster.plan import RosterPlan, plan_import
from staff.services.rosters.locking import announce, lock_waiting, take_turn, withdraw
from staff.services.rosters.previews import book_of, key_of, last_applied
from staff.services.rosters.refusals import (
    DecisionsOpenError,
    ImportErrorsRemainError,
    LeaversNotAcceptedError,
    StalePreviewError,
)


def apply_upload(
    *,
    roster_import: RosterImport,
    by: User,
    at: datetime,
    today: date,
    leavers_accepted: bool,
    question_accepted: bool,
) -> RosterImport:
    """Put an uploaded roster into force, after computing it again under the lock.

    While it runs, others see who is at it.
    """
    book = book_of(roster_import)
    announce(roster_import, by, at)
    try:
        with transaction.atomic():
            take_turn(roster_import, at)
            locked = lock_waiting(roster_import)
            plan = plan_import(
                book,
                kind=locked.kind,
                effective_on=locked.effective_on,
                today=today,
                choices=RosterChoices.from_json(locked.choices),
            )
            _check_still_the_same(locked, plan)
            return apply_import(
                roster_import=locked,
                by=by,
                at=at,
                leavers_accepted=leavers_accepted,
                question_accepted=question_accepted,
                created=plan.created,
            )
    finally:
        withdraw(roster_import)


@transaction.atomic
def apply_import(
    *,
    roster_import: RosterImport,
    by: User | None,
    at: datetime,
    leavers_accepted: bool,
    question_accepted: bool = False,
    created: CreatedMasters | None = None,
) -> RosterImport:
    """Put a preview into force: what was decided, audited person by person.

    Under the lock it is checked again that the city is as the preview saw it.
    """
    take_turn(roster_import, at)
    locked = lock_waiting(roster_import)
    _check_may_apply(locked, leavers_accepted=leavers_accepted, question_accepted=question_accepted)
    made = _save_created(created)
    changes = list(locked.changes.to_write())
    written = write_changes(changes, source=locked)
    if written is None:
        raise StalePreviewError(
            "プレビューの後に職員の情報が変わりました。ファイルをもう一度読み込んでください。"
        )
    RosterUndo.objects.create(
        roster_import=locked, created=made | written.created, changed=written.changed
    )
    RosterFile.objects.filter(roster_import=locked).delete()
    locked.status = ImportStatus.APPLIED
    locked.applied_by, locked.applied_at = by, at
    locked.save(update_fields=["status", "applied_by", "applied_at"])
    _leave_trail(locked, by, written, changes)
    return locked


def _leave_trail(
    locked: RosterImport, by: User | None, written: Written, changes: list[RosterChange]
) -> None:
    audit.record(by=by, action=audit.UPDATE, about=written.trail)
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(locked, {"status": (ImportStatus.PREVIEW, ImportStatus.APPLIED)})],
        extra={
            "file_name": locked.file_name,
            "sha256": locked.sha256,
            "rows": locked.rows,
            "changes": len(changes),
            "counts": {
                kind: count
                for kind in ChangeKind.values
                if (count := sum(change.kind == kind for change in changes))
            },
        },
    )


def _check_still_the_same(locked: RosterImport, plan: RosterPlan) -> None:
    """The file must say against the city of now what the preview says."""
    stored = {(key_of(change), change.question) for change in locked.changes.all()}
    now = {(key_of(change), change.question) for change in plan.diff.changes}
    if stored != now or bool(plan.errors) != bool(locked.errors):
        raise StalePreviewError(
            "プレビューの後に職員の情報が変わりました。ファイルをもう一度読み込んでください。"
        )


def _check_may_apply(
    locked: RosterImport, *, leavers_accepted: bool, question_accepted: bool
) -> None:
    if locked.status != ImportStatus.PREVIEW:
        raise ImportErrorsRemainError(
            "列の読み方がまだ決まっていません。先に読み方を確かめてください。"
        )
    if locked.errors or locked.effective_on is None:
        raise ImportErrorsRemainError(
            "誤りが残っているため反映できません。ファイルを直して、もう一度読み込んでください。"
        )
    if last_applied() != locked.follows:
        raise StalePreviewError(
            "プレビューの後に別の名簿が反映されました。ファイルをもう一度読み込んでください。"
        )
    if waiting := locked.changes.undecided().count():
        raise DecisionsOpenError(
            f"決めていない変更が{waiting}件あります。「反映する」か「反映しない」を選んでください。"
        )
    if locked.question and not question_accepted:
        raise DecisionsOpenError(
            "古い名簿の確認がまだです。内容を確かめ、確認の欄に印を付けてください。"
        )
    leavers = locked.changes.absent().to_write().count()
    if leavers and not leavers_accepted:
        raise LeaversNotAcceptedError(
            f"退職になる{leavers}人の確認がまだです。一覧を確かめ、確認の欄に印を付けてください。"
        )


def _save_created(created: CreatedMasters | None) -> dict[str, dict[str, str]]:
    """Save the new departments and ranks; their rows for the way back."""
    if created is None:
        return {}
    keys: dict[str, list[int]] = {label: [] for label in traces.MASTERS}
    for row in (*created.departments, *created.ranks):
        try:
            row.full_clean()
        except ValidationError as error:  # the code may be that of a unit yet to open
            raise ImportErrorsRemainError(
                f"「{row}」を新しく登録できません。{''.join(error.messages)}"
                "登録のない所属・職名の扱いを決め直してください。"
            ) from error
        row.save()
        keys[row._meta.label].append(row.pk)
    found = traces.rows_by_key(keys)
    return traces.created_since({label: {} for label in found}, found)
