"""Clashes: who would have to be in two places at once."""

from datetime import date, time

import pytest
from django.utils import timezone

from tests.factories import (
    AttendanceFactory,
    OfferingDayFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from training.clashes import clashes

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 1)


def at(starts, ends, **values):
    return OfferingFactory(
        starts_on=DAY,
        starts_at=starts and time.fromisoformat(starts),
        ends_at=ends and time.fromisoformat(ends),
        **values,
    )


def booked(offering, **values):
    return AttendanceFactory(offering=offering, **values).staff


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        ("09:00", "10:00", False),
        ("09:00", "10:01", True),
        ("10:30", "11:00", True),
        ("11:59", "13:00", True),
        ("12:00", "13:00", False),
        ("16:00", None, True),
        (None, None, True),
    ],
)
def test_meetings_clash_when_nobody_can_come_to_both(starts, ends, clash):
    offering = at("10:00", "12:00")
    member = booked(at(starts, ends))

    found = clashes(offering, [member.pk])

    assert bool(found) == clash


def test_an_offering_without_times_takes_the_whole_day():
    other = at("16:00", "17:00")
    member = booked(other)

    (clash,) = clashes(at(None, None), [member.pk])

    assert (clash.staff, clash.other) == (member, other)
    assert clash.words == "令和8年12月1日 16:00～17:00"


@pytest.mark.parametrize("status", ["cancelled", "notified", "absent", "excused"])
def test_a_place_where_nobody_is_expected_clashes_with_nothing(status):
    member = booked(at(None, None), status=status)

    assert clashes(at(None, None), [member.pk]) == []


def test_whoever_waits_for_a_seat_may_be_in_two_places_too():
    member = booked(at(None, None), status="waiting")

    assert clashes(at(None, None), [member.pk])


def test_only_the_people_asked_about_and_other_offerings_count():
    offering, other = at(None, None), at(None, None)
    booked(other)
    here = booked(offering)

    assert clashes(offering, [here.pk]) == []


def test_an_offering_called_off_clashes_with_nothing():
    member = booked(at(None, None, cancelled_at=timezone.now()))

    assert clashes(at(None, None), [member.pk]) == []


@pytest.mark.parametrize("mode", ["on_demand", "ojt"])
def test_periods_never_clash(mode):
    period = OfferingFactory(starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 31), mode=mode)
    member, other = booked(period), booked(at(None, None))

    assert clashes(at(None, None), [member.pk]) == []
    assert clashes(period, [other.pk]) == []


def test_of_several_days_only_those_it_meets_on_clash():
    several = OfferingFactory(starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 2))
    for day in (several.starts_on, several.ends_on):
        OfferingDayFactory(offering=several, day=day)
    member = booked(several)

    between = clashes(at(None, None), [member.pk])
    on_the_last = clashes(OfferingFactory(starts_on=several.ends_on), [member.pk])

    assert between == []
    assert [clash.meeting.first for clash in on_the_last] == [several.ends_on]


def test_days_in_a_row_clash_on_each_of_them():
    member = booked(OfferingFactory(starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 2)))

    assert clashes(at(None, None), [member.pk])


def test_the_queries_do_not_grow_with_people_and_offerings(django_assert_num_queries):
    offering = at(None, None)
    members = StaffMemberFactory.create_batch(15)
    for member in members:
        AttendanceFactory(offering=at(None, None), staff=member)
        several = OfferingFactory(starts_on=DAY, ends_on=date(2026, 12, 8))
        OfferingDayFactory(offering=several, day=DAY)
        AttendanceFactory(offering=several, staff=member)

    with django_assert_num_queries(3):
        found = clashes(offering, [member.pk for member in members])

    assert len(found) == 30
