"""People who would have to be in two places at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from staff.models import StaffMember
from training.meetings import Meeting, meetings
from training.models import EXPECTED, PERIOD_MODES, Attendance, AttendanceQuerySet, Offering


@dataclass(frozen=True, slots=True)
class Clash:
    """A person, another offering they are on, and its meeting at the same time."""

    staff: StaffMember
    other: Offering
    meeting: Meeting

    @property
    def key(self) -> str:
        """What the page sends back to say that this clash was shown."""
        return f"{self.staff.pk}-{self.other.pk}"

    @property
    def words(self) -> str:
        """When the other meeting is."""
        return self.meeting.words


def clashes(offering: Offering, staff_ids: Collection[int]) -> list[Clash]:
    """One for each of these people and each other offering they clash with; in three queries.

    In the order of staff numbers and days. Periods never clash.
    """
    elsewhere = Attendance.objects.exclude(offering=offering.pk)
    return _found(meetings(offering), elsewhere, staff_ids)


def clashes_on(day: date, staff_ids: Collection[int]) -> list[Clash]:
    """The same for an offering that is yet to be made, which takes the whole day."""
    return _found([Meeting(day, day, None, None)], Attendance.objects.all(), staff_ids)


def _found(
    own: list[Meeting], elsewhere: AttendanceQuerySet, staff_ids: Collection[int]
) -> list[Clash]:
    if not own or not staff_ids:
        return []
    places = (
        elsewhere.filter(
            staff__in=staff_ids,
            status__in=EXPECTED,
            offering__starts_on__lte=own[-1].last,
            offering__ends_on__gte=own[0].first,
            offering__cancelled_at__isnull=True,
        )
        .exclude(offering__mode__in=PERIOD_MODES)
        .select_related("staff", "offering__course")
        .prefetch_related("offering__days")
        .order_by("staff__number", "offering__starts_on", "offering")
    )
    found = []
    for place in places:
        both = (
            theirs
            for theirs in meetings(place.offering)
            if any(theirs.overlaps(one) for one in own)
        )
        meeting = next(both, None)
        if meeting is not None:
            found.append(Clash(place.staff, place.offering, meeting))
    return found
