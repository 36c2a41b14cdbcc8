"""Giving people places on an offering."""

from dataclasses import dataclass

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.models import StaffMember, User
from training.models import Attendance, AttendanceChange, AttendanceStatus, Offering


class OfferingFullError(DomainError):
    """There are not enough seats left for everybody."""


class OfferingClosedError(DomainError):
    """The offering's records are closed."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of a request: how many got a place, how many had one before."""

    added: int
    already: int


@transaction.atomic
def enrol(*, offering: Offering, members: list[StaffMember], by: User | None) -> Enrolled:
    """Give everybody a place, or none of them; those who have one keep it.

    The offering row is locked first, so two clerks cannot share the last seat. A place cancelled
    before is taken up again.
    """
    locked = lock_open(offering)
    places = {place.staff_id: place for place in locked.attendances.filter(staff__in=members)}
    cancelled = [place for place in places.values() if place.status == AttendanceStatus.CANCELLED]
    new = [member for member in members if member.pk not in places]
    wanted = len(new) + len(cancelled)
    if locked.capacity is not None:
        left = locked.capacity - locked.attendances.taking_a_seat().count()
        if wanted > left:
            raise OfferingFullError(
                f"残りは{max(left, 0)}席です。{wanted}人は登録できません。"
                "人数を減らすか、定員を増やしてください。"
            )
    created = Attendance.objects.bulk_create(
        Attendance(offering=locked, staff=member, category=locked.course.category) for member in new
    )
    Attendance.objects.filter(pk__in=[place.pk for place in cancelled]).update(
        status=AttendanceStatus.BOOKED
    )
    trail = [(place, "") for place in created]
    trail += [(place, str(AttendanceStatus.CANCELLED)) for place in cancelled]
    _record_booked(trail, by)
    return Enrolled(added=wanted, already=len(members) - wanted)


def lock_open(offering: Offering) -> Offering:
    """The offering, locked; refused when its records are closed."""
    locked = (
        Offering.objects.select_for_update(of=("self",))
        .select_related("course")
        .get(pk=offering.pk)
    )
    if locked.closed_at is not None:
        raise OfferingClosedError("この開催回は締め済みのため、変更できません。")
    return locked


def _record_booked(trail: list[tuple[Attendance, str]], by: User | None) -> None:
    AttendanceChange.objects.bulk_create(
        AttendanceChange(attendance=place, old=old, new=AttendanceStatus.BOOKED, by=by)
        for place, old in trail
    )
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[
            (place, {"status": (old, AttendanceStatus.BOOKED), "staff": (None, place.staff_id)})
            for place, old in trail
        ],
    )
