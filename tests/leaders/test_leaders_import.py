"""Leaders of terms from before the system."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agano_dx.lib.issues import Findings
from leaders.imports import import_leaders, read_leaders
from leaders.models import Cohort, EndReason, LeaderTerm
from staff.models import StaffMember
from tests.conftest import TODAY
from tests.factories import CohortFactory, DepartmentFactory, StaffMemberFactory
from tests.roster_makers import (
    ERROR_VALUE,
    MY_NUMBER,
    book,
    everything,
    listed,
    says_what_to_do,
    sheet,
    table,
    told,
    workbook,
)

pytestmark = pytest.mark.django_db

START = date(2025, 4, 1)


@pytest.fixture
def office(db):
    CohortFactory()
    StaffMemberFactory(number="000101", name="見本　一郎")
    StaffMemberFactory(number="000102", name="見本　花子")
    return DepartmentFactory(code="101", name="総務課")


def row(number="000101", **cells):
    own = {
        "期": "第1期",
        "所属コード": "101",
        "所属": None,
        "職員番号": number,
        "氏名": None,
        "就任日": START,
        "退任日": None,
        "退任理由": None,
        "修了": None,
    }
    return own | cells


def brought_in(*rows, dry_run=False, by=None):
    found = Findings()
    terms = read_leaders(listed(*rows), found, on=TODAY)
    return import_leaders(terms=terms, found=found, by=by, dry_run=dry_run), found


def test_terms_come_in_with_how_they_ended(office):
    new, found = brought_in(
        row(退任日="R8.3.31", 退任理由="異動", 修了="○"),
        row("000102", 期="１", 所属コード=None, 所属="総務課", 就任日="R8.4.1"),
    )

    assert (new, found.errors, found.warnings) == (2, [], [])
    ended, sitting = LeaderTerm.objects.order_by("starts_on")
    assert (ended.staff.number, ended.department, ended.starts_on) == ("000101", office, START)
    assert (ended.ends_on, ended.end_reason, ended.completed) == (
        date(2026, 3, 31),
        EndReason.MOVED,
        True,
    )
    assert (sitting.staff.number, sitting.department) == ("000102", office)
    assert (sitting.ends_on, sitting.end_reason, sitting.completed) == (None, "", False)


def test_the_same_file_twice_adds_nothing(office):
    rows = [row(退任日="R8.3.31", 退任理由="退職"), row("000102"), row("000102")]
    assert brought_in(*rows)[0] == 2
    before = everything()

    new, found = brought_in(*rows)

    assert (new, found.errors, found.warnings) == (0, [], [])
    assert everything() == before


def test_a_term_known_otherwise_stays_with_a_warning(office):
    brought_in(row())

    new, found = brought_in(row(退任日="R8.3.31", 退任理由="退職"), row("000102"))

    assert new == 1
    [warning] = found.warnings
    assert says_what_to_do(warning.message)
    assert LeaderTerm.objects.get(staff__number="000101").ends_on is None


def test_somebody_may_sit_again_after_an_ended_term(office):
    new, found = brought_in(row(退任日="R7.9.30"), row(就任日="R8.4.1"))

    assert (new, found.errors) == (2, [])


def test_another_persons_name_is_asked_after(office):
    new, found = brought_in(row(氏名="見本　花子"), row("000102", 氏名="見本花子"))

    assert new == 2
    [warning] = found.warnings
    assert (warning.row, warning.value) == (2, "見本　花子")


def test_a_doubtful_day_is_asked_after(office):
    new, found = brought_in(row(就任日="H37.4.1"))

    assert new == 1
    [warning] = found.warnings
    assert says_what_to_do(warning.message)


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({"期": "第9期"}, "この期は計画にありません"),
        ({"期": "9" * 5000}, "この期は計画にありません"),
        ({"期": "第𐩀期"}, "この期は計画にありません"),
        ({"所属コード": "999"}, "所属「999」は登録されていません"),
        ({"所属コード": None, "所属": "宇宙課"}, "所属「宇宙課」は登録されていません"),
        ({"職員番号": "999999"}, "この職員番号の職員はいません"),
        ({"職員番号": MY_NUMBER}, "マイナンバー"),
        ({"就任日": None}, "就任日がありません"),
        ({"就任日": "R7.2.30"}, "暦にない日付"),
        ({"退任日": "R7.3.31"}, "退任日が就任日より前です"),
        ({"退任理由": "飽きた", "退任日": "R8.3.31"}, "「飽きた」は使えない言葉です"),
        ({"修了": "修了"}, "修了にするには退任日が必要です"),
        ({"修了": "たぶん"}, "「たぶん」は使えない言葉です"),
        ({"職員番号": "000101", "就任日": "R8.4.1"}, "リーダーとして活動中です"),
        ({"所属コード": ERROR_VALUE}, "エラー値"),
        ({"退任理由": ERROR_VALUE}, "エラー値"),
    ],
)
def test_a_bad_row_is_pointed_at_and_nothing_is_written(office, cells, part):
    before = everything()

    new, found = brought_in(row(), row("000102", **cells))

    assert new == 0
    [error] = found.errors
    assert part in error.message
    assert error.row == 3
    assert error.message.endswith("。")
    assert MY_NUMBER not in error.value
    assert everything() == before


def test_somebody_sitting_already_is_refused(office):
    brought_in(row())

    new, found = brought_in(row(就任日="R8.4.1"))

    assert new == 0
    assert "リーダーとして活動中です" in found.errors[0].message


def test_a_dry_run_counts_and_writes_nothing(office):
    before = everything()

    assert brought_in(row(), dry_run=True)[0] == 1
    assert everything() == before


def test_each_term_leaves_its_trail(office, admin):
    brought_in(row(), row("000102"), by=admin)

    content_type = ContentType.objects.get_for_model(LeaderTerm)
    trail = LogEntry.objects.filter(content_type=content_type)
    assert {int(entry.object_pk) for entry in trail} == set(
        LeaderTerm.objects.values_list("pk", flat=True)
    )
    assert {entry.actor for entry in trail} == {admin}
    assert len(trail) == 2


def test_the_command_tells_what_it_did(office, tmp_path):
    good, bad = tmp_path / "名簿.xlsx", tmp_path / "誤り.xlsx"
    good.write_bytes(workbook(row()))
    bad.write_bytes(workbook(row("000102"), row("999999")))

    shape = {"file": "名簿.xlsx", "warnings": [], "errors": []}
    assert told("import_leaders", good, "--dry-run") == (
        0,
        {**shape, "applied": False, "imported": 1},
    )
    assert told("import_leaders", good) == (0, {**shape, "applied": True, "imported": 1})
    assert told("import_leaders", good) == (0, {**shape, "applied": True, "imported": 0})
    code, answer = told("import_leaders", bad)

    assert (code, answer["applied"], answer["imported"]) == (1, False, 0)
    assert LeaderTerm.objects.count() == 1


def test_two_hundred_rows_take_as_many_queries_as_ten(office):
    numbers = [member.number for member in StaffMemberFactory.create_batch(210)]
    ContentType.objects.get_for_model(LeaderTerm)

    def queries_for(chosen):
        with CaptureQueriesContext(connection) as captured:
            brought_in(*(row(number) for number in chosen))
        return len(captured)

    assert queries_for(numbers[:10]) == queries_for(numbers[10:])
    assert LeaderTerm.objects.count() == 210


# --- What a term may not be ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({"就任日": "R7.3.31"}, "就任日が第1期の期間（令和7年4月1日～令和9年3月31日）の外です"),
        ({"就任日": "R9.4.1"}, "就任日が第1期の期間"),
        ({"退任日": "R9.4.1"}, "退任日が第1期の期間"),
        ({"退任理由": "異動"}, "退任理由があるのに退任日がありません"),
        ({"判定の理由": "実績による"}, "判定の理由があるのに「修了」が空欄です"),
        ({"退任の事情": "長" * 1001}, "1000文字まで"),
    ],
)
def test_a_term_that_cannot_be_is_pointed_at(office, cells, part):
    new, found = brought_in(row(**cells))

    assert new == 0
    [error] = found.errors
    assert part in error.message
    assert says_what_to_do(error.message)
    assert (error.sheet, error.row) == ("名簿", 2)
    assert error.column == letter_of(row(**cells), next(iter(cells)))


def letter_of(cells, heading):
    return "ABCDEFGHIJKLMN"[list(cells).index(heading)]


def test_the_first_and_the_last_day_of_the_two_years_are_within(office):
    new, found = brought_in(
        row(就任日="R7.4.1", 退任日="R7.4.1"), row("000102", 就任日="R9.3.31", 退任日="R9.3.31")
    )

    assert (new, found.errors) == (2, [])


@pytest.mark.parametrize("order", [1, -1])
def test_two_terms_at_once_are_refused_at_the_later_one(office, order):
    rows = [row(退任日="R8.3.31"), row(就任日="R8.3.31", 退任日="R8.9.30")][::order]

    new, found = brought_in(*rows)

    assert new == 0
    [error] = found.errors
    assert "時期の重なる任期（第1期・令和7年4月1日から）があります" in error.message
    assert error.row == {1: 3, -1: 2}[order]


def test_a_term_may_begin_on_the_day_after_the_one_before(office):
    new, found = brought_in(row(退任日="R8.3.31"), row(就任日="R8.4.1", 退任日="R8.9.30"))

    assert (new, found.errors) == (2, [])


def test_a_term_that_overlaps_a_known_one_is_refused(office):
    brought_in(row(就任日="R8.4.1", 退任日="R8.9.30"))

    new, found = brought_in(row(退任日="R8.4.1"))

    assert new == 0
    assert "時期の重なる任期（第1期・令和8年4月1日から）" in found.errors[0].message


def test_the_same_term_told_in_two_ways_is_refused(office):
    new, found = brought_in(row(退任日="R8.3.31"), row(退任日="R8.4.30"))

    assert new == 0
    [error] = found.errors
    assert "2行目にも同じ任期があり" in error.message
    assert error.row == 3


@pytest.mark.parametrize(
    ("left_on", "cells", "column"),
    [
        (date(2026, 3, 31), {"退任日": "R8.4.1"}, "退任日"),
        (date(2025, 3, 31), {"退任日": "R8.4.1"}, "就任日"),
        (None, {"退任日": "R8.3.30", "修了": "修了"}, "修了"),
    ],
)
def test_what_is_odd_is_asked_after_and_goes_in(office, left_on, cells, column):
    StaffMember.objects.filter(number="000101").update(left_on=left_on)

    new, found = brought_in(row(**cells))

    assert (new, found.errors) == (1, [])
    [warning] = found.warnings
    assert says_what_to_do(warning.message)
    assert warning.column == letter_of(row(), column)


def test_the_command_line_writes_nothing_into_a_closed_cohort(office):
    Cohort.objects.update(closed_at=timezone.now())

    new, found = brought_in(row())

    assert (new, len(found.errors)) == (0, 1)
    assert "第1期は終了しているため" in found.errors[0].message
    assert not LeaderTerm.objects.exists()


def test_twelve_whole_months_or_a_reason_are_not_asked_after(office):
    _, found = brought_in(
        row(退任日="R8.3.31", 修了="修了"),
        row("000102", 退任日="R8.3.30", 修了="修了", 判定の理由="実績による"),
    )

    assert found.warnings == []


# --- 修了・未修了・未判定 ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "completed", "decided_on"),
    [("修了", True, TODAY), ("未修了", False, TODAY), (None, False, None), ("未判定", False, None)],
)
def test_a_decision_is_dated_and_a_blank_is_none(office, word, completed, decided_on):
    brought_in(row(退任日="R8.3.31", 修了=word))

    term = LeaderTerm.objects.get()
    assert (term.completed, term.decided_on) == (completed, decided_on)


def test_free_text_is_kept_as_it_was_written(office):
    new, found = brought_in(
        row(退任日="R8.3.31", 修了="修了", 判定の理由="実績\r\nによる", 退任の事情="家庭の都合"),
        row("000102", 退任日="R8.3.31", 修了="未修了", 判定の理由="同上", 退任の事情="〃"),
    )

    assert (new, found.errors) == (2, [])
    first, second = LeaderTerm.objects.order_by("staff__number")
    assert (first.decision_reason, first.end_note) == ("実績\nによる", "家庭の都合")
    assert (second.decision_reason, second.end_note) == ("同上", "〃")


def test_a_column_that_is_not_there_says_nothing(office):
    brought_in(row(退任日="R8.3.31", 修了="修了", 退任の事情="家庭の都合"))
    short = {heading: row()[heading] for heading in ("期", "所属コード", "職員番号", "就任日")}

    new, found = brought_in(short)

    assert (new, found.errors, found.warnings) == (0, [], [])


# --- Departments --------------------------------------------------------------------------------


def test_the_code_of_a_closed_department_is_known(office):
    closed = DepartmentFactory(code="E1", name="廃止課", closes_on=date(2026, 3, 31))

    new, found = brought_in(row(所属コード="E1", 所属="廃止課", 退任日="R8.3.31"))

    assert (new, found.errors, found.warnings) == (1, [], [])
    assert LeaderTerm.objects.get().department == closed


def test_a_code_and_a_name_that_do_not_go_together_are_asked_after(office):
    DepartmentFactory(code="102", name="税務課")

    new, found = brought_in(row(所属="税務課"))

    assert new == 1
    [warning] = found.warnings
    assert "所属コード「101」の所属は「総務課」です" in warning.message


def test_the_list_may_stand_on_another_sheet(office):
    two = book(sheet(["表紙"], name="表紙"), sheet(*table(row()), name="リーダー"))
    found = Findings()

    terms = read_leaders(two, found, on=TODAY)

    assert [line.staff.number for line in terms] == ["000101"]
