"""What several tables do alike: shares of two columns of a line, sums of all lines."""

from collections.abc import Sequence
from fractions import Fraction

from reports.paper.shapes import HIDDEN, Cell, Column, Kind, Line


def filled(columns: Sequence[Column], cells: Sequence[Cell]) -> Line:
    """The line with its shares reckoned; what stood in their place is left aside."""
    return Line(
        tuple(
            share_of(cells, column) if column.share_of else cell
            for column, cell in zip(columns, cells, strict=True)
        )
    )


def share_of(cells: Sequence[Cell], column: Column) -> Cell:
    """The exact share of two cells of the line; hidden where one of them is, `None` of nobody."""
    if column.share_of is None:
        return None
    part, whole = (cells[place] for place in column.share_of)
    if HIDDEN in (part, whole):
        return HIDDEN
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return None
    return Fraction(part, whole)


def summed(columns: Sequence[Column], lines: Sequence[Line], label: str = "合計") -> Line:
    """The sums of the columns of people and numbers under a label in the first column."""
    cells: list[Cell] = [label]
    for place, column in enumerate(columns[1:], start=1):
        found = [line.cells[place] for line in lines]
        # What has no upper end has no sum either.
        adds_up = column.kind in (Kind.PEOPLE, Kind.NUMBER) and None not in found
        cells.append(sum(cell for cell in found if isinstance(cell, int)) if adds_up else None)
    return filled(columns, cells)
