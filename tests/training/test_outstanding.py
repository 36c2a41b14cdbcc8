"""未受講者: who of a row's audience still has to attend, and why."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from staff.models import Band, Duty, Employment
from tests import worlds
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    InvitationFactory,
    OfferingFactory,
    ProgrammeFactory,
    RankFactory,
)
from training.models import (
    BOOKINGS,
    DEFAULT_RULE,
    Audience,
    Category,
    Counting,
    Frequency,
    Invitation,
)
from training.outstanding import (
    REASONS,
    NoAttendanceProgrammeError,
    Outstanding,
    Scope,
    outstanding,
    roll,
)

pytestmark = pytest.mark.django_db


def owing(programme, on=TODAY, rule=DEFAULT_RULE, units=None):
    return {one.number: one.reason for one in outstanding(programme, on, rule, units)}


def numbers(*people):
    return {person.number for person in people}


def attended(member, on, category=Category.MIND):
    return CompletionFactory(
        staff=member, offering=OfferingFactory(starts_on=on, course__category=category)
    )


# --- for whom -----------------------------------------------------------------------------------


def test_a_row_for_all_asks_everybody_of_the_population():
    here = AssignmentFactory().staff
    AssignmentFactory(employment=Employment.FISCAL_YEAR_APPOINTEE)
    AssignmentFactory(staff__left_on=date(2026, 11, 22))
    AssignmentFactory(staff__hired_on=date(2026, 11, 24))

    assert set(owing(ProgrammeFactory())) == numbers(here)


@pytest.mark.parametrize("duty", [Duty.CHILDCARE, Duty.LEAVE, Duty.SECONDED])
def test_people_on_leave_are_not_missing(duty):
    AssignmentFactory(duty=duty)

    assert owing(ProgrammeFactory()) == {}


def test_somebody_back_from_leave_is_missing_again():
    member = AssignmentFactory(duty=Duty.CHILDCARE).staff
    AssignmentFactory(staff=member, starts_on=TODAY)

    assert set(owing(ProgrammeFactory())) == numbers(member)


def test_the_catch_up_row_asks_those_who_missed_it_and_new_hires():
    row = ProgrammeFactory(
        audience=Audience.MISSED_AND_NEW, first_year=FiscalYear(2027), last_year=FiscalYear(2027)
    )
    missed = AssignmentFactory().staff
    new = AssignmentFactory(staff__hired_on=date(2027, 4, 1)).staff
    attended(AssignmentFactory().staff, date(2026, 6, 1))

    assert owing(row, date(2027, 6, 1)) == {
        missed.number: "not_invited",
        new.number: "new_hire",
    }


@pytest.mark.parametrize(
    ("hired_on", "asked"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2026, 11, 23), True),
    ],
)
def test_the_new_hires_row_asks_those_hired_this_fiscal_year(hired_on, asked):
    member = AssignmentFactory(staff__hired_on=hired_on).staff

    found = owing(ProgrammeFactory(audience=Audience.NEW_HIRES))

    assert set(found) == (numbers(member) if asked else set())


def test_the_executives_row_asks_those_who_hold_such_a_rank_that_day():
    row = ProgrammeFactory(audience=Audience.EXECUTIVES, category=Category.EXECUTIVE)
    head = AssignmentFactory(rank=HeadRankFactory()).staff
    promoted = AssignmentFactory().staff
    AssignmentFactory(staff=promoted, rank=HeadRankFactory(), starts_on=TODAY)

    assert set(owing(row)) == numbers(head, promoted)
    assert set(owing(row, date(2026, 11, 22))) == numbers(head)


def test_the_digital_office_row_asks_those_who_are_there_that_day():
    row = ProgrammeFactory(audience=Audience.DIGITAL_OFFICE, category=Category.OJT)
    there = AssignmentFactory(department__is_digital_office=True).staff
    AssignmentFactory(staff=there, starts_on=date(2026, 12, 1))
    AssignmentFactory()

    assert set(owing(row)) == numbers(there)
    assert owing(row, date(2026, 12, 1)) == {}


def test_the_leaders_row_is_refused():
    row = ProgrammeFactory(audience=Audience.LEADERS, category=Category.LEADER_ACTIVITY)

    with pytest.raises(NoAttendanceProgrammeError, match="受講の記録がありません。"):
        outstanding(row, TODAY, DEFAULT_RULE, None)


@pytest.mark.parametrize(
    ("on", "asked"),
    [
        (date(2025, 3, 31), False),
        (date(2025, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_a_row_asks_nobody_outside_its_years(on, asked):
    AssignmentFactory()
    row = ProgrammeFactory(first_year=FiscalYear(2025), last_year=FiscalYear(2026))

    assert bool(owing(row, on)) == asked


def test_only_the_units_asked_for_are_looked_at():
    section, other = DepartmentFactory(), DepartmentFactory()
    member = AssignmentFactory(department=section).staff
    AssignmentFactory(department=other)

    assert set(owing(ProgrammeFactory(), units=frozenset([section.pk]))) == numbers(member)
    assert owing(ProgrammeFactory(), units=frozenset()) == {}


def test_people_come_in_the_order_of_their_numbers():
    for number in ("000020", "000003", "000100"):
        AssignmentFactory(staff__number=number)

    found = outstanding(ProgrammeFactory(), TODAY, DEFAULT_RULE, None)

    assert [one.number for one in found] == ["000003", "000020", "000100"]
    assert found[0] == Outstanding("000003", "not_invited")


# --- the window ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "on", "done"),
    [
        (Frequency.ONCE, date(2010, 5, 1), True),
        (Frequency.ONCE, TODAY, True),
        (Frequency.ONCE, date(2026, 11, 24), False),
        (Frequency.YEARLY, date(2026, 3, 31), False),
        (Frequency.YEARLY, date(2026, 4, 1), True),
        (Frequency.YEARLY, date(2026, 11, 24), False),
    ],
)
def test_once_takes_any_completion_up_to_the_day_and_yearly_those_of_the_year(frequency, on, done):
    attended(AssignmentFactory().staff, on)

    assert (owing(ProgrammeFactory(frequency=frequency)) == {}) == done


def test_a_completion_of_another_category_does_not_help():
    member = AssignmentFactory().staff
    attended(member, date(2026, 6, 1), Category.SKILL)

    assert set(owing(ProgrammeFactory(category=Category.MIND))) == numbers(member)


@pytest.mark.parametrize(("on", "done"), [(date(2025, 11, 23), False), (date(2025, 11, 24), True)])
def test_a_completion_too_old_for_the_rule_does_not_help(on, done):
    attended(AssignmentFactory().staff, on)
    one_year = Counting(
        DEFAULT_RULE.counted_employments,
        DEFAULT_RULE.excluded_duties,
        DEFAULT_RULE.required_categories,
        validity_years=1,
    )

    assert (owing(ProgrammeFactory(), rule=one_year) == {}) == done


# --- why ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "reason"),
    [
        ([], "not_invited"),
        (["cancelled"], "not_invited"),
        (["booked"], "booked"),
        (["waiting"], "not_invited"),
        (["waiting", "absent"], "absent"),
        (["absent"], "absent"),
        (["left_early"], "absent"),
        (["excused"], "excused"),
        (["absent", "booked"], "booked"),
        (["booked", "absent", "excused"], "excused"),
        (["left_early", "cancelled"], "absent"),
    ],
)
def test_the_reason_is_the_first_of_excused_booked_absent(statuses, reason):
    member = AssignmentFactory().staff
    for status in statuses:
        AttendanceFactory(staff=member, status=status)

    assert owing(ProgrammeFactory()) == {member.number: reason}


def test_a_new_hire_s_own_reason_comes_after_what_was_noted():
    new = AssignmentFactory(staff__hired_on=date(2026, 4, 1)).staff
    absent = AssignmentFactory(staff__hired_on=date(2026, 4, 1)).staff
    AttendanceFactory(staff=absent, status="absent")

    assert owing(ProgrammeFactory()) == {new.number: "new_hire", absent.number: "absent"}


@pytest.mark.parametrize(
    ("status", "reason"),
    [("booked", "booked"), ("absent", "not_invited"), ("excused", "not_invited")],
)
def test_of_days_to_come_only_a_booking_counts(status, reason):
    member = AssignmentFactory().staff
    AttendanceFactory(
        staff=member, status=status, offering=OfferingFactory(starts_on=date(2026, 11, 24))
    )

    assert owing(ProgrammeFactory()) == {member.number: reason}


@pytest.mark.parametrize(
    ("status", "day", "reason"),
    [
        ("waiting", date(2026, 11, 22), "not_invited"),
        ("waiting", TODAY, "booked"),
        ("waiting", date(2026, 11, 24), "booked"),
        ("booked", date(2026, 11, 22), "booked"),
    ],
)
def test_a_wait_ends_with_its_offering_but_a_booking_stays_until_it_is_marked(status, day, reason):
    member = AssignmentFactory().staff
    AttendanceFactory(staff=member, status=status, offering__starts_on=day)

    assert owing(ProgrammeFactory()) == {member.number: reason}


@pytest.mark.parametrize("status", ["booked", "waiting"])
@pytest.mark.parametrize(
    ("frequency", "day", "reason"),
    [
        (Frequency.YEARLY, date(2027, 3, 31), "booked"),
        (Frequency.YEARLY, date(2027, 4, 1), "not_invited"),
        (Frequency.ONCE, date(2027, 4, 1), "booked"),
    ],
)
def test_a_booking_of_next_year_is_none_for_a_row_of_this_year(status, frequency, day, reason):
    member = AssignmentFactory().staff
    AttendanceFactory(staff=member, status=status, offering__starts_on=day)

    assert owing(ProgrammeFactory(frequency=frequency)) == {member.number: reason}


def test_a_yearly_row_forgets_what_was_noted_last_year():
    member = AssignmentFactory().staff
    AttendanceFactory(
        staff=member, status="absent", offering=OfferingFactory(starts_on=date(2026, 3, 31))
    )

    assert owing(ProgrammeFactory(frequency=Frequency.YEARLY)) == {member.number: "not_invited"}
    assert owing(ProgrammeFactory(frequency=Frequency.ONCE)) == {member.number: "absent"}


def test_the_list_takes_two_queries_however_many_people(django_assert_num_queries):
    row = ProgrammeFactory()
    for place in AssignmentFactory.create_batch(30):
        AttendanceFactory(staff=place.staff, status="absent")

    with django_assert_num_queries(2):
        found = outstanding(row, TODAY, DEFAULT_RULE, None)

    assert len(found) == 30


# --- who stands apart ---------------------------------------------------------------------------


def the_roll(programme, on=TODAY, rule=DEFAULT_RULE, units=None, band=""):
    return roll(programme, on, rule, Scope(units, band))


def test_the_roll_adds_up_to_the_audience():
    attended(AssignmentFactory().staff, date(2026, 6, 1))
    excused = AssignmentFactory().staff
    AttendanceFactory(staff=excused, status="excused")
    owing_people = [place.staff for place in AssignmentFactory.create_batch(3)]

    found = the_roll(ProgrammeFactory())

    assert found.asked == 5
    assert found.completed == 1
    assert {one.place.staff for one in found.owing} == set(owing_people)
    assert [one.place.staff for one in found.excused] == [excused]
    assert sum(count for _, _, count in found.counts) == 3


@pytest.mark.parametrize("duty", [Duty.CHILDCARE, Duty.LEAVE, Duty.SECONDED])
def test_people_on_leave_without_a_completion_stand_apart(duty):
    away = AssignmentFactory(duty=duty).staff
    attended(AssignmentFactory(duty=duty).staff, date(2026, 6, 1))
    AssignmentFactory(duty=duty, employment=Employment.FISCAL_YEAR_APPOINTEE)

    found = the_roll(ProgrammeFactory())

    assert [place.staff for place in found.on_leave] == [away]
    assert (found.asked, found.owing) == (0, [])


def test_a_band_narrows_the_roll_and_those_apart():
    head, other = AssignmentFactory(rank=HeadRankFactory()), AssignmentFactory()
    AssignmentFactory(duty=Duty.LEAVE, rank=other.rank)

    found = the_roll(ProgrammeFactory(), band=Band.SECTION_CHIEF)

    assert (found.asked, found.on_leave) == (1, [])
    assert [one.place for one in found.owing] == [head]


def test_the_roll_follows_departments_and_ranks():
    late = DepartmentFactory(order=20)
    early = DepartmentFactory(order=10)
    places = [
        AssignmentFactory(department=late, staff__number="000001"),
        AssignmentFactory(department=early, rank=RankFactory(order=5), staff__number="000002"),
        AssignmentFactory(department=early, rank=RankFactory(order=1), staff__number="000003"),
    ]

    found = the_roll(ProgrammeFactory())

    assert [one.place for one in found.owing] == [places[2], places[1], places[0]]


def test_the_roll_takes_four_queries_however_many_people(django_assert_num_queries):
    row = ProgrammeFactory()
    for place in AssignmentFactory.create_batch(11):
        AttendanceFactory(staff=place.staff, status="absent")
        InvitationFactory(programme=row, staff=place.staff)
    AssignmentFactory(duty=Duty.LEAVE)

    with django_assert_num_queries(4):
        found = the_roll(row)

    assert {(one.reason, one.invited_on) for one in found.owing} == {("absent", date(2026, 11, 1))}


# --- what was noted, in words -------------------------------------------------------------------


def detail(programme, on=TODAY):
    [one] = the_roll(programme, on).owing
    return one.detail


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("booked", "R8.6.1 出欠未入力"),
        ("absent", "R8.6.1 欠席"),
        ("left_early", "R8.6.1 早退"),
        ("notified", "R8.6.1 欠席届（公務）"),
    ],
)
def test_the_detail_tells_the_day_and_the_state(status, words):
    AttendanceFactory(staff=AssignmentFactory().staff, status=status)

    assert detail(ProgrammeFactory()) == words


def test_of_several_bookings_the_next_one_is_told():
    member = AssignmentFactory().staff
    for day in (date(2026, 6, 1), date(2026, 12, 3), date(2027, 1, 20)):
        AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=day))

    assert detail(ProgrammeFactory()) == "R8.12.3 受講予定"


def test_waiting_for_a_seat_is_told():
    member = AssignmentFactory().staff
    AttendanceFactory(staff=member, status="waiting", offering__starts_on=date(2026, 12, 3))

    assert detail(ProgrammeFactory()) == "R8.12.3 空き待ち"


def test_a_period_that_is_on_is_told_before_a_day_that_went_by():
    member = AssignmentFactory().staff
    for first, last in (
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 6, 1), date(2026, 6, 1)),
    ):
        AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=first, ends_on=last))

    assert detail(ProgrammeFactory()) == "R8.4.1 受講予定"


def test_of_several_absences_the_latest_one_is_told():
    member = AssignmentFactory().staff
    for day in (date(2026, 6, 1), date(2025, 6, 1)):
        AttendanceFactory(staff=member, status="absent", offering=OfferingFactory(starts_on=day))

    assert detail(ProgrammeFactory()) == "R8.6.1 欠席"


def test_a_place_on_an_offering_that_was_called_off_is_no_reason():
    member = AssignmentFactory().staff
    off = OfferingFactory(cancelled_at=datetime(2026, 5, 1, tzinfo=UTC))
    AttendanceFactory(staff=member, offering=off)

    assert owing(ProgrammeFactory()) == {member.number: "not_invited"}


def test_a_booking_over_the_turn_of_the_year_belongs_to_the_year_in_which_it_ends():
    member = AssignmentFactory().staff
    over_the_turn = OfferingFactory(starts_on=date(2026, 3, 1), ends_on=date(2026, 12, 31))
    AttendanceFactory(staff=member, offering=over_the_turn)

    assert owing(ProgrammeFactory(frequency=Frequency.YEARLY)) == {member.number: "booked"}


# --- who was told -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "on", "reason"),
    [
        (Frequency.ONCE, date(2026, 11, 23), "invited"),
        (Frequency.ONCE, date(2026, 11, 24), "not_invited"),
        (Frequency.ONCE, date(2026, 3, 31), "invited"),
        (Frequency.YEARLY, date(2026, 3, 31), "not_invited"),
        (Frequency.YEARLY, date(2026, 4, 1), "invited"),
    ],
)
def test_whoever_was_told_in_the_window_up_to_the_day_is_invited(frequency, on, reason):
    member = AssignmentFactory().staff
    row = ProgrammeFactory(frequency=frequency)
    InvitationFactory(programme=row, staff=member, invited_on=on)

    assert owing(row) == {member.number: reason}


def test_an_invitation_to_another_row_says_nothing():
    member = AssignmentFactory().staff
    InvitationFactory(staff=member)

    assert owing(ProgrammeFactory()) == {member.number: "not_invited"}


@pytest.mark.parametrize(
    ("status", "reason"),
    [("booked", "booked"), ("notified", "absent"), ("absent", "absent"), ("cancelled", "invited")],
)
def test_an_invitation_comes_after_what_was_noted_and_before_a_new_hire(status, reason):
    member = AssignmentFactory(staff__hired_on=date(2026, 4, 1)).staff
    row = ProgrammeFactory()
    InvitationFactory(programme=row, staff=member)
    AttendanceFactory(staff=member, status=status)

    assert owing(row) == {member.number: reason}


def test_of_several_invitations_the_last_one_is_told():
    member = AssignmentFactory().staff
    row = ProgrammeFactory()
    for day in (date(2026, 11, 2), date(2026, 11, 20), date(2026, 11, 5)):
        InvitationFactory(programme=row, staff=member, invited_on=day)

    [one] = the_roll(row).owing

    assert one.invited_on == date(2026, 11, 20)


# --- against a slow reading of the rules --------------------------------------------------------

AUDIENCES = {
    Audience.ALL: lambda one, place, year: True,
    Audience.MISSED_AND_NEW: lambda one, place, year: True,
    Audience.NEW_HIRES: lambda one, place, year: one.hired_on in year,
    Audience.EXECUTIVES: lambda one, place, year: place.rank == 0,
    Audience.DIGITAL_OFFICE: lambda one, place, year: place.unit == 5,
}


def slowly(people, row, on, rule, units, told):
    """The lists as the rules say them, one person at a time: (owing, excused, on leave)."""
    year = FiscalYear.containing(on)
    owed, excused, away = {}, set(), set()
    since = year.first_day if row.frequency == Frequency.YEARLY else date.min
    for index, one in enumerate(people):
        number, place = f"{index:06d}", worlds.place_of(one, on)
        if (
            place is None
            or not worlds.is_employed(one, on)
            or place.employment not in rule.counted_employments
            or not row.first_year <= year <= row.last_year
            or not AUDIENCES[row.audience](one, place, year)
            or (units is not None and place.unit not in units)
            or worlds.has_completed(one, row.category, on, rule, since)
        ):
            continue
        if place.duty in rule.excluded_duties:
            away.add(number)
            continue
        days = [day for who, day in told if who == index and since <= day <= on]
        reason = why(one, row, on, since, days)
        if reason == "excused":
            excused.add(number)
        else:
            owed[number] = (reason, max(days, default=None))
    return owed, excused, away


def why(one, row, on, since, days):
    year = FiscalYear.containing(on)
    until = year.last_day if row.frequency == Frequency.YEARLY else date.max
    noted = [
        mark
        for mark in one.marks
        if mark.category == row.category and since <= mark.ends_on <= until
    ]
    past = {mark.status for mark in noted if mark.on <= on}
    if "excused" in past:
        return "excused"
    for mark in noted:
        if mark.status == "booked" or (mark.status == "waiting" and mark.ends_on >= on):
            return "booked"
    if past & {"absent", "left_early", "notified"}:
        return "absent"
    if days:
        return "invited"
    return "new_hire" if one.hired_on in year else "not_invited"


def lists(programme, on, rule, units):
    """What the product says, in the shape of the slow reading; the command's list must agree."""
    found = the_roll(programme, on, rule, units)
    owed = {one.place.staff.number: (one.reason, one.invited_on) for one in found.owing}
    excused = {one.place.staff.number for one in found.excused}
    told = {number: reason for number, (reason, _) in owed.items()}
    assert owing(programme, on, rule, units) == told | dict.fromkeys(excused, "excused")
    assert found.asked == found.completed + len(owed) + len(excused)
    return owed, excused, {place.staff.number for place in found.on_leave}


@st.composite
def histories(draw, category):
    """People with marks in this category, beside each the days on which they were told."""
    told = st.frozensets(worlds.days, max_size=2)
    return draw(st.lists(st.tuples(worlds.learner(category), told), min_size=2, max_size=6))


def bookings_of(one, category, on):
    """Which kinds of bookings that are easily got wrong somebody has."""
    for mark in one.marks:
        if mark.category == category and mark.status in ("booked", "waiting"):
            if mark.ends_on < on:
                yield f"{mark.status}, past"
            if mark.ends_on > FiscalYear.containing(on).last_day:
                yield f"{mark.status}, next year"


@pytest.fixture
def ground():
    return worlds.make_ground()


def test_the_lists_are_what_a_slow_reading_of_the_rules_finds(ground):
    seen = set()

    @settings(
        max_examples=200,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        drawing=st.data(),
        audience=st.sampled_from([*[Audience.ALL] * 5, *sorted(AUDIENCES)]),
        category=st.sampled_from(worlds.HELD),
        frequency=st.sampled_from(Frequency),
        years=st.sampled_from([(2025, 2034), (2025, 2034), (2026, 2026), (2025, 2026)]),
        rule=st.one_of(st.just(DEFAULT_RULE), worlds.rules),
        on=st.one_of(st.just(TODAY), worlds.days),
        units=st.one_of(*[st.none()] * 4, st.frozensets(st.integers(0, 5))),
    )
    def compare(drawing, audience, category, frequency, years, rule, on, units):
        drawn = drawing.draw(histories(category))
        people = [one for one, _ in drawn]
        told = {(who, day) for who, (_, days) in enumerate(drawn) for day in days}
        with transaction.atomic():
            members = worlds.put_down(ground, people)
            row = ProgrammeFactory(
                audience=audience,
                category=category,
                frequency=frequency,
                first_year=FiscalYear(years[0]),
                last_year=FiscalYear(years[1]),
            )
            Invitation.objects.bulk_create(
                Invitation(programme=row, staff=members[who], invited_on=day) for who, day in told
            )
            scope = None if units is None else frozenset(ground.units[unit].pk for unit in units)

            found = lists(row, on, rule, scope)

            transaction.set_rollback(True)
        wanted = slowly(people, row, on, rule, units, told)
        assert found == wanted
        seen.update(reason for reason, _ in wanted[0].values())
        seen.update(["excused"] * bool(wanted[1]) + ["on leave"] * bool(wanted[2]))
        for number in wanted[0]:
            seen.update(bookings_of(people[int(number)], category, on))

    compare()

    kinds = {f"{status}, {when}" for status, when in product(BOOKINGS, ("past", "next year"))}
    assert seen == {*REASONS, "on leave"} | kinds
