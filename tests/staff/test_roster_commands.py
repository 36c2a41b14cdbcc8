"""`import_roster` as machines and people call it: shape, exit codes, refusals."""

import io
import json
import re
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from staff.models import (
    Assignment,
    Band,
    Department,
    DepartmentKind,
    Rank,
    RosterImport,
    RosterKind,
    StaffMember,
)
from tests import workbook_makers as make
from tests.factories import DepartmentFactory, RosterImportFactory
from tests.roster_makers import (
    MY_NUMBER,
    csv_of,
    everything,
    line,
    numbers,
    person,
    place_on,
    says_what_to_do,
    small_town,
    told,
    workbook,
)

pytestmark = pytest.mark.django_db

AT_OCTOBER = "--effective-on=R8.10.1"


@pytest.fixture
def town(db):
    return small_town()


@pytest.fixture
def saved(tmp_path):
    """Writes a file and gives back where it is."""

    def save(data, name="名簿.xlsx"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return save


# --- Shape --------------------------------------------------------------------------------------


def test_the_json_has_the_shape_machines_rely_on(town, saved):
    for number in ("000101", "000102", "000103", "000104", "000105", "000106"):
        person(town, number)
    path = saved(
        workbook(
            line("000101", 所属="税務課"),
            line("000102", 職名="主任"),
            line("000103", 氏名="別姓　000103"),
            line("000104", 異動区分="育休", 発令日=date(2026, 9, 15)),
            line("000105", 異動区分="退職", 発令日=date(2026, 9, 30), 血液型="A"),
            line("000201"),
            line("000200"),
        )
    )

    code, answer = told("import_roster", path, AT_OCTOBER, "--partial")

    assert code == 0
    assert answer == {
        "file": "名簿.xlsx",
        "effective_on": "2026-10-01",
        "applied": True,
        "rows": 7,
        "summary": {
            "hired": ["000200", "000201"],
            "left": ["000105"],
            "moved": ["000101"],
            "rank_changed": ["000102"],
            "renamed": ["000103"],
            "duty_changed": ["000104"],
            "unchanged": 1,
        },
        "warnings": [
            {
                "sheet": "名簿",
                "row": 1,
                "column": "",
                "value": "血液型",
                "message": "この見出しの列は使いません。",
            }
        ],
        "errors": [],
    }
    assert place_on("000104", date(2026, 9, 15)).duty == "childcare"


def test_a_refusal_has_the_same_shape_and_points_at_the_cell(town, saved):
    path = saved(workbook(line("000101"), line("000102", 所属="宇宙課")))

    code, answer = told("import_roster", path, AT_OCTOBER, "--partial")

    assert code == 1
    assert answer == {
        "file": "名簿.xlsx",
        "effective_on": "2026-10-01",
        "applied": False,
        "rows": 2,
        "summary": {
            **{kind: [] for kind in ("left", "moved", "rank_changed", "renamed", "duty_changed")},
            "hired": ["000101"],
            "unchanged": 0,
        },
        "warnings": [],
        "errors": [
            {
                "sheet": "名簿",
                "row": 3,
                "column": "C",
                "value": "宇宙課",
                "message": "所属「宇宙課」は登録されていません。"
                "所属を直すか、先に所属を登録してください。",
            }
        ],
    }


def test_a_person_at_a_terminal_reads_lines(town, saved):
    path = saved(workbook(line("000101"), line("000102", 所属="宇宙課")))
    out = io.StringIO()

    with pytest.raises(SystemExit):
        call_command(
            "import_roster", str(path), AT_OCTOBER, "--partial", "--format=text", stdout=out
        )

    lines = out.getvalue().splitlines()
    assert lines[0] == "反映していません。"
    assert "hired 1" in lines
    assert lines[-1].startswith("誤り 名簿 3行 C列: 所属「宇宙課」は登録されていません。")


def test_output_that_goes_to_no_terminal_is_json(town, saved):
    out = io.StringIO()

    call_command("import_roster", str(saved(workbook(line()))), AT_OCTOBER, "--partial", stdout=out)

    assert json.loads(out.getvalue())["applied"] is True


@pytest.mark.parametrize("typed", ["2026-10-01", "R8.10.1", "令和8年10月1日", "20261001"])
def test_the_day_is_typed_as_in_the_sheets(town, saved, typed):
    _, answer = told(
        "import_roster", saved(workbook(line())), f"--effective-on={typed}", "--partial"
    )

    assert answer["effective_on"] == "2026-10-01"


@pytest.mark.parametrize(
    "args",
    [
        ("missing.xlsx", AT_OCTOBER),
        (".", AT_OCTOBER),
        ("名簿.xlsx", "--effective-on=R8.2.30"),
        ("名簿.xlsx", "--effective-on=8.10.1"),
    ],
)
def test_a_missing_file_or_a_wrong_day_is_a_usage_error(town, saved, monkeypatch, args):
    monkeypatch.chdir(saved(workbook(line())).parent)
    before = everything()

    with pytest.raises(CommandError) as refused:
        call_command("import_roster", *args, "--partial")

    assert refused.value.returncode == 2
    assert str(refused.value).endswith("。")
    assert everything() == before


# --- Nothing written ----------------------------------------------------------------------------

NEW = line("000201")
OLD = line("000101")


def formula(row):
    """A workbook whose first name is a formula without a saved value."""
    data = Workbook()
    for cells in (list(row), list(row.values())):
        data.active.append(cells)
    data.active["B2"] = "=CONCATENATE(D2,C2)"
    return make.saved(data)


def on_two_sheets():
    data = Workbook()
    for page in (data.active, data.create_sheet("その2")):
        page.append(list(NEW))
        page.append(list(NEW.values()))
    return make.saved(data)


BAD = {
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "Excelブック（.xlsx、.xlsm）でもCSVでもない"),
    "a password": (make.ole("EncryptedPackage"), "パスワード"),
    "an old workbook": (make.ole("Workbook"), "古い形式（.xls）"),
    "cut in the middle": (workbook(OLD)[:3000], "壊れているか途中で切れて"),
    "no bytes": (b"", "値の入ったセルが一つもない"),
    "no cells": (make.saved(Workbook()), "値の入ったセルが一つもない"),
    "no headings": (make.book(["あ", "い"], [1, 2]), "必要な見出し"),
    "two headings": (
        workbook(OLD | {"職員コード": "1"}),
        "見出しがA列「職員番号」とE列「職員コード」",
    ),
    "unknown department": (workbook(OLD, NEW | {"所属": "宇宙課"}), "所属「宇宙課」"),
    "unknown rank": (workbook(OLD, NEW | {"職名": "艦長"}), "職名「艦長」"),
    "code and name apart": (workbook(OLD | {"所属コード": "102"}), "所属コード102は「税務課」"),
    "one number twice": (workbook(NEW, OLD, NEW), "2行目と重なっています"),
    "one number on two sheets": (on_two_sheets(), "シート「Sheet」の2行目と重なっています"),
    "no such day": (workbook(OLD | {"採用日": "R8.2.30"}), "暦にない日付"),
    "another year's": (workbook(OLD, NEW, title="令和7年4月1日現在"), "名簿の日付は令和7年4月1日"),
    "My Number": (workbook(NEW | {"職員番号": MY_NUMBER}), "マイナンバー"),
    "leaver unknown": (
        workbook(OLD, NEW | {"発令日": "R8.9.30", "異動区分": "退職"}),
        "登録されていない職員の退職",
    ),
    "number of a leaver": (workbook(OLD, line("000102")), "令和8年3月31日に退職した職員です"),
    "hire without department": (workbook(OLD, NEW | {"所属": None}), "所属がありません"),
    "hire without rank": (workbook(OLD, NEW | {"職名": None}), "職名がありません"),
    "hire without name": (workbook(OLD, NEW | {"氏名": None}), "氏名がありません"),
    "error value": (workbook(OLD, NEW | {"所属": "#N/A"}), "エラー値「#N/A」"),
    "formula without value": (formula(OLD), "計算結果が"),
    "mangled name of a hire": (csv_of(NEW | {"氏名": "𠮷田　太郎"}), "氏名がありません"),
    "half a character": (csv_of(OLD) + b"\x82", "文字コードを判別できない"),
}


@pytest.fixture
def settled(town):
    """Somebody in service, somebody who left, and a roster of April in force."""
    person(town, "000101")
    person(town, "000102", left_on=date(2026, 3, 31))
    RosterImportFactory(status="applied", applied_at="2026-04-01T00:00:00Z")
    return town


@pytest.mark.parametrize(
    ("what", "options"), [*((what, ()) for what in BAD), ("unknown department", ("--dry-run",))]
)
def test_a_bad_file_gets_one_sentence_and_writes_nothing(settled, saved, what, options):
    data, part = BAD[what]
    before = everything()

    code, answer = told("import_roster", saved(data), AT_OCTOBER, "--partial", *options)

    assert code == 1
    assert answer["applied"] is False
    [error] = answer["errors"]
    assert part in error["message"]
    assert says_what_to_do(re.sub("（照会番号 [0-9A-F]{8}）$", "", error["message"]))
    assert MY_NUMBER not in json.dumps(answer)
    assert everything() == before


@pytest.mark.parametrize(
    ("day", "part"),
    [
        ("--effective-on=R8.3.31", "より古いものです"),
        ("--effective-on=R10.4.1", "1年以内"),
        ("--effective-on=", "発令日が名簿にありません"),
    ],
)
def test_a_day_that_cannot_be_writes_nothing(settled, saved, day, part):
    before = everything()

    code, answer = told("import_roster", saved(workbook(OLD)), day)

    assert code == 1
    [error] = answer["errors"]
    assert part in error["message"]
    assert says_what_to_do(error["message"])
    assert everything() == before


def test_a_dry_run_tells_all_and_writes_nothing(settled, saved):
    before = everything()

    code, answer = told("import_roster", saved(workbook(NEW)), AT_OCTOBER, "--dry-run")

    assert code == 0
    assert answer["applied"] is False
    assert answer["summary"]["hired"] == ["000201"]
    assert answer["summary"]["left"] == ["000101"]
    assert everything() == before


# --- Leavers ------------------------------------------------------------------------------------


def test_leavers_are_accepted_in_so_many_words(settled, saved):
    path = saved(workbook(NEW))
    before = everything()

    code, answer = told("import_roster", path, AT_OCTOBER)

    assert code == 1
    assert "退職になる1人の確認がまだです" in answer["errors"][0]["message"]
    assert everything() == before

    code, answer = told("import_roster", path, AT_OCTOBER, "--accept-leavers")

    assert (code, answer["applied"]) == (0, True)
    assert StaffMember.objects.get(number="000101").left_on == date(2026, 9, 30)


def test_leavers_whom_rows_name_need_no_option(settled, saved):
    path = saved(workbook(OLD | {"発令日": "R8.9.30", "異動区分": "退職"}))

    code, answer = told("import_roster", path, AT_OCTOBER)

    assert (code, answer["summary"]["left"]) == (0, ["000101"])


# --- Unknown departments and ranks --------------------------------------------------------------


def test_missing_departments_and_ranks_are_made_when_asked(town, saved):
    path = saved(
        workbook(line("000101", 所属="宇宙課", 職名="艦長"), line("000102", 所属="宇宙課"))
    )

    code, answer = told("import_roster", path, AT_OCTOBER, "--partial", "--create-missing")

    assert (code, answer["errors"]) == (0, [])
    made = Department.objects.get(name="宇宙課")
    assert (made.kind, made.gives_leader) == (DepartmentKind.SECTION, False)
    rank = Rank.objects.get(name="艦長")
    assert (rank.band, rank.heads_department) == (Band.STAFF, False)
    assert place_on("000101").department == place_on("000102").department == made


def test_a_dry_run_makes_no_departments_or_ranks(town, saved):
    before = everything()

    code, answer = told(
        "import_roster",
        saved(workbook(line(所属="宇宙課", 職名="艦長"))),
        *(AT_OCTOBER, "--partial", "--create-missing", "--dry-run"),
    )

    assert (code, answer["summary"]["hired"]) == (0, ["000101"])
    assert everything() == before


def test_a_refused_file_makes_no_departments_or_ranks(town, saved):
    before = everything()

    code, _ = told(
        "import_roster",
        saved(workbook(line(所属="宇宙課", 職名="艦長"), line("000102", 氏名=None))),
        *(AT_OCTOBER, "--partial", "--create-missing"),
    )

    assert code == 1
    assert everything() == before


def test_sections_are_made_once_each_under_their_division(town, saved):
    DepartmentFactory(code="200", name="民生部", kind=DepartmentKind.DIVISION)
    units = [("総務部", "庶務課"), ("民生部", "庶務課"), ("新設部", "総務課"), ("新設部", "総務課")]
    lines = [
        {"職員番号": f"00010{i}", "氏名": "見本　一郎", "部": top, "課": unit, "職名": "主事"}
        for i, (top, unit) in enumerate([*units, *units])
    ]

    code, answer = told(
        "import_roster",
        saved(workbook(*lines)),
        *(AT_OCTOBER, "--partial", "--create-missing"),
    )

    assert (code, answer["errors"]) == (0, [])
    paths = [
        (place.department.parent.name, place.department.name)
        for place in Assignment.objects.select_related("department__parent").order_by("staff")
    ]
    assert paths == [*units, *units]
    assert Department.objects.filter(name="庶務課").count() == 2
    assert Department.objects.filter(name="新設部").count() == 1
    assert Department.objects.filter(name="総務課").count() == 2


@pytest.mark.parametrize(
    ("heading", "long"), [("所属", "課" * 61), ("職名", "職" * 41)], ids=["department", "rank"]
)
def test_a_name_too_long_to_be_made_is_refused(town, saved, heading, long):
    before = everything()

    code, answer = told(
        "import_roster",
        saved(workbook(line(**{heading: long}))),
        *(AT_OCTOBER, "--partial", "--create-missing"),
    )

    assert code == 1
    assert says_what_to_do(answer["errors"][0]["message"])
    assert everything() == before


# --- Trail --------------------------------------------------------------------------------------


def test_the_commands_import_is_kept_like_the_pages(town, saved):
    told("import_roster", saved(workbook(line())), AT_OCTOBER, "--partial")

    kept = RosterImport.objects.get()
    assert (kept.kind, kept.status, kept.uploaded_by) == (RosterKind.PARTIAL, "applied", None)
    assert numbers() == {"000101"}
    assert re.fullmatch("[0-9a-f]{64}", kept.sha256)
    assert LogEntry.objects.filter(additional_data__sha256=kept.sha256).count() == 1
