"""推薦書 on paper: one, or all of a round."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agano_dx.lib import audit
from leaders.models import Cohort, Nomination, NominationStatus
from leaders.recommendations import recommendations
from leaders.views.nominations import trail, visible_nomination
from staff.pages import PageRequest, allow, show

ON_PAPER = (NominationStatus.SUBMITTED, NominationStatus.APPROVED)


@require_GET
@allow(lambda access: access.sees_everyone or bool(access.nominating))
def recommendation(request: PageRequest, pk: int) -> HttpResponse:
    """The letter of one nomination that was handed in."""
    nomination = visible_nomination(request, pk)
    if nomination.status not in ON_PAPER:
        messages.info(request, "推薦書は、推薦を提出すると印刷できます。")
        return redirect(nomination)
    audit.looked_at(nomination, by=request.user, print="recommendation")
    context = {
        "letters": recommendations([nomination], timezone.localdate()),
        "back": nomination.get_absolute_url(),
    }
    above = [*trail(), ("推薦の内容", nomination.get_absolute_url())]
    return show(request, "leaders/recommendation.html", "推薦書", context, above)


@require_GET
@allow(lambda access: access.keeps_leaders)
def recommendation_batch(request: PageRequest, number: int) -> HttpResponse:
    """The letters of all nominations of the round that were handed in, a page each."""
    cohort = get_object_or_404(Cohort, number=number)
    nominations = list(
        Nomination.objects.visible_to(request.access)
        .filter(cohort=cohort, status__in=ON_PAPER)
        .select_related("cohort", "department", "staff", "submitted_by__staff")
    )
    if nominations:
        audit.looked_at(cohort, by=request.user, print="recommendations", rows=len(nominations))
    context = {
        "letters": recommendations(nominations, timezone.localdate()),
        "back": f"{reverse('leaders:nomination_list')}?cohort={number}",
    }
    title = f"{cohort}の推薦書"
    return show(request, "leaders/recommendation.html", title, context, trail())
