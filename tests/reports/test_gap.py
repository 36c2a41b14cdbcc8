"""What the population lacks: every number adds up, on made-up cities, to the slow reading."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.gap import gap
from reports.gap_figure import gap_figure
from tests import worlds
from tests.conftest import TODAY, placed
from tests.factories import CompletionFactory
from tests.reports.cities import SlowCity, scope_of, shown_as
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

heads = st.one_of(st.none(), st.frozensets(st.integers(0, 5), min_size=1, max_size=2))


@pytest.fixture
def ground():
    return worlds.make_ground()


def done(member, *categories):
    for category in categories:
        CompletionFactory(staff=member, offering__course__category=category)
    return member


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules, heads=heads)
def test_every_number_equals_the_slow_reading(ground, people, on, rule, heads):
    slow = SlowCity(people, on, rule, heads)
    lacking = Counter(
        (
            ground.units[shown_as(unit, heads)].pk,
            ground.ranks[worlds.place_of(one, on).rank].band,
            tuple(c for c in rule.required_categories if not slow.done(one, c)),
        )
        for one, unit in slow.counted()
    )
    with transaction.atomic():
        worlds.put_down(ground, people)

        found = gap(on, rule, scope_of(ground, heads))

        transaction.set_rollback(True)

    def spread(keep):
        counted = Counter()
        for key, people in lacking.items():
            if keep(key):
                counted[len(key[2])] += people
        return tuple(counted[n] for n in range(len(rule.required_categories) + 1))

    assert found.total.by_missing == spread(lambda _: True)
    assert {one.missing: one.people for one in found.combinations} == {
        missing: sum(n for key, n in lacking.items() if key[2] == missing)
        for missing in {key[2] for key in lacking if key[2]}
    }
    assert {unit.pk: one.by_missing for unit, one in found.units} == {
        pk: spread(lambda key, pk=pk: key[0] == pk) for pk in {key[0] for key in lacking}
    }
    assert {band: one.by_missing for band, one in found.bands} == {
        band: spread(lambda key, band=band: key[1] == band) for band, _ in found.bands
    }


def test_ten_people_are_asked_for_in_as_many_queries_as_one(section):
    done(placed(section), "mind")
    with CaptureQueriesContext(connection) as few:
        gap(TODAY, DEFAULT_RULE, None)
    for _ in range(9):
        done(placed(section), "skill")

    with CaptureQueriesContext(connection) as many:
        found = gap(TODAY, DEFAULT_RULE, None)

    assert found.total.population == 10
    assert len(few) == len(many) <= 7


def test_the_chart_says_in_its_table_and_its_sentence_what_it_draws(section):
    done(placed(section), "mind", "knowledge", "skill")
    done(placed(section), "mind", "knowledge")
    placed(section)

    figure = gap_figure(gap(TODAY, DEFAULT_RULE, None))

    assert figure.finding == (
        "全職員3人のうち、2人に未修了の区分があります。あと1区分で届く人は1人です。"
    )
    assert [row[:2] for row in figure.table.rows] == [
        ("すべて修了", "1人"),
        ("1区分が未修了", "1人"),
        ("2区分が未修了", "0人"),
        ("3区分が未修了", "1人"),
    ]
    assert [row.bar.width > 0 for row in figure.chart.rows] == [True, True, False, True]


@pytest.mark.parametrize(
    ("completed", "finding"),
    [
        (None, "この日に全職員に当てはまる人はいません。"),
        (
            ("mind", "knowledge", "skill"),
            "全職員1人が、必要な研修をすべて修了しています。",
        ),
    ],
)
def test_the_sentence_is_true_where_nobody_lacks_anything(section, completed, finding):
    if completed:
        done(placed(section), *completed)

    assert gap_figure(gap(TODAY, DEFAULT_RULE, None)).finding == finding
