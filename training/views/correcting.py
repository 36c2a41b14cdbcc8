"""Putting the record of a frozen year right: whom, then what, and why."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show
from training.forms.correcting import CorrectionForm
from training.forms.marking import NumberForm
from training.models import Attendance, Offering
from training.places import on_offering
from training.services.correcting import correct, refuse_open_year
from training.views.offerings import final_days, grid_trail


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_correct(request: PageRequest, pk: int) -> HttpResponse:
    """Everybody on the offering to choose from; with `?number=` the mark of that person."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    asked = NumberForm(request.GET if "number" in request.GET else None)
    member = _member(asked)
    if member is not None:
        return _correct(request, offering, member)
    people = on_offering(offering)
    context = {
        "offering": offering,
        "asked": asked,
        "people": people,
        "shut": "" if final_days(offering, people) else _shut(offering, None),
    }
    return _page(request, "training/offering_correct.html", offering, context)


def _correct(request: PageRequest, offering: Offering, member: StaffMember) -> HttpResponse:
    place = offering.attendances.filter(staff=member).first()
    seen = place.status if place is not None else ""
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, initial={"seen": seen})
    if form.is_valid():
        try:
            correct(
                offering=offering,
                staff=member,
                **form.cleaned_data,
                by=request.user,
                today=timezone.localdate(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{member.name}さんの記録を訂正しました。")
            return redirect("training:offering_correct", pk=offering.pk)
    audit.looked_at(member, by=request.user, offering=offering.pk)
    context = {
        "offering": offering,
        "member": member,
        "place": place,
        "form": form,
        "shut": _shut(offering, place),
        "is_own": member.pk == request.user.staff_id,
        "back": reverse("training:offering_correct", args=[offering.pk]),
    }
    return _page(request, "training/offering_correct_person.html", offering, context)


def _member(asked: NumberForm) -> StaffMember | None:
    if not asked.is_valid():
        return None
    member = StaffMember.objects.filter(number=asked.cleaned_data["number"]).first()
    if member is None:
        asked.add_error("number", "この職員番号の職員はいません。番号を直してください。")
    return member


def _shut(offering: Offering, place: Attendance | None) -> str:
    """Why nothing can be corrected here, in words; empty when it can."""
    try:
        refuse_open_year(offering, place)
    except DomainError as refusal:
        return str(refusal)
    return ""


def _page(
    request: PageRequest, template: str, offering: Offering, context: Mapping[str, object]
) -> HttpResponse:
    return show(request, template, "確定した年度の記録の訂正", context, grid_trail(offering))
