"""Offerings as services write them: whole, once, and never over what people rest on."""

from datetime import UTC, date, datetime, time

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    FrozenYearFactory,
    OfferingDayFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import (
    AttendanceChange,
    Category,
    Offering,
    OfferingDay,
    OfferingEvent,
    OfferingEventKind,
)
from training.services.locking import FrozenYearError, OfferingClosedError
from training.services.offerings import (
    CALLED_OFF,
    AlreadyHeldError,
    ChangedMeanwhileError,
    PeopleOnItError,
    cancel_offering,
    make_offering,
    save_offering,
)

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 8)


def save(offering, seen_version=1, days=()):
    return save_offering(
        offering=offering, days=list(days), seen_version=seen_version, by=None, today=TODAY
    )


def cancel(offering, reason="講師の都合のため", by=None):
    return cancel_offering(offering=offering, reason=reason, by=by, at=NOON)


def on(*days):
    return [OfferingDay(day=day, starts_at=time(13, 30), ends_at=time(15)) for day in days]


# --- making -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_offering_of_several_days_is_made_with_them():
    course = CourseFactory()
    offering = Offering(course=course, starts_on=FIRST, ends_on=SECOND)

    made = make_offering(offering=offering, days=on(FIRST, SECOND), by=None)

    assert not made.was_there
    assert [one.day for one in Offering.objects.get().days.all()] == [FIRST, SECOND]


@pytest.mark.django_db
def test_the_same_form_sent_twice_makes_one_offering():
    course = CourseFactory()

    made = [
        make_offering(
            offering=Offering(course=course, starts_on=FIRST, ends_on=SECOND),
            days=on(FIRST, SECOND),
            by=None,
        )
        for _ in range(2)
    ]

    assert [one.was_there for one in made] == [False, True]
    assert made[0].offering == made[1].offering == Offering.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "days"),
    [({"venue": "第2会議室"}, ()), ({"starts_at": time(9)}, ()), ({}, on(FIRST, SECOND))],
)
def test_an_offering_that_differs_in_one_point_is_another(values, days):
    there = OfferingFactory(starts_on=FIRST, ends_on=SECOND)
    asked = Offering(course=there.course, starts_on=FIRST, ends_on=SECOND, **values)

    made = make_offering(offering=asked, days=list(days), by=None)

    assert not made.was_there
    assert Offering.objects.count() == 2


@pytest.mark.django_db
def test_an_offering_called_off_can_be_made_anew():
    there = OfferingFactory(starts_on=FIRST, cancelled_at=NOON)
    asked = Offering(course=there.course, starts_on=FIRST, ends_on=FIRST)

    assert not make_offering(offering=asked, days=[], by=None).was_there


@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_same_offering_at_once_make_one():
    course = CourseFactory()

    def make():
        asked = Offering(course=course, starts_on=FIRST, ends_on=FIRST)
        return make_offering(offering=asked, days=[], by=None)

    made = together([make, make])

    assert sorted(one.was_there for one in made) == [False, True]
    assert Offering.objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_added_to_or_moved_into_a_year_whose_figures_are_final():
    FrozenYearFactory(fiscal_year=FiscalYear(2025))
    offering = OfferingFactory(starts_on=FIRST)
    in_frozen = date(2026, 3, 31)

    with pytest.raises(FrozenYearError):
        make_offering(
            offering=Offering(course=offering.course, starts_on=in_frozen, ends_on=in_frozen),
            days=[],
            by=None,
        )
    offering.starts_on = offering.ends_on = in_frozen
    with pytest.raises(FrozenYearError):
        save(offering)

    assert Offering.objects.get().starts_on == FIRST


# --- changing -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_days_taken_away_are_gone_and_the_change_is_in_the_trail(hr):
    offering = OfferingFactory(starts_on=FIRST, ends_on=SECOND)
    for day in (FIRST, SECOND):
        OfferingDayFactory(offering=offering, day=day)

    save_offering(offering=offering, days=[], seen_version=1, by=hr, today=TODAY)

    assert not OfferingDay.objects.exists()
    entry = LogEntry.objects.get(changes__has_key="days", action=LogEntry.Action.UPDATE)
    assert entry.actor == hr
    assert entry.changes["days"] == ["2026-12-01 - 2026-12-08 -", None]


@pytest.mark.django_db
def test_more_seats_go_to_those_who_wait_in_their_order():
    offering = OfferingFactory(starts_on=FIRST, capacity=1)
    AttendanceFactory(offering=offering)
    second, first, third = (
        AttendanceFactory(
            offering=offering,
            status="waiting",
            waiting_since=datetime(2026, 11, 20, hour, tzinfo=UTC),
        )
        for hour in (2, 1, 3)
    )
    offering.capacity = 3

    moved = save(offering)

    assert moved == [first, second]
    assert list(offering.attendances.in_line()) == [third]


@pytest.mark.django_db
def test_an_offering_reopened_since_the_form_was_opened_stays_open():
    offering = OfferingFactory(closed_at=NOON)
    seen = Offering.objects.get()
    Offering.objects.update(closed_at=None)

    save(seen)

    assert Offering.objects.get(pk=offering.pk).closed_at is None


@pytest.mark.django_db
def test_a_version_that_is_not_the_seen_one_is_refused():
    offering = OfferingFactory(version=3)
    offering.venue = "第2会議室"

    with pytest.raises(ChangedMeanwhileError):
        save(offering, seen_version=2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"venue": "第2会議室"},
        {"course_id": 0},
        {"takes_signups": True},
        {"booking_closes_on": FIRST},
        {"starts_at": time(9)},
    ],
)
def test_of_two_changes_alike_but_for_one_point_the_second_is_refused(change):
    offering = OfferingFactory(starts_on=FIRST)
    save(offering)
    if "course_id" in change:
        change = {"course_id": CourseFactory().pk}
    for name, value in change.items():
        setattr(offering, name, value)

    with pytest.raises(ChangedMeanwhileError):
        save(offering, seen_version=1)


@pytest.mark.django_db
def test_days_alone_make_a_change_another_one():
    offering = OfferingFactory(starts_on=FIRST, ends_on=SECOND)
    save(offering, days=on(FIRST, SECOND))

    with pytest.raises(ChangedMeanwhileError):
        save(offering, seen_version=1)

    assert OfferingDay.objects.count() == 2


@pytest.mark.django_db
def test_the_same_change_twice_is_once(hr):
    offering = OfferingFactory(starts_on=FIRST, ends_on=SECOND)
    offering.venue = "第2会議室"
    days = on(FIRST, SECOND)
    save(offering, days=days)
    entries = LogEntry.objects.count()

    assert save(offering, seen_version=1, days=on(FIRST, SECOND)) == []

    assert Offering.objects.get().version == 2
    assert LogEntry.objects.count() == entries


@pytest.mark.django_db
def test_the_trail_of_a_change_tells_the_versions_in_numbers():
    offering = OfferingFactory(version=4)
    offering.venue = "第2会議室"

    save(offering, seen_version=4)

    entry = LogEntry.objects.filter(content_type__model="offering").latest("pk")
    assert entry.changes["version"] == [4, 5]
    assert entry.changes["venue"] == ["", "第2会議室"]


@pytest.mark.django_db
def test_seats_taken_since_the_form_was_checked_still_fit():
    offering = OfferingFactory(capacity=5)
    offering.capacity = 1
    AttendanceFactory.create_batch(2, offering=Offering.objects.get())

    with pytest.raises(PeopleOnItError, match="登録済みの2人"):
        save(offering)

    assert Offering.objects.get().capacity == 5


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["late", "left_early", "absent", "excused"])
def test_a_mark_made_since_the_form_was_checked_keeps_the_days(status):
    offering = OfferingFactory()
    make = CompletionFactory if status == "late" else AttendanceFactory
    make(offering=Offering.objects.get(), status=status)
    offering.starts_on = offering.ends_on = date(2026, 12, 1)

    with pytest.raises(PeopleOnItError, match="出欠が入力されているため"):
        save(offering)

    assert Offering.objects.get().ends_on == date(2026, 6, 1)


@pytest.mark.django_db
def test_a_place_given_since_the_form_was_checked_keeps_the_course():
    offering = OfferingFactory()
    AttendanceFactory(offering=Offering.objects.get())
    offering.course = CourseFactory(category=Category.SKILL)

    with pytest.raises(PeopleOnItError):
        save(offering)

    assert Offering.objects.get().course.category == Category.MIND


# --- calling off --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_place_ends_with_the_offering_and_the_trail_says_why(hr):
    offering = OfferingFactory(starts_on=FIRST)
    since = datetime(2026, 11, 20, tzinfo=UTC)
    ended = [
        AttendanceFactory(offering=offering),
        AttendanceFactory(offering=offering, status="waiting", waiting_since=since),
        AttendanceFactory(offering=offering, status="notified"),
    ]
    before = AttendanceFactory(offering=offering, status="cancelled")

    told = cancel(offering, by=hr)

    assert {place.pk for place in told} == {place.pk for place in ended}
    assert set(offering.attendances.values_list("status", flat=True)) == {"cancelled"}
    changes = AttendanceChange.objects.all()
    assert {(one.old, one.new, one.reason, one.by) for one in changes} == {
        (old, "cancelled", CALLED_OFF, hr) for old in ("booked", "waiting", "notified")
    }
    assert not before.changes.exists()
    event = OfferingEvent.objects.get()
    assert (event.kind, event.reason, event.by) == (
        OfferingEventKind.CANCELLED,
        "講師の都合のため",
        hr,
    )


@pytest.mark.django_db
def test_an_offering_is_called_off_once():
    offering = AttendanceFactory(offering__starts_on=FIRST).offering
    cancel(offering)

    again = cancel(offering, reason="もう一度")

    assert again == []
    assert OfferingEvent.objects.get().reason == "講師の都合のため"
    assert AttendanceChange.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["late", "left_early", "absent", "excused"])
def test_an_offering_with_a_mark_was_held_and_cannot_be_called_off(status):
    done = {"completed_on": TODAY} if status == "late" else {}
    offering = AttendanceFactory(offering__starts_on=TODAY, status=status, **done).offering

    with pytest.raises(AlreadyHeldError):
        cancel(offering)

    offering.refresh_from_db()
    assert offering.cancelled_at is None


@pytest.mark.django_db
def test_a_closed_offering_cannot_be_called_off():
    offering = OfferingFactory(closed_at=timezone.now())

    with pytest.raises(OfferingClosedError):
        cancel(offering)


@pytest.mark.django_db
def test_calling_off_takes_the_same_queries_for_2_and_40_people(
    django_assert_max_num_queries, django_assert_num_queries
):
    few, many = OfferingFactory(starts_on=FIRST), OfferingFactory(starts_on=FIRST)
    for offering, count in ((few, 2), (many, 40)):
        for member in StaffMemberFactory.create_batch(count):
            AttendanceFactory(offering=offering, staff=member)
    cancel(AttendanceFactory(offering__starts_on=FIRST).offering)  # fills Django's own caches
    with django_assert_max_num_queries(24) as counted:
        cancel(few)

    with django_assert_num_queries(len(counted)):
        cancel(many)
