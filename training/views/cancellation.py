"""Calling an offering off, and the notice to those who were on it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.navigation import CONTACT
from staff.pages import PageRequest, allow, show
from training.cancellation import notice, to_be_told
from training.forms.offerings import CancelForm
from training.models import Offering, OfferingEventKind
from training.services.offerings import cancel_offering
from training.views.offerings import trail


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Call an offering off, with the reason; the notice comes next."""
    offering = get_object_or_404(Offering.objects.select_related("course").with_seats(), pk=pk)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            ended = cancel_offering(
                offering=offering,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if ended:
                messages.success(
                    request,
                    f"開催回を中止にし、{len(ended)}人の登録を取り消しました。"
                    "下のお知らせを送るか、印刷して配ってください。",
                )
            else:
                messages.success(request, "開催回を中止にしました。")
            return redirect("training:offering_notice", pk=pk)
    context = {"offering": offering, "form": form}
    return show(request, "training/offering_cancel.html", "開催の中止", context, trail(offering))


@require_GET
@allow(lambda access: access.keeps_training)
def offering_notice(request: PageRequest, pk: int) -> HttpResponse:
    """中止のお知らせ: whom to tell, by department, to print or to copy into an e-mail."""
    called_off = Offering.objects.filter(cancelled_at__isnull=False)
    offering = get_object_or_404(
        called_off.select_related("course").prefetch_related("days"), pk=pk
    )
    event = offering.events.filter(kind=OfferingEventKind.CANCELLED).last()
    told = to_be_told(offering, timezone.localdate())
    count = sum(len(one.people) for one in told)
    audit.looked_at(offering, by=request.user, print="cancellation_notice", rows=count)
    context = {
        "offering": offering,
        "told": told,
        "count": count,
        "text": notice(offering, event.reason if event else "", told, CONTACT),
    }
    return show(
        request, "training/offering_notice.html", "研修中止のお知らせ", context, trail(offering)
    )
