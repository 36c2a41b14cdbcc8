"""The people on an offering, with where they stood when it was held."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from staff.models import Assignment, StaffMember
from training.models import Attendance, AttendanceStatus, Offering


class ListOrder(models.TextChoices):
    """In which order the people of an offering stand."""

    DEPARTMENT = "department", "所属順"
    KANA = "kana", "五十音順"

    @classmethod
    def asked(cls, typed: str | None) -> "ListOrder":
        """The order asked for in an address; that of departments where there is none such."""
        return cls(typed) if typed in cls.values else cls.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Participant:
    """One row of the attendance page."""

    attendance: Attendance
    staff: StaffMember
    department: str
    rank: str

    @property
    def is_waiting(self) -> bool:
        """Whether they wait for a seat and have none."""
        return self.attendance.status == AttendanceStatus.WAITING


def on_offering(offering: Offering, order: ListOrder = ListOrder.DEPARTMENT) -> list[Participant]:
    """Everybody on the offering, in two queries; by departments and ranks, or by 五十音."""
    rows = offering.attendances.exclude(status=AttendanceStatus.CANCELLED).select_related("staff")
    places = {
        place.staff_id: place
        for place in Assignment.objects.as_of(offering.ends_on)
        .filter(staff__attendances__offering=offering)
        .select_related("department", "rank")
    }
    people = [(places.get(row.staff_id), row) for row in rows]
    if order == ListOrder.KANA:
        people.sort(key=lambda pair: _by_kana(pair[1].staff))
    else:
        people.sort(key=lambda pair: _by_department(*pair))
    return [
        Participant(
            row,
            row.staff,
            place.department.name if place else "（所属なし）",
            place.rank.name if place else "",
        )
        for place, row in people
    ]


def by_status(people: Iterable[Participant]) -> list[tuple[AttendanceStatus, int]]:
    """How many of the people there are of each state, those without a mark first; no noughts."""
    count = Counter(person.attendance.status for person in people)
    return [(status, count[status]) for status in AttendanceStatus if count[status]]


def _by_kana(member: StaffMember) -> tuple[bool, str, str]:
    """Those without kana stand last."""
    return (not member.name_kana, member.name_kana, member.number)


def _by_department(place: Assignment | None, row: Attendance) -> tuple[int, str, int, str]:
    if place is None:
        return (1_000_000, "", 0, row.staff.number)
    department = place.department
    return (department.order, department.code, place.rank.order, row.staff.number)
