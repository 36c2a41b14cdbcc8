"""Twenty people at one last seat, over and over: one gets it, and nobody is lost.

Also what happens when people come and go at the same moment.
"""

from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import AttendanceFactory, CourseFactory, OfferingFactory, StaffMemberFactory
from tests.together import together
from training.models import Attendance, AttendanceChange, AttendanceStatus, Offering
from training.services.enrolment import (
    Enrolled,
    OfferingFullError,
    SignedUp,
    enrol,
    sign_up,
    withdraw,
)

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
PEOPLE, MEETINGS = 20, 10


def in_rounds(people, offerings, act):
    """Everybody at each offering at the same moment; what each was answered, by offering.

    On SQLite they meet ten times only: whoever finds the file locked sleeps up to a tenth of a
    second, and the last of twenty would be waited for at every offering.
    """
    barrier = Barrier(len(people), timeout=60)
    rounds_between = len(offerings) // MEETINGS if connection.vendor == "sqlite" else 1

    def go(member):
        answers = []
        for number, offering in enumerate(offerings):
            if number % rounds_between == 0:
                barrier.wait()
            try:
                answers.append(act(offering, member))
            except OfferingFullError as refusal:
                answers.append(refusal)
            if connection.vendor == "postgresql":
                connection.close()  # the pool has fewer connections than there are people
        return answers

    by_person = together([lambda member=member: go(member) for member in people])
    return [list(answers) for answers in zip(*by_person, strict=True)]


def offerings_with_one_seat():
    course = CourseFactory()
    made = [
        Offering(
            course=course,
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 1),
            capacity=1,
            takes_signups=True,
            venue=str(number),
        )
        for number in range(40 if connection.vendor == "sqlite" else 100)
    ]
    return list(Offering.objects.bulk_create(made))


def test_of_twenty_who_sign_up_one_gets_the_seat_and_nineteen_stand_in_one_line():
    people = StaffMemberFactory.create_batch(PEOPLE)
    offerings = offerings_with_one_seat()

    rounds = in_rounds(
        people,
        offerings,
        lambda offering, member: sign_up(
            offering=offering, members=[member], by=None, today=TODAY, at=timezone.now()
        ),
    )

    for offering, answers in zip(offerings, rounds, strict=True):
        assert all(isinstance(answer, SignedUp) for answer in answers)
        (booked,) = [place for answer in answers for place in answer.booked]
        waiting = {place.pk for answer in answers for place in answer.waiting}
        line = list(offering.attendances.in_line())
        assert offering.attendances.get(status=AttendanceStatus.BOOKED) == booked
        assert {place.pk for place in line} == waiting
        assert len({place.waiting_since for place in line}) == PEOPLE - 1
        # The trail is written under the lock: those who came to it first stand first.
        came = AttendanceChange.objects.filter(attendance__in=line).order_by("pk")
        assert [change.attendance_id for change in came] == [place.pk for place in line]


def test_of_twenty_whom_clerks_enrol_one_gets_the_seat_and_nineteen_are_refused():
    people = StaffMemberFactory.create_batch(PEOPLE)
    offerings = offerings_with_one_seat()

    rounds = in_rounds(
        people,
        offerings,
        lambda offering, member: enrol(offering=offering, members=[member], by=None),
    )

    for offering, answers in zip(offerings, rounds, strict=True):
        assert answers.count(Enrolled(added=1, already=0)) == 1
        assert sum(isinstance(answer, OfferingFullError) for answer in answers) == PEOPLE - 1
        assert offering.attendances.get().status == AttendanceStatus.BOOKED
    assert AttendanceChange.objects.count() == len(offerings)


def test_people_who_come_and_go_at_once_never_fill_more_seats_than_there_are():
    offering = OfferingFactory(starts_on=date(2026, 12, 1), capacity=3, takes_signups=True)
    there = AttendanceFactory.create_batch(3, offering=offering)
    people = StaffMemberFactory.create_batch(6)

    answers = together(
        [lambda place=place: withdraw(place=place, by=None, today=TODAY) for place in there]
        + [
            lambda member=member: sign_up(
                offering=offering, members=[member], by=None, today=TODAY, at=NOON
            )
            for member in people
        ]
    )

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    places = Attendance.objects.filter(offering=offering, staff__in=people)
    assert places.filter(status=AttendanceStatus.BOOKED).count() == 3
    assert places.in_line().count() == 3


def test_the_same_sign_up_sent_twice_at_once_makes_one_place():
    offering = OfferingFactory(starts_on=date(2026, 12, 1), takes_signups=True)
    member = StaffMemberFactory()

    answers = together(
        [
            lambda: sign_up(offering=offering, members=[member], by=None, today=TODAY, at=NOON),
        ]
        * 2
    )

    assert sorted((len(one.booked), len(one.already)) for one in answers) == [(0, 1), (1, 0)]
    assert AttendanceChange.objects.get().attendance == offering.attendances.get()
