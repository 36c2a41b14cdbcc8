"""マイ研修: everybody's own page, sign-up, cancel, 欠席届."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show
from training import mine as own
from training.clashes import clashes
from training.forms.results import NoticeForm
from training.models import BOOKINGS, Attendance, AttendanceStatus, CountingRule, Offering
from training.services.enrolment import sign_up
from training.services.own_places import give_own_notice, withdraw_own

PAGE = 50
STATES = AttendanceStatus


@require_GET
@allow(lambda access: access.staff_id is not None)
def mine(request: PageRequest) -> HttpResponse:
    """What one owes, has booked, may sign up for, and has done. Nobody else is on this page."""
    today, staff_id = timezone.localdate(), _staff_id(request)
    year = FiscalYear.containing(today)
    places = own.places_of(staff_id)
    rows = own.owed(staff_id, places, today, CountingRule.objects.in_force(today))
    over = own.done(places, today)
    completed = [
        one for one in over if one.place.completed_on is not None and one.place.completed_on in year
    ]
    context = {
        "owed": rows,
        "booked": own.booked(places, today),
        "choice": own.choice(places, rows, today),
        "page": Paginator(over, PAGE).get_page(request.GET.get("page")),
        "year": year,
        "completed": len(completed),
        "hours": sum(one.hours or 0 for one in completed),
        "to_answer": sum(one.survey == "open" for one in over),
        "today": today,
    }
    return show(request, "training/mine.html", "マイ研修", context)


@require_GET
@allow(lambda access: access.staff_id is not None)
def mine_offering(request: PageRequest, pk: int) -> HttpResponse:
    """One offering as a participant sees it: facts, and what one may do about one's place."""
    offering, place = _found(request, pk)
    today, staff_id = timezone.localdate(), _staff_id(request)
    has_place = place is not None and place.status not in (STATES.CANCELLED, STATES.NOTIFIED)
    seats = own.seats_of(offering)
    can_sign_up = not has_place and offering.is_bookable(today)
    context = {
        "offering": offering,
        "place": place,
        "has_place": has_place,
        "position": own.positions_in_line([place]).get(place.pk) if place else None,
        "seats": seats,
        "next_in_line": seats.waiting + 1,
        "clashes": clashes(offering, [staff_id]) if can_sign_up else [],
        "can_sign_up": can_sign_up,
        "can_withdraw": offering.is_open
        and place is not None
        and place.status in BOOKINGS
        and today <= offering.last_withdrawal_day,
        "can_notify": offering.is_open
        and place is not None
        and place.status in (STATES.BOOKED, STATES.NOTIFIED)
        and today <= offering.last_notice_day,
        "today": today,
    }
    return show(request, "training/mine_offering.html", offering.course.title, context, own_trail())


@require_POST
@allow(lambda access: access.staff_id is not None)
def mine_sign_up(request: PageRequest, pk: int) -> HttpResponse:
    """Sign oneself up: a seat, or a place in the waiting line."""
    offering, _ = _found(request, pk)
    member = StaffMember.objects.get(pk=_staff_id(request))
    now = timezone.now()
    try:
        signed = sign_up(
            offering=offering,
            members=[member],
            by=request.user,
            today=timezone.localdate(now),
            at=now,
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        [place] = [*signed.booked, *signed.waiting, *signed.already]
        if signed.already:
            messages.info(request, f"すでに申し込んでいます（{place.get_status_display()}）。")
        elif signed.booked:
            messages.success(request, "申し込みました。席を予約しました。")
        else:
            position = own.positions_in_line([place])[place.pk]
            messages.success(
                request,
                f"空き待ちの{position}番目に入りました。空きが出たら順に繰り上がります。",
            )
    return redirect("training:mine_offering", pk)


@require_POST
@allow(lambda access: access.staff_id is not None)
def mine_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Give one's own place up."""
    _, place = _found(request, pk)
    if place is None:
        raise Http404
    try:
        withdraw_own(place=place, by=request.user, today=timezone.localdate())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("training:mine_offering", pk)
    messages.success(request, "申込を取り消しました。")
    return redirect("training:mine")


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def mine_notice(request: PageRequest, pk: int) -> HttpResponse:
    """欠席届 for oneself."""
    offering, place = _found(request, pk)
    if place is None:
        raise Http404
    form = NoticeForm(
        request.POST or None,
        initial={"absence_reason": place.absence_reason, "note": place.note},
    )
    if form.is_valid():
        try:
            give_own_notice(
                place=place, **form.cleaned_data, by=request.user, today=timezone.localdate()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "欠席届を出しました。")
            return redirect("training:mine_offering", pk)
    above = [
        *own_trail(),
        (offering.course.title, reverse("training:mine_offering", args=[pk])),
    ]
    context = {"offering": offering, "form": form}
    return show(request, "training/mine_notice.html", "欠席届", context, above)


def own_trail() -> list[tuple[str, str]]:
    """The page above everything of one's own."""
    return [("マイ研修", reverse("training:mine"))]


def _staff_id(request: PageRequest) -> int:
    """Whose page it is; the right to it says that there is somebody."""
    if request.access.staff_id is None:
        raise Http404
    return request.access.staff_id


def _found(request: PageRequest, pk: int) -> tuple[Offering, Attendance | None]:
    """An offering that takes sign-ups or on which one has, or had, a place; and the place."""
    staff_id = _staff_id(request)
    reachable = Q(takes_signups=True) | Q(
        pk__in=Attendance.objects.filter(staff=staff_id).values("offering")
    )
    offering = get_object_or_404(
        Offering.objects.filter(reachable).select_related("course").prefetch_related("days"), pk=pk
    )
    place = offering.attendances.filter(staff=staff_id).select_related("offering").first()
    return offering, place
