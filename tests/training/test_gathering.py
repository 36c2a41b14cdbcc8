"""A new offering for people at once: made with everybody on it, or not at all, and only once."""

from datetime import UTC, date, datetime

import pytest

from agano_dx.lib.fiscal import FiscalYear
from tests.factories import (
    CourseFactory,
    FrozenYearFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Course, Offering
from training.services.enrolment import Enrolled, OfferingFullError, enrol
from training.services.gathering import SameDayError, gather
from training.services.locking import FrozenYearError

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 10)


def made(course, members, capacity=None):
    return gather(course=course, starts_on=DAY, capacity=capacity, members=members, by=None)


def test_the_offering_is_made_with_everybody_on_it():
    course, members = CourseFactory(), StaffMemberFactory.create_batch(3)

    offering, done = made(course, members, capacity=3)

    assert done == Enrolled(added=3, already=0)
    assert (offering.starts_on, offering.ends_on, offering.capacity) == (DAY, DAY, 3)
    assert offering.attendances.filter(status="booked").count() == 3


def test_nothing_is_made_when_not_everybody_fits():
    course, members = CourseFactory(), StaffMemberFactory.create_batch(3)

    with pytest.raises(OfferingFullError, match="残りは2席です。"):
        made(course, members, capacity=2)

    assert not Offering.objects.exists()


def test_nothing_is_made_in_a_frozen_year():
    FrozenYearFactory(fiscal_year=FiscalYear(2026))

    with pytest.raises(FrozenYearError):
        made(CourseFactory(), [StaffMemberFactory()])

    assert not Offering.objects.exists()


def test_the_same_request_again_finds_what_it_made():
    course, members = CourseFactory(), StaffMemberFactory.create_batch(2)
    first, _ = made(course, members)

    second, done = made(course, members)

    assert (second, done) == (first, Enrolled(added=0, already=2))
    assert Offering.objects.count() == 1


def test_a_second_offering_on_the_same_day_is_refused_in_words():
    course = CourseFactory()
    enrol(
        offering=OfferingFactory(course=course, starts_on=DAY),
        members=[StaffMemberFactory()],
        by=None,
    )

    with pytest.raises(SameDayError, match="この研修には同じ日の開催回があります。"):
        made(course, [StaffMemberFactory()])


def test_an_offering_called_off_is_not_in_the_way():
    course = CourseFactory()
    OfferingFactory(course=course, starts_on=DAY, cancelled_at=datetime(2026, 11, 1, tzinfo=UTC))

    _, done = made(course, [StaffMemberFactory()])

    assert done.added == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_offering():
    course, members = CourseFactory(), StaffMemberFactory.create_batch(5)

    answers = together([lambda: made(Course.objects.get(pk=course.pk), members)] * 3)

    assert sorted(done.added for _, done in answers) == [0, 0, 5]
    assert Offering.objects.count() == 1
