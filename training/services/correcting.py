"""Putting a record of a frozen year right: one person at a time, for a reason that stays.

The frozen figures stay as they are; the difference is explained beside them.
"""

from datetime import date

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from staff.access import access_of
from staff.models import StaffMember, User
from training.models import (
    COMPLETING,
    SETTLED,
    Attendance,
    AttendanceStatus,
    FrozenYear,
    Offering,
)
from training.services.closing import NoReasonError
from training.services.locking import OfferingClosedError, lock_offering
from training.services.marking import OwnMarkError, UnknownMarkError, completion_day
from training.services.trail import record_changes
from training.services.walk_in import NotInServiceError

CHANGED = ("status", "completed_on", "waiting_since", "absence_reason", "note")


class MayNotCorrectError(DomainError):
    """Only those who keep the training put its records right."""


class NotFrozenError(DomainError):
    """The record is of a year still open: it is changed on the attendance page."""


class ChangedMeanwhileError(DomainError):
    """Somebody else changed the mark since the page was opened."""


@transaction.atomic
def correct(
    *,
    offering: Offering,
    staff: StaffMember,
    seen: str,
    status: str,
    reason: str,
    by: User,
    today: date,
) -> Attendance:
    """Set one person's mark, or add a person forgotten (`seen` is ""). The same twice is once.

    A completion keeps its day; a new one is of the offering's last day. A certificate of a
    completion taken back is void by itself (`Certificate.is_valid`).
    """
    _refuse_without_right(staff, reason, by, today)
    locked = lock_offering(offering)
    if locked.cancelled_at is not None:
        raise OfferingClosedError("この開催回は中止になったため、出欠を訂正できません。")
    if status not in SETTLED:
        raise UnknownMarkError("使えない出欠が送られました。画面を開き直してください。")
    place = locked.attendances.filter(staff=staff).first()
    refuse_open_year(locked, place)
    now = place.status if place is not None else ""
    if now == status and place is not None:
        return place
    if now != seen:
        raise ChangedMeanwhileError(
            "ほかの人が先に出欠を変えました。画面を開き直して、今の出欠を確かめてください。"
        )
    return _write(locked, staff, place, status, reason.strip(), by, today)


def refuse_open_year(offering: Offering, place: Attendance | None) -> None:
    """Refuse unless the offering, or the person's completion on it, is of a frozen year."""
    days = {offering.ends_on, place.completed_on if place is not None else None}
    years = [FiscalYear.containing(day).year for day in days if day is not None]
    if not FrozenYear.objects.filter(fiscal_year__in=years).exists():
        raise NotFrozenError(
            "この開催回の年度はまだ確定していません。出欠の入力の画面で変更してください。"
        )


def _refuse_without_right(staff: StaffMember, reason: str, by: User, today: date) -> None:
    if not access_of(by, today).keeps_training:
        raise MayNotCorrectError("出欠を訂正できるのは人事担当です。人事担当に頼んでください。")
    if by.staff_id == staff.pk:
        raise OwnMarkError("自分の出欠は自分では訂正できません。別の担当者に頼んでください。")
    if not reason.strip():
        raise NoReasonError("訂正する理由を入力してください。")


def _write(
    locked: Offering,
    staff: StaffMember,
    place: Attendance | None,
    status: str,
    reason: str,
    by: User,
    today: date,
) -> Attendance:
    old = place.status if place is not None else ""
    if place is None:
        if not staff.is_employed(locked.ends_on):
            raise NotInServiceError(
                f"{staff.name}さんは開催日に在職していません。職員番号を確かめてください。"
            )
        place = Attendance(offering=locked, staff=staff, category=locked.course.category)
    if old == AttendanceStatus.NOTIFIED:
        place.note = ""
    place.status = status
    place.waiting_since, place.absence_reason = None, ""
    done_on = place.completed_on or completion_day(locked, today)
    place.completed_on = done_on if status in COMPLETING else None
    # Without a signal: the trail below is its entry.
    if old:
        Attendance.objects.bulk_update([place], CHANGED)
    else:
        Attendance.objects.bulk_create([place])
    record_changes([(place, old)], by=by, reason=reason)
    return place
