"""The flow of a year must add up, and tell what a slow reading day by day tells."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.flow import GAINS, flow, months
from reports.progress import progress
from tests import worlds
from tests.conftest import TODAY
from tests.reports.cities import SlowCity, make_targets, scope_of
from tests.reports.test_standing import heads
from training.models import Counting, CountingRule

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
spans = st.tuples(worlds.days, worlds.days).filter(lambda pair: pair[0] <= pair[1])
rule_days = st.sampled_from((date(2025, 4, 1), date(2026, 3, 31), date(2026, 4, 1), TODAY))
dated_rules = st.dictionaries(rule_days, worlds.rules, max_size=2)


def trained(one: worlds.Person, days: dict[str, date]) -> worlds.Person:
    """The person with a completion of every category the plan asks for."""
    others = tuple(mark for mark in one.marks if days.get(mark.category) != mark.on)
    done = tuple(worlds.Mark(category, on, "present") for category, on in days.items())
    return replace(one, marks=(*others, *done))


early = st.sampled_from(worlds.DAYS[:8])
trained_people = st.lists(
    st.builds(
        trained,
        worlds.person(),
        st.fixed_dictionaries(dict.fromkeys(("mind", "knowledge", "skill"), early)),
    ),
    min_size=4,
    max_size=6,
    unique=True,
)


@pytest.fixture
def ground():
    make_targets()
    return worlds.make_ground()


def set_rules(rules: dict[date, Counting]) -> None:
    CountingRule.objects.bulk_create(
        CountingRule(
            in_force_from=day,
            counted_employments=list(rule.counted_employments),
            excluded_duties=list(rule.excluded_duties),
            required_categories=list(rule.required_categories),
            validity_years=rule.validity_years,
        )
        for day, rule in rules.items()
    )


def slowly(people, first, last, in_force, heads):
    """Who was in before, and each flip, read on every day beside one on which something happens."""
    happened = {first}
    for one in people:
        for mark in one.marks:
            happened |= {mark.on, *(years(mark.on, n) for n in (1, 2))}
        happened |= {one.hired_on, *(place.starts_on for place in one.places)}
        happened |= {one.left_on} if one.left_on else set()
    happened |= set(in_force.starts)
    asked = sorted({day + n * DAY for day in happened for n in (-1, 0, 1)} | {first - DAY, last})

    def inside(day):
        slow = SlowCity(people, day, in_force(day), heads)
        return {people.index(one) for one, _ in slow.counted() if slow.is_capable(one)}

    before = standing = inside(first - DAY)
    flips = set()
    for day in asked:
        if first <= day <= last:
            now = inside(day)
            flips |= {(index, day, "+") for index in now - standing}
            flips |= {(index, day, "-") for index in standing - now}
            standing = now
    return len(before), len(standing), flips


def years(day, count):
    return (
        date(day.year + count, day.month, min(day.day, 28))
        if day.day == 29
        else day.replace(year=day.year + count)
    )


class InForce:
    """The rules by day, found slowly."""

    def __init__(self, rules):
        self.starts = sorted(rules)
        self.rules = rules

    def __call__(self, day):
        found = [start for start in self.starts if start <= day]
        return self.rules[found[-1]] if found else worlds.DEFAULT_RULE


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=trained_people, span=spans, rules=dated_rules, heads=heads)
def test_every_flip_is_told_on_its_day_and_the_account_adds_up(ground, people, span, rules, heads):
    first, last = span
    with transaction.atomic():
        members = worlds.put_down(ground, people)
        set_rules(rules)
        scope = scope_of(ground, heads)

        told = flow(first, last, scope)
        ends = [
            progress(day, CountingRule.objects.in_force(day), scope).total.capable
            for day in (first - DAY, last)
        ]

        transaction.set_rollback(True)
    assert [told.opening, told.closing] == ends
    assert told.opening + told.gained - told.lost == told.closing
    assert sum(month.gained - month.lost for month in months(told)) == told.closing - told.opening
    number = {member.pk: index for index, member in enumerate(members)}
    opening, closing, flips = slowly(people, first, last, InForce(rules), heads)
    assert (told.opening, told.closing) == (opening, closing)
    assert {
        (number[move.staff_id], move.on, "+" if move.term in GAINS else "-") for move in told.moves
    } == flips
