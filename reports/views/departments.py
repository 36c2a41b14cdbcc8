"""部署別: the departments beside each other, and one department's page."""

from collections.abc import Callable
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.geometry import MAIN_WIDTH
from agano_dx.lib.fiscal import FiscalYear
from reports import figures as drawn
from reports.departments import (
    ORDERS,
    DepartmentProgress,
    department_progress,
    department_rows,
    in_order,
)
from reports.history import share_promises
from reports.progress import SHOWN_CATEGORIES, Counts, progress
from reports.views.links import Links
from staff.forms.days import DayForm
from staff.pages import PageRequest, allow, asked_day, filters_in, show
from training.models import CountingRule


@require_GET
@allow(lambda access: access.sees_figures)
def department_list(request: PageRequest) -> HttpResponse:
    """The departments in scope with their shares; `?sort=` puts them into another order."""
    day = asked_day(request)
    scope = request.access.figure_units
    rule = CountingRule.objects.in_force(day.on)
    figures = progress(day.on, rule, scope)
    links = Links(request, day)
    order = request.GET.get("sort", "")
    rows = in_order(department_rows(figures), order)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "is_empty": figures.is_empty,
        "is_whole_city": scope is None,
        "total": figures.total,
        "total_share": drawn.percent(figures.total.share),
        "rows": [
            {
                "row": row,
                "share": drawn.percent(row.counts.share) if row.counts.population else None,
                "href": links.department(row.unit.pk),
                "people": _people(links.people_of, row.unit.pk),
            }
            for row in rows
        ],
        "query": filters_in(request),
        "order": order if order in ORDERS else "",
        "orders": {
            "default": links.page("reports:department_list"),
            **{name: links.page("reports:department_list", sort=name) for name in ORDERS},
        },
    }
    return show(request, "reports/department_list.html", "部署別の進み具合", context, _trail())


def _people(address: Callable[..., str], unit_id: int, **narrowed: str) -> dict[str, str]:
    return {
        figure: address(unit_id, figure, **narrowed)
        for figure in ("population", "capable", "not_capable")
    }


def _trail() -> list[tuple[str, str]]:
    return [("計画の進み具合", reverse("reports:dashboard"))]


@require_GET
@allow(lambda access: access.sees_figures)
def department_detail(request: PageRequest, pk: int) -> HttpResponse:
    """One department in scope: its figures, their course, what they are made of, what to do."""
    day = asked_day(request)
    rule = CountingRule.objects.in_force(day.on)
    found = department_progress(day.on, rule, request.access.figure_units, pk)
    if found is None:
        raise Http404
    links, unit, total = Links(request, day), found.unit, found.figures.total
    names = request.access.name_units
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "unit": unit,
        "found": found,
        "share": f"{drawn.percent(total.share)}％" if total.population else "",
        "people": {
            figure: links.people_of(unit.pk, figure)
            for figure in ("population", "capable", "not_capable", "leaders", "specialists")
        },
        "specialists": sum(row.count for row in found.figures.specialists),
        "leaders": [term for term in found.leaders if names is None or term.department_id in names],
        "todo": _todo(found, links),
        "chart": _chart(found, links),
        "categories": _categories(found, links),
        "parts": _parts(found, links),
        "below": _below(found, links),
        "bands": _bands(found, links),
        "owing": [
            (row, people, links.outstanding_of(unit.pk, row.code))
            for row, people in found.owing.rows
        ],
    }
    trail = [*_trail(), ("部署別の進み具合", links.page("reports:department_list"))]
    return show(request, "reports/department_detail.html", unit.name, context, trail)


def _chart(found: DepartmentProgress, links: Links) -> ChartFigure:
    """The share over the years. Of earlier days only the number: units had other names then."""
    on, unit = found.figures.as_of, found.unit
    address = links.people_of(unit.pk, "capable")
    return drawn.share_figure(
        found.figures,
        found.history,
        share_promises(),
        links={(FiscalYear.containing(on).label, "実績"): address},
        width=MAIN_WIDTH,
    )


def _todo(found: DepartmentProgress, links: Links) -> list[tuple[str, str, str]]:
    """What to do here: sentence, address, words of the link."""
    unit, lacking = found.unit, found.figures.total.lacking
    steps = []
    if found.needs_leader:
        steps.append(
            (
                "推進リーダーがいません。推薦する職員を決めて、人事担当に相談してください。",
                reverse("leaders:cohort_list"),
                "推進リーダーを見る",
            )
        )
    if lacking:
        steps.append(
            (
                f"デジタル活用職員になっていない職員が{lacking}人います。"
                "まだ受けていない研修を案内してください。",
                links.people_of(unit.pk, "not_capable"),
                f"まだの職員 {lacking}人を見る",
            )
        )
    return steps


def _categories(found: DepartmentProgress, links: Links) -> list[tuple[str, int, str, str]]:
    """Category, people who completed it, their address, the share in percent."""
    total = found.figures.total
    return [
        (
            f"{category.label}研修",
            total.completed(category),
            links.people_of(found.unit.pk, str(category)),
            _percent_of(total.completed(category), total.population),
        )
        for category in SHOWN_CATEGORIES
    ]


def _percent_of(part: int, whole: int) -> str:
    return str(drawn.percent(Fraction(part, whole))) if whole else ""


def _line(label: str, counts: Counts, people: dict[str, str], href: str = "") -> dict[str, object]:
    return {
        "label": label,
        "href": href,
        "counts": counts,
        "share": _percent_of(counts.capable, counts.population),
        "people": people,
    }


def _parts(found: DepartmentProgress, links: Links) -> list[dict[str, object]]:
    """A line for each unit counted here, with its own people alone."""
    return [
        _line(row.unit.name, row.counts, _people(links.people_at, row.unit.pk))
        for row in found.parts
    ]


def _below(found: DepartmentProgress, links: Links) -> list[dict[str, object]]:
    """A line for each department below that counts for itself."""
    return [
        _line(
            row.unit.name,
            row.counts,
            _people(links.people_of, row.unit.pk),
            links.department(row.unit.pk),
        )
        for row in found.below
    ]


def _bands(found: DepartmentProgress, links: Links) -> list[dict[str, object]]:
    unit = found.unit
    return [
        _line(
            str(row.band.label),
            row.counts,
            _people(links.people_of, unit.pk, band=str(row.band)),
            links.band(row.band),
        )
        for row in found.bands
    ]
