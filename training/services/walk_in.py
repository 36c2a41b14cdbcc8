"""People who come to the door: those on the list, and those who are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db import transaction

from agano_dx.lib.errors import DomainError
from staff.models import StaffMember, User
from training.models import COMPLETING, GIVEN_UP, TO_MARK, Attendance, AttendanceStatus, Offering
from training.services.enrolment import seats_left
from training.services.locking import lock_open
from training.services.marking import (
    Mark,
    Marked,
    OwnMarkError,
    completion_day,
    mark,
    may_complete,
    refuse_other_frozen,
    refuse_unheld,
)
from training.services.trail import record_changes

WALKED_IN = "当日参加"
# A clerk's own decision about somebody, which a number at the door does not change.
DECIDED = (AttendanceStatus.LEFT_EARLY, AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED)


class AlreadyMarkedError(DomainError):
    """A clerk has marked the person as something else than present."""


class NotInServiceError(DomainError):
    """The person is not in the city's service on the day."""


class Outcome(Enum):
    """What became of a number at the door."""

    MARKED = "marked"
    ALREADY = "already"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class WalkedIn:
    """Who was added, how many were there before, by how many the room is now too small."""

    added: list[Attendance]
    already: int
    over: int


@transaction.atomic
def check_in(*, offering: Offering, member: StaffMember, by: User | None, today: date) -> Outcome:
    """Mark a person on the list as present; the same number twice is once."""
    locked = lock_open(offering)
    place = locked.attendances.filter(staff=member).first()
    if place is None or place.status in (AttendanceStatus.CANCELLED, AttendanceStatus.WAITING):
        return Outcome.NOT_LISTED
    if place.status in COMPLETING:
        return Outcome.ALREADY
    _refuse_decided([place], {member.pk: member})
    # The lock is held, so nobody can have changed the place and there is no conflict.
    mark(
        offering=locked,
        marks=[Mark(place.pk, place.status, AttendanceStatus.PRESENT)],
        by=by,
        today=today,
    )
    return Outcome.MARKED


@transaction.atomic
def walk_in(
    *, offering: Offering, members: Sequence[StaffMember], by: User | None, today: date
) -> WalkedIn:
    """Add people who came without a place, as present, in a constant number of statements.

    They came, so the capacity refuses nobody. Before the last of several days they get a place
    only: whether they completed is marked on the last day, as for everybody.
    """
    locked = lock_open(offering)
    refuse_unheld(locked, today)
    day = completion_day(locked, today)
    refuse_other_frozen(locked, [day])
    _check(members, by, day)
    completes = may_complete(locked, today)
    places = {place.staff_id: place for place in locked.attendances.filter(staff__in=members)}
    _refuse_decided(list(places.values()), {member.pk: member for member in members})
    new = AttendanceStatus.PRESENT if completes else AttendanceStatus.BOOKED
    there = (*COMPLETING, new)
    added: list[tuple[Attendance, str]] = []
    for member in members:
        place = places.get(member.pk)
        old = place.status if place else ""
        if old in there:
            continue
        if place is None:
            place = Attendance(offering=locked, staff=member, category=locked.course.category)
        if old in GIVEN_UP:  # what was said of an absence is over
            place.note = ""
        place.status, place.completed_on = new, day if completes else None
        place.waiting_since, place.absence_reason = None, ""
        added.append((place, old))
    _write(added)
    record_changes([one for one in added if one[1] not in TO_MARK], by=by, reason=WALKED_IN)
    record_changes([one for one in added if one[1] in TO_MARK], by=by)
    left = seats_left(locked)
    return WalkedIn(
        added=[place for place, _ in added],
        already=len(members) - len(added),
        over=max(-left, 0) if left is not None else 0,
    )


@transaction.atomic
def take_list(
    *,
    offering: Offering,
    marks: list[Mark],
    members: Sequence[StaffMember],
    by: User | None,
    today: date,
) -> tuple[Marked, WalkedIn]:
    """Mark those on the list and add those who are not, all or nobody."""
    marked = mark(offering=offering, marks=marks, by=by, today=today)
    return marked, walk_in(offering=offering, members=members, by=by, today=today)


def _check(members: Sequence[StaffMember], by: User | None, day: date) -> None:
    for member in members:
        if by is not None and by.staff_id == member.pk:
            raise OwnMarkError("自分の出欠は自分では入力できません。別の担当者に頼んでください。")
        if not member.is_employed(day):
            raise NotInServiceError(
                f"{member.name}さんは開催日に在職していません。職員番号を確かめてください。"
            )


def _refuse_decided(places: list[Attendance], members: dict[int, StaffMember]) -> None:
    for place in places:
        if place.status in DECIDED:
            raise AlreadyMarkedError(
                f"{members[place.staff_id].name}さんは「{place.get_status_display()}」と"
                "入力済みです。直すときは、出欠の入力の画面で選び直してください。"
            )


def _write(added: list[tuple[Attendance, str]]) -> None:
    Attendance.objects.bulk_create([place for place, old in added if not old])
    Attendance.objects.bulk_update(
        [place for place, old in added if old],
        ["status", "completed_on", "waiting_since", "absence_reason", "note"],
    )
