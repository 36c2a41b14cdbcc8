"""Roster import in three steps: file → preview → done."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.reading import read_workbook
from staff.forms.imports import RosterApplyForm, RosterUploadForm
from staff.models import ChangeKind, Department, Duty, Employment, ImportStatus, RosterImport
from staff.pages import PageRequest, allow, show
from staff.roster.plan import plan_import
from staff.services import rosters

PAGE = 50
STEPS = ["ファイルを選ぶ", "内容を確かめる", "反映済み"]


@require_GET
@allow(lambda access: access.is_admin)
def import_list(request: PageRequest) -> HttpResponse:
    """All imports, newest first."""
    imports = (
        RosterImport.objects.select_related("uploaded_by__staff")
        .annotate(change_count=Count("changes"))
        .order_by("-pk")
    )
    page = Paginator(imports, PAGE).get_page(request.GET.get("page"))
    return show(request, "staff/import_list.html", "名簿取込", {"page": page})


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def import_new(request: PageRequest) -> HttpResponse:
    """Step 1: choose the file. Nothing but the preview is kept of it."""
    form = RosterUploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            plan = plan_import(
                read_workbook(upload.read(), upload.name),
                kind=form.cleaned_data["kind"],
                effective_on=form.cleaned_data["effective_on"],
                today=timezone.localdate(),
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect(rosters.store_preview(plan=plan, by=request.user))
    return show(
        request, "staff/import_new.html", "名簿を読み込む", {"form": form, "steps": STEPS}, _trail()
    )


@require_GET
@allow(lambda access: access.is_admin)
def import_detail(request: PageRequest, pk: int) -> HttpResponse:
    """Step 2, the preview: what would change, what is wrong. Step 3: what was done."""
    roster_import = get_object_or_404(
        RosterImport.objects.select_related("uploaded_by__staff"), pk=pk
    )
    return _show(request, roster_import, RosterApplyForm())


@require_POST
@allow(lambda access: access.is_admin)
def import_apply(request: PageRequest, pk: int) -> HttpResponse:
    """Put the preview into force. A second click shows the first one's result."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    form = RosterApplyForm(request.POST)
    if form.is_valid():
        try:
            rosters.apply_import(
                roster_import=roster_import,
                by=request.user,
                at=timezone.now(),
                leavers_accepted=form.cleaned_data["leavers_accepted"],
            )
        except rosters.AlreadyDecidedError as error:
            messages.info(request, str(error))
            return redirect(roster_import)
        except rosters.LeaversNotAcceptedError as error:
            form.add_error("leavers_accepted", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "名簿を反映しました。")
            return redirect(roster_import)
    return _show(request, roster_import, form)


@require_POST
@allow(lambda access: access.is_admin)
def import_discard(request: PageRequest, pk: int) -> HttpResponse:
    """Drop the preview."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    try:
        rosters.discard_import(roster_import=roster_import, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "この取込を取りやめました。職員の情報は変わっていません。")
    return redirect("staff:import_list")


def _show(request: PageRequest, roster_import: RosterImport, form: RosterApplyForm) -> HttpResponse:
    counts = dict(roster_import.changes.order_by().values_list("kind").annotate(count=Count("pk")))
    chosen = request.GET.get("kind", "")
    changes = roster_import.changes.order_by("number", "pk")
    if chosen in ChangeKind.values:
        changes = changes.filter(kind=chosen)
    page = Paginator(changes, PAGE).get_page(request.GET.get("page"))
    by_end = Department.objects.order_by(F("closes_on").asc(nulls_last=True))
    names = dict(by_end.values_list("code", "name"))  # of two with one code, the later
    context = {
        "roster_import": roster_import,
        "form": form,
        "kinds": [(kind, kind.label, counts[kind]) for kind in ChangeKind if counts.get(kind)],
        "steps": STEPS,
        "chosen": chosen if chosen in ChangeKind.values else "",
        "chosen_query": urlencode({"kind": chosen}),
        "leavers": counts.get(ChangeKind.LEFT, 0),
        "absent": roster_import.changes.absent().count(),
        "page": page,
        "rows": [
            (change, _words(change.before, names), _words(change.after, names)) for change in page
        ],
        "is_preview": roster_import.status == ImportStatus.PREVIEW,
        "is_applied": roster_import.status == ImportStatus.APPLIED,
    }
    return show(request, "staff/import_detail.html", roster_import.file_name, context, _trail())


def _trail() -> list[tuple[str, str]]:
    return [("名簿取込", reverse("staff:import_list"))]


_LABELS = {
    "name": "氏名",
    "name_kana": "カナ",
    "email": "メール",
    "hired_on": "採用日",
    "left_on": "退職日",
    "department": "所属",
    "rank": "職名",
    "team": "係",
    "duty": "在職区分",
    "employment": "任用形態",
}


def _words(values: dict[str, str | None], departments: dict[str, str]) -> list[tuple[str, str]]:
    """A change's plain values as a person reads them: label and word."""
    words = []
    for name, value in values.items():
        shown = value or "（なし）"
        if name == "department":
            shown = departments.get(shown, shown)
        elif name == "duty" and value:
            shown = Duty(value).label
        elif name == "employment" and value:
            shown = Employment(value).label
        elif name in ("hired_on", "left_on") and value:
            shown = era_date(date.fromisoformat(value))
        if value or name != "team":
            words.append((_LABELS[name], str(shown)))
    return words
