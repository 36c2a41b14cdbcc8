"""Plain bars, one a row: how many people are in each group."""

from collections.abc import Sequence
from dataclasses import dataclass

from agano_dx.lib.charts.geometry import (
    WIDTH,
    Box,
    DataTable,
    Frame,
    LegendEntry,
    Line,
    Text,
    box,
    clamp,
    line,
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


@dataclass(frozen=True)
class Bars:
    """What templates/charts/bars.html draws."""

    template = "charts/bars.html"

    width: int
    height: int
    frame: Frame
    unit: Text
    value_ticks: tuple[Text, ...]
    grid: tuple[Line, ...]
    rows: tuple[BarRow, ...]
    legend: tuple[LegendEntry, ...]
    table: DataTable


def bars(rows: Sequence[Bar], table: DataTable, legend: str, *, width: int = WIDTH) -> Bars:
    """One row a group; room for labels and words is kept free, so nothing collides."""
    names = max((text_width(row.label) for row in rows), default=0.0)
    words = max((text_width(row.words) for row in rows), default=0.0)
    frame = Frame(
        clamp(names + 10, 36, width * 0.4), 26.0, width - words - 14, 26.0 + ROW * max(1, len(rows))
    )
    ticks = tick_values(max([1, *(row.count for row in rows)]), most=5)

    def x_of(value: float) -> float:
        return rounded(frame.left + value / ticks[-1] * frame.width)

    return Bars(
        width=width,
        height=int(frame.bottom + 30),
        frame=frame,
        unit=Text(rounded(frame.left), 16.0, "（人）", "middle"),
        value_ticks=tuple(
            Text(x_of(tick), rounded(frame.bottom + 20), str(tick), "middle") for tick in ticks
        ),
        grid=tuple(line(x_of(tick), frame.top, x_of(tick), frame.bottom) for tick in ticks),
        rows=tuple(
            _row(row, frame.top + index * ROW, frame.left, x_of(row.count))
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
