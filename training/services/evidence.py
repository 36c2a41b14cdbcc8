"""Evidence beyond attendance: handed in by the person, checked by somebody else.

The person's row is locked before something new is written, the evidence's own row before it is
changed or checked: the same thing sent twice is one, and of two who check, the second is told.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import told_when_held
from staff.models import StaffMember, User
from training.models import (
    Evidence,
    EvidenceFile,
    EvidenceKind,
    EvidenceQuerySet,
    EvidenceState,
)
from training.scans import Scan


class DayToComeError(DomainError):
    """The day has not come yet."""


class AlreadyRecordedError(DomainError):
    """The same thing stands there already, with other words."""


class ReturnedToBeCorrectedError(AlreadyRecordedError):
    """The same thing was returned: it is corrected where it stands, not written down anew."""


class AlreadyCheckedError(DomainError):
    """It is not waiting any more: somebody checked it, or the person has taken it back."""


class OwnEvidenceError(DomainError):
    """Nobody checks their own."""


class ChangedSinceSeenError(DomainError):
    """The person corrected it after the one who checks had opened it."""


class NotOwnRecordError(DomainError):
    """Only who it belongs to may write, change or take it back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person writes down about a piece of evidence."""

    title: str
    day: date
    note: str = ""
    hours: Decimal | None = None


def seal(evidence: Evidence) -> str:
    """What stands there, in a few letters: who checks sends back the seal of what they saw."""
    file = EvidenceFile.objects.filter(evidence=evidence).values_list("sha256", flat=True).first()
    hours = None if evidence.hours is None else f"{evidence.hours:.1f}"
    parts = (evidence.title, evidence.obtained_on, hours, evidence.note, file)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


@transaction.atomic
def hand_in(
    *, member: StaffMember, entry: Entry, scan: Scan | None, by: User, today: date
) -> Evidence:
    """資格: written down by the person, waiting to be checked. The same twice is once."""
    refuse_of_others(member.pk, by)
    _refuse_day_to_come(entry, today)
    made, is_new = add(Evidence(staff=member, kind=EvidenceKind.QUALIFICATION), entry)
    if scan is None:
        return made
    if is_new:
        _keep(made, scan)
    elif not EvidenceFile.objects.filter(evidence=made, sha256=scan.sha256).exists():
        raise _already_recorded(made)
    return made


@transaction.atomic
def confirm_use(*, member: StaffMember, entry: Entry, by: User, today: date) -> Evidence:
    """業務活用確認: a head has seen it at work, so it is confirmed as it is written."""
    _refuse_own(member.pk, by)
    _refuse_day_to_come(entry, today)
    made = Evidence(
        staff=member,
        kind=EvidenceKind.WORK_USE,
        state=EvidenceState.CONFIRMED,
        confirmed_on=today,
        confirmed_by=by,
    )
    return add(made, entry)[0]


def add(made: Evidence, entry: Entry) -> tuple[Evidence, bool]:
    """Write something new down under the person's lock; what stands there already, and `False`.

    What was returned is not taken as handed in again. Within the caller's transaction.
    """
    with told_when_held():
        StaffMember.objects.select_for_update(no_key=True).get(pk=made.staff_id)
    there = _like(made, entry).first()
    if there is not None:
        is_same = (there.note, there.hours) == (entry.note, entry.hours)
        if there.state == EvidenceState.RETURNED or not is_same:
            raise _already_recorded(there)
        return there, False
    _write(made, entry)
    made.full_clean(exclude=["staff", "attendance", "confirmed_by"])
    made.save()
    return made, True


@transaction.atomic
def correct(
    *, evidence: Evidence, entry: Entry, scan: Scan | None, by: User, today: date
) -> Evidence:
    """The person changes what is not confirmed yet; what was returned waits again."""
    refuse_of_others(evidence.staff_id, by)
    _refuse_day_to_come(entry, today)
    locked = lock(evidence)
    if locked.state == EvidenceState.CONFIRMED:
        raise AlreadyCheckedError("確認済みのため、変更できません。人事担当に相談してください。")
    there = _like(locked, entry).exclude(pk=locked.pk).first()
    if there is not None:
        raise _already_recorded(there)
    _write(locked, entry)
    locked.state, locked.confirmed_by = EvidenceState.SUBMITTED, None
    locked.full_clean(exclude=["staff", "attendance"])
    locked.save()
    if scan is not None:
        EvidenceFile.objects.filter(evidence=locked).delete()
        _keep(locked, scan)
    return locked


@transaction.atomic
def withdraw(*, evidence: Evidence, by: User) -> None:
    """Take back what is not confirmed yet, or one's own word about somebody.

    It goes for good, with its file; the audit log keeps that it was. The same twice is once.
    """
    with told_when_held():
        locked = Evidence.objects.select_for_update().filter(pk=evidence.pk).first()
    if locked is None:
        return
    is_own_word = locked.kind == EvidenceKind.WORK_USE and locked.confirmed_by_id == by.pk
    if not is_own_word:
        refuse_of_others(locked.staff_id, by)
        if locked.state == EvidenceState.CONFIRMED:
            raise AlreadyCheckedError(
                "確認済みのため、取り消せません。人事担当に相談してください。"
            )
    EvidenceFile.objects.filter(evidence=locked).delete()
    locked.delete()


@transaction.atomic
def confirm(*, evidence: Evidence, seen: str, by: User, today: date) -> Evidence:
    """Say that it is so. The same twice is once."""
    locked = lock(evidence)
    if is_done_by(locked, by):
        return locked
    check(locked, seen=seen, by=by)
    return settle_confirmed(locked, by=by, today=today)


@transaction.atomic
def give_back(*, evidence: Evidence, comment: str, seen: str, by: User) -> Evidence:
    """Send it back to the person with what is to be corrected."""
    locked = lock(evidence)
    check(locked, seen=seen, by=by)
    locked.state, locked.comment, locked.confirmed_by = EvidenceState.RETURNED, comment, by
    locked.save(update_fields=["state", "comment", "confirmed_by"])
    return locked


# --- What every check does, for OJT too ---------------------------------------------------------


def lock(evidence: Evidence) -> Evidence:
    """The row, locked until the transaction ends; told when the person has taken it back.

    Nothing is joined to it: after waiting for the lock PostgreSQL reads this row anew, not others.
    """
    with told_when_held():
        locked = Evidence.objects.select_for_update().filter(pk=evidence.pk).first()
    if locked is None:
        raise AlreadyCheckedError("本人が取り消したため、もうありません。一覧で確かめてください。")
    return locked


def is_done_by(locked: Evidence, by: User) -> bool:
    """Whether this very account has confirmed it: a second click finds the first one's result."""
    return locked.state == EvidenceState.CONFIRMED and locked.confirmed_by_id == by.pk


def check(locked: Evidence, *, seen: str, by: User) -> None:
    """Refuse to check one's own, what is decided already, and what is not what was seen."""
    _refuse_own(locked.staff_id, by)
    if locked.state != EvidenceState.SUBMITTED:
        raise AlreadyCheckedError(
            f"すでに{_who(locked.confirmed_by)}が「{locked.get_state_display()}」にしています。"
            "一覧で確かめてください。"
        )
    if seen != seal(locked):
        raise ChangedSinceSeenError(
            "画面を開いた後に、本人が内容を直しました。今の内容を確かめて、もう一度押してください。"
        )


def settle_confirmed(locked: Evidence, *, by: User, today: date) -> Evidence:
    """Write the confirmation down; what was asked for before is answered now."""
    locked.state, locked.comment = EvidenceState.CONFIRMED, ""
    locked.confirmed_on, locked.confirmed_by = today, by
    locked.save(update_fields=["state", "comment", "confirmed_on", "confirmed_by"])
    return locked


def _who(user: User | None) -> str:
    return f"{user.person_name}さん" if user else "別の担当者"


def refuse_of_others(staff_id: int, by: User) -> None:
    """Refuse to write, change or take back what belongs to another person."""
    if by.staff_id != staff_id:
        raise NotOwnRecordError("ほかの人の記録は変えられません。本人に登録してもらってください。")


def _refuse_own(staff_id: int, by: User) -> None:
    if by.staff_id == staff_id:
        raise OwnEvidenceError("自分の記録は自分では確認できません。別の担当者に頼んでください。")


def _refuse_day_to_come(entry: Entry, today: date) -> None:
    if entry.day > today:
        raise DayToComeError("まだ来ていない日です。今日までの日を入力してください。")


def _like(made: Evidence, entry: Entry) -> EvidenceQuerySet:
    return Evidence.objects.filter(
        staff=made.staff_id, kind=made.kind, title=entry.title, obtained_on=entry.day
    )


def _already_recorded(there: Evidence) -> AlreadyRecordedError:
    """What to tell about the one that stands there, by its kind and state."""
    if there.state == EvidenceState.RETURNED:
        return ReturnedToBeCorrectedError(
            "同じものが差し戻されています。一覧で差し戻されたものを開き、"
            "コメントを読んで「内容を直す」から提出してください。"
        )
    if there.kind == EvidenceKind.OJT:
        return AlreadyRecordedError(
            "この日の記録は登録済みです。1日に1件にまとめ、登録した記録を直してください。"
        )
    return AlreadyRecordedError(
        "同じ名称・同じ日のものが登録済みです。一覧で確かめ、登録したものを直してください。"
    )


def _write(evidence: Evidence, entry: Entry) -> None:
    evidence.title, evidence.obtained_on = entry.title, entry.day
    evidence.note, evidence.hours = entry.note, entry.hours


def _keep(evidence: Evidence, scan: Scan) -> None:
    EvidenceFile.objects.create(
        evidence=evidence,
        name=scan.name,
        media_type=scan.media_type,
        sha256=scan.sha256,
        content=scan.content,
    )
