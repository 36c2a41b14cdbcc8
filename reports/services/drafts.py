"""From the shortest way to offerings with these people on them, in one step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from agano_dx.lib.calendar import working_days_after
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.locks import take_exclusive
from reports.shortest_way import Way, current_way
from staff.models import StaffMember, User
from training.clashes import clashes_on
from training.models import GIVEN_UP, Attendance, Course, Offering
from training.services.enrolment import enrol
from training.services.offerings import make_offering

LOCK = "reports.drafts"


class WayChangedError(DomainError):
    """The proposal is no longer the one the clerk saw."""


class DraftDayError(DomainError):
    """The offerings would not all be held between tomorrow and the target's day."""


class DraftTakenError(DomainError):
    """The course is held on one of the days already."""


class AllClashError(DomainError):
    """Everybody is elsewhere on the days chosen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the seats of one category are to be offered: so many a day, from this day on."""

    course: Course
    starts_on: date
    capacity: int
    mode: str

    def days(self, people: int) -> list[date]:
        """The first day and as many working days after it as the people need rooms."""
        days = [self.starts_on]
        while len(days) * self.capacity < people:
            days.append(working_days_after(days[-1], 1))
        return days


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was made, who was left out for a clash, and whether all of it was there before."""

    offerings: tuple[Offering, ...]
    enrolled: int
    clashing: tuple[StaffMember, ...]
    was_there: bool = False


# The ids of those who need a seat, by category.
Seats = Mapping[str, frozenset[int]]


def seats_of(way: Way | None) -> dict[str, frozenset[int]]:
    """The seats of the proposal."""
    if way is None:
        return {}
    return {
        category: frozenset(one.staff_id for one in people)
        for category, people in way.seats.items()
    }


@transaction.atomic
def draft_offerings(
    *, seen: Seats, wishes: Mapping[str, Wish], by: User | None, today: date
) -> Drafted:
    """Make the offerings of the proposal the clerk saw and enrol its people; all or nothing.

    One at a time: the proposal is reckoned again under the lock, and written only if it is still
    the same. The same request twice finds what the first made.
    """
    take_exclusive(LOCK)
    there = _made_before(seen, wishes)
    if there is not None:
        return there
    way = current_way(today)
    if way is None or not seen or seats_of(way) != dict(seen) or set(wishes) != set(seen):
        raise WayChangedError(
            "画面を開いてから、受講予定や修了が変わりました。まだ何もつくっていません。"
            "計算し直した席を確かめて、もう一度押してください。"
        )
    offerings: list[Offering] = []
    left_out: dict[int, StaffMember] = {}
    enrolled = 0
    for category, people in seen.items():
        wish = wishes[category]
        _refuse_days(wish, wish.days(len(people)), today, way.target.due)
        made, clashing = _hold(wish, _members(people), by)
        offerings += made
        enrolled += len(people) - len(clashing)
        left_out |= {member.pk: member for member in clashing}
    if not offerings:
        raise AllClashError(
            "その日は全員がほかの研修と重なるため、つくれません。開催日を変えてください。"
        )
    return Drafted(tuple(offerings), enrolled, tuple(left_out.values()))


def _members(ids: Collection[int]) -> list[StaffMember]:
    return list(StaffMember.objects.filter(pk__in=ids).order_by("number"))


def _refuse_days(wish: Wish, days: Sequence[date], today: date, due: date) -> None:
    if days[0] <= today or days[-1] > due:
        raise DraftDayError(
            f"「{wish.course.title}」の開催日は、明日から目標の期日（{era_date(due)}）までに"
            "収まるようにしてください。"
        )


def _hold(
    wish: Wish, members: list[StaffMember], by: User | None
) -> tuple[list[Offering], list[StaffMember]]:
    """The offerings made, day by day, and those who are elsewhere on each of the days."""
    made, waiting = [], members
    for day in wish.days(len(members)):
        busy = {clash.staff.pk for clash in clashes_on(day, [one.pk for one in waiting])}
        coming = [one for one in waiting if one.pk not in busy][: wish.capacity]
        if not coming:
            continue
        offering = _make(wish, day, by)
        enrol(offering=offering, members=coming, by=by)
        made.append(offering)
        seated = {one.pk for one in coming}
        waiting = [one for one in waiting if one.pk not in seated]
    return made, waiting


def _make(wish: Wish, day: date, by: User | None) -> Offering:
    """A new offering; one of the course on that day is others' and is not touched."""
    taken = DraftTakenError(
        f"「{wish.course.title}」は{era_date(day)}にも開催予定があります。開催日を変えてください。"
    )
    if wish.course.offerings.filter(starts_on=day, cancelled_at__isnull=True).exists():
        raise taken
    offering = Offering(
        course=wish.course, starts_on=day, ends_on=day, capacity=wish.capacity, mode=wish.mode
    )
    offering.full_clean()
    made = make_offering(offering=offering, days=[], by=by)
    if made.was_there:
        raise taken
    return made.offering


# --- the same request again ---------------------------------------------------------------------


def _made_before(seen: Seats, wishes: Mapping[str, Wish]) -> Drafted | None:
    """What the same request made before, if it did: these people on just these offerings."""
    if not seen or set(wishes) != set(seen):
        return None
    offerings: list[Offering] = []
    absent: set[int] = set()
    enrolled = 0
    for category, people in seen.items():
        wish = wishes[category]
        days = wish.days(len(people))
        places = Attendance.objects.filter(
            offering__course=wish.course,
            offering__starts_on__in=days,
            offering__mode=wish.mode,
            offering__capacity=wish.capacity,
            offering__cancelled_at__isnull=True,
        ).exclude(status__in=GIVEN_UP)
        seated = set(places.values_list("staff", flat=True))
        away = people - seated
        if not seated <= people or not _are_elsewhere(away, days):
            return None
        offerings += Offering.objects.filter(attendances__in=places).distinct().order_by("pk")
        absent |= away
        enrolled += len(seated)
    if not offerings:
        return None
    return Drafted(tuple(offerings), enrolled, tuple(_members(absent)), was_there=True)


def _are_elsewhere(people: Collection[int], days: Sequence[date]) -> bool:
    """Whether each of them is expected elsewhere on each of the days."""
    return all({clash.staff.pk for clash in clashes_on(day, people)} >= set(people) for day in days)
