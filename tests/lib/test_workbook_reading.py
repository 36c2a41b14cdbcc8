import csv
import hashlib
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from agano_dx.lib.workbooks.cells import Cell
from agano_dx.lib.workbooks.reading import read_workbook
from tests import workbook_makers as make


def sheet_of(data):
    [sheet] = read_workbook(data, "名簿.xlsx").sheets
    return sheet


def values(sheet):
    return [[cell.value for cell in row.cells] for row in sheet.rows]


def cell_at(sheet, row, column):
    [found] = [row_ for row_ in sheet.rows if row_.number == row]
    return found.cell(column)


def styled(value, number_format):
    """The one cell of a workbook with this value in this number format, read."""
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = value
    workbook.active["A1"].number_format = number_format
    return sheet_of(make.saved(workbook)).rows[0].cells[0]


def test_a_workbook_is_read_with_places_formats_and_merged_cells():
    data = make.small_roster()

    book = read_workbook(data, "名簿.xlsx")

    assert (book.filename, book.sha256) == ("名簿.xlsx", hashlib.sha256(data).hexdigest())
    [sheet] = book.sheets
    assert (sheet.name, sheet.merged) == ("名簿", ((3, 3, 4, 3),))
    assert values(sheet)[2:4] == [
        ["000101", "髙橋　一郎", "総務課", date(2005, 4, 1)],
        [12, "山﨑 花子", "総務課", date(2025, 4, 1)],
    ]
    assert cell_at(sheet, 4, 1).text == "00012"
    assert cell_at(sheet, 4, 1).letter == "A"
    assert not cell_at(sheet, 3, 3).filled
    assert cell_at(sheet, 4, 3).filled
    assert cell_at(sheet, 5, 4).text == "25%"


@pytest.mark.parametrize("kind", make.SAME)
def test_an_odd_way_of_writing_the_same_file_changes_nothing(kind):
    original = make.small_roster()

    odd = make.SAME[kind](original)

    assert odd != original
    assert read_workbook(odd, "").sheets == read_workbook(original, "").sheets


def test_a_workbook_with_macros_is_read_like_one_without():
    parts = make.members(make.small_roster()) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    types = parts["[Content_Types].xml"].replace(
        b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"vnd.ms-excel.sheet.macroEnabled.main+xml",
    )

    data = make.zipped(parts | {"[Content_Types].xml": types})

    assert b"macroEnabled" in types
    assert read_workbook(data, "").sheets == read_workbook(make.small_roster(), "").sheets


def test_the_name_of_the_file_decides_nothing():
    assert read_workbook(make.small_roster(), "名簿.csv").sheets[0].name == "名簿"
    assert read_workbook(b"a,b\r\n1,2\r\n", "x.xlsx").sheets[0].name == "CSV"


def test_it_reads_from_any_working_directory(monkeypatch, tmp_path):
    (tmp_path / "openpyxl.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)

    assert read_workbook(make.small_roster(), "").sheets


def test_an_error_value_is_a_problem_and_not_a_blank():
    cell = cell_at(sheet_of(make.small_roster()), 5, 3)

    assert (cell.value, cell.text, cell.is_blank) == (None, "#N/A", False)
    assert "「#N/A」" in cell.problem


def test_a_formula_without_a_stored_result_is_a_problem():
    sheet = sheet_of(make.book(("番号", "計"), (1, "=A2+1")))

    cell = cell_at(sheet, 2, 2)

    assert cell.value is None
    assert "計算結果" in cell.problem


def test_a_formula_with_a_stored_result_is_its_result():
    formula = (
        '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="str"><f>""</f><v></v></c></row>'
    )

    sheet = sheet_of(make.with_rows(make.book(("番号",), (1,)), formula))

    assert values(sheet) == [["番号"], [1], [2]]


def test_a_text_that_begins_with_an_equals_sign_stays_a_text():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "=1+1"
    workbook.active["A1"].data_type = "s"

    assert values(sheet_of(make.saved(workbook))) == [["=1+1"]]


def test_the_1904_calendar_gives_the_same_days():
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A1"] = date(2025, 4, 1)

    assert values(sheet_of(make.saved(workbook))) == [[date(2025, 4, 1)]]


def at(hour=0, minute=0):
    """A moment as Excel knows it: without a zone."""
    return datetime.combine(date(2025, 4, 1), time(hour, minute))


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (at(9, 30), "yyyy/m/d h:mm", at(9, 30)),
        (at(), "yyyy/m/d h:mm", at()),
        (at(), '[$-411]ggge"年"m"月"d"日"', date(2025, 4, 1)),
        (time(8, 30), "h:mm", time(8, 30)),
        (timedelta(hours=1, minutes=30), "[h]:mm", time(1, 30)),
        (timedelta(hours=30), "[h]:mm", "30:00"),
        (45748, "[$-411]ge.m.d", date(2025, 4, 1)),
        (45748, "General", 45748),
        (0.1, "General", 0.1),
        (123456789012345, "0", 123456789012345),
        (True, "General", True),
        ("一行目\n二行目", "General", "一行目\n二行目"),
    ],
)
def test_values_keep_their_kind(value, number_format, expected):
    cell = styled(value, number_format)

    assert cell.value == expected
    assert type(cell.value) is type(expected)
    assert cell.number_format == number_format


@pytest.mark.parametrize(("number", "day"), [(57, "[$-411]ge.m.d"), (31, 'yyyy"年"m"月"d"日"')])
def test_dates_in_formats_only_a_japanese_excel_knows_by_number_are_dates(number, day):
    data = make.book((45748,))
    styles = make.members(data)["xl/styles.xml"].decode()
    styles = styles.replace(
        '<cellXfs count="1"><xf numFmtId="0"', f'<cellXfs count="1"><xf numFmtId="{number}"'
    )

    [cell] = sheet_of(make.with_part(data, "xl/styles.xml", styles.encode())).rows[0].cells

    assert (cell.value, cell.number_format) == (date(2025, 4, 1), day)


def test_a_number_that_no_calendar_holds_is_a_problem():
    cell = styled(99999999, "yyyy/m/d")

    assert cell.value is None
    assert "日付" in cell.problem


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(1, 1, 123456.0), "123456"),
        (Cell(1, 1, 12, "00000"), "00012"),
        (Cell(1, 1, 0.755, "0.0%"), "75.5%"),
        (Cell(1, 1, date(2025, 4, 1)), "2025-04-01"),
        (Cell(1, 1, time(9, 5)), "09:05"),
        (Cell(1, 1, None), ""),
        (Cell(1, 1, value=False), "FALSE"),
    ],
)
def test_the_text_of_a_cell_is_what_a_person_sees(cell, text):
    assert cell.text == text


def test_hidden_rows_columns_and_sheets_are_left_out_and_counted():
    workbook = openpyxl.load_workbook(BytesIO(make.book(*map(tuple, ("AB", "CD", "EF", "GH")))))
    sheet = workbook.active
    sheet.row_dimensions[2].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet.row_dimensions[9].hidden = True  # holds nothing: not counted
    sheet.column_dimensions["B"].hidden = True
    workbook.create_sheet("控え").sheet_state = "hidden"
    workbook["控え"]["A1"] = "見えない"
    workbook.create_sheet("極秘").sheet_state = "veryHidden"

    book = read_workbook(make.saved(workbook), "")

    [shown] = book.sheets
    assert values(shown) == [["A"], ["E"]]
    assert [row.number for row in shown.rows] == [1, 3]
    assert (shown.hidden_rows, shown.hidden_columns, book.hidden_sheets) == (2, 1, 2)


def test_a_merged_range_is_filled_to_the_right_too_and_only_as_far_as_the_list_goes():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["A1"] = "採用"
    sheet.append(("年月日", "区分"))
    sheet.merge_cells("A1:B1")
    data = make.with_sheet(make.saved(workbook), lambda xml: xml.replace("A1:B1", "A1:XFD1"))

    shown = sheet_of(data)

    assert values(shown) == [["採用", "採用"], ["年月日", "区分"]]
    assert [cell.filled for cell in shown.rows[0].cells] == [False, True]


def test_a_far_cell_without_a_value_does_not_matter():
    far = '<row r="1048576"><c r="XFD1048576" s="1" /></row>'

    assert sheet_of(make.with_rows(make.small_roster(), far)) == sheet_of(make.small_roster())


def test_the_long_list_may_have_as_many_rows_as_the_limit_says():
    last = '<row r="120000"><c r="A120000"><v>7</v></c></row>'

    sheet = sheet_of(make.with_rows(make.book((1,)), last))

    assert (len(sheet.rows), sheet.rows[-1].cells[0].value) == (120_000, 7)


TEXT = "職員番号,氏名\r\n000101,髙橋　①郎\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv_is_read_in_the_encodings_excel_writes(encoding, delimiter):
    data = TEXT.replace(",", delimiter).encode(encoding)

    book = read_workbook(data, "変更.csv")

    assert values(book.sheets[0]) == [["職員番号", "氏名"], ["000101", "髙橋　①郎"]]
    assert cell_at(book.sheets[0], 2, 2) == Cell(2, 2, "髙橋　①郎")


def test_csv_rows_are_numbered_as_excel_numbers_them():
    out = StringIO()
    csv.writer(out).writerows([["番号", "備考"], [], ["1", "二行の\n備考"], ["2", "=1+1"]])

    sheet = sheet_of(out.getvalue().encode())

    assert [(row.number, len(row.cells)) for row in sheet.rows] == [(1, 2), (2, 0), (3, 2), (4, 2)]
    assert cell_at(sheet, 4, 2).value == "=1+1"


def test_csv_may_end_in_the_end_mark_of_old_systems():
    assert values(sheet_of(TEXT.encode("cp932") + b"\x1a"))[1] == ["000101", "髙橋　①郎"]


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "########"])
def test_what_excel_could_not_show_is_a_problem_in_csv_too(shown):
    [cell] = sheet_of(f"番号\n{shown}\n".encode()).rows[1].cells

    assert (cell.value, cell.text) == (None, shown)
    assert shown in cell.problem


@pytest.mark.parametrize(
    "path", sorted(make.SAMPLE_CITY.glob("*.xlsx")), ids=lambda path: path.name
)
def test_the_sample_city_reads_as_openpyxl_reads_it(path):
    expected = openpyxl.load_workbook(path, data_only=True)

    book = read_workbook(path.read_bytes(), path.name)

    assert [sheet.name for sheet in book.sheets] == expected.sheetnames
    for sheet in book.sheets:
        for row in sheet.rows:
            theirs = {
                (cell.row, cell.column): cell.value
                for cell in expected[sheet.name][row.number]
                if cell.value is not None
            }
            ours = {(cell.row, cell.column): cell.value for cell in row.cells if not cell.filled}
            assert ours.keys() == theirs.keys()
            assert all(str(theirs[place]).startswith(str(ours[place])) for place in ours)


@pytest.mark.parametrize("path", sorted(make.SAMPLE_CITY.glob("*.csv")), ids=lambda path: path.name)
def test_the_sample_lists_in_csv_are_read(path):
    assert read_workbook(path.read_bytes(), path.name).sheets[0].rows
