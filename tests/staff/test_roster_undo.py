"""An import taken back: every row as it was, or nothing and the reasons."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staff.models import (
    Assignment,
    ConcurrentPost,
    Decision,
    Department,
    RosterImport,
    RosterKind,
    RosterUndo,
    StaffMember,
)
from staff.roster.choices import RosterChoices
from staff.services.rosters import (
    AlreadyDecidedError,
    CannotBeUndoneError,
    decide,
    replan,
    undo_import,
)
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    ConcurrentPostFactory,
    LeaderTermFactory,
    UserFactory,
)
from tests.roster_makers import (
    DAY,
    csv_of,
    everything,
    line,
    listed,
    loaded,
    person,
    place_on,
    put_into_force,
    says_what_to_do,
    small_town,
    stored,
    told,
)
from tests.together import together

pytestmark = pytest.mark.django_db

FULL, PARTIAL = RosterKind.FULL, RosterKind.PARTIAL
BEFORE = DAY - timedelta(days=1)
EARLIER = date(2026, 7, 1)
# What an import leaves beside its people.
RECORDS = {
    "auditlog.LogEntry",
    "staff.RosterImport",
    "staff.RosterChange",
    "staff.RosterUndo",
}


@pytest.fixture
def town(db):
    return small_town()


def undone(applied, by=None):
    return undo_import(roster_import=applied, by=by, at=timezone.now())


def all_taken(preview):
    """Put the preview into force, with yes said to all, even to what need not be answered."""
    every = [change.pk for change in preview.changes.all()]
    decide(roster_import=preview, changes=every, decision=Decision.ACCEPTED, by=None)
    return put_into_force(preview)


def reasons(applied):
    """Why the import cannot be taken back; no table differs afterwards."""
    before = everything()
    with pytest.raises(CannotBeUndoneError) as refused:
        undone(applied)
    assert everything() == before
    assert refused.value.reasons
    assert all(says_what_to_do(reason) for reason in refused.value.reasons)
    return refused.value.reasons


# --- Every row as it was ------------------------------------------------------------------------


def settled(town):
    """Two people with accounts, one with a second post, and one who left on the last day."""
    for number in ("000101", "000102"):
        member = person(town, number, name=f"見本　{number}", email=f"s{number}@example.jp")
        UserFactory(staff=member)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])
    person(town, "000103", left_on=BEFORE)
    return member


ALL = [line("000101"), line("000102", 兼務="税務課 課長")]


@pytest.mark.parametrize(
    ("kinds", "lines", "options"),
    [
        (["hired", "post_added"], [*ALL, line("000104", 兼務="総務部 部長")], {"kind": FULL}),
        (["left"], ALL[:1], {"kind": FULL}),
        (["left"], [line(発令日="R8.12.31", 異動区分="退職")], {}),
        (["moved"], [line(所属="税務課")], {}),
        (["moved"], [line(所属="税務課", 発令日="R8.4.1")], {}),
        (["moved"], [line(所属="税務課", 発令日="H22.4.1")], {}),
        (["renamed"], [line(氏名="改姓　000101")], {}),
        (["rank_changed"], [line(職名="主任")], {}),
        (["duty_changed"], [line(在職区分="育休")], {}),
        (["employment_changed"], [line(任用形態="再任用")], {}),
        (["post_added"], [line(兼務="税務課 課長")], {}),
        (["post_ended"], [line(), line("000102", 兼務=None)], {"kind": FULL}),
        (["returned", "moved"], [line("000103", 所属="税務課")], {}),
        (
            ["detail_changed"],
            [
                line(
                    係="庶務係",
                    フリガナ="ミホン",
                    メールアドレス="x@example.jp",
                    採用年月日="H22.4.2",
                )
            ],
            {},
        ),
    ],
)
def test_what_an_import_did_is_taken_back_row_for_row(town, kinds, lines, options):
    settled(town)
    before = everything(without=RECORDS)
    applied = all_taken(stored(*lines, **options))
    changed = everything(without=RECORDS)

    undone(applied)

    assert sorted(applied.changes.values_list("kind", flat=True)) == sorted(kinds)
    assert changed != before
    assert everything(without=RECORDS) == before


def test_a_new_number_is_taken_back_with_history_and_login(town):
    settled(town)
    rows = (line("000909", 氏名="見本　000101", 職名="主任"),)
    choices = RosterChoices(same_people={"000909": "000101"})
    preview = replan(roster_import=stored(*rows), choices=choices, today=TODAY, book=listed(*rows))
    before = everything(without=RECORDS)
    applied = all_taken(preview)
    given = list(StaffMember.objects.values_list("number", "user__username"))

    undone(applied)

    assert ("000909", "000909") in given
    assert everything(without=RECORDS) == before


@pytest.mark.parametrize(
    ("kind", "day"), [(FULL, EARLIER), (PARTIAL, EARLIER)], ids=["a look back", "entered late"]
)
def test_the_place_that_comes_back_later_is_taken_back_too(town, kind, day):
    settled(town)
    loaded(*ALL, kind=FULL)
    before = everything(without=RECORDS)
    applied = all_taken(stored(line(所属="税務課"), line("000102"), kind=kind, effective_on=day))
    stood = [place_on("000101", each).department.name for each in (day, DAY)]

    undone(applied)

    assert stood == ["税務課", "総務課"]
    assert everything(without=RECORDS) == before


def test_departments_and_ranks_made_by_an_import_go_with_it(town, tmp_path):
    before = everything(without=RECORDS)
    path = tmp_path / "名簿.csv"
    path.write_bytes(
        csv_of({"職員番号": "000101", "氏名": "見本", "部": "宇宙部", "課": "月課", "職名": "艦長"})
    )
    told("import_roster", path, "--effective-on=R8.10.1", "--partial", "--create-missing")
    made = set(
        Department.objects.filter(name__in=["宇宙部", "月課"]).values_list("name", flat=True)
    )

    undone(RosterImport.objects.get())

    assert made == {"宇宙部", "月課"}
    assert everything(without=RECORDS) == before


def test_the_people_of_an_import_taken_back_can_be_imported_again(town):
    settled(town)
    first = loaded(*ALL, line("000104"), kind=FULL)
    undone(first)

    second = loaded(*ALL, line("000104", 所属="税務課"), kind=FULL)

    assert place_on("000104").department == town.tax
    assert second.follows is None


def test_a_dropped_preview_that_names_somebody_hired_is_no_hindrance(town):
    applied = loaded(line())
    waiting = stored(line(所属="税務課"))

    undone(applied)

    [change] = waiting.changes.all()
    assert (change.staff, change.number) == (None, "000101")
    assert not StaffMember.objects.exists()


# --- Once, with its trail -----------------------------------------------------------------------


def test_an_import_taken_back_says_so_with_who_and_when(town, admin):
    applied = loaded(line())
    at = timezone.now()

    undo_import(roster_import=applied, by=admin, at=at)

    applied.refresh_from_db()
    assert (applied.status, applied.undone_by, applied.undone_at) == ("undone", admin, at)
    assert not RosterUndo.objects.exists()
    assert applied not in RosterImport.objects.in_force()


def test_an_import_is_taken_back_once(town):
    applied = loaded(line())
    undone(applied)
    before = everything()

    with pytest.raises(AlreadyDecidedError, match=r"確かめてください。$"):
        undone(applied)

    assert everything() == before


def test_a_preview_cannot_be_taken_back(town):
    with pytest.raises(AlreadyDecidedError):
        undone(stored(line()))


def test_an_import_from_before_the_way_back_was_kept_stays(town):
    applied = loaded(line())
    RosterUndo.objects.all().delete()

    [reason] = reasons(applied)

    assert "取消の控えがありません" in reason


def test_taking_back_leaves_its_trail_on_the_import_and_on_those_who_stay(town, admin):
    member = person(town)
    applied = loaded(line(所属="税務課"), line("000102"))
    LogEntry.objects.all().delete()

    undone(applied, by=admin)

    [about_member] = LogEntry.objects.get_for_object(member)
    assert (about_member.actor, about_member.changes) == (
        admin,
        {"roster_import": [str(applied.pk), None]},
    )
    whole = LogEntry.objects.get_for_object(applied).exclude(additional_data=None).get()
    assert whole.changes == {"status": ["applied", "undone"]}
    assert whole.additional_data == {"sha256": applied.sha256, "people": 1}


def test_each_row_taken_away_leaves_its_trail_without_a_name(town, admin):
    applied = loaded(line(兼務="総務部 部長"))
    hired = StaffMember.objects.get(number="000101")
    LogEntry.objects.all().delete()

    undone(applied, by=admin)

    gone = LogEntry.objects.filter(action=LogEntry.Action.DELETE, actor=admin)
    assert sorted(entry.content_type.model for entry in gone if entry.object_pk) == [
        "assignment",
        "concurrentpost",
        "staffmember",
    ]
    assert gone.get(content_type__model="staffmember").object_id == hired.pk
    assert "見本" not in "".join(entry.object_repr for entry in gone)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_take_back_once():
    town = small_town()
    person(town)
    applied = loaded(line(所属="税務課"))

    answers = together([lambda: undone(applied)] * 2)

    assert {type(answer) for answer in answers} == {RosterImport, AlreadyDecidedError}
    assert Assignment.objects.get().department == town.affairs


# --- Reasons not to -----------------------------------------------------------------------------


def test_a_later_roster_has_to_be_taken_back_first(town):
    person(town)
    first = loaded(line(所属="税務課"))
    second = loaded(line("000102"))

    [reason] = reasons(first)
    undone(second)
    undone(first)

    assert "後から反映した名簿「名簿.xlsx」（令和8年10月1日）" in reason
    assert place_on("000101").department == town.affairs


def move(town):
    Assignment.objects.filter(starts_on=DAY).update(department=town.office)


def remove(town):
    Assignment.objects.filter(starts_on=DAY).delete()


def rename(town):
    StaffMember.objects.filter(number="000101").update(name="別姓　一郎", name_key="別姓一郎")


def end_post(town):
    ConcurrentPost.objects.update(ends_on=TODAY)


@pytest.mark.parametrize(
    ("meddle", "what"), [(move, "所属・発令"), (rename, "職員"), (end_post, "兼務")]
)
def test_what_was_changed_since_is_named_with_its_number(town, meddle, what):
    person(town)
    person(town, "000102")
    row = line(所属="税務課", 氏名="改姓　000101", 兼務="総務部 部長")
    applied = loaded(row, line("000102", フリガナ="ミホン"))
    meddle(town)

    [reason] = reasons(applied)

    assert reason.startswith(f"{what}（000101）が、その後に直されています。")


def test_a_place_deleted_since_is_a_reason(town):
    person(town)
    applied = loaded(line(所属="税務課"))
    remove(town)

    [reason] = reasons(applied)

    assert reason.startswith("所属・発令（")
    assert "None" not in reason


def test_of_many_numbers_ten_are_named_and_the_rest_counted(town):
    for number in range(12):
        person(town, f"0001{number:02}")
    applied = loaded(*(line(f"0001{number:02}", 所属="税務課") for number in range(12)))
    move(town)

    [reason] = reasons(applied)

    assert "000109 ほか2件" in reason
    assert "000110" not in reason


def test_what_is_corrected_in_fields_the_import_left_alone_stays(town):
    member = person(town)
    applied = loaded(line(氏名="改姓　000101"))
    StaffMember.objects.update(email="new@example.jp")

    undone(applied)

    member.refresh_from_db()
    assert (member.name, member.email) == ("見本　000101", "new@example.jp")


@pytest.mark.parametrize(
    ("factory", "what"),
    [
        (AttendanceFactory, AttendanceFactory._meta.model._meta.verbose_name),
        (LeaderTermFactory, LeaderTermFactory._meta.model._meta.verbose_name),
        (UserFactory, "利用者"),
    ],
)
def test_what_was_recorded_about_somebody_hired_bars_the_way(town, factory, what):
    applied = loaded(line())
    record = factory(staff=StaffMember.objects.get())

    [reason] = reasons(applied)
    record.delete()
    undone(applied)

    assert f"{what}が1件記録されています。" in reason
    assert not StaffMember.objects.exists()


def test_a_place_given_by_hand_to_somebody_hired_bars_the_way(town):
    applied = loaded(line())
    AssignmentFactory(staff=StaffMember.objects.get(), starts_on=TODAY, department=town.tax)

    [reason] = reasons(applied)

    assert "所属・発令が1件記録されています。" in reason


# --- Many ---------------------------------------------------------------------------------------


def queries_for(numbers):
    """The number of queries it takes to take back what an import did to these people."""
    applied = loaded(
        *(
            line(number, 所属="税務課", 氏名=f"改姓　{number}", 兼務="総務部 部長")
            for number in numbers
        )
    )
    with CaptureQueriesContext(connection) as captured:
        undone(applied)
    return len(captured)


def test_a_hundred_people_are_taken_back_in_as_many_queries_as_ten(town):
    known = [f"0001{number:02}" for number in range(100)]
    new = [f"0002{number:02}" for number in range(100)]
    for number in known:
        person(town, number)
    ContentType.objects.get_for_models(StaffMember, RosterImport)

    few = queries_for(known[:10]), queries_for(new[:10])
    many = queries_for(known), queries_for(new)

    assert few == many
    assert set(StaffMember.objects.values_list("number", flat=True)) == set(known)
