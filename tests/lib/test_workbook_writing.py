import csv
from datetime import date, datetime, time
from io import BytesIO, StringIO

import openpyxl
import pytest

from agano_dx.lib.workbooks.headings import HeadingDictionary, find_table
from agano_dx.lib.workbooks.reading import read_workbook
from agano_dx.lib.workbooks.writing import NOTES_SHEET, csv_bytes, text_cell, write_list

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "#N/A")
MOMENT = datetime.combine(date(2025, 4, 1), time(9, 30))


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_stored_as_a_formula(text):
    data = write_list("一覧", ("備考",), [(text,)])

    cell = opened(data).worksheets[0]["A2"]

    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


@pytest.mark.parametrize("text", FORMULAS)
def test_text_cell_keeps_a_text_a_text_when_somebody_edits_it(text):
    cell = openpyxl.Workbook().active["A1"]

    text_cell(cell, text)

    assert cell.data_type == "s"
    assert bool(cell.quotePrefix) is (text != "#N/A")


def test_headings_and_notes_are_no_formulas_either():
    data = write_list("=一覧", ("=A1",), [], ("=B1",))

    workbook = opened(data)

    assert workbook.worksheets[0]["A1"].data_type == "s"
    assert workbook[NOTES_SHEET]["A1"].data_type == "s"
    assert workbook[NOTES_SHEET]["A2"].value == "=B1"


def test_a_list_has_bold_frozen_headings_wide_columns_and_real_dates():
    rows = [("000101", "髙橋　一郎" * 3, date(2025, 4, 1), MOMENT, 12, None)]

    sheet = opened(
        write_list("職員一覧", ("番号", "氏名", "日", "時", "数", "空"), rows)
    ).worksheets[0]

    assert sheet.title == "職員一覧"
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width
    assert (sheet["A2"].value, sheet["E2"].value, sheet["F2"].value) == ("000101", 12, None)
    assert (sheet["C2"].is_date, sheet["C2"].number_format) == (True, "yyyy/mm/dd")
    assert sheet["D2"].value == MOMENT


def test_a_list_can_be_read_back():
    data = write_list("職員一覧", ("職員番号", "採用日"), [("000101", date(2025, 4, 1))], ("注",))

    sheet, _ = read_workbook(data, "").sheets
    dictionary = HeadingDictionary({"staff_no": ("職員番号",), "hired_on": ("採用日",)})
    [record] = find_table(sheet, dictionary, ("staff_no",)).records

    assert record.cell("staff_no").value == "000101"
    assert record.cell("hired_on").value == date(2025, 4, 1)


def test_signs_that_excel_forbids_do_no_harm():
    sheet = opened(write_list("a/b[c]*" + "長" * 40, ("x",), [("a\x00b\x0bc",)])).worksheets[0]

    assert len(sheet.title) <= 31
    assert sheet["A2"].value == "abc"


def test_csv_has_a_byte_order_mark_and_guards_formulas():
    data = csv_bytes(("氏名", "備考"), [(text, "ふつう") for text in FORMULAS[:7]])

    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["氏名", "備考"]
    assert [row[0] for row in rows[1:]] == [f"'{text}" for text in FORMULAS[:7]]


@pytest.mark.parametrize("text", [*FORMULAS[:4], "'=1", "''+1", "'見本", "見本"])
def test_our_own_csv_reads_back_as_it_was(text):
    data = csv_bytes(("備考",), [(text,)])

    [sheet] = read_workbook(data, "").sheets

    assert sheet.rows[1].cells[0].value == text


def test_a_line_above_the_headings_stays_in_sight_with_them():
    data = write_list("名簿", ("職員番号",), [("000101",)], above=("令和8年4月1日現在",))

    sheet = opened(data).worksheets[0]

    assert [row[0].value for row in sheet] == ["令和8年4月1日現在", "職員番号", "000101"]
    assert sheet.freeze_panes == "A3"


def test_every_printed_page_is_as_wide_as_the_list_and_says_what_it_is():
    data = write_list("名簿", ("職員番号",), [("000101",)], above=("取扱注意　令和8年4月1日現在",))

    sheet = opened(data).worksheets[0]
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.oddFooter.center.text, sheet.print_options.gridLines) == ("&P / &N", True)


def test_csv_leaves_numbers_and_dates_alone():
    data = csv_bytes(("数", "日"), [(-5, date(2025, 4, 1)), (None, MOMENT)])

    assert data.decode("utf-8-sig") == "数,日\r\n-5,2025-04-01\r\n,2025-04-01 09:30\r\n"
