"""The dashboard: where the plan stands on any day."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.share import RangeValue
from agano_dx.lib.fiscal import FiscalYear, era_date
from leaders.models import Cohort
from leaders.specialists import bands
from reports import figures as drawn
from reports.attention import Concern, chores, concerns
from reports.breakdown import breakdown, by_band
from reports.cards import Past, cards, year_before
from reports.forecast import forecast
from reports.forecast_figure import next_and_last
from reports.history import (
    LeaderYear,
    SharePoint,
    leader_history,
    share_history,
    share_promises,
)
from reports.progress import SHOWN_CATEGORIES, Progress, progress
from reports.views.links import Links
from staff.forms.days import DayForm
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule
from training.outstanding.counts import owing_counts
from training.plan_board import PLAN_FIRST, PLAN_LAST, plan_board
from training.plan_figure import plan_figure

WAYS = (
    ("不足と道筋", "reports:gap"),
    ("見込み", "reports:forecast"),
    ("1年の動き", "reports:flow"),
    ("報告書を出す", "reports:report"),
)


@require_GET
@allow(lambda access: access.sees_figures)
def dashboard(request: PageRequest) -> HttpResponse:
    """Cards, what needs attention, charts and tables of the asked day, within the asker's scope."""
    day = asked_day(request)
    scope = request.access.figure_units
    rule = CountingRule.objects.in_force(day.on)
    figures = progress(day.on, rule, scope)
    before = year_before(day.on)
    past = Past(
        share=share_history(day.on, scope),
        leaders=leader_history(day.on, scope),
        specialists=bands(before.last_day, scope) if before else (),
    )
    links = Links(request, day)
    expected = next_and_last(forecast(day.on, rule, scope, request.access.known_until(day.on)))
    owing = owing_counts(day.on, rule, scope)
    found = concerns(figures, past.leaders if scope is None else None, owing)
    if day.is_today and request.access.keeps_training:
        found += chores(day.today)
    found.sort(key=lambda concern: not concern.is_pressing)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "is_ahead": day.on > day.today,
        "figures": figures,
        "cards": cards(figures, past, links, is_whole_city=scope is None),
        "concerns": [_shown(concern, links) for concern in found],
        "charts": _charts(figures, past, links, expected, is_whole_city=scope is None),
        "plan": plan_figure(plan_board(day.on)),
        "heat": drawn.unit_table(figures, _unit_links(figures, links)),
        "targets": _targets(figures, past.share, links, day),
        "bands": [
            (row.band.label, links.band(row.band), row.counts, drawn.percent(row.counts.share))
            for row in by_band(breakdown(day.on, rule, scope))
        ],
        "departments": links.page("reports:department_list"),
        "shortcuts": _shortcuts(day),
        "ways": [(label, links.page(name)) for label, name in WAYS],
        "is_whole_city": scope is None,
        "excluded": (links.people("excluded_employment"), links.people("excluded_duty")),
    }
    return show(request, "reports/dashboard.html", "計画の進み具合", context)


def _shown(concern: Concern, links: Links) -> dict[str, object]:
    """A concern with the way to it and to each thing it names."""
    address = links.outstanding if concern.key == "owing" else links.department
    url, action = _way(concern.key, links)
    return {
        "concern": concern,
        "parts": [(part.words, address(part.thing)) for part in concern.parts],
        "url": url,
        "action": action,
    }


def _way(key: str, links: Links) -> tuple[str, str]:
    """Where a concern is dealt with; empty where there is no page for it, or none for the asker."""
    ways = {
        "without_leader": (_cohort_page(links), "推進リーダーを見る"),
        "target_short": (links.page("reports:gap"), "不足と道筋を見る"),
        "leaders": (_cohort_page(links), "推進リーダーを見る"),
        "behind": (f"{links.page('reports:department_list', sort='share')}", "部署別を見る"),
        "unmarked": (f"{reverse('training:offering_list')}?state=held", "出欠を入力する"),
        "not_final": (reverse("reports:snapshot_list"), "確定値を見る"),
    }
    return ways.get(key, ("", ""))


def _cohort_page(links: Links) -> str:
    """Where departments without a leader are told in full on the same day."""
    cohort = Cohort.objects.running_on(links.as_of)
    return f"{cohort.get_absolute_url()}?as_of={links.as_of.isoformat()}" if cohort else ""


def _charts(
    figures: Progress,
    past: Past,
    links: Links,
    expected: Sequence[RangeValue],
    *,
    is_whole_city: bool,
) -> list[ChartFigure]:
    """The charts. The plan's bands of leaders and specialists are the whole city's alone."""
    share = {
        (FiscalYear.containing(point.on).label, "実績"): links.people("capable", point.on)
        for point in past.share
    }
    charts = [
        drawn.share_figure(figures, past.share, share_promises(), forecast=expected, links=share)
    ]
    if is_whole_city:
        charts.append(
            drawn.leaders_figure(figures, past.leaders, _leader_links(past.leaders, links))
        )
        specialists = {
            (str(row.band.label), "現在"): links.people("specialists", band=row.band)
            for row in figures.specialists
        }
        charts.append(drawn.specialists_figure(figures, specialists))
    return charts


def _leader_links(years: Sequence[LeaderYear], links: Links) -> dict[tuple[str, str], str]:
    found = {}
    for point in years:
        if point.completed is not None:
            on = min(point.year.last_day, links.as_of)
            found[point.year.label, "修了（延べ）"] = links.terms(on)
            found[point.year.label, "活動中"] = links.people("leaders", on)
    return found


def _unit_links(figures: Progress, links: Links) -> dict[tuple[str, str], str]:
    found = {}
    for row in figures.units:
        code = row.unit.code
        found[code, "population"] = links.department(code)
        for figure in ("capable", *map(str, SHOWN_CATEGORIES)):
            found[code, figure] = links.people_of(row.unit.pk, figure, unit=code)
    return found


MET, MISSED, NOT_DUE = ("達成", "success"), ("未達", "error"), ("期日前", "")


def _targets(
    figures: Progress, history: Sequence[SharePoint], links: Links, day: AskedDay
) -> list[dict[str, object]]:
    """The promised shares: what each asks for, and how it stood on its own day.

    A target is judged by the figures of the day it was due, whatever came later, and never before
    that day has come.
    """
    points = {point.on: point for point in history if point.on <= day.today}
    rows = []
    for target in figures.targets:
        point = points.get(target.due)
        status = NOT_DUE
        if point is not None:
            status = MET if point.share >= target.fraction else MISSED
        rows.append(
            {
                "year": target.fiscal_year.long_label,
                "due": era_date(target.due),
                "fraction": drawn.in_words(target.fraction),
                "needed": target.needed,
                "short": max(0, target.needed - figures.total.capable),
                "then": point,
                "then_share": drawn.percent(point.share) if point else None,
                "then_href": links.people("capable", point.on) if point else "",
                "status": status,
            }
        )
    return rows


def _shortcuts(day: AskedDay) -> list[tuple[str, str, bool]]:
    """Today and the ends of the plan's years gone by: label, address, whether shown."""
    days = [("今日", day.today)]
    days += [
        (f"{year.label}末", year.last_day)
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
        if year.last_day < day.today
    ]
    return [(label, f"?as_of={on.isoformat()}", on == day.on) for label, on in days]
