"""The share so far as a line, and where it is heading as a range over each year's end to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agano_dx.lib.charts.geometry import (
    WIDTH,
    Box,
    DataTable,
    Frame,
    LegendEntry,
    Text,
    YearPoint,
    box,
    clamp,
    percent_words,
    rounded,
    text_box,
)
from agano_dx.lib.charts.labels import LabelPlacer
from agano_dx.lib.charts.share import ShareChart, YearValue, share_chart

_BREADTH = 12.0
_LEGEND = (LegendEntry("forecast", "見込み（幅）"),)
_THINNEST = 6.0  # a range of nothing is still seen


@dataclass(frozen=True)
class RangeValue:
    """見込み at a year's end, in percent from low to high."""

    year: str
    low: Decimal
    high: Decimal

    @property
    def words(self) -> str:
        """28.4%～31%, or 31% where both ends are one."""
        low, high = percent_words(self.low), percent_words(self.high)
        return low if low == high else f"{low}～{high}"


@dataclass(frozen=True)
class ForecastChart:
    """What templates/charts/forecast.html draws: actual share and targets, with ranges beside."""

    template = "charts/forecast.html"

    base: ShareChart
    ranges: tuple[Box, ...]
    last_label: Text | None
    legend: tuple[LegendEntry, ...]
    table: DataTable


def forecast_chart(
    years: Sequence[str],
    *,
    actual: Sequence[YearValue],
    targets: Sequence[YearValue],
    forecast: Sequence[RangeValue],
    today: YearPoint,
    width: int = WIDTH,
) -> ForecastChart:
    """Ranges are never joined with the line of the actual share, nor with each other."""
    base = share_chart(years, actual=actual, targets=targets, today=today, width=width)
    places = {tick.text: tick.x for tick in base.year_ticks}
    shown = [value for value in forecast if value.year in places]
    ranges = tuple(_range(value, places[value.year], base.frame) for value in shown)
    return ForecastChart(
        base=base,
        ranges=ranges,
        last_label=_label(shown[-1], ranges, base) if shown else None,
        legend=(*base.legend, LegendEntry("forecast", "見込み（幅）")) if shown else base.legend,
        table=_table(base, shown),
    )


def _range(value: RangeValue, x: float, frame: Frame) -> Box:
    low, high = (
        rounded(frame.bottom - clamp(percent, 0, 100) / 100 * frame.height)
        for percent in (value.low, value.high)
    )
    tall = max(_THINNEST, low - high)
    return box(x - _BREADTH / 2, min(high, frame.bottom - tall), _BREADTH, tall)


def _label(value: RangeValue, ranges: Sequence[Box], base: ShareChart) -> Text:
    """The words of the last range, where they cover neither a range nor another label."""
    frame, last = base.frame, ranges[-1]
    placer = LabelPlacer(Box(frame.left, frame.top - 6, base.width - frame.left, frame.height + 5))
    placer.marks.extend([*ranges, *(target.box for target in base.targets)])
    for label in (*base.target_labels, *([base.actual_label] if base.actual_label else [])):
        placer.taken.append(text_box(label))
    return placer.place(
        f"見込み {value.words}",
        rounded(last.x + last.width / 2),
        last.y,
        low=last.y + last.height,
        reach=_BREADTH / 2,
        below_first=True,
    )


def _table(base: ShareChart, shown: Sequence[RangeValue]) -> DataTable:
    told = {value.year: value.words for value in shown}
    return DataTable(
        (*base.table.head, "見込み"),
        tuple((*row, told.get(row[0], "－")) for row in base.table.rows),
    )
