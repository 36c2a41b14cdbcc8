"""Departments, people, places and imports: what cannot be written, and what questions answer."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staff.access import Access
from staff.models import (
    Assignment,
    ChangeKind,
    ConcurrentPost,
    Decision,
    Department,
    Duty,
    Employment,
    ImportStatus,
    RosterChange,
    StaffMember,
)
from tests import constraints
from tests.factories import (
    AssignmentFactory,
    ColumnMappingFactory,
    ConcurrentPostFactory,
    DepartmentAliasFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    RankAliasFactory,
    RankFactory,
    RosterChangeFactory,
    RosterFileFactory,
    RosterImportFactory,
    RosterUndoFactory,
    StaffMemberFactory,
    UserFactory,
)
from training.models import DEFAULT_RULE, Counting

pytestmark = pytest.mark.django_db

APRIL_FIRST = date(2026, 4, 1)


# --- What may never be --------------------------------------------------------------------------


def _own(factory, relation):
    """A row that names itself."""
    return factory.build(pk=77, **{f"{relation}_id": 77})


def _again(factory, **values):
    """A row like one that is there, as far as these values go."""
    factory(**values)
    return factory.build(**values)


def _place(**values) -> Assignment:
    return AssignmentFactory.build(
        staff=StaffMemberFactory(), department=DepartmentFactory(), rank=RankFactory(), **values
    )


def _second_place_of_the_day() -> Assignment:
    place = AssignmentFactory()
    return AssignmentFactory.build(
        staff=place.staff, department=DepartmentFactory(), rank=place.rank
    )


def _second_post_of_the_day() -> ConcurrentPost:
    post = ConcurrentPostFactory()
    return ConcurrentPostFactory.build(
        staff=post.staff, department=post.department, rank=RankFactory()
    )


def _post_that_ends_before_it_starts() -> ConcurrentPost:
    return ConcurrentPostFactory.build(
        staff=StaffMemberFactory(),
        department=DepartmentFactory(),
        rank=RankFactory(),
        starts_on=APRIL_FIRST,
        ends_on=date(2026, 3, 31),
    )


def _same_change_twice() -> RosterChange:
    change = RosterChangeFactory()
    return RosterChangeFactory.build(roster_import=change.roster_import, number=change.number)


def _named_twice():
    there = HeadDeputyFactory()
    return HeadDeputyFactory.build(department=there.department, staff=there.staff)


BROKEN = {
    "staff.User.username": lambda: UserFactory.build(
        staff=StaffMemberFactory(), username=UserFactory().username
    ),
    "staff.User.staff": lambda: UserFactory.build(staff=UserFactory().staff, username="other"),
    "staff_department_one_open_per_code": lambda: _again(DepartmentFactory, code="100"),
    "staff_department_code_once_per_close": lambda: _again(
        DepartmentFactory, code="100", closes_on=APRIL_FIRST
    ),
    "staff_department_not_its_own_successor": lambda: _own(DepartmentFactory, "successor"),
    "staff_department_kind_known": lambda: DepartmentFactory.build(kind="ward"),
    "staff_department_not_its_own_parent": lambda: _own(DepartmentFactory, "parent"),
    "staff_department_closes_after_opening": lambda: DepartmentFactory.build(
        opens_on=APRIL_FIRST, closes_on=date(2026, 3, 31)
    ),
    "staff_department_code_filled": lambda: DepartmentFactory.build(code=""),
    "staff.Rank.name": lambda: _again(RankFactory, name="見本職"),
    "staff_rank_band_known": lambda: RankFactory.build(band="mayor"),
    "staff_rank_name_filled": lambda: RankFactory.build(name=""),
    "staff.StaffMember.number": lambda: _again(StaffMemberFactory, number="000001"),
    "staff_staffmember_left_after_hired": lambda: StaffMemberFactory.build(
        hired_on=APRIL_FIRST, left_on=date(2026, 3, 31)
    ),
    "staff_staffmember_number_and_name_filled": lambda: StaffMemberFactory.build(number=""),
    "staff_assignment_once_per_day": _second_place_of_the_day,
    "staff_assignment_duty_known": lambda: _place(duty="holiday"),
    "staff_assignment_employment_known": lambda: _place(employment="volunteer"),
    "staff_concurrentpost_once_per_day": _second_post_of_the_day,
    "staff_concurrentpost_ends_after_start": _post_that_ends_before_it_starts,
    "staff_headdeputy_one_open": _named_twice,
    "staff_headdeputy_ends_after_start": lambda: HeadDeputyFactory.build(
        department=DepartmentFactory(),
        staff=StaffMemberFactory(),
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 3, 31),
    ),
    "staff_rosterimport_kind_known": lambda: RosterImportFactory.build(kind="half"),
    "staff_rosterimport_status_known": lambda: RosterImportFactory.build(status="lost"),
    "staff_rosterimport_applied_is_whole": lambda: RosterImportFactory.build(
        status=ImportStatus.APPLIED, applied_at=None
    ),
    "staff_rosterimport_undone_was_applied": lambda: RosterImportFactory.build(
        status=ImportStatus.UNDONE, undone_at=None
    ),
    "staff.RosterFile.roster_import": lambda: RosterFileFactory.build(
        roster_import=RosterFileFactory().roster_import
    ),
    "staff.RosterUndo.roster_import": lambda: RosterUndoFactory.build(
        roster_import=RosterUndoFactory().roster_import
    ),
    "staff.DepartmentAlias.key": lambda: DepartmentAliasFactory.build(
        department=DepartmentFactory(), key=DepartmentAliasFactory().key
    ),
    "staff.RankAlias.key": lambda: RankAliasFactory.build(
        rank=RankFactory(), key=RankAliasFactory().key
    ),
    "staff_rosterchange_decision_known": lambda: RosterChangeFactory.build(
        roster_import=RosterImportFactory(), decision="perhaps"
    ),
    "staff_rosterchange_open_has_question": lambda: RosterChangeFactory.build(
        roster_import=RosterImportFactory(), decision=Decision.OPEN
    ),
    "staff_rosterchange_kind_known": lambda: RosterChangeFactory.build(
        roster_import=RosterImportFactory(), kind="abducted"
    ),
    "staff_rosterchange_once_per_kind": _same_change_twice,
    "staff_columnmapping_once_per_heading": lambda: _again(ColumnMappingFactory, heading="所属"),
}
ROWS = (
    UserFactory,
    DepartmentFactory,
    RankFactory,
    StaffMemberFactory,
    AssignmentFactory,
    ConcurrentPostFactory,
    HeadDeputyFactory,
    RosterImportFactory,
    RosterChangeFactory,
    ColumnMappingFactory,
    RosterFileFactory,
    RosterUndoFactory,
    DepartmentAliasFactory,
    RankAliasFactory,
)
SENTENCES = constraints.sentences("staff")


def test_every_promise_of_the_database_is_broken_here():
    assert set(BROKEN) == set(constraints.promises("staff"))
    constraints.assert_covers("staff", ROWS)


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_past_every_form(name):
    constraints.assert_refused(name, BROKEN[name]())


@pytest.mark.parametrize("name", SENTENCES)
def test_the_refusal_is_told_in_japanese(name):
    constraints.assert_told(name, BROKEN[name](), SENTENCES[name])


@pytest.mark.parametrize(("row", "field"), constraints.choice_fields(ROWS))
def test_choices_bind_the_database_too(row, field):
    constraints.assert_never(row, **{field: "nowhere"})


@pytest.mark.parametrize(("row", "field"), constraints.counting_fields(ROWS))
def test_a_count_is_never_below_nothing(row, field):
    constraints.assert_never(row, **{field: -1})


@pytest.mark.parametrize(
    ("row", "field"), [(DepartmentFactory, "name"), (StaffMemberFactory, "name")]
)
def test_nothing_goes_without_a_name(row, field):
    constraints.assert_never(row, **{field: ""})


@pytest.mark.parametrize(
    "missing", [{"applied_at": None}, {"effective_on": None}, {"errors": [{"row": 3}]}]
)
def test_an_import_with_anything_missing_is_never_applied(missing):
    whole = {"applied_at": "2026-04-01T00:00Z", "effective_on": APRIL_FIRST, "errors": []}
    RosterImportFactory(status=ImportStatus.APPLIED, **whole)

    with pytest.raises(IntegrityError), transaction.atomic():
        RosterImportFactory(status=ImportStatus.APPLIED, **(whole | missing))


def test_several_posts_may_be_added_to_one_person_by_one_roster():
    change = RosterChangeFactory(kind=ChangeKind.POST_ADDED)

    RosterChangeFactory(
        roster_import=change.roster_import, number=change.number, kind=ChangeKind.POST_ADDED
    )

    assert change.roster_import.changes.count() == 2


def test_a_unit_may_close_on_the_day_it_opens():
    DepartmentFactory(opens_on=APRIL_FIRST, closes_on=APRIL_FIRST)

    assert Department.objects.open_on(APRIL_FIRST).count() == 1


def test_a_place_in_a_unit_that_does_not_exist_is_refused():
    place = AssignmentFactory()

    with transaction.atomic():
        Assignment.objects.filter(pk=place.pk).update(department_id=987_654)
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_nothing_about_people_goes_with_something_else_deleted():
    # A preview's changes are of no use without it; everything else is kept.
    swept_away = {
        str(field)
        for app in ("staff", "training", "leaders", "reports")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.fields
        if field.is_relation and field.remote_field.on_delete is not models.PROTECT
    }

    assert swept_away == {"staff.RosterChange.roster_import"}


def test_the_login_is_a_staff_number_and_nothing_else():
    user = UserFactory.build(staff=StaffMemberFactory(), username="<b>１２</b>")

    with pytest.raises(ValidationError) as refusal:
        user.full_clean(exclude=["password"])

    assert refusal.value.messages == ["職員番号は半角の数字・英字・ハイフンで入力してください。"]


def test_a_login_taken_is_told_in_japanese():
    user = UserFactory.build(staff=StaffMemberFactory(), username=UserFactory().username)

    with pytest.raises(ValidationError) as refusal:
        user.validate_unique()

    assert refusal.value.messages == ["この職員番号の利用者は登録済みです。"]


# --- In service on a day ------------------------------------------------------------------------

SERVICE = [
    (date(2026, 3, 31), False),
    (date(2026, 4, 1), True),
    (date(2027, 3, 31), True),
    (date(2028, 2, 28), True),
    (date(2028, 2, 29), True),
    (date(2028, 3, 1), False),
]


@pytest.mark.parametrize(("day", "is_in"), SERVICE)
def test_the_first_and_the_last_day_of_service_count(day, is_in):
    member = StaffMemberFactory(hired_on=date(2026, 4, 1), left_on=date(2028, 2, 29))
    AssignmentFactory(staff=member)

    assert StaffMember.objects.employed(day).exists() is is_in
    assert member.is_employed(day) is is_in
    assert Assignment.objects.employed(day).exists() is is_in
    assert Assignment.objects.in_population(day, DEFAULT_RULE).exists() is is_in
    assert StaffMember.objects.in_population(day, DEFAULT_RULE).exists() is is_in


def test_who_has_not_left_stays_in_service():
    member = StaffMemberFactory(left_on=None)

    assert member in StaffMember.objects.employed(date(2099, 12, 31))


# --- The place on a day -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (date(2025, 3, 31), None),
        (date(2025, 4, 1), "first"),
        (date(2026, 3, 31), "first"),
        (date(2026, 4, 1), "second"),
        (date(2028, 2, 28), "second"),
        (date(2028, 2, 29), "leap"),
        (date(2028, 3, 1), "leap"),
    ],
)
def test_a_place_holds_until_the_day_before_the_next(day, place):
    member = StaffMemberFactory()
    for team, starts_on in (
        ("leap", date(2028, 2, 29)),
        ("first", date(2025, 4, 1)),
        ("second", date(2026, 4, 1)),
    ):
        AssignmentFactory(staff=member, team=team, starts_on=starts_on)

    found = Assignment.objects.as_of(day).first()

    assert (found.team if found else None) == place


DAYS = st.dates(date(2025, 3, 29), date(2025, 4, 4))


@given(
    starts=st.lists(st.lists(DAYS, unique=True, max_size=4), min_size=1, max_size=4),
    day=DAYS,
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_as_of_agrees_with_looking_through_every_place_by_hand(starts, day):
    with transaction.atomic():
        department, rank = DepartmentFactory(), RankFactory()
        members = StaffMemberFactory.create_batch(len(starts))
        places = Assignment.objects.bulk_create(
            Assignment(staff=member, department=department, rank=rank, starts_on=starts_on)
            for member, days in zip(members, starts, strict=True)
            for starts_on in days
        )

        found = set(Assignment.objects.as_of(day).values_list("pk", flat=True))

        by_hand = set()
        for member in members:
            past = [p for p in places if p.staff_id == member.pk and p.starts_on <= day]
            if past:
                by_hand.add(max(past, key=lambda place: place.starts_on).pk)
        assert found == by_hand
        transaction.set_rollback(True)


def test_a_place_to_come_is_not_a_place_yet(today):
    place = AssignmentFactory(starts_on=today + timedelta(days=1))

    assert not Assignment.objects.as_of(today).exists()
    assert place in Assignment.objects.as_of(today + timedelta(days=1))


def test_people_who_left_still_have_a_place_but_are_not_employed(today):
    place = AssignmentFactory(staff__left_on=today - timedelta(days=1))

    assert place in Assignment.objects.as_of(today)
    assert place not in Assignment.objects.employed(today)


# --- The population -----------------------------------------------------------------------------

COUNTED = {
    Employment.REGULAR,
    Employment.FIXED_TERM,
    Employment.REAPPOINTED,
    Employment.REAPPOINTED_SHORT,
}


@pytest.mark.parametrize("employment", Employment.values)
def test_only_counted_employments_are_in_the_population(today, employment):
    place = AssignmentFactory(employment=employment)

    assert (place in Assignment.objects.in_population(today, DEFAULT_RULE)) is (
        employment in COUNTED
    )


@pytest.mark.parametrize("duty", Duty.values)
def test_people_on_leave_are_not_in_the_population(today, duty):
    member = AssignmentFactory(duty=duty).staff

    counted = StaffMember.objects.in_population(today, DEFAULT_RULE)

    assert (member in counted) is (duty == Duty.ACTIVE)


def test_leave_takes_out_of_the_population_from_its_first_day_to_the_last():
    member = StaffMemberFactory()
    AssignmentFactory(staff=member, starts_on=date(2025, 4, 1))
    AssignmentFactory(staff=member, starts_on=date(2026, 4, 1), duty=Duty.CHILDCARE)
    AssignmentFactory(staff=member, starts_on=date(2027, 4, 1))
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1)]

    counted = [StaffMember.objects.in_population(day, DEFAULT_RULE).exists() for day in days]

    assert counted == [True, False, False, True]


def test_another_rule_counts_others(today):
    rule = Counting((Employment.SPECIAL_POST,), (), ())
    mayor = AssignmentFactory(employment=Employment.SPECIAL_POST, duty=Duty.LEAVE)
    AssignmentFactory()

    assert list(Assignment.objects.in_population(today, rule)) == [mayor]


# --- Who sees whom ------------------------------------------------------------------------------


def test_admin_and_hr_see_everybody_even_those_without_a_place(today):
    member = StaffMemberFactory()

    assert member in StaffMember.objects.visible_to(Access(is_admin=True), today)
    assert member in StaffMember.objects.visible_to(Access(is_hr=True), today)


def test_a_manager_who_heads_nothing_sees_only_themself(today):
    own, _ = AssignmentFactory(), AssignmentFactory()

    seen = StaffMember.objects.visible_to(Access(staff_id=own.staff_id, is_manager=True), today)

    assert list(seen) == [own.staff]


def test_a_head_sees_their_units_and_themself_each_once(today):
    unit = DepartmentFactory()
    own, inside, _ = AssignmentFactory(), AssignmentFactory(department=unit), AssignmentFactory()
    both = AssignmentFactory(department=unit)

    as_head = Access(staff_id=own.staff_id, headed=frozenset([unit.pk]))
    as_member = Access(staff_id=both.staff_id, headed=frozenset([unit.pk]))

    assert set(StaffMember.objects.visible_to(as_head, today)) == {
        own.staff,
        inside.staff,
        both.staff,
    }
    assert StaffMember.objects.visible_to(as_member, today).count() == 2


def test_nobody_sees_nobody(today):
    AssignmentFactory()

    assert not StaffMember.objects.visible_to(Access(), today).exists()


def test_who_moves_is_in_sight_of_the_old_head_until_the_day_before():
    old, new = DepartmentFactory(), DepartmentFactory()
    member = AssignmentFactory(department=old).staff
    AssignmentFactory(staff=member, department=new, starts_on=date(2027, 4, 1))

    def sees(unit, day):
        access = Access(headed=frozenset([unit.pk]))
        return StaffMember.objects.visible_to(access, day).exists()

    assert sees(old, date(2027, 3, 31))
    assert not sees(new, date(2027, 3, 31))
    assert sees(new, date(2027, 4, 1))
    assert not sees(old, date(2027, 4, 1))


def test_within_no_units_is_nobody_and_within_none_is_everybody():
    inside, outside = AssignmentFactory(), AssignmentFactory()

    assert not Assignment.objects.all().within(frozenset()).exists()
    assert list(Assignment.objects.all().within(frozenset([inside.department_id]))) == [inside]
    assert set(Assignment.objects.all().within(None)) == {inside, outside}


# --- Posts and units ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_held"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2028, 2, 29), True),
        (date(2028, 3, 1), False),
    ],
)
def test_a_post_is_held_on_its_first_and_its_last_day(day, is_held):
    ConcurrentPostFactory(starts_on=date(2026, 4, 1), ends_on=date(2028, 2, 29))

    assert ConcurrentPost.objects.held_on(day).exists() is is_held


def test_a_post_without_an_end_is_held_for_ever():
    ConcurrentPostFactory(starts_on=date(2026, 4, 1))

    assert ConcurrentPost.objects.held_on(date(2099, 1, 1)).exists()


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_a_unit_is_open_on_its_first_and_its_last_day(day, is_open):
    DepartmentFactory(opens_on=date(2026, 4, 1), closes_on=date(2027, 3, 31))

    assert Department.objects.open_on(day).exists() is is_open


def test_a_unit_without_dates_was_always_there():
    DepartmentFactory()

    assert Department.objects.open_on(date(1900, 1, 1)).exists()
    assert Department.objects.open_on(date(2099, 1, 1)).exists()


def test_those_absent_from_a_full_roster_are_told_from_those_it_names():
    absent = RosterChangeFactory(kind=ChangeKind.LEFT, row=None)
    RosterChangeFactory(kind=ChangeKind.LEFT, row=7, roster_import=absent.roster_import)
    RosterChangeFactory(kind=ChangeKind.MOVED, row=None, roster_import=absent.roster_import)

    assert list(RosterChange.objects.absent()) == [absent]
