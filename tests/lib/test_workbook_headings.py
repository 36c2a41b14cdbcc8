from datetime import date
from io import BytesIO

import openpyxl
import pytest

from agano_dx.lib.workbooks.headings import (
    HeadingDictionary,
    HeadingError,
    find_table,
    layouts,
    likeliest_table,
)
from agano_dx.lib.workbooks.layouts import heading_keys, layout_of
from agano_dx.lib.workbooks.reading import read_workbook
from tests import workbook_makers as make

DICTIONARY = HeadingDictionary(
    {
        "staff_no": ("職員番号", "職員コード", "職員No"),
        "name": ("氏名", "名前"),
        "department": ("所属", "所属名", "部署"),
        "department_code": ("所属コード",),
        "title": ("職名", "補職名"),
        "hired_on": ("採用年月日", "採用日"),
        "employment": ("採用区分", "職員区分"),
        "duty": ("在職区分",),
    }
)
REQUIRED = ("staff_no", "name", ("department", "department_code"))
HEADINGS = ("職員番号", "氏名", "所属", "採用日")
PERSON = ("000101", "髙橋　一郎", "総務課", "R7.4.1")


def sheets(data):
    return read_workbook(data, "名簿.xlsx").sheets


def table(*rows, merge=(), **options):
    workbook = openpyxl.load_workbook(BytesIO(make.book(*rows)))
    for reference in merge:
        workbook.active.merge_cells(reference)
    [sheet] = sheets(make.saved(workbook))
    options = {"required": REQUIRED, "key_fields": ("staff_no",)} | options
    return find_table(sheet, DICTIONARY, **options)


def texts(found, field):
    return [cell.text if (cell := record.cell(field)) else None for record in found.records]


def error_of(*rows, **options):
    with pytest.raises(HeadingError) as caught:
        table(*rows, **options)
    return caught.value


def test_the_register_of_2025_gives_its_people():
    register, legend = sheets((make.SAMPLE_CITY / "roster_2025-04-01.xlsx").read_bytes())

    found = find_table(register, DICTIONARY, REQUIRED, ("staff_no",))

    assert len(found.records) == 439
    assert found.heading_rows == (4, 5)
    assert found.title == ("阿賀野市職員名簿（見本）", "令和７年４月１日現在")
    assert found.title_date == date(2025, 4, 1)
    assert (found.skipped.hidden, found.skipped.notes, found.skipped.totals) == (1, 1, 29)
    assert (found.letter("hired_on"), found.letter("employment")) == ("I", "J")
    assert found.unknown["No."] == 1
    assert "999999" not in texts(found, "staff_no")
    assert None not in texts(found, "department")
    with pytest.raises(HeadingError):
        find_table(legend, DICTIONARY, REQUIRED, ("staff_no",))


def test_the_export_of_2026_gives_its_people():
    [export] = sheets((make.SAMPLE_CITY / "roster_2026-04-01.xlsx").read_bytes())

    found = find_table(export, DICTIONARY, ("staff_no", "title"), ("staff_no",))

    assert len(found.records) == 441
    assert found.heading_rows == (1,)
    assert texts(found, "staff_no")[0] == "000101"


def test_headings_are_recognised_whatever_their_spaces_and_width():
    found = table(("職員ＮＯ", "氏　　名", "所属\nコード", "メモ"), PERSON)

    assert found.columns == {"staff_no": 1, "name": 2, "department_code": 3}
    assert found.unknown == {"メモ": 4}


def test_a_record_gives_its_cells_by_field():
    [record] = table(HEADINGS, PERSON).records

    assert record.number == 2
    assert record.cell("name").text == "髙橋　一郎"
    assert record.cell("title") is None


def test_headings_in_two_merged_rows_are_read_together():
    found = table(
        ("職員番号", "氏名", "所属", "採用", None),
        (None, None, None, "年月日", "区分"),
        (*PERSON, "正規"),
        merge=("A1:A2", "B1:B2", "C1:C2", "D1:E1"),
    )

    assert found.heading_rows == (1, 2)
    assert (found.columns["hired_on"], found.columns["employment"]) == (4, 5)
    assert found.unknown == {}
    assert len(found.records) == 1


def test_headings_in_two_rows_centred_without_merging_are_read_together():
    found = table(
        ("職員番号", "氏名", "所属", "採用", None),
        (None, None, None, "年月日", "区分"),
        (*PERSON, "正規"),
    )

    assert found.heading_rows == (1, 2)
    assert (found.columns["hired_on"], found.columns["employment"]) == (4, 5)
    assert len(found.records) == 1


def test_a_group_name_above_ordinary_headings_is_no_part_of_them():
    found = table(("基本情報", None, "配属", None), HEADINGS, PERSON, merge=("A1:B1", "C1:D1"))

    assert found.heading_rows == (2,)
    assert found.columns == {"staff_no": 1, "name": 2, "department": 3, "hired_on": 4}


def test_a_heading_merged_to_the_right_counts_once():
    found = table(
        ("職員番号", "氏名", None, "所属"), ("1", "髙橋", "一郎", "総務課"), merge=("B1:C1",)
    )

    assert (found.columns["name"], found.heading_rows) == (2, (1,))


def test_the_first_person_never_becomes_part_of_the_heading():
    assert len(table(HEADINGS, PERSON).records) == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["令和７年４月１日現在"], date(2025, 4, 1)),
        (["職員名簿", "作成日　令和7年3月20日", "R7.4.1 現在"], date(2025, 4, 1)),
        (["印刷日 2025/3/20"], None),
        (["令和7年4月1日、令和8年4月1日"], None),
        (["職員名簿"], None),
    ],
)
def test_the_title_may_name_the_day_of_the_list(lines, expected):
    found = table(*[(line,) for line in lines], HEADINGS, PERSON)

    assert found.title == tuple(lines)
    assert found.title_date == expected


def test_totals_notes_and_blank_rows_are_skipped_and_counted():
    found = table(
        HEADINGS,
        PERSON,
        (None, None, "計", "1名"),
        (),
        ("合　計", None, None, "1名"),
        ("※育休中の職員を含む。",),
        (None, "※再任用を除く。"),
        ("000102", "計　一子", "会計課", "R7.4.1"),
    )

    assert texts(found, "staff_no") == ["000101", "000102"]
    skipped = found.skipped
    assert (skipped.totals, skipped.notes, skipped.blanks) == (2, 2, 1)


def test_a_row_without_a_number_that_is_no_total_is_still_a_record():
    found = table(HEADINGS, PERSON, (None, "名無　権兵衛", "総務課", None))

    assert texts(found, "staff_no") == ["000101", None]


def test_a_blank_row_inside_a_merged_department_is_blank():
    found = table(HEADINGS, PERSON, (), ("000102", "乙", None, None), merge=("C2:C4",))

    assert texts(found, "department") == ["総務課", "総務課"]
    assert found.records[1].cell("department").filled
    assert found.skipped.blanks == 1


def test_the_heading_of_the_next_page_is_skipped_with_its_title():
    page = (("職員名簿",), HEADINGS)

    found = table(*page, PERSON, *page, ("000102", "乙", "税務課", None))

    assert texts(found, "staff_no") == ["000101", "000102"]
    assert found.skipped.repeats == 2


@pytest.mark.parametrize("mark", ["〃", "同上", " 〃 "])
def test_a_ditto_takes_the_value_above(mark):
    found = table(HEADINGS, PERSON, ("2", "乙", mark, mark), ("3", "丙", mark, mark))

    assert texts(found, "department") == ["総務課"] * 3
    assert found.records[2].cell("department").row == 4


def test_a_ditto_below_nothing_is_a_problem():
    [record] = table(HEADINGS, ("1", "甲", "〃", None)).records

    assert record.cell("department").value is None
    assert "〃" in record.cell("department").problem


def test_missing_headings_are_named_with_the_ones_found():
    error = error_of(("職員番号", "メモ"), ("1", "x"))

    assert error.code == "no_heading"
    assert "「氏名」、「所属」または「所属コード」" in str(error)
    assert "見つかった見出しは「職員番号」" in str(error)


def test_a_sheet_without_any_heading_says_so():
    assert "見つかった見出しはありません" in str(error_of(("あ",), ("い",)))


def test_a_heading_below_the_twentieth_row_is_not_looked_for():
    error = error_of(*[(f"序文{n}",) for n in range(20)], HEADINGS, PERSON)

    assert error.code == "no_heading"


def test_two_columns_for_one_field_are_named():
    error = error_of(("職員番号", "氏名", "所属", "職員コード"), ("1", "甲", "総務課", "2"))

    assert error.code == "two_headings"
    assert "A列「職員番号」とD列「職員コード」" in str(error)


def test_a_hidden_column_is_no_second_heading():
    workbook = openpyxl.load_workbook(BytesIO(make.book((*HEADINGS, "職員コード"), (*PERSON, "9"))))
    workbook.active.column_dimensions["E"].hidden = True
    [sheet] = sheets(make.saved(workbook))

    found = find_table(sheet, DICTIONARY, REQUIRED, ("staff_no",))

    assert found.columns["staff_no"] == 1


def test_a_dictionary_in_which_one_heading_means_two_fields_is_a_mistake():
    with pytest.raises(ValueError, match="staff_no and number"):
        HeadingDictionary({"staff_no": ("番号",), "number": ("番　号",)})


# --- Layouts ------------------------------------------------------------------------------------


def test_a_layout_is_known_by_its_headings_whatever_their_order_and_spelling():
    one = heading_keys(["職員番号", "氏　名", "Ｅ－ｍａｉｌ"])
    other = heading_keys(["E-mail", "職 員 番 号", "氏名"])

    assert layout_of(one) == layout_of(other)
    assert layout_of(one) != layout_of(one[:2])


def test_a_long_heading_fits_where_it_is_kept():
    keys = heading_keys(["見" * 300, "見" * 300])

    assert len(set(keys)) == 2
    assert max(len(key) for key in keys) <= 100


def test_the_layouts_of_a_sheet_hold_that_of_its_heading_wherever_it_stands():
    [sheet] = sheets(make.book(("職員名簿",), (), ("あ", "い", "う"), ("1", "2", "3")))

    assert layout_of(heading_keys(["う", "い", "あ"])) in layouts(sheet)


def test_what_was_said_of_a_layout_goes_before_the_dictionary():
    keys = heading_keys(HEADINGS)
    said = {layout_of(keys): {"所属": "", "採用日": "title"}}

    found = table(HEADINGS, PERSON, required=("staff_no",), columns=said)

    assert found.columns == {"staff_no": 1, "name": 2, "title": 4}
    assert found.unknown == {}
    assert [label.is_chosen for label in found.labels] == [False, False, True, True]


def test_a_field_that_is_no_more_was_not_said():
    said = {layout_of(heading_keys(HEADINGS)): {"所属": "gone"}}

    assert table(HEADINGS, PERSON, columns=said).columns["department"] == 3


def test_of_a_sheet_without_known_headings_the_wordiest_row_is_the_likeliest():
    [sheet] = sheets(make.book(("名簿",), ("あ", "い", "う"), (1, 2, "え"), (3, 4, "お")))

    found = likeliest_table(sheet, DICTIONARY, REQUIRED)

    assert found.heading_rows == (2,)
    assert [label.text for label in found.labels] == ["あ", "い", "う"]
    assert found.problem.code == "no_heading"


def test_of_a_repeatable_field_the_first_column_counts():
    dictionary = HeadingDictionary(
        {"staff_no": ("職員番号",), "note": ("備考", "摘要")}, repeatable=("note",)
    )
    [sheet] = sheets(make.book(("摘要", "職員番号", "備考"), ("a", "1", "b")))

    found = find_table(sheet, dictionary, ("staff_no",))

    assert found.columns == {"note": 1, "staff_no": 2}
    assert found.unknown == {}
