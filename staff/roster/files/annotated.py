"""The uploaded roster with its errors and doubts shown where they are."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any, Final

from agano_dx.lib.issues import Findings, Issue
from agano_dx.lib.workbooks.findings import FINDINGS_SHEET
from agano_dx.lib.workbooks.marked import marked_copy
from agano_dx.lib.workbooks.reading import read_workbook

_ENDING: Final = f"_{FINDINGS_SHEET}"

# An issue in the shape in which imports keep it: sheet, row, column, value, message.
StoredIssue = Mapping[str, Any]


def annotated_copy(
    data: bytes,
    file_name: str,
    errors: Iterable[StoredIssue],
    warnings: Iterable[StoredIssue],
) -> tuple[bytes, str]:
    """The upload as .xlsx with error cells red, doubtful ones yellow, each with its sentence.

    The upload is read again under the guards of every upload and the copy is built anew from the
    values found (see `marked`). Raises WorkbookError for a file that cannot be read.
    """
    book = read_workbook(data, file_name)
    found = Findings(
        errors=[Issue(**issue) for issue in errors],
        warnings=[Issue(**issue) for issue in warnings],
    )
    stem = PurePath(file_name).stem.removesuffix(_ENDING)
    return marked_copy(book, found), f"{stem or '名簿'}{_ENDING}.xlsx"
