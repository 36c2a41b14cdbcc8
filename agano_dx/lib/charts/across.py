"""What charts of one row a group share: a scale of people from left to right."""

from dataclasses import dataclass

from agano_dx.lib.charts.geometry import DataTable, Frame, LegendEntry, Line, Text, line, rounded


@dataclass(frozen=True)
class Across:
    """The scale: `ticks` are whole people, from 0 at the frame's left to the last at its right."""

    frame: Frame
    ticks: tuple[int, ...]

    def x_of(self, people: float) -> float:
        return rounded(self.frame.left + people / self.ticks[-1] * self.frame.width)


@dataclass(frozen=True, kw_only=True)
class RowChart:
    """What templates/charts/_open.html draws of such a chart; `width` is in user units."""

    width: int
    across: Across
    legend: tuple[LegendEntry, ...]
    table: DataTable

    @property
    def frame(self) -> Frame:
        return self.across.frame

    @property
    def height(self) -> int:
        """The rows, with the ticks' numbers below them."""
        return int(self.frame.bottom + 30)

    @property
    def unit(self) -> Text:
        return Text(rounded(self.frame.left), 16.0, "（人）", "middle")

    @property
    def value_ticks(self) -> tuple[Text, ...]:
        below = rounded(self.frame.bottom + 20)
        return tuple(
            Text(self.across.x_of(tick), below, str(tick), "middle") for tick in self.across.ticks
        )

    @property
    def grid(self) -> tuple[Line, ...]:
        places = (self.across.x_of(tick) for tick in self.across.ticks)
        return tuple(line(x, self.frame.top, x, self.frame.bottom) for x in places)
