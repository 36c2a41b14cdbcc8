"""What the forecast rests on: people, places held, rates, hires and leavers of any day."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from reports.forecast import forecast, what_if
from reports.forecast.facts import known_facts
from reports.forecast.pace import Spread, pace
from reports.gap import gap
from reports.progress import progress
from reports.shortest_way import known_ahead, lacking_on_due_day
from staff.models import Duty
from tests import worlds
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    AttendanceChangeFactory,
    AttendanceFactory,
    CompletionFactory,
    ForecastSettingFactory,
    OfferingFactory,
)
from tests.reports.cities import scope_of, seen_by
from training.models import DEFAULT_RULE, AttendanceStatus, Counting

pytestmark = pytest.mark.django_db

R8, R16 = FiscalYear(2026), FiscalYear(2034)
DUE = R8.last_day
ONE_NEEDED = Counting(("regular",), (Duty.CHILDCARE,), ("mind",))
CAME = ("present", "late")


def held(member, on=date(2026, 12, 10), status=AttendanceStatus.BOOKED, **offering):
    """A place of the member on an offering to come."""
    return AttendanceFactory(
        staff=member, offering=OfferingFactory(starts_on=on, **offering), status=status
    )


def facts(as_of=TODAY, rule=ONE_NEEDED, scope=None, known_until=None):
    return known_facts(as_of, rule, scope, known_until)


# --- Against a slow reading ---------------------------------------------------------------------


def slow_kinds(people, as_of, rule, heads, known_until):
    """Who counts on the day known, what they lack on the due day, what they hold."""
    due = FiscalYear.containing(as_of).last_day
    day = min(due, known_until or due)
    found = Counter()
    for one in people:
        if not worlds.is_counted(one, day, rule):
            continue
        if worlds.place_of(one, day).unit not in seen_by(heads):
            continue
        before = replace(one, marks=tuple(mark for mark in one.marks if mark.on <= as_of))
        missing = {
            name
            for name in rule.required_categories
            if not worlds.has_completed(before, name, due, rule)
        }
        places = Counter(
            mark.category
            for mark in one.marks
            if mark.status == "booked" and mark.category in missing and as_of < mark.ends_on <= due
        )
        found[frozenset(missing), frozenset(places.items())] += 1
    return found


def slow_rate(people, as_of, name):
    """Completions and all that counts, of offerings over within twelve months."""
    year_ago = date(as_of.year - 1, as_of.month, min(as_of.day, 28 + (as_of.month != 2) * 3))
    marks = [
        mark.status
        for one in people
        for mark in one.marks
        if mark.category == name and year_ago < mark.ends_on <= as_of
    ]
    came = sum(status in CAME for status in marks)
    return came, came + sum(status in ("absent", "left_early", "notified") for status in marks)


def lacking_and_booked(lacking, ahead):
    """The people of the shortest way, by what they lack on the due day and have booked of it."""
    return Counter(
        (frozenset(one.missing), ahead.booked.get(one.staff_id, frozenset()) & {*one.missing})
        for one in lacking_on_due_day(lacking, ahead)
    )


def alike(found):
    """The people of the forecast in the same way."""
    counted = Counter()
    for kind, people in found.kinds.items():
        counted[kind.missing, frozenset(name for name, _ in kind.booked)] += people
    return counted


def slow_places(people, as_of, rule, heads, known_until):
    """The places of those who count, by category and the day they were over, of twelve months."""
    day = min(FiscalYear.containing(as_of).last_day, known_until or date.max)
    found = {name: Counter() for name in rule.required_categories}
    for one in people:
        if not worlds.is_counted(one, day, rule):
            continue
        if worlds.place_of(one, day).unit not in seen_by(heads):
            continue
        for mark in one.marks:
            if mark.status in (*CAME, "absent", "left_early", "notified"):
                found.get(mark.category, Counter())[mark.ends_on] += 1
    return found


@pytest.fixture
def ground():
    return worlds.make_ground()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=worlds.people(),
    on=worlds.days,
    rule=worlds.rules,
    heads=st.one_of(st.none(), st.frozensets(st.integers(0, 5), min_size=1, max_size=2)),
    knows=st.booleans(),
)
def test_the_facts_are_those_of_a_slow_reading(ground, people, on, rule, heads, knows):
    known_until = None if knows else on
    with transaction.atomic():
        worlds.put_down(ground, people)
        scope = scope_of(ground, heads)

        found = known_facts(on, rule, scope, known_until)

        lacking = gap(on, rule, scope)
        ahead = known_ahead(lacking, found.due, rule, today=on, known_until=on)
        actual = progress(on, rule, scope).total
        transaction.set_rollback(True)
    assert Counter(
        {(kind.missing, frozenset(kind.booked)): count for kind, count in found.kinds.items()}
    ) == slow_kinds(people, on, rule, heads, known_until)
    if not knows:
        assert lacking_and_booked(lacking, ahead) == alike(found)
    places = slow_places(people, on, rule, heads, known_until)
    assert found.paces == {name: pace(on, by_day) for name, by_day in places.items()}
    for name, rate in found.rates.items():
        if rate.source == "own":
            assert (rate.attended, rate.expected) == slow_rate(people, on, name)
        else:
            assert slow_rate(people, on, name)[1] == 0
    if on == found.due:
        assert (found.population, found.sure) == (actual.population, actual.capable)


# --- The places held ----------------------------------------------------------------------------


def test_only_places_that_will_be_over_by_the_end_of_the_year_and_still_stand_are_held(section):
    held(placed(section))
    held(placed(section), status=AttendanceStatus.WAITING)
    held(placed(section), status=AttendanceStatus.CANCELLED)
    held(placed(section), on=date(2027, 4, 1))
    held(placed(section), on=DUE)
    held(placed(section), on=TODAY)

    assert facts().booked == 2


def test_a_past_day_holds_what_was_held_then_whatever_was_entered_afterwards(section):
    then = date(2026, 10, 1)
    for status in ("cancelled", "absent", "notified"):
        place = held(placed(section), on=date(2026, 11, 10), status=status)
        AttendanceChangeFactory(attendance=place, old="booked", new=status)
    came = CompletionFactory(
        staff=placed(section), offering=OfferingFactory(starts_on=date(2026, 11, 10))
    )
    AttendanceChangeFactory(attendance=came, old="booked", new="present")
    AttendanceChangeFactory(attendance=held(placed(section)), old="", new="booked")

    assert (facts(then).booked, facts(then).sure) == (4, 0)
    assert (facts(TODAY).booked, facts(TODAY).sure) == (1, 1)


def test_a_completion_that_will_be_too_old_by_the_end_of_the_year_is_not_sure(section):
    for on in (date(2026, 3, 31), date(2026, 4, 1)):
        CompletionFactory(staff=placed(section), offering=OfferingFactory(starts_on=on))

    found = facts(rule=replace(ONE_NEEDED, validity_years=1))

    assert (found.population, found.sure) == (2, 1)


# --- Who may know -------------------------------------------------------------------------------


def test_departures_and_appointments_to_come_are_reckoned_with_only_by_who_may_know(
    section, other_section
):
    leaving, moving = placed(section), placed(section)
    base = facts(scope=frozenset({section.pk}), known_until=TODAY)
    leaving.left_on = date(2026, 12, 31)
    leaving.save()
    AssignmentFactory(staff=moving, department=other_section, starts_on=date(2027, 1, 1))
    AssignmentFactory(
        department=section, starts_on=date(2027, 1, 1), staff__hired_on=date(2027, 1, 1)
    )

    assert facts(scope=frozenset({section.pk}), known_until=TODAY) == base
    assert base.population == 2
    assert facts(scope=frozenset({section.pk})).population == 1
    assert facts().population == 2


@pytest.mark.parametrize(("last_day", "counted"), [(date(2027, 3, 30), 0), (DUE, 1)])
def test_who_leaves_on_the_last_day_of_the_year_still_counts_that_day(section, last_day, counted):
    placed(section, staff__left_on=last_day)

    assert facts().population == counted


# --- Rates, places, hires, leavers --------------------------------------------------------------


def test_the_rate_is_the_whole_citys_and_the_places_are_of_ones_own_people(section, other_section):
    held_on = OfferingFactory(starts_on=date(2026, 6, 1))
    for department, status in (
        (section, "present"),
        (other_section, "present"),
        (other_section, "absent"),
        (other_section, "excused"),
        (other_section, "cancelled"),
    ):
        CompletionFactory(
            staff=placed(department),
            offering=held_on,
            status=status,
            completed_on=held_on.ends_on if status == "present" else None,
        )

    found = facts(scope=frozenset({section.pk}))

    assert (found.rates["mind"].attended, found.rates["mind"].expected) == (2, 3)
    assert found.paces["mind"].whole == 1
    assert found.inputs.seats == {"mind": Spread(Fraction(0), Fraction(1, 12))}
    assert found.inputs.extra == found.inputs.seats


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2025, 11, 23), 0), (date(2025, 11, 24), 1), (TODAY, 1)]
)
def test_the_rate_looks_back_twelve_months(section, on, expected):
    CompletionFactory(staff=placed(section), offering=OfferingFactory(starts_on=on))

    assert facts().rates["mind"].expected == expected


def test_hires_and_leavers_are_the_average_of_the_last_three_whole_years(section, other_section):
    placed(section)
    for day in (date(2023, 4, 1), date(2026, 3, 31)):
        placed(section, staff__hired_on=day, starts_on=day)
    for day in (date(2023, 3, 31), date(2026, 4, 1)):
        placed(section, staff__hired_on=day, starts_on=day)
        placed(section, staff__left_on=day)
    placed(section, staff__left_on=date(2026, 3, 31))
    placed(other_section, staff__left_on=date(2025, 3, 31))

    city, own = facts().hiring, facts(scope=frozenset({section.pk})).hiring

    assert (city.hires.value, city.leavers.value) == (Fraction(2, 3), Fraction(2, 3))
    assert (own.hires.value, own.leavers.value) == (Fraction(2, 3), Fraction(1, 3))
    assert [year.label for year in city.hires.years] == ["R5", "R6", "R7"]


def test_only_years_of_which_the_city_has_records_are_averaged():
    place = AssignmentFactory(starts_on=date(2025, 4, 2), staff__left_on=date(2026, 3, 31))
    assert facts().hiring.leavers.source == "unknown"
    place.starts_on = date(2025, 4, 1)
    place.save()

    assert facts().hiring.leavers.value == 1
    assert [year.label for year in facts().hiring.leavers.years] == ["R7"]
    assert facts(date(2025, 5, 1)).hiring.leavers.source == "unknown"


def test_a_setting_counts_from_its_day_and_a_past_day_keeps_its_own(section):
    placed(section)
    ForecastSettingFactory(in_force_from=date(2026, 4, 1), expected_hires=8, expected_leavers=5)
    ForecastSettingFactory(in_force_from=TODAY, expected_hires=9, note="採用計画")

    before = facts(date(2026, 3, 31)).hiring
    past, now = facts(date(2026, 11, 22)).hiring, facts().hiring

    assert (before.hires.source, past.hires.value, past.leavers.value) == ("average", 8, 5)
    assert (now.hires.value, now.hires.note, now.leavers.source) == (9, "採用計画", "average")
    assert facts(scope=frozenset({section.pk})).hiring.hires.source == "average"


# --- The whole ----------------------------------------------------------------------------------


def test_the_ranges_run_from_this_years_end_to_the_plans(section):
    CompletionFactory(staff=placed(section))
    held(placed(section))

    years = forecast(TODAY, ONE_NEEDED, None, None).years

    assert [one.year.label for one in years] == [f"R{number}" for number in range(8, 17)]
    assert (years[0].year, years[0].low_share, years[0].high_share) == (R8, Fraction(1, 2), 1)


def test_asking_what_if_takes_no_query_and_the_same_assumptions_give_the_same(
    section, django_assert_num_queries
):
    held(placed(section))
    base = forecast(TODAY, ONE_NEEDED, None, None)

    with django_assert_num_queries(0):
        same = what_if(base, base.inputs)
        more = what_if(base, replace(base.inputs, hires=Fraction(5)))

    assert same == base
    assert more.at(R16).population == base.at(R16).population + 40


def test_the_forecast_asks_as_often_for_many_people_as_for_one(section):
    held(placed(section))
    with CaptureQueriesContext(connection) as few:
        forecast(TODAY, DEFAULT_RULE, None, None)
    for _ in range(10):
        CompletionFactory(staff=placed(section))
        held(placed(section))

    with CaptureQueriesContext(connection) as many:
        forecast(TODAY, DEFAULT_RULE, None, None)

    assert len(few) == len(many) == 8
