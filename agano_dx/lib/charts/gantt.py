"""The plan's rows over its years: what is done, running and planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agano_dx.lib.charts.geometry import (
    LINE_HEIGHT,
    Anchor,
    Box,
    DataTable,
    Flag,
    Frame,
    LegendEntry,
    Line,
    Text,
    YearPoint,
    box,
    clamp,
    flags_on_top,
    line,
    rounded,
    text_width,
    wrap,
)

State = Literal["done", "running", "plan"]
STATE_WORDS: dict[State, str] = {"done": "完了", "running": "実施中", "plan": "予定"}
FULL_WIDTH = 1000  # the Gantt takes the whole of the main column


@dataclass(frozen=True)
class Span:
    """A stretch of whole years, both ends counted."""

    first_year: str
    last_year: str
    state: State
    words: str = ""


@dataclass(frozen=True)
class GanttRow:
    """A row of the plan."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class GanttBar:
    """A stretch as drawn. Its words stand inside if there is room, else beside it."""

    box: Box
    state: State
    text: Text
    inside: bool


@dataclass(frozen=True)
class GanttLine:
    """A row as drawn: label in one or more lines, bars, and the line under it."""

    labels: tuple[Text, ...]
    bars: tuple[GanttBar, ...]
    rule: Line


@dataclass(frozen=True)
class Gantt:
    """What templates/charts/gantt.html draws."""

    template = "charts/gantt.html"

    width: int
    height: int
    frame: Frame
    year_ticks: tuple[Text, ...]
    grid: tuple[Line, ...]
    rows: tuple[GanttLine, ...]
    today: Flag | None
    legend: tuple[LegendEntry, ...]
    table: DataTable


def gantt(
    years: Sequence[str],
    rows: Sequence[GanttRow],
    *,
    today: YearPoint | None = None,
    width: int = FULL_WIDTH,
) -> Gantt:
    """A column a year; a label too long for its column takes more lines and its row grows."""
    room = min(max((text_width(row.label) for row in rows), default=0.0) + 1, width * 0.34)
    left, top, right = rounded(room + 12), 26.0 + (LINE_HEIGHT if today else 0), width - 4.0
    slot = (right - left) / max(1, len(years))
    number = {year: index for index, year in enumerate(years)}
    columns = _Columns(left, right, slot, number)
    mark_x = None
    if today and today.year in number:
        mark_x = rounded(left + (number[today.year] + clamp(today.elapsed, 0, 1)) * slot)
    lines, cursor = [], top + 4
    for row in rows:
        labels = wrap(row.label, room)
        height = 14 + LINE_HEIGHT * len(labels)
        lines.append(_line(row, labels, cursor, height, columns, mark_x))
        cursor += height
    frame = Frame(left, top, right, rounded(max(cursor, top + 32)))
    mark = None
    if today and mark_x is not None:
        (word,) = flags_on_top([(mark_x, today.word)], top + 7, Box(left, 0, right - left, top))
        mark = Flag(line(mark_x, top, mark_x, frame.bottom), word)
    return Gantt(
        width=width,
        height=int(frame.bottom + 6),
        frame=frame,
        year_ticks=tuple(
            Text(rounded(left + (index + 0.5) * slot), 16.0, year, "middle")
            for index, year in enumerate(years)
        ),
        grid=tuple(
            line(left + index * slot, top, left + index * slot, frame.bottom)
            for index in range(len(years) + 1)
        ),
        rows=tuple(lines),
        today=mark,
        legend=tuple(LegendEntry(f"{state}-bar", words) for state, words in STATE_WORDS.items()),
        table=DataTable(
            ("施策", "期間", "状況"),
            tuple(
                (row.label, f"{span.first_year}～{span.last_year}", _words(span))
                for row in rows
                for span in row.spans
            ),
        ),
    )


def _words(span: Span) -> str:
    return span.words or STATE_WORDS[span.state]


@dataclass(frozen=True)
class _Columns:
    """Where the years stand."""

    left: float
    right: float
    slot: float
    number: dict[str, int]


def _line(
    row: GanttRow,
    labels: Sequence[str],
    top: float,
    height: float,
    columns: _Columns,
    mark_x: float | None,
) -> GanttLine:
    base = top + (height - LINE_HEIGHT * len(labels)) / 2 + 14
    return GanttLine(
        labels=tuple(
            Text(0.0, rounded(base + LINE_HEIGHT * index), words)
            for index, words in enumerate(labels)
        ),
        bars=tuple(
            _bar(span, top + height / 2, columns, mark_x)
            for span in row.spans
            if span.first_year in columns.number and span.last_year in columns.number
        ),
        rule=line(0, top + height, columns.right, top + height),
    )


def _bar(span: Span, middle: float, columns: _Columns, mark_x: float | None) -> GanttBar:
    """The words stand inside; right of the as-of line if it would cross them; else beside."""
    first, last = columns.number[span.first_year], columns.number[span.last_year]
    x = columns.left + first * columns.slot + 2
    end = columns.left + (last + 1) * columns.slot - 2
    wide = text_width(_words(span))
    at = x + 8
    if mark_x is not None and at - 3 < mark_x < at + wide + 3:
        at = mark_x + 6 if mark_x + 6 + wide + 4 <= end else at
    inside = at + wide + 4 <= end
    anchor: Anchor = "start"
    if not inside:
        at = end + 6
        if at + wide > columns.right:
            at, anchor = x - 6, "end"
    return GanttBar(
        box(x, middle - 12, end - x, 24),
        span.state,
        Text(rounded(at), rounded(middle + 5), _words(span), anchor),
        inside,
    )
