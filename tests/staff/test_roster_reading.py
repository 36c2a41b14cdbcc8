"""What a roster's file says, whatever its shape."""

from datetime import date

import pytest
from openpyxl import Workbook

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.reading import Cell, read_workbook
from staff.models import Duty, Employment, RosterKind
from staff.roster.lookup import Masters
from staff.roster.missing import MissingMasters
from staff.roster.sheet import read_roster
from tests import workbook_makers as make
from tests.factories import DepartmentFactory
from tests.roster_makers import (
    DAY,
    ERROR_VALUE,
    MY_NUMBER,
    book,
    csv_of,
    line,
    listed,
    person,
    planned,
    says_what_to_do,
    sheet,
    small_town,
    table,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return small_town()


def read(roster):
    masters = Masters.load(DAY)
    return read_roster(roster, masters, MissingMasters(masters))


def only_row(*lines):
    result = read(listed(*lines))
    assert not result.found.errors
    [row] = result.rows
    return row


# --- Departments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code", "team"),
    [
        ({"部": "総務部", "課": "税務課", "係・室": "収納対策室"}, "10201", None),
        ({"部": "総務部", "課": "税務課", "係・室": "市民税係"}, "102", "市民税係"),
        ({"部": "総務部", "課": "税務課", "係・室": None}, "102", None),
        ({"部": "総務部", "課": None, "係・室": None}, "100", None),
        ({"所属": "総務部　税務課"}, "102", None),
        ({"所属": "税務課 収納対策室"}, "10201", None),
        ({"所属": "10201"}, "10201", None),
        ({"所属コード": "10201", "所属": "税務課収納対策室"}, "10201", None),
        ({"所属コード": 101, "所属": None}, "101", None),
        ({"所属": "税務課", "係": "収納対策室"}, "10201", None),
    ],
)
def test_a_department_is_found_by_levels_path_or_code(town, cells, code, team):
    row = only_row({"職員番号": "000101", "氏名": "見本　一郎", **cells})

    assert row.department.code == code
    assert row.team == team


def test_a_name_that_two_units_bear_asks_for_the_code(town):
    for parent, code in ((town.affairs, "10101"), (town.tax, "10202")):
        DepartmentFactory(code=code, name="庶務室", parent=parent)

    result = read(listed(line(所属="庶務室")))

    [error] = result.found.errors
    assert "庶務室" in error.message
    assert "所属コード" in error.message
    assert says_what_to_do(error.message)


def test_the_same_name_under_its_own_section_is_clear(town):
    for parent, code in ((town.affairs, "10101"), (town.tax, "10202")):
        DepartmentFactory(code=code, name="庶務室", parent=parent)

    assert only_row(line(所属="税務課 庶務室")).department.code == "10202"
    levels = {"部": "総務部", "課": "総務課", "係・室": "庶務室"}
    assert only_row({"職員番号": "1", "氏名": "見本　一郎", **levels}).department.code == "10101"


# --- Sheets, rows, notes ------------------------------------------------------------------------


def test_every_sheet_with_a_table_is_read_and_the_others_are_left_out(town):
    roster = book(
        sheet(["凡例"], ["○は育休"], name="凡例"),
        sheet(*table(line("000101")), name="その1"),
        sheet(*table(line("000102")), name="その2"),
    )

    result = read(roster)

    assert [(row.sheet, row.number) for row in result.rows] == [
        ("その1", "000101"),
        ("その2", "000102"),
    ]
    assert not result.found.errors


def test_a_sheet_named_after_a_department_places_its_people(town):
    rows = table({"職員番号": "000101", "氏名": "見本　一郎", "職名": "主事"})
    roster = book(sheet(*rows, name="総務課"), sheet(*rows[:1], name="税務課"))

    [row] = read(roster).rows

    assert row.department == town.affairs


def test_totals_notes_blanks_and_hidden_rows_are_skipped_and_counted(town):
    workbook = Workbook()
    page = workbook.active
    for row in (
        *table(line("000101"), line("000102"), line("000103"), title="令和8年10月1日現在"),
        [],
        ["合　計", "3名"],
        ["※育休中を含む"],
    ):
        page.append(row)
    page.row_dimensions[4].hidden = True

    plan = planned(read_workbook(make.saved(workbook), "名簿.xlsx"), effective_on=None)

    assert not plan.errors
    assert plan.effective_on == DAY
    assert plan.rows == 2
    assert plan.diff.numbers("hired") == ["000101", "000103"]
    assert plan.skipped == {"totals": 1, "notes": 1, "blanks": 1, "hidden": 1}


def test_merged_departments_and_dittos_hold_for_the_rows_below(town):
    workbook = Workbook()
    page = workbook.active
    for row in table(line("000101", 所属="税務課"), line("000102", 所属=None, 職名="〃")):
        page.append(row)
    page.merge_cells("C2:C3")

    result = read(read_workbook(make.saved(workbook), "名簿.xlsx"))

    assert [(row.department.code, row.rank.name) for row in result.rows] == [("102", "主事")] * 2


def test_an_unknown_column_is_named_and_not_used(town):
    result = read(listed(line(血液型="A")))

    [warning] = result.found.warnings
    assert warning.value == "血液型"
    assert len(result.rows) == 1


def test_a_book_without_any_list_is_refused_with_what_is_missing(town):
    with pytest.raises(DomainError, match="見出し「職員番号」.*ください。$"):
        read(book(sheet(["凡例"], name="凡例"), sheet(["メモ"], name="メモ")))


# --- Cells --------------------------------------------------------------------------------------


def test_the_cells_of_a_row_are_read_as_what_they_mean(town):
    row = only_row(
        {
            "職員番号": Cell(1, 1, 101, "000000"),
            "氏名": "髙橋 一郎",
            "フリガナ": "ﾀｶﾊｼ ｲﾁﾛｳ",
            "所属": "総務課",
            "係": "人事係",
            "職名": "総務部長（総務課長）",
            "採用年月日": "S60.4.1",
            "任用形態": "再任用（短）",
            "在職区分": "育児休業",
            "発令日": date(2026, 9, 1),
            "E-mail": "ｓ101@example.jp",
            "兼務": "税務課 課長、収納対策室 主任",
        }
    )

    assert (row.number, row.name, row.kana) == ("000101", "髙橋　一郎", "タカハシ イチロウ")
    assert (row.department.code, row.team, row.rank.name) == ("101", "人事係", "部長")
    assert (row.hired_on, row.starts_on) == (date(1985, 4, 1), date(2026, 9, 1))
    assert (row.employment, row.duty) == (Employment.REAPPOINTED_SHORT, Duty.CHILDCARE)
    assert row.email == "s101@example.jp"
    assert [(post.department.code, post.rank.name) for post in row.posts] == [
        ("101", "課長"),
        ("102", "課長"),
        ("10201", "主任"),
    ]


def test_split_names_are_joined_with_a_wide_space(town):
    row = only_row(
        {"職員番号": "1", "姓": "見本", "名": "一郎", "セイ": "ミホン", "メイ": "イチロウ"}
    )

    assert (row.name, row.kana) == ("見本　一郎", "ミホン イチロウ")


def test_a_list_with_the_whole_name_and_its_parts_takes_the_name_once(town):
    row = only_row(
        {
            "職員番号": "1",
            "氏名": "見本　一郎",
            "姓": "見本",
            "名": "一郎",
            "フリガナ": "ミホン イチロウ",
            "セイ": "ミホン",
            "メイ": "イチロウ",
        }
    )

    assert (row.name, row.kana) == ("見本　一郎", "ミホン イチロウ")


def test_half_a_name_changes_nothing_and_is_asked_after(town):
    result = read(listed({"職員番号": "1", "姓": "見本", "名": None, "職名": "主事"}))

    assert result.rows[0].name is None
    [warning] = result.found.warnings
    assert says_what_to_do(warning.message)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_a_csv_reads_alike_in_every_usual_encoding(town, encoding):
    data = csv_of(line(氏名="髙橋　一郎"), encoding=encoding)

    result = read(read_workbook(data, "名簿.csv"))

    [row] = result.rows
    assert (row.name, row.department, row.rank.name) == ("髙橋　一郎", town.affairs, "主事")


def test_a_name_that_cp932_mangled_is_not_taken(town):
    result = read(read_workbook(csv_of(line(氏名="𠮷田　太郎")), "名簿.csv"))

    assert result.rows[0].name is None
    [warning] = result.found.warnings
    assert warning.value == "?田　太郎"
    assert says_what_to_do(warning.message)


@pytest.mark.parametrize(
    ("heading", "cell", "part"),
    [
        ("所属", "宇宙課", "所属「宇宙課」は登録されていません"),
        ("職名", "艦長", "職名「艦長」は登録されていません"),
        ("兼務", "どこかの偉い人", "兼務「どこかの偉い人」"),
        ("在職区分", "冬眠", "「冬眠」は使えない言葉です"),
        ("任用形態", "助っ人", "「助っ人」は使えない言葉です"),
        ("採用年月日", "R8.2.30", "暦にない日付です"),
        ("発令日", "7.4.1", "年が和暦か西暦"),
        ("メールアドレス", "見本", "メールアドレスの形"),
        ("係", "係" * 61, "係の名前が長すぎます"),
        ("所属", ERROR_VALUE, "#N/A"),
        ("氏名", ERROR_VALUE, "#N/A"),
        ("氏名", 12.5, "氏名として読めません"),
    ],
)
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_a_bad_cell_is_one_error_at_its_place(town, is_known, heading, cell, part):
    if is_known:
        person(town)
    lines = [line(), line("000102")]
    rows = table(line(**{heading: cell}), *lines[1:])

    plan = planned(book(sheet(*rows)))

    [error] = plan.errors
    assert part in error.message
    assert error.message.endswith("。")
    assert (error.sheet, error.row) == ("名簿", 2)
    assert error.column == "ABCDE"[rows[0].index(heading)]
    assert error.value == (cell if isinstance(cell, str) else str(getattr(cell, "shown", cell)))


@pytest.mark.parametrize(
    "heading", ["職員番号", "氏名", "フリガナ", "所属", "係", "職名", "採用日"]
)
@pytest.mark.parametrize(
    "typed", [MY_NUMBER, int(MY_NUMBER), "1234-5678-9012", "１２３４５６７８９０１２"]
)
def test_a_my_number_is_refused_anywhere_and_never_repeated(town, heading, typed):
    plan = planned(book(sheet(*table(line(**{heading: typed}), line("000102")))))

    [error] = plan.errors
    assert "マイナンバー" in error.message
    assert says_what_to_do(error.message)
    assert not any(digit in f"{error.value}{error.message}" for digit in ("3456", "３４５６"))


def test_a_row_without_a_number_is_an_error_not_a_blank(town):
    result = read(listed(line(None, 氏名="見本　一郎")))

    [error] = result.found.errors
    assert "職員番号がありません" in error.message
    assert says_what_to_do(error.message)


def test_one_number_on_two_sheets_points_at_the_first(town):
    roster = book(
        sheet(*table(line("000101")), name="その1"),
        sheet(*table(line("000101")), name="その2"),
    )

    result = read(roster)

    [error] = result.found.errors
    assert (error.sheet, error.row, error.value) == ("その2", 2, "000101")
    assert "その1" in error.message
    assert "2行目" in error.message


# --- The day ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "asked", "day"),
    [
        ("令和8年10月1日現在", None, DAY),
        ("令和8年10月1日現在", DAY, DAY),
        (None, DAY, DAY),
    ],
)
def test_the_day_comes_from_the_title_or_is_asked_for(town, title, asked, day):
    plan = planned(listed(line(), title=title), kind=RosterKind.FULL, effective_on=asked)

    assert plan.effective_on == day
    assert not plan.errors


def test_a_partial_list_may_take_its_day_from_its_rows(town):
    person(town)
    lines = (line(発令日="R8.9.1"), line("000102", 発令日="R8.10.1"))

    plan = planned(listed(*lines), effective_on=None)

    assert plan.effective_on == DAY


def test_rows_do_not_date_a_full_list(town):
    plan = planned(listed(line(発令日="R8.9.1")), kind=RosterKind.FULL, effective_on=None)

    [error] = plan.errors
    assert "発令日が名簿にありません" in error.message


def test_sheets_of_two_days_are_refused(town):
    roster = book(
        sheet(*table(line("000101"), title="令和8年10月1日現在"), name="その1"),
        sheet(*table(line("000102"), title="令和7年10月1日現在"), name="その2"),
    )

    [error] = planned(roster, effective_on=None).errors

    assert "基準日が違います" in error.message


@pytest.mark.parametrize(
    ("day", "is_refused"), [(date(2027, 11, 24), False), (date(2027, 11, 25), True)]
)
def test_a_day_more_than_a_year_ahead_is_refused(town, day, is_refused):
    plan = planned(listed(line()), effective_on=day)

    assert bool(plan.errors) is is_refused
