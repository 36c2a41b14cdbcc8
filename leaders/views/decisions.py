"""HR decides: approve one or several, send back."""

import re
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from leaders.forms.decisions import ApproveForm, DecisionForm, ReturnForm, decision_on
from leaders.models import Cohort, Nomination
from leaders.services import decisions as services
from leaders.views.nominations import show_nomination, trail, visible_nomination
from staff.pages import PageRequest, allow, show
from training.models import CountingRule

# How the board's boxes are sent: the nomination, and the version that was shown.
TICKED = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


@require_POST
@allow(lambda access: access.keeps_leaders)
def nomination_approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve: makes the leader's term."""
    nomination = visible_nomination(request, pk)
    today = timezone.localdate()
    form = ApproveForm(request.POST, nomination, services.first_start(nomination, today))
    if not form.is_valid():
        return _again(request, pk, form)
    try:
        term = services.approve_nomination(
            nomination=nomination,
            seen=form.cleaned_data["version"],
            starts_on=form.cleaned_data["starts_on"],
            by=request.user,
            today=today,
            at=timezone.now(),
            rule=CountingRule.objects.in_force(today),
        )
    except DomainError as error:
        return _refused(request, pk, form, error)
    messages.success(
        request,
        f"承認しました。{era_date(term.starts_on)}から{term.cohort}のリーダーに任命しました。",
    )
    return redirect(nomination)


@require_POST
@allow(lambda access: access.keeps_leaders)
def nomination_return(request: PageRequest, pk: int) -> HttpResponse:
    """Send it back with the reason."""
    nomination = visible_nomination(request, pk)
    form = ReturnForm(request.POST, nomination)
    if not form.is_valid():
        return _again(request, pk, form)
    try:
        services.return_nomination(
            nomination=nomination,
            seen=form.cleaned_data["version"],
            comment=form.cleaned_data["comment"],
            by=request.user,
            today=timezone.localdate(),
            at=timezone.now(),
        )
    except DomainError as error:
        return _refused(request, pk, form, error)
    messages.success(request, "部署長に差し戻しました。")
    return redirect(nomination)


def _refused(request: PageRequest, pk: int, form: DecisionForm, error: DomainError) -> HttpResponse:
    """What can still be decided is asked again; what is decided already is told."""
    if isinstance(error, services.NotWaitingError):
        messages.info(request, str(error))
        return redirect("leaders:nomination_detail", pk=pk)
    is_day = isinstance(error, services.StartDayError)
    form.add_error("starts_on" if is_day else None, str(error))
    return _again(request, pk, form)


def _again(request: PageRequest, pk: int, form: DecisionForm) -> HttpResponse:
    """The page as the nomination stands now, with what was typed and what is wrong with it."""
    now = visible_nomination(request, pk)
    offered = decision_on(now, by=request.user, access=request.access, today=timezone.localdate())
    if offered is None:
        messages.info(request, "この推薦は、承認を待っていません。今の状態を確かめてください。")
        return redirect(now)
    form.let_decide_again(now)
    if isinstance(form, ApproveForm):
        offered = replace(offered, approve=form)
    elif isinstance(form, ReturnForm):
        offered = replace(offered, refuse=form)
    return show_nomination(request, now, offered)


@require_POST
@allow(lambda access: access.keeps_leaders)
def nomination_approve_chosen(request: PageRequest, number: int) -> HttpResponse:
    """Approve those ticked on the board, and say of each what became of it."""
    cohort = get_object_or_404(Cohort, number=number)
    chosen = _chosen(request, cohort)
    if not chosen:
        messages.error(request, "承認する推薦に印を付けてから、もう一度押してください。")
        return redirect(f"{reverse('leaders:nomination_list')}?cohort={number}")
    today = timezone.localdate()
    outcomes = services.approve_several(
        chosen=chosen,
        by=request.user,
        today=today,
        at=timezone.now(),
        rule=CountingRule.objects.in_force(today),
    )
    context = {
        "cohort": cohort,
        "outcomes": outcomes,
        "approved": sum(one.term is not None for one in outcomes),
        "refused": sum(one.term is None for one in outcomes),
    }
    return show(request, "leaders/nomination_results.html", "承認の結果", context, trail())


def _chosen(request: PageRequest, cohort: Cohort) -> list[services.Chosen]:
    """The nominations of the cohort that were ticked; whatever else was sent does not exist."""
    found = (TICKED.fullmatch(value) for value in request.POST.getlist("chosen"))
    seen = {int(one[1]): int(one[2]) for one in found if one}
    visible = Nomination.objects.visible_to(request.access)
    nominations = visible.filter(cohort=cohort, pk__in=seen).select_related(
        "cohort", "department", "staff", "replaces"
    )
    return [services.Chosen(one, seen[one.pk]) for one in nominations]
