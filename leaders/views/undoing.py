"""Taking back: a beginning still to come, a verdict, the closing of a cohort. HR alone."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from leaders.closing import outcome
from leaders.forms.undoing import UndoForm
from leaders.models import Cohort, LeaderTerm, SpecialistDesignation
from leaders.services import undoing as services
from leaders.views.candidates import candidate_trail
from leaders.views.cohorts import trail
from staff.pages import PageRequest, allow, show


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def term_cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Take a leader off before the first day."""
    term = _term(request, pk)
    form = UndoForm(request.POST or None)
    if _is_done(
        form,
        lambda: services.cancel_term(
            term=term,
            reason=form.cleaned_data["reason"],
            by=request.user,
            today=timezone.localdate(),
            at=timezone.now(),
        ),
    ):
        messages.success(request, f"{term.staff.name}さんの就任を取り消しました。")
        return redirect(term.cohort)
    facts = ["就任の記録を消し、もとの推薦を取下げにします。消した内容は記録に残ります。"]
    return _page(request, "就任を取り消す", form, term, facts)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def term_undecide(request: PageRequest, pk: int) -> HttpResponse:
    """Take the verdict on a term back."""
    term = _term(request, pk)
    form = UndoForm(request.POST or None, initial={"seen": outcome(term).mark})
    if _is_done(
        form,
        lambda: services.undecide_term(
            term=term,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            today=timezone.localdate(),
        ),
    ):
        messages.success(request, "判定を取り消しました。この任期は未判定です。")
        return redirect(term)
    facts = [
        f"今の判定は「{outcome(term).state_label}」です。取り消すと未判定になり、任期を直せます。",
        "発行済みの修了証は無効になります。",
    ]
    return _page(request, "判定を取り消す", form, term, facts)


@require_POST
@allow(lambda access: access.keeps_leaders)
def cohort_reopen(request: PageRequest, number: int) -> HttpResponse:
    """Take the closing of a cohort back."""
    cohort = get_object_or_404(Cohort, number=number)
    services.reopen_cohort(cohort=cohort, by=request.user)
    messages.success(request, f"{cohort}の終了処理を取り消しました。直した後、もう一度終了します。")
    return redirect("leaders:cohort_close", number)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def designation_cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Take a designation back before its first day."""
    designation = get_object_or_404(SpecialistDesignation.objects.select_related("staff"), pk=pk)
    member = designation.staff
    if member.pk == request.access.staff_id:
        raise PermissionDenied
    form = UndoForm(request.POST or None)
    if _is_done(
        form,
        lambda: services.cancel_designation(
            designation=designation,
            reason=form.cleaned_data["reason"],
            by=request.user,
            today=timezone.localdate(),
        ),
    ):
        messages.success(request, f"{member.name}さんの登用の予定を取り消しました。")
        return redirect("leaders:specialist_list")
    context = {
        "form": form,
        "facts": ["登用の予定の記録を消します。消した内容は記録に残ります。"],
        "about": [f"{member.name}（{member.number}）"],
        "action": "登用の予定を取り消す",
        "back": member.get_absolute_url(),
    }
    title = "登用の予定を取り消す"
    return show(request, "leaders/undo.html", title, context, candidate_trail())


def _is_done(form: UndoForm, act: Callable[[], object]) -> bool:
    """Whether the form was sent, is whole, and the act went through; a refusal stands on it."""
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


def _page(
    request: PageRequest, title: str, form: UndoForm, term: LeaderTerm, facts: list[str]
) -> HttpResponse:
    context = {
        "form": form,
        "facts": facts,
        "about": [str(term.cohort), term.department.name, term.staff.name],
        "action": title,
        "back": term.get_absolute_url(),
    }
    above = [
        *trail(),
        (f"{term.cohort}のリーダー", term.cohort.get_absolute_url()),
        (f"{term.staff.name}さんの任期", term.get_absolute_url()),
    ]
    return show(request, "leaders/undo.html", title, context, above)


def _term(request: PageRequest, pk: int) -> LeaderTerm:
    visible = LeaderTerm.objects.visible_to(request.access)
    return get_object_or_404(visible.select_related("cohort", "staff", "department"), pk=pk)
