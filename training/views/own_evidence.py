"""One's own evidence: all of it on one page, new, changed, taken back."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from staff.pages import PageRequest, Trail, allow, show
from training.forms.evidence import QualificationForm
from training.models import Evidence, EvidenceKind, EvidenceState
from training.proofs import ojt_of
from training.services import evidence as services
from training.views.mine import own_trail

HANDED_IN = "人事担当に提出しました。確認が済むと、この画面に「確認済」と出ます。"


@require_GET
@allow(lambda access: access.staff_id is not None)
def evidence_mine(request: PageRequest) -> HttpResponse:
    """Qualifications, OJT and what one's head has confirmed, each with its state."""
    own = list(
        Evidence.objects.filter(staff=request.user.staff_id)
        .exclude(kind=EvidenceKind.OJT)
        .select_related("confirmed_by__staff", "file")
        .defer("file__content")
        .order_by("-obtained_on", "-pk")
    )
    context = {
        "qualifications": [one for one in own if one.kind == EvidenceKind.QUALIFICATION],
        "uses": [one for one in own if one.kind == EvidenceKind.WORK_USE],
        "ojt": ojt_of(request.user.staff_id),
    }
    return show(request, "training/evidence_mine.html", "自分の実績・資格", context, own_trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def evidence_new(request: PageRequest) -> HttpResponse:
    """Hand in a qualification."""
    form = QualificationForm(request.POST or None, request.FILES or None)
    member = request.user.staff
    if (
        member is not None
        and form.is_valid()
        and _has_sent(request, form, partial(services.hand_in, member=member))
    ):
        return redirect("training:evidence_mine")
    return _ask(request, form, "資格の登録")


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def evidence_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change a qualification until it is confirmed; a returned one is handed in again."""
    evidence = get_object_or_404(
        Evidence.objects.select_related("file").defer("file__content"),
        pk=pk,
        staff=request.user.staff_id,
        kind=EvidenceKind.QUALIFICATION,
    )
    if evidence.state == EvidenceState.CONFIRMED:
        messages.info(request, "確認済みのため、変更できません。")
        return redirect(evidence)
    form = QualificationForm(request.POST or None, request.FILES or None, evidence=evidence)
    correct = partial(services.correct, evidence=evidence)
    if form.is_valid() and _has_sent(request, form, correct):
        return redirect("training:evidence_mine")
    return _ask(request, form, "資格の変更", evidence)


@require_POST
@allow(lambda access: access.staff_id is not None)
def evidence_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take back what is one's own and not confirmed yet, or what one has said of somebody."""
    visible = Evidence.objects.visible_to(request.access, timezone.localdate())
    evidence = get_object_or_404(visible, pk=pk)
    is_own = evidence.staff_id == request.user.staff_id
    try:
        services.withdraw(evidence=evidence, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(evidence)
    messages.success(request, f"「{evidence.title}」を取り消しました。")
    return redirect("training:evidence_mine" if is_own else "training:evidence_list")


def _has_sent(request: PageRequest, form: QualificationForm, send: Callable[..., Evidence]) -> bool:
    """Send what the form holds to the personnel office and say so; a refusal goes onto the form."""
    scan = form.cleaned_data["file"]
    try:
        send(entry=form.entry, scan=scan, by=request.user, today=timezone.localdate())
    except services.DayToComeError as error:
        form.add_error("obtained_on", str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, HANDED_IN)
        return True
    return False


def _ask(
    request: PageRequest, form: QualificationForm, title: str, evidence: Evidence | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "back": reverse("training:evidence_mine"),
        "action": "人事担当に提出する",
        "comment": evidence.comment if evidence else "",
        # A browser never fills a file in again.
        "lost_file": bool(form.errors and request.FILES),
    }
    trail = own_evidence_trail()
    return show(request, "training/evidence_form.html", title, context, trail)


def own_evidence_trail() -> Trail:
    """The pages above one piece of one's own evidence."""
    return [*own_trail(), ("自分の実績・資格", reverse("training:evidence_mine"))]
