"""Every figure can be opened to its people, and there are as many of them as it says."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from reports.people import FIGURES, people_behind
from reports.progress import progress
from staff.organisation import DepartmentTree
from tests import worlds
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    OfferingFactory,
    RankFactory,
)
from tests.reports.cities import make_targets, scope_of
from tests.reports.test_progress import heads
from training.models import DEFAULT_RULE, Category

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground():
    make_targets()
    return worlds.make_ground()


def counted(figures):
    """Every figure of the whole scope, by the name of its list."""
    total = figures.total
    return {
        "population": total.population,
        "capable": total.capable,
        "not_capable": total.population - total.capable,
        "mind": total.mind,
        "knowledge": total.knowledge,
        "skill": total.skill,
        "excluded_employment": figures.excluded.employment,
        "excluded_duty": figures.excluded.duty,
        "executives": figures.executives.population,
        "executives_completed": figures.executives.completed_this_year,
        "executives_outstanding": figures.executives.population
        - figures.executives.completed_this_year,
        "leaders": figures.leaders.sitting,
        "leaders_completed": figures.leaders.people,
        "specialists": sum(band.count for band in figures.specialists),
    }


many_worlds = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@many_worlds
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules, heads=heads)
def test_each_list_has_as_many_people_as_its_figure_says(ground, people, on, rule, heads):
    # Somebody who has no place yet stands in no list.
    people = [one for one in people if worlds.place_of(one, on)]
    scope = scope_of(ground, heads)
    with transaction.atomic():
        worlds.put_down(ground, people)

        lists = {name: list(people_behind(name, on, rule, scope)) for name in FIGURES}

        figures = counted(progress(on, rule, scope))
        transaction.set_rollback(True)
    assert {name: len(found) for name, found in lists.items()} == figures
    assert all(len({place.staff_id for place in found}) == len(found) for found in lists.values())


@many_worlds
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules)
def test_each_unit_s_lists_have_as_many_people_as_the_unit_s_figures_say(ground, people, on, rule):
    with transaction.atomic():
        worlds.put_down(ground, people)
        tree = DepartmentTree.load(on)

        units = progress(on, rule, None).units
        lists = {
            (row.unit.code, name): people_behind(
                name, on, rule, tree.reported_under(row.unit.pk)
            ).count()
            for row in units
            for name in ("population", "capable", "mind", "knowledge", "skill")
        }

        transaction.set_rollback(True)
    assert lists == {
        (row.unit.code, name): getattr(row.counts, name)
        for row in units
        for name in ("population", "capable", "mind", "knowledge", "skill")
    }


def test_only_executives_stand_behind_the_executives_course():
    chief = AssignmentFactory(rank=HeadRankFactory())
    for place in (chief, AssignmentFactory()):
        offering = OfferingFactory(course__category=Category.EXECUTIVE)
        CompletionFactory(staff=place.staff, offering=offering)

    found = people_behind("executives_completed", TODAY, DEFAULT_RULE, None)

    assert list(found) == [chief]


def test_people_come_in_the_order_of_departments_ranks_and_numbers():
    early, late = DepartmentFactory(order=1), DepartmentFactory(order=2)
    high, low = RankFactory(order=1), RankFactory(order=2)
    wanted = [
        AssignmentFactory(department=department, rank=rank, staff__number=number).staff
        for department, rank, number in (
            (early, high, "000009"),
            (early, low, "000001"),
            (early, low, "000002"),
            (late, high, "000000"),
        )
    ]

    found = people_behind("population", TODAY, DEFAULT_RULE, None)

    assert [place.staff for place in found] == wanted


def test_leaders_are_found_by_the_department_they_lead():
    section, elsewhere = DepartmentFactory(), DepartmentFactory()
    leader = AssignmentFactory(department=elsewhere).staff
    LeaderTermFactory(staff=leader, department=section)

    def leaders_of(unit):
        places = people_behind("leaders", TODAY, DEFAULT_RULE, frozenset([unit.pk]))
        return [place.staff for place in places]

    assert leaders_of(section) == [leader]
    assert leaders_of(elsewhere) == []


def test_a_list_takes_as_many_queries_whatever_its_length(django_assert_num_queries):
    for place in AssignmentFactory.create_batch(11):
        LeaderTermFactory(staff=place.staff)
        over = {"starts_on": date(2025, 5, 1), "ends_on": date(2026, 3, 31), "completed": True}
        LeaderTermFactory(staff=place.staff, **over)

    for name in FIGURES:
        with django_assert_num_queries({"leaders": 3, "leaders_completed": 2}.get(name, 1)):
            for place in people_behind(name, date(2026, 11, 23), DEFAULT_RULE, None):
                assert place.staff.name
                assert place.department.name
                assert place.rank.name
