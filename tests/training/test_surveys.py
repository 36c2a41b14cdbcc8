"""Surveys: who may answer when, what the figures say, and that they give no small group away."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    OfferingFactory,
    SurveyAnswerFactory,
)
from training import surveys
from training.models import AttendanceStatus, Mode
from training.surveys import Answered, Release, release

LONG_OVER = date(2026, 6, 1)
JUST_OVER = date(2026, 11, 20)


def answered(offering, count, **values):
    """So many answers of people who attended."""
    return [
        SurveyAnswerFactory(attendance=CompletionFactory(offering=offering), **values)
        for _ in range(count)
    ]


# --- who may answer -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "asked"),
    [
        *[(AttendanceStatus(status), True) for status in ("present", "late", "left_early")],
        *[(AttendanceStatus(status), False) for status in ("absent", "excused", "booked")],
        (AttendanceStatus.CANCELLED, False),
    ],
)
def test_those_who_attended_are_asked_and_nobody_else(status, asked):
    completed_on = JUST_OVER if status in ("present", "late") else None
    place = AttendanceFactory(
        offering__starts_on=JUST_OVER, status=status, completed_on=completed_on
    )

    assert surveys.may_answer(place, TODAY) == asked


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
        (date(2026, 10, 31), True),
        (date(2026, 11, 1), False),
    ],
)
def test_a_survey_is_open_from_the_last_day_for_sixty_days(on, is_open):
    place = CompletionFactory(
        offering__starts_on=date(2026, 8, 30), offering__ends_on=date(2026, 9, 1)
    )

    assert surveys.may_answer(place, on) == is_open


@pytest.mark.django_db
def test_in_a_period_a_survey_opens_with_ones_own_completion():
    offering = OfferingFactory(
        starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31), mode=Mode.ON_DEMAND
    )
    done = CompletionFactory(offering=offering, completed_on=TODAY)
    broken_off = AttendanceFactory(offering=offering, status=AttendanceStatus.LEFT_EARLY)

    assert surveys.may_answer(done, TODAY)
    assert not surveys.may_answer(done, TODAY - timedelta(days=1))
    assert surveys.closes_on(done) == date(2027, 1, 22)
    assert not surveys.may_answer(broken_off, TODAY)


# --- what is shown ------------------------------------------------------------------------------


def test_five_answers_are_shown_and_four_are_not():
    found = release([Answered(1, 5, TODAY), Answered(2, 4, TODAY)], TODAY)

    assert found == Release(frozenset({1}), frozenset())


def test_small_offerings_come_in_together_once_they_are_closed_and_have_five():
    closed = [Answered(1, 3, date(2026, 10, 1)), Answered(2, 2, date(2026, 11, 22))]
    still_open = Answered(3, 4, TODAY)

    assert release([closed[0], still_open], TODAY).pooled == frozenset()
    assert release([*closed, still_open], TODAY).pooled == {1, 2}


def test_what_is_left_of_a_group_waits_for_the_next():
    closed = [Answered(n, 3, date(2026, 10, n)) for n in (1, 2, 3)]

    assert release(closed, TODAY).pooled == {1, 2}
    assert release([*closed, Answered(4, 2, date(2026, 10, 4))], TODAY).pooled == {1, 2, 3, 4}


# A history: for each offering the day its survey closes, and the days on which somebody answers.
DAYS = 12
one_offering = st.integers(0, DAYS - 1).flatmap(
    lambda closes: st.tuples(st.just(closes), st.lists(st.integers(0, closes), max_size=8))
)
histories = st.lists(one_offering, min_size=1, max_size=5)


def published(history, figures):
    """Every figure ever shown, each as the set of answers it adds up."""
    found = []
    for day in range(DAYS + 1):
        on = date(2026, 1, 1) + timedelta(days=day)
        so_far = {
            number: [(number, i) for i, answer in enumerate(days) if answer <= day]
            for number, (_, days) in enumerate(history)
        }
        offerings = [
            Answered(number, len(so_far[number]), date(2026, 1, 1) + timedelta(days=closes))
            for number, (closes, _) in enumerate(history)
        ]
        found += figures(offerings, so_far, on)
    return found, so_far


def by_our_rule(offerings, so_far, on):
    may_show = release(offerings, on)
    whole = [one for number in may_show.shown | may_show.pooled for one in so_far[number]]
    return [whole, *(so_far[number] for number in may_show.shown)]


def by_no_rule(offerings, so_far, on):
    """What a careless page would show: the total of everything, and offerings of five."""
    whole = [one for answers in so_far.values() for one in answers]
    return [whole, *(so_far[one.offering_id] for one in offerings if one.answers >= 5)]


def rank(rows):
    """How many of these rows no others add up to; by elimination, in exact fractions."""
    rows = [[Fraction(cell) for cell in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][column] / rows[found][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def given_away(history, figures):
    """The offerings still hidden on the last day of which sums and differences tell something."""
    shown, answers = published(history, figures)
    columns = [one for group in answers.values() for one in group]
    hidden = [number for number, group in answers.items() if 0 < len(group) < 5]
    found = []
    for number in hidden:
        others = [one for one in columns if one[0] != number]
        whole = [[int(one in set(sums)) for one in columns] for sums in shown]
        without = [[int(one in set(sums)) for one in others] for sums in shown]
        if rank(whole) > rank(without):
            found.append(number)
    return found


@settings(max_examples=150, deadline=None)
@given(histories)
def test_no_sum_or_difference_of_figures_of_any_days_tells_of_a_hidden_offering(history):
    assert given_away(history, by_our_rule) == []


def test_the_proof_would_notice_a_hidden_offering():
    history = [(11, [0] * 6), (11, [1, 1])]

    assert given_away(history, by_no_rule) == [1]


@settings(max_examples=150, deadline=None)
@given(histories)
def test_every_figure_shown_adds_up_at_least_five_answers(history):
    shown, _ = published(history, by_our_rule)

    assert all(len(sums) >= surveys.FEWEST for sums in shown if sums)


# --- figures ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_offerings_figures_tell_each_step_and_the_mean():
    offering = OfferingFactory(starts_on=JUST_OVER)
    answered(offering, 4, understanding=5, usefulness=4, satisfaction=1)
    answered(offering, 2, understanding=2, usefulness=4, satisfaction=1)
    CompletionFactory(offering=offering)
    AttendanceFactory(offering=offering, status=AttendanceStatus.ABSENT)

    totals = surveys.of_offering(offering)

    assert (totals.answers, totals.attended, totals.rate) == (6, 7, Decimal("85.7"))
    assert [[one.count for one in question.steps] for question in totals.questions] == [
        [4, 0, 0, 2, 0],
        [0, 6, 0, 0, 0],
        [0, 0, 0, 0, 6],
    ]
    assert [question.mean for question in totals.questions] == [4, 4, 1]


@pytest.mark.django_db
def test_a_mean_is_rounded_half_up():
    offering = OfferingFactory(starts_on=JUST_OVER)
    answered(offering, 7, satisfaction=4)
    answered(offering, 1, satisfaction=5)

    assert surveys.of_offering(offering).questions[2].mean == Decimal("4.13")


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "shown"), [(4, False), (5, True)])
def test_four_answers_are_counted_but_not_broken_down(count, shown):
    offering = OfferingFactory(starts_on=JUST_OVER)
    answered(offering, count)

    totals = surveys.of_offering(offering)

    assert totals.answers == count
    assert bool(totals.questions) == shown


@pytest.mark.django_db
def test_the_course_holds_the_large_offerings_only_while_the_small_one_is_open():
    course = CourseFactory()
    answered(OfferingFactory(course=course, starts_on=LONG_OVER), 6, satisfaction=5)
    answered(OfferingFactory(course=course, starts_on=JUST_OVER), 3, satisfaction=1)

    [found] = surveys.of_courses([course], TODAY)

    assert (found.totals.answers, found.totals.counted, found.totals.left_out) == (9, 6, 3)
    assert found.totals.questions[2].mean == 5
    assert [bool(one.totals.questions) for one in found.offerings] == [False, True]


@pytest.mark.django_db
def test_small_offerings_that_are_over_come_into_the_course_together():
    course = CourseFactory()
    answered(OfferingFactory(course=course, starts_on=LONG_OVER), 3, satisfaction=5)
    answered(OfferingFactory(course=course, starts_on=LONG_OVER), 2, satisfaction=3)

    [found] = surveys.of_courses([course], TODAY)

    assert (found.totals.counted, found.totals.questions[2].mean) == (5, Decimal("4.20"))
    assert [(one.is_pooled, one.totals.questions) for one in found.offerings] == [(True, ())] * 2


@pytest.mark.django_db
def test_who_answered_stays_among_those_asked_when_the_mark_is_changed():
    offering = OfferingFactory(starts_on=JUST_OVER)
    [one] = answered(offering, 1)
    type(one.attendance).objects.update(status=AttendanceStatus.ABSENT, completed_on=None)

    totals = surveys.of_offering(offering)

    assert (totals.answers, totals.attended) == (1, 1)


@pytest.mark.django_db
def test_an_offering_nobody_attended_has_no_rate():
    totals = surveys.of_offering(OfferingFactory())

    assert (totals.answers, totals.rate) == (0, None)


@pytest.mark.django_db
def test_comments_come_in_an_order_that_says_nothing_of_the_writers():
    offering = OfferingFactory(starts_on=JUST_OVER)
    for comment in ("ろ", "は", "", "い"):
        answered(offering, 1, comment=comment)

    assert surveys.comments([offering.pk]) == ["い", "は", "ろ"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 11])
def test_figures_take_two_queries_whatever_their_number(django_assert_num_queries, count):
    courses = CourseFactory.create_batch(count)
    for course in courses:
        answered(OfferingFactory(course=course), 1)

    with django_assert_num_queries(2):
        surveys.of_courses(courses, TODAY)
