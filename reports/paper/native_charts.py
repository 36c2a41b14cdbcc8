"""Charts of the workbook's own, drawn by Excel from the cells of the tables.

Their marks mean what they mean on the screen: actual a solid blue line or bar, target dashed grey
with a square, 目安 thin dotted grey.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from reports.paper.sheets import Placed

Dash = Literal["solid", "dash", "sysDot"]
Chart = Any  # openpyxl's charts have no useful types

ACTUAL, BAR, PALE, TARGET, GUIDE = "0017C1", "0031D8", "C5D7FB", "666666", "767676"
_POINTS: Final = 12700  # of the length in which lines are measured
_WIDTH: Final = 17  # centimetres, as wide as a page


def add_chart(placed: Placed, sorted_units: Placed | None) -> None:
    """Draw the chart of the table under it, where it has one and there is something to draw."""
    draw = _CHARTS.get(placed.table.key)
    if draw is None or not placed.table.lines:
        return
    if placed.table.key == "departments":
        if sorted_units is None:
            return
        chart = draw(sorted_units)
    else:
        chart = draw(placed)
    placed.sheet.add_chart(chart, f"A{placed.below + 1}")


# --- one for each table -------------------------------------------------------------------------


def _share(placed: Placed) -> Chart:
    chart = LineChart()
    for heading in ("実績", "目標", "目安"):
        _add(chart, placed, heading)
    actual, target, hint = chart.series
    _line(actual, ACTUAL, 3, "solid", "circle")
    _line(target, TARGET, 2, "dash", "square")
    _line(hint, GUIDE, 1, "sysDot", "none")
    actual.dLbls = _labels("t")
    _frame(chart, "デジタル活用職員の割合（％）", "年度", "割合（％）")
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.majorUnit = 0.2
    chart.y_axis.number_format = "0%"
    return chart


def _leaders(placed: Placed) -> Chart:
    chart = _columns(placed, ("育成延べ人数（修了した任期）", "活動中"))
    _with_marks(chart, placed, ("目標の下限", "目標の上限"))
    return _frame(chart, "推進リーダーの育成延べ人数と活動中（人）", "年度", "人数（人）")


def _specialists(placed: Placed) -> Chart:
    chart = _columns(placed, ("人数",))
    _with_marks(chart, placed, ("目標の下限", "目標の上限"))
    return _frame(chart, "デジタル専門分野人材（人）", "職階", "人数（人）")


def _departments(placed: Placed) -> Chart:
    chart = _bars(placed, ("割合",), (BAR,))
    _frame(chart, "部署別のデジタル活用職員の割合（％、高い順）", "部署", "割合（％）")
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format = "0%"
    chart.height = max(7.5, 3 + 0.55 * len(placed.table.lines))
    chart.legend = None
    return chart


def _outstanding(placed: Placed) -> Chart:
    chart = _bars(placed, ("修了", "免除", "未受講者"), (ACTUAL, TARGET, PALE))
    chart.grouping, chart.overlap = "stacked", 100
    _frame(chart, "施策ごとの修了・免除・未受講者（人）", "施策", "人数（人）")
    chart.height = max(7.5, 3 + 1.1 * len(placed.table.lines))
    return chart


_CHARTS: Final[dict[str, Callable[[Placed], Chart]]] = {
    "share": _share,
    "leaders": _leaders,
    "specialists": _specialists,
    "departments": _departments,
    "outstanding": _outstanding,
}


# --- what they share ----------------------------------------------------------------------------


def _columns(placed: Placed, headings: Sequence[str]) -> Chart:
    """Upright bars: the first solid, the second pale."""
    chart = BarChart()
    chart.type = "col"
    _fill(chart, placed, headings, (BAR, PALE))
    return chart


def _bars(placed: Placed, headings: Sequence[str], colours: Sequence[str]) -> Chart:
    """Lying bars, the first line on top."""
    chart = BarChart()
    chart.type = "bar"
    _fill(chart, placed, headings, colours)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.gapWidth = 40
    return chart


def _fill(chart: Chart, placed: Placed, headings: Sequence[str], colours: Sequence[str]) -> None:
    for heading, colour in zip(headings, colours, strict=False):
        series = _add(chart, placed, heading)
        if series is not None:
            series.graphicalProperties = GraphicalProperties(solidFill=colour)
            series.graphicalProperties.line = LineProperties(solidFill=TARGET, w=_POINTS // 2)
            series.dLbls = _labels(None)


def _with_marks(chart: Chart, placed: Placed, headings: Sequence[str]) -> None:
    """The ends of the plan's bands as marks over the bars, where the table has them."""
    marks = LineChart()
    for heading, symbol in zip(headings, ("square", "diamond"), strict=True):
        series = _add(marks, placed, heading)
        if series is not None:
            _line(series, TARGET, 0, "solid", symbol)
    if marks.series:
        chart += marks


def _add(chart: Chart, placed: Placed, heading: str) -> Chart:
    column = placed.column(heading)
    if column is None:
        return None
    sheet = placed.sheet
    values = Reference(sheet, column, placed.heading_row, column, placed.last)
    series: Chart = Series(values, title_from_data=True)
    chart.append(series)
    chart.set_categories(Reference(sheet, 1, placed.first, 1, placed.last))
    return series


def _line(series: Chart, colour: str, width: int, dash: Dash, symbol: str) -> None:
    line = LineProperties(solidFill=colour, w=width * _POINTS, prstDash=dash)
    if not width:
        line = LineProperties(noFill=True)
    series.graphicalProperties = GraphicalProperties(ln=line)
    series.smooth = False
    series.marker.symbol = symbol
    series.marker.size = 8
    inside = colour if symbol == "circle" else "FFFFFF"
    series.marker.graphicalProperties = GraphicalProperties(solidFill=inside)
    series.marker.graphicalProperties.line = LineProperties(solidFill=colour)


def _labels(position: str | None) -> DataLabelList:
    labels = DataLabelList(dLblPos=position)
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels


def _frame(chart: Chart, title: str, across: str, up: str) -> Chart:
    """Title and axes in words; since openpyxl 3.1 an axis shows itself only when told so."""
    chart.title = title
    chart.x_axis.title, chart.y_axis.title = across, up
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E6E6E6"))
    chart.legend.position = "b"
    chart.display_blanks = "gap"
    chart.width, chart.height = _WIDTH, 9
    return chart
