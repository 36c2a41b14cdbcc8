"""The flow of a year must add up, and tell what a slow reading day by day tells."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.flow import GAINS, Term, flow, months
from reports.progress import progress
from reports.timelines import lapsing_on
from tests import worlds
from tests.conftest import TODAY, placed
from tests.factories import AssignmentFactory, CompletionFactory, CountingRuleFactory
from tests.reports.cities import SlowCity, make_targets, scope_of
from tests.reports.test_standing import heads
from training.models import Counting, CountingRule
from training.models.attendance import years_before

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


# --- what moved somebody ------------------------------------------------------------------------

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
MAY = date(2026, 5, 1)
THREE = ("mind", "knowledge", "skill")


def capable(department, since=date(2025, 6, 1), **kwargs):
    """Somebody of the department who completed everything."""
    member = placed(department, **kwargs)
    for category in THREE:
        CompletionFactory(staff=member, offering__course__category=category, completed_on=since)
    return member


def terms(scope=None):
    account = flow(FIRST, LAST, scope)
    assert account.opening + account.gained - account.lost == account.closing
    return [(move.term, move.on) for move in account.moves]


def moved(member, **kwargs):
    AssignmentFactory(staff=member, starts_on=MAY, **kwargs)


@pytest.mark.parametrize(
    ("left_on", "expected"),
    [
        (date(2026, 3, 31), [(Term.LEFT, date(2026, 4, 1))]),
        (date(2026, 3, 30), []),
        (date(2027, 3, 30), [(Term.LEFT, date(2027, 3, 31))]),
        (date(2027, 3, 31), []),
    ],
)
def test_who_leaves_counts_to_the_last_day_of_service(section, left_on, expected):
    capable(section, staff__left_on=left_on)

    assert terms() == expected


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31)])
def test_the_last_completion_makes_somebody_new_on_its_day(section, day):
    capable(section, since=day)

    assert terms() == ([(Term.NEWLY, day)] if day >= FIRST else [])


def test_leave_and_return_are_told_each(section):
    member = capable(section)
    moved(member, department=section, duty="childcare")
    AssignmentFactory(staff=member, department=section, starts_on=date(2026, 10, 1))

    assert terms() == [(Term.LEAVE, MAY), (Term.RETURNED, date(2026, 10, 1))]


def test_employment_and_hiring_are_told_apart_from_training(section):
    moved(capable(section), department=section, employment="fiscal_year_appointee")
    capable(section, staff__hired_on=MAY, starts_on=MAY)

    assert sorted(terms()) == [(Term.JOINED, MAY), (Term.UNCOUNTED, MAY)]


def test_a_transfer_moves_nothing_in_the_city_and_counts_for_both_units(section, other_section):
    moved(capable(section), department=other_section)

    assert terms() == []
    assert terms(frozenset({section.pk})) == [(Term.MOVED_OUT, MAY)]
    assert terms(frozenset({other_section.pk})) == [(Term.MOVED_IN, MAY)]


def test_what_happens_to_somebody_elsewhere_is_not_told(section, other_section):
    moved(capable(section), department=other_section, duty="leave")

    assert terms(frozenset({section.pk})) == [(Term.MOVED_OUT, MAY)]


def test_a_completion_that_grows_too_old_is_told_on_the_day_after(section):
    CountingRuleFactory(
        in_force_from=date(2025, 4, 1), required_categories=["mind"], validity_years=1
    )
    capable(section, since=date(2026, 3, 31))

    assert terms() == [(Term.EXPIRED, date(2027, 3, 31))]


def test_a_new_rule_alone_moves_people_both_ways(section):
    CountingRuleFactory(in_force_from=date(2025, 4, 1), required_categories=["mind"])
    CountingRuleFactory(in_force_from=MAY, required_categories=["skill"])
    for category in ("mind", "skill"):
        CompletionFactory(
            staff=placed(section),
            offering__course__category=category,
            completed_on=date(2025, 6, 1),
        )

    assert sorted(terms()) == [(Term.RULE_IN, MAY), (Term.RULE_OUT, MAY)]


def test_terms_of_nobody_are_not_told_beyond_those_of_every_year(section):
    moved(capable(section), department=section, employment="temporary")

    assert flow(FIRST, LAST, None).terms == (
        Term.NEWLY,
        Term.RETURNED,
        Term.LEFT,
        Term.LEAVE,
        Term.UNCOUNTED,
    )


def test_eleven_people_take_as_many_queries_as_one(section, django_assert_num_queries):
    capable(section)
    with django_assert_num_queries(4):
        flow(FIRST, LAST, None)
    for _ in range(10):
        capable(section)

    with django_assert_num_queries(4):
        account = flow(FIRST, LAST, None)

    assert account.closing == 11


@pytest.mark.parametrize("years", [1, 3, 4])
@pytest.mark.parametrize("day", [date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28), MAY])
def test_a_completion_lapses_on_the_first_day_that_no_longer_reaches_it(day, years):
    lapse = lapsing_on(day, years)

    assert years_before(lapse - DAY, years) < day <= years_before(lapse, years)


def test_months_follow_on_each_other_and_the_last_one_ends_with_the_account(section):
    capable(section, since=date(2026, 6, 30))
    capable(section, staff__left_on=date(2026, 8, 31))

    found = {month.first.month: month for month in months(flow(FIRST, TODAY, None))}

    assert list(found) == [4, 5, 6, 7, 8, 9, 10, 11]
    assert (found[6].opening, found[6].gained, found[6].closing) == (1, 1, 2)
    assert (found[9].opening, found[9].lost, found[9].closing) == (2, 1, 1)
