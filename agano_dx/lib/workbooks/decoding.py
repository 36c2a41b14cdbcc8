"""What the child wrote (see `encoding`), turned into sheets. Runs in the parent."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from agano_dx.lib.workbooks.cells import PROBLEMS, Cell, Row, Sheet
from agano_dx.lib.workbooks.limits import Refused


def decoded_book(lines: Iterator[bytes]) -> tuple[tuple[Sheet, ...], int]:
    """The sheets and the number of hidden ones; Refused as the child said, or "damaged"."""
    sheets: list[Sheet] = []
    try:
        for line in lines:
            head = json.loads(line)
            if "refused" in head:
                raise Refused(str(head["refused"]))
            if "end" in head:
                return tuple(sheets), int(head["end"])
            sheets.append(_decoded_sheet(head, lines))
    except (ValueError, TypeError, LookupError):
        for _ in lines:  # the process may know better what happened, and says so at its end
            pass
    raise Refused("damaged")


def _decoded_sheet(head: dict[str, Any], lines: Iterator[bytes]) -> Sheet:
    known: dict[str, str] = {}  # a department's name stands in thousands of rows: keep one
    rows = tuple(
        _decoded_row(next(lines, b""), head["formats"], known) for _ in range(head["rows"])
    )
    hidden_rows, hidden_columns = head["hidden"]
    merged = tuple((top, left, bottom, right) for top, left, bottom, right in head["merged"])
    return Sheet(head["sheet"], rows, hidden_rows, hidden_columns, merged)


def _decoded_row(line: bytes, formats: list[str], known: dict[str, str]) -> Row:
    number, columns, values, styles, odd = json.loads(line, object_hook=_decoded_object)
    cells = [
        Cell(
            number,
            column,
            known.setdefault(value, value) if isinstance(value, str) else value,
            formats[style],
        )
        for column, value, style in zip(columns, values, styles, strict=True)
    ]
    for index, problem, shown, filled in odd:
        cell = cells[index]
        sentence = PROBLEMS[problem].format(shown=shown) if problem else ""
        cells[index] = Cell(
            number, cell.column, cell.value, cell.number_format, sentence, shown, filled
        )
    return Row(number, tuple(cells))


def _decoded_object(content: dict[str, str]) -> date | time:
    if "refused" in content:  # the child came to its limits in the middle of a sheet
        raise Refused(content["refused"])
    if "d" in content:
        return date.fromisoformat(content["d"])
    if "t" in content:
        return time.fromisoformat(content["t"])
    return datetime.fromisoformat(content["dt"])
