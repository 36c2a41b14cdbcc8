"""How many still owe the rows of the plan: always as many as stand on the lists."""

from datetime import date

import pytest
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    OfferingFactory,
    ProgrammeFactory,
)
from training.models import (
    COMPLETING,
    DEFAULT_RULE,
    AttendanceStatus,
    Audience,
    Category,
    Frequency,
)
from training.outstanding import Scope, roll
from training.outstanding.counts import owing_counts

pytestmark = pytest.mark.django_db

LAST_YEAR = date(2025, 6, 1)


def test_the_counts_are_those_of_the_lists_whatever_was_noted(section, other_section):
    once = ProgrammeFactory()
    yearly = ProgrammeFactory(frequency=Frequency.YEARLY)
    for status in AttendanceStatus:
        for starts_on in (LAST_YEAR, date(2026, 6, 1), date(2026, 12, 3)):
            completes = status in COMPLETING
            AttendanceFactory(
                staff=placed(section),
                status=status,
                offering__starts_on=starts_on,
                completed_on=starts_on if completes else None,
            )
    called_off = OfferingFactory(cancelled_at=timezone.now())
    AttendanceFactory(staff=placed(section), status="excused", offering=called_off)
    placed(other_section)
    units = frozenset([section.pk])

    counts = owing_counts(TODAY, DEFAULT_RULE, units)

    listed = {row: roll(row, TODAY, DEFAULT_RULE, Scope(units)).owing for row in (once, yearly)}
    assert dict(counts.rows) == {row: len(people) for row, people in listed.items()}
    assert counts.people == len(
        {one.place.staff_id for people in listed.values() for one in people}
    )
    assert 0 < dict(counts.rows)[once] < dict(counts.rows)[yearly]


def test_whoever_owes_two_rows_is_one_person(section):
    ProgrammeFactory()
    ProgrammeFactory(category=Category.SKILL)
    placed(section)

    counts = owing_counts(TODAY, DEFAULT_RULE, None)

    assert (counts.people, [people for _, people in counts.rows]) == (1, [1, 1])


def test_rows_of_other_years_rows_of_leaders_and_fulfilled_rows_are_not_counted(section):
    ProgrammeFactory(first_year=FiscalYear(2027))
    ProgrammeFactory(last_year=FiscalYear(2025))
    ProgrammeFactory(audience=Audience.LEADERS)
    fulfilled = ProgrammeFactory(category=Category.SKILL)
    CompletionFactory(staff=placed(section), offering__course__category=fulfilled.category)

    counts = owing_counts(TODAY, DEFAULT_RULE, None)

    assert (counts.people, counts.rows) == (0, [])


def test_the_counts_take_two_queries_however_many_rows_and_people(
    section, django_assert_num_queries
):
    for category in Category:
        ProgrammeFactory(category=category)
    for _ in range(5):
        placed(section)

    with django_assert_num_queries(2):
        counts = owing_counts(TODAY, DEFAULT_RULE, frozenset([section.pk]))

    assert counts.people == 5
