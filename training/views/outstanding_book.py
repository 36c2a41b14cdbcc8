"""From the list of those who still have to attend onto an offering."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show
from training.clashes import Clash, clashes, clashes_on
from training.forms.enrolment import ClashAnswer
from training.forms.outstanding import BookForm
from training.models import Offering
from training.outstanding import Owing
from training.services.enrolment import Enrolled, enrol
from training.services.gathering import gather, held_already
from training.views.enrolment import newcomers
from training.views.outstanding import trail
from training.views.outstanding_question import Question, asked_today

ALL = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to be enrolled, and whether their box is ticked."""

    person: Owing
    is_ticked: bool


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def outstanding_book(request: PageRequest) -> HttpResponse:
    """Put the ticked people on a coming offering of the category or on a new one.

    Clashes with other offerings are shown first.
    """
    question = asked_today(request)
    category = question.programme.category if question.programme else ""
    form = BookForm(
        request.POST if request.method == "POST" else None,
        category=category,
        coming=_coming(category, question.day.on),
        today=question.day.on,
    )
    choices = _choices(request, question)
    found: list[Clash] = []
    if form.is_valid():
        members = [one.person.place.staff for one in choices if one.is_ticked]
        offering, found = _book(request, form, members)
        if offering is not None:
            return redirect(offering)
    context = {
        "question": question,
        "form": form,
        "choices": choices,
        "clashes": found,
        "ticked": sum(one.is_ticked for one in choices),
        "back": trail(question)[0][1],
    }
    return show(
        request, "training/outstanding_book.html", "開催回への登録", context, trail(question)
    )


def _choices(request: PageRequest, question: Question) -> list[Choice]:
    """Those to choose from; with everybody of the filter, who has a booking is not ticked."""
    ticked = set((request.POST if request.method == "POST" else request.GET).getlist("staff"))
    if request.GET.get("scope") == ALL:
        if request.method == "POST":
            return [Choice(one, str(one.place.staff_id) in ticked) for one in question.people]
        return [Choice(one, one.reason != "booked") for one in question.people]
    offered = ticked | set(request.GET.getlist("staff"))
    return [
        Choice(one, str(one.place.staff_id) in ticked)
        for one in question.roll.owing
        if str(one.place.staff_id) in offered
    ]


def _coming(category: str, on: date) -> list[tuple[Offering, str]]:
    """The offerings of the category that people can still be put on, the next first, in words."""
    offerings = Offering.objects.takes_people(on).filter(course__category=category)
    found = offerings.with_seats().select_related("course").order_by("starts_on", "pk")
    return [(one, _in_words(one)) for one in found]


def _in_words(offering: Offering) -> str:
    taken = offering.taken  # type: ignore[attr-defined]
    if offering.capacity is None:
        seats = "定員なし"
    else:
        left = offering.capacity - taken
        seats = f"残り{left}席" if left > 0 else "満席"
    venue = f"　{offering.venue}" if offering.venue else ""
    return f"{era_date(offering.starts_on)}　{offering.course.title}{venue}（{seats}）"


def _book(
    request: PageRequest, form: BookForm, members: list[StaffMember]
) -> tuple[Offering | None, list[Clash]]:
    """The offering on which the people now are; without one the clashes, or the form, tell why."""
    if not members:
        form.add_error(None, "登録する人に印を付けてください。")
        return None, []
    if form.refuse_absent(members):
        return None, []
    answer, found = ClashAnswer(request.POST), _clashes(form, members)
    if answer.is_needed(found):
        return None, found
    chosen = answer.chosen(members, found)
    if not chosen:
        form.add_error(
            None, "選んだ人は全員、日時が重なります。別の開催回か開催日を選んでください。"
        )
        return None, []
    try:
        offering, done = _enrolled(request, form, chosen)
    except DomainError as error:
        form.add_error(None, str(error))
        return None, []
    gone = len(set(request.POST.getlist("staff"))) - len(members)
    messages.success(request, _told(done, gone, len(members) - len(chosen)))
    return offering, []


def _clashes(form: BookForm, members: list[StaffMember]) -> list[Clash]:
    """Whom the offering would ask to be in two places; one made just before is that offering."""
    offering = form.chosen
    if offering is None:
        course, day = form.cleaned_data["course"], form.cleaned_data["starts_on"]
        offering = held_already(course, day)
        if offering is None:
            return clashes_on(day, [member.pk for member in members])
    return clashes(offering, newcomers(offering, members))


def _told(done: Enrolled, gone: int, clashing: int) -> str:
    parts = [
        f"{done.added}人を登録しました。",
        f"{done.already}人は登録済みでした。" if done.already else "",
        f"日時が重なる{clashing}人を除きました。" if clashing else "",
        f"{gone}人は、もう未受講者ではないため除きました。" if gone > 0 else "",
    ]
    return "".join(parts)


def _enrolled(
    request: PageRequest, form: BookForm, members: list[StaffMember]
) -> tuple[Offering, Enrolled]:
    chosen = form.chosen
    if chosen is not None:
        return chosen, enrol(offering=chosen, members=members, by=request.user)
    return gather(
        course=form.cleaned_data["course"],
        starts_on=form.cleaned_data["starts_on"],
        capacity=form.cleaned_data["capacity"],
        members=members,
        by=request.user,
    )
