"""Everybody on a day, judged in Python: must say what the figures counted in SQL say."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.progress import progress
from reports.standing import judge, standings
from tests import worlds
from tests.conftest import TODAY, placed
from tests.factories import CompletionFactory
from tests.reports.cities import make_targets, scope_of

pytestmark = pytest.mark.django_db

heads = st.one_of(st.none(), st.frozensets(st.integers(0, 5), min_size=1, max_size=2))


@pytest.fixture
def ground():
    make_targets()
    return worlds.make_ground()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules, heads=heads)
def test_judging_everybody_gives_the_figures_of_the_day(ground, people, on, rule, heads):
    with transaction.atomic():
        worlds.put_down(ground, people)
        scope = scope_of(ground, heads)

        figures, found = progress(on, rule, scope), standings(on, scope)

        transaction.set_rollback(True)
    verdicts = [judge(one, on, rule) for one in found.people]
    left_out = Counter(verdict.left_out for verdict in verdicts)
    finished = [term.staff_id for term in found.terms if term.is_completed]
    assert left_out[""] == figures.total.population
    assert sum(verdict.is_capable for verdict in verdicts) == figures.total.capable
    assert left_out["employment"] == figures.excluded.employment
    assert left_out["duty"] == figures.excluded.duty
    assert sum(term.is_sitting for term in found.terms) == figures.leaders.sitting
    assert len(finished) == figures.leaders.completed_person_terms
    assert len(set(finished)) == figures.leaders.people
    bands = Counter(one.band for one in found.specialists)
    assert all(bands[row.band] == row.count for row in figures.specialists)


def test_ten_people_are_asked_for_in_as_many_queries_as_one(section):
    CompletionFactory(staff=placed(section))
    with CaptureQueriesContext(connection) as few:
        standings(TODAY, None)
    for _ in range(9):
        CompletionFactory(staff=placed(section))

    with CaptureQueriesContext(connection) as many:
        found = standings(TODAY, None)

    assert len(found.people) == 10
    assert len(few) == len(many) <= 7
