"""Files out of the roster: what leaves comes back as it was."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.workbooks.findings import FINDINGS_SHEET
from agano_dx.lib.workbooks.reading import WorkbookError, read_workbook
from agano_dx.lib.workbooks.template import CHOICES_SHEET, EXAMPLE_SHEET
from agano_dx.lib.workbooks.writing import NOTES_SHEET
from staff.models import Department, Duty, Employment, RosterKind
from staff.roster.files import (
    annotated_copy,
    csv_of,
    current_roster,
    roster_csv,
    roster_template,
    roster_workbook,
    workbook_of,
)
from staff.roster.files.current import HEADINGS
from tests import roster_worlds
from tests import workbook_makers as make
from tests.conftest import TODAY
from tests.factories import ConcurrentPostFactory, DepartmentFactory
from tests.roster_makers import book, person, planned, sheet, small_town

pytestmark = pytest.mark.django_db

FULL = RosterKind.FULL
LONG_AGO = date(2020, 4, 1)


@pytest.fixture
def town(db):
    return small_town()


def in_memory(roster, *, headings=HEADINGS, rows=None):
    """The roster's sheet as the reader would deliver it, without the way through a file."""
    rows = roster.rows if rows is None else rows
    return book(sheet((roster.title,), headings, *rows))


def imported(read):
    """What the book would do as a full roster; its day must stand in the book."""
    return planned(read, kind=FULL, effective_on=None)


def assert_no_change(plan, *, on):
    assert [issue.as_line() for issue in plan.errors] == []
    assert plan.diff.expected == []
    assert plan.effective_on == on


def column(roster, heading):
    return [row[HEADINGS.index(heading)] for row in roster.rows]


# --- The current roster comes back as it was ----------------------------------------------------


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=roster_worlds.people(), on=st.sampled_from(roster_worlds.DAYS), dice=st.randoms())
def test_the_roster_of_any_day_imports_without_a_change_in_any_order(hard_town, people, on, dice):
    with transaction.atomic():
        roster_worlds.put_down(hard_town, people)
        roster = current_roster(on)
        order = list(range(len(HEADINGS)))
        shuffled = [list(row) for row in roster.rows]
        dice.shuffle(order)
        dice.shuffle(shuffled)

        straight = imported(in_memory(roster)) if roster.rows else None
        mixed = imported(
            in_memory(
                roster,
                headings=[HEADINGS[place] for place in order],
                rows=[[row[place] for place in order] for row in shuffled],
            )
        )

        transaction.set_rollback(True)
    employed = [p for p in people if p.hired_on <= on and (p.left_on is None or p.left_on >= on)]
    assert len(roster.rows) == len(employed)
    if employed:
        assert_no_change(straight, on=on)
        assert_no_change(mixed, on=on)
        assert mixed.diff.unchanged == len(employed)


@pytest.fixture
def hard_town(db):
    return roster_worlds.make_town()


@pytest.fixture
def crowd(hard_town):
    return roster_worlds.crowd(hard_town)


@pytest.mark.parametrize(
    ("write", "name"), [(roster_workbook, "名簿.xlsx"), (roster_csv, "名簿.csv")]
)
def test_the_file_itself_imports_without_a_change(crowd, write, name):
    data = write(TODAY)

    plan = imported(read_workbook(data, name))

    assert_no_change(plan, on=TODAY)
    assert (plan.rows, plan.diff.unchanged) == (len(crowd), len(crowd))


def test_both_files_hold_the_same_rows(crowd):
    roster = current_roster(TODAY)

    in_workbook, in_csv = (
        read_workbook(data, "").sheets[0] for data in (workbook_of(roster), csv_of(roster))
    )

    assert [[cell.text for cell in row.cells if cell.text] for row in in_workbook.rows] == [
        [cell.text for cell in row.cells if cell.text] for row in in_csv.rows
    ]


def test_a_change_made_in_the_file_is_the_only_change(crowd):
    workbook = openpyxl.load_workbook(BytesIO(roster_workbook(TODAY)))
    workbook.worksheets[0].cell(3, 1 + HEADINGS.index("在職区分")).value = "派遣"
    number = workbook.worksheets[0]["A3"].value

    plan = imported(read_workbook(make.saved(workbook), ""))

    assert [(change.number, change.kind) for change in plan.diff.expected] == [
        (number, "duty_changed")
    ]


# --- What it holds ------------------------------------------------------------------------------


def test_the_first_line_names_the_day_in_both_calendars(town):
    title = current_roster(TODAY).title

    assert title == "取扱注意（個人情報）　職員名簿　令和8年11月23日（2026-11-23）現在"


def test_a_row_says_everything_the_city_knows_of_a_person(town):
    member = person(
        town,
        name="髙橋　一郎",
        name_kana="タカハシ イチロウ",
        email="s101@example.jp",
        rank="主任",
        place={"team": "庶務係", "duty": Duty.SECONDED, "employment": Employment.FIXED_TERM},
    )
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])

    [row] = current_roster(TODAY).rows

    assert row == (
        "000101",
        "髙橋　一郎",
        "タカハシ イチロウ",
        "101",
        "総務課",
        "庶務係",
        "主任",
        "任期付",
        "派遣",
        date(2010, 4, 1),
        "税務課 課長",
        "s101@example.jp",
    )


def test_only_those_in_service_that_day_are_in_it(town):
    person(town, "000101", left_on=TODAY - timedelta(days=1))
    person(town, "000102", left_on=TODAY)
    person(town, "000103", hired_on=TODAY)
    person(town, "000104", hired_on=TODAY + timedelta(days=1))

    assert column(current_roster(TODAY), "職員番号") == ["000102", "000103"]


def test_what_begins_later_is_not_in_it(town):
    member = person(town)
    tomorrow = TODAY + timedelta(days=1)
    member.assignments.create(
        starts_on=tomorrow, department=town.tax, rank=town.ranks["課長"], team="新係"
    )
    ConcurrentPostFactory(staff=member, department=town.tax, starts_on=tomorrow)

    today, then = current_roster(TODAY), current_roster(tomorrow)

    assert (column(today, "所属"), column(today, "兼務")) == (["総務課"], [""])
    assert column(then, "所属") == ["税務課"]


def test_the_order_is_that_of_the_organisation_then_of_ranks(town):
    person(town, "000104", department=town.office)
    person(town, "000103", department=town.tax)
    person(town, "000102", department=town.affairs, rank="主事")
    person(town, "000101", department=town.affairs, rank="課長")

    assert column(current_roster(TODAY), "職員番号") == ["000101", "000102", "000103", "000104"]


def test_a_post_in_one_of_two_sections_of_one_name_is_written_with_its_division(town):
    DepartmentFactory(code="201", name="税務課", parent=DepartmentFactory(name="市民部"))
    ConcurrentPostFactory(staff=person(town), department=town.tax, rank=town.ranks["課長"])

    assert column(current_roster(TODAY), "兼務") == ["総務部 税務課 課長"]


def test_words_that_would_be_read_as_something_else_are_left_blank_and_counted(town):
    member = person(town, department=town.tax, place={"team": "収納対策室"})
    for number in ("301", "302"):  # nobody can tell these two apart by their names
        post_in = DepartmentFactory(code=number, name="双子課")
        ConcurrentPostFactory(staff=member, department=post_in, rank=town.ranks["課長"])

    roster = current_roster(TODAY)

    assert (column(roster, "係"), column(roster, "兼務")) == ([""], ["301 課長、302 課長"])
    assert roster.left_blank == 1
    notes = openpyxl.load_workbook(BytesIO(workbook_of(roster)))[NOTES_SHEET]
    assert any("（1件）は、空欄" in str(cell.value) for (cell,) in notes)


def test_a_workbook_says_nothing_of_blanks_when_there_are_none(town):
    person(town)

    notes = openpyxl.load_workbook(BytesIO(roster_workbook(TODAY)))[NOTES_SHEET]

    assert not any("件）は、空欄" in str(cell.value) for (cell,) in notes)


def test_a_name_that_looks_like_a_formula_is_text_in_both_files(town):
    person(town, name="=HYPERLINK(1)")

    in_workbook = openpyxl.load_workbook(BytesIO(roster_workbook(TODAY))).worksheets[0]["B3"]
    rows = list(csv.reader(StringIO(roster_csv(TODAY).decode("utf-8-sig"), newline="")))

    assert (in_workbook.data_type, in_workbook.value) == ("s", "=HYPERLINK(1)")
    assert rows[2][1] == "'=HYPERLINK(1)"


def test_somebody_with_everything_blank_is_still_in_it(db):
    roster_worlds.put_down(
        SimpleNamespace(units=[], ranks=[]),
        [roster_worlds.Person("見本　一郎", "", "", LONG_AGO, None, (), ())],
    )

    roster = current_roster(TODAY)

    assert roster.rows == [("000000", "見本　一郎", *[""] * 7, LONG_AGO, "", "")]
    assert_no_change(imported(in_memory(roster)), on=TODAY)


@pytest.mark.parametrize("count", [1, 11])
def test_the_roster_takes_seven_queries_however_long_it_is(town, django_assert_num_queries, count):
    for index in range(count):
        member = person(town, f"0002{index:02d}")
        ConcurrentPostFactory(staff=member, department=town.tax)

    with django_assert_num_queries(7):
        roster = current_roster(TODAY)

    assert len(roster.rows) == count


# --- The template -------------------------------------------------------------------------------


def filled(*lines):
    """The template with these lines written under its headings."""
    workbook = openpyxl.load_workbook(BytesIO(roster_template(TODAY)))
    blank = workbook["職員名簿"]
    columns = {cell.value: cell.column for cell in blank[1]}
    for number, each in enumerate(lines, start=2):
        for heading, text in each.items():
            blank.cell(number, columns[heading]).value = text
    return read_workbook(make.saved(workbook), "職員名簿_ひな形.xlsx")


def offered(heading):
    """What the template's drop-down of this column offers."""
    choices = openpyxl.load_workbook(BytesIO(roster_template(TODAY)))[CHOICES_SHEET]
    [found] = [cell.column for cell in choices[1] if cell.value == heading]
    below = choices.iter_rows(min_row=2, min_col=found, max_col=found, values_only=True)
    return [text for (text,) in below if text]


def test_a_filled_template_imports_and_nothing_else_in_it_does(town):
    person(town, "000102")
    hire = {
        "職員番号": "000901",
        "氏名": "記入　花子",
        "フリガナ": "キニュウ ハナコ",
        "所属": "総務部 税務課 収納対策室",
        "職名": "主事",
        "任用形態": "再任用",
        "採用年月日": "R8.10.1",
        "異動区分": "採用",
        "発令日": "R8.10.1",
        "兼務": "総務部 総務課 課長",
        "メールアドレス": "hanako@example.jp",
    }
    leaver = {"職員番号": "000102", "異動区分": "退職", "発令日": "2026-09-30"}

    plan = planned(filled(hire, leaver), kind=RosterKind.PARTIAL, effective_on=None)

    assert [issue.as_line() for issue in plan.errors + plan.warnings] == []
    assert [(change.number, str(change.kind)) for change in plan.diff.expected] == [
        ("000901", "hired"),
        ("000901", "post_added"),
        ("000102", "left"),
    ]
    assert plan.diff.expected[0].after["department"] == town.office.code


def test_a_blank_template_holds_nobody(town):
    plan = planned(filled(), kind=RosterKind.FULL)

    assert (plan.rows, plan.diff.expected) == (0, [])
    assert plan.errors[0].message.startswith("職員の行がありません。")


def test_the_departments_to_choose_from_are_those_open_that_day(town):
    Department.objects.filter(pk=town.office.pk).update(closes_on=TODAY - timedelta(days=1))
    Department.objects.filter(pk=town.tax.pk).update(closes_on=TODAY)
    DepartmentFactory(name="未来課", opens_on=TODAY + timedelta(days=1))

    assert offered("所属") == ["総務部", "総務部 総務課", "総務部 税務課"]


@pytest.mark.parametrize(
    ("heading", "choices"),
    [
        ("職名", ["部長", "課長", "主任", "主事"]),
        ("任用形態", Employment.labels),
        ("在職区分", Duty.labels),
    ],
)
def test_the_other_drop_downs_offer_what_can_be_read(town, heading, choices):
    assert sorted(offered(heading)) == sorted(choices)


def test_every_choice_of_every_drop_down_is_read_without_a_doubt(hard_town):
    lines = [
        {"職員番号": f"{index:06d}", "氏名": "見本　一郎", "発令日": "R8.10.1", heading: choice}
        for index, (heading, choice) in enumerate(
            (heading, choice)
            for heading in ("所属", "職名", "任用形態", "在職区分", "異動区分")
            for choice in offered(heading)
        )
    ]

    plan = planned(filled(*lines), kind=RosterKind.PARTIAL, effective_on=None)

    doubts = {issue.message for issue in plan.errors + plan.warnings if issue.column}
    assert doubts == set()
    assert len(lines) > 30


def test_two_units_of_one_path_are_offered_by_their_codes(town):
    twins = [DepartmentFactory(code=code, name="双子課") for code in ("T1", "T2")]

    assert set(offered("所属")) >= {twin.code for twin in twins}


def test_a_city_without_departments_gets_a_template_too(db):
    workbook = openpyxl.load_workbook(BytesIO(roster_template(TODAY)))

    assert workbook.sheetnames == ["職員名簿", EXAMPLE_SHEET, NOTES_SHEET, CHOICES_SHEET]


# --- The annotated copy -------------------------------------------------------------------------


def test_the_copy_of_a_roster_shows_what_its_import_found(town):
    person(town)
    data = make.book(
        ("職員名簿　令和8年10月1日現在",),
        ("職員番号", "氏名", "所属", "職名", "採用年月日"),
        ("000101", "見本　000101", "総務課", "主事", 45748),
        ("000102", "見本　新人", "謎の課", "主事", None),
    )
    plan = imported(read_workbook(data, "名簿.xlsm"))

    copy, name = annotated_copy(
        data,
        "名簿.xlsm",
        [issue.as_json() for issue in plan.errors],
        [issue.as_json() for issue in plan.warnings],
    )

    sheet = openpyxl.load_workbook(BytesIO(copy))["名簿"]
    coloured = {
        cell.coordinate: cell.fill.start_color.rgb
        for row in sheet
        for cell in row
        if cell.fill.fill_type
    }
    assert name == "名簿_取込結果.xlsx"
    assert coloured == {"E3": "00FFEB9C", "C4": "00FFC7CE"}
    assert "所属「謎の課」は登録されていません。" in sheet["C4"].comment.text
    assert sheet["C4"].comment.author == "取込"


def test_a_copy_mended_and_read_again_is_clean(town):
    person(town)
    data = make.book(
        ("職員番号", "氏名", "所属", "職名"), ("000101", "見本　000101", "謎の課", "主事")
    )
    found = [issue.as_json() for issue in planned(read_workbook(data, "x")).errors]
    copy, _ = annotated_copy(data, "名簿.xlsx", found, [])
    workbook = openpyxl.load_workbook(BytesIO(copy))
    workbook["名簿"]["C2"].value = "税務課"

    plan = planned(read_workbook(make.saved(workbook), "x"))

    assert plan.errors == []
    assert [str(change.kind) for change in plan.diff.expected] == ["moved"]


@pytest.mark.parametrize(
    ("uploaded", "name"),
    [
        ("名簿.csv", "名簿_取込結果.xlsx"),
        ("名簿_取込結果.xlsx", "名簿_取込結果.xlsx"),
        ("", "名簿_取込結果.xlsx"),
    ],
)
def test_the_copy_is_named_after_the_upload(uploaded, name):
    data = "職員番号,氏名\r\n000101,見本\r\n".encode()

    copy, given_name = annotated_copy(data, uploaded, [], [])

    assert given_name == name
    assert openpyxl.load_workbook(BytesIO(copy)).sheetnames == [FINDINGS_SHEET, "CSV"]


def test_there_is_no_copy_of_a_file_that_cannot_be_read():
    with pytest.raises(WorkbookError, match=r"照会番号"):
        annotated_copy(b"%PDF-1.7", "名簿.xlsx", [], [])
