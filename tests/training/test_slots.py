"""What the preview of a roster learns of booked offerings."""

from datetime import date

import pytest

from staff.models import ChangeKind
from staff.slots import PlannedChange
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from training.slots import booking_contradictions

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)


def leaving(member, on=date(2026, 3, 31)):
    return PlannedChange(member.pk, member.number, ChangeKind.LEFT, APRIL, left_on=on)


def going_on_leave(member, duty="leave"):
    return PlannedChange(member.pk, member.number, ChangeKind.DUTY_CHANGED, APRIL, duty=duty)


def told(*changes):
    return [one.message for one in booking_contradictions(changes, APRIL)]


def booked(member, on, status="booked"):
    return AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=on), status=status)


def test_who_leaves_with_bookings_is_told_how_many_and_the_first_day():
    member = StaffMemberFactory()
    booked(member, date(2026, 6, 10))
    booked(member, date(2026, 5, 20))

    (found,) = booking_contradictions([leaving(member)], APRIL)

    assert (found.number, found.kind) == (member.number, ChangeKind.LEFT)
    assert found.message == (
        "令和8年3月31日に退職する職員に、その後の研修の予約が2件（最初は令和8年5月20日開催）"
        "ありますが、反映しても予約は消えないため、反映の後に取り消してください。"
    )


def test_who_goes_on_leave_with_a_booking_is_told():
    member = StaffMemberFactory()
    booked(member, APRIL)

    (sentence,) = told(going_on_leave(member))

    assert sentence.startswith("令和8年4月1日から休職になる職員に、その後の研修の予約が1件")


def test_a_place_on_the_waiting_list_is_a_booking():
    member = StaffMemberFactory()
    booked(member, date(2026, 5, 20), "waiting")

    assert len(told(leaving(member))) == 1


@pytest.mark.parametrize("status", ["absent", "left_early", "excused", "cancelled"])
def test_what_is_settled_is_no_booking(status):
    member = StaffMemberFactory()
    booked(member, date(2026, 5, 20), status)
    CompletionFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 5, 21)))

    assert told(leaving(member)) == []


@pytest.mark.parametrize(
    ("held_on", "is_told"), [(date(2026, 5, 31), False), (date(2026, 6, 1), True)]
)
def test_the_last_day_of_service_is_a_day_to_attend(held_on, is_told):
    member = StaffMemberFactory()
    booked(member, held_on)

    assert bool(told(leaving(member, date(2026, 5, 31)))) is is_told


def test_who_comes_back_moves_or_is_not_in_the_roster_is_not_mentioned():
    member, other = StaffMemberFactory(), StaffMemberFactory()
    booked(member, APRIL)
    booked(other, APRIL)
    moving = PlannedChange(member.pk, member.number, ChangeKind.MOVED, APRIL, department_id=1)

    assert told(moving, going_on_leave(member, "active")) == []


def test_the_days_of_one_person_are_not_those_of_another():
    early, late = StaffMemberFactory(), StaffMemberFactory()
    booked(early, date(2026, 5, 1))
    booked(late, date(2026, 5, 1))

    (found,) = booking_contradictions([leaving(early), leaving(late, date(2026, 8, 31))], APRIL)

    assert found.number == early.number


def test_the_number_of_people_does_not_matter(django_assert_num_queries):
    members = StaffMemberFactory.create_batch(11)
    for member in members:
        booked(member, date(2026, 5, 20))

    for people in (members[:1], members):
        with django_assert_num_queries(1):
            assert len(told(*(leaving(member) for member in people))) == len(people)
