"""期の終了: all terms of a cohort decided on one page; one term decided or corrected."""

from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.fiscal import era_date
from leaders.closing import Outcome, by_department, outcome, outcomes
from leaders.forms.closing import LABELLED, LONGEST_REASON, DecideForm, DecisionsForm, choice_of
from leaders.models import OPEN_NOMINATIONS, Cohort, LeaderTerm, Nomination
from leaders.questions import open_questions
from leaders.services.closing import (
    Decision,
    Saved,
    TermsError,
    close_cohort,
    decide_term,
    save_decisions,
)
from leaders.views.cohorts import trail
from staff.models import Department
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show

CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Row:
    """A term's row: what the clerk sees, what is chosen, whether it is refused."""

    outcome: Outcome
    chosen: str
    reason: str
    is_own: bool
    is_over: bool
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """What was posted and refused: the choices to show again, the sentence, the rows meant."""

    decisions: dict[int, Decision]
    error: str = ""
    term_ids: frozenset[int] = frozenset()


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_everyone)
def cohort_close(request: PageRequest, number: int) -> HttpResponse:
    """What is proposed for each term; from the last day on HR decides them and closes."""
    cohort = get_object_or_404(Cohort, number=number)
    tried = Tried({})
    if request.method == "POST":
        if not request.access.keeps_leaders:
            raise PermissionDenied
        posted = DecisionsForm(request.POST)
        tried = _tried(posted)
        try:
            if not tried.error:
                saved = _save(request, cohort, posted.decisions)
                messages.success(request, _told(cohort, saved))
                return redirect("leaders:cohort_close", number)
        except TermsError as error:
            tried = replace(tried, error=str(error), term_ids=error.term_ids)
    cohort.refresh_from_db()
    return show(
        request,
        "leaders/cohort_close.html",
        "期の終了",
        _context(request, cohort, tried),
        [*trail(), (f"{cohort}のリーダー", cohort.get_absolute_url())],
    )


def _tried(posted: DecisionsForm) -> Tried:
    """What was typed; a reason too long is told before anything is written."""
    decisions = {one.term_id: one for one in posted.decisions}
    if posted.too_long:
        words = f"理由は{LONGEST_REASON}文字までで入力してください。"
        return Tried(decisions, words, posted.too_long)
    return Tried(decisions)


def _save(request: PageRequest, cohort: Cohort, decisions: list[Decision]) -> Saved:
    today = timezone.localdate()
    if request.POST.get("act") == CLOSE:
        return close_cohort(
            cohort=cohort, decisions=decisions, by=request.user, today=today, at=timezone.now()
        )
    return save_decisions(cohort=cohort, decisions=decisions, by=request.user, today=today)


def _told(cohort: Cohort, saved: Saved) -> str:
    if saved.has_closed:
        gone = f"承認していない推薦{saved.withdrawn}件を取り下げました。" if saved.withdrawn else ""
        return f"{cohort}を終了しました。{gone}修了した人に修了証を発行できます。"
    if saved.decided:
        return f"{saved.decided}件の判定を保存しました。"
    return "変更はありませんでした。判定は保存済みです。"


def _context(request: PageRequest, cohort: Cohort, tried: Tried) -> dict[str, object]:
    today = timezone.localdate()
    found = outcomes(cohort)
    groups: list[tuple[Department, list[Row]]] = [
        (unit, [_row(one, request, tried, today) for one in several])
        for unit, several in by_department(found, DepartmentTree.load(today))
    ]
    is_open = cohort.closed_at is None and cohort.ends_on <= today
    own_left = [
        one for one in found if one.term.staff_id == request.access.staff_id and not one.is_decided
    ]
    completed = sum(one.term.completed for one in found)
    return {
        "cohort": cohort,
        "groups": groups,
        "count": len(found),
        "decided": sum(one.is_decided for one in found),
        "completed": completed,
        "told": f"うち修了 {completed}件",
        "proposed": sum(one.proposed for one in found),
        "is_open": is_open and request.access.keeps_leaders,
        "wait_words": _wait_words(cohort, today),
        "decides": request.access.keeps_leaders,
        "own_left": bool(own_left),
        "unsettled": [
            (one.term, one.happened)
            for one in open_questions(min(today, cohort.ends_on))
            if one.is_open and one.term.cohort_id == cohort.pk
        ]
        if is_open
        else [],
        "waiting": Nomination.objects.filter(cohort=cohort, status__in=OPEN_NOMINATIONS).count(),
        "choices": LABELLED,
        "longest_reason": LONGEST_REASON,
        "error": tried.error,
        "back": cohort.get_absolute_url(),
    }


def _wait_words(cohort: Cohort, today: date) -> str:
    """From which day the cohort can be closed; empty once that day has come."""
    if cohort.ends_on <= today:
        return ""
    return f"まだ終了できません。{cohort}は、{era_date(cohort.ends_on)}から終了できます。"


def _row(one: Outcome, request: PageRequest, tried: Tried, today: date) -> Row:
    """Preset to what is decided, else to the proposal; after a refusal to what was chosen."""
    chosen = choice_of(one.term.completed if one.is_decided else one.proposed)
    reason = one.term.decision_reason
    typed = tried.decisions.get(one.term.pk)
    if typed is not None:
        chosen, reason = choice_of(typed.completed), typed.reason
    return Row(
        outcome=one,
        chosen=chosen,
        reason=reason,
        is_own=one.term.staff_id == request.access.staff_id,
        is_over=one.is_over(today),
        is_refused=one.term.pk in tried.term_ids,
    )


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def term_decide(request: PageRequest, pk: int) -> HttpResponse:
    """修了 or 未修了 for one term that is over, or a correction of what was decided."""
    visible = LeaderTerm.objects.visible_to(request.access)
    term = get_object_or_404(visible.select_related("cohort", "staff", "department"), pk=pk)
    today, shown = timezone.localdate(), outcome(term)
    form = DecideForm(request.POST or None, shown=shown)
    if form.is_valid():
        try:
            decide_term(
                term=term,
                seen=request.POST.get("seen", ""),
                completed=form.completed,
                reason=form.cleaned_data["reason"],
                by=request.user,
                today=today,
            )
        except TermsError as error:
            form.add_error(None, str(error))
            term.refresh_from_db()
            shown = outcome(term)
        else:
            messages.success(request, "判定を保存しました。")
            return redirect("leaders:cohort_close", term.cohort.number)
    return _decide_page(request, shown, form, today)


def _decide_page(
    request: PageRequest, shown: Outcome, form: DecideForm, today: date
) -> HttpResponse:
    term, cohort = shown.term, shown.term.cohort
    back = reverse("leaders:cohort_close", args=[cohort.number])
    context = {
        "term": term,
        "outcome": shown,
        "form": form,
        "is_own": term.staff_id == request.access.staff_id,
        "is_over": shown.is_over(today),
        "back": back,
    }
    cohort_page = (f"{cohort}のリーダー", cohort.get_absolute_url())
    places = [*trail(), cohort_page, ("期の終了", back)]
    return show(request, "leaders/term_decide.html", "修了の判定", context, places)
