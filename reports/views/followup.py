"""What is left to do after a roster: April on one page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from reports.followup import followup, followup_day
from reports.followup.ground import Ground
from reports.progress import progress
from staff.models import ImportStatus, RosterImport
from staff.pages import PageRequest, allow, show
from training.models import CountingRule


@require_GET
@allow(lambda access: access.sees_everyone)
def roster_followup(request: PageRequest, pk: int) -> HttpResponse:
    """The parts of the follow-up of an import in force, each with the way to do it."""
    roster_import = get_object_or_404(RosterImport, pk=pk, status=ImportStatus.APPLIED)
    today = timezone.localdate()
    day = followup_day(roster_import, today)
    rule = CountingRule.objects.in_force(day)
    ground = Ground.load(day, rule, progress(day, rule, None).leaders)
    context = {
        "roster_import": roster_import,
        "found": followup(roster_import, today, ground),
        "keeps_accounts": request.access.is_admin,
        "here": request.path,
    }
    keeps_rosters = request.access.is_admin
    trail = [("名簿取込", reverse("staff:import_list"))] if keeps_rosters else []
    return show(
        request, "reports/roster_followup.html", "名簿を反映した後にすること", context, trail
    )
