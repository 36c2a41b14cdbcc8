"""The people behind a figure of the dashboard."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from leaders.models import LeaderTerm
from reports.departments import counted_under
from reports.people import FIGURES, completed_terms, people_behind
from staff.models import Band, Department, StaffMember
from staff.organisation import DepartmentTree
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule

PAGE = 50


@require_GET
@allow(lambda access: access.sees_lists)
def people_list(request: PageRequest, figure: str) -> HttpResponse:
    """The people a figure counts on the asked day, as far as the asker may see names.

    `?unit=` narrows to a reporting unit as the dashboard counts it, `?place=` to the people of one
    unit alone, `?band=` to a rank band.
    """
    if figure not in FIGURES:
        raise Http404
    day = asked_day(request)
    department, units = _narrowed(request, day)
    places = people_behind(figure, day.on, CountingRule.objects.in_force(day.on), units)
    band = request.GET.get("band", "")
    if band in Band.values:
        places = places.filter(rank__band=band)
    page = Paginator(places, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    reachable = StaffMember.objects.visible_to(request.access, timezone.localdate())
    context = {
        "day": day,
        "department": department,
        "band": Band(band).label if band in Band.values else "",
        "page": page,
        "query": query.urlencode(),
        "reachable": set(
            reachable.filter(pk__in=[place.staff_id for place in page]).values_list("pk", flat=True)
        ),
        "is_narrowed": request.access.name_units is not None,
    }
    return show(
        request,
        "reports/people_list.html",
        FIGURES[figure][0],
        context,
        [("計画の進み具合", reverse("reports:dashboard"))],
    )


def _narrowed(
    request: PageRequest, day: AskedDay
) -> tuple[Department | None, frozenset[int] | None]:
    """The department asked for, and the units whose people may be shown."""
    units = request.access.name_units
    tree = DepartmentTree.load(day.on)
    for name in ("unit", "place"):
        code = request.GET.get(name, "")
        if not code:
            continue
        department = tree.coded(code)
        if department is None:
            raise Http404
        if name == "unit":
            counted = counted_under(tree, department.pk)
        else:
            counted = frozenset(pk for pk in tree.by_id if tree.current(pk) == department)
        if units is not None and not counted & units:
            raise Http404
        return department, counted if units is None else counted & units
    return None, units


@require_GET
@allow(lambda access: access.sees_lists)
def term_list(request: PageRequest) -> HttpResponse:
    """修了した任期 on the asked day, of the departments whose names the asker may see.

    A person with two terms stands here twice: the figure counts terms.
    """
    day = asked_day(request)
    terms = completed_terms(day.on, request.access.name_units).select_related(
        "staff", "department", "cohort"
    )
    page = Paginator(
        terms.order_by("ends_on", "department__order", "staff__number", "pk"), PAGE
    ).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    reachable = LeaderTerm.objects.visible_to(request.access).filter(
        pk__in=[one.pk for one in page]
    )
    context = {
        "day": day,
        "page": page,
        "query": query.urlencode(),
        "reachable": set(reachable.values_list("pk", flat=True)),
        "is_narrowed": request.access.name_units is not None,
    }
    trail = [("計画の進み具合", reverse("reports:dashboard"))]
    return show(request, "reports/term_list.html", "修了した任期（延べ）", context, trail)
