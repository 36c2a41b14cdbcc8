"""Designating somebody and ending it."""

from datetime import date

import pytest
from auditlog.models import LogEntry

from agano_dx.lib.errors import DomainError
from leaders.models import Route, SpecialistDesignation
from leaders.services.specialists import (
    AlreadyDesignatedError,
    AlreadyEndedError,
    NotInServiceError,
    OwnDesignationError,
    RouteClosedError,
    WrongDayError,
    designate,
    end_designation,
)
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    FrozenYearFactory,
    LeaderTermFactory,
    SpecialistDesignationFactory,
    UserFactory,
)
from tests.together import together


@pytest.fixture
def office(db):
    return DepartmentFactory(name="推進室", is_digital_office=True)


@pytest.fixture
def member(office):
    return placed(office)


@pytest.fixture
def clerk(db):
    return UserFactory()


def act(member, clerk, **changed):
    asked = {"route": Route.OFFICE, "starts_on": date(2026, 12, 1), "note": "決裁12号"}
    return designate(staff=member, by=clerk, today=TODAY, **asked | changed)


def end(designation, clerk, **changed):
    asked = {"ends_on": date(2027, 3, 31), "end_note": "異動のため。"}
    return end_designation(designation=designation, by=clerk, **asked | changed)


# --- designating --------------------------------------------------------------------------------


def test_a_candidate_becomes_a_specialist_and_the_log_names_who_did_it(member, clerk):
    made = act(member, clerk)

    assert (made.staff, made.route, made.starts_on) == (member, "office", date(2026, 12, 1))
    assert (made.ends_on, made.note) == (None, "決裁12号")
    assert LogEntry.objects.get_for_object(made).get().actor == clerk


def test_the_same_sent_twice_is_one_designation(member, clerk):
    assert act(member, clerk) == act(member, clerk)
    assert SpecialistDesignation.objects.count() == 1


def test_nobody_designates_themself(office):
    own = account(placed(office))

    with pytest.raises(OwnDesignationError, match="別の人事担当に頼んでください。"):
        act(own.staff, own)

    assert not SpecialistDesignation.objects.exists()


def test_the_office_is_a_route_only_for_who_is_there_by_the_day(db, clerk, office):
    member = AssignmentFactory().staff
    AssignmentFactory(staff=member, department=office, starts_on=date(2026, 12, 2))

    with pytest.raises(RouteClosedError, match="推進室に所属したことがありません。"):
        act(member, clerk)

    assert act(member, clerk, starts_on=date(2026, 12, 2)).pk


@pytest.mark.parametrize(
    ("ends_on", "completed"),
    [(None, False), (date(2026, 3, 31), False), (date(2026, 12, 2), True)],
)
def test_a_term_not_completed_by_the_day_is_no_route(db, clerk, ends_on, completed):
    member = AssignmentFactory().staff
    LeaderTermFactory(staff=member, ends_on=ends_on, completed=completed)

    with pytest.raises(RouteClosedError, match="修了した推進リーダーの任期がありません。"):
        act(member, clerk, route=Route.LEADER)

    assert not SpecialistDesignation.objects.exists()


def test_a_completed_term_is_a_route_from_its_last_day(db, clerk):
    term = LeaderTermFactory(
        staff=AssignmentFactory().staff, ends_on=date(2026, 12, 1), completed=True
    )

    assert act(term.staff, clerk, route=Route.LEADER).route == "leader"


@pytest.mark.parametrize("starts_on", [date(2027, 4, 1), date(2009, 4, 1)])
def test_only_somebody_in_service_on_the_day_is_designated(office, clerk, starts_on):
    member = placed(office, starts_on=date(2009, 1, 1), staff__left_on=date(2027, 3, 31))

    with pytest.raises(NotInServiceError, match="登用日を確かめてください。"):
        act(member, clerk, starts_on=starts_on)


def test_a_designation_does_not_begin_in_a_year_whose_figures_are_final(member, clerk):
    FrozenYearFactory(fiscal_year=2025)

    with pytest.raises(WrongDayError, match="令和7年度の数値は確定済み"):
        act(member, clerk, starts_on=date(2026, 3, 31))


def test_a_day_more_than_a_year_ahead_is_a_slip(member, clerk):
    with pytest.raises(WrongDayError, match="1年以内の日を入力してください。"):
        act(member, clerk, starts_on=date(2036, 12, 1))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "overlaps"),
    [
        (date(2025, 4, 1), None, True),
        (date(2025, 4, 1), date(2026, 12, 1), True),
        (date(2025, 4, 1), date(2026, 11, 30), False),
        (date(2027, 4, 1), None, True),
        (date(2027, 4, 1), date(2028, 3, 31), True),
    ],
)
def test_a_designation_overlaps_no_other(member, clerk, starts_on, ends_on, overlaps):
    SpecialistDesignationFactory(staff=member, starts_on=starts_on, ends_on=ends_on)

    if overlaps:
        with pytest.raises(AlreadyDesignatedError, match="登用されています。"):
            act(member, clerk)
    else:
        act(member, clerk)

    assert SpecialistDesignation.objects.count() == (1 if overlaps else 2)


# --- ending -------------------------------------------------------------------------------------


def test_a_designation_ends_with_its_last_day_and_why(member, clerk):
    designation = SpecialistDesignationFactory(staff=member)

    end(designation, clerk)

    designation.refresh_from_db()
    assert (designation.ends_on, designation.end_note) == (date(2027, 3, 31), "異動のため。")
    assert LogEntry.objects.get_for_object(designation).first().actor == clerk


def test_ending_the_same_twice_is_one_entry(member, clerk):
    designation = SpecialistDesignationFactory(staff=member)
    end(designation, clerk)
    entries = LogEntry.objects.count()

    end(designation, clerk)

    assert LogEntry.objects.count() == entries


def test_an_end_is_not_overwritten_by_another_one(member, clerk):
    designation = SpecialistDesignationFactory(staff=member)
    end(designation, clerk)

    with pytest.raises(AlreadyEndedError, match="令和9年3月31日で終了"):
        end(designation, clerk, ends_on=date(2027, 6, 30))

    designation.refresh_from_db()
    assert designation.ends_on == date(2027, 3, 31)


def test_a_designation_does_not_end_before_it_begins(member, clerk):
    designation = SpecialistDesignationFactory(staff=member, starts_on=date(2026, 4, 1))

    with pytest.raises(WrongDayError, match="登用日（令和8年4月1日）以後"):
        end(designation, clerk, ends_on=date(2026, 3, 31))

    assert end(designation, clerk, ends_on=date(2026, 4, 1)).ends_on == date(2026, 4, 1)


def test_nobody_ends_their_own_designation(office):
    own = account(placed(office))
    designation = SpecialistDesignationFactory(staff=own.staff)

    with pytest.raises(OwnDesignationError):
        end(designation, own)

    designation.refresh_from_db()
    assert designation.ends_on is None


# --- two at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_designate_differently_make_one_designation_and_one_is_told():
    member = placed(DepartmentFactory(is_digital_office=True))
    clerks = [UserFactory(), UserFactory()]

    answers = together(
        [
            lambda clerk=clerk, day=day: act(member, clerk, starts_on=date(2026, 12, day))
            for day, clerk in enumerate(clerks, start=1)
        ]
    )

    assert SpecialistDesignation.objects.count() == 1
    assert sorted(isinstance(one, DomainError) for one in answers) == [False, True]
    assert [type(one) for one in answers if isinstance(one, Exception)] == [AlreadyDesignatedError]


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_twice_at_once_makes_one_designation():
    member, clerk = placed(DepartmentFactory(is_digital_office=True)), UserFactory()

    first, second = together([lambda: act(member, clerk)] * 2)

    assert first == second == SpecialistDesignation.objects.get()


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_who_end_a_designation_one_is_told():
    designation = SpecialistDesignationFactory(staff=AssignmentFactory().staff)
    days = (date(2027, 3, 31), date(2027, 6, 30))

    answers = together(
        [lambda day=day: end(designation, UserFactory(), ends_on=day) for day in days]
    )

    told = [type(one) for one in answers if isinstance(one, Exception)]
    assert told == [AlreadyEndedError]
    designation.refresh_from_db()
    assert designation.ends_on in days
