"""The proposal made into offerings: all of it or nothing, once, and only as it was seen."""

from dataclasses import replace
from datetime import date

import pytest

from agano_dx.lib.fiscal import FiscalYear
from reports.services.drafts import (
    AllClashError,
    DraftDayError,
    DraftTakenError,
    WayChangedError,
    Wish,
    draft_offerings,
    seats_of,
)
from reports.shortest_way import current_way
from tests.conftest import TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    DepartmentFactory,
    FrozenYearFactory,
    OfferingFactory,
    TargetFactory,
    UserFactory,
)
from tests.together import together
from training.models import Attendance, AttendanceChange, Course, Offering
from training.services.locking import FrozenYearError

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 4)  # a Friday
MONDAY = date(2026, 12, 7)
BASICS = ("mind", "knowledge")


def city(people=3):
    """A city whose target asks everybody, where so many lack the skill training."""
    TargetFactory(numerator=1, denominator=1)
    unit = DepartmentFactory()
    held = {category: CourseFactory(category=category) for category in BASICS}
    past = {category: OfferingFactory(course=course) for category, course in held.items()}
    members = [placed(unit) for _ in range(people)]
    for member in members:
        for category in BASICS:
            CompletionFactory(staff=member, offering=past[category])
    return members, CourseFactory(title="表計算", category="skill")


def drafted(course, seen=None, by=None, **changed):
    wish = Wish(
        **{"course": course, "starts_on": DAY, "capacity": 2, "mode": "classroom"} | changed
    )
    seats = seats_of(current_way(TODAY)) if seen is None else seen
    clerk = by or UserFactory()
    return draft_offerings(seen=seats, wishes={"skill": wish}, by=clerk, today=TODAY)


def counts():
    return Offering.objects.count(), Attendance.objects.count()


def test_the_offerings_are_made_on_working_days_with_everybody_on_them():
    members, course = city(3)
    clerk = UserFactory()

    done = drafted(course, by=clerk)

    assert [
        (one.starts_on, one.ends_on, one.capacity, one.takes_signups, one.attendances.count())
        for one in done.offerings
    ] == [(DAY, DAY, 2, False, 2), (MONDAY, MONDAY, 2, False, 1)]
    booked = Attendance.objects.filter(status="booked", category="skill")
    assert set(booked.values_list("staff", flat=True)) == {one.pk for one in members}
    assert set(AttendanceChange.objects.values_list("by", "new")) == {(clerk.pk, "booked")}
    assert (done.enrolled, done.clashing, done.was_there) == (3, (), False)


def test_afterwards_the_seats_are_booked_and_the_proposal_is_gone():
    members, course = city(2)

    drafted(course)

    way = current_way(TODAY)
    assert (way.seats, len(way.ready), way.left) == ({}, 2, 0)


def test_the_same_request_again_finds_what_the_first_made():
    _, course = city(3)
    seen = seats_of(current_way(TODAY))
    first = drafted(course, seen)
    before = counts()

    second = drafted(course, seen)

    assert (second.offerings, second.enrolled) == (first.offerings, first.enrolled)
    assert second.was_there
    assert counts() == before


def test_another_clerks_request_for_the_same_people_is_refused():
    _, course = city(3)
    seen = seats_of(current_way(TODAY))
    drafted(course, seen)
    before = counts()

    with pytest.raises(WayChangedError, match="まだ何もつくっていません。"):
        drafted(course, seen, starts_on=date(2026, 12, 15))

    assert counts() == before


def test_nothing_is_made_when_somebody_no_longer_lacks_it():
    members, course = city(3)
    seen = seats_of(current_way(TODAY))
    CompletionFactory(staff=members[0], offering__course=course)
    before = counts()

    with pytest.raises(WayChangedError):
        drafted(course, seen)

    assert counts() == before


def test_nothing_is_made_from_an_empty_or_made_up_proposal():
    members, course = city(2)
    before = counts()

    for seen in ({}, {"skill": frozenset({members[0].pk})}, {"mind": frozenset({1})}):
        with pytest.raises(WayChangedError):
            drafted(course, seen)

    assert counts() == before


def test_who_is_elsewhere_that_day_comes_on_another_or_is_named():
    members, course = city(3)
    busy_once, busy_always = members[0], members[1]
    for member, day in [(busy_once, DAY), (busy_always, DAY), (busy_always, MONDAY)]:
        AttendanceFactory(
            staff=member, offering__starts_on=day, offering__course__category="executive"
        )

    done = drafted(course)

    first, second = (set(one.attendances.values_list("staff", flat=True)) for one in done.offerings)
    assert (first, second) == ({members[2].pk}, {busy_once.pk})
    assert done.clashing == (busy_always,)


def test_who_finds_no_room_on_the_days_left_is_named_apart_and_the_same_again_is_harmless():
    members, course = city(4)
    for member in members[:3]:
        AttendanceFactory(
            staff=member, offering__starts_on=DAY, offering__course__category="executive"
        )
    seen = seats_of(current_way(TODAY))

    first = drafted(course, seen)
    second = drafted(course, seen)

    assert [one.attendances.count() for one in first.offerings] == [1, 2]
    assert (first.clashing, first.without_room) == ((), (members[2],))
    assert second == replace(first, was_there=True)


def test_who_waits_for_a_seat_elsewhere_gets_one_and_who_waits_that_day_comes_on_another():
    members, course = city(3)
    for member, day in [(members[0], DAY), (members[1], date(2027, 1, 8))]:
        AttendanceFactory(
            staff=member,
            status="waiting",
            offering__starts_on=day,
            offering__course=CourseFactory(category="skill"),
        )

    done = drafted(course)

    first, second = (set(one.attendances.values_list("staff", flat=True)) for one in done.offerings)
    assert (first, second) == ({members[1].pk, members[2].pk}, {members[0].pk})


def test_nothing_is_made_when_everybody_is_elsewhere():
    members, course = city(1)
    AttendanceFactory(
        staff=members[0], offering__starts_on=DAY, offering__course__category="executive"
    )
    before = counts()

    with pytest.raises(AllClashError):
        drafted(course)

    assert counts() == before


@pytest.mark.parametrize("starts_on", [TODAY, date(2027, 3, 31)])
def test_no_offering_lies_before_tomorrow_or_after_the_targets_day(starts_on):
    _, course = city(3)

    with pytest.raises(DraftDayError):
        drafted(course, starts_on=starts_on)


def test_an_offering_of_others_on_a_later_day_stops_all_of_it():
    _, course = city(3)
    OfferingFactory(course=course, starts_on=MONDAY)
    before = counts()

    with pytest.raises(DraftTakenError, match="令和8年12月7日"):
        drafted(course)

    assert counts() == before


def test_nothing_is_made_in_a_frozen_year():
    _, course = city(1)
    FrozenYearFactory(fiscal_year=FiscalYear(2026))
    before = counts()

    with pytest.raises(FrozenYearError):
        drafted(course)

    assert counts() == before


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_set():
    _, course = city(3)
    seen = seats_of(current_way(TODAY))
    before = Offering.objects.count()

    answers = together([lambda: drafted(Course.objects.get(pk=course.pk), seen)] * 3)

    assert sorted(done.was_there for done in answers) == [False, True, True]
    assert Offering.objects.count() == before + 2
    assert Attendance.objects.filter(category="skill").count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_makes_it_and_the_other_is_told():
    _, course = city(3)
    seen = seats_of(current_way(TODAY))
    days = (DAY, date(2026, 12, 15))

    answers = together(
        [
            lambda day=day: drafted(Course.objects.get(pk=course.pk), seen, starts_on=day)
            for day in days
        ]
    )

    assert sorted(type(one).__name__ for one in answers) == ["Drafted", "WayChangedError"]
    assert Attendance.objects.filter(category="skill").count() == 3
