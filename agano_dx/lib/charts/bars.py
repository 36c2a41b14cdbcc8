"""Plain bars, one a row: how many people are in each group."""

from collections.abc import Sequence
from dataclasses import dataclass

from agano_dx.lib.charts.across import Across, RowChart
from agano_dx.lib.charts.geometry import (
    WIDTH,
    Box,
    DataTable,
    Frame,
    LegendEntry,
    Text,
    box,
    clamp,
    rounded,
    text_width,
    tick_values,
)

ROW = 40.0


@dataclass(frozen=True)
class Bar:
    """A group and its people. `words` stand behind the bar."""

    label: str
    count: int
    words: str


@dataclass(frozen=True)
class BarRow:
    """One drawn bar."""

    label: Text
    bar: Box
    value: Text


@dataclass(frozen=True, kw_only=True)
class Bars(RowChart):
    """What templates/charts/bars.html draws."""

    template = "charts/bars.html"

    rows: tuple[BarRow, ...]


def bars(rows: Sequence[Bar], table: DataTable, legend: str, *, width: int = WIDTH) -> Bars:
    """One row a group; room for labels and words is kept free, so nothing collides."""
    names = max((text_width(row.label) for row in rows), default=0.0)
    words = max((text_width(row.words) for row in rows), default=0.0)
    frame = Frame(
        clamp(names + 10, 36, width * 0.4), 26.0, width - words - 14, 26.0 + ROW * max(1, len(rows))
    )
    across = Across(frame, tick_values(max([1, *(row.count for row in rows)]), most=5))
    return Bars(
        width=width,
        across=across,
        rows=tuple(
            _row(row, frame.top + index * ROW, frame.left, across.x_of(row.count))
            for index, row in enumerate(rows)
        ),
        legend=(LegendEntry("actual-bar", legend),),
        table=table,
    )


def _row(row: Bar, top: float, left: float, end: float) -> BarRow:
    base = rounded(top + ROW / 2 + 5)
    return BarRow(
        label=Text(rounded(left - 8), base, row.label, "end"),
        bar=box(left, top + 11, end - left, ROW - 22),
        value=Text(rounded(end + 8), base, row.words, "start"),
    )
