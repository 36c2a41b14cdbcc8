"""OJT: what was done on which day, confirmed by the head, until the course's hours are reached.

Writing, correcting and confirming lock the offering first and the record after it. Giving a record
back and taking it back touch the record alone: they are those of every evidence.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from staff.models import User
from training.models import (
    COMPLETING,
    Attendance,
    AttendanceStatus,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Mode,
    Offering,
)
from training.services import evidence as checking
from training.services.evidence import Entry
from training.services.locking import lock_open, refuse_frozen
from training.services.trail import record_changes

REACHED = "OJTの時間数に達したため"


class NotOnOjtError(DomainError):
    """The person has no booked place on an OJT offering here."""


class OutsidePeriodError(DomainError):
    """The day is not within the offering's period."""


@transaction.atomic
def write_record(*, place: Attendance, entry: Entry, by: User, today: date) -> Evidence:
    """A new record of one's own OJT: the day, its hours, what was done. The same twice is once."""
    checking.refuse_of_others(place.staff_id, by)
    offering, locked = _lock_booked(place)
    _refuse_outside(offering, entry.day, today)
    made = Evidence(staff_id=locked.staff_id, kind=EvidenceKind.OJT, attendance=locked)
    return checking.add(made, _titled(entry, offering))[0]


@transaction.atomic
def correct_record(*, record: Evidence, entry: Entry, by: User, today: date) -> Evidence:
    """The person changes a record that is not confirmed yet; a returned one waits again."""
    offering, _ = _lock_booked(_place_of(record))
    _refuse_outside(offering, entry.day, today)
    return checking.correct(
        evidence=record, entry=_titled(entry, offering), scan=None, by=by, today=today
    )


@transaction.atomic
def confirm_record(*, record: Evidence, seen: str, by: User, today: date) -> Evidence:
    """The supervisor says that it was done; with enough hours the place becomes 出席.

    The same twice is once. Refused when the offering is closed or of a frozen year, and when a
    clerk has marked the place otherwise meanwhile.
    """
    offering = lock_open(_place_of(record).offering)
    locked = checking.lock(record)
    if checking.is_done_by(locked, by):
        return locked
    checking.check(locked, seen=seen, by=by)
    place = offering.attendances.get(pk=_place_of(record).pk)
    if place.status not in (AttendanceStatus.BOOKED, *COMPLETING):
        raise NotOnOjtError(
            f"このOJTの出欠は「{place.get_status_display()}」になっているため、確認できません。"
            "人事担当に相談してください。"
        )
    settled = checking.settle_confirmed(locked, by=by, today=today)
    reached_on = day_reached(list(place.ojt_records.all()), offering.course.hours)
    if place.status == AttendanceStatus.BOOKED and reached_on is not None:
        refuse_frozen(FiscalYear.containing(reached_on))
        _complete(place, reached_on, by)
    return settled


def day_reached(records: list[Evidence], hours: Decimal | None) -> date | None:
    """The day whose confirmed record makes the hours full, in the order of the days.

    Without hours on the course the first confirmed record is enough.
    """
    confirmed = [record for record in records if record.state == EvidenceState.CONFIRMED]
    total = Decimal(0)
    for record in sorted(confirmed, key=lambda one: one.obtained_on):
        total += record.hours or 0
        if hours is None or total >= hours:
            return record.obtained_on
    return None


def _complete(place: Attendance, on: date, by: User) -> None:
    old, place.status, place.completed_on = place.status, AttendanceStatus.PRESENT, on
    place.save(update_fields=["status", "completed_on"])
    record_changes([(place, old)], by=by, reason=REACHED)


def _place_of(record: Evidence) -> Attendance:
    if record.attendance is None:
        raise NotOnOjtError("OJTの記録ではありません。一覧から開き直してください。")
    return record.attendance


def _lock_booked(place: Attendance) -> tuple[Offering, Attendance]:
    offering = lock_open(place.offering)
    locked = offering.attendances.get(pk=place.pk)
    if offering.mode != Mode.OJT:
        raise NotOnOjtError("OJTの開催回ではありません。マイ研修から開き直してください。")
    if locked.status != AttendanceStatus.BOOKED:
        raise NotOnOjtError(
            f"このOJTの状態は「{locked.get_status_display()}」のため、記録を書けません。"
            "違うときは人事担当に相談してください。"
        )
    return offering, locked


def _refuse_outside(offering: Offering, day: date, today: date) -> None:
    if not offering.starts_on <= day <= min(offering.ends_on, today):
        raise OutsidePeriodError(
            "実施日は、OJTの期間のうち今日までの日を入力してください。"
            "期間が違うときは人事担当に相談してください。"
        )
    refuse_frozen(FiscalYear.containing(day))


def _titled(entry: Entry, offering: Offering) -> Entry:
    """A record is called as its course."""
    return Entry(offering.course.title, entry.day, entry.note, entry.hours)
