"""The shortest way: as few seats as there can be, held against every choice of people."""

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from reports.gap import Gap, Lacking, Spread, gap
from reports.gap_figure import way_in_words
from reports.progress import NOT_DUE, ShareTarget, needed_people
from reports.shortest_way import (
    NOTHING_KNOWN,
    ROOM,
    Ahead,
    current_way,
    known_ahead,
    shortest_way,
    target_ahead,
)
from tests.conftest import TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CountingRuleFactory,
    TargetFactory,
)
from training.models import DEFAULT_RULE

REQUIRED = ("mind", "knowledge", "skill")
DUE = date(2027, 3, 31)


def city(*lacking):
    """A city of people who lack these categories, numbered as they come."""
    people = tuple(
        Lacking(index, f"{index:06d}", 1, 1, "staff", None, tuple(missing))
        for index, missing in enumerate(lacking)
    )
    spread = tuple(sum(len(one.missing) == n for one in people) for n in range(4))
    return Gap(TODAY, REQUIRED, people, Spread(spread), (), (), ())


def target(numerator, denominator, found):
    share = Fraction(numerator, denominator)
    needed = needed_people(share, found.total.population)
    return ShareTarget(FiscalYear(2026), share, needed, is_reached=False, status=NOT_DUE)


def way(found, known=NOTHING_KNOWN, share=(1, 1)):
    return shortest_way(found, target(*share, found), known)


def sizes(found):
    return {category: len(people) for category, people in found.seats.items()}


some = st.lists(st.sampled_from(REQUIRED), unique=True).map(
    lambda chosen: tuple(one for one in REQUIRED if one in chosen)
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    people=st.lists(st.tuples(some, some, st.booleans()), min_size=1, max_size=8),
    share=st.sampled_from([(1, 4), (1, 3), (1, 2), (4, 5), (1, 1)]),
)
def test_no_choice_of_people_reaches_the_target_with_fewer_seats(people, share):
    found = city(*(missing for missing, _, _ in people))
    known = Ahead(
        {index: frozenset(booked) for index, (_, booked, _) in enumerate(people)},
        frozenset(index for index, (_, _, leaves) in enumerate(people) if leaves),
        {},
    )
    costs = {
        one.staff_id: set(one.missing) - known.booked[one.staff_id]
        for one in found.people
        if one.missing and one.staff_id not in known.leaving
    }
    goal = target(*share, found)
    short = max(0, goal.needed - found.total.capable)

    told = shortest_way(found, goal, known)

    chosen = {step.person.staff_id: set(step.seats) for step in told.steps}
    most = min(short, len(costs))
    every = list(combinations(costs, most))
    fewest = min(sum(len(costs[one]) for one in subset) for subset in every)
    best = [s for s in every if sum(len(costs[one]) for one in s) == fewest]
    fewest_categories = min(len(set().union(*(costs[one] for one in s))) for s in best)
    assert all(seats == costs[one] != set() for one, seats in chosen.items())
    assert told.left == short - most
    assert len(chosen) + min(len(told.ready), short) == most
    assert sum(len(people) for people in told.seats.values()) == fewest
    assert len(told.seats) == fewest_categories


def test_the_cheapest_are_taken_first_and_of_equals_those_of_one_training():
    found = city((), REQUIRED, ("mind",), ("skill",), ("skill",), ("mind", "skill"))

    told = way(found, share=(1, 2))

    assert sizes(told) == {"skill": 2}
    assert way_in_words(told) == "R8の目標1/2（3人）は、スキル研修 2席で達成できます。"


def test_a_room_is_filled_before_another_is_opened():
    singles = [("mind",)] * 20 + [("skill",)] * (ROOM + 5)
    found = city(*singles)

    told = shortest_way(found, target(50, 55, found), NOTHING_KNOWN)

    assert sizes(told) == {"mind": 20, "skill": ROOM}


def test_the_same_city_gets_the_same_proposal_by_staff_number():
    told = way(city(*[("skill",)] * 9), share=(1, 3))

    assert [one.number for one in told.seats["skill"]] == ["000000", "000001", "000002"]


def test_of_equals_those_are_taken_who_need_no_booking_to_go_well():
    found = city(("mind", "skill"), ("skill",), ("mind", "skill"))
    known = Ahead({0: frozenset({"mind"}), 2: frozenset({"mind"})}, frozenset(), {})

    told = way(found, known, share=(1, 3))

    assert ([one.staff_id for one in told.seats["skill"]], told.relied_on) == ([1], 0)


@pytest.mark.parametrize(
    ("people", "booked", "leaving", "words"),
    [
        ([()], {}, (), "R8の目標1/1（1人）に届いています。新しい席は要りません。"),
        (
            [("skill",), ()],
            {0: {"skill"}},
            (),
            "未修了の区分をすべて受講予定の1人のうち1人が修了すれば、R8の目標1/1（2人）に届きます。"
            "新しい席は要りません。",
        ),
        (
            [("mind", "skill"), ("skill",)],
            {0: {"mind"}},
            (),
            "R8の目標1/1（2人）は、受講予定の1人が予定どおり修了すれば、"
            "スキル研修 2席で達成できます。",
        ),
        (
            [("mind",), ("skill",), ("mind", "skill")],
            {},
            (2,),
            "DXマインド研修 1席とスキル研修 1席で全員が修了しても、"
            "R8の目標1/1（3人）まであと1人足りません。",
        ),
        (
            [("mind",), ("skill",)],
            {0: {"mind"}},
            (1,),
            "受講予定の1人が予定どおり修了しても、R8の目標1/1（2人）まであと1人足りません。",
        ),
        (
            [("mind",), ("skill",), ("skill",)],
            {0: {"mind"}},
            (1,),
            "受講予定の1人にスキル研修 1席を加えて全員が修了しても、"
            "R8の目標1/1（3人）まであと1人足りません。",
        ),
        (
            [("mind",)],
            {},
            (0,),
            "これから受講できる人がいないため、R8の目標1/1（1人）まであと1人足りません。",
        ),
        ([], {}, (), "この日に全職員に当てはまる人がいないため、道筋はありません。"),
    ],
)
def test_the_sentence_is_true_of_the_proposal(people, booked, leaving, words):
    known = Ahead({one: frozenset(which) for one, which in booked.items()}, frozenset(leaving), {})

    assert way_in_words(way(city(*people), known)) == words


# --- From the database --------------------------------------------------------------------------


def lacking_skill(section, **kwargs):
    member = placed(section, **kwargs)
    for category in ("mind", "knowledge"):
        CompletionFactory(staff=member, offering__course__category=category)
    return member


def booking(member, ends_on, **kwargs):
    return AttendanceFactory(
        staff=member,
        offering__course__category="skill",
        offering__starts_on=ends_on,
        **{"status": "booked", **kwargs},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends_on", "kwargs", "is_booked"),
    [
        (TODAY, {}, False),
        (date(2026, 11, 24), {}, True),
        (DUE, {}, True),
        (DUE, {"status": "waiting"}, False),
        (date(2027, 4, 1), {}, False),
        (DUE, {"status": "cancelled"}, False),
    ],
)
def test_a_booking_counts_that_ends_after_the_day_and_by_the_due_day(
    section, ends_on, kwargs, is_booked
):
    TargetFactory()
    member = lacking_skill(section)
    booking(member, ends_on, **kwargs)

    told = current_way(TODAY)

    assert [one.staff_id for one in told.ready] == ([member.pk] if is_booked else [])
    assert sizes(told) == ({} if is_booked else {"skill": 1})


@pytest.mark.django_db
@pytest.mark.parametrize(("left_on", "left"), [(DUE, 0), (date(2027, 3, 30), 1)])
def test_who_leaves_before_the_due_day_is_not_proposed(section, left_on, left):
    TargetFactory()
    lacking_skill(section, staff__left_on=left_on)

    assert current_way(TODAY).left == left


@pytest.mark.django_db
def test_who_leaves_is_known_to_nobody_who_may_not_see_the_future(section):
    TargetFactory()
    lacking_skill(section, staff__left_on=date(2027, 3, 30))
    found = gap(TODAY, DEFAULT_RULE, None)

    known = known_ahead(found, DUE, DEFAULT_RULE, today=TODAY, known_until=TODAY)

    assert known.leaving == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("held_on", "seats"), [(date(2026, 3, 31), {"skill": 1}), (date(2026, 4, 1), {})]
)
def test_what_lapses_until_the_due_day_needs_a_seat(section, held_on, seats):
    TargetFactory(numerator=1, denominator=1)
    CountingRuleFactory(required_categories=["skill"], validity_years=1)
    CompletionFactory(
        staff=placed(section), offering__course__category="skill", offering__starts_on=held_on
    )

    told = current_way(TODAY)

    assert sizes(told) == seats
    assert told.short == len(seats)


@pytest.mark.django_db
def test_of_a_day_gone_by_nothing_learned_later_changes_the_way(section):
    TargetFactory()
    past = date(2026, 10, 1)
    member = lacking_skill(section)

    def told():
        found = gap(past, DEFAULT_RULE, None)
        goal = target_ahead(found)
        known = known_ahead(found, goal.due, DEFAULT_RULE, today=TODAY, known_until=past)
        return shortest_way(found, goal, known)

    before = told()
    booking(member, date(2026, 12, 1))

    assert told() == before
    assert sizes(before) == {"skill": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(("on", "has_way"), [(date(2027, 3, 30), True), (DUE, False)])
def test_on_the_due_day_itself_there_is_no_way_left(section, on, has_way):
    TargetFactory()
    lacking_skill(section)

    assert (current_way(on) is not None) == has_way
