"""Closing an offering once everybody is marked, and opening it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from staff.pages import PageRequest, allow, show
from training.forms.marking import ReopenForm
from training.models import AttendanceStatus, Offering
from training.places import by_status, on_offering
from training.services.closing import close, reopen
from training.views.offerings import grid_trail


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_close(request: PageRequest, pk: int) -> HttpResponse:
    """Show who is unmarked, and close when nobody is."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    error = ""
    if request.method == "POST":
        try:
            close(
                offering=offering,
                by=request.user,
                today=timezone.localdate(),
                at=timezone.now(),
            )
        except DomainError as refusal:
            error = str(refusal)
        else:
            messages.success(request, "開催回を締めました。出欠は変更できなくなりました。")
            return redirect("training:offering_attendance", pk=pk)
    people = [person for person in on_offering(offering) if not person.is_waiting]
    unmarked = [one for one in people if one.attendance.status == AttendanceStatus.BOOKED]
    context = {
        "offering": offering,
        "unmarked": unmarked,
        "only_oneself": [one.staff.pk for one in unmarked] == [request.user.staff_id],
        "counts": by_status(people),
        "people_count": len(people),
        "is_over": timezone.localdate() >= offering.ends_on,
        "error": error,
        "events": _events(offering),
    }
    return show(request, "training/offering_close.html", "締め", context, grid_trail(offering))


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_reopen(request: PageRequest, pk: int) -> HttpResponse:
    """Open a closed offering again, for a reason."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        try:
            reopen(offering=offering, reason=form.cleaned_data["reason"], by=request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "締めを取り消しました。出欠を変更できます。")
            return redirect("training:offering_attendance", pk=pk)
    context = {"offering": offering, "form": form, "events": _events(offering)}
    template = "training/offering_reopen.html"
    return show(request, template, "締めの取消し", context, grid_trail(offering))


def _events(offering: Offering) -> list[object]:
    return list(offering.events.select_related("by__staff").order_by("-pk"))
