"""Home: what there is to do now, by role."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reports import figures as drawn
from reports.progress import progress
from reports.tasks import tasks
from staff.models import Assignment
from staff.pages import PageRequest
from training.models import CountingRule


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """Tasks, then the one figure of the asker's scope, then the ways onward."""
    today = timezone.localdate()
    access = request.access
    rule = CountingRule.objects.in_force(today)
    figures = progress(today, rule, access.figure_units) if access.sees_figures else None
    target = drawn.next_target(figures) if figures else None
    place = (
        Assignment.objects.as_of(today)
        .select_related("staff")
        .filter(staff=access.staff_id)
        .first()
        if access.staff_id
        else None
    )
    context = {
        "title": "ホーム",
        "tasks": tasks(access, today, rule, figures),
        "figures": figures,
        "share": drawn.percent(figures.total.share) if figures else None,
        "target": drawn.needed_in_words(target, figures, today) if figures and target else "",
        "is_whole_city": access.figure_units is None,
        "own": place.staff if place else None,
        "today": today,
    }
    return render(request, "reports/home.html", context)
