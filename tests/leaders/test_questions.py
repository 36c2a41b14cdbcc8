"""What HR has to decide about terms: on which day it is asked, and what settles it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from agano_dx.lib.fiscal import FiscalYear
from leaders.questions import Matter, open_questions
from staff.models import Duty
from staff.reorganisation import DepartmentFacts
from staff.services.departments import rename_department
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    ContinuationFactory,
    DepartmentFactory,
    LeaderTermFactory,
    RankFactory,
)

pytestmark = pytest.mark.django_db

EVE, DAY = date(2026, 9, 30), date(2026, 10, 1)


@pytest.fixture
def elsewhere():
    return DepartmentFactory(code="E", name="移った課")


@pytest.fixture
def term(section):
    """A leader of section A, who stands there."""
    return LeaderTermFactory(department=section, staff=placed(section))


def moves(term, department, on=DAY, **kwargs):
    return AssignmentFactory(staff=term.staff, department=department, starts_on=on, **kwargs)


def asked(on=TODAY):
    return [(str(one.matter), one.happened) for one in open_questions(on)]


def test_nothing_is_asked_of_a_leader_who_stays(term):
    assert asked() == []


def test_a_move_is_asked_about_from_its_very_day(term, elsewhere):
    moves(term, elsewhere)

    assert asked(EVE) == []
    assert asked(DAY) == [("moved", "令和8年10月1日に移った課へ異動")]


def test_a_move_within_the_department_asks_nothing(term, section):
    moves(term, DepartmentFactory(parent=section, gives_leader=False))

    assert asked() == []


def test_a_leader_of_a_unit_under_the_department_stays_when_moved_up(section):
    under = DepartmentFactory(parent=section, gives_leader=False)
    term = LeaderTermFactory(department=section, staff=placed(under))
    moves(term, section)

    assert asked() == []


def test_who_came_back_is_not_asked_about(term, section, elsewhere):
    moves(term, elsewhere, date(2026, 4, 1))
    moves(term, section)

    assert asked() == []


def test_a_department_that_changed_its_name_moved_nobody(term, section):
    facts = replace(DepartmentFacts.of(section), name="新見本課", code="A2")

    rename_department(department=section, facts=facts, on=DAY, by=None)

    assert asked(date(2026, 10, 2)) == []


@pytest.mark.parametrize(
    ("duty", "words"),
    [(Duty.LEAVE, "休職"), (Duty.CHILDCARE, "育休"), (Duty.SECONDED, "派遣")],
)
def test_an_absence_is_asked_about_from_its_very_day(term, section, duty, words):
    moves(term, section, duty=duty)

    assert asked(EVE) == []
    assert asked(DAY) == [("on_leave", f"令和8年10月1日から{words}")]


def test_who_moves_and_is_away_is_asked_about_twice(term, elsewhere):
    moves(term, elsewhere, duty=Duty.SECONDED)

    assert [matter for matter, _ in asked()] == ["moved", "on_leave"]


def test_a_leaver_is_asked_about_from_the_day_after(term):
    term.staff.left_on = EVE
    term.staff.save()

    assert asked(EVE) == []
    assert asked(DAY) == [("left", "令和8年9月30日に退職")]


def test_a_leaver_is_asked_about_even_when_the_cohort_is_over(section):
    cohort = CohortFactory(first_year=FiscalYear(2023), last_year=FiscalYear(2024))
    LeaderTermFactory(cohort=cohort, starts_on=date(2023, 4, 1), staff__left_on=date(2024, 3, 31))

    assert [matter for matter, _ in asked()] == ["left"]


@pytest.mark.parametrize(
    ("ends_on", "is_asked"),
    [(None, True), (date(2026, 10, 1), True), (EVE, False), (date(2026, 9, 1), False)],
)
def test_a_leaver_s_term_is_open_while_it_lasts_longer_than_the_service(term, ends_on, is_asked):
    term.staff.left_on = EVE
    term.staff.save()
    term.ends_on = ends_on
    term.save()

    assert bool(asked()) is is_asked


def test_who_left_before_the_first_day_ends_with_it(section):
    term = LeaderTermFactory(
        department=section, starts_on=date(2026, 10, 1), staff__left_on=date(2026, 9, 1)
    )

    before = asked()
    term.ends_on = term.starts_on
    term.save()

    assert [matter for matter, _ in before] == ["left"]
    assert asked() == []


def test_a_promotion_out_of_the_eligible_ranks_is_a_warning(term, section):
    moves(term, section, rank=RankFactory(name="見本課長", is_leader_eligible=False))

    (question,) = open_questions(DAY)

    assert asked(EVE) == []
    assert (question.matter, question.is_open) == (Matter.PROMOTED, False)
    assert question.happened == "令和8年10月1日に推薦の対象でない職名（見本課長）に昇任"


def test_who_was_appointed_in_such_a_rank_warns_of_nothing(section):
    member = placed(section, rank=RankFactory(is_leader_eligible=False))
    LeaderTermFactory(department=section, staff=member)

    assert asked() == []


# --- What settles it ----------------------------------------------------------------------------


def test_continuing_settles_the_move(term, elsewhere):
    moves(term, elsewhere)

    ContinuationFactory(term=term, department=elsewhere, decided_on=date(2026, 11, 1))

    assert asked(date(2026, 10, 31)) != []
    assert asked(date(2026, 11, 1)) == []


def test_moving_on_asks_again_and_moving_within_that_department_does_not(term, elsewhere):
    moves(term, elsewhere)
    ContinuationFactory(term=term, department=elsewhere, decided_on=DAY)
    under = DepartmentFactory(parent=elsewhere, gives_leader=False)

    moves(term, under, date(2026, 10, 15))
    within = asked()
    moves(term, DepartmentFactory(name="三の課"), date(2026, 11, 1))

    assert within == []
    assert asked() == [("moved", "令和8年11月1日に三の課へ異動")]


def test_going_away_a_second_time_asks_again(term, section):
    moves(term, section, date(2026, 4, 1), duty=Duty.LEAVE)
    ContinuationFactory(
        term=term, kind="on_leave", department=section, decided_on=date(2026, 4, 10)
    )
    moves(term, section, date(2026, 6, 1))
    between = asked(date(2026, 9, 30))

    moves(term, section, duty=Duty.LEAVE)

    assert between == []
    assert asked() == [("on_leave", "令和8年10月1日から休職")]


def test_continuing_over_a_leave_does_not_settle_a_move(term, elsewhere):
    moves(term, elsewhere, duty=Duty.SECONDED)

    ContinuationFactory(term=term, kind="on_leave", department=elsewhere)

    assert [matter for matter, _ in asked()] == ["moved"]


@pytest.mark.parametrize(
    ("end", "is_asked"),
    [
        ({}, True),
        ({"ends_on": date(2027, 3, 31)}, True),
        ({"ends_on": date(2027, 3, 31), "end_reason": "completed"}, True),
        ({"ends_on": date(2027, 3, 31), "end_reason": "moved"}, True),
        ({"ends_on": date(2026, 12, 31), "end_reason": "declined"}, True),
        ({"ends_on": EVE, "end_reason": "moved"}, False),
    ],
)
def test_an_end_settles_a_move_when_it_comes_before_it(section, elsewhere, end, is_asked):
    term = LeaderTermFactory(department=section, staff=placed(section), **end)
    moves(term, elsewhere)

    assert bool(asked()) is is_asked


@pytest.mark.parametrize(
    "closed",
    [
        {"cohort__closed_at": datetime(2026, 11, 1, tzinfo=UTC)},
        {"decided_on": TODAY, "ends_on": date(2026, 11, 20)},
    ],
)
def test_what_is_closed_asks_nothing(section, elsewhere, closed):
    moves(LeaderTermFactory(department=section, staff=placed(section), **closed), elsewhere)

    assert asked() == []


def test_it_takes_four_queries_however_many(section, elsewhere, django_assert_num_queries):
    for _ in range(7):
        moves(LeaderTermFactory(department=section, staff=placed(section)), elsewhere)
    LeaderTermFactory.create_batch(4, department=section)

    with django_assert_num_queries(4):
        found = open_questions(TODAY)

    assert len(found) == 7
