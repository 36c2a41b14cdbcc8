"""Marking attendance: every change kept, nobody's mark overwritten unseen."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from staff.models import User
from training.models import (
    COMPLETING,
    SETTLED,
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    Offering,
)
from training.services.locking import lock_open
from training.services.trail import record_changes

ALLOWED = (AttendanceStatus.BOOKED, *SETTLED, AttendanceStatus.CANCELLED)


class OwnMarkError(DomainError):
    """Nobody marks their own attendance."""


class UnknownMarkError(DomainError):
    """A mark that does not exist, or a person who is not on the offering."""


class NotYetHeldError(DomainError):
    """Attendance cannot be marked before the offering begins."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a clerk did with one row: the state they saw, the state they chose."""

    attendance_id: int
    seen: str
    chosen: str


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
    one change. The offering row is locked first.
    """
    locked = lock_open(offering)
    if today < locked.starts_on:
        raise NotYetHeldError("開催日の前なので、出欠は入力できません。")
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
    done_on = min(today, locked.ends_on)
    changed = [_changed(rows[one.attendance_id], one.chosen, done_on) for one in writing]
    Attendance.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["status", "completed_on", "waiting_since", "absence_reason"],
    )
    record_changes([(rows[one.attendance_id], one.seen) for one in writing], by=by, reason=reason)
    return Marked(len(changed), _conflicts(clashing, rows))


def _check(one: Mark, rows: dict[int, Attendance], by: User | None) -> None:
    is_known = one.chosen in ALLOWED and one.seen in AttendanceStatus.values
    if one.attendance_id not in rows or not is_known:
        raise UnknownMarkError(
            "この開催回にない人か、使えない出欠が送られました。画面を開き直してください。"
        )
    if by is not None and by.staff_id == rows[one.attendance_id].staff_id:
        raise OwnMarkError("自分の出欠は自分では入力できません。別の担当者に頼んでください。")


def _changed(row: Attendance, chosen: str, done_on: date) -> Attendance:
    """A row as chosen; a completion keeps the day it was made, in a period it is today."""
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
    if change is None or change.by is None:
        return "一括取込"
    return change.by.staff.name if change.by.staff else change.by.username
