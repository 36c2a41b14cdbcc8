"""未受講者: who of a row's audience still has to attend, and why."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from staff.models import Duty, Employment
from tests import worlds
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    OfferingFactory,
    ProgrammeFactory,
)
from training.models import (
    DEFAULT_RULE,
    Audience,
    Category,
    Counting,
    Frequency,
)
from training.outstanding import (
    NoAttendanceProgrammeError,
    Outstanding,
    outstanding,
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
        (["waiting"], "booked"),
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


# --- against a slow reading of the rules --------------------------------------------------------

AUDIENCES = {
    Audience.ALL: lambda one, place, year: True,
    Audience.MISSED_AND_NEW: lambda one, place, year: True,
    Audience.NEW_HIRES: lambda one, place, year: one.hired_on in year,
    Audience.EXECUTIVES: lambda one, place, year: place.rank == 0,
    Audience.DIGITAL_OFFICE: lambda one, place, year: place.unit == 5,
}


def slowly(people, row, on, rule, units):
    """The list as the rules say it, one person at a time."""
    year = FiscalYear.containing(on)
    if not row.first_year <= year <= row.last_year:
        return {}
    since = year.first_day if row.frequency == Frequency.YEARLY else date.min
    found = {}
    for index, one in enumerate(people):
        place = worlds.place_of(one, on)
        if (
            worlds.is_counted(one, on, rule)
            and AUDIENCES[row.audience](one, place, year)
            and (units is None or place.unit in units)
            and not worlds.has_completed(one, row.category, on, rule, since)
        ):
            found[f"{index:06d}"] = why(one, row.category, on, since, year)
    return found


def why(one, category, on, since, year):
    noted = [mark for mark in one.marks if mark.category == category and mark.on >= since]
    past = {mark.status for mark in noted if mark.on <= on}
    if "excused" in past:
        return "excused"
    if any(mark.status in ("booked", "waiting") for mark in noted):
        return "booked"
    if past & {"absent", "left_early"}:
        return "absent"
    return "new_hire" if one.hired_on in year else "not_invited"


@pytest.fixture
def ground():
    return worlds.make_ground()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=worlds.people(),
    audience=st.sampled_from(sorted(AUDIENCES)),
    category=st.sampled_from(worlds.HELD),
    frequency=st.sampled_from(Frequency),
    years=st.sampled_from([(2025, 2034), (2026, 2026), (2025, 2026)]),
    rule=worlds.rules,
    on=worlds.days,
    units=st.one_of(st.none(), st.frozensets(st.integers(0, 5))),
)
def test_the_list_is_what_a_slow_reading_of_the_rules_finds(
    ground, people, audience, category, frequency, years, rule, on, units
):
    with transaction.atomic():
        worlds.put_down(ground, people)
        row = ProgrammeFactory.build(
            audience=audience,
            category=category,
            frequency=frequency,
            first_year=FiscalYear(years[0]),
            last_year=FiscalYear(years[1]),
        )
        scope = None if units is None else frozenset(ground.units[unit].pk for unit in units)

        found = owing(row, on, rule, scope)

        transaction.set_rollback(True)
    assert found == slowly(people, row, on, rule, units)
