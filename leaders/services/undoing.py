"""Taking back what was decided: a beginning still to come, a verdict, the closing of a cohort."""

from datetime import date, datetime

from django.db import models, transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.locks import told_when_held
from leaders.closing import outcome
from leaders.models import (
    OPEN_NOMINATIONS,
    Cohort,
    LeaderTerm,
    NominationAct,
    NominationEvent,
    NominationStatus,
    SpecialistDesignation,
)
from leaders.services.locking import lock_cohort, lock_term
from leaders.services.specialists import OwnDesignationError
from leaders.services.terms import (
    NoReasonError,
    OwnTermError,
    SucceededError,
    TermChangedError,
    TermSettledError,
)
from leaders.specialists.resting import designated_by
from staff.models import StaffMember, User

DECISION = ("completed", "decided_on", "decision_reason")


class BegunError(DomainError):
    """The first day has come: what has begun is ended, not cancelled."""


class InUseError(DomainError):
    """Something rests on it that has to go first."""


class GoneError(DomainError):
    """Somebody took it back already."""


@transaction.atomic
def cancel_term(*, term: LeaderTerm, reason: str, by: User, today: date, at: datetime) -> None:
    """Take a leader off before their first day; the nomination counts as withdrawn.

    The row goes: nobody sat. What it held stays in the audit log.
    """
    _ask_reason(reason)
    locked = _locked_open(term, by)
    if locked.starts_on <= today:
        raise BegunError(
            f"{era_date(locked.starts_on)}に就任しているため、就任を取り消せません。"
            "任期を終えるときは、「任期を終える」で退任日を入力してください。"
        )
    _refuse_in_use(locked)
    for one in locked.replacements.all():  # withdrawn ones alone
        one.replaces = None
        one.save(update_fields=["replaces"])
    nomination = locked.nomination
    locked.continuations.all().delete()
    _delete(locked, ("cohort_id", "staff_id", "department_id", "starts_on"), reason, by)
    if nomination is None:
        return
    nomination.status = NominationStatus.WITHDRAWN
    nomination.version += 1
    with audit.acting(by):
        nomination.save(update_fields=["status", "version"])
    NominationEvent.objects.create(
        nomination=nomination, act=NominationAct.WITHDRAWN, by=by, at=at, comment=reason
    )


@transaction.atomic
def undecide_term(*, term: LeaderTerm, seen: str, reason: str, by: User, today: date) -> LeaderTerm:
    """Take a verdict back, so that the term can be changed again. Twice is once."""
    _ask_reason(reason)
    locked = _locked_open(term, by)
    if not locked.is_decided:
        return locked
    if outcome(locked).mark != seen:
        raise TermChangedError(
            "開いている間に、他の人がこの任期を変えました。今の内容を確かめてから、"
            "もう一度ボタンを押してください。"
        )
    if designated_by([locked], today):
        raise InUseError(
            "この任期の修了によって専門分野人材に登用されています。"
            "先に専門分野人材の画面で登用を終了してください。"
        )
    before = {name: getattr(locked, name) for name in DECISION}
    locked.completed, locked.decided_on, locked.decision_reason = False, None, ""
    changes = {name: (old, getattr(locked, name)) for name, old in before.items()}
    with audit.told_by_the_caller():
        locked.save(update_fields=DECISION)
    audit.record(
        by=by, action=audit.UPDATE, about=[(locked, changes)], extra={"reason": reason.strip()}
    )
    return locked


@transaction.atomic
def reopen_cohort(*, cohort: Cohort, by: User) -> bool:
    """Take the closing back; whether it was closed. Verdicts, ends and nominations stay."""
    locked = lock_cohort(cohort.pk)
    if locked.closed_at is None:
        return False
    locked.closed_at = None
    with audit.acting(by):
        locked.save(update_fields=["closed_at"])
    return True


@transaction.atomic
def cancel_designation(
    *, designation: SpecialistDesignation, reason: str, by: User, today: date
) -> None:
    """Take a designation back before its first day. What the row held stays in the audit log."""
    _ask_reason(reason)
    if by.staff_id == designation.staff_id:
        raise OwnDesignationError
    with told_when_held():
        StaffMember.objects.select_for_update().get(pk=designation.staff_id)
        found = SpecialistDesignation.objects.select_for_update().filter(pk=designation.pk)
        locked = found.first()
    if locked is None:
        raise GoneError("この登用は、もう取り消してあります。候補の画面で確かめてください。")
    if locked.starts_on <= today:
        raise BegunError(
            f"{era_date(locked.starts_on)}から登用されているため、取り消せません。"
            "「終了する」で最後の日を入力してください。"
        )
    _delete(locked, ("staff_id", "route", "starts_on", "ends_on", "note"), reason, by)


def _ask_reason(reason: str) -> None:
    if not reason.strip():
        raise NoReasonError("取り消す理由を入力してください。")


def _locked_open(term: LeaderTerm, by: User) -> LeaderTerm:
    """The term under its cohort's lock; not the asker's own, not of a closed cohort."""
    try:
        locked = lock_term(term)
    except LeaderTerm.DoesNotExist as error:
        raise GoneError(
            "この就任は、もう取り消してあります。期の画面で確かめてください。"
        ) from error
    if by.staff_id == locked.staff_id:
        raise OwnTermError("自分の任期については決められません。別の人事担当に頼んでください。")
    if locked.cohort.closed_at is not None:
        raise TermSettledError(
            f"{locked.cohort}は終了処理済みのため、任期を変えられません。"
            "直すときは、先に終了処理を取り消してください。"
        )
    return locked


def _refuse_in_use(locked: LeaderTerm) -> None:
    if locked.is_decided:
        raise TermSettledError(
            "修了の判定が済んでいるため、就任を取り消せません。先に判定を取り消してください。"
        )
    if LeaderTerm.objects.filter(nomination__replaces=locked).exists():
        raise SucceededError("後任が任命されているため、就任を取り消せません。")
    if locked.replacements.filter(status__in=OPEN_NOMINATIONS).exists():
        raise InUseError("後任の推薦が出ています。先にその推薦を取り下げてください。")
    if locked.activities.exists() or locked.certificates.exists():
        raise InUseError(
            "この任期には活動か修了証の記録があるため、就任を取り消せません。"
            "任期を終えるときは、「任期を終える」で退任日を入力してください。"
        )


def _delete(row: models.Model, names: tuple[str, ...], reason: str, by: User) -> None:
    changes = {name: (getattr(row, name), None) for name in names}
    audit.record(
        by=by, action=audit.DELETE, about=[(row, changes)], extra={"reason": reason.strip()}
    )
    with audit.told_by_the_caller():
        row.delete()
