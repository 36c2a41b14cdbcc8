"""Offerings: list, make, edit, look at, enrol people."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from staff.pages import PageRequest, allow, show
from training.forms.attendance import EnrolForm
from training.forms.courses import OfferingFilterForm, OfferingForm
from training.models import AttendanceStatus, Offering
from training.places import on_offering
from training.services import enrolment, offerings

PAGE = 50


@require_GET
@allow(lambda access: access.keeps_training)
def offering_list(request: PageRequest) -> HttpResponse:
    """Offerings, newest first, with how many people are on them and without a mark."""
    days = Offering.objects.order_by().values_list("starts_on", flat=True).distinct()
    years = sorted({FiscalYear.containing(day) for day in days}, reverse=True)
    form = OfferingFilterForm(request.GET, years=years)
    found = (
        Offering.objects.select_related("course")
        .order_by("-starts_on", "-pk")
        .annotate(
            people=Count("attendances", filter=~Q(attendances__status=AttendanceStatus.CANCELLED)),
            unmarked=Count("attendances", filter=Q(attendances__status=AttendanceStatus.BOOKED)),
        )
    )
    if form.is_valid():
        if form.cleaned_data["year"]:
            found = found.in_year(form.cleaned_data["year"])
        if form.cleaned_data["category"]:
            found = found.filter(course__category=form.cleaned_data["category"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "today": timezone.localdate(),
    }
    return show(request, "training/offering_list.html", "開催回・出欠", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_new(request: PageRequest) -> HttpResponse:
    """Make an offering."""
    form = OfferingForm(request.POST or None, initial={"course": request.GET.get("course")})
    if form.is_valid():
        offering = form.save()
        messages.success(request, "開催回を登録しました。続けて受講者を登録できます。")
        return redirect(offering)
    context = {"form": form, "back": reverse("training:offering_list")}
    return show(request, "training/edit.html", "開催回の登録", context, trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change an offering; a change somebody else made meanwhile is not overwritten."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    form = OfferingForm(request.POST or None, instance=offering)
    if form.is_valid():
        try:
            offerings.save_offering(
                offering=form.save(commit=False), seen_version=form.cleaned_data["version"] or 0
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "開催回を直しました。")
            return redirect(offering)
    context = {"form": form, "back": offering.get_absolute_url()}
    return show(request, "training/edit.html", "開催回の変更", context, trail(offering))


@require_GET
@allow(lambda access: access.keeps_training)
def offering_detail(request: PageRequest, pk: int) -> HttpResponse:
    """An offering with its people and how many of each state."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    people = on_offering(offering)
    counts = {
        status.label: sum(person.attendance.status == status for person in people)
        for status in AttendanceStatus
    }
    context = {
        "offering": offering,
        "people": people,
        "counts": [(label, count) for label, count in counts.items() if count],
        "can_mark": offering.closed_at is None and timezone.localdate() >= offering.starts_on,
    }
    return show(request, "training/offering_detail.html", offering.course.title, context, trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_enrol(request: PageRequest, pk: int) -> HttpResponse:
    """Enrol people by department or by number."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    form = EnrolForm(request.POST or None, on=offering.starts_on)
    if form.is_valid():
        try:
            done = enrolment.enrol(
                offering=offering, members=form.cleaned_data["members"], by=request.user
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            already = f"{done.already}人は登録済みでした。" if done.already else ""
            messages.success(request, f"{done.added}人を登録しました。{already}")
            return redirect(offering)
    return show(
        request,
        "training/offering_enrol.html",
        "受講者の登録",
        {"offering": offering, "form": form},
        trail(offering),
    )


def trail(offering: Offering | None = None) -> list[tuple[str, str]]:
    """The pages above those of an offering."""
    above = [("開催回・出欠", reverse("training:offering_list"))]
    if offering is not None:
        above.append((offering.course.title, offering.get_absolute_url()))
    return above
