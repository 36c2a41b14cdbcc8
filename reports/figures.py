"""The dashboard's charts: from the figures' dataclasses to what the templates draw.

Every finding is a sentence computed from the numbers it stands above.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.geometry import WIDTH, YearPoint, elapsed
from agano_dx.lib.charts.heat import HeatRow, HeatTable, heat_cell, heat_table
from agano_dx.lib.charts.leaders import BandTarget, LeaderCount, band_chart
from agano_dx.lib.charts.share import RangeValue, YearValue, share_chart
from agano_dx.lib.charts.specialists import BandCount, band_bars
from agano_dx.lib.fiscal import FiscalYear, era_date
from reports.history import LeaderYear, SharePoint, guide
from reports.models import Target
from reports.progress import (
    SHOWN_CATEGORIES,
    Progress,
    ShareTarget,
    needed_people,
)
from training.plan_board import PLAN_FIRST, PLAN_LAST

YEARS = [year.label for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)]
SOURCE = "受講記録・職員名簿"


def percent(share: Fraction) -> Decimal:
    """A share in percent to one decimal place, halves up."""
    exact = Decimal(100 * share.numerator) / share.denominator
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def in_words(fraction: Fraction) -> str:
    """A promised share as the plan writes it: 1/4."""
    return f"{fraction.numerator}/{fraction.denominator}"


def next_target(figures: Progress) -> ShareTarget | None:
    """The next promised share whose day has not passed; the last one after the plan's end."""
    return coming_target(figures.targets, figures.as_of)


def coming_target(targets: Sequence[ShareTarget], as_of: date) -> ShareTarget | None:
    """The same of targets already held against counts."""
    coming = [target for target in targets if target.due >= as_of]
    return coming[0] if coming else (targets[-1] if targets else None)


def share_figure(
    figures: Progress,
    history: Sequence[SharePoint],
    promises: list[Target],
    *,
    forecast: Sequence[RangeValue] = (),
    links: Mapping[tuple[str, str], str] | None = None,
    width: int = WIDTH,
) -> ChartFigure:
    """The share over the plan's years with targets and guide.

    `forecast`: 見込み at years' ends, drawn apart. `links`: addresses of cells of the data table.
    `width`: of the column it stands in, so that its letters keep their size.
    """
    line = guide(promises)
    ends = [target for target in promises if target.fiscal_year.next in line] + [
        target for target in promises if target.fiscal_year.previous in line
    ]
    guide_values = {target.fiscal_year: target.fraction for target in ends} | line
    chart = share_chart(
        YEARS,
        actual=[
            YearValue(year.label, percent(point.share), elapsed=_elapsed(year, point.on))
            for point in history
            if (year := FiscalYear.containing(point.on))
        ],
        targets=[
            YearValue(
                target.fiscal_year.label, percent(target.fraction), words=in_words(target.fraction)
            )
            for target in promises
        ],
        guide=[
            YearValue(year.label, percent(share)) for year, share in sorted(guide_values.items())
        ],
        forecast=forecast,
        today=_today(figures.as_of),
        width=width,
    )
    return ChartFigure(
        key="share",
        title="デジタル活用職員の割合（％、各年度末）",
        finding=_share_finding(figures),
        chart=chart,
        source=SOURCE,
        as_of=era_date(figures.as_of),
        note="点線はR10からR15までの目安で、目標ではありません。"
        + ("点線の枠は見込みの幅で、実績ではありません。" if forecast else ""),
        links=links or {},
    )


def _share_finding(figures: Progress) -> str:
    total, target = figures.total, next_target(figures)
    words = f"{total.population}人のうち{total.capable}人（{percent(total.share)}％）です。"
    if target is None:
        return words
    if not figures.is_whole_city:
        return f"{words}{reference_in_words(target, figures)}。"
    label = f"{target.fiscal_year.label}の目標{in_words(target.fraction)}"
    short = target.needed - total.capable
    if short > 0:
        return f"{words}{label}（{target.needed}人）まであと{short}人です。"
    return f"{words}{label}（{target.needed}人）に届いています。"


def leaders_figure(
    figures: Progress,
    history: Sequence[LeaderYear],
    links: Mapping[tuple[str, str], str] | None = None,
) -> ChartFigure:
    """Cumulative completed person-terms, and those sitting, against the bands."""
    chart = band_chart(
        YEARS,
        counts=[
            LeaderCount(point.year.label, point.completed, sitting=point.sitting)
            for point in history
            if point.completed is not None
        ],
        bands=[
            BandTarget(
                point.year.label,
                point.minimum,
                point.maximum if point.maximum is not None else point.minimum,
                words=point.band.words if point.band else "",
            )
            for point in history
            if point.minimum is not None
        ],
    )
    leaders = figures.leaders
    coming = next((p for p in history if p.minimum and p.year.last_day >= figures.as_of), None)
    finding = f"修了した任期は{leaders.completed_person_terms}件、活動中は{leaders.sitting}人です。"
    if coming is not None and coming.band is not None:
        finding += f"{coming.year.label}末の目標は延べ{coming.band.words}です。"
    return ChartFigure(
        key="leaders",
        title="推進リーダーの育成延べ人数（人、各年度末）",
        finding=finding,
        chart=chart,
        source="推進リーダーの任期",
        as_of=era_date(figures.as_of),
        links=links or {},
    )


def specialists_figure(
    figures: Progress,
    links: Mapping[tuple[str, str], str] | None = None,
    *,
    today: date | None = None,
) -> ChartFigure:
    """Specialists by band against what R16 asks for.

    `today`: nothing is judged before its day has come, though the figures are of a day ahead.
    """
    is_due = min(figures.as_of, today or figures.as_of) >= PLAN_LAST.last_day
    chart = band_bars(
        [
            BandCount(
                str(row.band.label),
                row.count,
                row.minimum,
                maximum=row.maximum,
                words="" if is_due else "期日前",
            )
            for row in figures.specialists
        ]
    )
    total = sum(row.count for row in figures.specialists)
    needed = sum(row.minimum for row in figures.specialists)
    short = sum(row.short for row in figures.specialists)
    finding = f"{PLAN_LAST.label}末に{needed}人以上が目標で、今は{total}人です。"
    finding += (
        f"職階ごとの下限まで、あと{short}人です。" if short else "どの職階も下限に届いています。"
    )
    return ChartFigure(
        key="specialists",
        title=f"デジタル専門分野人材（人、{PLAN_LAST.label}末の目標と現在）",
        finding=finding,
        chart=chart,
        source="専門分野人材の登用記録",
        as_of=era_date(figures.as_of),
        links=links or {},
    )


def unit_table(figures: Progress, links: Mapping[tuple[int, str], str]) -> HeatTable:
    """Departments × categories: percent of the unit's population. `links`: (key, figure) → url."""
    columns = [*(f"{category.label}研修" for category in SHOWN_CATEGORIES), "デジタル活用職員"]
    names = [*map(str, SHOWN_CATEGORIES), "capable"]
    rows = []
    for unit in figures.units:
        counts = unit.counts
        cells = tuple(
            heat_cell(
                Decimal(100 * getattr(counts, name)) / counts.population,
                href=links.get((unit.unit.pk, name), ""),
            )
            for name in names
        )
        label = f"{unit.unit.name}（{counts.population}人）"
        rows.append(HeatRow(label, cells, href=links.get((unit.unit.pk, "population"), "")))
    return heat_table("部署別の修了の割合（％）", "部署（全職員）", columns, rows)


def _elapsed(year: FiscalYear, on: date) -> float:
    return elapsed(year.first_day, year.last_day, on)


def _today(as_of: date) -> YearPoint:
    year = FiscalYear.containing(as_of)
    return YearPoint(year.label, elapsed=_elapsed(year, as_of), word="基準日")


def reference_in_words(target: ShareTarget, figures: Progress) -> str:
    """What the city's target would ask of a part of it, which has no target of its own."""
    short = target.needed - figures.total.capable
    words = f"参考：市全体の目標{in_words(target.fraction)}を当てはめると"
    return f"{words}、あと{short}人です" if short > 0 else f"{words}、届いています"


def needed_in_words(target: ShareTarget, figures: Progress, today: date) -> str:
    """How far the next promised share is: people still needed and days left.

    The days left of a day ahead are those from today.
    """
    if not figures.is_whole_city:
        return reference_in_words(target, figures)
    total = figures.total
    needed = needed_people(target.fraction, total.population)
    short = needed - total.capable
    days = (target.due - min(figures.as_of, today)).days
    goal = f"{target.fiscal_year.label}の目標{in_words(target.fraction)}（{needed}人）"
    if days < 0:
        return f"{goal}の期日を過ぎています"
    if short > 0:
        return f"{goal}まであと{short}人・残り{days}日"
    return f"{goal}に届いています・残り{days}日"
