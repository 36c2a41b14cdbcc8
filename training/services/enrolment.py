"""Giving people places on an offering, and taking them back.

Every act locks the offering row first, so that one last seat goes to one person only, and whoever
waits moves up in order as soon as a seat is free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from agano_dx.lib.errors import DomainError
from staff.models import StaffMember, User
from training.models import (
    BOOKINGS,
    GIVEN_UP,
    AbsenceReason,
    Attendance,
    AttendanceStatus,
    Offering,
)
from training.services.locking import lock_open
from training.services.trail import record_changes

MOVED_UP = "空き待ちからの繰り上げ"


class OfferingFullError(DomainError):
    """There are not enough seats left for everybody."""


class NoSignUpError(DomainError):
    """The offering takes no sign-ups, or none any more."""


class NotBookedError(DomainError):
    """The place is no booking any more: it was marked or given up meanwhile."""


class BegunError(DomainError):
    """The offering has begun: people can no longer step back by themselves."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of a request: how many got a place, how many had one before."""

    added: int
    already: int


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What became of a sign-up: who got a seat, who waits for one, who had a place before."""

    booked: list[Attendance]
    waiting: list[Attendance]
    already: list[Attendance]


@transaction.atomic
def enrol(*, offering: Offering, members: list[StaffMember], by: User | None) -> Enrolled:
    """Give everybody a seat, or none of them; those who have one keep it.

    For those who keep the training: no regard to the close of booking. Who waits, and who gave
    their place up, gets a seat too.
    """
    locked = lock_open(offering)
    places = _places(locked, members)
    without = [
        member
        for member in members
        if member.pk not in places
        or places[member.pk].status in (*GIVEN_UP, AttendanceStatus.WAITING)
    ]
    left = seats_left(locked)
    # Nobody new needs no seat, not even where more people came than there are seats.
    if without and left is not None and len(without) > left:
        raise OfferingFullError(
            f"残りは{max(left, 0)}席です。{len(without)}人は登録できません。"
            "人数を減らすか、定員を増やしてください。"
        )
    _give(locked, without, places, AttendanceStatus.BOOKED, by)
    return Enrolled(added=len(without), already=len(members) - len(without))


@transaction.atomic
def sign_up(
    *, offering: Offering, members: list[StaffMember], by: User | None, today: date, at: datetime
) -> SignedUp:
    """Sign people up in this order: seats while there are any, then places in the waiting line.

    For people themselves and for heads: only while the offering takes sign-ups. `at`: the moment of
    the request, by which those who wait stand in line.
    """
    locked = lock_open(offering)
    if not locked.is_bookable(today):
        raise NoSignUpError("この開催回の申込は受け付けていません。人事担当に相談してください。")
    places = _places(locked, members)
    already = [place for place in places.values() if place.status not in GIVEN_UP]
    holding = {place.staff_id for place in already}
    without = [member for member in members if member.pk not in holding]
    left = seats_left(locked)
    # Nobody passes those who wait already.
    room = 0 if locked.attendances.in_line().exists() else left
    cut = len(without) if room is None else max(room, 0)
    return SignedUp(
        booked=_give(locked, without[:cut], places, AttendanceStatus.BOOKED, by),
        waiting=_give(locked, without[cut:], places, AttendanceStatus.WAITING, by, at),
        already=already,
    )


@transaction.atomic
def withdraw(
    *, place: Attendance, by: User | None, today: date, reason: str = ""
) -> list[Attendance]:
    """Give a booked or waiting place up; those who moved up into the seat.

    The same twice is once.
    """
    locked, row = _locked_place(place)
    if row.status == AttendanceStatus.CANCELLED:
        return []
    if row.status not in BOOKINGS:
        raise NotBookedError("出欠が入力済みのため、取り消せません。人事担当に相談してください。")
    _set(row, AttendanceStatus.CANCELLED, by, reason)
    return move_up(locked, by=by, today=today)


@transaction.atomic
def step_back(
    *, place: Attendance, by: User | None, today: date, reason: str = ""
) -> list[Attendance]:
    """Give a place up as the person or their head may: to the eve, or to the end of a period.

    Those who keep the training use `withdraw`.
    """
    locked = lock_open(place.offering)
    if today > locked.last_withdrawal_day:
        begun = "期間が終わった" if locked.is_period else "開催日になった"
        raise BegunError(
            f"{begun}ため、取り消せません。来られないときは人事担当に連絡してください。"
        )
    return withdraw(place=place, by=by, today=today, reason=reason)


@transaction.atomic
def give_notice(
    *, place: Attendance, absence_reason: str, note: str, by: User | None, today: date
) -> list[Attendance]:
    """欠席届: the person will not come, and says why; those who moved up into the seat."""
    locked, row = _locked_place(place)
    if row.status not in (AttendanceStatus.BOOKED, AttendanceStatus.NOTIFIED):
        raise NotBookedError("受講予定ではないため、欠席届を出せません。画面を開き直してください。")
    old, old_reason = row.status, row.absence_reason
    row.status, row.note = AttendanceStatus.NOTIFIED, note
    row.absence_reason = AbsenceReason(absence_reason)
    row.save(update_fields=["status", "absence_reason", "note"])
    if (old, old_reason) != (row.status, row.absence_reason):
        record_changes([(row, old)], by=by, reason=f"欠席届（{row.get_absence_reason_display()}）")
    return move_up(locked, by=by, today=today)


def move_up(locked: Offering, *, by: User | None, today: date) -> list[Attendance]:
    """Give free seats to those who wait, in their order, to the eve or the end of a period.

    The offering is locked. On the day itself nobody is called in: they could not know of it.
    """
    if today > locked.last_withdrawal_day:
        return []
    left = seats_left(locked)
    line = list(locked.attendances.in_line().select_related("staff"))
    moved = line if left is None else line[: max(left, 0)]
    for place in moved:
        place.status, place.waiting_since = AttendanceStatus.BOOKED, None
    Attendance.objects.bulk_update(moved, ["status", "waiting_since"])
    record_changes(
        [(place, str(AttendanceStatus.WAITING)) for place in moved], by=by, reason=MOVED_UP
    )
    return moved


def seats_left(locked: Offering) -> int | None:
    """Free seats of the locked offering; `None` without a capacity."""
    if locked.capacity is None:
        return None
    return locked.capacity - locked.attendances.all().taking_a_seat().count()


def _places(locked: Offering, members: Sequence[StaffMember]) -> dict[int, Attendance]:
    return {place.staff_id: place for place in locked.attendances.filter(staff__in=members)}


def _locked_place(place: Attendance) -> tuple[Offering, Attendance]:
    locked = lock_open(place.offering)
    return locked, locked.attendances.get(pk=place.pk)


def _give(
    locked: Offering,
    members: Sequence[StaffMember],
    places: dict[int, Attendance],
    status: AttendanceStatus,
    by: User | None,
    since: datetime | None = None,
) -> list[Attendance]:
    """New places, and places taken up again, in the members' order; `since`: they wait.

    Who takes a place up again begins anew: what was said of an absence goes.
    """
    given: list[tuple[Attendance, str]] = []
    moments = _moments(locked, since, len(members))
    for member, moment in zip(members, moments, strict=True):
        place = places.get(member.pk)
        old = place.status if place else ""
        if place is None:
            place = Attendance(offering=locked, staff=member, category=locked.course.category)
        place.status, place.waiting_since = status, moment
        place.absence_reason, place.note = "", ""
        given.append((place, old))
    Attendance.objects.bulk_create([place for place, old in given if not old])
    Attendance.objects.bulk_update(
        [place for place, old in given if old],
        ["status", "waiting_since", "absence_reason", "note"],
    )
    record_changes(given, by=by)
    return [place for place, _ in given]


def _moments(
    locked: Offering, since: datetime | None, count: int
) -> Sequence[datetime] | Sequence[None]:
    """When each joins the line: one after the other, and never before those who stand in it.

    A request made earlier may come to the lock later. Whoever was told their place keeps it.
    """
    if since is None or count == 0:
        return [None] * count
    last = locked.attendances.in_line().last()
    step = timedelta(microseconds=1)
    if last is not None and last.waiting_since is not None:
        since = max(since, last.waiting_since + step)
    return [since + step * index for index in range(count)]


def _set(row: Attendance, status: AttendanceStatus, by: User | None, reason: str) -> None:
    old, row.status, row.waiting_since = row.status, status, None
    row.save(update_fields=["status", "waiting_since"])
    record_changes([(row, old)], by=by, reason=reason)
