"""Blank lists, opened again and looked at."""

from io import BytesIO

import openpyxl
import pytest

from agano_dx.lib.workbooks.reading import read_workbook
from agano_dx.lib.workbooks.template import (
    CHOICES_SHEET,
    EXAMPLE_SHEET,
    TemplateColumn,
    write_template,
)
from agano_dx.lib.workbooks.writing import NOTES_SHEET

COLUMNS = [
    TemplateColumn("職員番号", "先頭の0も書きます。", ("000101", "000102")),
    TemplateColumn("所属", "一覧から選びます。", ("総務課", ""), ("総務課", "=税務課")),
    TemplateColumn("職名", "一覧から選びます。", ("主事", ""), ("課長", "主任", "主事")),
    TemplateColumn("兼務", "あれば書きます。", ("", ""), ()),
]


@pytest.fixture
def workbook():
    data = write_template("職員名簿", COLUMNS, ("例1", "例2"), ("一行目", "=二行目"))
    return openpyxl.load_workbook(BytesIO(data))


def rule_of(sheet, column):
    [rule] = [rule for rule in sheet.data_validations.dataValidation if f"{column}2" in rule.sqref]
    return rule


def test_the_list_comes_first_and_what_explains_it_after(workbook):
    assert workbook.sheetnames == ["職員名簿", EXAMPLE_SHEET, NOTES_SHEET, CHOICES_SHEET]
    assert [cell.value for cell in workbook["職員名簿"][1]] == ["職員番号", "所属", "職名", "兼務"]
    assert workbook["職員名簿"].max_row == 1
    assert workbook["職員名簿"].freeze_panes == "A2"


def test_every_column_is_text_so_that_zeros_and_dates_stay_as_typed(workbook):
    dimensions = workbook["職員名簿"].column_dimensions

    assert [dimensions[letter].number_format for letter in "ABCD"] == ["@"] * 4


@pytest.mark.parametrize(
    ("column", "choices"), [("B", ["総務課", "=税務課"]), ("C", ["課長", "主任", "主事"])]
)
def test_a_drop_down_offers_exactly_its_choices(workbook, column, choices):
    rule = rule_of(workbook["職員名簿"], column)

    sheet, _, area = rule.formula1.rpartition("!")
    offered = [cell for (cell,) in workbook[sheet.strip("'")][area.replace("$", "")]]

    assert rule.type == "list"
    assert [cell.value for cell in offered] == choices
    assert {cell.data_type for cell in offered} == {"s"}
    assert (rule.error, rule.showErrorMessage) == ("一覧から選んでください。", True)


def test_a_column_without_choices_only_gives_its_hint(workbook):
    rule = rule_of(workbook["職員名簿"], "A")

    assert rule.type in (None, "none")
    assert (rule.promptTitle, rule.prompt) == ("職員番号", "先頭の0も書きます。")


def test_the_examples_stand_side_by_side(workbook):
    rows = [[cell.value for cell in row] for row in workbook[EXAMPLE_SHEET]]

    assert rows[0] == ["項目", "例1", "例2", "書き方"]
    assert rows[1] == ["職員番号", "000101", "000102", "先頭の0も書きます。"]


def test_notes_are_texts(workbook):
    assert [(cell.value, cell.data_type) for (cell,) in workbook[NOTES_SHEET]] == [
        ("職員名簿", "s"),
        ("一行目", "s"),
        ("=二行目", "s"),
    ]


def test_the_blank_list_can_be_read():
    data = write_template("職員名簿", COLUMNS, (), ())

    first, *_ = read_workbook(data, "").sheets

    assert [cell.text for cell in first.rows[0].cells] == ["職員番号", "所属", "職名", "兼務"]
