"""The trail that bulk writes leave, and what must never be in what is told of a file."""

from datetime import date

import pytest
from auditlog.models import LogEntry

from agano_dx.lib import audit
from agano_dx.lib.issues import Findings, Issue
from staff.models import Department, StaffMember
from tests.factories import (
    DepartmentFactory,
    RosterFileFactory,
    RosterUndoFactory,
    StaffMemberFactory,
    UserFactory,
)

MY_NUMBER = "123456789012"


@pytest.mark.django_db
def test_all_entries_of_a_bulk_write_are_one_query(django_assert_num_queries, admin):
    members = StaffMemberFactory.create_batch(20)
    audit.record(by=admin, action=audit.UPDATE, about=[(members[0], {})])

    with django_assert_num_queries(1):
        audit.record(
            by=admin,
            action=audit.UPDATE,
            about=[(member, {"name": ("a", "b")}) for member in members],
        )


@pytest.mark.django_db
def test_an_entry_says_who_changed_what_of_whom(admin):
    member = StaffMemberFactory(name="見本　一郎")
    unit = DepartmentFactory()
    LogEntry.objects.all().delete()

    audit.record(
        by=admin,
        action=audit.UPDATE,
        about=[
            (member, {"left_on": (None, date(2026, 3, 31)), "rows": (1, 2), "flag": (False, True)}),
            (unit, {}),
        ],
        extra={"sha256": "a"},
    )

    person, department = LogEntry.objects.order_by("pk")
    assert (person.actor, person.action) == (admin, LogEntry.Action.UPDATE)
    assert person.changes == {
        "left_on": [None, "2026-03-31"],
        "rows": [1, 2],
        "flag": [False, True],
    }
    assert person.additional_data == {"sha256": "a"}
    assert person.content_type.model_class() is StaffMember
    assert (person.object_pk, person.object_id) == (str(member.pk), member.pk)
    assert person.object_repr == f"staff.staffmember:{member.pk}"
    assert department.content_type.model_class() is Department


@pytest.mark.django_db
def test_the_servers_own_command_line_has_no_name():
    member = StaffMemberFactory()
    LogEntry.objects.all().delete()

    audit.record(by=None, action=audit.CREATE, about=[(member, {})])

    entry = LogEntry.objects.get()
    assert (entry.actor, entry.action) == (None, LogEntry.Action.CREATE)


@pytest.mark.django_db
def test_single_saves_of_a_command_name_the_account(admin):
    with audit.acting(admin):
        unit = DepartmentFactory()

    assert LogEntry.objects.get_for_object(unit).get().actor == admin


@pytest.mark.django_db
def test_no_entry_holds_a_password_or_what_is_kept_of_a_file():
    LogEntry.objects.all().delete()

    UserFactory(password="合言葉の指紋")
    RosterFileFactory(content=b"PK\x03\x04\xc7")
    RosterUndoFactory(created={"staff.StaffMember": {"1": "見本　一郎"}})

    kept = {field for entry in LogEntry.objects.all() for field in entry.changes}
    assert kept.isdisjoint({"password", "last_login", "content", "created", "changed"})


# --- Issues -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        MY_NUMBER,
        "1234 5678 9012",
        "1234-5678-9012",
        "１２３４５６７８９０１２",
        f"番号 {MY_NUMBER}",
    ],
)
def test_an_issue_never_repeats_a_my_number(typed):
    issue = Issue("名簿", 3, "A", typed, f"「{typed}」は使えない言葉です。直してください。")

    told = f"{issue.as_json()}{issue.as_line()}{issue!r}"

    assert "5678" not in told
    assert "５６７８" not in told
    assert "直してください。" in told


@pytest.mark.parametrize("typed", ["000101", "20260401", "03-1234-5678", "1234567890123"])
def test_an_issue_repeats_other_numbers(typed):
    assert Issue("名簿", 3, "A", typed, "").value == typed


def test_an_issue_reads_as_one_line():
    assert (
        Issue("名簿", 3, "A", "x", "直してください。").as_line() == "名簿 3行 A列: 直してください。"
    )
    assert Issue("名簿", 3, "", "x", "直してください。").as_line() == "名簿 3行: 直してください。"
    assert Issue("", None, "", "", "直してください。").as_line() == "直してください。"


def test_findings_have_the_shape_of_the_commands_json():
    found = Findings(warnings=[Issue("名簿", 3, "A", "x", "y")])

    assert found.as_json() == {
        "warnings": [{"sheet": "名簿", "row": 3, "column": "A", "value": "x", "message": "y"}],
        "errors": [],
    }
