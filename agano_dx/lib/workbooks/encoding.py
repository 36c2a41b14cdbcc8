"""How the child hands sheets to the parent: one line of JSON for each sheet and each row.

A sheet is an object that names its number formats and says how many rows follow; a row is
`[number, columns, values, formats, odd]`, where `odd` lists the few cells with a problem or filled
from a merged range. A last object ends the book, else it was cut. `decoding` reads all this.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from agano_dx.lib.workbooks.grid import Grid, GridRow, Raw
from agano_dx.lib.workbooks.limits import Refused


def encoded_refusal(code: str) -> bytes:
    return _line({"refused": code})


def encoded_book(grids: Iterable[Grid | None]) -> Iterator[bytes]:
    """The lines of a book; None stands for a hidden sheet."""
    hidden = written = 0
    for grid in grids:
        if grid is None:
            hidden += 1
            continue
        rows = grid.visible_rows()
        written += len(rows)
        yield from _encoded_sheet(grid, rows)
    if not written:
        raise Refused("empty")
    yield _line({"end": hidden})


def _encoded_sheet(grid: Grid, rows: list[GridRow]) -> Iterator[bytes]:
    used = dict.fromkeys(
        raw.number_format for cells in grid.rows.values() for raw in cells.values()
    )
    formats = {number_format: index for index, number_format in enumerate(used)}
    hidden_rows, hidden_columns = grid.count_hidden()
    yield _line(
        {
            "sheet": grid.name,
            "rows": len(rows),
            "formats": list(formats),
            "hidden": [hidden_rows, hidden_columns],
            "merged": sorted(grid.merged),
        }
    )
    for number, cells in rows:
        yield _line(
            [
                number,
                [column for column, _ in cells],
                [raw.value for _, raw in cells],
                [formats[raw.number_format] for _, raw in cells],
                [[i, *_oddity(raw)] for i, (_, raw) in enumerate(cells) if any(_oddity(raw))],
            ]
        )


def _oddity(raw: Raw) -> tuple[str, str, bool]:
    return raw.problem, raw.shown, raw.filled


def _moment(value: date | time) -> dict[str, str]:
    """Dates and times by their own names; called for what JSON itself cannot write."""
    if isinstance(value, datetime):
        return {"dt": value.isoformat()}
    return {"d" if isinstance(value, date) else "t": value.isoformat()}


_ENCODE = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_moment, allow_nan=False
).encode


def _line(content: object) -> bytes:
    return _ENCODE(content).encode() + b"\n"
