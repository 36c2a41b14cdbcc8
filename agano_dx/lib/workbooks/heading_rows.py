"""The search for the row, or the two or three merged rows, in which the headings stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agano_dx.lib.workbooks.cells import Cell, Row, Sheet
from agano_dx.lib.workbooks.dictionary import (
    HeadingDictionary,
    HeadingError,
    Required,
    no_heading,
    two_headings,
)
from agano_dx.lib.workbooks.grid import Range
from agano_dx.lib.workbooks.layouts import Columns, heading_keys, layout_of

SEARCHED_ROWS: Final = 20
_DEEPEST: Final = 3
_LONGEST_HEADING: Final = 30


@dataclass(frozen=True, slots=True)
class HeadingLabel:
    """One heading. `field`: what its column holds, "" for not used, `None` for not known."""

    cell: Cell
    text: str
    key: str
    field: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class _Label:
    """What stands above one column: the cell to name, and its possible readings, best first."""

    cell: Cell
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """Which column a field has by the best reading found, `rank` 0 being the whole text."""

    rank: int
    labels: tuple[_Label, ...]

    def joined(self, rank: int, label: _Label) -> "_Match":
        """Keep the better reading (採用年月日 before a bare 年月日), or both equals."""
        if rank != self.rank:
            return self if self.rank < rank else _Match(rank, (label,))
        return _Match(rank, (*self.labels, label))


@dataclass(frozen=True, slots=True)
class Heading:
    """Rows that may be the heading, by their place among the sheet's rows, and what they name."""

    first: int
    depth: int
    layout: str
    labels: tuple[HeadingLabel, ...]
    columns: dict[str, int]
    doubled: tuple[str, Cell, Cell] | None
    worth: tuple[int, ...]

    @property
    def end(self) -> int:
        return self.first + self.depth

    @property
    def unknown(self) -> dict[str, int]:
        """The headings nobody knows, and their columns."""
        return {label.text: label.cell.column for label in self.labels if label.field is None}


def find_heading(
    sheet: Sheet, dictionary: HeadingDictionary, required: Required, columns: Columns
) -> Heading | None:
    """The rows that name the most fields and all required ones, else the likeliest rows.

    `columns` says what somebody made of the headings of a layout; rows of that layout go first.
    """
    candidates = [
        _heading(sheet, first, depth, dictionary, columns) for first, depth in _windows(sheet)
    ]
    candidates = [each for each in candidates if each.layout in columns] or candidates
    fitting = [each for each in candidates if not dictionary.missing(each.columns, required)]
    # Of equals max() takes the first: the upper row.
    return max(fitting or candidates, key=lambda heading: heading.worth, default=None)


def problem_with(
    sheet: Sheet, heading: Heading, dictionary: HeadingDictionary, required: Required
) -> HeadingError | None:
    """Why the list below the heading cannot be read."""
    if dictionary.missing(heading.columns, required):
        return no_heading(sheet.name, dictionary, list(heading.columns), required)
    if heading.doubled:
        field, one, two = heading.doubled
        return two_headings(sheet.name, dictionary.label(field), one, two)
    return None


def layouts(sheet: Sheet) -> set[str]:
    """The fingerprints of all rows that may be the sheet's heading, whatever they say.

    By them a layout is known again of which no heading is in the dictionary.
    """
    found = set()
    for first, depth in _windows(sheet):
        labels = _labels_of(sheet, first, depth)
        if len(labels) > 1:
            found.add(layout_of(heading_keys(label.forms[0] for label in labels)))
    return found


def _windows(sheet: Sheet) -> Iterator[tuple[int, int]]:
    for first in range(min(SEARCHED_ROWS, len(sheet.rows))):
        for depth in _depths(sheet, first):
            if first + depth <= SEARCHED_ROWS:
                yield first, depth


def _depths(sheet: Sheet, first: int) -> tuple[int, ...]:
    """The rows a heading starting here may have: as many as its merged cells say, else 1 or 2."""
    rows = sheet.rows[first : first + _DEEPEST]
    top = rows[0].number
    bottom = max((last for start, _, last, _ in sheet.merged if start == top), default=top)
    merged = sum(row.number <= bottom for row in rows)
    if merged > 1:
        return (merged,)
    return (1, 2) if len(rows) > 1 else (1,)


def _heading(
    sheet: Sheet, first: int, depth: int, dictionary: HeadingDictionary, columns: Columns
) -> Heading:
    labels = _labels_of(sheet, first, depth)
    keys = heading_keys(label.forms[0] for label in labels)
    layout = layout_of(keys)
    chosen = {
        key: field
        for key, field in columns.get(layout, {}).items()
        if key in keys and (not field or field in dictionary.fields)
    }
    matches = _matches(keys, labels, chosen, dictionary)
    fields = {label.cell: field for field, match in matches.items() for label in match.labels}
    return Heading(
        first,
        depth,
        layout,
        labels=tuple(
            HeadingLabel(
                label.cell,
                label.forms[0],
                key,
                fields.get(label.cell, "" if key in chosen else None),
                key in chosen,
            )
            for key, label in zip(keys, labels, strict=True)
        ),
        columns={field: match.labels[0].cell.column for field, match in matches.items()},
        doubled=_doubled(matches, dictionary),
        worth=(
            len(matches),
            depth == 1 or _depths(sheet, first) == (depth,),
            -sum(match.rank for match in matches.values()),
            sum(_is_wordy(label.cell) for label in labels),
        ),
    )


def _matches(
    keys: Sequence[str],
    labels: Sequence[_Label],
    chosen: Mapping[str, str],
    dictionary: HeadingDictionary,
) -> dict[str, _Match]:
    matches: dict[str, _Match] = {}
    for key, label in zip(keys, labels, strict=True):
        rank, field = (0, chosen[key]) if key in chosen else _meaning(label, dictionary)
        if field:
            known = matches.get(field)
            matches[field] = known.joined(rank, label) if known else _Match(rank, (label,))
    return matches


def _doubled(
    matches: Mapping[str, _Match], dictionary: HeadingDictionary
) -> tuple[str, Cell, Cell] | None:
    """The first field that two columns claim and only one may have."""
    for field, match in matches.items():
        if len(match.labels) > 1 and field not in dictionary.repeatable:
            return field, match.labels[0].cell, match.labels[1].cell
    return None


def _meaning(label: _Label, dictionary: HeadingDictionary) -> tuple[int, str]:
    """The field by the best reading of the heading, and how good that reading is."""
    readings = ((rank, dictionary.field_of(form)) for rank, form in enumerate(label.forms))
    return next(((rank, field) for rank, field in readings if field), (0, ""))


def _is_wordy(cell: Cell) -> bool:
    """Whether the cell could be a heading at all: where none is known, the wordiest row wins."""
    return isinstance(cell.value, str) and len(cell.value.strip()) <= _LONGEST_HEADING


def _labels_of(sheet: Sheet, first: int, depth: int) -> list[_Label]:
    rows = sheet.rows[first : first + depth]
    return _labels(rows, _ranges_of(sheet, rows))


def _ranges_of(sheet: Sheet, rows: Sequence[Row]) -> list[Range]:
    top, bottom = rows[0].number, rows[-1].number
    return [each for each in sheet.merged if each[0] <= bottom and each[2] >= top]


def _labels(rows: Sequence[Row], ranges: list[Range]) -> list[_Label]:
    """One label for each column that has one; a merged heading counts once."""
    columns = sorted({cell.column for row in rows for cell in row.cells if not cell.is_blank})
    labels = []
    for column in columns:
        cells = list(_stack(rows, column, ranges))
        if all(_reaches_from_left(cell, ranges) for cell in cells):
            continue
        labels.append(_Label(cells[-1], _forms(cells, rows, ranges)))
    return labels


def _stack(rows: Sequence[Row], column: int, ranges: list[Range]) -> Iterator[Cell]:
    """The heading's cells in one column, from the top; a cell merged downwards counts once."""
    top = rows[0].number
    for row in rows:
        cell = row.cell(column)
        if cell is None or cell.is_blank:
            continue
        place = _range_around(cell, ranges)
        if place is None or place[0] == row.number or place[0] < top:
            yield cell


def _forms(cells: list[Cell], rows: Sequence[Row], ranges: list[Range]) -> tuple[str, ...]:
    """採用 over 年月日 may read 採用年月日, 年月日 or, if 採用 spans no neighbour, 採用."""
    texts = [cell.text.strip() for cell in cells]
    if len(cells) == 1:
        over = _text_over(cells[0], rows, ranges)
        return (over + texts[0], texts[0]) if over else (texts[0],)
    first = _range_around(cells[0], ranges)
    spans = first is not None and first[1] < first[3]
    return ("".join(texts), texts[-1]) if spans else ("".join(texts), texts[-1], texts[0])


def _text_over(cell: Cell, rows: Sequence[Row], ranges: list[Range]) -> str:
    """The upper heading centred across several columns without merging, as Excel also allows."""
    if cell.row == rows[0].number or _range_around(cell, ranges):
        return ""
    to_the_left = [each for each in rows[0].cells if each.column < cell.column]
    above = next((each for each in reversed(to_the_left) if not each.is_blank), None)
    if above is None or _range_around(above, ranges):
        return ""
    below = rows[-1].cell(above.column)
    return "" if below is None or below.is_blank else above.text.strip()


def _range_around(cell: Cell, ranges: list[Range]) -> Range | None:
    for place in ranges:
        top, left, bottom, right = place
        if top <= cell.row <= bottom and left <= cell.column <= right:
            return place
    return None


def _reaches_from_left(cell: Cell, ranges: list[Range]) -> bool:
    place = _range_around(cell, ranges)
    return cell.filled and place is not None and place[1] < cell.column
