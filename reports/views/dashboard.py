"""The dashboard: where the plan stands on any day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.share import RangeValue
from agano_dx.lib.fiscal import FiscalYear, era_date
from leaders.specialists import bands
from reports import figures as drawn
from reports.attention import Concern, chores, concerns, not_final
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
from reports.progress import SHOWN_CATEGORIES, Counts, Progress, progress
from reports.snapshots import frozen_counts
from reports.views.links import Links
from reports.views.shortcuts import shortcuts
from reports.ways import cohort_page
from staff.forms.days import DayForm
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule
from training.outstanding.counts import owing_counts
from training.plan_board import plan_board
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
    expected = next_and_last(forecast(day.on, rule, scope, day.known_until(request.access)))
    owing = owing_counts(day.on, rule, scope)
    frozen = frozen_counts() if scope is None else {}
    found = concerns(figures, past.leaders, owing, today=day.today, frozen=frozen)
    if day.is_today and request.access.keeps_training:
        found += chores(day.today)
    if day.is_today and request.access.is_hr:
        found += not_final(day.today)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "is_empty": figures.is_empty,
        "figures": figures,
        "cards": cards(figures, past, links, day.today),
        "concerns": _concerns(found, links, _ways(links)),
        "charts": _charts(figures, past, links, expected, day.today),
        "plan": plan_figure(plan_board(day.on)),
        "heat": drawn.unit_table(figures, _unit_links(figures, links)),
        "targets": _targets(figures, past.share, links, day, frozen),
        "bands": [
            {
                "label": row.band.label,
                "href": links.band(row.band),
                "counts": row.counts,
                "share": drawn.percent(row.counts.share),
                "people": {
                    figure: links.people(figure, band=str(row.band))
                    for figure in ("population", "capable", "not_capable")
                },
            }
            for row in by_band(breakdown(day.on, rule, scope))
        ],
        "departments": links.page("reports:department_list"),
        "shortcuts": shortcuts(day),
        "ways": [(label, links.page(name)) for label, name in WAYS],
        "is_whole_city": scope is None,
        "excluded": (links.people("excluded_employment"), links.people("excluded_duty")),
    }
    return show(request, "reports/dashboard.html", "計画の進み具合", context)


def _concerns(
    found: Sequence[Concern], links: Links, ways: Mapping[str, tuple[str, str]]
) -> list[dict[str, object]]:
    """The pressing ones first, each with the way to it and to each thing it names."""
    to: dict[str, Callable[[str], str]] = {
        "owing": links.outstanding,
        "not_final": lambda year: reverse("reports:snapshot_new", args=[int(year)]),
    }
    shown = []
    for concern in sorted(found, key=lambda concern: not concern.is_pressing):
        address = to.get(concern.key, links.department)
        url, action = ways.get(concern.key, ("", ""))
        shown.append(
            {
                "concern": concern,
                "parts": [(part.words, address(part.thing)) for part in concern.parts],
                "url": url,
                "action": action,
            }
        )
    return shown


def _ways(links: Links) -> dict[str, tuple[str, str]]:
    """Where a concern is dealt with, by its key."""
    leaders = (cohort_page(links.as_of), "推進リーダーを見る")
    return {
        "without_leader": leaders,
        "target_short": (links.page("reports:gap"), "不足と道筋を見る"),
        "leaders": leaders,
        "behind": (links.page("reports:department_list", sort="share"), "部署別を見る"),
        "unmarked": (f"{reverse('training:offering_list')}?state=held", "出欠を入力する"),
    }


def _charts(
    figures: Progress,
    past: Past,
    links: Links,
    expected: Sequence[RangeValue],
    today: date,
) -> list[ChartFigure]:
    """The charts. The plan's bands of leaders and specialists are the whole city's alone."""
    share = {
        (FiscalYear.containing(point.on).label, "実績"): links.people("capable", point.on)
        for point in past.share
    }
    charts = [
        drawn.share_figure(figures, past.share, share_promises(), forecast=expected, links=share)
    ]
    if figures.is_whole_city:
        charts.append(
            drawn.leaders_figure(figures, past.leaders, _leader_links(past.leaders, links))
        )
        specialists = {
            (str(row.band.label), "現在"): links.people("specialists", band=row.band)
            for row in figures.specialists
        }
        charts.append(drawn.specialists_figure(figures, specialists, today=today))
    return charts


def _leader_links(years: Sequence[LeaderYear], links: Links) -> dict[tuple[str, str], str]:
    found = {}
    for point in years:
        if point.completed is not None:
            on = min(point.year.last_day, links.as_of)
            found[point.year.label, "修了（延べ）"] = links.terms(on)
            found[point.year.label, "活動中"] = links.people("leaders", on)
    return found


def _unit_links(figures: Progress, links: Links) -> dict[tuple[int, str], str]:
    found = {}
    for row in figures.units:
        unit = row.unit.pk
        found[unit, "population"] = links.department(unit)
        for figure in ("capable", *map(str, SHOWN_CATEGORIES)):
            found[unit, figure] = links.people_of(unit, figure)
    return found


MET, MISSED, NOT_DUE = ("達成", "success"), ("未達", "error"), ("期日前", "")


def _targets(
    figures: Progress,
    history: Sequence[SharePoint],
    links: Links,
    day: AskedDay,
    frozen: Mapping[FiscalYear, Counts],
) -> list[dict[str, object]]:
    """The promised shares: what each asks for, and how it stood on its own day.

    A target is judged by the figures of the day it was due, whatever came later (by the 確定値 of
    a year made final), and never before that day has come; a part of the city is not judged.
    """
    points = {point.on: point for point in history if point.on <= day.today}
    rows = []
    for target in figures.targets:
        year, point = target.fiscal_year, points.get(target.due)
        then = (frozen.get(year) or point) if point else None
        status = NOT_DUE
        if then is not None:
            status = MET if then.share >= target.fraction else MISSED
        is_final = then is not None and year in frozen
        href = reverse("reports:snapshot_detail", args=[year.year]) if is_final else ""
        rows.append(
            {
                "year": year.long_label,
                "due": era_date(target.due),
                "fraction": drawn.in_words(target.fraction),
                "needed": target.needed,
                "short": max(0, target.needed - figures.total.capable),
                "then": then,
                "then_share": drawn.percent(then.share) if then else None,
                "then_href": href or (links.people("capable", point.on) if point else ""),
                "is_final": is_final,
                "status": status,
            }
        )
    return rows
