"""Making, changing and calling off offerings that others may be working on too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.locks import told_when_held
from staff.models import User
from training.models import (
    SETTLED,
    Attendance,
    AttendanceStatus,
    Course,
    Offering,
    OfferingDay,
    OfferingEvent,
    OfferingEventKind,
)
from training.services.enrolment import move_up
from training.services.locking import OfferingClosedError, lock_offering, lock_open, refuse_frozen
from training.services.trail import record_changes

# The trail of every place that ended with its offering; by it those to be told are found.
CALLED_OFF = "開催の中止"
_SAME = (
    "starts_on",
    "ends_on",
    "starts_at",
    "ends_at",
    "mode",
    "venue",
    "instructor",
    "capacity",
)
# All that the form writes beside the days.
_FIELDS = ("course_id", *_SAME, "takes_signups", "booking_closes_on")


class ChangedMeanwhileError(DomainError):
    """Somebody else saved the offering after this clerk opened it."""


class PeopleOnItError(DomainError):
    """People came onto the offering, or were marked, since the form was checked."""


class AlreadyHeldError(DomainError):
    """The offering has marks, so it was held and cannot be called off."""


@dataclass(frozen=True, slots=True)
class Made:
    """The offering asked for, and whether it was there before."""

    offering: Offering
    was_there: bool


@transaction.atomic
def make_offering(*, offering: Offering, days: Sequence[OfferingDay], by: User | None) -> Made:
    """Write a new offering with its days; the same form sent twice makes one.

    The course's row is locked, and an offering alike in every point is taken for the same.
    """
    refuse_frozen(FiscalYear.containing(offering.ends_on))
    with told_when_held():
        course = Course.objects.select_for_update().get(pk=offering.course_id)
    alike = course.offerings.filter(
        cancelled_at__isnull=True, **{name: getattr(offering, name) for name in _SAME}
    ).prefetch_related("days")
    for there in alike:
        if _as_text(there.days.all()) == _as_text(days):
            return Made(there, was_there=True)
    offering.save()
    _keep_days(offering, days, by)
    return Made(offering, was_there=False)


@transaction.atomic
def save_offering(
    *,
    offering: Offering,
    days: Sequence[OfferingDay],
    seen_version: int,
    by: User | None,
    today: date,
) -> list[Attendance]:
    """Write the changed offering if it is still the one the clerk saw. The same twice is once.

    Seats that came free go to those who wait; these are given back.
    """
    locked = lock_open(offering)
    if locked.version != seen_version:
        if _is_as_wanted(locked, offering, days):
            return []
        raise ChangedMeanwhileError(
            "他の人がこの開催回を変更しました。画面を開き直して、もう一度入力してください。"
        )
    refuse_frozen(FiscalYear.containing(offering.ends_on))
    _keep_what_people_rest_on(offering, locked, days)
    offering.version = locked.version + 1
    offering.closed_at, offering.cancelled_at = locked.closed_at, locked.cancelled_at
    offering.save()
    _keep_days(offering, days, by)
    return move_up(offering, by=by, today=today)


@transaction.atomic
def cancel_offering(
    *, offering: Offering, reason: str, by: User | None, at: datetime
) -> list[Attendance]:
    """Call the offering off; the places that ended with it. The same twice is once.

    Places become 取消: a booking for what is not held would keep people off the list of those who
    still owe the course, clash with other offerings and wait for a mark for ever. The trail names
    the reason, and by it those who are to be told are found. 欠席届 end too: nobody was absent.
    """
    locked = lock_offering(offering)
    if locked.cancelled_at is not None:
        return []
    if locked.closed_at is not None:
        raise OfferingClosedError("この開催回は締め済みのため、中止にできません。")
    refuse_frozen(FiscalYear.containing(locked.ends_on))
    if locked.attendances.filter(status__in=SETTLED).exists():
        raise AlreadyHeldError(
            "出欠が入力されているため、中止にできません。誤って入力したときは、先に出欠を直してください。"
        )
    locked.cancelled_at, locked.version = at, locked.version + 1
    locked.save(update_fields=["cancelled_at", "version"])
    event = OfferingEvent(offering=locked, kind=OfferingEventKind.CANCELLED, by=by, reason=reason)
    event.full_clean(exclude=["by"])
    event.save()
    return _end_places(locked, by)


def _end_places(locked: Offering, by: User | None) -> list[Attendance]:
    places = list(locked.attendances.exclude(status=AttendanceStatus.CANCELLED))
    ended = [(place, place.status) for place in places]
    for place in places:
        place.status = AttendanceStatus.CANCELLED
        place.waiting_since, place.absence_reason = None, ""
    Attendance.objects.bulk_update(places, ["status", "waiting_since", "absence_reason"])
    record_changes(ended, by=by, reason=CALLED_OFF)
    return places


def _is_as_wanted(locked: Offering, wanted: Offering, days: Sequence[OfferingDay]) -> bool:
    """Whether the offering already is what the form asks for, as after the same form before."""
    return all(getattr(locked, name) == getattr(wanted, name) for name in _FIELDS) and (
        _as_text(locked.days.all()) == _as_text(days)
    )


def _keep_what_people_rest_on(
    offering: Offering, locked: Offering, days: Sequence[OfferingDay]
) -> None:
    people = locked.attendances.all()
    taken = people.taking_a_seat().count()
    if offering.capacity is not None and offering.capacity < taken:
        raise PeopleOnItError(f"定員は登録済みの{taken}人より少なくできません。直してください。")
    is_moved = (offering.starts_on, offering.ends_on) != (locked.starts_on, locked.ends_on) or (
        _as_text(days) != _as_text(locked.days.all())
    )
    if is_moved and people.filter(status__in=SETTLED).exists():
        raise PeopleOnItError(
            "出欠が入力されているため、開催日は変えられません。誤って入力したときは、先に出欠を直してください。"
        )
    if offering.course_id != locked.course_id and people.exists():
        raise PeopleOnItError("受講者がいるため、研修は変えられません。")


def _keep_days(offering: Offering, days: Sequence[OfferingDay], by: User | None) -> None:
    """Let the offering meet on just these days; said in one entry of the trail."""
    old, new = _as_text(offering.days.all()), _as_text(days)
    if old == new:
        return
    with audit.told_by_the_caller():
        offering.days.all().delete()
    for day in days:
        day.offering = offering
    OfferingDay.objects.bulk_create(days)
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(offering, {"days": (" ".join(old) or None, " ".join(new) or None)})],
    )


def _as_text(days: Iterable[OfferingDay]) -> list[str]:
    return [
        f"{one.day} {one.starts_at or ''}-{one.ends_at or ''}"
        for one in sorted(days, key=lambda one: one.day)
    ]
