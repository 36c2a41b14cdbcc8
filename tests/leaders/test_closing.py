"""What is proposed for each term of a cohort: the rule of the twelve months, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from leaders.closing import by_department, outcome, outcomes
from leaders.models import Cohort, LeaderTerm
from staff.models import StaffMember
from staff.organisation import DepartmentTree
from tests.conftest import TODAY
from tests.factories import CohortFactory, DepartmentFactory, LeaderTermFactory

COHORT = Cohort(number=1, first_year=FiscalYear(2025), last_year=FiscalYear(2026), seats=23)
LEAP = Cohort(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028), seats=23)


def term(starts_on, ends_on=None, *, cohort=COHORT, left_on=None, **values):
    return LeaderTerm(
        cohort=cohort,
        staff=StaffMember(left_on=left_on),
        starts_on=starts_on,
        ends_on=ends_on,
        **values,
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months", "proposed"),
    [
        (date(2025, 4, 1), date(2026, 3, 31), 12, "修了"),
        (date(2025, 4, 1), date(2026, 3, 30), 11, "未修了"),
        (date(2025, 4, 2), date(2026, 4, 1), 12, "修了"),
        (date(2025, 4, 2), date(2026, 3, 31), 11, "未修了"),
        (date(2025, 4, 1), date(2026, 4, 30), 13, "修了"),
        (date(2025, 4, 1), date(2025, 4, 1), 0, "未修了"),
    ],
)
def test_twelve_whole_months_are_proposed_as_completed_and_a_day_less_is_not(
    starts_on, ends_on, months, proposed
):
    found = outcome(term(starts_on, ends_on, end_reason="moved"))

    assert (found.months, found.proposed_label) == (months, proposed)
    assert (found.ends_on, found.end_label) == (ends_on, "異動")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "proposed"),
    [
        (date(2028, 2, 29), date(2029, 2, 27), False),
        (date(2028, 2, 29), date(2029, 2, 28), True),
        (date(2027, 3, 1), date(2028, 2, 28), False),
        (date(2027, 3, 1), date(2028, 2, 29), True),
        (date(2028, 3, 1), date(2029, 2, 28), True),
        (date(2027, 2, 28), date(2028, 2, 27), True),
    ],
)
def test_the_end_of_february_is_counted_as_the_civil_code_does(starts_on, ends_on, proposed):
    assert outcome(term(starts_on, ends_on, cohort=LEAP)).proposed is proposed


def test_a_term_nobody_ended_runs_to_the_cohorts_last_day():
    found = outcome(term(date(2025, 4, 1)))

    assert (found.ends_on, found.end_label) == (date(2027, 3, 31), "任期満了")
    assert (found.months, found.proposed) == (24, True)


@pytest.mark.parametrize(
    ("starts_on", "proposed"), [(date(2026, 4, 1), True), (date(2026, 4, 2), False)]
)
def test_a_successor_counts_under_the_same_rule(starts_on, proposed):
    found = outcome(term(starts_on))

    assert (found.end_label, found.proposed) == ("任期満了", proposed)


@pytest.mark.parametrize(
    ("left_on", "ends_on", "reason", "months"),
    [
        (date(2026, 3, 31), date(2026, 3, 31), "退職", 12),
        (date(2026, 3, 30), date(2026, 3, 30), "退職", 11),
        (date(2027, 3, 30), date(2027, 3, 30), "退職", 23),
        # Whoever retires with the cohort has served it out.
        (date(2027, 3, 31), date(2027, 3, 31), "任期満了", 24),
        (date(2027, 4, 30), date(2027, 3, 31), "任期満了", 24),
    ],
)
def test_service_ends_with_the_persons_last_day(left_on, ends_on, reason, months):
    found = outcome(term(date(2025, 4, 1), left_on=left_on))

    assert (found.ends_on, found.end_label, found.months) == (ends_on, reason, months)
    assert found.proposed is (months >= 12)


def test_who_left_before_the_recorded_end_served_only_until_then():
    found = outcome(term(date(2025, 4, 1), date(2026, 6, 30), left_on=date(2026, 3, 30)))

    assert (found.ends_on, found.months, found.proposed) == (date(2026, 3, 30), 11, False)
    assert found.end_label == "退職"


def test_who_left_before_the_first_day_served_nothing():
    found = outcome(term(date(2025, 4, 1), left_on=date(2025, 3, 31)))

    assert (found.ends_on, found.months, found.proposed) == (date(2025, 4, 1), 0, False)


@given(
    starts=st.dates(date(2025, 4, 1), date(2027, 3, 31)),
    days=st.integers(0, 800),
)
def test_the_proposal_is_the_slow_count_of_days(starts, days):
    """Day by day: twelve months are over when the eve of the same day next year has come."""
    ends = min(starts + timedelta(days=days), COHORT.ends_on)
    day, anniversaries = starts, 0
    while day <= ends:
        tomorrow = day + timedelta(days=1)
        same_day = (tomorrow.month, tomorrow.day) == (starts.month, starts.day)
        # 29 February has no like in the year after; then 28 February ends it.
        instead = (starts.month, starts.day, day.month, day.day) == (2, 29, 2, 28)
        anniversaries += (same_day or instead) and tomorrow.year > starts.year
        day = tomorrow

    assert outcome(term(starts, ends)).proposed is (anniversaries > 0)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "未判定"),
        ({"decided_on": TODAY}, "未修了"),
        ({"decided_on": TODAY, "completed": True}, "修了"),
        ({"completed": True}, "修了"),
    ],
)
def test_a_term_is_decided_or_not_yet(values, state):
    found = outcome(term(date(2025, 4, 1), date(2026, 3, 31), **values))

    assert (found.state_label, found.is_decided) == (state, state != "未判定")


@pytest.mark.parametrize(
    "changed",
    [
        {"ends_on": date(2026, 3, 30)},
        {"completed": True},
        {"decided_on": TODAY},
        {"decision_reason": "別の理由"},
        {"end_reason": "declined"},
        {"starts_on": date(2025, 4, 2)},
        {"left_on": date(2026, 1, 31)},
    ],
)
def test_the_mark_of_a_term_changes_with_what_a_clerk_sees(changed):
    seen = {"starts_on": date(2025, 4, 1)}

    assert outcome(term(**seen)).mark == outcome(term(**seen)).mark
    assert outcome(term(**seen)).mark != outcome(term(**(seen | changed))).mark


@pytest.mark.django_db
def test_terms_stand_under_the_department_in_force_in_the_order_of_departments():
    new = DepartmentFactory(order=1, opens_on=date(2026, 4, 1))
    old = DepartmentFactory(order=9, closes_on=date(2026, 3, 31), successor=new)
    other = DepartmentFactory(order=5)
    first, second = LeaderTermFactory(department=other), LeaderTermFactory(department=old)
    LeaderTermFactory(cohort=CohortFactory(number=2), department=other)

    groups = by_department(outcomes(first.cohort), DepartmentTree.load(TODAY))

    assert [(unit, [one.term for one in found]) for unit, found in groups] == [
        (new, [second]),
        (other, [first]),
    ]


@pytest.mark.django_db
def test_all_terms_come_in_one_query(django_assert_num_queries):
    cohort = LeaderTermFactory().cohort
    LeaderTermFactory.create_batch(10)

    with django_assert_num_queries(1):
        found = outcomes(cohort)
        assert all(one.proposed and one.term.department.name for one in found)

    assert len(found) == 11


@pytest.mark.django_db
def test_a_term_of_a_unit_under_a_department_stands_under_the_department():
    department = DepartmentFactory()
    under = LeaderTermFactory(department=DepartmentFactory(parent=department, gives_leader=False))

    ((unit, _),) = by_department(outcomes(under.cohort), DepartmentTree.load(TODAY))

    assert unit == department
