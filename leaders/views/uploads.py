"""リーダー名簿 in and out: choose → preview with ticks → put into force, once; take out.

HR alone brings in what decides about terms; administrators look, and take the list out.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.reading import read_workbook
from leaders.exports import leader_terms, leaders_workbook
from leaders.forms.uploads import DecisionsForm, LeaderExportForm, LeaderUploadForm
from leaders.imports.lines import Difference
from leaders.imports.plan import Outcome, Planned
from leaders.models import Cohort, LeaderUpload, LeaderUploadState
from leaders.services import uploads
from staff.exports import ListFile, taken_out
from staff.pages import PageRequest, allow, show

PAGE = 50
STEPS = ["ファイルを選ぶ", "内容を確かめる", "反映済み"]


@require_GET
@allow(lambda access: access.sees_everyone)
def upload_list(request: PageRequest) -> HttpResponse:
    """All files, newest first."""
    found = LeaderUpload.objects.select_related("by__staff").defer("content")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "keeps": request.access.keeps_leaders}
    return show(request, "leaders/upload_list.html", "名簿の取込・出力", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def upload_new(request: PageRequest) -> HttpResponse:
    """Choose the file. Nothing is written to the terms yet."""
    form = LeaderUploadForm(
        request.POST if request.method == "POST" else None, request.FILES or None
    )
    if form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            upload = uploads.start_upload(
                content=content,
                book=read_workbook(content, file.name),
                by=request.user,
                today=timezone.localdate(),
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("leaders:upload_detail", pk=upload.pk)
    context = {
        "form": form,
        "steps": STEPS,
        "most_rows": uploads.MOST_ROWS,
        "back": reverse("leaders:upload_list"),
    }
    return show(request, "leaders/upload_new.html", "リーダー名簿の取込", context, _trail())


@require_GET
@allow(lambda access: access.sees_everyone)
def upload_detail(request: PageRequest, pk: int) -> HttpResponse:
    """The preview, `?tick=all` with every change ticked; afterwards what was done."""
    upload = _upload(pk)
    if upload.state == LeaderUploadState.PREVIEW:
        return _preview(request, upload, DecisionsForm(QueryDict()))
    context = {
        "upload": upload,
        "steps": STEPS,
        "is_applied": upload.state == LeaderUploadState.APPLIED,
    }
    return show(request, "leaders/upload_result.html", upload.file_name, context, _trail())


@require_POST
@allow(lambda access: access.keeps_leaders)
def upload_apply(request: PageRequest, pk: int) -> HttpResponse:
    """Put the file into force. A second click shows the first one's result."""
    upload, form = _upload(pk), DecisionsForm(request.POST)
    try:
        written = uploads.apply_upload(
            upload=upload,
            ticked=form.ticked,
            leaves_faulty=form.leaves_faulty,
            seen=form.seen,
            by=request.user,
            today=timezone.localdate(),
            at=timezone.now(),
        )
    except uploads.UploadDecidedError as error:
        messages.info(request, str(error))
    except DomainError as error:
        return _preview(request, upload, form, str(error))
    else:
        messages.success(
            request, f"任期を{written.added}件追加し、{written.changed}件変更しました。"
        )
    return redirect("leaders:upload_detail", pk=pk)


@require_POST
@allow(lambda access: access.keeps_leaders)
def upload_discard(request: PageRequest, pk: int) -> HttpResponse:
    """Drop the file."""
    try:
        uploads.discard_upload(upload=_upload(pk), at=timezone.now())
    except DomainError as error:
        messages.info(request, str(error))
        return redirect("leaders:upload_detail", pk=pk)
    messages.success(request, "この取込を取りやめました。任期の記録は変わっていません。")
    return redirect("leaders:upload_list")


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_everyone)
def leader_export(request: PageRequest) -> HttpResponse:
    """The list of a cohort or of all; for more than a hundred people first what for."""
    form = LeaderExportForm(
        request.POST if request.method == "POST" else None,
        initial={"cohort": request.GET.get("cohort")},
    )
    if form.is_valid():
        taken = taken_out(request, form, _list_file(form.cleaned_data["cohort"]))
        if taken is not None:
            return taken
    context = {
        "form": form,
        "back": reverse("leaders:upload_list"),
        "keeps": request.access.keeps_leaders,
    }
    return show(request, "leaders/leader_export.html", "リーダー名簿の出力", context, _trail())


def _list_file(cohort: Cohort | None) -> ListFile:
    terms = leader_terms(cohort)
    return ListFile(
        kind="leaders",
        filters={"cohort": str(cohort.number) if cohort else ""},
        people=len({term.staff_id for term in terms}),
        file_name=f"リーダー名簿_{cohort or '全期'}.xlsx",
        write=lambda: leaders_workbook(terms, timezone.localdate()),
    )


def _upload(pk: int) -> LeaderUpload:
    return get_object_or_404(
        LeaderUpload.objects.select_related("by__staff").defer("content"), pk=pk
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A row that would change a term: what it would change, and whether it has a tick."""

    row: Planned
    differences: list[Difference]
    is_ticked: bool


def _preview(
    request: PageRequest, upload: LeaderUpload, form: DecisionsForm, refusal: str = ""
) -> HttpResponse:
    """What would become of each row. `refusal`: why it could not be put into force."""
    preview = uploads.preview_of(upload, by=request.user, today=timezone.localdate())
    every = request.GET.get("tick") == "all"
    context = {
        "upload": upload,
        "steps": STEPS,
        "keeps": request.access.keeps_leaders,
        "preview": preview,
        "seen": preview.fingerprint,
        "refusal": refusal,
        "leaves_faulty": form.leaves_faulty,
        "added": preview.with_outcome(Outcome.ADD),
        "changes": [
            Change(row, row.differences, every or row.index in form.ticked)
            for row in preview.with_outcome(Outcome.CHANGE)
        ],
        "same": preview.with_outcome(Outcome.SAME, Outcome.REPEATED),
    }
    return show(request, "leaders/upload_detail.html", upload.file_name, context, _trail())


def _trail() -> list[tuple[str, str]]:
    return [("名簿の取込・出力", reverse("leaders:upload_list"))]
