"""People at the door: on the list, or added on the spot."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import TODAY, account
from tests.factories import (
    AttendanceFactory,
    FrozenYearFactory,
    OfferingDayFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Attendance, AttendanceChange
from training.services.locking import FrozenYearError, OfferingClosedError
from training.services.marking import Mark, NotYetHeldError, NotYetOverError, OwnMarkError
from training.services.walk_in import (
    WALKED_IN,
    AlreadyMarkedError,
    NotInServiceError,
    Outcome,
    check_in,
    take_list,
    walk_in,
)

pytestmark = pytest.mark.django_db


def come(offering, *members, by=None):
    return walk_in(offering=offering, members=list(members), by=by, today=TODAY)


def give_number(offering, member, by=None):
    return check_in(offering=offering, member=member, by=by, today=TODAY)


def place_of(offering, member):
    place = offering.attendances.get(staff=member)
    return place.status, place.completed_on


def two_days(first, last):
    offering = OfferingFactory(starts_on=first, ends_on=last)
    for day in (first, last):
        OfferingDayFactory(offering=offering, day=day)
    return offering


def test_who_came_without_a_place_is_present_and_the_trail_says_how(hr):
    offering, member = OfferingFactory(course__category="skill"), StaffMemberFactory()

    done = come(offering, member, by=hr)

    (place,) = done.added
    assert place_of(offering, member) == ("present", offering.ends_on)
    assert place.category == "skill"
    change = place.changes.get()
    assert (change.old, change.new, change.by, change.reason) == ("", "present", hr, WALKED_IN)
    assert LogEntry.objects.filter(actor=hr, object_id=place.pk, action=0).exists()


@pytest.mark.parametrize("status", ["waiting", "cancelled"])
def test_who_waited_or_had_cancelled_is_present_when_they_come(status):
    since = timezone.now() if status == "waiting" else None
    place = AttendanceFactory(status=status, waiting_since=since)

    come(place.offering, place.staff)

    assert place_of(place.offering, place.staff) == ("present", place.offering.ends_on)
    change = place.changes.get()
    assert (change.old, change.reason) == (status, WALKED_IN)


@pytest.mark.parametrize("status", ["notified", "cancelled"])
def test_what_was_said_of_an_absence_goes_when_they_come(status):
    place = AttendanceFactory(status=status, note="通院のため")

    come(place.offering, place.staff)

    place.refresh_from_db()
    assert (place.status, place.absence_reason, place.note) == ("present", "", "")


def test_who_was_booked_is_marked_without_being_called_a_walk_in():
    place = AttendanceFactory()

    come(place.offering, place.staff)

    assert place_of(place.offering, place.staff)[0] == "present"
    assert place.changes.get().reason == ""


def test_coming_twice_is_coming_once():
    offering, member = OfferingFactory(), StaffMemberFactory()
    come(offering, member)

    done = come(offering, member)

    assert (done.added, done.already) == ([], 1)
    assert AttendanceChange.objects.count() == 1


def test_the_room_may_be_too_small_and_it_is_told_by_how_many():
    offering = OfferingFactory(capacity=1)
    AttendanceFactory(offering=offering)

    done = come(offering, *StaffMemberFactory.create_batch(2))

    assert (len(done.added), done.over) == (2, 2)
    assert offering.attendances.count() == 3


def test_room_enough_is_not_exceeded():
    assert come(OfferingFactory(capacity=2), StaffMemberFactory()).over == 0


@pytest.mark.parametrize("status", ["absent", "excused", "left_early"])
def test_what_a_clerk_decided_is_not_changed_at_the_door(status):
    place = AttendanceFactory(status=status)

    with pytest.raises(AlreadyMarkedError, match="入力済みです"):
        come(place.offering, place.staff)
    with pytest.raises(AlreadyMarkedError, match="入力済みです"):
        give_number(place.offering, place.staff)

    assert place_of(place.offering, place.staff) == (status, None)


def test_nobody_adds_themself():
    offering, member = OfferingFactory(), StaffMemberFactory()

    with pytest.raises(OwnMarkError, match="自分の出欠は"):
        come(offering, StaffMemberFactory(), member, by=account(member))

    assert not Attendance.objects.exists()


def test_nobody_checks_themself_in():
    place = AttendanceFactory()

    with pytest.raises(OwnMarkError, match="自分の出欠は"):
        give_number(place.offering, place.staff, by=account(place.staff))

    assert place_of(place.offering, place.staff) == ("booked", None)


@pytest.mark.parametrize("left_on", [date(2026, 5, 31), date(2026, 6, 1)])
def test_only_people_in_service_on_the_day_are_added(left_on):
    offering, member = OfferingFactory(), StaffMemberFactory(left_on=left_on)

    if left_on < offering.ends_on:
        with pytest.raises(NotInServiceError, match="在職していません"):
            come(offering, member)
    else:
        come(offering, member)

    assert offering.attendances.exists() == (left_on >= offering.ends_on)


def test_before_the_day_nobody_is_added():
    offering = OfferingFactory(starts_on=TODAY + timedelta(days=1))

    with pytest.raises(NotYetHeldError):
        come(offering, StaffMemberFactory())

    assert not Attendance.objects.exists()


def test_a_closed_offering_takes_nobody():
    offering = OfferingFactory(closed_at=timezone.now())

    with pytest.raises(OfferingClosedError):
        come(offering, StaffMemberFactory())

    assert not Attendance.objects.exists()


def test_no_completion_of_a_frozen_year_is_made_at_the_door():
    FrozenYearFactory(fiscal_year=FiscalYear(2026))
    offering = OfferingFactory(starts_on=TODAY, ends_on=date(2027, 4, 30))

    with pytest.raises(FrozenYearError):
        come(offering, StaffMemberFactory())

    assert not Attendance.objects.exists()


def test_before_the_last_of_several_days_who_comes_gets_a_place_only():
    offering, member = two_days(TODAY, TODAY + timedelta(days=7)), StaffMemberFactory()

    first, second = come(offering, member), come(offering, member)

    assert place_of(offering, member) == ("booked", None)
    assert (len(first.added), second.already) == (1, 1)


def test_on_the_last_of_several_days_who_comes_is_present():
    offering, member = two_days(TODAY - timedelta(days=7), TODAY), StaffMemberFactory()

    come(offering, member)

    assert place_of(offering, member) == ("present", TODAY)


def test_adding_many_takes_the_queries_of_adding_two(
    django_assert_num_queries, django_assert_max_num_queries
):
    small, large = OfferingFactory(), OfferingFactory()
    few, many = StaffMemberFactory.create_batch(2), StaffMemberFactory.create_batch(60)
    come(small, StaffMemberFactory())
    with django_assert_max_num_queries(12) as counted:
        come(small, *few)

    with django_assert_num_queries(len(counted)):
        come(large, *many)

    assert large.attendances.count() == 60


# --- A number at the door -----------------------------------------------------------------------


@pytest.mark.parametrize("status", ["booked", "notified"])
def test_a_number_of_somebody_on_the_list_marks_them_present(status, hr):
    place = AttendanceFactory(status=status)

    outcome = give_number(place.offering, place.staff, by=hr)

    assert outcome == Outcome.MARKED
    assert place_of(place.offering, place.staff) == ("present", place.offering.ends_on)
    assert place.changes.get().by == hr


def test_the_same_number_twice_is_once():
    place = AttendanceFactory()
    give_number(place.offering, place.staff)

    assert give_number(place.offering, place.staff) == Outcome.ALREADY
    assert AttendanceChange.objects.count() == 1


@pytest.mark.parametrize("status", [None, "waiting", "cancelled"])
def test_a_number_of_somebody_not_on_the_list_changes_nothing(status):
    offering, member = OfferingFactory(), StaffMemberFactory()
    if status:
        AttendanceFactory(offering=offering, staff=member, status=status)

    assert give_number(offering, member) == Outcome.NOT_LISTED
    assert not AttendanceChange.objects.exists()


def test_a_number_before_the_last_of_several_days_is_refused_in_words():
    offering = two_days(TODAY, TODAY + timedelta(days=7))
    place = AttendanceFactory(offering=offering)

    with pytest.raises(NotYetOverError, match="最終日から"):
        give_number(offering, place.staff)


# --- A list of numbers --------------------------------------------------------------------------


def test_a_list_is_taken_whole_or_not_at_all():
    offering = OfferingFactory()
    place = AttendanceFactory(offering=offering)
    member, gone = StaffMemberFactory(), StaffMemberFactory(left_on=date(2026, 5, 1))
    marks = [Mark(place.pk, "booked", "present")]

    with pytest.raises(NotInServiceError):
        take_list(offering=offering, marks=marks, members=[gone], by=None, today=TODAY)
    assert place_of(offering, place.staff)[0] == "booked"
    marked, walked = take_list(
        offering=offering, marks=marks, members=[member], by=None, today=TODAY
    )

    assert (marked.changed, len(walked.added)) == (1, 1)
    assert set(offering.attendances.values_list("status", flat=True)) == {"present"}


@pytest.mark.django_db(transaction=True)
def test_eight_readers_with_the_same_number_add_one_person():
    offering, member = OfferingFactory(), StaffMemberFactory()

    answers = together([lambda: come(offering, member)] * 8)

    assert sorted(answer.already for answer in answers) == [0] + [1] * 7
    assert offering.attendances.count() == AttendanceChange.objects.count() == 1
