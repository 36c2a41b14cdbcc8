"""How the figures came to be, year by year, and the line drawn between two promises."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from agano_dx.lib.fiscal import FiscalYear
from reports.history import guide, leader_history, point_days, share_history, share_promises
from reports.progress import progress
from tests import worlds
from tests.conftest import TODAY
from tests.factories import AssignmentFactory, LeaderTermFactory, TargetFactory
from tests.reports.cities import make_targets, scope_of
from tests.reports.test_progress import heads
from training.models import CountingRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground():
    """A city whose counting rule changes on 1 April 2026."""
    make_targets()
    CountingRule.objects.create(
        in_force_from=date(2025, 4, 1),
        counted_employments=["regular", "reappointed"],
        excluded_duties=["leave"],
        required_categories=["mind"],
    )
    CountingRule.objects.create(
        in_force_from=date(2026, 4, 1),
        counted_employments=["regular"],
        excluded_duties=["leave", "childcare"],
        required_categories=["mind", "skill"],
        validity_years=2,
    )
    return worlds.make_ground()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=worlds.people(), on=worlds.days, heads=heads)
def test_every_point_is_the_progress_of_its_own_day(ground, people, on, heads):
    scope = scope_of(ground, heads)
    with transaction.atomic():
        worlds.put_down(ground, people)

        shares = share_history(on, scope)
        leaders = [point for point in leader_history(on, scope) if point.completed is not None]
        figures = {
            day: progress(day, CountingRule.objects.in_force(day), scope)
            for day in {point.on for point in shares}
        }

        transaction.set_rollback(True)
    assert [(point.on, point.capable, point.population) for point in shares] == [
        (day, figures[day].total.capable, figures[day].total.population) for day in sorted(figures)
    ]
    for point in leaders:
        then = figures[min(point.year.last_day, on)].leaders
        assert (point.completed, point.sitting) == (then.completed_person_terms, then.sitting)


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        (date(2024, 5, 1), [date(2024, 5, 1)]),
        (date(2026, 3, 30), [date(2026, 3, 30)]),
        (date(2026, 3, 31), [date(2026, 3, 31)]),
        (date(2026, 4, 1), [date(2026, 3, 31), date(2026, 4, 1)]),
        (TODAY, [date(2026, 3, 31), TODAY]),
    ],
)
def test_there_is_a_point_at_each_year_s_end_gone_by_and_one_on_the_day(as_of, days):
    assert point_days(as_of) == days


def test_after_the_plan_s_end_there_are_ten_ends_and_the_day():
    days = point_days(date(2040, 1, 1))

    assert len(days) == 11
    assert days[-2:] == [date(2035, 3, 31), date(2040, 1, 1)]


def test_a_point_where_nobody_was_counted_has_a_share_of_nothing():
    AssignmentFactory(starts_on=date(2026, 4, 1))

    first, second = share_history(TODAY, None)

    assert (first.population, first.share) == (0, 0)
    assert (second.population, second.share) == (1, 0)


def test_the_share_of_all_years_takes_two_queries(django_assert_num_queries):
    AssignmentFactory.create_batch(3)

    with django_assert_num_queries(2):
        few = share_history(date(2025, 9, 30), None)
    with django_assert_num_queries(2):
        many = share_history(date(2035, 3, 31), None)

    assert (len(few), len(many)) == (1, 10)


def test_the_leaders_of_all_years_take_two_queries_however_many(django_assert_num_queries):
    LeaderTermFactory.create_batch(11)

    with django_assert_num_queries(2):
        points = leader_history(TODAY, None)

    assert [point.sitting for point in points[:3]] == [11, 11, None]


def test_years_to_come_show_their_band_and_no_number():
    make_targets()

    points = {point.year.label: point for point in leader_history(TODAY, None)}

    assert (points["R8"].minimum, points["R8"].maximum) == (18, 22)
    assert points["R8"].completed == 0
    assert (points["R10"].minimum, points["R10"].completed) == (38, None)
    assert points["R7"].minimum is None


def test_the_guide_is_the_straight_line_between_two_promises_and_no_more():
    make_targets()

    line = guide(share_promises())

    assert {year.label: share for year, share in line.items()} == {
        "R10": Fraction(19, 35),
        "R11": Fraction(41, 70),
        "R12": Fraction(22, 35),
        "R13": Fraction(47, 70),
        "R14": Fraction(5, 7),
        "R15": Fraction(53, 70),
    }


def test_a_single_promise_draws_no_guide():
    target = TargetFactory.build(fiscal_year=FiscalYear(2026))

    assert guide([target]) == {}
    assert guide([]) == {}
