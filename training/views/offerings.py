"""Offerings: list, make, copy, change, look at."""

from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear, era_date
from agano_dx.lib.workbooks.writing import Content
from staff.listings import Listing, filters_of, narrowed_by, take_people, take_things
from staff.pages import PageRequest, allow, filters_in, show
from training.agenda import Entry, entries
from training.forms.offerings import OfferingFilterForm, OfferingForm, copy_of
from training.meetings import when_held
from training.models import (
    Attendance,
    AttendanceStatus,
    FrozenYear,
    Offering,
    OfferingQuerySet,
    OfferingState,
)
from training.places import Participant, by_status, on_offering
from training.services import offerings

PAGE = 50
HEADINGS = (
    "開始日",
    "終了日",
    "研修",
    "区分",
    "実施方法",
    "会場",
    "受講者",
    "定員",
    "空き待ち",
    "状態",
    "出欠の未入力",
)
PEOPLE_HEADINGS = (
    "職員番号",
    "氏名",
    "フリガナ",
    "所属",
    "職名",
    "状態",
    "欠席の理由",
    "修了日",
    "空き待ちの順番",
    "備考",
)


@require_GET
@allow(lambda access: access.keeps_training)
def offering_list(request: PageRequest) -> HttpResponse:
    """Offerings, newest first, with their seats, state and missing marks."""
    today = timezone.localdate()
    form, found = _asked(request, today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": entries(page, today),
        "query": filters_in(request),
    }
    return show(request, "training/offering_list.html", "開催回・出欠", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_export(request: PageRequest) -> HttpResponse:
    """The offerings as filtered, to Excel."""
    today = timezone.localdate()
    form, found = _asked(request, today)
    listing = Listing(
        kind="offerings",
        what="開催回",
        on=today,
        headings=HEADINGS,
        rows=[_cells(row) for row in entries(found, today)],
        filters=filters_of(form),
        narrowed=narrowed_by(form),
        unit="回",
    )
    above = [("開催回・出欠", f"{reverse('training:offering_list')}?{filters_in(request)}")]
    return take_things(request, listing, above)


def _cells(row: Entry) -> tuple[Content, ...]:
    offering = row.offering
    return (
        offering.starts_on,
        offering.ends_on,
        row.title,
        offering.course.get_category_display(),
        offering.get_mode_display(),
        offering.venue,
        row.taken,
        offering.capacity,
        offering.waiting,  # type: ignore[attr-defined]
        row.state_label,
        offering.unmarked if row.can_be_marked else None,  # type: ignore[attr-defined]
    )


def _asked(request: PageRequest, today: date) -> tuple[OfferingFilterForm, OfferingQuerySet]:
    """The filters, and the offerings by them, newest first."""
    days = Offering.objects.order_by().values_list("starts_on", flat=True).distinct()
    years = sorted({FiscalYear.containing(day) for day in days}, reverse=True)
    form = OfferingFilterForm(request.GET, years=years)
    found = (
        Offering.objects.select_related("course")
        .order_by("-starts_on", "-pk")
        .with_seats()
        .annotate(
            unmarked=Count("attendances", filter=Q(attendances__status=AttendanceStatus.BOOKED))
        )
    )
    return form, _filtered(found, form, today)


def _filtered(found: OfferingQuerySet, form: OfferingFilterForm, on: date) -> OfferingQuerySet:
    if not form.is_valid():
        return found
    data = form.cleaned_data
    if data["year"]:
        found = found.in_year(data["year"])
    if data["category"]:
        found = found.filter(course__category=data["category"])
    if data["state"]:
        found = found.in_state(OfferingState(data["state"]), on)
    return found


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_new(request: PageRequest) -> HttpResponse:
    """Make an offering."""
    form = OfferingForm(request.POST or None, initial={"course": request.GET.get("course")})
    return _make(request, form, "開催回の登録", reverse("training:offering_list"), trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_copy(request: PageRequest, pk: int) -> HttpResponse:
    """Make another offering like this one: only the dates are still to be entered."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    form = OfferingForm(request.POST or None, initial=copy_of(offering))
    back = offering.get_absolute_url()
    return _make(request, form, "開催回の複写", back, trail(offering))


def _make(
    request: PageRequest, form: OfferingForm, title: str, back: str, above: list[tuple[str, str]]
) -> HttpResponse:
    if form.is_valid():
        try:
            made = offerings.make_offering(
                offering=form.save(commit=False), days=form.cleaned_data["days"], by=request.user
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if made.was_there:
                messages.info(request, "同じ内容の開催回が登録済みのため、それを開きました。")
            else:
                messages.success(request, "開催回を登録しました。続けて受講者を登録できます。")
            return redirect(made.offering)
    return show(request, "edit.html", title, {"form": form, "back": back}, above)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change an offering; a change somebody else made meanwhile is not overwritten."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    form = OfferingForm(request.POST or None, instance=offering)
    if form.is_valid():
        try:
            moved = offerings.save_offering(
                offering=form.save(commit=False),
                days=form.cleaned_data["days"],
                seen_version=form.cleaned_data["version"] or 0,
                by=request.user,
                today=timezone.localdate(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "開催回を直しました。" + told_moved_up(moved))
            return redirect(offering)
    context = {"form": form, "back": offering.get_absolute_url()}
    return show(request, "edit.html", "開催回の変更", context, trail(offering))


def told_moved_up(moved: list[Attendance]) -> str:
    """Who got a seat that came free, for those who may see every name."""
    if not moved:
        return ""
    names = "、".join(f"{place.staff.name}さん" for place in moved)
    return f"空いた席に{names}が繰り上がりました。"


@require_GET
@allow(lambda access: access.keeps_training)
def offering_detail(request: PageRequest, pk: int) -> HttpResponse:
    """An offering with its people, its waiting line and what happened to it."""
    offering = get_object_or_404(
        Offering.objects.select_related("course").with_seats().prefetch_related("days"), pk=pk
    )
    today = timezone.localdate()
    people, waiting = _people(offering)
    final = final_days(offering, people)
    context = {
        "offering": offering,
        "row": Entry(offering, today),
        "when": when_held(offering),
        "people": people,
        "everybody": len(people) + len(waiting),
        "waiting": waiting,
        "counts": by_status(people),
        "events": offering.events.select_related("by__staff").order_by("-pk"),
        "is_frozen": offering.ends_on in final,
        "may_correct": offering.cancelled_at is None and bool(final),
    }
    return show(request, "training/offering_detail.html", offering.course.title, context, trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def participant_export(request: PageRequest, pk: int) -> HttpResponse:
    """The people of an offering and its waiting line, to Excel."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    people, waiting = _people(offering)
    listing = Listing(
        kind="participants",
        what=f"{offering.course.title}（{era_date(offering.starts_on)}）の受講者",
        on=timezone.localdate(),
        headings=PEOPLE_HEADINGS,
        rows=[
            (
                person.staff.number,
                person.staff.name,
                person.staff.name_kana,
                person.department,
                person.rank,
                person.attendance.get_status_display(),
                person.attendance.get_absence_reason_display(),
                person.attendance.completed_on,
                place,
                person.attendance.note,
            )
            for place, person in [
                *((None, person) for person in people),
                *enumerate(waiting, start=1),
            ]
        ],
        filters={"offering": str(pk)},
    )
    return take_people(request, listing, trail(offering))


def final_days(offering: Offering, people: Iterable[Participant]) -> set[date]:
    """The last day of the offering and those of its completions, where their year is frozen."""
    done_on = [person.attendance.completed_on for person in people]
    return FrozenYear.objects.held([offering.ends_on, *done_on])


def _people(offering: Offering) -> tuple[list[Participant], list[Participant]]:
    """Those on the offering, and those who wait for a seat in their order."""
    by_place = {one.attendance.pk: one for one in on_offering(offering)}
    line = list(offering.attendances.in_line().values_list("pk", flat=True))
    waiting = [by_place.pop(pk) for pk in line if pk in by_place]
    return list(by_place.values()), waiting


def trail(offering: Offering | None = None) -> list[tuple[str, str]]:
    """The pages above those of an offering."""
    above = [("開催回・出欠", reverse("training:offering_list"))]
    if offering is not None:
        above.append((offering.course.title, offering.get_absolute_url()))
    return above


def grid_trail(offering: Offering) -> list[tuple[str, str]]:
    """The pages above those of an offering's attendance."""
    grid = reverse("training:offering_attendance", args=[offering.pk])
    return [*trail(offering), ("出欠の入力", grid)]
