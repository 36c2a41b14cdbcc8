"""The dashboard: where the plan stands on any day."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.fiscal import FiscalYear, era_date
from leaders.models import Cohort
from reports import figures as drawn
from reports.history import (
    SharePoint,
    leader_history,
    share_history,
    share_promises,
)
from reports.progress import SHOWN_CATEGORIES, Progress, ShareTarget, progress
from staff.forms.days import DayForm
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule
from training.plan_board import PLAN_FIRST, PLAN_LAST, plan_board
from training.plan_figure import plan_figure


@require_GET
@allow(lambda access: access.sees_figures)
def dashboard(request: PageRequest) -> HttpResponse:
    """Number cards, charts and the department table of the asked day, within the asker's scope."""
    day = asked_day(request)
    scope = request.access.figure_units
    rule = CountingRule.objects.in_force(day.on)
    figures = progress(day.on, rule, scope)
    history = share_history(day.on, scope)
    context = {
        "form": DayForm(request.GET if "as_of" in request.GET else None),
        "day": day,
        "figures": figures,
        "cards": _cards(figures, request, day),
        "charts": _charts(figures, history, is_whole_city=scope is None),
        "plan": plan_figure(plan_board(day.on)),
        "heat": drawn.unit_table(figures, _unit_links(figures, request, day)),
        "targets": _targets(figures, history),
        "shortcuts": _shortcuts(day),
        "is_whole_city": scope is None,
        "links": _Links(request, day),
        "cohort_page": _cohort_page(figures, day),
    }
    return show(request, "reports/dashboard.html", "計画の進み具合", context)


def _cohort_page(figures: Progress, day: AskedDay) -> str:
    """Where departments without a leader are told in full on the same day."""
    cohort = Cohort.objects.running_on(day.on) if figures.leaders.without else None
    return f"{cohort.get_absolute_url()}?as_of={day.on.isoformat()}" if cohort else ""


def _charts(
    figures: Progress, history: list[SharePoint], *, is_whole_city: bool
) -> list[ChartFigure]:
    """The charts. The plan's bands of leaders and specialists are the whole city's alone."""
    charts = [drawn.share_figure(figures, history, share_promises())]
    if is_whole_city:
        charts.append(drawn.leaders_figure(figures, leader_history(figures.as_of, None)))
        charts.append(drawn.specialists_figure(figures))
    return charts


class _Links:
    """Addresses of the people behind figures; empty for those who may see no names."""

    def __init__(self, request: PageRequest, day: AskedDay) -> None:
        self._may = request.access.sees_lists
        self._as_of = day.on.isoformat()

    def to(self, figure: str, **narrowed: str) -> str:
        """The address of the people behind the figure on the asked day."""
        if not self._may:
            return ""
        query = urlencode({"as_of": self._as_of, **narrowed})
        return f"{reverse('reports:people_list', args=[figure])}?{query}"

    @property
    def excluded_employment(self) -> str:
        """People left out by employment."""
        return self.to("excluded_employment")

    @property
    def excluded_duty(self) -> str:
        """People left out by duty."""
        return self.to("excluded_duty")


def _cards(figures: Progress, request: PageRequest, day: AskedDay) -> list[dict[str, str]]:
    total, leaders, executives = figures.total, figures.leaders, figures.executives
    links = _Links(request, day)
    target = drawn.next_target(figures)
    specialists = sum(band.count for band in figures.specialists)
    needed = sum(band.minimum for band in figures.specialists)
    is_whole_city = request.access.figure_units is None
    year = FiscalYear.containing(figures.as_of)
    return [
        {
            "label": "デジタル活用職員",
            "value": str(drawn.percent(total.share)),
            "unit": f"％（{total.capable} / {total.population}人）",
            "comparison": drawn.needed_in_words(target, figures) if target else "",
            "href": links.to("capable"),
        },
        {
            "label": "推進リーダー",
            "value": str(leaders.sitting),
            "unit": "人が活動中",
            "comparison": f"修了した任期 {leaders.completed_person_terms}"
            f"（実人数 {leaders.people}人）・いない部署 {len(leaders.without)}",
            "href": links.to("leaders"),
        },
        {
            "label": "専門分野人材",
            "value": str(specialists),
            "unit": "人",
            "comparison": f"{PLAN_LAST.label}末の目標 {needed}人以上" if is_whole_city else "",
            "href": links.to("specialists"),
        },
        {
            "label": f"{year.label}の幹部研修",
            "value": str(executives.completed_this_year),
            "unit": f"/ {executives.population}人が修了",
            "comparison": f"未受講 {executives.population - executives.completed_this_year}人",
            "href": links.to("executives_completed"),
        },
    ]


def _unit_links(
    figures: Progress, request: PageRequest, day: AskedDay
) -> dict[tuple[str, str], str]:
    links = _Links(request, day)
    units = request.access.name_units
    return {
        (row.unit.code, figure): links.to(figure, unit=row.unit.code)
        for row in figures.units
        if units is None or row.unit.pk in units
        for figure in ("population", "capable", *map(str, SHOWN_CATEGORIES))
    }


MET, MISSED, NOT_DUE = ("達成", "success"), ("未達", "error"), ("期日前", "")


def _targets(figures: Progress, history: list[SharePoint]) -> list[dict[str, object]]:
    """The promised shares: what each asks for, and how it stood on its own day."""
    points = {point.on: point for point in history}
    return [
        {
            "year": target.fiscal_year.long_label,
            "due": era_date(target.due),
            "fraction": drawn.in_words(target.fraction),
            "needed": target.needed,
            "short": max(0, target.needed - figures.total.capable),
            "status": _status(target, points.get(target.due)),
        }
        for target in figures.targets
    ]


def _status(target: ShareTarget, at_due: SharePoint | None) -> tuple[str, str]:
    """A target is judged by the figures of the day it was due, whatever came later."""
    if at_due is None:
        return NOT_DUE
    return MET if at_due.share >= target.fraction else MISSED


def _shortcuts(day: AskedDay) -> list[tuple[str, str, bool]]:
    """Today and the ends of the plan's years gone by: label, address, whether shown."""
    days = [("今日", day.today)]
    days += [
        (f"{year.label}末", year.last_day)
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
        if year.last_day < day.today
    ]
    return [(label, f"?as_of={on.isoformat()}", on == day.on) for label, on in days]
