"""Blank lists for people to fill in: drop-downs, hints, columns in which everything is text."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from agano_dx.lib.workbooks.writing import NOTES_SHEET, TargetSheet, text_cell

EXAMPLE_SHEET: Final = "記入例"
CHOICES_SHEET: Final = "選択肢"

_ROWS: Final = 5_000
_TEXT: Final = "@"
_HEADING: Final = PatternFill("solid", start_color="E6E6E6")
_WIDE: Final = 60
# What Excel shows at most beside a chosen cell.
_LONGEST_HINT: Final = 255


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column: what to write in it, and in each of the examples."""

    heading: str
    hint: str
    examples: Sequence[str]
    choices: Sequence[str] = ()
    width: int = 16


def write_template(
    title: str,
    columns: Sequence[TemplateColumn],
    examples: Sequence[str],
    notes: Sequence[str],
) -> bytes:
    """A workbook with the blank list, an example sheet, notes, and the choices of the drop-downs.

    Every column is text, so that 000101 keeps its zeros and R8.4.1 stays what was typed. The
    examples (their names are given) stand side by side and not as rows of a list, so that nobody
    imports them.
    """
    workbook = Workbook()
    sheet: TargetSheet = workbook.active
    sheet.title = title
    example, note, choice = map(workbook.create_sheet, (EXAMPLE_SHEET, NOTES_SHEET, CHOICES_SHEET))
    _write_list(sheet, columns)
    _write_choices(choice, sheet, columns)
    _write_examples(example, columns, examples)
    for number, line in enumerate((title, *notes), start=1):
        text_cell(note.cell(number, 1), line)
    note["A1"].font = Font(bold=True)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _write_list(sheet: TargetSheet, columns: Sequence[TemplateColumn]) -> None:
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        _write_heading(sheet, 1, number, column.heading)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.number_format = _TEXT


def _write_heading(sheet: TargetSheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    text_cell(cell, text)
    cell.font = Font(bold=True)
    cell.fill = _HEADING


def _write_choices(
    choices: TargetSheet, sheet: TargetSheet, columns: Sequence[TemplateColumn]
) -> None:
    """The choices, a column for each drop-down, and the rules that point at them."""
    offering = [column for column in columns if column.choices]
    for number, column in enumerate(offering, start=1):
        _write_heading(choices, 1, number, column.heading)
        for row, choice in enumerate(column.choices, start=2):
            text_cell(choices.cell(row, number), choice)
        choices.column_dimensions[get_column_letter(number)].width = _WIDE // 2
    for number, column in enumerate(columns, start=1):
        source = ""
        if column.choices:
            letter = get_column_letter(offering.index(column) + 1)
            last = len(column.choices) + 1
            source = f"{quote_sheetname(CHOICES_SHEET)}!${letter}$2:${letter}${last}"
        rule = _rule(column, source)
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{_ROWS + 1}")
        sheet.add_data_validation(rule)


def _rule(column: TemplateColumn, source: str) -> DataValidation:
    """The hint beside a chosen cell, and the drop-down if there is a source of choices."""
    return DataValidation(
        type="list" if source else None,
        formula1=source or None,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=column.heading,
        error="一覧から選んでください。",
        showInputMessage=True,
        promptTitle=column.heading,
        prompt=column.hint[:_LONGEST_HINT],
    )


def _write_examples(
    sheet: TargetSheet, columns: Sequence[TemplateColumn], examples: Sequence[str]
) -> None:
    for number, text in enumerate(("項目", *examples, "書き方"), start=1):
        _write_heading(sheet, 1, number, text)
    for row, column in enumerate(columns, start=2):
        _write_heading(sheet, row, 1, column.heading)
        for number, text in enumerate((*column.examples, column.hint), start=2):
            cell = sheet.cell(row, number)
            text_cell(cell, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for number in range(1, len(examples) + 2):
        sheet.column_dimensions[get_column_letter(number)].width = 24
    sheet.column_dimensions[get_column_letter(len(examples) + 2)].width = _WIDE
    sheet.freeze_panes = "B2"
