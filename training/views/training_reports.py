"""受講報告書: writing one's own, reading those of one's people."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from staff.access import Access
from staff.listings import Listing, moment, take_people
from staff.models import Assignment
from staff.pages import PageRequest, allow, show
from training.forms.results import ConfirmForm, DraftForm, ReportForm
from training.models import Attendance, TrainingReport
from training.proofs import expected_of
from training.services.results import confirm_report, save_draft, submit_report
from training.views.mine import own_trail

PAGE = 50
HEADINGS = (
    "提出日時",
    "職員番号",
    "氏名",
    "所属",
    "研修",
    "開催日",
    "状態",
    "確認日時",
)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def report_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Write one's own report about a completed training; keep it as a draft or hand it in."""
    place = get_object_or_404(
        Attendance.objects.select_related("offering__course", "report"),
        pk=pk,
        staff=request.access.staff_id,
    )
    report: TrainingReport | None = getattr(place, "report", None)
    if report is None and not place.is_completion:
        raise Http404
    if report is not None and report.read_at is not None and request.method == "GET":
        return redirect(report)
    is_draft = request.POST.get("do") == "draft"
    written = {"learned": report.learned, "use": report.use} if report else None
    form = (DraftForm if is_draft else ReportForm)(request.POST or None, initial=written)
    if form.is_valid():
        texts = {"place": place, **form.cleaned_data, "by": request.user}
        try:
            report = save_draft(**texts) if is_draft else submit_report(**texts, at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if is_draft:
                messages.success(request, "下書きを保存しました。まだ提出していません。")
                return redirect("training:report_edit", pk)
            messages.success(request, "受講報告書を提出しました。")
            return redirect(report)
    context = {
        "place": place,
        "form": form,
        "is_submitted": report is not None and report.submitted_at is not None,
    }
    return show(request, "training/report_edit.html", "受講報告書を書く", context, own_trail())


@require_GET
@allow(lambda access: access.sees_lists)
def report_list(request: PageRequest) -> HttpResponse:
    """The reports of one's people, those nobody has read first."""
    today = timezone.localdate()
    reports = _handed_in(request.access, today)
    page = Paginator(reports, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _with_departments(list(page), today),
        "unread": reports.filter(read_at__isnull=True).count(),
    }
    return show(request, "training/report_list.html", "受講報告書", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def report_export(request: PageRequest) -> HttpResponse:
    """The same list, to Excel; for more than a hundred lines first what for."""
    today = timezone.localdate()
    listing = Listing(
        kind="reports",
        what="受講報告書",
        on=today,
        headings=HEADINGS,
        rows=[
            (
                moment(report.submitted_at),
                report.attendance.staff.number,
                report.attendance.staff.name,
                department,
                report.attendance.offering.course.title,
                report.attendance.offering.starts_on,
                "確認済" if report.read_at else "未確認",
                moment(report.read_at),
            )
            for report, department in _with_departments(
                list(_handed_in(request.access, today)), today
            )
        ],
        unit="件",
    )
    return take_people(request, listing, [("受講報告書", reverse("training:report_list"))])


def _handed_in(access: Access, on: date) -> QuerySet[TrainingReport]:
    return (
        TrainingReport.objects.visible_to(access, on)
        .filter(submitted_at__isnull=False)
        .exclude(attendance__staff=access.staff_id)
        .select_related("attendance__staff", "attendance__offering__course", "read_by__staff")
        .order_by(F("read_at").desc(nulls_first=True), "-submitted_at", "-pk")
    )


def _with_departments(
    reports: Sequence[TrainingReport], on: date
) -> list[tuple[TrainingReport, str]]:
    places = Assignment.objects.as_of(on).filter(
        staff__in=[report.attendance.staff_id for report in reports]
    )
    departments = dict(places.values_list("staff", "department__name"))
    return [(report, departments.get(report.attendance.staff_id, "")) for report in reports]


@require_GET
def report_detail(request: PageRequest, pk: int) -> HttpResponse:
    """A report to read, to confirm and to print. Looking at another's leaves a trace."""
    report = _visible(request, pk)
    if report.submitted_at is None:
        return redirect("training:report_edit", report.attendance_id)
    return _show(request, report, _seeing(report))


@require_POST
def report_read(request: PageRequest, pk: int) -> HttpResponse:
    """Say that one has read a report, with a comment."""
    report = _visible(request, pk)
    if not _may_confirm(request, report):
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            confirm_report(report=report, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            report = _visible(request, pk)  # as it is now, and the next word is about this
            form = _seeing(report, form.cleaned_data["comment"])
            messages.error(request, str(error))
        else:
            messages.success(request, "受講報告書を確認済みにしました。")
            return redirect("training:report_list")
    return _show(request, report, form)


def _seeing(report: TrainingReport, comment: str = "") -> ConfirmForm:
    """An empty form that knows which submission stands above it."""
    seen = report.submitted_at.isoformat() if report.submitted_at else ""
    return ConfirmForm(initial={"seen": seen, "comment": comment})


def _visible(request: PageRequest, pk: int) -> TrainingReport:
    reports = TrainingReport.objects.visible_to(request.access, timezone.localdate())
    return get_object_or_404(
        reports.select_related(
            "attendance__staff", "attendance__offering__course", "read_by__staff"
        ).prefetch_related("attendance__offering__days"),
        pk=pk,
    )


def _may_confirm(request: PageRequest, report: TrainingReport) -> bool:
    """Whether the asker is one of those expected to read the author's reports."""
    author = report.attendance.staff_id
    return author in expected_of(request.access, [author], timezone.localdate())


def _show(request: PageRequest, report: TrainingReport, form: ConfirmForm) -> HttpResponse:
    author = report.attendance.staff_id
    is_own = author == request.access.staff_id
    if not is_own:
        audit.looked_at(report, by=request.user)
    place = Assignment.objects.as_of(timezone.localdate()).filter(staff=author)
    context = {
        "report": report,
        "department": place.values_list("department__name", flat=True).first() or "",
        "is_own": is_own,
        "form": form if report.read_at is None and _may_confirm(request, report) else None,
    }
    above = own_trail() if is_own else [("受講報告書", reverse("training:report_list"))]
    title = f"受講報告書（{report.attendance.staff.name}）"
    return show(request, "training/report_detail.html", title, context, above)
