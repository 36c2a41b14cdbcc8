"""Departments that open, close, change, merge and split, and the people who go along."""

import zlib
from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agano_dx.lib.errors import DomainError
from staff.access import access_of
from staff.models import Assignment, ConcurrentPost, Department, DepartmentKind, StaffMember
from staff.moves import carry_along
from staff.organisation import DepartmentTree
from staff.reorganisation import DepartmentFacts, changes_on, next_day
from staff.services import departments as services
from tests.conftest import TODAY, account, placed
from tests.factories import (
    LONG_AGO,
    AssignmentFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadRankFactory,
    RankFactory,
    StaffMemberFactory,
)
from tests.roster_makers import (
    everything,
    line,
    listed,
    loaded,
    person,
    planned,
    says_what_to_do,
    small_town,
)

pytestmark = pytest.mark.django_db

APRIL = date(2027, 4, 1)
MARCH = date(2027, 3, 31)


def facts(code, name, **others):
    return DepartmentFacts(code, name, DepartmentKind.SECTION, gives_leader=True, **others)


def renamed(unit, on=APRIL, **changes):
    own = {
        name: getattr(unit, name)
        for name in ("code", "name", "kind", "parent", "gives_leader", "is_digital_office", "order")
    }
    return services.rename_department(
        department=unit, facts=DepartmentFacts(**own | changes), on=on, by=None
    )


def merged(*units, into, on=APRIL):
    return services.merge_departments(departments=units, into=into, on=on, by=None)


def split(unit, *parts, part_of=None, heir=0, on=APRIL):
    return services.split_department(
        department=unit, parts=parts, heir=heir, part_of=part_of or {}, on=on, by=None
    )


def closed(unit, closes_on=MARCH, along=()):
    return services.close_department(department=unit, closes_on=closes_on, along=along, by=None)


def place_on(member, day):
    return Assignment.objects.as_of(day).get(staff=member)


def names(units):
    return [unit.name for unit in units]


def refusal(act, error=DomainError):
    """The sentence of the refusal; nothing may have been written."""
    before = everything()
    with pytest.raises(error) as refused:
        act()
    assert everything() == before
    assert says_what_to_do(str(refused.value))
    return str(refused.value)


@pytest.fixture
def division(db):
    return DepartmentFactory(code="100", name="総務部", gives_leader=False, order=1)


@pytest.fixture
def section(division):
    return DepartmentFactory(code="101", name="総務課", parent=division, order=2)


@pytest.fixture
def other(division):
    return DepartmentFactory(code="102", name="企画課", parent=division, order=3)


# --- Opening ------------------------------------------------------------------------------------


def test_a_new_unit_exists_from_its_day_on(division):
    made = services.open_department(
        facts=facts("103", "広報課", parent=division), opens_on=APRIL, by=None
    )

    assert made not in DepartmentTree.load(MARCH).in_order
    assert names(DepartmentTree.load(APRIL).in_order) == ["広報課", "総務部"][::-1]
    assert (made.parent, made.gives_leader, made.closes_on) == (division, True, None)


def test_the_same_unit_again_is_told_from_a_new_one(division):
    made = services.open_department(facts=facts("103", "広報課"), opens_on=APRIL, by=None)

    with pytest.raises(services.DoneBeforeError) as refused:
        services.open_department(facts=facts("103", "広報課"), opens_on=APRIL, by=None)

    assert refused.value.department == made


def test_a_code_in_use_is_refused_even_if_it_is_free_again_later(section):
    closed(section)

    sentence = refusal(
        lambda: services.open_department(facts=facts("101", "新課"), opens_on=MARCH, by=None),
        services.CodeTakenError,
    )

    assert "「総務課」が使っています" in sentence
    assert services.open_department(facts=facts("101", "新課"), opens_on=APRIL, by=None).pk


def test_a_unit_under_one_that_does_not_exist_yet_is_refused(division):
    late = services.open_department(facts=facts("200", "民生部"), opens_on=APRIL, by=None)

    sentence = refusal(
        lambda: services.open_department(
            facts=facts("201", "福祉課", parent=late), opens_on=MARCH, by=None
        ),
        services.NotInForceError,
    )

    assert "「民生部」は令和9年3月31日には設置されていません。" in sentence


def test_a_unit_without_a_name_is_refused_by_the_model(db):
    with pytest.raises(ValidationError):
        services.open_department(facts=facts("103", ""), opens_on=APRIL, by=None)


# --- Closing ------------------------------------------------------------------------------------


def test_a_closed_unit_exists_up_to_its_last_day(section):
    closed(section)

    assert "総務課" in names(DepartmentTree.load(MARCH).in_order)
    assert "総務課" not in names(DepartmentTree.load(APRIL).in_order)


@pytest.mark.parametrize(
    ("stay", "part"),
    [
        (lambda unit: placed(unit), "配置されている職員 1人"),
        (
            lambda unit: AssignmentFactory(department=unit, starts_on=date(2028, 4, 1)),
            "今後の発令 1件",
        ),
        (lambda unit: ConcurrentPostFactory(department=unit), "兼務 1件"),
        (lambda unit: ConcurrentPostFactory(department=unit, ends_on=APRIL), "兼務 1件"),
    ],
)
def test_a_unit_somebody_still_belongs_to_is_not_closed(section, stay, part):
    stay(section)

    assert part in refusal(lambda: closed(section), services.DepartmentInUseError)


def test_a_unit_is_closed_once_everybody_has_gone(section, other):
    member = placed(section)
    AssignmentFactory(staff=member, department=other, starts_on=APRIL)
    placed(section, staff__left_on=MARCH)
    ConcurrentPostFactory(department=section, ends_on=MARCH)

    assert closed(section).closes_on == MARCH


def test_a_unit_with_units_under_it_is_closed_only_together_with_them(division, section):
    sentence = refusal(lambda: closed(division), services.DepartmentInUseError)

    assert "「総務課」が下にある" in sentence
    closed(division, along=[section])
    assert set(Department.objects.values_list("closes_on", flat=True)) == {MARCH}


def test_people_of_a_unit_that_closes_along_keep_it_open(division, section):
    placed(section)

    sentence = refusal(lambda: closed(division, along=[section]), services.DepartmentInUseError)

    assert "配置されている職員 1人" in sentence


def test_closing_twice_is_told_and_closing_otherwise_is_refused(section):
    closed(section)

    with pytest.raises(services.DoneBeforeError):
        closed(section)
    assert "廃止することになっています" in refusal(lambda: closed(section, TODAY))


# --- Changing -----------------------------------------------------------------------------------


def test_a_renamed_unit_is_a_new_row_that_the_old_one_names(section):
    new = renamed(section, name="総務企画課")

    section.refresh_from_db()
    assert (section.name, section.closes_on, section.successor) == ("総務課", MARCH, new)
    assert (new.code, new.name, new.opens_on, new.closes_on) == ("101", "総務企画課", APRIL, None)
    assert (new.parent, new.order, new.gives_leader) == (section.parent, 2, True)


@pytest.mark.parametrize(
    ("day", "found"), [(date(1990, 1, 1), "総務課"), (MARCH, "総務課"), (APRIL, "総務企画課")]
)
def test_every_day_knows_the_unit_by_its_name_of_then(section, day, found):
    new = renamed(section, name="総務企画課")
    tree = DepartmentTree.load(day)

    assert names(tree.in_order) == ["総務部", found]
    assert tree.coded("101").name == found
    assert tree.current(section.pk) == tree.current(new.pk) == tree.coded("101")


def test_everybody_goes_along_with_rank_team_duty_and_employment(section):
    rank = RankFactory()
    member = placed(section, rank=rank, team="庶務係", duty="childcare", employment="reappointed")

    new = renamed(section, name="総務企画課")

    assert place_on(member, MARCH).department == section
    after = place_on(member, APRIL)
    assert (after.department, after.starts_on) == (new, APRIL)
    assert (after.rank, after.team, after.duty, after.employment) == (
        rank,
        "庶務係",
        "childcare",
        "reappointed",
    )


def test_an_appointment_of_the_very_day_or_later_names_the_new_unit(section, other):
    member = placed(other)
    on_the_day = AssignmentFactory(staff=member, department=section, starts_on=APRIL, team="甲係")
    later = AssignmentFactory(department=section, starts_on=date(2028, 4, 1))
    before = Assignment.objects.count()

    new = renamed(section, name="総務企画課")

    on_the_day.refresh_from_db()
    later.refresh_from_db()
    assert (on_the_day.department, later.department) == (new, new)
    assert (on_the_day.team, later.starts_on) == ("甲係", date(2028, 4, 1))
    assert Assignment.objects.count() == before


def test_who_has_left_or_moved_before_the_day_stays_where_they_were(section, other):
    left = placed(section, staff__left_on=MARCH)
    gone = placed(section)
    AssignmentFactory(staff=gone, department=other, starts_on=TODAY)

    renamed(section, name="総務企画課")

    assert left.assignments.get().department == section
    assert place_on(gone, APRIL).department == other


def test_posts_held_on_the_day_go_along_and_keep_their_end(section):
    held = ConcurrentPostFactory(department=section, ends_on=date(2028, 3, 31))
    to_come = ConcurrentPostFactory(department=section, starts_on=APRIL)
    over = ConcurrentPostFactory(department=section, ends_on=MARCH)

    new = renamed(section, name="総務企画課")

    held.refresh_from_db()
    assert held.ends_on == MARCH
    followed = ConcurrentPost.objects.get(staff=held.staff, department=new)
    assert (followed.starts_on, followed.ends_on) == (APRIL, date(2028, 3, 31))
    assert followed.rank == held.rank
    to_come.refresh_from_db()
    over.refresh_from_db()
    assert (to_come.department, over.department, over.ends_on) == (new, section, MARCH)


def test_a_renamed_division_takes_its_sections_along_without_touching_them(division, section):
    new = renamed(division, name="総務企画部")

    assert DepartmentTree.load(MARCH).path(section.pk) == "総務部 総務課"
    assert DepartmentTree.load(APRIL).path(section.pk) == "総務企画部 総務課"
    assert section.pk in DepartmentTree.load(APRIL).under([new.pk])
    section.refresh_from_db()
    assert section.parent == division


def test_the_head_heads_the_new_unit_from_the_day_on(section):
    office = DepartmentFactory(parent=section, gives_leader=False)
    user = account(placed(section, rank=HeadRankFactory()))

    new = renamed(section, name="総務企画課")

    assert new.pk in access_of(user, APRIL).headed
    assert access_of(user, APRIL).headed >= {new.pk, office.pk, section.pk}


def test_a_head_left_behind_in_a_closed_unit_heads_nobody_of_its_successor(section, other):
    user = account(placed(section, rank=HeadRankFactory()))
    Department.objects.filter(pk=section.pk).update(closes_on=MARCH, successor=other)

    assert access_of(user, APRIL).headed == {section.pk}


def test_a_change_of_the_past_moves_people_from_that_day_on(section):
    member = placed(section)

    new = renamed(section, on=date(2026, 4, 1), name="総務企画課")

    assert place_on(member, date(2026, 3, 31)).department == section
    assert place_on(member, TODAY).department == new


def test_a_change_on_the_day_a_unit_opens_corrects_it(division):
    made = services.open_department(facts=facts("103", "公報課"), opens_on=APRIL, by=None)

    corrected = renamed(made, name="広報課")

    assert corrected == made
    assert Department.objects.get(code="103").name == "広報課"


def test_a_change_in_the_life_of_a_closed_unit_keeps_what_came_after(section, other):
    merged(section, into=other)

    middle = renamed(section, on=TODAY, name="庶務課")

    section.refresh_from_db()
    assert (section.closes_on, section.successor) == (TODAY - timedelta(days=1), middle)
    assert (middle.closes_on, middle.successor) == (MARCH, other)
    assert DepartmentTree.load(APRIL).current(section.pk) == other


def test_no_change_is_no_change(section):
    assert "変わるところがありません" in refusal(
        lambda: renamed(section), services.NothingChangesError
    )


def test_the_same_change_again_answers_with_the_first(section):
    new = renamed(section, name="総務企画課")
    before = everything()

    with pytest.raises(services.DoneBeforeError) as refused:
        renamed(section, name="総務企画課")

    assert refused.value.department == new
    assert everything() == before


@pytest.mark.parametrize("day", [MARCH, date(2028, 4, 1)])
def test_a_unit_is_not_changed_on_a_day_it_does_not_exist(day, division):
    unit = DepartmentFactory(opens_on=APRIL, closes_on=date(2028, 3, 31))

    assert "設置されていません" in refusal(
        lambda: renamed(unit, on=day, name="別の名"), services.NotInForceError
    )


def test_a_code_of_another_unit_is_refused(section, other):
    assert "「企画課」が使っています" in refusal(
        lambda: renamed(section, code="102"), services.CodeTakenError
    )


def test_a_unit_cannot_be_put_under_one_below_it(division, section):
    sentence = refusal(lambda: renamed(division, parent=section), services.TreeBrokenError)

    assert "上位の所属を選び直してください。" in sentence


def test_two_changes_that_would_make_a_circle_later_are_refused_too(section, other):
    renamed(other, on=date(2028, 4, 1), parent=section)

    refusal(lambda: renamed(section, parent=other), services.TreeBrokenError)


# --- Merging ------------------------------------------------------------------------------------


def test_several_units_become_a_new_one_with_all_their_people(division, section, other):
    people = [placed(section), placed(other)]
    office = DepartmentFactory(name="市史室", parent=other, gives_leader=False)

    new = merged(section, other, into=facts("101", "総務企画課", parent=division))

    assert [place_on(member, APRIL).department for member in people] == [new, new]
    tree = DepartmentTree.load(APRIL)
    assert names(tree.in_order) == ["総務部", "総務企画課", "市史室"]
    assert tree.current(section.pk) == tree.current(other.pk) == new
    assert tree.reporting_unit(office.pk) == new
    assert names(DepartmentTree.load(MARCH).in_order) == ["総務部", "総務課", "企画課", "市史室"]


def test_a_unit_goes_into_one_that_is_there_already(section, other):
    own, comer = placed(other), placed(section)

    assert merged(section, into=other) == other

    assert place_on(comer, APRIL).department == other
    assert own.assignments.count() == 1
    other.refresh_from_db()
    assert other.closes_on is None


def test_nobody_holds_two_posts_in_the_merged_unit(section, other):
    member = StaffMemberFactory()
    low, high = HeadRankFactory(order=5), HeadRankFactory(order=1)
    for unit, rank in ((section, low), (other, high)):
        ConcurrentPostFactory(staff=member, department=unit, rank=rank)
        ConcurrentPostFactory(staff=member, department=unit, rank=rank, starts_on=date(2028, 4, 1))

    new = merged(section, other, into=facts("103", "総務企画課"))

    held = ConcurrentPost.objects.held_on(APRIL).filter(staff=member)
    assert [(post.department, post.rank) for post in held] == [(new, high)]
    assert ConcurrentPost.objects.filter(department=new).count() == 2


def test_a_post_already_held_in_the_unit_others_come_to_is_not_doubled(section, other):
    member = StaffMemberFactory()
    ConcurrentPostFactory(staff=member, department=section)
    kept = ConcurrentPostFactory(staff=member, department=other)

    merged(section, into=other)

    assert list(ConcurrentPost.objects.held_on(APRIL)) == [kept]


def test_one_unit_alone_makes_no_new_one(section):
    assert "2つ以上" in refusal(lambda: merged(section, into=facts("103", "新課")))


def test_a_unit_closed_otherwise_is_not_merged(section, other):
    closed(section)

    assert "廃止することになっています" in refusal(lambda: merged(section, into=other, on=TODAY))


def test_a_unit_cannot_go_into_one_under_itself(section):
    office = DepartmentFactory(parent=section)

    refusal(lambda: merged(section, into=office), services.TreeBrokenError)


def test_the_same_merger_again_answers_with_the_first(section, other):
    new = merged(section, other, into=facts("103", "総務企画課"))

    with pytest.raises(services.DoneBeforeError) as refused:
        merged(section, other, into=facts("103", "総務企画課"))

    assert refused.value.department == new


# --- Splitting ----------------------------------------------------------------------------------


def test_a_unit_becomes_several_and_each_person_goes_where_they_belong(section):
    tax, levy = placed(section, team="市民税係"), placed(section, team="収納係")
    office = DepartmentFactory(parent=section, gives_leader=False)

    first, second = split(
        section, facts("101", "税務課"), facts("109", "収納課"), part_of={levy.pk: 1}
    )

    assert (place_on(tax, APRIL).department, place_on(levy, APRIL).department) == (first, second)
    tree = DepartmentTree.load(APRIL)
    assert tree.current(section.pk) == first
    assert tree.parent(office.pk) == first
    assert [DepartmentTree.load(MARCH).current(unit.pk) for unit in (first, second)] == [
        section,
        section,
    ]


def test_appointments_to_come_and_posts_follow_their_person(section):
    member = placed(section)
    later = AssignmentFactory(staff=member, department=section, starts_on=date(2028, 4, 1))
    post = ConcurrentPostFactory(department=section)

    _, second = split(
        section,
        facts("101", "税務課"),
        facts("109", "収納課"),
        part_of={member.pk: 1, post.staff_id: 1},
    )

    later.refresh_from_db()
    assert later.department == second
    assert ConcurrentPost.objects.held_on(APRIL).get().department == second


def test_two_parts_cannot_have_one_code(section):
    assert "使っています" in refusal(
        lambda: split(section, facts("101", "税務課"), facts("101", "収納課"))
    )


def test_one_part_is_no_split(section):
    assert "2つ以上" in refusal(lambda: split(section, facts("101", "税務課")))


def test_the_same_split_again_answers_with_the_heir(section):
    parts = facts("101", "税務課"), facts("109", "収納課")
    _, second = split(section, *parts, heir=1)

    with pytest.raises(services.DoneBeforeError) as refused:
        split(section, *parts, heir=1)

    assert refused.value.department == second


# --- What all of them do ------------------------------------------------------------------------


def test_every_person_moved_and_the_department_leave_an_entry(section, admin):
    member = placed(section)
    new = services.rename_department(
        department=section, facts=facts("111", "総務企画課"), on=APRIL, by=admin
    )

    def entries(thing):
        return LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(type(thing)), object_id=thing.pk
        )

    moved = entries(member).get(changes__has_key="moved.department")
    assert moved.changes["moved.department"] == ["101", "111"]
    act = entries(new).get(changes__has_key="reorganisation")
    assert (act.changes["reorganisation"], act.additional_data) == ([None, "change"], {"people": 1})
    assert {moved.actor, act.actor} == {admin}


def test_they_take_the_lock_that_roster_imports_take(section, other):
    with CaptureQueriesContext(connection) as asked:
        made = services.open_department(facts=facts("103", "広報課"), opens_on=TODAY, by=None)
        closed(made)
        new = renamed(section, name="総務企画課")
        merged(new, into=other, on=date(2028, 4, 1))
        split(other, facts("102", "甲課"), facts("104", "乙課"), on=date(2029, 4, 1))

    lock = f"pg_advisory_xact_lock({zlib.crc32(services.LOCK.encode())})"
    taken = sum(lock in query["sql"] for query in asked)
    # On SQLite every transaction of ours is alone.
    assert taken == (5 if connection.vendor == "postgresql" else 0)


def test_a_change_takes_the_same_queries_for_1_and_11_people(section, other):
    placed(section)
    ConcurrentPostFactory(department=section)
    with CaptureQueriesContext(connection) as one:
        renamed(section, name="総務企画課")
    AssignmentFactory.create_batch(10, department=other)
    ConcurrentPostFactory.create_batch(10, department=other)

    with CaptureQueriesContext(connection) as eleven:
        renamed(other, name="企画政策課")

    assert len(eleven) == len(one)


def test_a_roster_means_the_unit_of_its_own_day():
    town = small_town()
    person(town)
    new = renamed(town.tax, name="市税課")

    loaded(line(所属="税務課"), effective_on=TODAY)
    later = planned(listed(line(所属="税務課")), effective_on=APRIL)

    assert place_on(StaffMember.objects.get(), TODAY).department == town.tax
    assert (later.errors, later.diff.changes) == ([], [])  # the old name is the new unit's too
    loaded(line(所属="市税課", 職名="主任"), effective_on=APRIL)
    assert place_on(StaffMember.objects.get(), APRIL).department == new


def test_who_is_put_into_a_unit_after_its_change_was_written_down_is_carried_along(section, other):
    new = renamed(section, name="総務企画課")
    last = merged(new, into=other, on=date(2028, 4, 1))
    late, elsewhere = placed(section, team="庶務係"), placed(section)
    post = ConcurrentPostFactory(staff=late, department=section)

    trail = carry_along([late.pk])
    again = carry_along([late.pk])

    assert [place_on(late, day).department for day in (MARCH, APRIL, date(2028, 4, 1))] == [
        section,
        new,
        last,
    ]
    assert place_on(late, date(2028, 4, 1)).team == "庶務係"
    assert [one.department for one in ConcurrentPost.objects.held_on(date(2029, 4, 1))] == [last]
    assert {person.pk for person, _ in trail} == {late.pk}
    assert (again, elsewhere.assignments.count()) == ([], 1)
    post.refresh_from_db()
    assert post.ends_on == MARCH


# --- In words -----------------------------------------------------------------------------------


def test_what_changes_is_told_by_day(division, section, other):
    services.open_department(facts=facts("109", "広報課"), opens_on=APRIL, by=None)
    new = renamed(section, name="総務企画課")
    closed(other)
    merged(new, into=division, on=date(2028, 4, 1))
    tree = DepartmentTree.load(TODAY)

    found = {(one.kind, one.words) for one in changes_on(tree, APRIL)}

    assert found == {("新設", "広報課"), ("変更", "総務課 → 総務企画課"), ("廃止", "企画課")}
    assert [(one.kind, one.words) for one in changes_on(tree, date(2028, 4, 1))] == [
        ("統合", "総務企画課 → 総務部")
    ]
    assert next_day(tree) == APRIL
    assert next_day(DepartmentTree.load(APRIL)) == date(2028, 4, 1)
    assert next_day(DepartmentTree.load(date(2028, 4, 1))) is None


def test_a_split_is_told_once(section):
    split(section, facts("101", "税務課"), facts("109", "収納課"), heir=1)

    [change] = changes_on(DepartmentTree.load(TODAY), APRIL)

    assert (change.kind, change.words) == ("分割", "総務課 → 税務課・収納課")


def test_fixtures_mean_the_unit_without_an_end_else_the_last_one(section):
    first = DepartmentFactory(code="900", closes_on=date(2020, 3, 31))
    second = DepartmentFactory(code="900", opens_on=date(2020, 4, 1), closes_on=date(2025, 3, 31))
    new = renamed(section, name="総務企画課")

    assert Department.objects.get_by_natural_key("101") == new
    assert Department.objects.get_by_natural_key("900") == second
    assert first.pk
    with pytest.raises(Department.DoesNotExist):
        Department.objects.get_by_natural_key("nowhere")


def test_people_without_a_place_are_nobodys_concern(section):
    StaffMemberFactory(hired_on=LONG_AGO)

    renamed(section, name="総務企画課")

    assert StaffMember.objects.get().assignments.count() == 0
