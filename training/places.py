"""The people on an offering, with where they stood when it was held."""

from dataclasses import dataclass

from staff.models import Assignment, StaffMember
from training.models import Attendance, AttendanceStatus, Offering


@dataclass(frozen=True, slots=True)
class Participant:
    """One row of the attendance page."""

    attendance: Attendance
    staff: StaffMember
    department: str
    rank: str


def on_offering(offering: Offering) -> list[Participant]:
    """Everybody on the offering, in the order of departments and ranks; in two queries."""
    rows = offering.attendances.exclude(status=AttendanceStatus.CANCELLED).select_related("staff")
    places = {
        place.staff_id: place
        for place in Assignment.objects.as_of(offering.ends_on)
        .filter(staff__attendances__offering=offering)
        .select_related("department", "rank")
    }
    people = [(places.get(row.staff_id), row) for row in rows]
    people.sort(key=lambda pair: _order(*pair))
    return [
        Participant(
            row,
            row.staff,
            place.department.name if place else "（所属なし）",
            place.rank.name if place else "",
        )
        for place, row in people
    ]


def _order(place: Assignment | None, row: Attendance) -> tuple[int, str, int, str]:
    if place is None:
        return (1_000_000, "", 0, row.staff.number)
    department = place.department
    return (department.order, department.code, place.rank.order, row.staff.number)
