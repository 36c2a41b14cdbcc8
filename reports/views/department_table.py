"""The table of departments, to Excel: numbers alone, nobody's name."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agano_dx.lib.workbooks.writing import Content
from reports.departments import ORDERS, DepartmentRow, department_rows, in_order
from reports.figures import percent
from reports.progress import progress
from staff.listings import Listing, take_things
from staff.pages import PageRequest, allow, asked_day, filters_in
from training.models import CountingRule

TITLE = "部署別の進み具合"
HEADINGS = (
    "部署",
    "全職員",
    "デジタル活用職員",
    "まだの職員",
    "割合（％）",
    "順位",
    "推進リーダー",
)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_figures)
def department_table_export(request: PageRequest) -> HttpResponse:
    """The departments in scope, in the order of the screen."""
    day, scope = asked_day(request), request.access.figure_units
    figures = progress(day.on, CountingRule.objects.in_force(day.on), scope)
    order = request.GET.get("sort", "")
    listing = Listing(
        kind="departments",
        what=TITLE,
        on=day.on,
        headings=HEADINGS,
        rows=[_row(row) for row in in_order(department_rows(figures), order)],
        filters={"sort": order if order in ORDERS else ""},
        narrowed=["市全体" if scope is None else "所属とその下の所属"],
        unit="部署",
    )
    page = f"{reverse('reports:department_list')}?{filters_in(request)}"
    trail = [("計画の進み具合", reverse("reports:dashboard")), (TITLE, page)]
    return take_things(request, listing, trail)


def _row(row: DepartmentRow) -> tuple[Content, ...]:
    counts = row.counts
    share = percent(counts.share) if counts.population else None
    leader = ("います" if row.has_leader else "いません") if row.gives_leader else "対象外"
    return (
        row.unit.name,
        counts.population,
        counts.capable,
        counts.lacking,
        share,
        row.place,
        leader,
    )
