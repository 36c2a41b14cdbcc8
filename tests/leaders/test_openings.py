"""When a 部署 may nominate, and whose successor it names."""

from datetime import date

import pytest
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.openings import OpeningKind, openings
from staff.organisation import DepartmentTree
from tests.conftest import TODAY
from tests.factories import (
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
)

pytestmark = pytest.mark.django_db

NO_ROUND = {"nominations_open_on": None, "nominations_close_on": None}


def asked(cohort, unit, on=TODAY, known_until=TODAY):
    return openings(cohort, [unit], DepartmentTree.load(on), known_until)[unit.pk]


def kind(*args, **kwargs):
    found = asked(*args, **kwargs)
    return found.kind if found else None


@pytest.fixture
def running(db):
    """R7–R8 without a round."""
    return CohortFactory(**NO_ROUND)


@pytest.fixture
def coming(db):
    """R9–R10, its round in November 2026."""
    return CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))


def test_in_the_round_everybody_may(section):
    LeaderTermFactory(department=section)

    assert kind(CohortFactory(), section) == OpeningKind.ROUND


def test_while_the_cohort_runs_a_department_whose_leader_stays_may_not(running, section):
    LeaderTermFactory(department=section)

    assert asked(running, section) is None


@pytest.mark.parametrize(
    ("ends_on", "may"),
    [
        (date(2026, 10, 31), True),
        (date(2026, 12, 31), True),
        (date(2027, 3, 30), True),
        (date(2027, 3, 31), False),
    ],
)
def test_a_leader_with_an_end_before_the_cohort_s_wants_a_successor(running, section, ends_on, may):
    term = LeaderTermFactory(department=section, ends_on=ends_on)

    found = asked(running, section)

    assert (found.replaces if found else None) == (term if may else None)


def test_outside_the_round_a_department_that_never_had_a_leader_waits_for_hr(running, section):
    assert asked(running, section) is None


@pytest.mark.parametrize("reason", ["moved", "retired", "promoted"])
@pytest.mark.parametrize(
    ("ends_on", "known_until", "may"),
    [
        (date(2026, 12, 31), TODAY, False),
        (date(2026, 12, 31), None, True),
        (TODAY, TODAY, True),
    ],
)
def test_an_end_that_is_a_secret_opens_nothing_to_those_who_may_not_know_it(
    running, section, reason, ends_on, known_until, may
):
    LeaderTermFactory(department=section, ends_on=ends_on, end_reason=reason)

    assert (asked(running, section, known_until=known_until) is not None) is may


def test_a_leader_of_a_unit_under_the_department_leads_for_the_department(running, section):
    under = DepartmentFactory(parent=section, gives_leader=False)
    LeaderTermFactory(department=under)
    LeaderTermFactory(department=section, ends_on=date(2026, 10, 31))

    assert asked(running, section) is None


@pytest.mark.parametrize(("left_on", "may"), [(date(2026, 11, 22), True), (TODAY, False)])
def test_a_leader_who_left_the_service_leads_no_more(running, section, left_on, may):
    LeaderTermFactory(department=section, staff__left_on=left_on)

    assert (asked(running, section) is not None) is may


def test_a_departure_to_come_opens_nothing_yet(running, section):
    LeaderTermFactory(department=section, staff__left_on=date(2027, 1, 31))

    assert asked(running, section) is None


def test_one_of_two_leaders_who_stays_is_enough(running, section):
    LeaderTermFactory(department=section, ends_on=date(2026, 10, 31))
    LeaderTermFactory(department=section)

    assert asked(running, section) is None


def test_the_latest_to_end_is_succeeded_and_nobody_twice(running, section):
    first = LeaderTermFactory(department=section, ends_on=date(2026, 5, 31))
    nomination = NominationFactory(department=section, replaces=first, status="approved")
    second = LeaderTermFactory(
        department=section,
        staff=nomination.staff,
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 5, 31).replace(month=10),
        nomination=nomination,
    )

    assert asked(running, section).replaces == second


def test_a_successor_yet_to_begin_stays(running, section):
    first = LeaderTermFactory(department=section, ends_on=date(2026, 11, 30))
    nomination = NominationFactory(department=section, replaces=first, status="approved")
    LeaderTermFactory(
        department=section,
        staff=nomination.staff,
        starts_on=date(2026, 12, 1),
        nomination=nomination,
    )

    assert asked(running, section) is None


@pytest.mark.parametrize(
    ("on", "kind_then"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), OpeningKind.ROUND),
        (date(2026, 11, 30), OpeningKind.ROUND),
        (date(2026, 12, 1), OpeningKind.REPLACEMENT),
        (date(2027, 3, 31), OpeningKind.REPLACEMENT),
        (date(2029, 3, 31), OpeningKind.REPLACEMENT),
        (date(2029, 4, 1), None),
    ],
)
def test_before_its_round_and_after_its_end_a_cohort_takes_nobody(coming, section, on, kind_then):
    LeaderTermFactory(
        cohort=coming, department=section, starts_on=coming.starts_on, ends_on=coming.starts_on
    )

    assert kind(coming, section, on) == kind_then


def test_between_a_closed_round_and_the_first_day_only_those_whose_leader_steps_down_may(
    coming, section, other_section
):
    coming.nominations_closed_at = timezone.now()
    coming.save()
    begins = {"cohort": coming, "starts_on": coming.starts_on}
    LeaderTermFactory(department=section, **begins)
    LeaderTermFactory(department=other_section, ends_on=coming.starts_on, **begins)

    assert asked(coming, section) is None
    assert asked(coming, DepartmentFactory()) is None
    assert kind(coming, other_section) == OpeningKind.REPLACEMENT


def test_a_closed_cohort_takes_nobody(section):
    assert asked(CohortFactory(closed_at=timezone.now()), section) is None


def test_a_term_of_another_cohort_or_department_counts_for_nothing(running, coming, section):
    LeaderTermFactory(department=section, ends_on=date(2026, 10, 31))
    LeaderTermFactory(cohort=coming, department=section)
    LeaderTermFactory(department=DepartmentFactory())

    assert kind(running, section) == OpeningKind.REPLACEMENT


def test_a_renamed_department_keeps_its_leader(running, section):
    renamed = DepartmentFactory(opens_on=TODAY)
    section.closes_on, section.successor = date(2026, 11, 22), renamed
    section.save()
    LeaderTermFactory(department=section)

    assert asked(running, renamed) is None


def test_it_takes_the_same_queries_for_1_and_11_departments(running, django_assert_num_queries):
    units = [LeaderTermFactory(cohort=running).department for _ in range(11)]
    tree = DepartmentTree.load(TODAY)

    for some in (units[:1], units):
        with django_assert_num_queries(1):
            openings(running, some, tree, TODAY)
