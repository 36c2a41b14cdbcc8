"""The marked copy of an upload, opened again and looked at."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from agano_dx.lib.issues import HIDDEN, Findings, Issue
from agano_dx.lib.workbooks.cells import PROBLEMS, Book, Cell, Row, Sheet
from agano_dx.lib.workbooks.findings import FINDINGS_SHEET, MOST_POINTED_AT
from agano_dx.lib.workbooks.marked import AUTHOR, marked_copy
from agano_dx.lib.workbooks.reading import read_workbook
from tests import workbook_makers as make

RED, YELLOW = "00FFC7CE", "00FFEB9C"
LIST_STARTS = 7


def error(row, column, message="直してください。", sheet="名簿", value=""):
    return Issue(sheet, row, column, value, message)


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


def copied(data, *errors, warnings=(), name="名簿.xlsx"):
    """The copy of a file, opened."""
    found = Findings(errors=list(errors), warnings=list(warnings))
    return opened(marked_copy(read_workbook(data, name), found))


def cells(sheet):
    return {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}


def colour(cell):
    return cell.fill.start_color.rgb if cell.fill.fill_type else None


def listed(workbook):
    """The rows of the list of findings."""
    sheet = workbook[FINDINGS_SHEET]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=LIST_STARTS)]


# --- Colours and comments -----------------------------------------------------------------------


def test_an_error_is_red_and_a_doubt_yellow_and_the_rest_plain():
    sheet = copied(make.small_roster(), error(3, "B"), warnings=[error(4, "B")])["名簿"]

    found = {cell.coordinate: colour(cell) for row in sheet for cell in row if colour(cell)}

    assert found == {"B3": RED, "B4": YELLOW}


def test_the_comment_says_what_to_do_and_who_says_it():
    sheet = copied(make.small_roster(), error(3, "B", "氏名を直してください。"))["名簿"]

    assert sheet["B3"].comment.text == "【誤り】氏名を直してください。"
    assert sheet["B3"].comment.author == AUTHOR


def test_several_findings_at_one_cell_are_one_comment_and_an_error_gives_the_colour():
    sheet = copied(
        make.small_roster(),
        error(3, "B", "一つ目。"),
        error(3, "B", "二つ目。"),
        warnings=[error(3, "B", "三つ目。")],
    )["名簿"]

    assert sheet["B3"].comment.text == "【誤り】一つ目。\n【誤り】二つ目。\n【確認】三つ目。"
    assert colour(sheet["B3"]) == RED


def test_what_is_about_a_row_is_shown_at_its_first_cell():
    sheet = copied(make.book(("職員番号", "氏名"), (None, "見本　一郎")), error(2, ""))["名簿"]

    assert (colour(sheet["B2"]), colour(sheet["A2"])) == (RED, None)


def test_a_blank_cell_can_be_marked():
    sheet = copied(make.book(("職員番号", "氏名"), ("000101",)), error(2, "D"))["名簿"]

    assert (sheet["D2"].value, colour(sheet["D2"])) == (None, RED)


def test_a_mark_does_not_spread_to_the_cells_after_it():
    sheet = copied(make.book(("職員番号", "氏名"), ("000101", "見本")), error(2, "A"))["名簿"]

    assert (colour(sheet["B2"]), sheet["B2"].comment) == (None, None)


# --- The list of findings -----------------------------------------------------------------------


def test_the_first_sheet_lists_every_finding_with_a_way_to_its_cell():
    workbook = copied(
        make.small_roster(),
        error(3, "B", "氏名を直してください。", value="髙橋　一郎"),
        Issue("", None, "", "", "発令日がありません。"),
        warnings=[error(4, "", "確かめてください。")],
    )

    assert workbook.sheetnames == [FINDINGS_SHEET, "名簿"]
    assert workbook.worksheets[0]["A1"].value == "誤り2件・確認1件"
    assert listed(workbook) == [
        ["誤り", "名簿", 3, "B", "髙橋　一郎", "氏名を直してください。", "B3へ"],
        ["誤り", None, None, None, None, "発令日がありません。", None],
        ["確認", "名簿", 4, None, None, "確かめてください。", "A4へ"],
    ]
    link = workbook.worksheets[0].cell(LIST_STARTS, 7).hyperlink
    assert (link.location, link.target) == ("'名簿'!B3", None)


def test_a_finding_in_a_row_that_the_file_has_not_is_listed_only():
    workbook = copied(make.small_roster(), error(99, "B"), error(3, "B", sheet="別のシート"))

    assert [row[6] for row in listed(workbook)] == [None, None]


def test_texts_of_the_list_are_no_formulas():
    workbook = copied(make.small_roster(), error(3, "B", "=1+1", value="=1+1"))

    [row] = workbook[FINDINGS_SHEET].iter_rows(min_row=LIST_STARTS)
    assert [cell.data_type for cell in row[4:6]] == ["s", "s"]


def test_very_many_findings_get_colours_and_a_word_but_no_comments():
    book = Book("x", "", (Sheet("名簿", (Row(1), Row(2))),))
    many = [error(1, "A")] * (MOST_POINTED_AT - 1)

    workbook = opened(marked_copy(book, Findings(errors=[*many, error(2, "A"), error(2, "B")])))

    sheet = workbook["名簿"]
    assert (sheet["A2"].comment is None, sheet["B2"].comment is None) == (False, True)
    assert colour(sheet["B2"]) == RED
    assert "数が多いため" in workbook[FINDINGS_SHEET]["A5"].value
    assert "ほかの4,989件" in sheet["A1"].comment.text


# --- What the copy holds ------------------------------------------------------------------------


def test_values_formats_and_merged_cells_stand_where_they_stood():
    original = opened(make.small_roster())["名簿"]

    sheet = copied(make.small_roster())["名簿"]

    assert cells(sheet) == cells(original)
    assert str(sheet.merged_cells) == str(original.merged_cells) == "C3:C4"
    assert (sheet["A4"].number_format, sheet["D5"].number_format) == ("00000", "0%")
    assert sheet["D3"].is_date


def test_the_copy_reads_like_the_original():
    data = make.small_roster()
    book = read_workbook(data, "名簿.xlsx")

    again = read_workbook(marked_copy(book, Findings(errors=[error(3, "B")])), "名簿.xlsx")

    assert [[cell.text for cell in row.cells] for row in again.sheets[1].rows] == [
        [cell.text for cell in row.cells] for row in book.sheets[0].rows
    ]
    assert again.sheets[1].merged == book.sheets[0].merged


def test_a_marked_cell_inside_a_merged_range_stands_alone_with_its_value():
    sheet = copied(make.small_roster(), error(4, "C"))["名簿"]

    assert (sheet["C3"].value, sheet["C4"].value) == ("総務課", "総務課")
    assert (colour(sheet["C3"]), colour(sheet["C4"])) == (None, RED)
    assert not sheet.merged_cells.ranges


def test_ranges_that_overlap_are_not_merged_again():
    data = make.with_sheet(
        make.small_roster(),
        lambda xml: xml.replace(
            '<mergeCells count="1"><mergeCell ref="C3:C4" /></mergeCells>',
            '<mergeCells count="2"><mergeCell ref="C3:C4" /><mergeCell ref="B3:C3" /></mergeCells>',
        ),
    )

    assert len(copied(data)["名簿"].merged_cells.ranges) == 1


def test_hidden_rows_columns_and_sheets_are_left_out_and_the_others_stay_in_place():
    workbook = opened(make.small_roster())
    workbook["名簿"].row_dimensions[3].hidden = True
    workbook["名簿"].column_dimensions["C"].hidden = True
    workbook.create_sheet("給料")["A1"] = "秘密"
    workbook["給料"].sheet_state = "hidden"

    copy = copied(make.saved(workbook))

    assert copy.sheetnames == [FINDINGS_SHEET, "名簿"]
    sheet = copy["名簿"]
    assert (sheet["A3"].value, sheet["C2"].value) == (None, None)
    assert (sheet["A4"].value, sheet["B4"].value, sheet["D2"].value) == (12, "山﨑 花子", "採用日")


def test_a_formula_and_a_link_leave_only_their_values():
    workbook = openpyxl.Workbook()
    workbook.active.title = "名簿"
    workbook.active.append(("職員番号", "氏名"))
    workbook.active.append(("000101", "見本"))
    workbook.active["B2"].hyperlink = "https://evil.example/"
    workbook.active["C2"] = '=HYPERLINK("https://evil.example/","見る")'
    data = make.with_sheet(
        make.saved(workbook),
        lambda xml: xml.replace('<c r="C2">', '<c r="C2" t="str">').replace("<v />", "<v>見る</v>"),
    )

    copy = marked_copy(read_workbook(data, "名簿.xlsx"), Findings())

    assert b"evil" not in b"".join(make.members(copy).values())
    assert opened(copy)["名簿"]["C2"].value == "見る"
    assert all(cell.data_type != "f" for row in opened(copy)["名簿"] for cell in row)


def test_macros_and_parts_nobody_knows_are_not_in_the_copy():
    data = make.with_part(make.small_roster(), "xl/vbaProject.bin", b"Sub Auto_Open()")

    copy = marked_copy(read_workbook(data, "名簿.xlsm"), Findings())

    assert not [name for name in make.members(copy) if "vba" in name or name.endswith(".bin")]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@SUM(A1)", "#N/A"])
def test_a_text_that_looks_like_a_formula_stays_a_text(text):
    book = Book("x", "", (Sheet("名簿", (Row(1, (Cell(1, 1, text),)),)),))

    cell = opened(marked_copy(book, Findings()))["名簿"]["A1"]

    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    ("problem", "shown", "left"),
    [("error", "#REF!", "#REF!"), ("no_cache", "", "#N/A"), ("narrow", "####", "#N/A")],
)
def test_what_could_not_be_read_is_no_blank_in_the_copy(problem, shown, left):
    broken = Cell(1, 1, None, problem=PROBLEMS[problem].format(shown=shown), shown=shown)
    book = Book("x", "", (Sheet("名簿", (Row(1, (broken,)),)),))

    copy = marked_copy(book, Findings())

    assert opened(copy)["名簿"]["A1"].data_type == "e"
    assert opened(copy)["名簿"]["A1"].value == left
    assert read_workbook(copy, "x").sheets[1].rows[0].cells[0].problem


@pytest.mark.parametrize("number", ["123456789012", 123456789012, "番号は1234-5678-9012"])
def test_what_may_be_a_my_number_is_not_copied(number):
    copy = marked_copy(read_workbook(make.book(("職員番号", number)), "x"), Findings())

    assert HIDDEN in opened(copy)["名簿"]["B1"].value
    assert not [
        name
        for name, part in make.members(copy).items()
        if b"123456789012" in part or b"1234-5678-9012" in part
    ]


def test_a_csv_becomes_a_sheet_of_texts_with_its_zeros():
    data = "職員番号,氏名,採用日\r\n000101,髙橋　一郎,2025-04-01\r\n".encode("cp932")

    sheet = copied(data, error(2, "C", sheet="CSV"), name="名簿.csv")["CSV"]

    assert [cell.value for cell in sheet[2]] == ["000101", "髙橋　一郎", "2025-04-01"]
    assert {cell.data_type for row in sheet for cell in row} == {"s"}
    assert colour(sheet["C2"]) == RED


def test_a_mended_copy_that_is_marked_again_has_one_list_of_findings():
    book = read_workbook(make.small_roster(), "名簿.xlsx")
    first = marked_copy(book, Findings(errors=[error(3, "B")]))

    again = copied(first, error(3, "A"))

    assert again.sheetnames == [FINDINGS_SHEET, "名簿"]
    assert len(listed(again)) == 1


def test_a_sheet_of_the_users_own_with_the_lists_name_is_kept_when_something_is_wrong_in_it():
    data = make.book(("職員番号", "氏名"), ("000101", "見本"), name=FINDINGS_SHEET)

    copy = copied(data, error(2, "A", sheet=FINDINGS_SHEET))

    assert len(copy.sheetnames) == 2
    assert colour(copy.worksheets[1]["A2"]) == RED
    assert copy.worksheets[0].cell(LIST_STARTS, 7).hyperlink.location == "'取込結果1'!A2"


def test_columns_are_as_wide_as_what_they_hold():
    data = make.book(("表題" * 40,), ("職員番号", "氏名"), ("000101", "見本　" * 6))

    sheet = copied(data)["名簿"]

    assert sheet.column_dimensions["A"].width < 15 < sheet.column_dimensions["B"].width


def test_a_date_stays_the_day_it_was():
    sheet = copied(make.book(("採用日",), (date(2025, 4, 1),)))["名簿"]

    assert sheet["A2"].value.date() == date(2025, 4, 1)
