"""割合の目標 and 割合の推移."""

from fractions import Fraction

from agano_dx.lib.fiscal import FiscalYear
from reports import figures as drawn
from reports.history import SharePoint, guide
from reports.paper.lines import filled
from reports.paper.shapes import Cell, Column, Kind, Line, Table
from reports.paper.summary import share_words
from reports.paper.wording import MET, MISSED, NOT_DUE, NOT_REACHED, REACHED
from reports.progress import needed_people
from reports.report import Report
from training.plan_board import PLAN_FIRST, PLAN_LAST

_TARGETS = (
    Column("年度", Kind.TEXT),
    Column("期日", Kind.DAY),
    Column("目標", Kind.SHARE),
    Column("目標（分数）", Kind.TEXT),
    Column("基準日の全職員で必要な人数", Kind.NUMBER),
    Column("基準日の状況", Kind.TEXT),
    Column("期日の判定", Kind.TEXT),
)


def targets(report: Report) -> Table:
    """The promised shares: against the people of the day, and as they stood when they were due."""
    points = {point.on: point for point in report.share}
    lines = tuple(
        Line(
            (
                target.fiscal_year.label,
                target.due,
                target.fraction,
                drawn.in_words(target.fraction),
                target.needed,
                REACHED if target.is_reached else NOT_REACHED,
                _judged(points.get(target.due), target.fraction),
            )
        )
        for target in report.figures.targets
    )
    return Table("targets", "割合の目標", share_words(report), _TARGETS, lines)


def _judged(at_due: SharePoint | None, fraction: Fraction) -> str:
    """A target is judged by the figures of the day it was due, whatever came later."""
    if at_due is None:
        return NOT_DUE
    return MET if at_due.share >= fraction else MISSED


_SHARE = (
    Column("年度", Kind.TEXT),
    Column("基準日", Kind.DAY),
    Column("全職員", Kind.PEOPLE),
    Column("デジタル活用職員", Kind.PEOPLE, within=2),
    Column("実績", Kind.SHARE, share_of=(3, 2)),
    Column("目標", Kind.SHARE),
    Column("目安", Kind.SHARE),
    Column("目標に必要な人数", Kind.NUMBER, told_by=(2,)),
    Column("期日の判定", Kind.TEXT, told_by=(2, 3)),
)


def share(report: Report) -> Table:
    """The share year by year; years to come have their target or 目安 alone."""
    points = {FiscalYear.containing(point.on): point for point in report.share}
    promised = {target.fiscal_year: target.fraction for target in report.promises}
    hints = guide(list(report.promises))
    years = sorted({*FiscalYear.range(PLAN_FIRST, PLAN_LAST), *points})
    lines = []
    for year in years:
        point, target = points.get(year), promised.get(year)
        known: tuple[Cell, ...] = (None, None, None)
        needed, verdict = None, ""
        if point is not None:
            known = (point.on, point.population, point.capable)
            needed = needed_people(target, point.population) if target else None
        if target is not None:
            is_due = point is not None and point.on == year.last_day
            verdict = _judged(point if is_due else None, target)
        row = (year.label, *known, None, target, hints.get(year), needed, verdict)
        lines.append(filled(_SHARE, row))
    return Table(
        "share",
        "割合の推移",
        share_words(report),
        _SHARE,
        tuple(lines),
        notes=("目安は目標と目標の間を直線で結んだ線で、目標ではありません。",),
        chart=drawn.share_figure(report.figures, list(report.share), list(report.promises)),
    )
