"""Leaders of terms from before the system."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agano_dx.lib.issues import Findings
from leaders.imports import import_leaders, read_leaders
from leaders.models import EndReason, LeaderTerm
from tests.conftest import TODAY
from tests.factories import CohortFactory, DepartmentFactory, StaffMemberFactory
from tests.roster_makers import (
    ERROR_VALUE,
    MY_NUMBER,
    everything,
    listed,
    says_what_to_do,
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
