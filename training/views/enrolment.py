"""People on an offering, kept by clerks: enrolling them, one person's place."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show
from training.clashes import Clash, clashes
from training.forms.enrolment import ClashAnswer, EnrolForm, WithdrawForm
from training.forms.results import NoticeForm
from training.models import BOOKINGS, GIVEN_UP, TO_MARK, Attendance, Offering
from training.services import enrolment
from training.views.offerings import told_moved_up, trail


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_enrol(request: PageRequest, pk: int) -> HttpResponse:
    """Enrol people by department, row of the plan or number; clashes are shown first."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    form = EnrolForm(
        request.POST or None,
        category=offering.course.category,
        on=offering.day_of_people(timezone.localdate()),
    )
    found: list[Clash] = []
    if form.is_valid():
        found = _enrol(request, offering, form)
        if not found and not form.errors:
            return redirect(offering)
    context = {"offering": offering, "form": form, "clashes": found}
    return show(request, "training/offering_enrol.html", "受講者の登録", context, trail(offering))


def _enrol(request: PageRequest, offering: Offering, form: EnrolForm) -> list[Clash]:
    """Enrol those meant and say so; else the clashes to be answered first, or the form's error."""
    members = form.cleaned_data["members"]
    answer = ClashAnswer(request.POST)
    found = clashes(offering, newcomers(offering, members))
    if answer.is_needed(found):
        return found
    chosen = answer.chosen(members, found)
    try:
        done = enrolment.enrol(offering=offering, members=chosen, by=request.user)
    except DomainError as error:
        form.add_error(None, str(error))
        return []
    left_out = dict(form.left_out)
    if len(chosen) < len(members):
        left_out["日時が重なる"] = len(members) - len(chosen)
    messages.success(request, _told(done, left_out))
    return []


def newcomers(offering: Offering, members: list[StaffMember]) -> list[int]:
    """Those of the people who have no place on the offering yet."""
    there = set(offering.attendances.exclude(status__in=GIVEN_UP).values_list("staff", flat=True))
    return [member.pk for member in members if member.pk not in there]


def _told(done: enrolment.Enrolled, left_out: dict[str, int]) -> str:
    words = f"{done.added}人を登録しました。"
    if done.already:
        words += f"{done.already}人は登録済みでした。"
    if left_out:
        counted = "・".join(f"{reason} {count}人" for reason, count in left_out.items())
        words += f"除いた人：{counted}。"
    return words


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_place(request: PageRequest, pk: int, place_pk: int) -> HttpResponse:
    """One person's place: 欠席届 or 取消 by the clerk, and what happened to it so far."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    place = get_object_or_404(offering.attendances.select_related("staff"), pk=place_pk)
    act = request.POST.get("act", "")
    notice = NoticeForm(
        request.POST if act == "notice" else None,
        initial={"absence_reason": place.absence_reason, "note": place.note},
        prefix="notice",
    )
    withdrawal = WithdrawForm(request.POST if act == "withdraw" else None, prefix="withdraw")
    form = notice if act == "notice" else withdrawal
    if form.is_valid():
        try:
            words = _give_up(request, place, form)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words)
            return redirect(offering)
    audit.looked_at(place, by=request.user)
    context = {
        "offering": offering,
        "place": place,
        "notice": notice,
        "withdrawal": withdrawal,
        "may_notify": place.status in TO_MARK,
        "may_withdraw": place.status in BOOKINGS,
        "changes": place.changes.select_related("by__staff").order_by("-pk"),
    }
    title = f"{place.staff.name}さんの受講"
    return show(request, "training/offering_place.html", title, context, trail(offering))


def _give_up(request: PageRequest, place: Attendance, form: NoticeForm | WithdrawForm) -> str:
    """Do what the form says; what to tell the clerk."""
    today, name = timezone.localdate(), place.staff.name
    if isinstance(form, NoticeForm):
        moved = enrolment.give_notice(
            place=place,
            absence_reason=form.cleaned_data["absence_reason"],
            note=form.cleaned_data["note"],
            by=request.user,
            today=today,
        )
        return f"{name}さんの欠席届を受け付けました。" + told_moved_up(moved)
    moved = enrolment.withdraw(
        place=place, by=request.user, today=today, reason=form.cleaned_data["reason"]
    )
    return f"{name}さんの登録を取り消しました。" + told_moved_up(moved)
