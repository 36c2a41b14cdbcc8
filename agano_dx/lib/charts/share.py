"""The share of digitally capable staff over the years of the plan, against its targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agano_dx.lib.charts.geometry import (
    LINE_HEIGHT,
    WIDTH,
    Box,
    DataTable,
    Dot,
    Flag,
    Frame,
    LegendEntry,
    Line,
    Number,
    Range,
    Square,
    Text,
    YearPoint,
    box,
    clamp,
    flags_on_top,
    line,
    percent_words,
    points,
    rounded,
    square,
    text_box,
)
from agano_dx.lib.charts.labels import LabelPlacer


@dataclass(frozen=True)
class YearValue:
    """A percentage (0 to 100) at a moment of a year; None where nothing is known.

    `elapsed` 1 is the year's end; the as-of point of a running year has less.
    """

    year: str
    percent: Decimal | None
    elapsed: Number = 1
    words: str = ""


@dataclass(frozen=True)
class RangeValue:
    """What is to be expected at a year's end (見込み): a range of percentages, low before high."""

    year: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class ShareChart:
    """What templates/charts/share.html draws."""

    template = "charts/share.html"

    width: int
    height: int
    frame: Frame
    unit: Text
    year_ticks: tuple[Text, ...]
    value_ticks: tuple[Text, ...]
    grid: tuple[Line, ...]
    guide: str
    target_lines: tuple[str, ...]
    targets: tuple[Square, ...]
    target_labels: tuple[Text, ...]
    actual_line: str
    actual: tuple[Dot, ...]
    actual_label: Text | None
    forecast: tuple[Range, ...]
    today: Flag | None
    legend: tuple[LegendEntry, ...]
    table: DataTable


def share_chart(
    years: Sequence[str],
    *,
    actual: Sequence[YearValue],
    targets: Sequence[YearValue],
    guide: Sequence[YearValue] = (),
    forecast: Sequence[RangeValue] = (),
    today: YearPoint | None = None,
    width: int = WIDTH,
    height: int = 300,
) -> ShareChart:
    """Draws year ends over their labels; the axis starts with the first day of the first year.

    Targets of neighbouring years are joined; over years without a target only the guide runs.
    A forecast stands for itself as an open bar; no line joins it to what is known. Only its first
    and its last bar have words beside them: the table has the rest.
    """
    left, right = 44.0, width - 24.0
    step = (right - left) / max(1, len(years))
    number = {year: index for index, year in enumerate(years)}
    as_of = today if today and today.year in number else None

    def x_of(year: str, passed: Number) -> float:
        return rounded(left + (number[year] + clamp(passed, 0, 1)) * step)

    frame = Frame(left, 22.0 + LINE_HEIGHT, right, height - 28.0)

    def y_of(percent: Number) -> float:
        return rounded(frame.bottom - clamp(percent, 0, 100) / 100 * frame.height)

    def places(values: Sequence[YearValue]) -> list[tuple[float, float]]:
        return [(x_of(v.year, v.elapsed), y_of(v.percent)) for v in values if v.percent is not None]

    known = [value for value in actual if value.percent is not None and value.year in number]
    due = [value for value in targets if value.percent is not None and value.year in number]
    hints = [value for value in guide if value.percent is not None and value.year in number]
    expected = [value for value in forecast if value.year in number]
    runs = _runs(due, number)
    whole = Box(left, 0, width - left, height)
    flag = _flag(x_of(as_of.year, as_of.elapsed), as_of.word, frame, whole) if as_of else None
    placer = LabelPlacer(
        Box(frame.left + 1, frame.top - 24, width - frame.left - 2, frame.height + 23),
        taken=[text_box(flag.label)] if flag else [],
    )
    for run in [*runs, known, hints]:
        placer.keep_off_line(places(run))
    if flag:
        placer.keep_off_line([(flag.line.x1, flag.line.y1), (flag.line.x2, flag.line.y2)])
    for x, y in [*places(due), *places(known)]:
        placer.keep_off_mark(x, y)
    open_bars = [_open_bar(x_of(one.year, 1), y_of(one.low), y_of(one.high)) for one in expected]
    placer.marks.extend(open_bars)
    due_places = places(due)
    target_labels = tuple(
        placer.place(_words(value), x, y) for value, (x, y) in zip(due, due_places, strict=True)
    )
    known_places = places(known)
    actual_label = (
        placer.place(f"実績 {_words(known[-1])}", *known_places[-1], below_first=True)
        if known
        else None
    )
    ranges = tuple(
        Range(
            bar,
            placer.place_at(f"見込み {_range_words(one)}", bar)
            if one in (expected[0], expected[-1])
            else None,
        )
        for one, bar in zip(expected, open_bars, strict=True)
    )
    return ShareChart(
        width=width,
        height=height,
        frame=frame,
        unit=Text(frame.left - 8, rounded(frame.top - 12), "（%）", "end"),
        year_ticks=tuple(
            Text(x_of(year, 1), rounded(frame.bottom + 20), year, "middle") for year in years
        ),
        value_ticks=tuple(
            Text(rounded(frame.left - 8), y_of(value) + 5, str(value), "end")
            for value in range(0, 101, 20)
        ),
        grid=tuple(
            line(frame.left, y_of(value), frame.right, y_of(value)) for value in range(0, 101, 20)
        ),
        guide=points(places(hints)),
        target_lines=tuple(points(places(run)) for run in runs if len(run) > 1),
        targets=tuple(
            square(x, y, f"{value.year} 目標 {_words(value)}")
            for value, (x, y) in zip(due, due_places, strict=True)
        ),
        target_labels=target_labels,
        actual_line=points(known_places),
        actual=tuple(
            Dot(x, y, f"{value.year} 実績 {_words(value)}")
            for value, (x, y) in zip(known, known_places, strict=True)
        ),
        actual_label=actual_label,
        forecast=ranges,
        today=flag,
        legend=_legend(known=known, due=due, hints=hints, expected=expected),
        table=_table(years, known=known, due=due, hints=hints, expected=expected),
    )


def _words(value: YearValue) -> str:
    return value.words or ("" if value.percent is None else percent_words(value.percent))


def _open_bar(x: float, low: float, high: float) -> Box:
    """Never so flat that nothing is to be seen of it."""
    height = max(low - high, 4.0)
    return box(x - 6, (low + high - height) / 2, 12, height)


def _range_words(value: RangeValue) -> str:
    low, high = percent_words(value.low), percent_words(value.high)
    return low if low == high else f"{low.removesuffix('%')}～{high}"


def _runs(values: Sequence[YearValue], number: dict[str, int]) -> list[list[YearValue]]:
    """Groups values of years that follow one another."""
    runs: list[list[YearValue]] = []
    for value in values:
        if runs and number[value.year] == number[runs[-1][-1].year] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return runs


def _flag(x: float, word: str, frame: Frame, whole: Box) -> Flag:
    """The as-of day, with its word on top."""
    (text,) = flags_on_top([(x, word)], frame.top, whole)
    return Flag(line(x, frame.top, x, frame.bottom), text)


def _legend(
    *,
    known: Sequence[YearValue],
    due: Sequence[YearValue],
    hints: Sequence[YearValue],
    expected: Sequence[RangeValue],
) -> tuple[LegendEntry, ...]:
    entries = (
        (known, LegendEntry("actual-line", "実績")),
        (due, LegendEntry("target-line", "目標")),
        (hints, LegendEntry("guide-line", "目安")),
        (expected, LegendEntry("forecast", "見込み")),
    )
    return tuple(entry for present, entry in entries if present)


def _table(
    years: Sequence[str],
    *,
    known: Sequence[YearValue],
    due: Sequence[YearValue],
    hints: Sequence[YearValue],
    expected: Sequence[RangeValue],
) -> DataTable:
    """One row a year; the guide only where there is no target, for it is none."""
    promised = {value.year for value in due}
    columns = [
        ("実績", {value.year: _words(value) for value in known}),
        ("目標", {value.year: _words(value) for value in due}),
    ]
    if hints:
        guides = {value.year: _words(value) for value in hints if value.year not in promised}
        columns.append(("目安", guides))
    if expected:
        columns.append(("見込み", {value.year: _range_words(value) for value in expected}))
    return DataTable(
        ("年度", *(head for head, _ in columns)),
        tuple((year, *(column.get(year, "－") for _, column in columns)) for year in years),
    )
