"""Charts of the workbook's own, drawn by Excel from the cells of the tables.

Their marks mean what they mean on the screen: actual a solid blue line or bar, target dashed grey
with a square, 目安 thin dotted grey.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final, Literal

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

from reports.paper.pages import centimetres, landscape, on_one_page
from reports.paper.shapes import HIDDEN
from reports.paper.sheets import Placed

_ROOM: Final = 12  # how many numbers find room along the longest bar
_WIDTH: Final = 17  # centimetres, as wide as a page at least
Dash = Literal["solid", "dash", "sysDot"]
Bar = tuple[str, str, str]  # heading, colour, colour of the number on it (none: no number)
Chart = Any  # openpyxl's charts have no useful types

ACTUAL, BAR, PALE, TARGET, GUIDE = "0017C1", "0031D8", "C5D7FB", "666666", "767676"
HATCH, WHITE, BLACK = "CCCCCC", "FFFFFF", "333333"
_POINTS: Final = 12700  # of the length in which lines are measured


def add_chart(placed: Placed) -> None:
    """Draw the chart of the table under it, where it has one and there is something to draw.

    What is kept back would stand in it as if nobody were there: then there is no chart.
    """
    draw = _CHARTS.get(placed.table.key)
    keeps_back = any(HIDDEN in line.cells for line in placed.table.lines)
    if draw is None or not placed.table.lines or keeps_back:
        return
    chart = draw(placed)
    chart.width = max(_WIDTH, centimetres(placed.sheet, len(placed.table.columns)))
    placed.sheet.add_chart(chart, f"A{placed.below + 1}")
    on_one_page(placed.sheet)


def add_ranking(placed: Placed) -> None:
    """The departments by their share beside the table that holds them in this order."""
    if not placed.table.lines:
        return
    chart = _bars(placed, (("割合", BAR, BLACK),))
    _frame(chart, "部署別のデジタル活用職員の割合（％、高い順）", "部署", "割合（％）")
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format = "0%"
    chart.legend = None
    chart.width, chart.height = _WIDTH, max(8, 2.5 + 0.62 * len(placed.table.lines))
    landscape(placed.sheet)
    placed.sheet.add_chart(chart, f"D{placed.heading_row}")
    on_one_page(placed.sheet)


# --- one for each table -------------------------------------------------------------------------


def _share(placed: Placed) -> Chart:
    chart = LineChart()
    actual = _add(chart, placed, "実績")
    _line(actual, ACTUAL, 3, "solid", "circle")
    actual.dLbls = _labels("t")
    target, hint = (_add(chart, placed, heading) for heading in ("目標", "目安"))
    if target is not None and hint is not None:  # a part of the city has neither
        _line(target, TARGET, 2, "dash", "square")
        _line(hint, GUIDE, 1, "sysDot", "none")
    _frame(chart, "デジタル活用職員の割合（％）", "年度", "割合（％）")
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.majorUnit = 0.2
    chart.y_axis.number_format = "0%"
    return chart


def _leaders(placed: Placed) -> Chart:
    chart = _columns(
        placed, (("育成延べ人数（修了した任期）", BAR, BLACK), ("活動中", PALE, BLACK))
    )
    _with_marks(chart, placed, ("目標の下限（人）", "目標の上限（人）"))
    return _frame(chart, "推進リーダーの育成延べ人数と活動中（人）", "年度", "人数（人）")


def _specialists(placed: Placed) -> Chart:
    chart = _columns(
        placed,
        (
            ("人数", BAR, BLACK),
            ("目標の下限（人）", HATCH, BLACK),
            ("目標の上限（人）", WHITE, BLACK),
        ),
    )
    return _frame(chart, "デジタル専門分野人材（人）", "職階", "人数（人）")


def _outstanding(placed: Placed) -> Chart:
    parts = (("修了", ACTUAL, WHITE), ("免除", TARGET, ""), ("未受講者", PALE, BLACK))
    chart = _bars(placed, parts, least=_least_with_room(placed))
    chart.grouping, chart.overlap = "stacked", 100
    _frame(chart, "施策ごとの修了・免除・未受講者（人）", "施策", "人数（人）")
    chart.height = max(7.5, 3 + 1.1 * len(placed.table.lines))
    return chart


def _least_with_room(placed: Placed) -> int:
    """How many people a part of a bar must be to hold its number; smaller ones are in the table."""
    whole = placed.column("対象者")
    sizes = [line.cells[whole - 1] for line in placed.table.lines] if whole else []
    return max((size for size in sizes if isinstance(size, int)), default=0) // _ROOM


_CHARTS: Final[dict[str, Callable[[Placed], Chart]]] = {
    "share": _share,
    "leaders": _leaders,
    "specialists": _specialists,
    "outstanding": _outstanding,
}


# --- what they share ----------------------------------------------------------------------------


def _columns(placed: Placed, bars: Sequence[Bar]) -> Chart:
    """Upright bars: what is, solid; what stands beside it, paler."""
    chart = BarChart()
    chart.type = "col"
    _fill(chart, placed, bars, 0)
    return chart


def _bars(placed: Placed, bars: Sequence[Bar], least: int = 0) -> Chart:
    """Lying bars, the first line on top."""
    chart = BarChart()
    chart.type = "bar"
    _fill(chart, placed, bars, least)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"  # so that the numbers stand below all the same
    chart.gapWidth = 40
    return chart


def _fill(chart: Chart, placed: Placed, bars: Sequence[Bar], least: int) -> None:
    """`least`: the smallest number for which there is room on its bar; 0 never stands there."""
    for heading, colour, ink in bars:
        series = _add(chart, placed, heading)
        if series is not None:
            series.graphicalProperties = GraphicalProperties(solidFill=colour)
            series.graphicalProperties.line = LineProperties(solidFill=TARGET, w=_POINTS // 2)
            series.dLbls = _labels(None, ink) if ink else None
            if ink:
                series.dLbls.dLbl = [_no_label(point) for point in _short(placed, heading, least)]


def _with_marks(chart: Chart, placed: Placed, headings: Sequence[str]) -> None:
    """The ends of the plan's bands as marks over the bars, where the table has them."""
    marks = LineChart()
    for heading, symbol in zip(headings, ("triangle", "dash"), strict=True):
        series = _add(marks, placed, heading)
        if series is not None:
            # Years between have no band, so that no line joins them. Without a line of their own
            # LibreOffice would leave out the marks.
            _line(series, BLACK, 1, "solid", symbol)
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
    series.graphicalProperties = GraphicalProperties(ln=line)
    series.smooth = False
    series.marker.symbol = symbol
    series.marker.size = 8
    inside = colour if symbol == "circle" else WHITE
    series.marker.graphicalProperties = GraphicalProperties(solidFill=inside)
    series.marker.graphicalProperties.line = LineProperties(solidFill=colour)


def _labels(position: str | None, colour: str = BLACK) -> DataLabelList:
    labels: Any = DataLabelList(dLblPos=position)
    labels.txPr = _text(9, colour)
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels


def _short(placed: Placed, heading: str, least: int) -> list[int]:
    """The lines, counted from 0, whose bars are not there or too short for their numbers."""
    column = placed.column(heading)
    cells = [line.cells[column - 1] for line in placed.table.lines] if column else []
    return [
        place
        for place, cell in enumerate(cells)
        if not isinstance(cell, int | Fraction) or not cell or cell < least
    ]


def _no_label(point: int) -> DataLabel:
    shown = ("showVal", "showSerName", "showCatName", "showLegendKey", "showPercent")
    return DataLabel(idx=point, **dict.fromkeys(shown, False))


def _frame(chart: Chart, title: str, across: str, up: str) -> Chart:
    """Title and axes in words; since openpyxl 3.1 an axis shows itself only when told so."""
    chart.title = title
    chart.x_axis.title, chart.y_axis.title = across, up
    for part, size in ((chart.title, 12), (chart.x_axis.title, 9), (chart.y_axis.title, 9)):
        part.tx.rich.p[0].pPr = ParagraphProperties(defRPr=_letters(size, BLACK))
        part.overlay = False
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = _text(9, BLACK)
    chart.x_axis.tickLblSkip = 1
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "#,##0"  # the unit stands in the axis's title
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E6E6E6"))
    chart.legend.position = "b"
    chart.display_blanks = "gap"
    chart.height = 10
    return chart


def _letters(size: int, colour: str) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=size > 9, solidFill=colour)


def _text(size: int, colour: str) -> RichText:
    style = ParagraphProperties(defRPr=_letters(size, colour))
    return RichText(p=[Paragraph(pPr=style, endParaRPr=_letters(size, colour))])
