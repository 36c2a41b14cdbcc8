"""Seats and the waiting line, whatever people do: never too many, never one free in vain."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.errors import DomainError
from tests.factories import OfferingFactory, StaffMemberFactory
from training.models import (
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    Mode,
    Offering,
    OfferingState,
)
from training.services.enrolment import MOVED_UP, enrol, give_notice, sign_up, withdraw
from training.services.marking import Mark, mark
from training.services.offerings import save_offering

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
HELD_ON = date(2026, 12, 1)
PEOPLE = 6

people = st.integers(0, PEOPLE - 1)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("sign_up"), st.lists(people, min_size=1, max_size=3, unique=True)),
        st.tuples(st.just("enrol"), st.lists(people, min_size=1, max_size=3, unique=True)),
        st.tuples(st.just("withdraw"), people),
        st.tuples(st.just("notice"), people),
        st.tuples(st.just("expect_again"), st.none()),
        st.tuples(st.just("capacity"), st.one_of(st.none(), st.integers(1, 5))),
        st.tuples(st.just("day_comes"), st.none()),
    ),
    min_size=3,
    max_size=14,
)


# Held on a day to come, and a period that is on and outlasts it.
KINDS = {
    "day": {"starts_on": HELD_ON},
    "period": {
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 12, 31),
        "mode": Mode.ON_DEMAND,
    },
}


class Desk:
    """An offering, six people, and the acts of the strategy upon them."""

    def __init__(self, kind, capacity, there):
        self.offering = OfferingFactory(capacity=capacity, takes_signups=True, **KINDS[kind])
        self.today, self.is_calling = TODAY, True
        self.people = StaffMemberFactory.create_batch(PEOPLE)
        self.moment = NOON
        if there:
            self.sign_up(range(there))

    def do(self, act, about):
        # Requests do not always reach the lock in the order in which they were made.
        self.moment += timedelta(seconds=-1 if act == "sign_up" else 3)
        getattr(self, act)(about)

    def sign_up(self, who):
        members = [self.people[index] for index in who]
        sign_up(offering=self.offering, members=members, by=None, today=self.today, at=self.moment)

    def enrol(self, who):
        enrol(offering=self.offering, members=[self.people[index] for index in who], by=None)

    def withdraw(self, index):
        withdraw(place=self.place(index), by=None, today=self.today)

    def notice(self, index):
        place = self.place(index)
        give_notice(place=place, absence_reason="duty", note="", by=None, today=self.today)

    def expect_again(self, _):
        place = self.offering.attendances.filter(status="notified").earliest("pk")
        marks = [Mark(place.pk, "notified", "booked")]
        mark(offering=self.offering, marks=marks, by=None, today=self.today)

    def day_comes(self, _):
        self.today = HELD_ON
        self.is_calling = self.offering.is_period

    def capacity(self, seats):
        offering = Offering.objects.get(pk=self.offering.pk)
        offering.capacity = seats
        version = offering.version
        save_offering(offering=offering, days=[], seen_version=version, by=None, today=self.today)

    def place(self, index):
        return Attendance.objects.select_related("offering").get(
            offering=self.offering, staff=self.people[index]
        )

    def line(self):
        return list(self.offering.attendances.in_line().values_list("pk", flat=True))

    def moved_up(self):
        return AttendanceChange.objects.filter(reason=MOVED_UP).count()

    def check(self):
        seats = Offering.objects.get(pk=self.offering.pk).capacity
        taken = self.offering.attendances.all().taking_a_seat().count()
        assert seats is None or taken <= seats
        if self.line() and self.is_calling:
            assert seats is not None
            assert taken == seats, "somebody waits beside a free seat"


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    capacity=st.integers(1, 4),
    there=st.sampled_from([0, 3, PEOPLE]),
    steps=acts,
)
def test_whatever_people_do_the_seats_hold_and_the_line_keeps_its_order(
    db, kind, capacity, there, steps
):
    with transaction.atomic():
        desk = Desk(kind, capacity, there)
        for act, about in steps:
            before, moved = desk.line(), desk.moved_up()
            try:
                with transaction.atomic():
                    desk.do(act, about)
            except (DomainError, Attendance.DoesNotExist):
                continue  # refused: what holds must hold all the same
            finally:
                desk.check()
                after = desk.line()
                stayed = [pk for pk in before if pk in after]
                assert after[: len(stayed)] == stayed, "somebody passed one who waited"
                assert desk.is_calling or desk.moved_up() == moved, "called in on the day"
        transaction.set_rollback(True)


days = st.integers(-3, 3).map(lambda ahead: TODAY + timedelta(days=ahead))


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.tuples(
            days,
            st.integers(0, 3),
            st.none() | st.integers(-2, 3),
            st.sampled_from(Mode),
            st.none() | st.integers(1, 2),
            st.integers(0, 2),
            st.booleans(),
            st.sampled_from([None, None, None, "closed_at", "cancelled_at"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_database_finds_each_state_as_the_offering_itself_says_it(db, rows):
    with transaction.atomic():
        for starts_on, length, closes, mode, capacity, taken, takes_signups, ended in rows:
            offering = OfferingFactory(
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=length),
                booking_closes_on=None
                if closes is None
                else starts_on + timedelta(days=min(closes, length)),
                mode=mode,
                capacity=capacity,
                takes_signups=takes_signups,
                **({ended: NOON} if ended else {}),
            )
            for member in StaffMemberFactory.create_batch(taken):
                Attendance.objects.create(
                    offering=offering,
                    staff=member,
                    category=offering.course.category,
                    status=AttendanceStatus.BOOKED,
                )
        everything = list(Offering.objects.with_seats())

        for state in OfferingState:
            found = Offering.objects.with_seats().in_state(state, TODAY)
            said = {one for one in everything if one.state(one.taken, TODAY) == state}
            assert set(found) == said
        transaction.set_rollback(True)
