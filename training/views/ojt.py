"""OJT: the person writes what was done, the head sees what waits."""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from staff.access import Access
from staff.listings import Listing, take_people
from staff.pages import PageRequest, allow, show
from training.forms.evidence import OjtRecordForm
from training.models import (
    Attendance,
    Evidence,
    EvidenceKind,
    EvidenceQuerySet,
    EvidenceState,
    Mode,
)
from training.proofs import ojt_progress, rows_of
from training.services import ojt
from training.views.own_evidence import own_evidence_trail

PAGE = 50
WAITING = "確認待ちのOJT記録"
HEADINGS = ("実施日", "職員番号", "氏名", "所属", "研修", "時間数", "内容")
SENT = "OJTの記録を所属長に提出しました。"


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def ojt_new(request: PageRequest, pk: int) -> HttpResponse:
    """One's own place on an OJT offering: how far it is, its records, a new one."""
    place = get_object_or_404(
        Attendance.objects.select_related("offering__course"),
        pk=pk,
        staff=request.user.staff_id,
        offering__mode=Mode.OJT,
    )
    form = OjtRecordForm(request.POST or None)
    if form.is_valid() and _has_sent(request, form, partial(ojt.write_record, place=place)):
        return redirect("training:ojt_new", pk)
    context = {"form": form, "progress": ojt_progress(place)}
    return show(request, "training/ojt_new.html", "OJTの記録", context, own_evidence_trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def ojt_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change one's record until it is confirmed; a returned one is handed in again."""
    record = get_object_or_404(
        Evidence.objects.select_related("attendance__offering__course"),
        pk=pk,
        staff=request.user.staff_id,
        kind=EvidenceKind.OJT,
    )
    if record.state == EvidenceState.CONFIRMED or record.attendance_id is None:
        messages.info(request, "確認済みのため、変更できません。")
        return redirect(record)
    back = reverse("training:ojt_new", args=[record.attendance_id])
    form = OjtRecordForm(request.POST or None, record=record)
    if form.is_valid() and _has_sent(request, form, partial(ojt.correct_record, record=record)):
        return redirect(back)
    context = {
        "form": form,
        "back": back,
        "action": "所属長に提出する",
        "comment": record.comment,
        "lost_file": False,
    }
    return show(
        request, "training/evidence_form.html", "OJTの記録の変更", context, own_evidence_trail()
    )


@require_GET
@allow(lambda access: access.sees_lists)
def ojt_list(request: PageRequest) -> HttpResponse:
    """Records of the asker's people that wait to be confirmed, the oldest first."""
    today = timezone.localdate()
    page = Paginator(_waiting(request.access, today), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": rows_of(page.object_list, today)}
    return show(request, "training/ojt_list.html", WAITING, context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def ojt_export(request: PageRequest) -> HttpResponse:
    """The same list, to Excel; for more than a hundred lines first what for."""
    today = timezone.localdate()
    listing = Listing(
        kind="ojt",
        what=WAITING,
        on=today,
        headings=HEADINGS,
        rows=[
            (
                row.evidence.obtained_on,
                row.evidence.staff.number,
                row.evidence.staff.name,
                row.department,
                row.evidence.title,
                row.evidence.hours,
                row.evidence.note,
            )
            for row in rows_of(_waiting(request.access, today), today)
        ],
        unit="件",
    )
    return take_people(request, listing, [*_trail(), (WAITING, reverse("training:ojt_list"))])


def _waiting(access: Access, on: date) -> EvidenceQuerySet:
    return (
        Evidence.objects.visible_to(access, on)
        .waiting()
        .filter(kind=EvidenceKind.OJT)
        .exclude(staff=access.staff_id)
        .select_related("staff")
        .order_by("obtained_on", "pk")
    )


def _trail() -> list[tuple[str, str]]:
    return [("実績・資格", reverse("training:evidence_list"))]


def _has_sent(request: PageRequest, form: OjtRecordForm, write: Callable[..., Evidence]) -> bool:
    """Write down what the form holds and say so; a refusal goes onto the form."""
    try:
        write(entry=form.entry, by=request.user, today=timezone.localdate())
    except ojt.OutsidePeriodError as error:
        form.add_error("obtained_on", str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, SENT)
        return True
    return False
