"""At the door: people give their number, or come without a place."""

from dataclasses import asdict, dataclass

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from staff.models import Assignment, StaffMember
from staff.pages import PageRequest, allow, show
from staff.search import named, numbered
from training.forms.marking import FindForm, NumberForm
from training.models import COMPLETING, SETTLED, Attendance, AttendanceChange, Offering
from training.services.marking import completion_day
from training.services.walk_in import Outcome, WalkedIn, check_in, walk_in
from training.views.attendance import shut_words
from training.views.offerings import grid_trail

LAST = 10
MOST_FOUND = 50
OUTCOME_WORDS = {
    Outcome.MARKED: "出席にしました。",
    Outcome.NOT_LISTED: "受講者の一覧にいません。当日参加にするか、番号を確かめてください。",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one number. `kind` also chooses the tone and the colour."""

    kind: str
    words: str
    number: str
    name: str = ""
    department: str = ""


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_quick(request: PageRequest, pk: int) -> HttpResponse:
    """One number after the other, as a bar-code reader types them."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    if request.method == "POST":
        answer = _answer(request, offering)
        if request.accepts("text/html"):
            return _led_back(request, offering, answer)
        return JsonResponse(asdict(answer) | _came(offering))
    own = AttendanceChange.objects.filter(
        attendance__offering=offering, by=request.user, new__in=COMPLETING
    )
    context = {
        "offering": offering,
        "form": NumberForm(),
        "offered": _member(offering, request.GET.get("ask", "")),
        "last": own.select_related("attendance__staff").order_by("-pk")[:LAST],
        "account": request.user.pk,
        "shut": shut_words(offering),
        **_came(offering),
    }
    template = "training/offering_quick.html"
    return show(request, template, "番号で受け付ける", context, grid_trail(offering))


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_walk_in(request: PageRequest, pk: int) -> HttpResponse:
    """Find somebody who came without a place, and add them."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    if request.method == "POST":
        answer = _added(request, offering, NumberForm(request.POST))
        level = messages.SUCCESS if answer.kind == "walked_in" else messages.ERROR
        messages.add_message(request, level, _sentence(answer))
        return redirect("training:offering_attendance", pk=pk)
    form = FindForm(request.GET or None)
    typed = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {
        "offering": offering,
        "form": form,
        "typed": typed,
        "found": _found(offering, typed) if typed else [],
        "most": MOST_FOUND,
        "shut": shut_words(offering),
    }
    template = "training/offering_walk_in.html"
    return show(request, template, "当日参加の登録", context, grid_trail(offering))


def walked_in_words(offering: Offering, done: WalkedIn) -> str:
    """What is told after people were added; empty when nobody was."""
    if not done.added:
        return ""
    over = f"定員{offering.capacity}人を{done.over}人超えています。" if done.over else ""
    return f"当日参加として{len(done.added)}人を登録しました。{over}"


def _answer(request: PageRequest, offering: Offering) -> Answer:
    """Mark the person present; those who are not on the list only when that was asked for."""
    form = NumberForm(request.POST)
    # The same browser may be somebody else's by now; nothing is written under their name.
    if request.POST.get("account", str(request.user.pk)) != str(request.user.pk):
        words = "別の人がログインしています。画面を開き直してください。"
        return Answer("refused", words, form["number"].value() or "")
    if "walk_in" in request.POST:
        return _added(request, offering, form)
    member = _typed(offering, form)
    if isinstance(member, Answer):
        return member
    today = timezone.localdate()
    try:
        outcome = check_in(offering=offering, member=member, by=request.user, today=today)
    except DomainError as refusal:
        return _about(member, offering, "refused", str(refusal))
    words = OUTCOME_WORDS.get(outcome) or _already(offering, member)
    return _about(member, offering, outcome.value, words)


def _already(offering: Offering, member: StaffMember) -> str:
    return f"すでに{offering.attendances.get(staff=member).get_status_display()}です。"


def _added(request: PageRequest, offering: Offering, form: NumberForm) -> Answer:
    member = _typed(offering, form)
    if isinstance(member, Answer):
        return member
    today = timezone.localdate()
    try:
        done = walk_in(offering=offering, members=[member], by=request.user, today=today)
    except DomainError as refusal:
        return _about(member, offering, "refused", str(refusal))
    words = walked_in_words(offering, done) or "すでに登録されています。"
    return _about(member, offering, "walked_in", words)


def _typed(offering: Offering, form: NumberForm) -> StaffMember | Answer:
    """The person with the typed number, or why there is none."""
    if not form.is_valid():
        return Answer("unknown", str(form.errors["number"][0]), form["number"].value() or "")
    number = form.cleaned_data["number"]
    member = _member(offering, number)
    if member is None:
        words = "この番号の職員はいません。番号を確かめて、もう一度入力してください。"
        return Answer("unknown", words, number)
    return member


def _member(offering: Offering, number: str) -> StaffMember | None:
    day = completion_day(offering, timezone.localdate())
    return numbered(StaffMember.objects.employed(day), [number]).get(number)


def _about(member: StaffMember, offering: Offering, kind: str, words: str) -> Answer:
    places = Assignment.objects.as_of(offering.ends_on).filter(staff=member)
    place = places.select_related("department").first()
    department = place.department.name if place else ""
    return Answer(kind, words, member.number, member.name, department)


def _led_back(request: PageRequest, offering: Offering, answer: Answer) -> HttpResponse:
    """Without a script: back to the field, with what became of the number on top."""
    back = reverse("training:offering_quick", args=[offering.pk])
    if answer.kind == Outcome.NOT_LISTED.value:
        return redirect(f"{back}?{urlencode({'ask': answer.number})}")
    is_done = answer.kind in (Outcome.MARKED.value, Outcome.ALREADY.value, "walked_in")
    level = messages.SUCCESS if is_done else messages.ERROR
    messages.add_message(request, level, _sentence(answer))
    return redirect(back)


def _sentence(answer: Answer) -> str:
    whom = f"{answer.name}さん（{answer.number}）" if answer.name else answer.number
    return f"{whom}：{answer.words}"


def _came(offering: Offering) -> dict[str, int]:
    """How many came, of how many on the list."""
    places = offering.attendances.all().taking_a_seat()
    return {"came": places.filter(status__in=COMPLETING).count(), "listed": places.count()}


def _found(offering: Offering, typed: str) -> list[tuple[Assignment, Attendance | None, bool]]:
    """People in service whom the words may mean: their place if any, whether they are marked."""
    day = completion_day(offering, timezone.localdate())
    people = named(StaffMember.objects.employed(day), typed)
    found = list(
        Assignment.objects.employed(day)
        .filter(staff__in=people)
        .select_related("staff", "department", "rank")
        .order_by("department__order", "department__code", "rank__order", "staff__number")[
            :MOST_FOUND
        ]
    )
    places = {
        row.staff_id: row
        for row in offering.attendances.filter(staff__in=[one.staff_id for one in found])
    }
    marked = {pk for pk, row in places.items() if row.status in SETTLED}
    return [(one, places.get(one.staff_id), one.staff_id in marked) for one in found]
