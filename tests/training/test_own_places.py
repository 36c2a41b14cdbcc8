"""What people do with their own places: until when, and that the next in line moves up."""

from datetime import UTC, date, datetime

import pytest

from tests.conftest import TODAY, account
from tests.factories import AttendanceFactory, OfferingFactory, UserFactory
from training.models import AttendanceChange, AttendanceStatus, Mode
from training.services.enrolment import BegunError
from training.services.locking import OfferingClosedError
from training.services.own_places import (
    NotOwnPlaceError,
    TooLateError,
    give_own_notice,
    withdraw_own,
)

pytestmark = pytest.mark.django_db

HELD_ON = date(2026, 12, 10)
EVE = date(2026, 12, 9)


def booked(**values):
    place = AttendanceFactory(**{"offering__starts_on": HELD_ON} | values)
    return place, account(place.staff)


def notice(place, by, today=TODAY):
    return give_own_notice(
        place=place, absence_reason="duty", note="議会の対応", by=by, today=today
    )


def status(place):
    place.refresh_from_db()
    return place.status


@pytest.mark.parametrize(
    ("make", "today", "may"),
    [
        ({}, EVE, True),
        ({}, HELD_ON, False),
        ({"offering__mode": Mode.ON_DEMAND, "offering__ends_on": date(2027, 1, 31)}, HELD_ON, True),
        (
            {"offering__mode": Mode.ON_DEMAND, "offering__ends_on": date(2027, 1, 31)},
            date(2027, 2, 1),
            False,
        ),
    ],
)
def test_a_place_is_given_up_until_the_offering_begins_or_a_period_ends(make, today, may):
    place, user = booked(**make)

    if may:
        withdraw_own(place=place, by=user, today=today)
    else:
        with pytest.raises(BegunError, match="人事担当に連絡してください。"):
            withdraw_own(place=place, by=user, today=today)

    assert status(place) == ("cancelled" if may else "booked")


@pytest.mark.parametrize(("today", "may"), [(HELD_ON, True), (date(2026, 12, 11), False)])
def test_notice_of_absence_is_taken_until_the_day_itself(today, may):
    place, user = booked()

    if may:
        notice(place, user, today)
    else:
        with pytest.raises(TooLateError):
            notice(place, user, today)

    assert status(place) == ("notified" if may else "booked")
    assert place.absence_reason == ("duty" if may else "")


@pytest.mark.parametrize(
    "act", [lambda place, by: withdraw_own(place=place, by=by, today=TODAY), notice]
)
def test_a_seat_that_becomes_free_goes_to_the_first_in_line(act):
    offering = OfferingFactory(starts_on=HELD_ON, capacity=1)
    place, user = booked(offering=offering)
    second, first = (
        AttendanceFactory(
            offering=offering,
            status=AttendanceStatus.WAITING,
            waiting_since=datetime(2026, 11, day, tzinfo=UTC),
        )
        for day in (2, 1)
    )

    act(place, user)

    assert (status(first), status(second)) == ("booked", "waiting")


def test_on_the_day_itself_a_seat_that_becomes_free_stays_so():
    offering = OfferingFactory(starts_on=HELD_ON, capacity=1)
    place, user = booked(offering=offering)
    waiting = AttendanceFactory(
        offering=offering, status="waiting", waiting_since=datetime(2026, 11, 1, tzinfo=UTC)
    )

    moved = notice(place, user, HELD_ON)

    assert (moved, status(place), status(waiting)) == ([], "notified", "waiting")


@pytest.mark.parametrize(
    "act", [lambda place, by: withdraw_own(place=place, by=by, today=TODAY), notice]
)
def test_nobody_does_anything_with_the_place_of_another(act):
    place, _ = booked()

    with pytest.raises(NotOwnPlaceError):
        act(place, UserFactory())

    assert status(place) == "booked"


def test_giving_up_twice_is_once_and_the_trail_tells_who():
    place, user = booked()

    withdraw_own(place=place, by=user, today=TODAY)
    withdraw_own(place=place, by=user, today=TODAY)

    change = AttendanceChange.objects.get()
    assert (change.old, change.new, change.by) == ("booked", "cancelled", user)
    assert change.reason == "本人の取消し"


def test_a_closed_offering_keeps_its_places():
    place, user = booked(offering__closed_at=datetime(2026, 11, 1, tzinfo=UTC))

    with pytest.raises(OfferingClosedError):
        withdraw_own(place=place, by=user, today=TODAY)
