"""A chart with everything that stands round it: title, finding, legend, table, source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agano_dx.lib.charts.bars import Bars
from agano_dx.lib.charts.gantt import Gantt
from agano_dx.lib.charts.geometry import DataTable, LegendEntry
from agano_dx.lib.charts.leaders import BandChart
from agano_dx.lib.charts.share import ShareChart
from agano_dx.lib.charts.specialists import BandBars
from agano_dx.lib.charts.waterfall import Waterfall

Chart = ShareChart | BandChart | BandBars | Bars | Gantt | Waterfall


@dataclass(frozen=True)
class Cell:
    """A number of the data table, with the address of what is behind it."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class ChartFigure:
    """What templates/components/chart_figure.html draws. `key` is unique on its page.

    `links`: addresses of cells of the data table, by the words that head their row and column.
    """

    key: str
    title: str
    finding: str
    chart: Chart
    source: str
    as_of: str
    note: str = ""
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return self.chart.template

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        return self.chart.legend

    @property
    def table(self) -> DataTable:
        return self.chart.table

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The data table's rows, each number with its address."""
        head = self.table.head
        return tuple(
            tuple(
                Cell(text, self.links.get((row[0], column), ""))
                for column, text in zip(head, row, strict=True)
            )
            for row in self.table.rows
        )
