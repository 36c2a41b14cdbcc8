"""Departments and ranks from CSV."""

from dataclasses import replace
from datetime import date

import pytest

from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import read_workbook
from staff.models import Band, Department, DepartmentKind, Rank
from staff.reorganisation import DepartmentFacts
from staff.roster.masters import import_departments, import_ranks
from staff.services.departments import rename_department
from tests.factories import DepartmentFactory, RankFactory
from tests.roster_makers import (
    ERROR_VALUE,
    MY_NUMBER,
    book,
    everything,
    says_what_to_do,
    sheet,
    told,
)

pytestmark = pytest.mark.django_db

DEPARTMENTS = ("code", "name", "kind", "parent", "leader_required", "digital_office")
RANKS = ("name", "band", "executive", "leader_eligible", "heads_department")


def departments(*rows):
    found = Findings()
    return import_departments(book(sheet(DEPARTMENTS, *rows)), found), found


def ranks(*rows):
    found = Findings()
    return import_ranks(book(sheet(RANKS, *rows)), found), found


# --- Departments --------------------------------------------------------------------------------


def test_departments_come_in_with_their_tree_and_flags():
    written, found = departments(
        ("10101", "推進室", "office", "101", "0", "1"),
        ("101", "総務課", "section", "100", "1", "0"),
        ("100", "総務部", "division", None, "0", "0"),
    )

    assert (written, found.errors) == (3, [])
    office = Department.objects.get(code="10101")
    assert (office.name, office.kind) == ("推進室", DepartmentKind.OFFICE)
    assert (office.gives_leader, office.is_digital_office) == (False, True)
    assert (office.parent.code, office.parent.parent.code) == ("101", "100")
    assert office.parent.gives_leader
    assert list(Department.objects.values_list("code", flat=True)) == ["10101", "101", "100"]


def test_the_same_departments_again_change_nothing():
    rows = [("100", "総務部", "division", None, "0", "0"), ("101", "総務課", "section", "100", "1")]
    departments(*rows)
    before = everything()

    departments(*rows)

    assert everything() == before


def test_a_department_is_corrected_by_its_code():
    unit = DepartmentFactory(code="101", name="旧総務課", parent=DepartmentFactory(code="100"))

    departments(("101", "総務課", "section", "200"), ("200", "市民部", "division"))

    unit.refresh_from_db()
    assert (unit.name, unit.parent.code, unit.gives_leader) == ("総務課", "200", False)


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (("102", "税務課", "planet"), "division・section"),
        (("102", "税務課", "section", "999"), "上位の所属がありません"),
        (("102", "税務課", "section", None, "はい"), "1か0"),
        ((None, "税務課", "section"), "空ではいけません"),
        (("102", None, "section"), "空ではいけません"),
        (("102", "課" * 61, "section"), "60 文字以下"),
        (("101", "税務課", "section"), "所属コードが重なっています"),
        (("102", "税務課", "section", "102"), "この所属の下にあります"),
        (("102", ERROR_VALUE, "section"), "エラー値"),
        ((MY_NUMBER, "税務課", "section"), "マイナンバー"),
    ],
)
def test_a_bad_department_is_pointed_at_and_nothing_is_written(row, part):
    before = everything()

    written, found = departments(("101", "総務課", "section"), row)

    assert written == 0
    [error] = [error for error in found.errors if error.row == 3]
    assert part in error.message
    assert error.message.endswith("ください。")
    assert everything() == before


def test_a_tree_that_goes_round_is_refused():
    departments(("100", "総務部", "division"), ("101", "総務課", "section", "100"))

    written, found = departments(("100", "総務部", "division", "101"))

    assert written == 0
    assert "この所属の下にあります" in found.errors[0].message
    assert Department.objects.get(code="100").parent is None


def test_a_department_that_ends_is_not_corrected_by_a_file_without_dates():
    DepartmentFactory(code="101", name="総務課", closes_on=date(2027, 3, 31))

    written, found = departments(("101", "総務課", "section"))

    assert written == 0
    assert "廃止の日が決まっています" in found.errors[0].message
    assert says_what_to_do(found.errors[0].message)


def test_the_same_file_changes_nothing_after_the_parent_was_renamed():
    rows = [("100", "総務部", "division"), ("101", "総務課", "section", "100")]
    departments(*rows)
    division = Department.objects.get(code="100")
    facts = replace(DepartmentFacts.of(division), name="総務企画部")
    rename_department(department=division, facts=facts, on=date(2027, 4, 1), by=None)
    rows[0] = ("100", "総務企画部", "division")
    before = everything()

    written, _ = departments(*rows)

    assert written == 2
    assert Department.objects.get(code="101").parent == division
    assert everything() == before


# --- Ranks --------------------------------------------------------------------------------------


def test_ranks_come_in_with_their_flags_and_are_corrected_by_name():
    RankFactory(name="主事", is_leader_eligible=True)

    written, found = ranks(
        ("課長", "section_chief", "1", "0", "1"), ("主事", "staff", "0", "0", "0")
    )

    assert (written, found.errors) == (2, [])
    chief, clerk = Rank.objects.all()
    assert (chief.name, chief.band) == ("課長", Band.SECTION_CHIEF)
    assert (chief.is_executive, chief.is_leader_eligible, chief.heads_department) == (
        True,
        False,
        True,
    )
    assert (clerk.name, clerk.band, clerk.is_leader_eligible) == ("主事", Band.STAFF, False)


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (("主任", "長老"), "section_chief・deputy"),
        (("主任", "staff", "2"), "1か0"),
        (("課長", "staff"), "職名が重なっています"),
        (("職" * 41, "staff"), "40 文字以下"),
        ((ERROR_VALUE, "staff"), "エラー値"),
    ],
)
def test_a_bad_rank_is_pointed_at_and_nothing_is_written(row, part):
    before = everything()

    written, found = ranks(("課長", "section_chief"), row)

    assert written == 0
    [error] = [error for error in found.errors if error.row == 3]
    assert part in error.message
    assert says_what_to_do(error.message)
    assert everything() == before


# --- The commands -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("import_departments", "code,name,kind\n101,総務課,section\n"),
        ("import_ranks", "name,band\n課長,section_chief\n"),
    ],
)
def test_the_commands_tell_what_they_did(tmp_path, command, text):
    path = tmp_path / "表.csv"
    path.write_text(text)
    bad = tmp_path / "誤り.csv"
    bad.write_text("あ,い\n1,2\n")

    code, answer = told(command, path)
    refused, why = told(command, bad)

    assert code == 0
    assert answer == {
        "file": "表.csv",
        "applied": True,
        "imported": 1,
        "warnings": [],
        "errors": [],
    }
    assert (refused, why["applied"], why["imported"]) == (1, False, 0)
    assert "必要な見出し" in why["errors"][0]["message"]


def test_the_citys_own_masters_read_without_a_word(city):
    for act, name in ((import_departments, "departments.csv"), (import_ranks, "ranks.csv")):
        found = Findings()
        act(read_workbook((city / name).read_bytes(), name), found)
        assert (found.errors, found.warnings) == ([], [])
