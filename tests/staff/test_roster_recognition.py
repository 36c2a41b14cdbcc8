"""What a roster's file means where headings, sheets, departments and titles are not plain."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import HIDDEN
from agano_dx.lib.japanese import is_total, label_key, read_grade
from agano_dx.lib.workbooks.headings import HeadingError
from agano_dx.lib.workbooks.layouts import heading_keys, layout_of
from agano_dx.lib.workbooks.reading import read_workbook
from staff.models import Department, DepartmentKind
from staff.roster.choices import MasterChoice, RosterChoices
from staff.roster.layouts import remembered_columns
from staff.roster.lookup import Masters
from staff.roster.missing import CreatedMasters, MissingMasters, made_masters
from staff.roster.sheet import read_roster
from staff.roster.survey import survey
from staff.roster.unknown import UnknownMaster
from tests import workbook_makers as make
from tests.factories import (
    ColumnMappingFactory,
    DepartmentAliasFactory,
    DepartmentFactory,
    RankAliasFactory,
)
from tests.roster_makers import (
    DAY,
    MY_NUMBER,
    book,
    line,
    listed,
    says_what_to_do,
    sheet,
    small_town,
    table,
)

pytestmark = pytest.mark.django_db

NOTHING_CHOSEN = RosterChoices()
STRANGE = {
    "職員番（コード）": "staff_no",
    "氏　名（漢字）": "name",
    "配置先": "department",
    "補職": "title",
    "血液型": "",
}
STRANGE_LINE = dict(zip(STRANGE, ("000101", "見本　一郎", "税務課", "主任", "A"), strict=True))


@pytest.fixture
def town(db):
    return small_town()


@pytest.fixture
def policy(town):
    """企画財政課 with its office and what people call it."""
    section = DepartmentFactory(code="104", name="企画財政課", parent=town.division)
    office = DepartmentFactory(
        code="10401", name="デジタル化推進室", parent=section, kind=DepartmentKind.OFFICE
    )
    alias(section, "企財課")
    return office


def alias(department, written):
    DepartmentAliasFactory(department=department, written=written, key=label_key(written))


def read(roster, choices=NOTHING_CHOSEN, *, on=None):
    masters = Masters.load(on)
    return read_roster(roster, masters, MissingMasters(masters), choices)


def only_row(roster, choices=NOTHING_CHOSEN, *, on=None):
    result = read(roster, choices, on=on)
    assert not result.found.errors
    [row] = result.rows
    return row


def columns(fields):
    """What somebody said of a list with these headings."""
    keys = heading_keys(fields)
    return {layout_of(keys): dict(zip(keys, fields.values(), strict=True))}


def posts(row):
    return [(post.department.code, post.rank.name) for post in row.posts]


# --- Columns ------------------------------------------------------------------------------------


def test_headings_nobody_knows_mean_what_somebody_said(town):
    choices = RosterChoices(columns=columns(STRANGE))

    row = only_row(listed(STRANGE_LINE), choices)

    assert (row.number, row.name) == ("000101", "見本　一郎")
    assert (row.department, row.rank.name) == (town.tax, "主任")


def test_a_column_said_not_to_be_used_is_not_warned_of(town):
    result = read(listed(STRANGE_LINE), RosterChoices(columns=columns(STRANGE)))

    assert result.found.warnings == []


def test_without_a_word_about_it_such_a_list_is_refused(town):
    with pytest.raises(HeadingError, match="必要な見出し「職員番号」"):
        read(listed(STRANGE_LINE))


def test_what_was_said_goes_before_the_dictionary(town):
    fields = {"番号": "", "職員番": "staff_no", "氏名": "name"}
    roster = listed({"番号": "1", "職員番": "000101", "氏名": "見本　一郎"})

    row = only_row(roster, RosterChoices(columns=columns(fields)))

    assert row.number == "000101"


def test_what_was_said_of_one_layout_does_not_touch_another(town):
    other = columns({"別記": "team", "氏名": "name"})

    result = read(listed(line(別記="人事係")), RosterChoices(columns=other))

    assert result.rows[0].team is None
    assert [warning.value for warning in result.found.warnings] == ["別記"]


def test_headings_in_two_rows_can_be_said_too(town):
    workbook = Workbook()
    for row in (("№", "職員", None), (None, "氏名漢字", "番号等"), (1, "見本　一郎", "000101")):
        workbook.active.append(row)
    workbook.active.merge_cells("A1:A2")
    workbook.active.merge_cells("B1:C1")
    roster = read_workbook(make.saved(workbook), "名簿.xlsx")
    fields = {"№": "", "職員氏名漢字": "name", "職員番号等": "staff_no"}

    row = only_row(roster, RosterChoices(columns=columns(fields)))

    assert (row.number, row.name) == ("000101", "見本　一郎")


def test_two_columns_of_one_heading_are_told_apart(town):
    headings = ["職員番号", "氏名", "コード", "コード"]
    roster = book(sheet(headings, ["000101", "見本　一郎", "X", "102"]))
    keys = heading_keys(headings)
    fields = dict(zip(keys, ("staff_no", "name", "", "department_code"), strict=True))

    row = only_row(roster, RosterChoices(columns={layout_of(keys): fields}))

    assert row.department == town.tax


def test_several_columns_of_remarks_are_no_reason_to_refuse(town):
    assert only_row(listed(line(備考="A", 摘要="B"))).number == "000101"


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(list(STRANGE)))
def test_the_order_of_columns_does_not_matter(town, order):
    choices = RosterChoices(columns=columns(STRANGE))

    moved = only_row(listed({heading: STRANGE_LINE[heading] for heading in order}), choices)

    assert moved == only_row(listed(STRANGE_LINE), choices)


# --- Columns, remembered ------------------------------------------------------------------------


def test_what_was_said_before_is_found_in_one_query(town, django_assert_num_queries):
    said = columns(STRANGE)
    for layout, fields in said.items():
        for heading, field in fields.items():
            ColumnMappingFactory(layout=layout, heading=heading, field=field)
    ColumnMappingFactory()
    turned = dict(reversed(STRANGE_LINE.items()))
    roster = book(
        sheet(["令和8年10月1日現在"], *table(turned), name="名簿"),
        sheet(*table(line()), name="別の形"),
    )

    with django_assert_num_queries(1):
        found = remembered_columns(roster)

    assert found == said


def test_what_was_chosen_of_this_file_goes_before_what_is_remembered():
    remembered = {"a": {"氏名": "name"}, "b": {"氏名": "name"}}

    choices = RosterChoices(columns={"a": {"氏名": ""}}).with_remembered(remembered)

    assert choices.columns == {"a": {"氏名": ""}, "b": {"氏名": "name"}}


def test_choices_survive_being_kept():
    choices = RosterChoices(
        sheets=("名簿",),
        columns=columns(STRANGE),
        departments={"企財課": MasterChoice(known="104", remembered=True)},
        ranks={"艦長": MasterChoice(made={"name": "艦長", "band": "staff"})},
        same_people={"000102": "000101"},
    )

    assert RosterChoices.from_json(choices.as_json()) == choices
    assert RosterChoices.from_json({}) == RosterChoices()


# --- The survey ---------------------------------------------------------------------------------


def test_a_plain_roster_needs_no_asking():
    found = survey(listed(line(連番=1, 生年月日="S60.4.1", 備考="〃")))

    [only] = found.sheets
    assert not found.needs_asking
    assert (only.rows, only.is_roster, only.is_chosen) == (1, True, True)
    assert {column.written: column.label for column in only.columns}["所属"] == "所属"
    assert {column.written: column.field for column in only.columns}["連番"] == ""


def test_an_unknown_heading_is_asked_for_once():
    roster = listed(line(血液型="A"))
    said = {layout_of(heading_keys(line(血液型="A"))): {"血液型": ""}}

    asked, answered = survey(roster), survey(roster, RosterChoices(columns=said))
    remembered = survey(roster, RosterChoices(), said)

    assert asked.needs_asking
    assert [column.written for column in asked.sheets[0].unknown] == ["血液型"]
    assert not answered.needs_asking
    assert not remembered.needs_asking
    assert [found.sheets[0].is_remembered for found in (remembered, answered)] == [True, False]


def test_of_a_list_without_known_headings_the_likeliest_row_is_offered():
    strange = {"職員": "000101", "漢字": "見本　一郎", "配置": "税務課"}
    roster = book(sheet(["阿賀野市の名簿"], ["秘"], *table(strange, strange)))

    found = survey(roster)

    [only] = found.sheets
    assert found.needs_asking
    assert (only.is_roster, only.is_table, only.is_chosen) == (False, True, True)
    assert [(column.letter, column.written) for column in only.columns] == [
        ("A", "職員"),
        ("B", "漢字"),
        ("C", "配置"),
    ]


def test_a_book_with_nothing_to_choose_from_is_not_asked_about():
    found = survey(book(sheet(["メモ"], name="メモ"), sheet(name="空")))

    assert not found.needs_asking
    assert not any(each.is_table for each in found.sheets)


@pytest.mark.parametrize(
    "name",
    ["凡例", "記入例", "【記入例】", "記入例 (2)", "名簿（記入例）", "記載要領", "注記", "説明"],
)
def test_examples_are_left_out_unless_somebody_wants_them(town, name):
    roster = book(
        sheet(*table(line("000101")), name="名簿"), sheet(*table(line("999999")), name=name)
    )

    found = survey(roster)
    wanted = read(roster, RosterChoices(sheets=(name,)))

    assert not found.needs_asking
    assert [each.is_chosen for each in found.sheets] == [True, False]
    assert [row.number for row in read(roster).rows] == ["000101"]
    assert [row.number for row in wanted.rows] == ["999999"]


@pytest.mark.parametrize("name", ["名簿", "会計課", "Sheet1", "見本課", "例規係"])
def test_other_sheets_are_no_examples(town, name):
    assert [row.number for row in read(book(sheet(*table(line()), name=name))).rows] == ["000101"]


def test_a_book_of_examples_only_is_refused(town):
    with pytest.raises(DomainError, match="職員名簿のファイルを選んでください"):
        read(book(sheet(*table(line()), name="記入例")))


def test_several_rosters_are_asked_for_until_somebody_chose(town):
    roster = book(
        sheet(*table(line("000101")), name="その1"), sheet(*table(line("000102")), name="その2")
    )
    choices = RosterChoices(sheets=("その2",))

    assert survey(roster).needs_asking
    assert not survey(roster, choices).needs_asking
    assert [row.number for row in read(roster, choices).rows] == ["000102"]


def test_samples_show_no_my_number():
    lines = [
        line("000101", 個人="１２３４５６７８９０１２"),
        line("000102", 個人=f"番号{MY_NUMBER}"),
    ]

    [only] = survey(listed(*lines)).sheets

    samples = {column.written: column.samples for column in only.columns}
    assert samples["職員番号"] == ("000101", "000102")
    assert samples["個人"] == (HIDDEN, f"番号{HIDDEN}")


def test_the_survey_knows_the_day_of_the_list():
    assert survey(listed(line(), title="令和8年10月1日現在")).title_date == DAY


# --- One sheet for each department --------------------------------------------------------------

PLACELESS = {"職員番号": "000101", "氏名": "見本　一郎", "職名": "主事"}


@pytest.mark.parametrize(
    "name",
    [
        "総務課",
        "総務 課",
        "01_総務課",
        "1.総務課",
        "総務課（12名）",
        "総務課 12名",
        "①総務課(2)",
        "101",
    ]
    + ["総務課_R8.4.1", "総務部 総務課", "総務部・総務課", "庶務課"],
)
def test_the_name_of_a_sheet_places_its_people(town, name):
    alias(town.affairs, "庶務課")

    row = only_row(book(sheet(*table(PLACELESS), name=name)))

    assert row.department == town.affairs


def test_a_sheet_of_no_known_department_is_told_of_once(town):
    people = [{**PLACELESS, "職員番号": f"00010{n}"} for n in range(3)]
    roster = book(
        sheet(*table(*people), name="宇宙課（3名）"),
        sheet(*table({**PLACELESS, "職員番号": "000109"}), name="総務課"),
    )

    result = read(roster)

    [error] = result.found.errors
    assert (error.sheet, error.row, error.value) == ("宇宙課（3名）", None, "宇宙課")
    assert says_what_to_do(error.message)
    assert [(asked.written, asked.count) for asked in result.unknown] == [("宇宙課", 1)]
    assert all(row.is_flawed for row in result.rows if row.sheet != "総務課")


def test_beside_sheets_of_departments_any_other_name_is_asked_about(town):
    roster = book(
        sheet(*table(PLACELESS), name="総務課"),
        sheet(*table({**PLACELESS, "職員番号": "000102"}), name="その他"),
    )

    assert [asked.written for asked in read(roster).unknown] == ["その他"]


def test_the_name_of_an_ordinary_sheet_is_no_department(town):
    row = only_row(book(sheet(*table(PLACELESS), name="職員名簿")))

    assert row.department is None


@pytest.mark.parametrize(
    ("choice", "code"), [(MasterChoice(known="102"), "102"), (MasterChoice(skipped="他団体"), None)]
)
def test_a_sheets_department_can_be_chosen_or_left_out(town, choice, code):
    roster = book(sheet(*table(PLACELESS), name="宇宙課（3名）"))

    result = read(roster, RosterChoices(departments={"宇宙課": choice}))

    assert not result.found.errors
    assert [row.department.code for row in result.rows] == ([code] if code else [])
    assert result.skipped_numbers == (set() if code else {"000101"})


# --- Departments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"所属": "企財課"}, "104"),
        ({"所属": "企財課 デジタル化推進室"}, "10401"),
        ({"所属": "企画財政課 デジタル化推進室"}, "10401"),
        ({"所属": "総務部／企画財政課／デジタル化推進室"}, "10401"),
        ({"所属": "１０４０１"}, "10401"),
        ({"所属": "10401 デジタル化推進室"}, "10401"),
        ({"所属": "104：企財課"}, "104"),
        ({"所属コード": "104", "所属": "企財課"}, "104"),
        ({"部": "総務部", "課": "企財課", "係": "デジタル化推進室"}, "10401"),
        ({"部": "総務部", "課": "デジタル化推進室"}, "10401"),
        ({"部": "100", "課": "104"}, "104"),
        ({"課": "企財課", "係": "推進係"}, "104"),
    ],
)
def test_other_names_paths_and_codes_find_the_department(policy, cells, code):
    row = only_row(listed({"職員番号": "000101", "氏名": "見本　一郎", **cells}))

    assert row.department.code == code


def test_an_alias_says_which_of_two_units_of_one_name_is_meant(town):
    DepartmentFactory(code="10101", name="庶務室", parent=town.affairs)
    other = DepartmentFactory(code="10202", name="庶務室", parent=town.tax)
    ambiguous = read(listed(line(所属="庶務室")))
    alias(other, "庶務室")

    assert [asked.suggestions for asked in ambiguous.unknown] == [("10101", "10202")]
    assert only_row(listed(line(所属="庶務室"))).department == other


def test_a_code_of_another_system_is_an_alias_too(town):
    alias(town.tax, "Z-77")

    row = only_row(listed(line(所属コード="Z-77", 所属="税務課")))

    assert row.department == town.tax


@pytest.fixture
def history(town):
    """旧市民課 became 市民係 and that 市民生活課; 廃止課 has no successor."""
    now = DepartmentFactory(code="301", name="市民生活課", opens_on=date(2026, 4, 1))
    between = DepartmentFactory(
        code="299", name="市民係", closes_on=date(2026, 3, 31), successor=now
    )
    DepartmentFactory(code="298", name="旧市民課", closes_on=date(2020, 3, 31), successor=between)
    DepartmentFactory(code="297", name="廃止課", closes_on=date(2026, 3, 31))
    DepartmentFactory(code="302", name="来年課", opens_on=date(2027, 4, 1))


@pytest.mark.parametrize(
    ("cells", "on", "code"),
    [
        ({"所属": "旧市民課"}, DAY, "301"),
        ({"所属": "旧市民課"}, date(2026, 3, 31), "299"),
        ({"所属": "市民係"}, DAY, "301"),
        ({"所属": "299"}, DAY, "301"),
        ({"所属コード": "298", "所属": "旧市民課"}, DAY, "301"),
        ({"所属": "廃止課"}, date(2026, 3, 31), "297"),
        ({"所属": "来年課"}, date(2027, 4, 1), "302"),
    ],
)
def test_an_old_name_finds_the_successor_in_force(history, cells, on, code):
    row = only_row(listed({"職員番号": "000101", "氏名": "見本　一郎", **cells}), on=on)

    assert row.department.code == code


@pytest.mark.parametrize("name", ["廃止課", "来年課"])
def test_a_department_not_in_force_is_not_known(history, name):
    result = read(listed(line(所属=name)), on=DAY)

    assert [asked.written for asked in result.unknown] == [name]
    assert len(result.found.errors) == 1


def test_a_new_department_takes_an_old_ones_name(history):
    reopened = DepartmentFactory(code="303", name="旧市民課")

    assert only_row(listed(line(所属="旧市民課")), on=DAY).department == reopened


def test_a_rank_is_found_by_its_other_name(town):
    RankAliasFactory(rank=town.ranks["主事"], written="事務員", key="事務員")

    assert only_row(listed(line(職名="事務員"))).rank == town.ranks["主事"]


def test_departments_and_ranks_are_read_in_a_constant_number_of_queries(
    town, django_assert_num_queries
):
    with django_assert_num_queries(4):
        Masters.load(DAY)


# --- Second posts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        {"所属": "税務課", "職名": "（兼）課長"},
        {"所属": "税務課", "職名": "課長（兼務）"},
        {"所属": "税務課", "職名": "兼　課長"},
        {"所属": "税務課", "職名": "課長", "備考": "兼務"},
        {"所属": "税務課", "職名": "課長", "異動区分": "兼務発令"},
        {"所属": "（兼）税務課", "職名": "課長"},
        {"所属": "税務課（兼）", "職名": "課長"},
        {"氏名": "（兼）見本　一郎", "所属": "税務課", "職名": "課長"},
        {"所属": "総務課", "職名": "（兼）税務課長"},
        {"所属": None, "職名": "（兼）税務課 課長"},
        {"所属": "（兼）税務課", "職名": "（兼）"},
        {"所属": "（兼）税務課", "職名": None},
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_row_of_a_second_post_belongs_to_the_persons_main_row(town, cells, is_first):
    main, second = line(職名="課長", 備考=None, 異動区分=None), line(**cells)
    lines = [second, line("000102"), main] if is_first else [main, line("000102"), second]

    result = read(listed(*lines))

    assert not result.found.errors
    rows = {row.number: row for row in result.rows}
    assert (rows["000101"].name, rows["000101"].department) == ("見本　000101", town.affairs)
    assert rows["000101"].rank.name == "課長"
    assert posts(rows["000101"]) == [("102", "課長")]
    assert not rows["000101"].is_concurrent
    assert posts(rows["000102"]) == []


def test_a_row_of_a_second_post_may_stand_on_another_sheet(town):
    roster = book(
        sheet(*table(line(職名="（兼）課長", 所属="税務課")), name="その1"),
        sheet(*table(line()), name="その2"),
    )

    assert posts(only_row(roster)) == [("102", "課長")]


def test_without_a_main_row_only_the_post_is_told(town):
    row = only_row(listed(line(所属="税務課", 職名="（兼）課長", 発令日="R8.9.1")))

    assert row.is_concurrent
    assert posts(row) == [("102", "課長")]
    assert (row.name, row.department, row.rank) == (None, None, None)
    assert row.posts[0].starts_on == row.starts_on == date(2026, 9, 1)


def test_a_second_post_without_a_unit_is_held_in_the_persons_own(town):
    main = line(所属="総務部", 職名="部長")

    row = only_row(listed(main, line(所属=None, 職名="（兼）課長")))

    assert posts(row) == [("100", "課長")]


def test_the_same_second_post_told_twice_is_one(town):
    main = line(職名="部長（総務課長）", 所属="総務部", 兼務="総務課 課長")

    row = only_row(listed(main, line(所属="総務課", 職名="（兼）課長")))

    assert posts(row) == [("101", "課長")]


def test_a_second_post_that_says_nothing_is_an_error(town):
    result = read(listed(line(), line(所属=None, 職名="（兼）")))

    [error] = result.found.errors
    assert (error.row, error.value) == (3, "000101")
    assert says_what_to_do(error.message)


@pytest.mark.parametrize("word", ["兼務解除", "兼務を免ずる", "併任解除"])
def test_a_second_post_that_ends_is_told_as_such(town, word):
    row = only_row(listed(line(所属="税務課", 職名="課長", 異動区分=word)))

    assert posts(row) == []
    assert [post.key for post in row.ended_posts] == [("102", "課長")]
    assert row.department is None


def test_a_remark_about_a_second_post_leaves_the_row_a_main_row(town):
    row = only_row(listed(line(備考="兼務：税務課", 異動区分="異動")))

    assert not row.is_concurrent
    assert row.department == town.affairs


def test_two_main_rows_of_one_number_stay_an_error(town):
    result = read(listed(line(), line(所属="税務課"), line(所属="税務課", 職名="（兼）課長")))

    [error] = result.found.errors
    assert "重なっています" in error.message


def test_an_unknown_unit_of_a_second_post_is_one_error(town):
    result = read(listed(line(), line(所属="宇宙課", 職名="（兼）課長")))

    [error] = result.found.errors
    assert (error.row, error.value) == (3, "宇宙課")
    assert [asked.written for asked in result.unknown] == ["宇宙課"]


# --- What nobody knows --------------------------------------------------------------------------


def test_unknown_masters_are_collected_with_where_they_stand_and_what_is_alike(policy):
    lines = [line(f"0001{n:02}", 所属="企画財務課") for n in range(7)]

    result = read(listed(*lines, line("000200", 職名="主事補")))

    assert len(result.found.errors) == 8
    department, rank = result.unknown
    assert (department.kind, department.key, department.written) == (
        "department",
        "企画財務課",
        "企画財務課",
    )
    assert department.spots == tuple(("名簿", row) for row in range(2, 7))
    assert department.count == 7
    assert department.suggestions[0] == "104"
    assert len(department.suggestions) <= 3
    assert (rank.kind, rank.written, rank.suggestions) == ("rank", "主事補", ("主事",))
    assert result.open_unknown == result.unknown


def test_an_unknown_code_is_asked_for_by_the_code(town):
    lines = [
        {"職員番号": "000101", "氏名": "見本　一郎", "所属コード": "999", "所属": "宇宙課"},
        {"職員番号": "000102", "氏名": "見本　二郎", "所属コード": "999", "所属": None},
    ]

    [asked] = read(listed(*lines)).unknown

    assert (asked.key, asked.code, asked.written, asked.count) == ("999", "999", "宇宙課", 2)


def test_an_unknown_unit_below_a_known_one_is_asked_for_by_its_path(town):
    lines = [
        {"職員番号": f"00010{n}", "氏名": "見本　一郎", "部": division, "課": "管理課"}
        for n, division in enumerate(("総務部", "税務課"))
    ]

    first, second = read(listed(*lines)).unknown

    assert (first.written, first.parent) == ("総務部 管理課", "100")
    assert (second.written, second.parent) == ("税務課 管理課", "102")


def test_what_is_unknown_survives_being_kept(policy):
    for asked in read(listed(line(所属="企画財務課", 職名="主事補"))).unknown:
        assert UnknownMaster.from_json(asked.as_json()) == asked


def test_a_known_master_can_stand_for_an_unknown_one(town):
    choices = RosterChoices(
        departments={"宇宙課": MasterChoice(known="102")},
        ranks={"艦長": MasterChoice(known="課長")},
    )
    roster = listed(line(所属="宇宙課", 職名="艦長"))

    result = read(roster, choices)

    assert not result.found.errors
    [row] = result.rows
    assert (row.department.code, row.rank.name) == ("102", "課長")
    assert [asked.is_answered for asked in result.unknown] == [True, True]
    assert result.open_unknown == []


def test_what_was_chosen_and_is_no_longer_there_is_asked_for_again(town):
    choices = RosterChoices(departments={"宇宙課": MasterChoice(known="gone")})

    result = read(listed(line(所属="宇宙課")), choices)

    assert len(result.found.errors) == 1
    assert [asked.written for asked in result.open_unknown] == ["宇宙課"]


def test_new_masters_can_be_made_under_each_other_and_are_not_yet_saved(town):
    choices = RosterChoices(
        departments={
            "宇宙部 打上課": MasterChoice(
                made={"code": "901", "name": "打上課", "kind": "section", "parent": "900"}
            ),
            "宇宙部打上課": MasterChoice(
                made={"code": "901", "name": "打上課", "kind": "section", "parent": "900"}
            ),
            "宇宙部": MasterChoice(
                made={"code": "900", "name": "宇宙部", "kind": "division", "parent": ""}
            ),
        },
        ranks={
            "艦長": MasterChoice(
                made={"name": "艦長", "band": "section_chief", "heads_department": "1"}
            )
        },
    )
    roster = listed(
        {
            "職員番号": "000101",
            "氏名": "見本　一郎",
            "部": "宇宙部",
            "課": "打上課",
            "職名": "艦長",
        }
    )

    result = read(roster, choices)

    assert not result.found.errors
    [row] = result.rows
    assert (row.department.code, row.department.parent.code) == ("901", "900")
    assert (row.rank.heads_department, row.rank.is_executive) == (True, False)
    assert [unit.code for unit in result.made.departments] == ["900", "901"]
    assert [rank.name for rank in result.made.ranks] == ["艦長"]
    assert not Department.objects.filter(code__in=("900", "901")).exists()


def test_masters_made_for_choices_can_be_saved_one_after_the_other(town):
    choices = RosterChoices(
        departments={
            "打上課": MasterChoice(
                made={"code": "901", "name": "打上課", "kind": "section", "parent": "100"}
            )
        },
        ranks={"艦長": MasterChoice(made={"name": "艦長", "band": "staff"})},
    )

    made = made_masters(Masters.load(DAY), choices)
    for row in (*made.departments, *made.ranks):
        row.full_clean()
        row.save()

    assert Department.objects.get(code="901").parent == town.division
    assert made_masters(Masters.load(DAY), choices).departments == []


def test_rows_somebody_does_not_want_are_left_out_with_the_reason(town):
    choices = RosterChoices(departments={"県庁": MasterChoice(skipped="県からの派遣のため")})
    lines = [
        line("000101", 所属="県庁", 職名="宇宙人", 採用日="R8.2.30"),
        line("000102", 所属="県庁"),
    ]

    result = read(listed(*lines, line("000103")), choices)

    assert [row.number for row in result.rows] == ["000103"]
    assert result.skipped_numbers == {"000101", "000102"}
    assert not result.found.errors
    [warning] = result.found.warnings
    assert (warning.row, warning.value) == (2, "県庁")
    assert "2行" in warning.message
    assert "県からの派遣のため" in warning.message


def test_made_without_asking_nothing_is_unknown(town):
    masters = Masters.load(DAY)
    missing = CreatedMasters(masters)

    result = read_roster(listed(line(所属="宇宙課", 職名="艦長")), masters, missing)

    assert result.unknown == []
    assert [unit.name for unit in missing.departments] == ["宇宙課"]
    assert [rank.name for rank in missing.ranks] == ["艦長"]


# --- The table of cells, rows 37 to 40 ----------------------------------------------------------


def test_the_last_rows_of_the_table_of_cells_are_read_as_it_says(policy):
    assert [read_grade(cell).value for cell in ("Ⅲ級", "３級")] == [3, 3]
    assert [is_total(cell) for cell in ("合　計", "計 28名")] == [True, True]
    head = only_row(listed(line(所属="総務部", 職名="総務部長（総務課長）")))
    assert (head.rank.name, posts(head)) == ("部長", [("101", "課長")])
    office = [
        only_row(listed({"職員番号": "1", "氏名": "見本　一郎", "課": section, "係": unit}))
        for section, unit in (("企財課", "デジタル化推進室"), ("企画財政課 デジタル化推進室", None))
    ]
    assert [row.department.code for row in office] == ["10401", "10401"]
    assert only_row(listed(line(所属="（兼）税務課"))).is_concurrent
