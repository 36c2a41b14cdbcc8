"""修了した任期（延べ）: the terms behind a figure, on the screen and in Excel."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from leaders.models import LeaderTerm
from leaders.models.terms import LeaderTermQuerySet
from reports.people import completed_terms
from staff.listings import Listing, take_people
from staff.pages import AskedDay, PageRequest, allow, asked_day, filters_in, show

PAGE = 50
TITLE = "修了した任期（延べ）"
HEADINGS = ("職員番号", "氏名", "期", "部署", "就任日", "退任日")


@require_GET
@allow(lambda access: access.sees_lists)
def term_list(request: PageRequest) -> HttpResponse:
    """修了した任期 on the asked day, of the departments whose names the asker may see.

    A person with two terms stands here twice: the figure counts terms.
    """
    day = asked_day(request)
    page = Paginator(_terms(request, day), PAGE).get_page(request.GET.get("page"))
    reachable = LeaderTerm.objects.visible_to(request.access).filter(
        pk__in=[one.pk for one in page]
    )
    context = {
        "day": day,
        "page": page,
        "query": filters_in(request),
        "reachable": set(reachable.values_list("pk", flat=True)),
        "is_narrowed": request.access.name_units is not None,
    }
    return show(request, "reports/term_list.html", TITLE, context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def term_export(request: PageRequest) -> HttpResponse:
    """The same terms, to Excel; for more than a hundred first what for."""
    day = asked_day(request)
    listing = Listing(
        kind="completed_terms",
        what=TITLE,
        on=day.on,
        headings=HEADINGS,
        rows=[
            (
                term.staff.number,
                term.staff.name,
                str(term.cohort),
                term.department.name,
                term.starts_on,
                term.ends_on,
            )
            for term in _terms(request, day)
        ],
        unit="件",
    )
    page = f"{reverse('reports:term_list')}?{filters_in(request)}"
    return take_people(request, listing, [*_trail(), (TITLE, page)])


def _terms(request: PageRequest, day: AskedDay) -> LeaderTermQuerySet:
    terms = completed_terms(day.on, request.access.name_units)
    return terms.select_related("staff", "department", "cohort").order_by(
        "ends_on", "department__order", "staff__number", "pk"
    )


def _trail() -> list[tuple[str, str]]:
    return [("計画の進み具合", reverse("reports:dashboard"))]
