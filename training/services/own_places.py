"""What people do with their own places: giving them up, saying beforehand that they cannot come."""

from datetime import date

from django.db import transaction

from agano_dx.lib.errors import DomainError
from staff.models import User
from training.models import Attendance
from training.services.enrolment import give_notice, step_back
from training.services.locking import lock_open

WITHDRAWN = "本人の取消し"


class TooLateError(DomainError):
    """The offering is over."""


class NotOwnPlaceError(DomainError):
    """The place is somebody else's."""


def withdraw_own(*, place: Attendance, by: User, today: date) -> list[Attendance]:
    """Give one's own place up before the offering begins; those who moved up into the seat."""
    _refuse_others(place, by)
    return step_back(place=place, by=by, today=today, reason=WITHDRAWN)


@transaction.atomic
def give_own_notice(
    *, place: Attendance, absence_reason: str, note: str, by: User, today: date
) -> list[Attendance]:
    """欠席届 for oneself, up to the last day; those who moved up into the seat."""
    _refuse_others(place, by)
    if today > lock_open(place.offering).last_notice_day:
        raise TooLateError(
            "開催日を過ぎたため、欠席届を出せません。事情を人事担当に連絡してください。"
        )
    return give_notice(place=place, absence_reason=absence_reason, note=note, by=by, today=today)


def _refuse_others(place: Attendance, by: User) -> None:
    if place.staff_id != by.staff_id:
        raise NotOwnPlaceError("ほかの人の予約です。画面を開き直してください。")
