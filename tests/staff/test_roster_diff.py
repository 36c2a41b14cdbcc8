"""What a roster changes, and what it leaves alone."""

from datetime import date, timedelta

import pytest

from staff.models import (
    Assignment,
    ChangeKind,
    ConcurrentPost,
    Duty,
    Employment,
    RosterKind,
    StaffMember,
)
from staff.services.rosters import store_preview
from tests.factories import ConcurrentPostFactory
from tests.roster_makers import (
    DAY,
    line,
    listed,
    loaded,
    person,
    place_on,
    planned,
    put_into_force,
    says_what_to_do,
    small_town,
)
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

BEFORE = DAY - timedelta(days=1)
FULL = RosterKind.FULL
KANA = {"name_kana": "ミホン イチロウ", "email": "s101@example.jp", "hired_on": date(2010, 4, 1)}


@pytest.fixture
def town(db):
    return small_town()


def kinds(plan):
    return [(change.number, str(change.kind)) for change in plan.diff.changes]


def the_change(*lines, **options):
    plan = planned(listed(*lines), **options)
    assert not plan.errors
    [change] = plan.diff.changes
    return change


def the_error(*lines, **options):
    [error] = planned(listed(*lines), **options).errors
    assert says_what_to_do(error.message)
    return error.message


# --- Blanks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        *("氏名", "フリガナ", "所属", "係", "職名", "任用形態", "採用年月日"),
        *("発令日", "異動区分", "兼務", "メールアドレス"),
    ],
)
@pytest.mark.parametrize("kind", RosterKind.values)
def test_a_blank_cell_never_erases(town, heading, kind):
    place = {"team": "人事係", "employment": Employment.REAPPOINTED, "duty": Duty.LEAVE}
    member = person(town, place=place, **KANA)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])

    plan = planned(listed(line(**{heading: None})), kind=kind)

    assert not plan.errors
    assert all(change.is_optional and change.question for change in plan.diff.changes)
    put_into_force(store_preview(plan=plan, by=None))
    assert ConcurrentPost.objects.get().ends_on is None
    assert Assignment.objects.count() == 1


def test_a_blank_in_a_leave_column_means_back_on_duty(town):
    person(town, place={"duty": Duty.CHILDCARE})

    loaded(line(在職区分=None, 備考="x"))

    assert place_on("000101", BEFORE).duty == Duty.CHILDCARE
    assert place_on("000101").duty == Duty.ACTIVE


def test_without_a_leave_column_leave_goes_on(town):
    person(town, place={"duty": Duty.CHILDCARE})

    assert not planned(listed(line())).diff.changes


def test_a_movement_may_say_that_leave_begins_or_ends(town):
    person(town, place={"duty": Duty.CHILDCARE})
    person(town, "000102")

    loaded(line(異動区分="復職"), line("000102", 異動区分="休職"))

    assert place_on("000101").duty == Duty.ACTIVE
    assert place_on("000102").duty == Duty.LEAVE


# --- Again --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", RosterKind.values)
def test_loading_the_same_list_again_changes_nothing(town, kind):
    person(town)
    person(town, "000102", place={"duty": Duty.LEAVE})
    person(town, "000103")
    lines = (
        line(職名="部長（総務課長）", 在職区分=None, 兼務="税務課 課長", 係="人事係"),
        line(
            "000102", 所属="税務課", 氏名="見本　改姓", 在職区分="在職", フリガナ="ミホン カイセイ"
        ),
        line("000103", 発令日="R8.9.30", 異動区分="退職"),
        line("000104", 採用年月日="R8.10.1", メールアドレス="s104@example.jp"),
    )
    loaded(*lines, kind=kind)

    again = planned(listed(*lines), kind=kind)

    assert kinds(again) == []
    assert not again.errors
    assert again.summary["unchanged"] == 3


def test_a_partial_list_touches_only_its_rows(town):
    for number in ("000101", "000102", "000103"):
        person(town, number)

    plan = planned(listed(line("000102", 所属="税務課")))

    assert kinds(plan) == [("000102", "moved")]
    assert plan.summary["unchanged"] == 2


def test_unchanged_counts_those_in_service_that_nothing_of_note_touches(town):
    person(town, "000101")
    person(town, "000102")
    person(town, "000103", left_on=BEFORE)
    person(town, "000104", hired_on=DAY + timedelta(days=1))

    plan = planned(listed(line("000101", フリガナ="ミホン"), line("000102", 職名="主任")))

    assert kinds(plan) == [("000101", "detail_changed"), ("000102", "rank_changed")]
    assert plan.summary["unchanged"] == 1


# --- Days ---------------------------------------------------------------------------------------


def test_a_row_of_its_own_day_takes_effect_that_day(town):
    person(town)

    loaded(line(所属="税務課", 発令日="R8.8.1"))

    assert place_on("000101", date(2026, 7, 31)).department == town.affairs
    assert place_on("000101", date(2026, 8, 1)).department == town.tax


def test_a_full_list_that_repeats_an_old_appointment_takes_effect_on_its_own_day(town):
    person(town, place={"starts_on": date(2024, 4, 1)})

    loaded(line(所属="税務課", 発令日="R6.4.1"), kind=FULL)

    assert place_on("000101", BEFORE).department == town.affairs
    assert place_on("000101", DAY).department == town.tax


def test_the_day_of_a_leaving_row_is_the_last_day(town):
    person(town)

    loaded(line(発令日="R8.12.31", 異動区分="定年退職"))

    member = StaffMember.objects.get(number="000101")
    assert member.left_on == date(2026, 12, 31)
    assert member.is_employed(date(2026, 12, 31))
    assert not member.is_employed(date(2027, 1, 1))
    assert Assignment.objects.count() == 1


def test_the_absent_left_the_day_before(town):
    person(town)
    person(town, "000102")

    loaded(line(), kind=FULL)

    assert StaffMember.objects.get(number="000102").left_on == BEFORE


def test_a_change_of_employment_leaves_past_figures_alone(town):
    person(town)

    loaded(line(任用形態="会計年度任用職員"))

    def population(on):
        return StaffMember.objects.in_population(on, DEFAULT_RULE).count()

    assert (population(BEFORE), population(DAY)) == (1, 0)


# --- People -------------------------------------------------------------------------------------


def test_a_hire_stands_in_the_city_from_the_day(town):
    loaded(
        line(
            フリガナ="ミホン",
            メールアドレス="a@example.jp",
            採用年月日="R2.4.1",
            係="人事係",
            任用形態="任期付",
            在職区分="育休",
            兼務="税務課 課長",
        )
    )

    member = StaffMember.objects.get(number="000101")
    assert (member.name, member.name_kana) == ("見本　000101", "ミホン")
    assert (member.name_key, member.email) == ("見本000101", "a@example.jp")
    assert member.hired_on == date(2020, 4, 1)
    place = place_on("000101")
    assert (place.starts_on, place.department, place.rank.name) == (DAY, town.affairs, "主事")
    assert (place.team, place.employment) == ("人事係", Employment.FIXED_TERM)
    assert place.duty == Duty.CHILDCARE
    [post] = ConcurrentPost.objects.all()
    assert (post.staff, post.department, post.starts_on) == (member, town.tax, DAY)


def test_a_hire_of_a_later_day_has_no_place_before_it(town):
    loaded(line(採用年月日="R8.11.1"))

    assert StaffMember.objects.get().hired_on == date(2026, 11, 1)
    assert Assignment.objects.get().starts_on == date(2026, 11, 1)


def test_a_new_name_with_its_reading_and_address_is_one_renaming(town):
    person(town, **KANA)

    preview = loaded(line(氏名="別姓　一郎", フリガナ="ベッセイ イチロウ", メール="b@example.jp"))

    member = StaffMember.objects.get()
    assert (member.name, member.name_key) == ("別姓　一郎", "別姓一郎")
    assert (member.name_kana, member.email) == ("ベッセイ イチロウ", "b@example.jp")
    assert Assignment.objects.count() == 1
    assert set(preview.changes.values_list("kind", flat=True)) == {"renamed", "detail_changed"}


def test_a_new_name_and_a_new_place_come_in_together(town):
    person(town, place={"team": "人事係"})

    plan = planned(listed(line(氏名="別姓　一郎", 所属="税務課", 職名="主任")))
    loaded(line(氏名="別姓　一郎", 所属="税務課", 職名="主任"))

    assert plan.summary["moved"] == plan.summary["renamed"] == ["000101"]
    assert plan.summary["rank_changed"] == ["000101"]
    assert StaffMember.objects.get().name == "別姓　一郎"
    place = place_on("000101")
    assert (place.department, place.rank.name, place.team) == (town.tax, "主任", "")


def test_a_rare_letter_is_not_the_common_one(town):
    person(town, name="山崎　一郎")

    change = the_change(line(氏名="山﨑　一郎"))

    assert (change.before, change.after) == ({"name": "山崎　一郎"}, {"name": "山﨑　一郎"})


@pytest.mark.parametrize(
    ("cells", "team"),
    [
        ({"係": None}, "人事係"),
        ({"係": "給与係"}, "給与係"),
        ({"係": None, "所属": "税務課"}, ""),
        ({"係": "市民税係", "所属": "税務課"}, "市民税係"),
        ({"係": None, "職名": "主任"}, "人事係"),
    ],
)
def test_a_team_stays_changes_or_goes_with_the_move(town, cells, team):
    person(town, place={"team": "人事係"})

    loaded(line(**cells, 備考="x"))

    assert place_on("000101").team == team
    assert place_on("000101", BEFORE).team == "人事係"


def test_a_mangled_name_of_somebody_known_stays_with_a_warning(town):
    person(town, name="𠮷田　太郎")

    plan = planned(listed(line(氏名="?田　太郎", 所属="税務課")))

    assert kinds(plan) == [("000101", "moved")]
    assert not plan.errors
    [warning] = plan.warnings
    assert says_what_to_do(warning.message)


# --- Second posts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        {"職名": "部長（総務課長）", "兼務": None},
        {"職名": "部長", "兼務": "総務課 課長"},
        {"職名": "部長（総務課長）", "兼務": "総務課 課長"},
        {"職名": "部長", "兼務": "総務課長、総務課 課長"},
    ],
)
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_a_second_post_is_made_once_however_often_it_is_written(town, cells, is_known):
    if is_known:
        person(town, rank="部長", department=town.division)

    loaded(line(所属="総務部", **cells))

    [post] = ConcurrentPost.objects.all()
    assert (post.department, post.rank.name, post.starts_on) == (town.affairs, "課長", DAY)
    assert post.ends_on is None


def test_two_ranks_in_one_second_department_are_asked_after(town):
    person(town)

    assert "税務課" in the_error(line(兼務="税務課 課長、税務課 主任"))


def test_a_post_held_is_not_made_again(town):
    member = person(town)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])

    assert not planned(listed(line(兼務="税務課長"))).diff.changes


def test_a_post_that_a_full_list_does_not_repeat_stays_and_is_asked_after(town):
    member = person(town)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])

    plan = planned(listed(line()), kind=FULL)
    partial = planned(listed(line()))

    [warning] = plan.warnings
    assert "兼務" in warning.message
    assert says_what_to_do(warning.message)
    assert not plan.diff.changes
    assert not partial.warnings


# --- Leavers ------------------------------------------------------------------------------------


def alarms(plan):
    return [warning for warning in plan.warnings if "5%" in warning.message]


@pytest.mark.parametrize(("leavers", "is_alarmed"), [(1, False), (2, True)])
def test_more_than_five_in_a_hundred_absent_raise_the_alarm(town, leavers, is_alarmed):
    for number in range(20):
        person(town, f"{number:06}")
    stay = [line(f"{number:06}") for number in range(20 - leavers)]

    plan = planned(listed(*stay), kind=FULL)

    assert bool(alarms(plan)) is is_alarmed
    assert all(says_what_to_do(alarm.message) for alarm in alarms(plan))


def test_hires_and_small_corrections_do_not_hush_the_alarm(town):
    for number in range(20):
        person(town, f"{number:06}")
    stay = [line(f"{number:06}", フリガナ="ミホン") for number in range(18)]
    new = [line(f"9{number:05}") for number in range(30)]

    assert alarms(planned(listed(*stay, *new), kind=FULL))


def test_leavers_whom_rows_name_raise_no_alarm(town):
    person(town)

    plan = planned(listed(line(発令日="R8.9.30", 異動区分="退職")), kind=FULL)

    assert kinds(plan) == [("000101", "left")]
    assert not alarms(plan)


# --- Refusals -----------------------------------------------------------------------------------


def test_a_leaver_nobody_knows_is_refused(town):
    assert "登録されていない職員の退職" in the_error(line(発令日="R8.9.30", 異動区分="退職"))


def test_a_leaver_without_a_day_is_refused(town):
    person(town)

    assert "退職日がありません" in the_error(line(異動区分="退職"))


def test_leaving_before_being_hired_is_refused(town):
    person(town, hired_on=date(2026, 4, 1))

    assert "採用年月日より前" in the_error(line(発令日="R8.3.31", 異動区分="退職"))


def test_the_number_of_somebody_who_left_under_another_name_is_refused(town):
    person(town, left_on=date(2026, 3, 31))

    assert "令和8年3月31日に退職した職員の番号" in the_error(line(氏名="別人　花子"))


def test_somebody_who_left_and_is_named_again_is_asked_after(town):
    person(town, left_on=date(2026, 3, 31))

    change = the_change(line())

    assert change.kind == ChangeKind.RETURNED
    assert "令和8年3月31日に退職した職員です" in change.question


@pytest.mark.parametrize("heading", ["氏名", "所属", "職名"])
def test_a_hire_needs_name_department_and_rank(town, heading):
    message = the_error(line(**{heading: None}), line("000102"))

    assert f"新しい職員ですが、{heading}がありません" in message


def test_a_hire_with_a_mangled_name_is_refused(town):
    assert "氏名がありません" in the_error(line(氏名="〓田　太郎"))


def test_somebody_in_service_cannot_be_hired_after_the_day(town):
    person(town)

    assert "採用年月日" in the_error(line(採用年月日="R9.4.1"))


def test_a_code_and_a_name_that_disagree_are_refused(town):
    person(town)

    message = the_error(
        {"職員番号": "000101", "氏名": None, "所属コード": "102", "所属名": "総務課"}
    )

    assert "所属コード102は「税務課」" in message


def test_a_list_older_than_the_last_one_is_asked_after(town):
    loaded(line())

    assert "より古いものです" in planned(listed(line()), effective_on=BEFORE).question
    assert not planned(listed(line()), effective_on=DAY).question


def test_a_list_of_another_year_is_refused(town):
    person(town)

    message = planned(listed(line(), title="令和7年10月1日現在")).errors[0].message

    assert "名簿の日付は令和7年10月1日ですが、発令日に令和8年10月1日" in message
    assert says_what_to_do(message)


def test_a_list_without_people_is_refused(town):
    roster = listed({"職員番号": "合計", "氏名": "0名"})

    [error] = planned(roster).errors

    assert "職員の行がありません" in error.message
    assert says_what_to_do(error.message)


def test_a_person_may_move_and_then_leave_in_one_list(town):
    person(town)

    loaded(
        line(所属="税務課", 発令日="R8.10.1", 異動区分="異動"),
        line(所属="税務課", 発令日="R8.12.31", 異動区分="退職"),
    )

    assert place_on("000101").department == town.tax
    assert StaffMember.objects.get().left_on == date(2026, 12, 31)
