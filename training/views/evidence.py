"""Evidence for those who check it: the list, one piece, its file, confirm or return."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.listings import Listing, filters_of, narrowed_by, take_people
from staff.models import StaffMember
from staff.pages import PageRequest, Trail, allow, attachment, filters_in, show
from staff.search import named
from training.forms.evidence import EvidenceFilterForm, ReturnForm, WorkUseForm
from training.models import Evidence, EvidenceFile, EvidenceKind, EvidenceQuerySet, EvidenceState
from training.proofs import ojt_progress, rows_of, waiting_for
from training.services import evidence as services
from training.services import ojt
from training.views.own_evidence import own_evidence_trail

PAGE = 50
HEADINGS = (
    "状態",
    "種別",
    "名称",
    "職員番号",
    "氏名",
    "所属",
    "取得日・実施日",
    "時間数",
)


@require_GET
@allow(lambda access: access.sees_lists)
def evidence_list(request: PageRequest) -> HttpResponse:
    """What the asker may see, what waits first. Heads see use at work and OJT of their people."""
    today = timezone.localdate()
    form, found = _asked(request, today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(page.object_list, today),
        "query": filters_in(request),
        "waiting": waiting_for(request.access, today),
        "keeps": request.access.keeps_training,
        "heads": request.access.is_head,
    }
    return show(request, "training/evidence_list.html", "実績・資格", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def evidence_export(request: PageRequest) -> HttpResponse:
    """The list as filtered, to Excel; for more than a hundred lines first what for."""
    today = timezone.localdate()
    form, found = _asked(request, today)
    listing = Listing(
        kind="evidence",
        what="実績・資格",
        on=today,
        headings=HEADINGS,
        rows=[
            (
                row.evidence.get_state_display(),
                row.evidence.get_kind_display(),
                row.evidence.title,
                row.evidence.staff.number,
                row.evidence.staff.name,
                row.department,
                row.evidence.obtained_on,
                row.evidence.hours,
            )
            for row in rows_of(found, today)
        ],
        filters=filters_of(form),
        narrowed=narrowed_by(form),
        unit="件",
    )
    above = [("実績・資格", f"{reverse('training:evidence_list')}?{filters_in(request)}")]
    return take_people(request, listing, above)


def _asked(request: PageRequest, today: date) -> tuple[EvidenceFilterForm, EvidenceQuerySet]:
    """The filters, and what the asker may see by them."""
    form = EvidenceFilterForm(request.GET)
    found = _waiting_first(Evidence.objects.visible_to(request.access, today))
    return form, _filtered(found, form) if form.is_valid() else found


def _waiting_first(found: EvidenceQuerySet) -> EvidenceQuerySet:
    """In the order of work: waiting, returned, confirmed; the newest first."""
    order = (EvidenceState.SUBMITTED, EvidenceState.RETURNED, EvidenceState.CONFIRMED)
    ranked = [When(state=state, then=Value(rank)) for rank, state in enumerate(order)]
    return found.select_related("staff").order_by(
        Case(*ranked, output_field=IntegerField()), "-obtained_on", "-pk"
    )


def _filtered(found: EvidenceQuerySet, form: EvidenceFilterForm) -> EvidenceQuerySet:
    data = form.cleaned_data
    if data["kind"]:
        found = found.filter(kind=data["kind"])
    if data["state"]:
        found = found.filter(state=data["state"])
    if data["q"]:
        found = found.filter(staff__in=named(StaffMember.objects.all(), data["q"]))
    return found


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_head)
def evidence_work_use(request: PageRequest) -> HttpResponse:
    """業務活用確認: a head writes down how one of their people uses digital skills at work."""
    today = timezone.localdate()
    form = WorkUseForm(request.POST or None, access=request.access, on=today)
    if form.is_valid():
        member = form.cleaned_data["staff"]
        try:
            services.confirm_use(member=member, entry=form.entry, by=request.user, today=today)
        except services.DayToComeError as error:
            form.add_error("obtained_on", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{member.name}さんの業務での活用を確認済にしました。")
            return redirect("training:evidence_list")
    context = {
        "form": form,
        "back": reverse("training:evidence_list"),
        "action": "確認済として登録する",
        "comment": "",
        "lost_file": False,
    }
    return show(request, "training/evidence_form.html", "業務活用確認の登録", context, _trail())


@require_GET
def evidence_detail(request: PageRequest, pk: int) -> HttpResponse:
    """One piece, with what the asker may do about it. Looking at another's leaves a trace."""
    evidence = _visible(request, pk)
    if evidence.staff_id != request.user.staff_id:
        audit.looked_at(evidence, by=request.user)
    return _show(request, evidence, ReturnForm())


@require_GET
def evidence_file(request: PageRequest, pk: int) -> HttpResponse:
    """The scan, to keep and never to open in the page; every fetch is written down."""
    visible = Evidence.objects.visible_to(request.access, timezone.localdate())
    file = get_object_or_404(EvidenceFile, evidence__in=visible, evidence=pk)
    audit.looked_at(file, by=request.user, sha256=file.sha256)
    answer = attachment(bytes(file.content), file.name, file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def evidence_confirm(request: PageRequest, pk: int) -> HttpResponse:
    """Confirm it as it was seen. Who comes second is told; their own nobody confirms."""
    evidence = _checkable(request, pk)
    seen, today = request.POST.get("seen", ""), timezone.localdate()
    try:
        if evidence.kind == EvidenceKind.OJT:
            ojt.confirm_record(record=evidence, seen=seen, by=request.user, today=today)
        else:
            services.confirm(evidence=evidence, seen=seen, by=request.user, today=today)
    except services.AlreadyCheckedError as error:
        messages.info(request, str(error))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(evidence)
    else:
        messages.success(request, f"{evidence.staff.name}さんの「{evidence}」を確認済にしました。")
    return redirect(_list_of(evidence))


@require_POST
def evidence_return(request: PageRequest, pk: int) -> HttpResponse:
    """Send it back with what is to be corrected."""
    evidence = _checkable(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _show(request, evidence, form)
    comment, seen = form.cleaned_data["comment"], request.POST.get("seen", "")
    try:
        services.give_back(evidence=evidence, comment=comment, seen=seen, by=request.user)
    except services.AlreadyCheckedError as error:
        messages.info(request, str(error))
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, _visible(request, pk), form)
    else:
        messages.success(request, f"{evidence.staff.name}さんに差し戻しました。")
    return redirect(_list_of(evidence))


def _visible(request: PageRequest, pk: int) -> Evidence:
    visible = Evidence.objects.visible_to(request.access, timezone.localdate())
    return get_object_or_404(
        visible.select_related(
            "staff", "file", "confirmed_by__staff", "attendance__offering__course"
        ).defer("file__content"),
        pk=pk,
    )


def _checkable(request: PageRequest, pk: int) -> Evidence:
    """Those who keep the training check everything, heads the OJT of their people."""
    evidence = _visible(request, pk)
    of_own_people = request.access.is_head and evidence.kind == EvidenceKind.OJT
    if not (request.access.keeps_training or of_own_people):
        raise PermissionDenied
    return evidence


def _show(request: PageRequest, evidence: Evidence, form: ReturnForm) -> HttpResponse:
    access, is_own = request.access, evidence.staff_id == request.user.staff_id
    may_check = access.keeps_training or (access.is_head and evidence.kind == EvidenceKind.OJT)
    is_open = evidence.state != EvidenceState.CONFIRMED
    context = {
        "evidence": evidence,
        "form": form,
        "seen": services.seal(evidence),
        "has_file": hasattr(evidence, "file"),
        "progress": ojt_progress(evidence.attendance) if evidence.attendance else None,
        "decides": may_check and not is_own and evidence.state == EvidenceState.SUBMITTED,
        "corrects": is_own and is_open,
        "takes_back": (is_own and is_open)
        or (evidence.kind == EvidenceKind.WORK_USE and evidence.confirmed_by_id == request.user.pk),
        "names_are_links": not is_own,
    }
    trail = own_evidence_trail() if is_own else _trail()
    return show(
        request, "training/evidence_detail.html", evidence.get_kind_display(), context, trail
    )


def _list_of(evidence: Evidence) -> str:
    """The list one came from."""
    is_ojt = evidence.kind == EvidenceKind.OJT
    return reverse("training:ojt_list" if is_ojt else "training:evidence_list")


def _trail() -> Trail:
    return [("実績・資格", reverse("training:evidence_list"))]
