"""Our files opened, saved and printed by LibreOffice, which many a city's offices use."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from agano_dx.lib.workbooks.reading import read_workbook
from agano_dx.lib.workbooks.template import CHOICES_SHEET
from staff.models import RosterKind
from staff.roster.files import annotated_copy, roster_template, roster_workbook
from tests import roster_worlds
from tests import workbook_makers as make
from tests.conftest import TODAY
from tests.libreoffice import CSV, converted_by
from tests.roster_makers import planned

pytestmark = [pytest.mark.office, pytest.mark.django_db]


@pytest.fixture(scope="session")
def profile(tmp_path_factory) -> Path:
    """A LibreOffice of our own, which shares nothing with that of the desk."""
    return tmp_path_factory.mktemp("libreoffice")


@pytest.fixture
def converted(profile, tmp_path):
    """`converted(data, "pdf")`: the file as LibreOffice saves it."""

    def convert(data: bytes, target: str) -> bytes:
        return converted_by(profile, tmp_path, data, target)

    return convert


@pytest.fixture
def town(db):
    return roster_worlds.make_town()


def flawed():
    """A roster with an error in C2, and its marked copy."""
    data = make.book(("職員番号", "氏名", "所属"), ("000101", "髙橋　一郎", "謎の課"))
    issue = {"sheet": "名簿", "row": 2, "column": "C", "value": "謎の課", "message": "直して。"}
    copy, _ = annotated_copy(data, "名簿.xlsx", [issue], [])
    return copy


@pytest.mark.parametrize(("target", "name"), [("xlsx", "名簿.xlsx"), (CSV, "名簿.csv")])
def test_a_roster_saved_by_libreoffice_imports_without_a_change(converted, town, target, name):
    people = roster_worlds.crowd(town)
    saved = converted(roster_workbook(TODAY), target)

    plan = planned(read_workbook(saved, name), kind=RosterKind.FULL, effective_on=None)

    assert [issue.as_line() for issue in plan.errors] == []
    assert plan.diff.expected == []
    assert (plan.effective_on, plan.diff.unchanged) == (TODAY, len(people))


def test_names_that_shift_jis_has_not_are_asked_about_and_stay(converted, town):
    roster_worlds.crowd(town)
    saved = converted(roster_workbook(TODAY), CSV)

    plan = planned(read_workbook(saved, "名簿.csv"), kind=RosterKind.FULL, effective_on=None)

    asked = [issue.value for issue in plan.warnings if "置き換わっています" in issue.message]
    assert sorted(asked) == ["?田　太郎", "見本　？", "辻?　誠"]
    assert plan.diff.expected == []


def test_the_template_keeps_its_drop_downs_in_libreoffice(converted, town):
    workbook = openpyxl.load_workbook(BytesIO(converted(roster_template(TODAY), "xlsx")))

    sheet = workbook["職員名簿"]
    rules = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert len(rules) == 5
    assert all(CHOICES_SHEET in rule.formula1 for rule in rules)
    assert [cell.value for cell in workbook[CHOICES_SHEET][2]][0] == "総務部"


def test_a_template_filled_and_saved_in_libreoffice_imports(converted, town):
    workbook = openpyxl.load_workbook(BytesIO(roster_template(TODAY)))
    sheet = workbook["職員名簿"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for heading, text in {
        "職員番号": "000901",
        "氏名": "記入　花子",
        "所属": "教育委員会 総務課",
        "職名": "主事",
        "発令日": "R8.10.1",
    }.items():
        sheet.cell(2, columns[heading]).value = text
    saved = converted(make.saved(workbook), "xlsx")

    plan = planned(read_workbook(saved, ""), kind=RosterKind.PARTIAL, effective_on=None)

    [change] = plan.diff.expected
    assert plan.errors == []
    assert (change.number, change.after["department"]) == ("000901", "0201")


def test_the_annotated_copy_keeps_its_colours_comments_and_links_in_libreoffice(converted):
    workbook = openpyxl.load_workbook(BytesIO(converted(flawed(), "xlsx")))

    cell = workbook["名簿"]["C2"]
    assert cell.fill.start_color.rgb.endswith("FFC7CE")
    assert "【誤り】直して。" in cell.comment.text
    assert workbook.worksheets[0]["G7"].hyperlink.location.endswith("C2")


@pytest.mark.parametrize("make_file", [lambda: roster_template(TODAY), flawed])
def test_the_files_can_be_printed(converted, town, make_file):
    assert converted(make_file(), "pdf").startswith(b"%PDF-")
