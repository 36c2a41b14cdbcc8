"""マイ研修 as it is read: what one owes, waits for, may sign up for, has done; what clashes."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from tests import worlds
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    OfferingFactory,
    ProgrammeFactory,
    StaffMemberFactory,
)
from training import mine
from training.models import (
    DEFAULT_RULE,
    AttendanceStatus,
    Audience,
    Category,
    Frequency,
    Mode,
    Offering,
)
from training.outstanding import Scope, owing

pytestmark = pytest.mark.django_db

TO_COME = date(2026, 12, 10)


def owed(member, on=TODAY, rule=DEFAULT_RULE):
    return mine.owed(member.pk, mine.places_of(member.pk), on, rule)


def choice(member, rows=()):
    return mine.choice(mine.places_of(member.pk), rows, TODAY)


# --- owed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "due"),
    [
        ({}, date(2035, 3, 31)),
        ({"last_year": FiscalYear(2026)}, date(2027, 3, 31)),
        ({"frequency": Frequency.YEARLY}, date(2027, 3, 31)),
        ({"audience": Audience.NEW_HIRES}, date(2027, 3, 31)),
    ],
)
def test_a_row_is_owed_by_its_last_day_or_that_of_the_year(make, due):
    member = AssignmentFactory(staff__hired_on=date(2026, 4, 1)).staff
    row = ProgrammeFactory(**make)

    [one] = owed(member)

    assert (one.programme, one.due, one.state) == (row, due, "open")


def test_leaders_rows_are_nothing_to_attend():
    member = AssignmentFactory().staff
    ProgrammeFactory(audience=Audience.LEADERS, category=Category.LEADER_ACTIVITY)

    assert owed(member) == []


@pytest.mark.parametrize(
    ("status", "held_on", "state"),
    [
        ("booked", TO_COME, "booked"),
        ("waiting", TO_COME, "waiting"),
        ("absent", date(2026, 6, 1), "missed"),
        ("left_early", date(2026, 6, 1), "missed"),
        ("notified", date(2026, 6, 1), "missed"),
        ("notified", TO_COME, "open"),
        ("booked", date(2026, 6, 1), "open"),
        ("waiting", date(2026, 6, 1), "open"),
    ],
)
def test_an_owed_row_tells_how_far_one_is(status, held_on, state):
    member = AssignmentFactory().staff
    ProgrammeFactory()
    AttendanceFactory(staff=member, offering__starts_on=held_on, status=status)

    assert [one.state for one in owed(member)] == [state]


def test_an_exemption_over_the_turn_of_the_year_counts_in_the_year_in_which_it_ends():
    member = AssignmentFactory().staff
    row = ProgrammeFactory(frequency=Frequency.YEARLY)
    over_the_turn = OfferingFactory(starts_on=date(2026, 3, 20), ends_on=date(2026, 4, 20))
    AttendanceFactory(staff=member, offering=over_the_turn, status=AttendanceStatus.EXCUSED)

    assert owed(member) == []
    assert [one.programme for one in owed(member, date(2026, 3, 25))] == [row]


def test_a_booking_of_next_year_does_not_fulfil_a_row_of_this_year():
    member = AssignmentFactory().staff
    ProgrammeFactory(frequency=Frequency.YEARLY)
    AttendanceFactory(staff=member, offering__starts_on=date(2027, 4, 1))

    assert [(one.state, one.place) for one in owed(member)] == [("open", None)]


def test_a_place_on_an_offering_that_was_called_off_does_not_fulfil_a_row():
    member = AssignmentFactory().staff
    ProgrammeFactory()
    off = OfferingFactory(starts_on=TO_COME, cancelled_at=datetime(2026, 11, 1, tzinfo=UTC))
    AttendanceFactory(staff=member, offering=off)

    assert [one.state for one in owed(member)] == ["open"]


@pytest.mark.parametrize("rows", [1, 11])
def test_what_is_owed_takes_three_queries_however_many_rows(rows, django_assert_num_queries):
    member = AssignmentFactory().staff
    ProgrammeFactory.create_batch(rows)
    AttendanceFactory(staff=member, status=AttendanceStatus.ABSENT)
    places = mine.places_of(member.pk)

    with django_assert_num_queries(3):
        found = mine.owed(member.pk, places, TODAY, DEFAULT_RULE)

    assert [one.state for one in found] == ["missed"] * rows


@pytest.fixture
def ground():
    return worlds.make_ground()


def states_of(one):
    """What one's own page may say where the list says this."""
    if one.reason == "booked":
        is_over = one.noted.offering.ends_on < one.on
        return {"missed", "open"} if is_over else {"booked", "waiting"}
    return {"missed"} if one.reason == "absent" else {"open"}


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    drawing=st.data(),
    on=st.one_of(st.just(TODAY), worlds.days),
    rule=worlds.rules,
    category=st.sampled_from(worlds.HELD),
    frequency=st.sampled_from(Frequency),
)
def test_one_owes_what_the_outstanding_lists_say(ground, drawing, on, rule, category, frequency):
    people = drawing.draw(st.lists(worlds.learner(category), min_size=2, max_size=6))
    with transaction.atomic():
        members = worlds.put_down(ground, people)
        rows = [
            ProgrammeFactory(
                code=f"{audience}",
                category=category,
                audience=audience,
                frequency=frequency,
            )
            for audience in Audience
            if audience != Audience.LEADERS
        ]
        listed = {
            (one.place.staff.number, row.code): one
            for row in rows
            for one in owing(row, on, rule, Scope(None))
            if one.reason != "excused"
        }

        found = {
            (member.number, one.programme.code): one
            for member in members
            for one in owed(member, on, rule)
        }

        transaction.set_rollback(True)
    assert found.keys() == listed.keys()
    assert all(one.state in states_of(listed[key]) for key, one in found.items())


# --- places -------------------------------------------------------------------------------------


def test_the_next_place_stands_first_and_what_is_over_stands_below():
    member = StaffMemberFactory()
    later, sooner = (
        AttendanceFactory(staff=member, offering__starts_on=date(2026, 12, day)) for day in (20, 10)
    )
    over = CompletionFactory(staff=member)
    AttendanceFactory(staff=member, status=AttendanceStatus.CANCELLED)

    places = mine.places_of(member.pk)

    assert [one.place for one in mine.booked(places, TODAY)] == [sooner, later]
    assert [one.place for one in mine.done(places, TODAY)] == [over]


def test_one_is_told_ones_place_in_line():
    offering = OfferingFactory(starts_on=TO_COME)
    third, first, second = (
        AttendanceFactory(
            offering=offering,
            status=AttendanceStatus.WAITING,
            waiting_since=datetime(2026, 11, day, tzinfo=UTC),
        )
        for day in (3, 1, 2)
    )
    elsewhere = AttendanceFactory(
        status=AttendanceStatus.WAITING, waiting_since=datetime(2026, 11, 1, tzinfo=UTC)
    )

    found = mine.positions_in_line([third, second, elsewhere])

    assert found == {third.pk: 3, second.pk: 2, elsewhere.pk: 1}
    assert mine.positions_in_line([first]) == {first.pk: 1}


@pytest.mark.parametrize(
    ("make", "result"),
    [
        ({"status": "absent"}, ["欠席"]),
        ({"status": "notified"}, ["欠席届"]),
        ({"status": "booked"}, ["出欠の入力待ち"]),
        (
            {"status": "booked", "offering__cancelled_at": datetime(2026, 5, 1, tzinfo=UTC)},
            ["中止"],
        ),
        ({"status": "waiting"}, []),
    ],
)
def test_what_is_over_tells_how_it_ended(make, result):
    member = StaffMemberFactory()
    AttendanceFactory(staff=member, **make)

    assert [one.result for one in mine.done(mine.places_of(member.pk), TODAY)] == result


def test_a_completion_counts_its_hours_and_nothing_else_does():
    member = StaffMemberFactory()
    CompletionFactory(staff=member, offering__course__hours=3)
    AttendanceFactory(staff=member, offering__course__hours=3, status="left_early")

    hours = [one.hours for one in mine.done(mine.places_of(member.pk), TODAY)]

    assert sorted(hours, key=str) == [3, None]


@pytest.mark.parametrize(
    ("completed_on", "report"), [(date(2025, 4, 1), "missing"), (date(2025, 3, 31), "")]
)
def test_a_report_is_asked_for_of_this_year_and_the_last(completed_on, report):
    member = CompletionFactory(offering__starts_on=completed_on).staff

    assert [one.report for one in mine.done(mine.places_of(member.pk), TODAY)] == [report]


# --- what one may sign up for -------------------------------------------------------------------

PERIOD = {"starts_on": date(2026, 11, 1), "ends_on": TODAY, "mode": Mode.ON_DEMAND}


@pytest.mark.parametrize(
    ("make", "may"),
    [
        ({}, True),
        ({"takes_signups": False}, False),
        ({"cancelled_at": datetime(2026, 11, 1, tzinfo=UTC)}, False),
        ({"closed_at": datetime(2026, 11, 1, tzinfo=UTC)}, False),
        ({"booking_closes_on": TODAY}, True),
        ({"booking_closes_on": date(2026, 11, 22)}, False),
        ({"starts_on": date(2026, 11, 24)}, True),
        ({"starts_on": TODAY}, False),
        ({"starts_on": TODAY, "booking_closes_on": TODAY}, True),
        (PERIOD, True),
        (PERIOD | {"ends_on": date(2026, 11, 22)}, False),
        (PERIOD | {"booking_closes_on": date(2026, 11, 22)}, False),
    ],
)
def test_the_list_and_the_offering_itself_agree_on_whether_one_may_sign_up(make, may):
    offering = OfferingFactory(**{"starts_on": TO_COME, "takes_signups": True} | make)

    assert Offering.objects.bookable(TODAY).exists() == may
    assert offering.is_bookable(TODAY) == may


def test_what_helps_stands_first_then_the_soonest():
    member = AssignmentFactory().staff
    ProgrammeFactory(category=Category.SKILL)
    soon, late, helping = (
        OfferingFactory(starts_on=day, takes_signups=True, course__category=category)
        for day, category in (
            (date(2026, 12, 1), Category.MIND),
            (date(2026, 12, 2), Category.MIND),
            (date(2026, 12, 24), Category.SKILL),
        )
    )

    found = choice(member, owed(member)).offerings

    assert [(one.offering, one.helps) for one in found] == [
        (helping, True),
        (soon, False),
        (late, False),
    ]


@pytest.mark.parametrize(
    ("status", "offered"), [("booked", False), ("waiting", False), ("notified", True)]
)
def test_where_one_has_a_place_one_is_not_asked_again(status, offered):
    place = AttendanceFactory(
        offering__starts_on=TO_COME, offering__takes_signups=True, status=status
    )

    assert bool(choice(place.staff).offerings) == offered


@pytest.mark.parametrize(
    ("capacity", "statuses", "words"),
    [
        (None, ["booked"], "空きあり"),
        (2, ["booked", "cancelled", "notified"], "残り1席"),
        (1, ["booked"], "満席（空き待ち0人）"),
        (1, ["booked", "waiting", "waiting"], "満席（空き待ち2人）"),
        (2, ["booked", "waiting"], "満席（空き待ち1人）"),
    ],
)
def test_seats_are_told_in_words_on_the_list_and_on_the_page_alike(capacity, statuses, words):
    offering = OfferingFactory(starts_on=TO_COME, takes_signups=True, capacity=capacity)
    for status in statuses:
        AttendanceFactory(offering=offering, status=status)

    [one] = choice(StaffMemberFactory()).offerings

    assert one.seats.words == words
    assert mine.seats_of(offering).words == words


def test_a_long_list_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(mine, "MOST_OFFERED", 2)
    OfferingFactory.create_batch(3, starts_on=TO_COME, takes_signups=True)

    found = choice(StaffMemberFactory())

    assert (len(found.offerings), found.more) == (2, 1)
