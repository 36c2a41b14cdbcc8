"""From one standing to the next: what was added and what was taken away, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from agano_dx.lib.charts.across import Across, RowChart
from agano_dx.lib.charts.geometry import (
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
from agano_dx.lib.japanese import signed

BarKind = Literal["actual", "gain", "loss"]
FULL_WIDTH = 720  # a page of A4 upright, so that 14 px stays 14 px on paper too
ROW = 36.0


@dataclass(frozen=True)
class Step:
    """A line of the account: its words, and how many it adds (or, below 0, takes away)."""

    label: str
    amount: int


@dataclass(frozen=True)
class WaterfallRow:
    """A line as drawn: label, bar, the number beside it, and the thread to the next line."""

    label: Text
    bar: Box
    kind: BarKind
    value: Text
    thread: Line | None


@dataclass(frozen=True, kw_only=True)
class Waterfall(RowChart):
    """What templates/charts/waterfall.html draws."""

    template = "charts/waterfall.html"

    rows: tuple[WaterfallRow, ...]


def waterfall(
    opening: Step, steps: Sequence[Step], closing: str, *, width: int = FULL_WIDTH
) -> Waterfall:
    """Lines from top to bottom, all bars on one scale from 0; the last is what the steps leave."""
    reached = list(accumulate((step.amount for step in steps), initial=opening.amount))
    last = Step(closing, reached[-1])
    names = max(text_width(step.label) for step in (opening, *steps, last))
    left = clamp(names + 16, 80, width * 0.45)
    count = len(steps) + 2
    frame = Frame(left, 26.0, width - 60.0, 26.0 + ROW * count)
    across = Across(frame, tick_values(max(1, *reached)))
    rows = [_row(opening, (0, opening.amount), "actual", 0, across)]
    for index, step in enumerate(steps):
        kind: BarKind = "gain" if step.amount >= 0 else "loss"
        rows.append(_row(step, (reached[index], reached[index + 1]), kind, index + 1, across))
    rows.append(_row(last, (0, last.amount), "actual", count - 1, across))
    return Waterfall(
        width=width,
        across=across,
        rows=tuple(rows),
        legend=(
            LegendEntry("actual-bar", "人数"),
            LegendEntry("gain-bar", "増えた人数"),
            LegendEntry("loss-bar", "減った人数"),
        ),
        table=_table(opening, steps, last, reached),
    )


def _row(
    step: Step, ends: tuple[int, int], kind: BarKind, index: int, across: Across
) -> WaterfallRow:
    frame, x_of = across.frame, across.x_of
    top = frame.top + index * ROW
    low, high = x_of(min(ends)), x_of(max(ends))
    base = rounded(top + ROW / 2 + 5)
    words = f"{step.amount}人" if kind == "actual" else f"{signed(step.amount)}人"
    thinnest = 0.0 if kind == "actual" else 1.0  # nobody: the thread runs on
    is_last = top + ROW >= frame.bottom
    return WaterfallRow(
        label=Text(rounded(frame.left - 8), base, step.label, "end"),
        bar=box(low, top + 8, max(high - low, thinnest), ROW - 16),
        kind=kind,
        value=Text(rounded(high + 6), base, words),
        thread=None
        if is_last
        else line(x_of(ends[1]), top + ROW - 8, x_of(ends[1]), top + ROW + 8),
    )


def _table(opening: Step, steps: Sequence[Step], last: Step, reached: Sequence[int]) -> DataTable:
    return DataTable(
        ("内容", "増減", "人数"),
        (
            (opening.label, "", f"{opening.amount}人"),
            *(
                (step.label, f"{signed(step.amount)}人", f"{after}人")
                for step, after in zip(steps, reached[1:], strict=True)
            ),
            (last.label, "", f"{last.amount}人"),
        ),
    )
