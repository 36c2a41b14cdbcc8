"""The chart of the forecast: the actual share up to the day, the ranges beside it."""

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.geometry import MAIN_WIDTH, YearPoint, elapsed
from agano_dx.lib.charts.share import RangeValue, YearValue, share_chart
from agano_dx.lib.fiscal import FiscalYear, era_date
from reports.figures import SOURCE, YEARS, in_words, percent
from reports.forecast import Forecast, YearRange
from reports.forecast.words import Promises, answer
from reports.history import SharePoint


def forecast_figure(found: Forecast, history: list[SharePoint], promises: Promises) -> ChartFigure:
    """Actual share as a line, targets as squares, 見込み as ranges that no line joins."""
    as_of = found.facts.as_of
    this = FiscalYear.containing(as_of)
    chart = share_chart(
        YEARS,
        actual=[
            YearValue(year.label, percent(point.share), elapsed=_elapsed(year, point))
            for point in history
            if (year := FiscalYear.containing(point.on))
        ],
        targets=[
            YearValue(year.label, percent(fraction), words=in_words(fraction))
            for year, fraction in promises.items()
        ],
        forecast=[_range(one) for one in found.years],
        today=YearPoint(this.label, elapsed=_elapsed(this, history[-1])),
        width=MAIN_WIDTH,
    )
    return ChartFigure(
        key="forecast",
        title="デジタル活用職員の割合の見込み（％、各年度末）",
        finding=answer(found, promises),
        chart=chart,
        source=SOURCE,
        as_of=era_date(as_of),
        note="点線の枠は見込みの幅で、実績ではありません。低い方は席がいちばん少ない続いた3か月、"
        "高い方は12か月の平均の席が続くとみています。",
    )


def next_and_last(found: Forecast) -> list[RangeValue]:
    """The ranges at the next 31 March and at the plan's end, for the dashboard."""
    return [_range(one) for one in dict.fromkeys([*found.years[:1], *found.years[-1:]])]


def _range(one: YearRange) -> RangeValue:
    return RangeValue(one.year.label, percent(one.low_share), percent(one.high_share))


def _elapsed(year: FiscalYear, point: SharePoint) -> float:
    return elapsed(year.first_day, year.last_day, point.on)
