"""Specialists by band of rank, against the plan's range for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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

Standing = Literal["short", "reached", ""]
ROW = 46.0


@dataclass(frozen=True)
class BandCount:
    """A band with its people; no `maximum` means 以上. `words` replaces ▲不足 or ✓."""

    label: str
    count: int
    minimum: int
    maximum: int | None = None
    words: str = ""


@dataclass(frozen=True)
class BandRow:
    """One band: bar, range and words. `range_edge` is open to the right without a maximum."""

    label: Text
    bar: Box
    range: Box
    range_edge: str
    value: Text
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class BandBars(RowChart):
    """What templates/charts/specialists.html draws."""

    template = "charts/specialists.html"

    rows: tuple[BandRow, ...]


def band_bars(rows: Sequence[BandCount], *, width: int = WIDTH) -> BandBars:
    """One row a band; room for labels and words is kept free, so nothing collides."""
    names = max((text_width(row.label) for row in rows), default=0.0)
    words = max((text_width(_value_words(row)) for row in rows), default=0.0)
    frame = Frame(
        clamp(names + 10, 36, width * 0.4), 26.0, width - words - 14, 26.0 + ROW * max(1, len(rows))
    )
    highest = max([1, *(max(row.count, row.maximum or _open_end(row)) for row in rows)])
    across = Across(frame, tick_values(highest, most=5))
    return BandBars(
        width=width,
        across=across,
        rows=tuple(_row(row, frame.top + index * ROW, across) for index, row in enumerate(rows)),
        legend=(LegendEntry("actual-bar", "現在"), LegendEntry("band", "目標の幅")),
        table=DataTable(
            ("区分", "現在", "目標の幅", "状況"),
            tuple((r.label, f"{r.count}人", range_words(r), standing_words(r)) for r in rows),
        ),
    )


def range_words(row: BandCount) -> str:
    """2～4人, 20人以上."""
    return f"{row.minimum}人以上" if row.maximum is None else f"{row.minimum}～{row.maximum}人"


def standing_words(row: BandCount) -> str:
    if row.words:
        return row.words
    return "▲不足" if row.count < row.minimum else "✓達成"


def _value_words(row: BandCount) -> str:
    return f"{row.count}人 {standing_words(row)}"


def _open_end(row: BandCount) -> int:
    """How far an open range is drawn at least."""
    return row.minimum + max(1, row.minimum // 4)


def _standing(row: BandCount) -> Standing:
    """Nothing is short before its day: rows with words of their own stay plain."""
    if row.words:
        return ""
    return "short" if row.count < row.minimum else "reached"


def _row(row: BandCount, top: float, across: Across) -> BandRow:
    left, end = across.frame.left, across.frame.right
    low = across.x_of(row.minimum)
    high = end if row.maximum is None else max(across.x_of(row.maximum), low + 4)
    upper, lower = rounded(top + 5), rounded(top + ROW - 5)
    edge = f"M{rounded(high)} {upper}H{low}V{lower}H{rounded(high)}"
    base = rounded(top + ROW / 2 + 5)
    bar_end = across.x_of(row.count)
    return BandRow(
        label=Text(rounded(left - 8), base, row.label, "end"),
        bar=box(left, top + 14, bar_end - left, ROW - 28),
        range=box(low, upper, high - low, lower - upper),
        range_edge=edge if row.maximum is None else edge + "Z",
        value=Text(rounded(max(high, bar_end) + 8), base, _value_words(row), "start"),
        standing=_standing(row),
    )
