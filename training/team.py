"""部下の研修: the people of a head's units, what they have booked and what they still owe."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from staff.models import Assignment, StaffMember
from training.models import (
    BOOKINGS,
    GIVEN_UP,
    Attendance,
    AttendanceQuerySet,
    AttendanceStatus,
    Counting,
    Offering,
    OfferingQuerySet,
)
from training.outstanding import REASONS, outstanding, programmes_owed


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the head's people beside an offering.

    `place`: the place they have on it. `owes`: why they still have to attend its category, in
    words; empty when they do not.
    """

    staff: StaffMember
    department: str
    rank: str
    place: Attendance | None
    owes: str

    @property
    def is_free(self) -> bool:
        """Whether they can be signed up."""
        return self.place is None

    @property
    def standing(self) -> str:
        """Where they stand with the offering or its category, in words."""
        if self.place is not None:
            return str(AttendanceStatus(self.place.status).label)
        return f"未受講（{self.owes}）" if self.owes else "受講済・対象外"


def people_of(units: frozenset[int], on: date) -> list[Assignment]:
    """The people in service of these units on the day, in the order of departments and ranks."""
    return list(
        Assignment.objects.employed(on)
        .within(units)
        .select_related("staff", "department", "rank")
        .order_by("department__order", "department__code", "rank__order", "staff__number")
    )


def candidates(
    offering: Offering,
    people: Iterable[Assignment],
    units: frozenset[int],
    on: date,
    rule: Counting,
) -> list[Candidate]:
    """The people beside the offering, those who owe its category first, if not booked for it."""
    held = offering.attendances.exclude(status__in=GIVEN_UP).filter(
        staff__in=[place.staff_id for place in people]
    )
    places = {place.staff_id: place for place in held}
    owing = _owing(offering.course.category, units, on, rule)
    found = [
        Candidate(
            place.staff,
            place.department.name,
            place.rank.name,
            places.get(place.staff_id),
            owing.get(place.staff.number, ""),
        )
        for place in people
    ]
    booked = REASONS["booked"]
    return sorted(found, key=lambda one: (not one.is_free, not one.owes, one.owes == booked))


def booked_by(staff_ids: Iterable[int], on: date) -> AttendanceQuerySet:
    """What these people have booked, or wait for, that is not over on the day."""
    return (
        Attendance.objects.filter(
            staff__in=staff_ids,
            status__in=BOOKINGS,
            offering__ends_on__gte=on,
        )
        .select_related("staff", "offering__course")
        .order_by("offering__starts_on", "offering", "staff__number")
    )


def taking_signups(on: date) -> OfferingQuerySet:
    """Offerings that people and heads may sign up for on the day, the earliest first."""
    return (
        Offering.objects.bookable(on)
        .select_related("course")
        .with_seats()
        .order_by("starts_on", "pk")
    )


def _owing(category: str, units: frozenset[int], on: date, rule: Counting) -> dict[str, str]:
    """By staff number why somebody owes a row of the plan that the category fulfils."""
    return {
        one.number: REASONS[one.reason]
        for row in programmes_owed(category, on)
        for one in outstanding(row, on, rule, units)
        if one.reason != "excused"
    }
