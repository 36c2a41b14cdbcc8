"""職階別: one band of rank."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from reports import figures as drawn
from reports.cards import range_words
from reports.rank_bands import band_progress
from reports.views.links import Links
from staff.forms.days import DayForm
from staff.models import Band
from staff.pages import PageRequest, allow, asked_day, show
from training.models import CountingRule
from training.plan_board import PLAN_LAST

SHOWN = ("population", "capable", "not_capable")


@require_GET
@allow(lambda access: access.sees_figures)
def band_detail(request: PageRequest, band: str) -> HttpResponse:
    """One band of rank within the asker's scope: its people by department, its specialists."""
    if band not in Band.values:
        raise Http404
    day = asked_day(request)
    scope = request.access.figure_units
    found = band_progress(day.on, CountingRule.objects.in_force(day.on), scope, Band(band))
    links = Links(request, day)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "found": found,
        "share": f"{drawn.percent(found.counts.share)}％" if found.counts.population else "",
        "is_whole_city": scope is None,
        "goal": f"{PLAN_LAST.label}末の目標 {range_words(found.specialists)}",
        "people": {figure: links.people(figure, band=band) for figure in (*SHOWN, "specialists")},
        "rows": [
            {
                "label": row.unit.name,
                "href": links.department(row.unit.pk),
                "counts": row.counts,
                "share": drawn.percent(row.counts.share),
                "people": {
                    figure: links.people_of(row.unit.pk, figure, band=band) for figure in SHOWN
                },
            }
            for row in found.units
        ],
        "others": [(one.label, links.band(one), one == found.band) for one in Band],
    }
    trail = [("計画の進み具合", reverse("reports:dashboard"))]
    title = f"{found.band.label}の進み具合"
    return show(request, "reports/band_detail.html", title, context, trail)
