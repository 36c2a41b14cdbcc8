"""The arithmetic of the forecast, against outcomes enumerated one by one and exact fractions."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from reports.forecast.months import (
    Inputs,
    Kind,
    expected_capable,
    months_left,
    project,
)
from reports.forecast.pace import Spread, month_ends, pace
from reports.forecast.rates import ALL, OWN, UNKNOWN, show_up, wilson

NAMES = ("mind", "knowledge", "skill")
R8, R9, R10, R16 = (FiscalYear(2018 + number) for number in (8, 9, 10, 16))
AS_OF = date(2026, 12, 10)

quick = settings(max_examples=25, deadline=None, derandomize=True)
tenths = st.integers(0, 1000).map(lambda number: Fraction(number, 1000))
rates = st.fixed_dictionaries(dict.fromkeys(NAMES, tenths))
amounts = st.fractions(0, 12, max_denominator=12)
spreads = st.tuples(amounts, amounts).map(lambda both: Spread(min(both), max(both)))
NO_SEATS = Spread(Fraction(0), Fraction(0))


@st.composite
def kinds(draw):
    """Up to six kinds of people who hold places for what they lack."""
    found = Counter()
    for _ in range(draw(st.integers(1, 6))):
        missing = draw(st.frozensets(st.sampled_from(NAMES)))
        held = tuple(
            (name, draw(st.integers(1, 2)))
            for name in NAMES
            if name in missing and draw(st.booleans())
        )
        found[Kind(missing, held)] += draw(st.integers(1, 15))
    return found


@st.composite
def assumed(draw):
    """Any assumptions, with the low rates not above the high ones."""
    one, two = draw(rates), draw(rates)
    places = st.fixed_dictionaries(dict.fromkeys(NAMES, spreads))
    return Inputs(
        extra=draw(places),
        seats=draw(places),
        low={name: min(one[name], two[name]) for name in NAMES},
        high={name: max(one[name], two[name]) for name in NAMES},
        hires=draw(amounts),
        leavers=draw(amounts),
    )


def level(value, **changes):
    """Nobody comes or leaves, no places but those booked, everybody shows up at this rate."""
    nothing, every = dict.fromkeys(NAMES, NO_SEATS), dict.fromkeys(NAMES, Fraction(value))
    plain = Inputs(nothing, nothing, every, every, Fraction(0), Fraction(0))
    return replace(plain, **changes)


# --- The places held ----------------------------------------------------------------------------


@quick
@given(kinds=kinds(), rates=rates)
def test_the_expected_people_are_those_of_all_outcomes_enumerated(kinds, rates):
    places = [name for kind in kinds for name, count in kind.booked for _ in range(count)]
    assume(len(places) <= 6)

    slow = Fraction(0)
    for outcome in product((True, False), repeat=len(places)):
        chance, coming = Fraction(1), iter(outcome)
        capable = 0
        for kind, people in kinds.items():
            passed = set()
            for name, count in kind.booked:
                for came in [next(coming) for _ in range(count)]:
                    chance *= rates[name] if came else 1 - rates[name]
                    passed |= {name} if came else set()
            capable += people * (kind.missing <= passed)
        slow += chance * capable

    assert expected_capable(kinds, rates) == slow


def test_whoever_lacks_something_that_is_not_booked_is_expected_nowhere():
    held = Kind(frozenset({"mind", "skill"}), (("mind", 1),))

    assert expected_capable({held: 9}, dict.fromkeys(NAMES, Fraction(1))) == 0


def test_the_low_end_is_rounded_down_and_the_high_end_up():
    kinds = {Kind(frozenset({"skill"}), (("skill", 1),)): 7, Kind(frozenset(), ()): 2}

    (found,) = project(kinds, level(Fraction(9, 10)), AS_OF, R8)

    assert (found.population, found.low, found.high) == (9, 8, 9)


# --- The months ---------------------------------------------------------------------------------


def slowly(kinds, inputs, bound, last):
    """Exact fractions, a month at a time: the year's ends as (population, capable)."""
    rates = getattr(inputs, bound)
    people = {}
    for kind, count in kinds.items():
        held = [name for name, places in kind.booked]
        for outcome in product((True, False), repeat=len(held)):
            chance, lack = Fraction(count), set(kind.missing)
            for (name, places), came in zip(kind.booked, outcome, strict=True):
                missed = (1 - rates[name]) ** places
                chance *= 1 - missed if came else missed
                lack -= {name} if came else set()
            people[frozenset(lack)] = people.get(frozenset(lack), 0) + chance
    ends, places = [], inputs.extra
    for year in FiscalYear.range(R8, last):
        for _ in range(3 if year == R8 else 12):
            for name in NAMES:
                left = getattr(places[name], bound) * rates[name]
                for size in (1, 2, 3):
                    alike = [one for one in people if name in one and len(one) == size]
                    whole = sum(people[one] for one in alike)
                    share = min(Fraction(1), left / whole) if whole else Fraction(0)
                    for one in alike:
                        passing = people[one] * share
                        people[one] -= passing
                        people[one - {name}] = people.get(one - {name}, 0) + passing
                        left -= passing
        total = sum(people.values())
        ends.append((total, people.get(frozenset(), Fraction(0))))
        keep = max(Fraction(0), 1 - inputs.leavers / total) if total else Fraction(0)
        people = {one: count * keep for one, count in people.items()}
        newly = frozenset(NAMES)
        people[newly] = people.get(newly, 0) + inputs.hires
        places = inputs.seats
    return ends


@settings(quick, max_examples=15)
@given(kinds=kinds(), inputs=assumed())
def test_the_years_are_those_of_a_slow_exact_reckoning(kinds, inputs):
    found = project(kinds, inputs, AS_OF, R10)

    low = slowly(kinds, inputs, "low", R10)
    high = slowly(kinds, inputs, "high", R10)
    for at, (whole, least), (_, most) in zip(found, low, high, strict=True):
        assert abs(at.population - whole) <= Fraction(51, 100)
        assert least - Fraction(101, 100) <= at.low <= least + Fraction(1, 100)
        top = min(most, at.population)
        assert top - Fraction(1, 100) <= at.high <= max(top, at.low) + Fraction(101, 100)


@quick
@given(kinds=kinds(), inputs=assumed())
def test_a_range_lies_between_nobody_and_everybody_in_every_year(kinds, inputs):
    found = project(kinds, inputs, AS_OF, R16)

    assert [at.year for at in found] == FiscalYear.range(R8, R16)
    assert all(0 <= at.low <= at.high <= at.population for at in found)
    assert found[0].population == sum(kinds.values())
    assert found[0].low >= sum(count for kind, count in kinds.items() if not kind.missing)


@quick
@given(kinds=kinds(), inputs=assumed(), name=st.sampled_from(NAMES), more=amounts)
def test_more_places_or_a_higher_rate_never_make_it_worse(kinds, inputs, name, more):
    before = project(kinds, inputs, AS_OF, R16)
    now = inputs.seats[name]
    added = Spread(now.low + more, now.high + more)
    seated = replace(inputs, seats={**inputs.seats, name: added})
    surer = replace(inputs, low=inputs.high)

    with_places = project(kinds, seated, AS_OF, R16)
    with_rate = project(kinds, surer, AS_OF, R16)

    for was, seats_added, rate_raised in zip(before, with_places, with_rate, strict=True):
        assert seats_added.low >= was.low
        assert seats_added.high >= was.high
        assert rate_raised.low >= was.low


def test_those_who_lack_least_are_seated_first():
    kinds = {
        Kind(frozenset({"skill"}), ()): 6,
        Kind(frozenset({"skill", "mind"}), ()): 100,
    }

    found = project(kinds, level(1, extra={"skill": Spread(Fraction(2), Fraction(2))}), AS_OF, R8)

    assert (found[0].low, found[0].high) == (6, 6)


def test_hires_lack_everything_and_leavers_go_in_proportion():
    kinds = {Kind(frozenset(), ()): 60, Kind(frozenset({"skill"}), ()): 40}
    inputs = level(1, hires=Fraction(20), leavers=Fraction(10))

    now, later = project(kinds, inputs, AS_OF, R9)

    assert (now.population, now.low) == (100, 60)
    assert (later.population, later.low, later.high) == (110, 54, 54)


def test_when_more_leave_than_there_are_nobody_is_left():
    found = project({Kind(frozenset(), ()): 3}, level(1, leavers=Fraction(9)), AS_OF, R9)

    assert (found[1].population, found[1].low, found[1].low_share) == (0, 0, 0)


@pytest.mark.parametrize(
    ("as_of", "months", "first"),
    [
        (date(2026, 4, 1), 11, R8),
        (date(2026, 12, 31), 3, R8),
        (date(2027, 3, 1), 0, R8),
        (date(2027, 3, 30), 0, R8),
        (date(2027, 3, 31), 0, R9),
        (date(2027, 4, 1), 11, R9),
    ],
)
def test_the_last_day_of_a_year_is_actual_and_the_next_day_looks_a_year_ahead(as_of, months, first):
    found = project({Kind(frozenset(), ()): 1}, level(1), as_of, R16)

    assert months_left(as_of) == months
    assert found[0].year == first


def test_after_the_plans_end_there_is_no_forecast():
    assert project({Kind(frozenset(), ()): 1}, level(1), date(2035, 4, 1), R16) == ()


# --- How many places a month ---------------------------------------------------------------------


def test_a_mass_course_raises_the_average_and_leaves_the_slowest_months_as_they_were():
    by_day = {date(2025, 11, 23): 900, date(2026, 6, 1): 360, date(2026, 10, 23): 3}

    found = pace(date(2026, 11, 23), by_day)

    assert (found.whole, found.a_month) == (363, Spread(Fraction(0), Fraction(363, 12)))
    assert (found.first, found.last) == (date(2026, 6, 24), date(2026, 9, 23))


@quick
@given(
    by_day=st.dictionaries(st.dates(date(2025, 3, 1), date(2026, 3, 31)), st.integers(0, 40)),
    as_of=st.sampled_from([date(2026, 3, 31), date(2026, 2, 28), date(2024, 2, 29)]),
)
def test_the_slowest_three_months_are_never_above_the_average(by_day, as_of):
    ends = month_ends(as_of)

    found = pace(as_of, by_day)

    windows = [
        sum(places for day, places in by_day.items() if ends[at] < day <= ends[at + 3])
        for at in range(10)
    ]
    assert found.slowest == min(windows)
    assert found.slowest == sum(
        places for day, places in by_day.items() if found.first <= day <= found.last
    )
    assert found.whole == sum(places for day, places in by_day.items() if ends[0] < day <= as_of)
    assert found.a_month.low <= found.a_month.high


def test_the_low_end_takes_the_slow_places_and_the_high_end_the_average():
    kinds = {Kind(frozenset({"skill"}), ()): 100}
    slow = {"skill": Spread(Fraction(1), Fraction(4))}

    now, later = project(
        kinds, level(1, extra={"skill": Spread(Fraction(0), Fraction(4))}, seats=slow), AS_OF, R9
    )

    assert (now.low, now.high, later.low, later.high) == (0, 12, 12, 60)


# --- Who shows up -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (184, 200, Fraction(874, 1000), Fraction(951, 1000)),  # 0.8740 and 0.9502
        (0, 10, Fraction(0), Fraction(278, 1000)),  # 0.2775
        (10, 10, Fraction(722, 1000), Fraction(1)),
        (1, 2, Fraction(94, 1000), Fraction(906, 1000)),  # 0.0945 and 0.9055
    ],
)
def test_the_range_of_a_rate_is_wilsons(successes, trials, low, high):
    assert wilson(successes, trials) == (low, high)


def test_a_category_without_marks_takes_the_rate_of_all_and_without_any_nothing_is_known():
    own, other = show_up(("mind", "skill"), {"mind": (1, 3), "executive": (3, 3)}).values()
    (unknown,) = show_up(("mind",), {}).values()

    assert (own.rate, own.source) == (Fraction(1, 3), OWN)
    assert (other.attended, other.expected, other.source) == (4, 6, ALL)
    assert (unknown.low, unknown.high, unknown.source) == (0, 1, UNKNOWN)
