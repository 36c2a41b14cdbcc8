"""Roster import: file → how it is read → preview with decisions → done, and back again."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.reading import read_workbook
from staff.forms.imports import RosterApplyForm, RosterUploadForm
from staff.models import Decision, ImportStatus, RosterImport
from staff.pages import PageRequest, allow, show
from staff.roster.choices import RosterChoices
from staff.services import rosters
from staff.views.import_pages import STEPS, preview_context, trail
from staff.views.import_progress import Stage, stage_of, tell

PAGE = 50


@require_GET
@allow(lambda access: access.is_admin)
def import_list(request: PageRequest) -> HttpResponse:
    """All imports, newest first, and who is writing one right now."""
    written = Count("changes", filter=Q(changes__decision=Decision.ACCEPTED))
    imports = (
        RosterImport.objects.select_related("uploaded_by__staff", "applied_by__staff")
        .select_related("undone_by__staff")
        .annotate(change_count=written)
        .order_by("-pk")
    )
    page = Paginator(imports, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "applying": rosters.applying_now(timezone.now())}
    return show(request, "staff/import_list.html", "名簿取込", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def import_new(request: PageRequest) -> HttpResponse:
    """Step 1: choose the file. It is kept until the import is applied or dropped."""
    form = RosterUploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload, token = form.cleaned_data["file"], form.cleaned_data["progress"]
        tell(request.user, token, Stage.READING)
        try:
            content = upload.read()
            book = read_workbook(content, upload.name)
            tell(request.user, token, Stage.COMPARING)
            stored = rosters.start_import(
                content=content,
                book=book,
                kind=form.cleaned_data["kind"],
                day=form.cleaned_data["effective_on"],
                by=request.user,
                today=timezone.localdate(),
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect(stored)
    context = {"form": form, "steps": STEPS, "progress": uuid4()}
    return show(request, "staff/import_new.html", "名簿を読み込む", context, trail())


@require_GET
@allow(lambda access: access.is_admin)
def import_progress(request: PageRequest, token: UUID) -> HttpResponse:
    """What the asker's own upload is doing now, for the script of the upload page."""
    stage = stage_of(request.user, token)
    return JsonResponse({"stage": stage.value, "of": len(Stage) - 1, "words": stage.label})


@require_GET
@allow(lambda access: access.is_admin)
def import_detail(request: PageRequest, pk: int) -> HttpResponse:
    """The preview: what would change, what is wrong, what is to be decided; then what was done."""
    roster_import = get_object_or_404(
        RosterImport.objects.select_related(
            "uploaded_by__staff", "applied_by__staff", "undone_by__staff"
        ),
        pk=pk,
    )
    if roster_import.status == ImportStatus.READING:
        return redirect("staff:import_reading", pk)
    return _show(request, roster_import, RosterApplyForm(roster_import=roster_import))


@require_POST
@allow(lambda access: access.is_admin)
def import_apply(request: PageRequest, pk: int) -> HttpResponse:
    """Put the preview into force. A second click shows the first one's result."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    if not roster_import.is_waiting:
        messages.info(request, "この取込はすでに処理されています。")
        return redirect(roster_import)
    form = RosterApplyForm(request.POST, roster_import=roster_import)
    if form.is_valid():
        try:
            rosters.apply_upload(
                roster_import=roster_import,
                by=request.user,
                at=timezone.now(),
                today=timezone.localdate(),
                leavers_accepted=form.cleaned_data["leavers_accepted"],
                question_accepted=form.cleaned_data["question_accepted"],
            )
        except rosters.AlreadyDecidedError as error:
            messages.info(request, str(error))
            return redirect(roster_import)
        except rosters.StalePreviewError:
            return _again(request, roster_import)
        except rosters.LeaversNotAcceptedError as error:
            form.add_error(
                "leavers_accepted" if "leavers_accepted" in form.fields else None, str(error)
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "名簿を反映しました。")
            return redirect(roster_import)
    return _show(request, roster_import, form)


@require_POST
@allow(lambda access: access.is_admin)
def import_discard(request: PageRequest, pk: int) -> HttpResponse:
    """Drop the preview and the file."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    try:
        rosters.discard_import(roster_import=roster_import, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "この取込を取りやめました。職員の情報は変わっていません。")
    return redirect("staff:import_list")


@require_POST
@allow(lambda access: access.is_admin)
def import_undo(request: PageRequest, pk: int) -> HttpResponse:
    """Take an applied import back, or say why that cannot be."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    try:
        rosters.undo_import(roster_import=roster_import, by=request.user, at=timezone.now())
    except rosters.CannotBeUndoneError as error:
        for reason in error.reasons:
            messages.error(request, f"取り消せません。{reason}")
    except DomainError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "この取込を取り消しました。職員の情報は反映前に戻りました。")
    return redirect(roster_import)


def _again(request: PageRequest, roster_import: RosterImport) -> HttpResponse:
    """The city has changed since the preview: compute it again and show it again."""
    try:
        rosters.replan(
            roster_import=roster_import,
            choices=RosterChoices.from_json(roster_import.choices),
            today=timezone.localdate(),
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.warning(
            request,
            "プレビューの後に職員の情報が変わりました。計算し直したので、もう一度確かめてください。"
            "まだ何も反映していません。",
        )
    return redirect(reverse("staff:import_detail", args=[roster_import.pk]))


def _show(request: PageRequest, roster_import: RosterImport, form: RosterApplyForm) -> HttpResponse:
    context = {"form": form, **preview_context(request, roster_import)}
    return show(request, "staff/import_detail.html", roster_import.file_name, context, trail())
