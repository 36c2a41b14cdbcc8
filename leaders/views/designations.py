"""登用: HR designates a candidate, and ends a designation. Nobody decides about themself."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.japanese import read_date
from leaders.forms.specialists import DesignationForm, EndForm
from leaders.models import Route, SpecialistDesignation
from leaders.services.specialists import designate, end_designation
from leaders.specialists import routes_on
from leaders.views.candidates import candidate_trail, concerned
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def designation_new(request: PageRequest, number: str) -> HttpResponse:
    """Designate somebody from a day on, by a route that is open."""
    member = concerned(number)
    _refuse_own(request, member)
    today = timezone.localdate()
    routes = _offered(request, member)
    form = DesignationForm(request.POST or None, routes=routes)
    if form.is_valid():
        try:
            made = designate(
                staff=member,
                route=Route(form.cleaned_data["route"]),
                starts_on=form.cleaned_data["starts_on"],
                note=form.cleaned_data["note"],
                by=request.user,
                today=today,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            told = "登用しました。" if made.starts_on <= today else "登用の予定を登録しました。"
            messages.success(request, told)
            return redirect("leaders:specialist_candidate", member.number)
    back = reverse("leaders:specialist_candidate", args=[member.number])
    context = {"form": form, "member": member, "back": back, "routes": routes}
    above = [*candidate_trail(), (member.name, back)]
    return show(request, "leaders/designation_new.html", "専門分野人材に登用する", context, above)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def designation_end(request: PageRequest, pk: int) -> HttpResponse:
    """End a designation with its last day and why."""
    designation = get_object_or_404(SpecialistDesignation.objects.select_related("staff"), pk=pk)
    member = designation.staff
    _refuse_own(request, member)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            end_designation(
                designation=designation,
                ends_on=form.cleaned_data["ends_on"],
                end_note=form.cleaned_data["end_note"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "登用の終了を登録しました。")
            return redirect(_page_of(member))
    context = {
        "form": form,
        "designation": designation,
        "member": member,
        "back": _page_of(member),
    }
    above = [*candidate_trail(), (member.name, _page_of(member))]
    return show(request, "leaders/designation_end.html", "登用を終了する", context, above)


def _page_of(member: StaffMember) -> str:
    """The person's page among the candidates; of somebody who has left their own page."""
    if member.is_employed(timezone.localdate()):
        return reverse("leaders:specialist_candidate", args=[member.number])
    return member.get_absolute_url()


def _refuse_own(request: PageRequest, member: StaffMember) -> None:
    if member.pk == request.access.staff_id:
        raise PermissionDenied


def _offered(request: PageRequest, member: StaffMember) -> tuple[Route, ...]:
    """The routes open today, and those open on the day that was typed."""
    today = timezone.localdate()
    typed = read_date(request.POST.get("starts_on", "")[:40]).value or today
    opened = {*routes_on(member.pk, today), *routes_on(member.pk, typed)}
    return tuple(route for route in Route if route in opened)
