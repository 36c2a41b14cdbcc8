"""Files with attendance: choose → preview with decisions → put into force, once."""

from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.reading import read_workbook
from staff.pages import PageRequest, allow, show
from training.forms.uploads import FORMS, DecisionsForm
from training.models import AttendanceUpload, UploadKind, UploadState
from training.services import uploads
from training.views.upload_pages import (
    STEPS,
    TITLES,
    address,
    preview_context,
    result_context,
    trail,
)

PAGE = 50


@require_GET
@allow(lambda access: access.keeps_training)
def upload_list(request: PageRequest) -> HttpResponse:
    """All files, newest first."""
    found = AttendanceUpload.objects.select_related("by__staff", "offering__course").defer("rows")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kinds = [(kind, TITLES[kind]) for kind in UploadKind]
    return show(request, "training/upload_list.html", "取込", {"page": page, "kinds": kinds})


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def upload_new(request: PageRequest, kind: str) -> HttpResponse:
    """Choose the file. Nothing is written to the records yet."""
    if kind not in FORMS:
        raise Http404
    chosen, today = UploadKind(kind), timezone.localdate()
    form = FORMS[chosen](
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"offering": request.GET.get("offering")},
        today=today,
    )
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = uploads.start_upload(
                kind=chosen,
                offering=form.cleaned_data.get("offering"),
                book=read_workbook(file.read(), file.name),
                options=form.options,
                by=request.user,
                today=today,
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("training:upload_detail", pk=upload.pk)
    context = {
        "form": form,
        "steps": STEPS,
        "kind": chosen,
        "back": reverse("training:upload_list"),
    }
    return show(request, "training/upload_new.html", TITLES[chosen], context, trail())


@require_GET
@allow(lambda access: access.keeps_training)
def upload_detail(request: PageRequest, pk: int) -> HttpResponse:
    """The preview with its questions; afterwards what was done."""
    upload = _upload(pk)
    if upload.state == UploadState.PREVIEW:
        return _preview(request, upload, None)
    context = {"upload": upload, **result_context(request, upload)}
    return show(request, "training/upload_result.html", upload.file_name, context, trail())


@require_POST
@allow(lambda access: access.keeps_training)
def upload_decide(request: PageRequest, pk: int) -> HttpResponse:
    """Keep what was decided about rows, and show what would become of them now."""
    upload, form = _upload(pk), DecisionsForm(request.POST)
    if form.errors and upload.state == UploadState.PREVIEW:
        return _preview(request, upload, form)
    try:
        uploads.decide_upload(upload=upload, decisions=form.decisions)
    except DomainError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "選んだ内容を入れました。まだ何も反映していません。")
    return redirect(address(upload, form))


@require_POST
@allow(lambda access: access.keeps_training)
def upload_apply(request: PageRequest, pk: int) -> HttpResponse:
    """Put the file into force. A second click shows the first one's result."""
    upload, form = _upload(pk), DecisionsForm(request.POST)
    if form.errors and upload.state == UploadState.PREVIEW:
        return _preview(request, upload, form)
    try:
        imported = uploads.apply_upload(
            upload=upload,
            decisions=form.decisions,
            seen=form.seen,
            by=request.user,
            today=timezone.localdate(),
            at=timezone.now(),
        )
    except uploads.UploadDecidedError as error:
        messages.info(request, str(error))
    except DomainError as error:
        _keep(upload, form)
        messages.warning(request, f"{error}まだ何も反映していません。")
        return redirect(address(upload, form))
    else:
        messages.success(request, f"{imported}件の出欠を反映しました。")
    return redirect("training:upload_detail", pk=pk)


@require_POST
@allow(lambda access: access.keeps_training)
def upload_discard(request: PageRequest, pk: int) -> HttpResponse:
    """Drop the file."""
    try:
        uploads.discard_upload(upload=_upload(pk), at=timezone.now())
    except DomainError as error:
        messages.info(request, str(error))
        return redirect("training:upload_detail", pk=pk)
    messages.success(request, "この取込を取りやめました。出欠の記録は変わっていません。")
    return redirect("training:upload_list")


def _keep(upload: AttendanceUpload, form: DecisionsForm) -> None:
    """Keep what was decided although it could not be put into force; somebody may be faster."""
    with suppress(uploads.UploadDecidedError):
        uploads.decide_upload(upload=upload, decisions=form.decisions)


def _upload(pk: int) -> AttendanceUpload:
    rows = AttendanceUpload.objects.select_related("by__staff", "offering__course")
    return get_object_or_404(rows, pk=pk)


def _preview(
    request: PageRequest, upload: AttendanceUpload, form: DecisionsForm | None
) -> HttpResponse:
    preview = uploads.preview_of(upload, by=request.user, today=timezone.localdate())
    context = {"upload": upload, **preview_context(request, upload, preview, form)}
    return show(request, "training/upload_detail.html", upload.file_name, context, trail())
