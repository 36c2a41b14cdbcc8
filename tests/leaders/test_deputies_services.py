"""Naming somebody in a head's place, and ending it."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry

from leaders.services.deputies import (
    AlreadyEndedError,
    AlreadyNamedError,
    DayPastError,
    NotNameableError,
    NotNamingError,
    end_deputy,
    name_deputy,
)
from staff.access import access_of
from staff.models import Duty, HeadDeputy
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    HeadRankFactory,
)
from tests.together import together

TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def name(member, by, starts_on=TODAY, ends_on=None):
    return name_deputy(staff=member, starts_on=starts_on, ends_on=ends_on, by=by, on=TODAY)


def test_a_head_names_one_of_their_people_who_then_nominates(head, section):
    deputy = account(placed(section))

    named = name(deputy.staff, head, ends_on=date(2026, 12, 31))

    assert (named.department, named.staff, named.named_by) == (section, deputy.staff, head)
    assert (named.starts_on, named.ends_on) == (TODAY, date(2026, 12, 31))
    assert access_of(deputy, TODAY).nominating == {section.pk}
    assert LogEntry.objects.get_for_object(named).count() == 1


def test_a_person_of_a_unit_under_it_stands_in_for_the_department(head, section):
    below = placed(DepartmentFactory(parent=section, gives_leader=False))

    assert name(below, head).department == section


@pytest.mark.django_db
def test_the_head_of_a_division_names_for_the_section_the_person_stands_in():
    division = DepartmentFactory(gives_leader=False)
    section = DepartmentFactory(parent=division)
    head = account(placed(division, rank=HeadRankFactory()))

    assert name(placed(section), head).department == section


@pytest.mark.parametrize("who", ["head", "hr", "admin", "staff"])
def test_nobody_names_in_a_department_they_do_not_head(request, other_section, who):
    with pytest.raises(NotNameableError, match="自分の部署の職員から選び直してください"):
        name(placed(other_section), request.getfixturevalue(who))

    assert not HeadDeputy.objects.exists()


@pytest.mark.parametrize("duty", [Duty.CHILDCARE, Duty.LEAVE, Duty.SECONDED])
def test_nobody_on_leave_is_named(head, section, duty):
    with pytest.raises(NotNameableError):
        name(placed(section, duty=duty), head)


def test_a_head_does_not_name_themself(head):
    with pytest.raises(NotNameableError):
        name(head.staff, head)


def test_nobody_is_named_for_days_gone_by(head, section):
    with pytest.raises(DayPastError, match="今日以後の日"):
        name(placed(section), head, starts_on=YESTERDAY)


def test_the_same_click_twice_names_once(head, section):
    member = placed(section)

    assert name(member, head) == name(member, head)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fits"),
    [
        (date(2026, 12, 10), None, False),
        (TODAY, date(2026, 12, 1), False),
        (TODAY, date(2026, 11, 30), True),
        (date(2026, 12, 11), None, True),
    ],
)
def test_namings_of_one_person_do_not_overlap(head, section, starts_on, ends_on, fits):
    member = placed(section)
    name(member, head, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 10))

    if fits:
        name(member, head, starts_on=starts_on, ends_on=ends_on)
    else:
        with pytest.raises(AlreadyNamedError, match="指名済みです"):
            name(member, head, starts_on=starts_on, ends_on=ends_on)

    assert HeadDeputy.objects.count() == 1 + fits


def test_it_ends_with_the_day_and_is_over_on_the_next(head, section):
    deputy = account(placed(section))
    named = HeadDeputyFactory(department=section, staff=deputy.staff)

    end_deputy(deputy=named, by=head, on=TODAY)

    assert access_of(deputy, TODAY).nominating
    assert not access_of(deputy, TOMORROW).nominating


def test_hr_ends_it_too(hr, section):
    named = HeadDeputyFactory(department=section, staff=placed(section))

    assert end_deputy(deputy=named, by=hr, on=TODAY).ends_on == TODAY


@pytest.mark.parametrize("who", ["admin", "staff", "manager"])
def test_others_end_nothing(request, section, who):
    named = HeadDeputyFactory(department=section, staff=placed(section))

    with pytest.raises(NotNamingError):
        end_deputy(deputy=named, by=request.getfixturevalue(who), on=TODAY)

    named.refresh_from_db()
    assert named.ends_on is None


def test_a_head_ends_nothing_of_another_department(head, other_section):
    named = HeadDeputyFactory(department=other_section, staff=placed(other_section))

    with pytest.raises(NotNamingError):
        end_deputy(deputy=named, by=head, on=TODAY)


@pytest.mark.parametrize("ends_on", [TODAY, YESTERDAY])
def test_what_has_ended_is_not_ended_again(head, section, ends_on):
    named = HeadDeputyFactory(department=section, staff=placed(section), ends_on=ends_on)

    with pytest.raises(AlreadyEndedError, match="すでに終わっています"):
        end_deputy(deputy=named, by=head, on=TODAY)

    named.refresh_from_db()
    assert named.ends_on == ends_on


def test_what_has_not_begun_is_gone_and_the_log_keeps_it(head, section):
    named = HeadDeputyFactory(department=section, staff=placed(section), starts_on=TOMORROW)
    key = named.pk

    end_deputy(deputy=named, by=head, on=TODAY)

    assert not HeadDeputy.objects.exists()
    assert LogEntry.objects.filter(object_id=key, action=LogEntry.Action.DELETE).exists()


def test_a_head_who_moved_away_names_and_ends_nothing(head, section, other_section):
    member = placed(section)
    named = HeadDeputyFactory(department=section, staff=placed(section))
    AssignmentFactory(staff=head.staff, department=other_section, starts_on=TODAY)

    with pytest.raises(NotNameableError):
        name(member, head)
    with pytest.raises(NotNamingError):
        end_deputy(deputy=named, by=head, on=TODAY)


@pytest.mark.django_db(transaction=True)
def test_two_heads_naming_one_person_at_once_name_once():
    section = DepartmentFactory()
    heads = [account(placed(section, rank=HeadRankFactory())) for _ in range(2)]
    member = placed(section)
    days = [date(2026, 12, 31), None]

    answers = together(
        [
            lambda head=head, day=day: name(member, head, ends_on=day)
            for head, day in zip(heads, days, strict=True)
        ]
    )

    assert sum(isinstance(answer, AlreadyNamedError) for answer in answers) == 1
    assert HeadDeputy.objects.count() == 1


def test_a_new_head_names_the_deputy_of_the_one_before_anew(head, section):
    deputy = account(placed(section))
    before = account(placed(section, rank=HeadRankFactory()))
    old = HeadDeputyFactory(department=section, staff=deputy.staff, named_by=before)
    AssignmentFactory(staff=before.staff, department=DepartmentFactory(), starts_on=TODAY)
    assert not access_of(deputy, TODAY).nominating

    name_deputy(staff=deputy.staff, starts_on=TODAY, ends_on=None, by=head, on=TODAY)

    old.refresh_from_db()
    assert old.ends_on == TODAY - timedelta(days=1)
    assert access_of(deputy, TODAY).nominating
