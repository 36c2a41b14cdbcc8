"""A notice to the head of each department, one sheet each, and that its people were told."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.calendar import working_days_after
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date_short
from staff.heads import Head, heads_of
from staff.models import Department
from staff.pages import PageRequest, allow, show
from training.forms.outstanding import HeadsNoticeForm
from training.models import AttendanceStatus, Offering
from training.outstanding import Owing
from training.services.invitations import invite
from training.views.outstanding import trail
from training.views.outstanding_question import Question, asked_today

# Offered as the day by which to answer: two weeks of working days.
REPLY_IN = 10
TYPED = ("reply_by", "addition", "with_booked")


@dataclass(frozen=True, slots=True)
class Notice:
    """The sheet of one department."""

    unit: Department
    head: Head | None
    people: list[Owing]


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def outstanding_notice(request: PageRequest) -> HttpResponse:
    """Show the sheets as they will be printed; the button writes down that people were told."""
    question = asked_today(request)
    if request.method == "POST":
        return _invite(request, question)
    offered = {"reply_by": era_date_short(working_days_after(question.day.on, REPLY_IN))}
    form = HeadsNoticeForm(request.GET if "reply_by" in request.GET else offered)
    is_read = form.is_valid()
    with_booked = form.cleaned_data.get("with_booked", False)
    booked = [one for one in question.people if one.reason == "booked"]
    people = [one for one in question.people if with_booked or one.reason != "booked"]
    # A sheet without the sentence just typed must not be printed: first it has to be put right.
    notices = _notices(question, people) if is_read else []
    if notices:
        _leave_trace(request, question, people)
    context = {
        "question": question,
        "form": form,
        "filters": _filters(request),
        "notices": notices,
        "people": people,
        "booked": booked,
        "unmarked": _unmarked(booked, question.day.on),
        "is_read": is_read,
        "with_booked": with_booked,
        "reply_by": form.cleaned_data.get("reply_by"),
        "addition": form.cleaned_data.get("addition", ""),
        "back": trail(question)[0][1],
    }
    return show(
        request, "training/outstanding_notice.html", "所属長への通知", context, trail(question)
    )


def _filters(request: PageRequest) -> list[tuple[str, str]]:
    """What the list was narrowed by, to be sent again with what is typed here."""
    return [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name not in (*TYPED, "page", "as_of", "year")
    ]


def _unmarked(booked: list[Owing], today: date) -> list[Offering]:
    """The offerings that are over where some of these people still have no mark."""
    ids = {
        one.noted.offering_id
        for one in booked
        if one.noted is not None
        and one.noted.status == AttendanceStatus.BOOKED
        and one.noted.offering.ends_on < today
    }
    return list(Offering.objects.filter(pk__in=ids).select_related("course"))


def _leave_trace(request: PageRequest, question: Question, people: list[Owing]) -> None:
    """Who took the names of which row, by which filters."""
    if question.programme is not None:
        audit.looked_at(
            question.programme,
            by=request.user,
            print="heads_notices",
            rows=len(people),
            department=question.form.cleaned_data.get("department"),
            band=question.scope.band,
            because=question.reason,
        )


def _notices(question: Question, people: list[Owing]) -> list[Notice]:
    """These people by reporting unit, in the order of departments."""
    tree = question.tree
    by_unit: dict[int, list[Owing]] = {}
    for one in people:
        by_unit.setdefault(tree.reporting_unit(one.place.department_id).pk, []).append(one)
    heads = heads_of(by_unit, tree)
    units = sorted((tree.by_id[pk] for pk in by_unit), key=lambda unit: (unit.order, unit.code))
    return [Notice(unit, heads.get(unit.pk), by_unit[unit.pk]) for unit in units]


def _invite(request: PageRequest, question: Question) -> HttpResponse:
    """Write down those of the printed people who still owe the row."""
    back = redirect(trail(question)[0][1])
    if question.programme is None:
        return back
    printed = set(request.POST.getlist("staff"))
    members = [one.place.staff for one in question.roll.owing if str(one.place.staff_id) in printed]
    try:
        done = invite(
            programme=question.programme, members=members, by=request.user, today=question.day.on
        )
    except DomainError as error:
        messages.error(request, str(error))
        return back
    gone = len(printed) - len(members)
    parts = [
        f"{done.added}人を案内済にしました。" if done.added else "",
        f"{done.already}人は今日すでに案内済でした。" if done.already else "",
        f"{gone}人は、もう未受講者ではないため除きました。" if gone else "",
    ]
    messages.success(request, "".join(parts) or "案内済にする人はいませんでした。")
    return back
