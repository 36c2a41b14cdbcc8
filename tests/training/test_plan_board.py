"""What was held, is planned and was completed in each row and year of the plan."""

from datetime import date, datetime, timedelta

import pytest

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import JAPAN, TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    OfferingFactory,
    ProgrammeFactory,
    StaffMemberFactory,
)
from training.models import Attendance, Category
from training.plan_board import plan_board, with_people
from training.plan_figure import plan_figure

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=JAPAN)
R7, R8, R9 = FiscalYear(2025), FiscalYear(2026), FiscalYear(2027)


def row(today, units=None):
    """The only row of the plan, with its people."""
    (only,) = with_people(plan_board(today), units).rows
    return only


def cell(board_row, year):
    return board_row.cells[year.year - R7.year]


# --- offerings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "held", "planned"),
    [
        ({"starts_on": date(2026, 11, 22)}, 1, 0),
        ({"starts_on": date(2026, 11, 23)}, 0, 1),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 23)}, 0, 1),
        ({"starts_on": date(2026, 11, 23), "closed_at": NOW}, 1, 0),
        ({"starts_on": date(2026, 11, 1), "cancelled_at": NOW}, 0, 0),
        ({"starts_on": date(2027, 1, 1), "cancelled_at": NOW}, 0, 0),
    ],
)
def test_an_offering_is_held_once_over_or_closed_and_none_when_called_off(
    today, make, held, planned
):
    ProgrammeFactory()
    OfferingFactory(**make)

    found = row(today)

    assert (found.total.held, found.total.planned) == (held, planned)
    assert (cell(found, R8).held, cell(found, R8).planned) == (held, planned)


@pytest.mark.parametrize(
    ("make", "on", "held", "planned"),
    [
        ({"closed_at": NOW}, TODAY, 1, 0),
        ({"closed_at": NOW}, TODAY - timedelta(days=1), 0, 1),
        ({"closed_at": datetime(2026, 11, 24, 0, 30, tzinfo=JAPAN)}, TODAY, 0, 1),
        ({"cancelled_at": NOW}, TODAY, 0, 0),
        ({"cancelled_at": NOW}, TODAY - timedelta(days=1), 0, 1),
        ({"cancelled_at": NOW, "ends_on": date(2026, 11, 2)}, date(2026, 11, 3), 1, 0),
        ({"closed_at": NOW, "starts_on": date(2026, 11, 24)}, TODAY, 0, 1),
    ],
)
def test_what_is_closed_or_called_off_later_changes_no_day_gone_by(make, on, held, planned):
    ProgrammeFactory()
    OfferingFactory(**{"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)} | make)

    found = plan_board(on)

    assert (found.held, found.planned) == (held, planned)


@pytest.mark.parametrize(
    ("starts_on", "year"),
    [(date(2026, 3, 31), R7), (date(2026, 4, 1), R8), (date(2027, 3, 31), R8)],
)
def test_an_offering_belongs_to_the_year_in_which_it_begins(starts_on, year):
    ProgrammeFactory()
    OfferingFactory(starts_on=starts_on, ends_on=date(2028, 3, 31))

    found = row(date(2025, 4, 1))

    assert [each for each in (R7, R8, R9) if cell(found, each).planned] == [year]


def test_a_row_takes_its_own_category_and_years_only(today):
    ProgrammeFactory(first_year=R8, last_year=R8)
    OfferingFactory(starts_on=date(2025, 6, 1))
    OfferingFactory(starts_on=date(2026, 6, 1))
    OfferingFactory(starts_on=date(2026, 6, 1), course__category=Category.SKILL)

    found = row(today)

    assert (cell(found, R7), cell(found, R8).held, found.total.held) == (None, 1, 1)


def test_the_whole_counts_an_offering_of_two_rows_once(today):
    ProgrammeFactory.create_batch(2)
    OfferingFactory(starts_on=date(2026, 6, 1))
    OfferingFactory(starts_on=date(2026, 12, 1))
    OfferingFactory(course__category=Category.OJT)

    board = plan_board(today)

    assert (board.held, board.planned) == (1, 1)
    assert [found.total.held for found in board.rows] == [1, 1]


def test_rows_of_leaders_have_no_offerings_to_count(today):
    ProgrammeFactory(category=Category.LEADER_ACTIVITY)

    found = row(today)

    assert found.total is None
    assert set(found.cells) == {None}


@pytest.mark.parametrize(
    ("first", "last", "state"), [(R7, R7, "done"), (R7, R8, "running"), (R9, R9, "plan")]
)
def test_a_row_is_done_running_or_planned_by_its_years(today, first, last, state):
    ProgrammeFactory(first_year=first, last_year=last)

    assert row(today).state == state


@pytest.mark.parametrize(
    ("on", "state"), [(date(2026, 3, 31), "running"), (date(2026, 4, 1), "done")]
)
def test_a_row_runs_to_the_end_of_march(on, state):
    ProgrammeFactory(first_year=R7, last_year=R7)

    assert row(on).state == state


# --- people -------------------------------------------------------------------------------------


def test_a_person_counts_once_a_year_and_once_over_the_years(today):
    ProgrammeFactory()
    member = StaffMemberFactory()
    for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 1)):
        CompletionFactory(staff=member, offering__starts_on=day)
    CompletionFactory(offering__starts_on=date(2026, 6, 1))

    found = row(today)

    assert (cell(found, R7).completed, cell(found, R8).completed) == (1, 2)
    assert found.total.completed == 2


def test_only_completions_up_to_the_day_and_of_the_row_count(today):
    ProgrammeFactory(first_year=R8, last_year=R8)
    AttendanceFactory(status="absent")
    CompletionFactory(offering__starts_on=date(2026, 11, 24))
    CompletionFactory(offering__starts_on=date(2026, 3, 31))
    CompletionFactory(offering__course__category=Category.SKILL)

    assert row(today).total.completed == 0


def test_a_scope_counts_its_own_people_of_the_day_only(today, section, other_section):
    ProgrammeFactory()
    for unit in (section, other_section, other_section):
        CompletionFactory(staff=placed(unit))
    CompletionFactory(staff=StaffMemberFactory(left_on=date(2026, 7, 1)))

    assert row(today).total.completed == 4
    assert row(today, frozenset({section.pk})).total.completed == 1
    assert row(today, frozenset()).total.completed == 0


def test_the_counts_agree_with_counting_one_by_one(today):
    ProgrammeFactory()
    ProgrammeFactory(category=Category.SKILL, first_year=R8, last_year=R9)
    members = StaffMemberFactory.create_batch(4)
    for number in range(24):
        category = (Category.MIND, Category.SKILL)[number % 2]
        month = number % 12 + 1
        CompletionFactory(
            staff=members[number % 4 if number < 12 else 0],
            offering__course__category=category,
            offering__starts_on=date(2026 if number % 3 else 2025, month, 15),
        )
    done = [
        place
        for place in Attendance.objects.select_related("offering")
        if place.completed_on <= today
    ]

    board = with_people(plan_board(today), None)

    for found in board.rows:
        for year, tally in zip(board.years, found.cells, strict=True):
            people = {
                place.staff_id
                for place in done
                if place.category == found.programme.category and place.completed_on in year
            }
            assert tally is None or tally.completed == len(people)


def test_the_board_takes_the_same_four_queries_for_1_and_11_rows(
    today, section, django_assert_num_queries
):
    ProgrammeFactory()
    with django_assert_num_queries(4):
        with_people(plan_board(today), frozenset({section.pk}))
    ProgrammeFactory.create_batch(10)
    CompletionFactory.create_batch(10)

    with django_assert_num_queries(4):
        board = with_people(plan_board(today), frozenset({section.pk}))

    assert len(board.rows) == 11


def test_a_plan_without_rows_is_empty(today):
    board = with_people(plan_board(today), None)

    assert (board.rows, board.held, board.planned) == ((), 0, 0)


# --- the figure ---------------------------------------------------------------------------------


def test_the_gantt_says_beside_each_bar_what_was_held_and_is_planned(today):
    ProgrammeFactory(name="見本の施策", last_year=R8)
    ProgrammeFactory(name="次の施策", first_year=R9, last_year=R9, order=1)
    OfferingFactory(starts_on=date(2026, 6, 1))
    OfferingFactory(starts_on=date(2026, 12, 1))
    OfferingFactory(starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))
    OfferingFactory(starts_on=date(2026, 11, 22), ends_on=date(2026, 11, 23))

    figure = plan_figure(plan_board(today))

    assert figure.table.rows == (
        ("見本の施策", "R7～R8", "実施中（開催1回・予定3回）"),
        ("次の施策", "R9～R9", "予定"),
    )
    assert figure.finding == (
        "2の施策のうち1を実施中です。研修の開催回は、開催済み1回・実施中2回・これから1回です。"
    )
    assert figure.chart.today is not None


def test_a_row_outside_the_plan_has_a_name_and_no_bar(today):
    ProgrammeFactory(first_year=FiscalYear(2035), last_year=FiscalYear(2036))

    (drawn,) = plan_figure(plan_board(today)).chart.rows

    assert drawn.labels
    assert drawn.bars == ()


def test_a_row_reaching_over_the_plans_end_is_drawn_up_to_it(today):
    ProgrammeFactory(last_year=FiscalYear(2036))

    assert plan_figure(plan_board(today)).table.rows[0][1] == "R7～R16"
