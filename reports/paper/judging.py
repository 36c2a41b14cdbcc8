"""How what the plan promised stands: 達成, 未達, and 期日前 as long as its day has not come."""

from datetime import date
from fractions import Fraction

from agano_dx.lib.fiscal import FiscalYear
from reports.history import LeaderYear, SharePoint
from reports.paper.wording import FROZEN, MET, MISSED, NOT_DUE, REACHED, judged_leaders
from reports.progress import ShareTarget
from reports.report import Report
from training.plan_board import PLAN_LAST


def point_of(report: Report, year: FiscalYear) -> SharePoint | None:
    """The figures by which a year over is shown and judged: the 確定値, or what is known now."""
    kept = report.frozen.get(year)
    if kept is not None:
        return SharePoint(year.last_day, kept.capable, kept.population)
    return next((point for point in report.share if point.on == year.last_day), None)


def judged(report: Report, at_due: SharePoint | None, fraction: Fraction) -> str:
    """A target is judged by the figures of the day it was due, whatever came later."""
    if at_due is None:
        return NOT_DUE
    verdict = MET if at_due.share >= fraction else MISSED
    is_frozen = FiscalYear.containing(at_due.on) in report.frozen
    return f"{verdict}（{FROZEN}）" if is_frozen else verdict


def to_go(short: int, unit: str = "人") -> str:
    """How far it is: あと3人."""
    return f"あと{short}{unit}" if short > 0 else REACHED


def share_stands(report: Report, target: ShareTarget) -> str:
    """The verdict once the day has come; before it, how many people are still needed."""
    verdict = judged(report, point_of(report, target.fiscal_year), target.fraction)
    return _with_rest(verdict, target.needed - report.figures.total.capable)


def leaders_stand(point: LeaderYear, completed: int, as_of: date) -> str:
    """The same of a year's band; `completed`: the person-terms completed by the day."""
    verdict = judged_leaders(point, as_of)
    return _with_rest(verdict, (point.minimum or 0) - completed)


def specialists_stand(report: Report) -> str:
    """The same of all bands of rank against what the plan's last year asks for."""
    short = sum(row.short for row in report.figures.specialists)
    return _with_rest(judged_band(report, short), short)


def judged_band(report: Report, short: int) -> str:
    """A band of rank that is so many specialists short of its minimum."""
    if report.as_of < PLAN_LAST.last_day:
        return NOT_DUE
    return MISSED if short else MET


def _with_rest(verdict: str, short: int) -> str:
    return f"{verdict}（{to_go(short)}）" if verdict == NOT_DUE else verdict
