"""A term: what is known of it, and what HR decides about it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from leaders.closing import outcome
from leaders.forms.terms import ContinueForm, EndForm, SeenForm, end_suggested
from leaders.models import Activity, LeaderCertificate, LeaderTerm, Nomination
from leaders.questions import CONTINUABLE, Matter, Question, open_questions
from leaders.services import terms as services
from leaders.views.cohorts import trail
from staff.models import StaffMember
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, Trail, allow, show


@require_GET
def term_detail(request: PageRequest, pk: int) -> HttpResponse:
    """A term; the person, their head and HR see it. Looking leaves a trace."""
    term = _visible(request, pk)
    today, access = timezone.localdate(), request.access
    if term.staff_id != access.staff_id:
        audit.looked_at(term, by=request.user)
    known_until = None if access.sees_future else today
    questions = _asked(term)
    others = LeaderTerm.objects.visible_to(access).select_related("staff")
    nominated = Nomination.objects.visible_to(access)
    context = {
        "term": term,
        "unit": DepartmentTree.load(today).current(term.department_id),
        "ends_on": term.end_known_on(known_until),
        "sits": term.sits_on(today),
        "is_coming": term.starts_on > today,
        "outcome": term.outcome(today),
        "nomination": nominated.filter(term=term).first(),
        "before": others.filter(replacements__term=term).first(),
        "after": list(others.filter(nomination__replaces=term)),
        "continuations": list(term.continuations.select_related("department", "by__staff")),
        "questions": questions,
        "acts": _Acts(request, term, questions),
        "may_open_person": StaffMember.objects.visible_to(access, today)
        .filter(pk=term.staff_id)
        .exists(),
        "sees_reasons": access.sees_everyone,
        "activities": list(Activity.objects.visible_to(access).filter(term=term)),
        **_papers(request, term, today),
        "form": SeenForm(None, term=term),
    }
    title = f"{term.staff.name}さんの任期（{term.cohort}）"
    return show(request, "leaders/term_detail.html", title, context, _trail(request, term)[:-1])


def _papers(request: PageRequest, term: LeaderTerm, today: date) -> dict[str, Any]:
    """The papers of the term and what leads to them; nothing of them for its head."""
    access, is_own = request.access, term.staff_id == request.access.staff_id
    certificates = LeaderCertificate.objects.visible_to(access).filter(term=term)
    is_over = outcome(term).ends_on <= today
    return {
        "papers": is_own or access.sees_everyone,
        "certificates": list(certificates.select_related("term")),
        "decidable": access.keeps_leaders and not is_own and is_over,
        "certifiable": term.completed and (is_own or access.keeps_leaders),
    }


class _Acts:
    """What the asker may do about the term today."""

    def __init__(self, request: PageRequest, term: LeaderTerm, questions: list[Question]) -> None:
        decides = request.access.keeps_leaders
        is_own = term.staff_id == request.access.staff_id
        is_settled = term.cohort.closed_at is not None or term.is_decided
        may_change = decides and not is_own and term.cohort.closed_at is None
        self.is_own = decides and is_own and not is_settled
        self.any = decides and not is_own and not is_settled
        self.cancel = self.any and term.starts_on > timezone.localdate()
        self.undecide = may_change and term.is_decided
        matters = {question.matter for question in questions}
        self.confirm_departure = self.any and Matter.LEFT in matters
        self.go_on = self.any and bool(matters & set(CONTINUABLE))
        self.end = self.any and term.ends_on is None and not self.confirm_departure
        self.resume = self.any and term.ends_on is not None and not self.confirm_departure


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def term_end(request: PageRequest, pk: int) -> HttpResponse:
    """End a term early: 退職・異動・昇任・辞退・その他."""
    term = _visible(request, pk)
    questions = _asked(term)
    if request.method == "GET" and not _Acts(request, term, questions).end:
        messages.info(request, "この任期は、今は終えられません。内容を確かめてください。")
        return redirect(term)
    form = EndForm(request.POST or None, term=term, initial=end_suggested(questions))
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.end_term(
                term=term,
                ends_on=data["ends_on"],
                reason=data["reason"],
                note=data["note"],
                seen=data["seen"],
                by=request.user,
            )
        except services.TermChangedError as error:
            _tell_anew(form, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"退任日を{era_date(data['ends_on'])}にしました。")
            return redirect(term)
    context = {"term": term, "form": form, "back": term.get_absolute_url()}
    return show(request, "leaders/term_end.html", "任期を終える", context, _trail(request, term))


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def term_continue(request: PageRequest, pk: int) -> HttpResponse:
    """Let the term of a leader who moved or is away go on."""
    term = _visible(request, pk)
    questions = [question for question in _asked(term) if question.matter in CONTINUABLE]
    if not questions:
        messages.info(request, "この任期について、今決めることはありません。")
        return redirect(term)
    form = ContinueForm(request.POST or None, term=term, questions=questions)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.continue_term(
                term=term,
                kind=data["kind"],
                reason=data["reason"],
                seen=data["seen"],
                by=request.user,
                today=timezone.localdate(),
            )
        except services.TermChangedError as error:
            _tell_anew(form, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "任期を続けることにしました。")
            return redirect(term)
    context = {"term": term, "form": form, "back": term.get_absolute_url()}
    title = "任期を続ける"
    return show(request, "leaders/term_continue.html", title, context, _trail(request, term))


def _tell_anew(form: EndForm | ContinueForm, error: DomainError) -> None:
    """Say that the term changed; what is on the page now counts as seen."""
    form.term.refresh_from_db()
    form.add_error(None, str(error))
    form.show_as_now()


@require_POST
@allow(lambda access: access.keeps_leaders)
def term_resume(request: PageRequest, pk: int) -> HttpResponse:
    """Take back an end entered by mistake."""
    term = _visible(request, pk)
    try:
        services.resume_term(term=term, seen=request.POST.get("seen", ""), by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "退任を取り消しました。任期は続いています。")
    return redirect(term)


@require_POST
@allow(lambda access: access.keeps_leaders)
def term_departure(request: PageRequest, pk: int) -> HttpResponse:
    """Confirm that the term of somebody who has left ended with their service."""
    term = _visible(request, pk)
    try:
        services.confirm_departure(term=term, by=request.user, today=timezone.localdate())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "退任日を退職日にしました。")
    return redirect(term)


def _visible(request: PageRequest, pk: int) -> LeaderTerm:
    visible = LeaderTerm.objects.visible_to(request.access)
    return get_object_or_404(visible.select_related("cohort", "staff", "department"), pk=pk)


def _asked(term: LeaderTerm) -> list[Question]:
    """What waits about the term today."""
    found = open_questions(timezone.localdate())
    return [question for question in found if question.term.pk == term.pk]


def _trail(request: PageRequest, term: LeaderTerm) -> Trail:
    """The cohort, for those who may open it, and the term."""
    page = (f"{term.staff.name}さんの任期", term.get_absolute_url())
    if not request.access.sees_figures:
        return [page]
    return [*trail(), (f"{term.cohort}のリーダー", term.cohort.get_absolute_url()), page]
