"""Marking attendance: every change kept, nobody's mark overwritten unseen."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear, era_date
from staff.models import User
from training.models import (
    COMPLETING,
    SETTLED,
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    Offering,
)
from training.services.enrolment import OfferingFullError, seats_left
from training.services.locking import lock_open, refuse_frozen
from training.services.trail import record_changes

ALLOWED = (AttendanceStatus.BOOKED, *SETTLED)

# As staff/_account_name.html says it.
BY_COMMAND = "コマンド"


class OwnMarkError(DomainError):
    """Nobody marks their own attendance."""


class UnknownMarkError(DomainError):
    """A mark that does not exist, or a person who is not on the offering."""


class NotYetHeldError(DomainError):
    """Attendance cannot be marked before the offering begins."""


class NotYetOverError(DomainError):
    """Nobody has completed an offering of several days before its last day."""


class WaitingMarkError(DomainError):
    """Who waits for a seat has no attendance to mark."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a clerk did with one row: the state they saw, the state they chose, and why."""

    attendance_id: int
    seen: str
    chosen: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row somebody else changed meanwhile: nothing was written to it."""

    attendance_id: int
    now: str
    chosen: str
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of the page: how many rows changed, which could not."""

    changed: int
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def mark(
    *, offering: Offering, marks: list[Mark], by: User | None, today: date, reason: str = ""
) -> Marked:
    """Write the rows the clerk touched, in a constant number of statements.

    Only rows whose chosen state differs from the state seen are touched. Where somebody else
    changed the row since, it stays and comes back as a conflict. The same page sent twice makes
    one change. The offering row is locked first. `reason` stands for marks without one of their
    own. No mark frees a seat, so nobody moves up: giving a place up is `enrolment.withdraw`.
    """
    locked = lock_open(offering)
    refuse_unheld(locked, today)
    touched = [one for one in marks if one.chosen != one.seen]
    # A place cancelled since the page was opened is no longer on the offering.
    places = locked.attendances.exclude(status=AttendanceStatus.CANCELLED)
    rows = {row.pk: row for row in places}
    for one in touched:
        _check(one, rows, by)
    clashing = [
        one for one in touched if rows[one.attendance_id].status not in (one.seen, one.chosen)
    ]
    writing = [one for one in touched if rows[one.attendance_id].status == one.seen]
    _check_seats(locked, writing)
    _check_days(locked, writing, rows, today)
    changed = [
        _changed(rows[one.attendance_id], one.chosen, completion_day(locked, today))
        for one in writing
    ]
    Attendance.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["status", "completed_on", "waiting_since", "absence_reason", "note"],
    )
    _record(writing, rows, by, reason)
    return Marked(len(changed), _conflicts(clashing, rows))


def refuse_unheld(offering: Offering, today: date) -> None:
    """Refuse before the offering's first day."""
    if today < offering.starts_on:
        raise NotYetHeldError(
            "開催日の前なので、出欠は入力できません。開催日になってから入力してください。"
        )


def may_complete(offering: Offering, today: date) -> bool:
    """Whether somebody may have completed it today: of several days, from the last one on."""
    return today >= offering.ends_on or not offering.days.exists()


def completion_day(offering: Offering, today: date) -> date:
    """The day of a completion marked today: within a period today, else the last day."""
    return min(today, offering.ends_on)


def _record(writing: list[Mark], rows: dict[int, Attendance], by: User | None, reason: str) -> None:
    """The trail, in as many statements as there are different reasons."""
    by_reason: dict[str, list[tuple[Attendance, str]]] = defaultdict(list)
    for one in writing:
        by_reason[one.reason or reason].append((rows[one.attendance_id], one.seen))
    for why, changed in by_reason.items():
        record_changes(changed, by=by, reason=why)


def _check(one: Mark, rows: dict[int, Attendance], by: User | None) -> None:
    is_known = one.chosen in ALLOWED and one.seen in AttendanceStatus.values
    if one.attendance_id not in rows or not is_known:
        raise UnknownMarkError(
            "この開催回にない人か、使えない出欠が送られました。画面を開き直してください。"
        )
    if by is not None and by.staff_id == rows[one.attendance_id].staff_id:
        raise OwnMarkError("自分の出欠は自分では入力できません。別の担当者に頼んでください。")
    if one.seen == rows[one.attendance_id].status == AttendanceStatus.WAITING:
        raise WaitingMarkError("空き待ちの人です。来たときは「当日参加にする」を押してください。")


def _check_seats(locked: Offering, writing: list[Mark]) -> None:
    """Who gave notice has no seat: to be expected again they need one, like anybody else.

    Who came all the same is marked so whatever the capacity.
    """
    back = sum(
        (one.seen, one.chosen) == (AttendanceStatus.NOTIFIED, AttendanceStatus.BOOKED)
        for one in writing
    )
    left = seats_left(locked) if back else None
    if left is not None and back > left:
        raise OfferingFullError(
            f"残りは{max(left, 0)}席のため、欠席届の{back}人を受講予定に戻せません。"
            "定員を増やすか、欠席届のままにしてください。"
        )


def _check_days(
    locked: Offering, writing: list[Mark], rows: dict[int, Attendance], today: date
) -> None:
    """No completion before the last of several days, none moved into or out of a frozen year."""
    days = {rows[one.attendance_id].completed_on for one in writing}
    if any(one.chosen in COMPLETING for one in writing):
        if not may_complete(locked, today):
            raise NotYetOverError(
                f"この開催回は{era_date(locked.ends_on)}まで続くため、出席と遅刻は最終日から"
                "入力してください。"
            )
        days.add(completion_day(locked, today))
    refuse_other_frozen(locked, days)


def refuse_other_frozen(locked: Offering, days: Iterable[date | None]) -> None:
    """Refuse completions of frozen years; the offering's own year was looked at with its lock."""
    years = {FiscalYear.containing(day) for day in days if day is not None}
    others = years - {FiscalYear.containing(locked.ends_on)}
    if others:
        refuse_frozen(*others)


def _changed(row: Attendance, chosen: str, done_on: date) -> Attendance:
    """A row as chosen; a completion keeps the day it was made, in a period it is today.

    What was said in a 欠席届 goes with it.
    """
    if row.status == AttendanceStatus.NOTIFIED:
        row.note = ""
    row.status = chosen
    row.waiting_since, row.absence_reason = None, ""
    row.completed_on = (row.completed_on or done_on) if chosen in COMPLETING else None
    return row


def _conflicts(clashing: list[Mark], rows: dict[int, Attendance]) -> list[Conflict]:
    """Each clash with who changed the row last, and when, in one query."""
    latest: dict[int, AttendanceChange] = {}
    changes = AttendanceChange.objects.filter(
        attendance__in=[one.attendance_id for one in clashing]
    ).select_related("by__staff")
    for change in changes.order_by("pk"):
        latest[change.attendance_id] = change
    return [
        Conflict(
            one.attendance_id,
            rows[one.attendance_id].status,
            one.chosen,
            _who(latest.get(one.attendance_id)),
            latest[one.attendance_id].at if one.attendance_id in latest else None,
        )
        for one in clashing
    ]


def _who(change: AttendanceChange | None) -> str:
    return change.by.person_name if change is not None and change.by else BY_COMMAND
