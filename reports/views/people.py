"""The people behind a figure of the dashboard."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from reports.people import FIGURES, people_behind
from staff.models import Band, StaffMember
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, asked_day, show
from training.models import CountingRule

PAGE = 50


@require_GET
@allow(lambda access: access.sees_lists)
def people_list(request: PageRequest, figure: str) -> HttpResponse:
    """The people a figure counts on the asked day, as far as the asker may see names.

    `?unit=` narrows to a reporting unit as the dashboard counts it, `?band=` to a rank band.
    """
    if figure not in FIGURES:
        raise Http404
    day = asked_day(request)
    unit = request.GET.get("unit", "")
    tree = DepartmentTree.load(day.on)
    department = tree.coded(unit) if unit else None
    if unit and department is None:
        raise Http404
    units = request.access.name_units
    if department is not None:
        counted = tree.reported_under(department.pk) or tree.under([department.pk])
        if units is not None and not counted & units:
            raise Http404
        units = counted if units is None else counted & units
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
