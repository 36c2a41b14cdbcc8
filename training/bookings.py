"""Seats booked by people who will not be there."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from staff.slots import PlannedChange
from training.models import BOOKINGS, Attendance


@dataclass(frozen=True, slots=True)
class Bookings:
    """The seats of one person on offerings that begin on or after the day of a change."""

    change: PlannedChange
    seats: tuple[Attendance, ...]

    @property
    def first(self) -> Attendance:
        """The seat on the earliest of the offerings."""
        return self.seats[0]


def bookings_from(changes: Collection[PlannedChange]) -> list[Bookings]:
    """Bookings of those who leave or go on leave, change by change, in one query."""
    away = [change for change in changes if change.leaves or change.goes_on_leave]
    if not away:
        return []
    seats: dict[int, list[Attendance]] = defaultdict(list)
    booked = Attendance.objects.filter(
        staff__in={change.staff_id for change in away},
        status__in=BOOKINGS,
        offering__starts_on__gte=min(change.first_day for change in away),
    )
    for seat in booked.select_related("offering", "staff").order_by("offering__starts_on", "pk"):
        seats[seat.staff_id].append(seat)
    found = []
    for change in away:
        theirs = [
            seat for seat in seats[change.staff_id] if seat.offering.starts_on >= change.first_day
        ]
        if theirs:
            found.append(Bookings(change, tuple(theirs)))
    return found
