"""A chart with everything that stands round it: title, finding, legend, table, source."""

from dataclasses import dataclass

from agano_dx.lib.charts.forecast import ForecastChart
from agano_dx.lib.charts.gantt import Gantt
from agano_dx.lib.charts.geometry import DataTable, LegendEntry
from agano_dx.lib.charts.leaders import BandChart
from agano_dx.lib.charts.share import ShareChart
from agano_dx.lib.charts.specialists import BandBars

Chart = ShareChart | BandChart | BandBars | Gantt | ForecastChart


@dataclass(frozen=True)
class ChartFigure:
    """What templates/components/chart_figure.html draws. `key` is unique on its page."""

    key: str
    title: str
    finding: str
    chart: Chart
    source: str
    as_of: str
    note: str = ""

    @property
    def template(self) -> str:
        return self.chart.template

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        return self.chart.legend

    @property
    def table(self) -> DataTable:
        return self.chart.table
