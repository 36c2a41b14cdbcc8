"""Person-terms of leaders completed so far, against the plan's widening band."""

from collections.abc import Callable, Sequence
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
    line,
    points,
    rounded,
    tick_values,
)
from agano_dx.lib.charts.labels import GAP, LabelPlacer


@dataclass(frozen=True)
class LeaderCount:
    """Person-terms completed up to a year's end (or the as-of day), and leaders sitting then."""

    year: str
    completed: int
    sitting: int | None = None


@dataclass(frozen=True)
class BandTarget:
    """The plan's range at a year's end; `words` where the plan says it otherwise (約100人)."""

    year: str
    minimum: int
    maximum: int
    words: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar with the number it stands for."""

    box: Box
    text: str


@dataclass(frozen=True)
class BandChart:
    """What templates/charts/leaders.html draws."""

    template = "charts/leaders.html"

    width: int
    height: int
    frame: Frame
    unit: Text
    year_ticks: tuple[Text, ...]
    value_ticks: tuple[Text, ...]
    grid: tuple[Line, ...]
    band: str
    due_boxes: tuple[Box, ...]
    band_labels: tuple[Text, ...]
    bars: tuple[Bar, ...]
    sitting_bars: tuple[Bar, ...]
    bar_labels: tuple[Text, ...]
    legend: tuple[LegendEntry, ...]
    table: DataTable


def band_chart(
    years: Sequence[str],
    *,
    counts: Sequence[LeaderCount],
    bands: Sequence[BandTarget],
    width: int = WIDTH,
    height: int = 300,
) -> BandChart:
    """Bars of completed person-terms; sitting leaders stand on top of them, lighter, as promise."""
    frame = Frame(44.0, 36.0, width - 14.0, height - 28.0)
    slot = frame.width / max(1, len(years))
    number = {year: index for index, year in enumerate(years)}
    counts = [count for count in counts if count.year in number]
    bands = [band for band in bands if band.year in number]
    ticks = tick_values(
        max([*(c.completed + (c.sitting or 0) for c in counts), *(b.maximum for b in bands), 1])
    )

    def centre(year: str) -> float:
        return rounded(frame.left + (number[year] + 0.5) * slot)

    def y_of(value: float) -> float:
        return rounded(frame.bottom - value / ticks[-1] * frame.height)

    bars = tuple(_bar(c.completed, 0, centre(c.year), slot, y_of) for c in counts)
    sitting = tuple(
        _bar(c.sitting, c.completed, centre(c.year), slot, y_of) for c in counts if c.sitting
    )
    due_boxes = tuple(
        box(
            centre(b.year) - slot * 0.46,
            y_of(b.maximum),
            slot * 0.92,
            max(3.0, y_of(b.minimum) - y_of(b.maximum)),
        )
        for b in bands
    )
    placer = LabelPlacer(
        Box(frame.left + 1, 2, frame.width + 12, frame.bottom - 2),
        marks=[*(bar.box for bar in (*bars, *sitting)), *due_boxes],
    )
    outline = [(centre(b.year), y_of(b.maximum)) for b in bands]
    outline += [(centre(b.year), y_of(b.minimum)) for b in reversed(bands)]
    placer.keep_off_line(outline)
    bar_labels = tuple(
        placer.place(_bar_words(c), centre(c.year), y_of(c.completed + (c.sitting or 0)) + 4)
        for c in counts
    )
    return BandChart(
        width=width,
        height=height,
        frame=frame,
        unit=Text(rounded(frame.left - 8), 14.0, "（人）", "end"),
        year_ticks=tuple(
            Text(centre(year), rounded(frame.bottom + 20), year, "middle") for year in years
        ),
        value_ticks=tuple(
            Text(rounded(frame.left - 8), rounded(y_of(tick) + 5), str(tick), "end")
            for tick in ticks
        ),
        grid=tuple(line(frame.left, y_of(tick), frame.right, y_of(tick)) for tick in ticks),
        band=points(outline) if len(bands) > 1 else "",
        due_boxes=due_boxes,
        band_labels=tuple(
            placer.place(
                band_words(b),
                centre(b.year),
                y_of(b.maximum),
                low=y_of(b.minimum),
                reach=slot / 2 - GAP,
            )
            for b in bands
        ),
        bars=bars,
        sitting_bars=sitting,
        bar_labels=bar_labels,
        legend=_legend(counts, bands),
        table=_table(years, counts, bands),
    )


def band_words(band: BandTarget) -> str:
    """18～22, or as the plan says it."""
    return band.words or f"{band.minimum}～{band.maximum}"


def _bar(
    value: int | None, base: int, x: float, slot: float, y_of: Callable[[float], float]
) -> Bar:
    high, low = y_of(base + (value or 0)), y_of(base)
    return Bar(box(x - slot * 0.28, high, slot * 0.56, low - high), str(value or 0))


def _bar_words(count: LeaderCount) -> str:
    return f"{count.completed}+{count.sitting}" if count.sitting else str(count.completed)


def _legend(counts: Sequence[LeaderCount], bands: Sequence[BandTarget]) -> tuple[LegendEntry, ...]:
    entries = (
        (bool(counts), LegendEntry("actual-bar", "修了（延べ）")),
        (any(count.sitting for count in counts), LegendEntry("running-bar", "活動中")),
        (bool(bands), LegendEntry("band", "目標の幅")),
    )
    return tuple(entry for present, entry in entries if present)


def _table(
    years: Sequence[str], counts: Sequence[LeaderCount], bands: Sequence[BandTarget]
) -> DataTable:
    done = {count.year: str(count.completed) for count in counts}
    sitting = {count.year: str(count.sitting) for count in counts if count.sitting is not None}
    due = {band.year: band_words(band) for band in bands}
    return DataTable(
        ("年度", "修了（延べ）", "活動中", "目標の幅"),
        tuple(
            (year, done.get(year, "－"), sitting.get(year, "－"), due.get(year, "－"))
            for year in years
        ),
    )
