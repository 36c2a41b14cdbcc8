"""From the shortest way to offerings with these people on them, in one step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """What was made, who was left out, and whether all of it was there before.

    `clashing`: those who are elsewhere on each of the days; `without_room`: those who could come
    on one of them, which others have filled.
    """

    offerings: tuple[Offering, ...]
    enrolled: int
    clashing: tuple[StaffMember, ...]
    without_room: tuple[StaffMember, ...]
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
def draft_offerings(*, seen: Seats, wishes: Mapping[str, Wish], by: User, today: date) -> Drafted:
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
    clashing: set[int] = set()
    crowded: set[int] = set()
    enrolled = 0
    for category, people in seen.items():
        wish = wishes[category]
        _refuse_days(wish, wish.days(len(people)), today, way.target.due)
        made = _hold(wish, _members(people), by)
        offerings += made.offerings
        enrolled += len(people) - len(made.clashing) - len(made.crowded)
        clashing |= made.clashing
        crowded |= made.crowded
    if not offerings:
        raise AllClashError(
            "その日は全員がほかの研修と重なるため、つくれません。開催日を変えてください。"
        )
    return _told(offerings, enrolled, clashing, crowded)


def _told(
    offerings: Sequence[Offering],
    enrolled: int,
    clashing: Collection[int],
    crowded: Collection[int],
) -> Drafted:
    """With the members themselves."""
    return Drafted(tuple(offerings), enrolled, tuple(_members(clashing)), tuple(_members(crowded)))


def _members(ids: Collection[int]) -> list[StaffMember]:
    return list(StaffMember.objects.filter(pk__in=ids).order_by("number"))


def _refuse_days(wish: Wish, days: Sequence[date], today: date, due: date) -> None:
    if days[0] <= today or days[-1] > due:
        raise DraftDayError(
            f"「{wish.course.title}」の開催日は、明日から目標の期日（{era_date(due)}）までに"
            "収まるようにしてください。"
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """The offerings of a category, who is elsewhere on each day, whom the others left no room."""

    offerings: list[Offering]
    clashing: set[int]
    crowded: set[int]


def _hold(wish: Wish, members: list[StaffMember], by: User) -> _Held:
    """Day by day everybody who can come is seated, by number, while there is room."""
    made, waiting = [], members
    always_busy = {one.pk for one in members}
    for day in wish.days(len(members)):
        busy = _busy(day, [one.pk for one in waiting])
        always_busy &= busy
        coming = [one for one in waiting if one.pk not in busy][: wish.capacity]
        if not coming:
            continue
        offering = _make(wish, day, by)
        enrol(offering=offering, members=coming, by=by)
        made.append(offering)
        seated = {one.pk for one in coming}
        waiting = [one for one in waiting if one.pk not in seated]
    left = {one.pk for one in waiting}
    return _Held(made, left & always_busy, left - always_busy)


def _busy(day: date, people: Collection[int]) -> set[int]:
    """Those of the people who are expected elsewhere that day."""
    return {clash.staff.pk for clash in clashes_on(day, people)}


def _make(wish: Wish, day: date, by: User) -> Offering:
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
    clashing: set[int] = set()
    crowded: set[int] = set()
    enrolled = 0
    for category, people in seen.items():
        held = _held_before(wishes[category], people)
        if held is None:
            return None
        offerings += held.offerings
        enrolled += len(people) - len(held.clashing) - len(held.crowded)
        clashing |= held.clashing
        crowded |= held.crowded
    if not offerings:
        return None
    return replace(_told(offerings, enrolled, clashing, crowded), was_there=True)


def _held_before(wish: Wish, people: Collection[int]) -> _Held | None:
    """The offerings of the wish with these people and no others on them.

    Whoever is not on them is elsewhere on each day or, that day, the offering is full.
    """
    days = wish.days(len(people))
    found = Offering.objects.filter(
        course=wish.course,
        starts_on__in=days,
        mode=wish.mode,
        capacity=wish.capacity,
        cancelled_at__isnull=True,
    )
    places = Attendance.objects.filter(offering__in=found).exclude(status__in=GIVEN_UP)
    seated: dict[date, set[int]] = {day: set() for day in days}
    for day, staff_id in places.values_list("offering__starts_on", "staff"):
        seated[day].add(staff_id)
    there = set().union(*seated.values())
    away = set(people) - there
    busy = {day: _busy(day, away) for day in days}
    with_room = [day for day in days if len(seated[day]) < wish.capacity]
    if not there <= set(people) or any(busy[day] != away for day in with_room):
        return None
    always_busy = away.intersection(*busy.values())
    offerings = found.filter(attendances__in=places).distinct().order_by("pk")
    return _Held(list(offerings), always_busy, away - always_busy)
