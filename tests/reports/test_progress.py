"""The plan's figures, held against a slow reading of their definitions."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.documents import progress_document
from reports.models import Target
from reports.progress import Counts, needed_people, progress
from staff.models import Assignment, Duty, Employment, StaffMember
from tests import worlds
from tests.conftest import TODAY
from tests.factories import (
    LONG_AGO,
    AssignmentFactory,
    CohortFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    OfferingFactory,
    RankFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
    TargetFactory,
)
from tests.reports.cities import SlowCity, as_told, make_targets, scope_of
from training.models import DEFAULT_RULE, Attendance, Category, Counting

pytestmark = pytest.mark.django_db

REQUIRED = (Category.MIND, Category.KNOWLEDGE, Category.SKILL)
quietly = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
heads = st.one_of(st.none(), st.frozensets(st.integers(0, 5), min_size=1, max_size=2))


def make_capable(member, on=date(2026, 6, 1)):
    for category in REQUIRED:
        offering = OfferingFactory(starts_on=on, course__category=category)
        CompletionFactory(staff=member, offering=offering)


def city_of(capable, population):
    """So many people, so many of them capable, in one section."""
    section, rank = DepartmentFactory(), RankFactory()
    members = StaffMember.objects.bulk_create(StaffMemberFactory.build_batch(population))
    Assignment.objects.bulk_create(
        Assignment(staff=member, starts_on=LONG_AGO, department=section, rank=rank)
        for member in members
    )
    offerings = [OfferingFactory(course__category=category) for category in REQUIRED]
    Attendance.objects.bulk_create(
        CompletionFactory.build(staff=member, offering=offering, category=offering.course.category)
        for member in members[:capable]
        for offering in offerings
    )
    return section


def whole(on=TODAY, rule=DEFAULT_RULE, scope=None):
    return progress(on, rule, scope)


# --- against the slow reading -------------------------------------------------------------------


@pytest.fixture
def ground():
    make_targets()
    return worlds.make_ground()


@quietly
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules, heads=heads)
def test_every_figure_is_what_a_slow_reading_of_its_definition_finds(
    ground, people, on, rule, heads
):
    with transaction.atomic():
        worlds.put_down(ground, people)

        told = as_told(ground, progress(on, rule, scope_of(ground, heads)))

        transaction.set_rollback(True)
    assert told == SlowCity(people, on, rule, heads).figures()


def up_to(one, on):
    """What was known of the person at the end of the day."""

    def past(day):
        return day if day is not None and day <= on else None

    return worlds.Person(
        hired_on=one.hired_on,
        left_on=past(one.left_on),
        places=tuple(place for place in one.places if place.starts_on <= on),
        marks=tuple(mark for mark in one.marks if mark.on <= on),
        terms=tuple(
            worlds.Term(
                term.cohort,
                term.unit,
                term.starts_on,
                past(term.ends_on),
                term.completed and past(term.ends_on) is not None,
            )
            for term in one.terms
            if term.starts_on <= on
        ),
        designations=tuple(
            (start, end) for start, end in one.designations if end is not None and end <= on
        )
        + tuple(
            (start, None)
            for start, end in one.designations
            if start <= on and (end is None or end > on)
        )[:1],
    )


@quietly
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules)
def test_what_happens_later_changes_no_figure_of_a_past_day(ground, people, on, rule):
    known = [up_to(one, on) for one in people]

    answers = []
    for city in (known, people):
        with transaction.atomic():
            worlds.put_down(ground, city)
            answers.append(progress(on, rule, None))
            transaction.set_rollback(True)

    assert answers[0] == answers[1]


# --- the borders, one by one --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("capable", "population", "met"),
    [(1, 3, True), (100, 300, True), (99, 300, False), (33, 100, False), (34, 100, True)],
)
def test_a_third_is_counted_exactly(capable, population, met):
    TargetFactory(fiscal_year=2026, numerator=1, denominator=3)
    city_of(capable, population)

    (target,) = whole(date(2027, 3, 31)).targets

    assert target.is_reached == met
    assert target.status == ("met" if met else "missed")


@pytest.mark.parametrize(
    ("fraction", "population", "needed"),
    [
        ("1/3", 0, 0),
        ("1/3", 1, 1),
        ("1/3", 3, 1),
        ("1/3", 4, 2),
        ("1/3", 428, 143),
        ("1/2", 429, 215),
        ("4/5", 430, 344),
    ],
)
def test_needed_heads_are_rounded_up(fraction, population, needed):
    assert needed_people(Fraction(fraction), population) == needed


@pytest.mark.parametrize("capable", [0, 1])
def test_before_its_day_a_target_is_not_due_however_far_or_near(capable):
    TargetFactory(fiscal_year=2026, numerator=1, denominator=3)
    city_of(capable, 1)

    (target,) = whole(date(2027, 3, 30)).targets

    assert target.status == "not_due"


def test_an_empty_city_has_a_share_of_nothing():
    TargetFactory()

    figures = whole()

    assert figures.total == Counts()
    assert figures.total.share == 0
    assert figures.units == ()
    assert figures.targets[0].needed == 0


@pytest.mark.parametrize(
    ("person", "population", "excluded"),
    [
        ({"staff__hired_on": TODAY}, 1, (0, 0)),
        ({"staff__hired_on": date(2026, 11, 24)}, 0, (0, 0)),
        ({"staff__left_on": TODAY}, 1, (0, 0)),
        ({"staff__left_on": date(2026, 11, 22)}, 0, (0, 0)),
        ({"starts_on": date(2026, 11, 24)}, 0, (0, 0)),
        ({"duty": Duty.LEAVE}, 0, (0, 1)),
        ({"employment": Employment.TEMPORARY}, 0, (1, 0)),
        ({"employment": Employment.SPECIAL_POST, "duty": Duty.LEAVE}, 0, (1, 0)),
        ({"employment": Employment.REAPPOINTED_SHORT}, 1, (0, 0)),
    ],
)
def test_who_belongs_to_the_population(person, population, excluded):
    AssignmentFactory(**person)

    figures = whole()

    assert figures.total.population == population
    assert (figures.excluded.employment, figures.excluded.duty) == excluded


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("present", 1),
        ("late", 1),
        ("left_early", 0),
        ("absent", 0),
        ("excused", 0),
        ("booked", 0),
        ("waiting", 0),
        ("cancelled", 0),
    ],
)
def test_only_presence_and_lateness_count(status, counts):
    place = AssignmentFactory()
    on = date(2026, 6, 1) if counts else None
    CompletionFactory(staff=place.staff, status=status, completed_on=on)

    assert whole().total.mind == counts


@pytest.mark.parametrize(
    ("day", "capable"), [(date(2026, 3, 30), 0), (date(2026, 3, 31), 1), (date(2026, 4, 1), 1)]
)
def test_a_completion_counts_from_its_own_day_on(day, capable):
    make_capable(AssignmentFactory().staff, on=date(2026, 3, 31))

    assert whole(day).total.capable == capable


def test_two_completions_of_a_category_count_once():
    place = AssignmentFactory()
    CompletionFactory.create_batch(2, staff=place.staff)

    assert whole().total.mind == 1


@pytest.mark.parametrize(
    ("on", "capable"),
    [(date(2026, 6, 1), 1), (date(2028, 5, 31), 1), (date(2028, 6, 1), 0)],
)
def test_a_completion_counts_for_the_years_the_rule_gives_it(on, capable):
    make_capable(AssignmentFactory().staff)
    rule = Counting(
        DEFAULT_RULE.counted_employments, DEFAULT_RULE.excluded_duties, REQUIRED, validity_years=2
    )

    assert whole(on, rule).total.capable == capable


@pytest.mark.parametrize(
    ("attended", "as_of", "done"),
    [
        (date(2026, 3, 31), date(2026, 3, 31), 1),
        (date(2026, 3, 31), date(2026, 4, 1), 0),
        (date(2026, 4, 1), date(2026, 4, 1), 1),
        (date(2026, 4, 2), date(2026, 4, 1), 0),
    ],
)
def test_executives_owe_their_course_anew_each_fiscal_year(attended, as_of, done):
    place = AssignmentFactory(rank=HeadRankFactory())
    offering = OfferingFactory(starts_on=attended, course__category=Category.EXECUTIVE)
    CompletionFactory(staff=place.staff, offering=offering)

    figures = whole(as_of)

    assert figures.executives.population == 1
    assert figures.executives.completed_this_year == done


def test_people_are_counted_where_they_stand_that_day():
    old = AssignmentFactory()
    new = AssignmentFactory(staff=old.staff, starts_on=TODAY)

    before, after = whole(date(2026, 11, 22)), whole()

    assert [unit.unit for unit in before.units] == [old.department]
    assert [unit.unit for unit in after.units] == [new.department]


def test_an_office_is_counted_under_the_section_that_gives_a_leader():
    section = DepartmentFactory()
    office = DepartmentFactory(parent=section, gives_leader=False)
    AssignmentFactory(department=section)
    AssignmentFactory(department=office)

    (unit,) = whole().units

    assert (unit.unit, unit.counts.population) == (section, 2)


def test_whom_the_head_of_an_office_sees_is_told_under_the_office_s_own_name():
    section = DepartmentFactory()
    office = DepartmentFactory(parent=section, gives_leader=False)
    below = DepartmentFactory(parent=office, gives_leader=False)
    AssignmentFactory(department=section)
    AssignmentFactory(department=office)
    AssignmentFactory(department=below)

    (unit,) = whole(scope=frozenset([office.pk, below.pk])).units

    assert (unit.unit, unit.counts.population) == (office, 2)


def test_a_second_term_counts_again_and_the_person_once():
    first = LeaderTermFactory(ends_on=date(2026, 3, 31), completed=True)
    LeaderTermFactory(
        staff=first.staff,
        cohort=CohortFactory(number=2, first_year=2027, last_year=2028),
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 9, 30),
        completed=True,
    )
    LeaderTermFactory(ends_on=date(2026, 9, 30), completed=False)

    leaders = whole().leaders

    assert (leaders.completed_person_terms, leaders.people, leaders.sitting) == (2, 1, 0)


def test_a_scope_hides_the_other_units_in_every_figure():
    section = DepartmentFactory()
    for department in (section, DepartmentFactory()):
        place = AssignmentFactory(department=department, rank=HeadRankFactory())
        make_capable(place.staff)
        AssignmentFactory(department=department, duty=Duty.LEAVE)
        AssignmentFactory(department=department, employment=Employment.TEMPORARY)
        LeaderTermFactory(staff=place.staff, department=department)
        LeaderTermFactory(department=department, ends_on=date(2026, 3, 31), completed=True)
        SpecialistDesignationFactory(staff=place.staff)

    figures = whole(scope=frozenset([section.pk]))

    assert figures.total == Counts(1, 1, 1, 1, 1)
    assert [unit.unit for unit in figures.units] == [section]
    assert (figures.excluded.employment, figures.excluded.duty) == (1, 1)
    assert figures.executives.population == 1
    leaders = figures.leaders
    assert (leaders.sitting, leaders.completed_person_terms, leaders.people) == (1, 1, 1)
    assert (leaders.covered, leaders.without) == ((section,), ())
    assert sum(band.count for band in figures.specialists) == 1


def test_an_empty_scope_sees_nothing():
    place = AssignmentFactory()
    LeaderTermFactory(staff=place.staff, department=place.department)
    SpecialistDesignationFactory(staff=place.staff)

    figures = whole(scope=frozenset())

    assert figures.total == Counts()
    assert figures.leaders.sitting == 0
    assert (figures.leaders.covered, figures.leaders.without) == ((), ())
    assert sum(band.count for band in figures.specialists) == 0


# --- queries ------------------------------------------------------------------------------------


def fill(departments, people):
    units = DepartmentFactory.create_batch(departments)
    for number in range(people):
        place = AssignmentFactory(department=units[number % departments])
        CompletionFactory(staff=place.staff)
        if number % 5 == 0:
            LeaderTermFactory(staff=place.staff, department=place.department)
            SpecialistDesignationFactory(staff=place.staff)


def test_the_queries_stay_the_same_for_more_people_departments_and_years(
    django_assert_num_queries, django_assert_max_num_queries
):
    make_targets()
    CohortFactory(number=5, first_year=2033, last_year=2034)
    fill(departments=3, people=10)
    with django_assert_max_num_queries(12) as counted:
        whole(date(2025, 9, 30))
    fill(departments=27, people=190)

    with django_assert_num_queries(len(counted)):
        many = whole()
    with django_assert_num_queries(len(counted)):
        late = whole(date(2035, 3, 31))

    assert many.total.population == late.total.population == 200
    assert len(many.units) == 30


# --- the document -------------------------------------------------------------------------------


def test_the_document_keeps_the_share_as_it_was_counted():
    TargetFactory(fiscal_year=2026, numerator=1, denominator=3)
    section = city_of(2, 4)

    document = progress_document(whole())

    assert document["share"] == "2/4"
    assert document["as_of"] == "2026-11-23"
    assert document["targets"] == [
        {
            "fiscal_year": "R8",
            "due": "2027-03-31",
            "fraction": "1/3",
            "needed": 2,
            "status": "not_due",
        }
    ]
    assert document["departments"] == {
        section.code: {"population": 4, "capable": 2, "mind": 2, "knowledge": 2, "skill": 2}
    }
    assert document["leaders"]["departments_without"] == [section.code]


def test_targets_come_in_the_order_of_their_years():
    for year in (2034, 2025, 2027):
        TargetFactory(fiscal_year=year)

    assert [target.fiscal_year.year for target in whole().targets] == [2025, 2027, 2034]
    assert Target.objects.count() == 3
