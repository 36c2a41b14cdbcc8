"""Whom a head has named: what that opens, and until when."""

from datetime import date, timedelta

import pytest

from staff.access import access_of
from staff.models import Duty
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    HeadRankFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def deputy(section):
    """A person of the section, named by its head."""
    member = placed(section)
    HeadDeputyFactory(department=section, staff=member)
    return UserFactory(staff=member)


def test_a_deputy_nominates_for_the_department_and_the_units_under_it(deputy, section):
    under = DepartmentFactory(parent=section, gives_leader=False)

    access = access_of(deputy, TODAY)

    assert access.nominating == {section.pk, under.pk}
    assert not access.headed
    assert not access.sees_lists


def test_a_deputy_who_stands_elsewhere_enters_nothing_any_more(deputy, other_section):
    AssignmentFactory(staff=deputy.staff, department=other_section, starts_on=TODAY)

    before = access_of(deputy, TODAY - timedelta(days=1))

    assert before.nominating
    assert not access_of(deputy, TODAY).nominating


@pytest.mark.parametrize(("ends_on", "holds"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
def test_being_named_ends_with_its_last_day(section, ends_on, holds):
    member = placed(section)
    HeadDeputyFactory(department=section, staff=member, ends_on=ends_on)

    access = access_of(UserFactory(staff=member), TODAY)

    assert bool(access.nominating) is holds


def test_being_named_begins_with_its_first_day(section):
    member = placed(section)
    HeadDeputyFactory(department=section, staff=member, starts_on=date(2026, 12, 1))

    user = UserFactory(staff=member)

    assert not access_of(user, date(2026, 11, 30)).nominating
    assert access_of(user, date(2026, 12, 1)).nominating


def test_a_deputy_of_a_renamed_department_goes_on_under_the_new_name(deputy, section):
    renamed = DepartmentFactory(opens_on=TODAY)
    section.closes_on, section.successor = TODAY - timedelta(days=1), renamed
    section.save()
    AssignmentFactory(staff=deputy.staff, department=renamed, starts_on=TODAY)

    assert access_of(deputy, TODAY).nominating == {section.pk, renamed.pk}


def named_by_the_head_of(department):
    """A deputy of the department, and the head who named them."""
    head = UserFactory(staff=placed(department, rank=HeadRankFactory()))
    member = placed(department)
    HeadDeputyFactory(department=department, staff=member, named_by=head)
    return UserFactory(staff=member), head.staff


def test_a_deputy_enters_nothing_once_whoever_named_them_heads_another_department(
    section, other_section
):
    deputy, head = named_by_the_head_of(section)
    AssignmentFactory(staff=head, department=other_section, rank=HeadRankFactory(), starts_on=TODAY)

    assert access_of(deputy, TODAY - timedelta(days=1)).nominating
    assert not access_of(deputy, TODAY).nominating


def test_a_deputy_enters_nothing_once_whoever_named_them_has_left(section):
    deputy, head = named_by_the_head_of(section)
    head.left_on = TODAY - timedelta(days=1)
    head.save()

    assert not access_of(deputy, TODAY).nominating


def test_a_head_on_leave_still_has_their_deputy(section):
    deputy, head = named_by_the_head_of(section)
    AssignmentFactory(
        staff=head, department=section, rank=HeadRankFactory(), starts_on=TODAY, duty=Duty.LEAVE
    )

    assert access_of(deputy, TODAY).nominating


def test_a_deputy_on_leave_enters_nothing(section):
    deputy, _ = named_by_the_head_of(section)
    AssignmentFactory(staff=deputy.staff, department=section, starts_on=TODAY, duty=Duty.LEAVE)

    assert not access_of(deputy, TODAY).nominating
