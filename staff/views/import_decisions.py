"""Deciding on the changes of a preview, one by one or together, and the marked copy of its file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from staff.forms.decisions import CorrectionForm, DecisionForm
from staff.models import RosterChange, RosterFile, RosterImport
from staff.pages import PageRequest, allow, attachment, show
from staff.roster.files import annotated_copy
from staff.services import rosters
from staff.views.import_pages import STEPS, in_words, trail


@require_POST
@allow(lambda access: access.is_admin)
def import_decide(request: PageRequest, pk: int) -> HttpResponse:
    """Decide the same on the changes that were ticked, or on all that are open."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    form = DecisionForm(request.POST, roster_import=roster_import)
    if form.is_valid():
        try:
            decided = rosters.decide(
                roster_import=roster_import,
                changes=form.cleaned_data["chosen"],
                decision=form.cleaned_data["decision"],
                by=request.user,
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            label = form.cleaned_data["decision"].label
            messages.success(request, f"{decided}件を「{label}」にしました。")
    else:
        messages.error(request, "変更を選んでから、もう一度押してください。")
    return redirect(roster_import)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def import_change(request: PageRequest, pk: int, change_pk: int) -> HttpResponse:
    """One change: what is to be asked about it, and what it shall do instead."""
    change = get_object_or_404(
        RosterChange.objects.select_related("roster_import"), pk=change_pk, roster_import=pk
    )
    roster_import = change.roster_import
    if not roster_import.is_waiting:
        messages.info(request, "この取込はすでに処理されています。")
        return redirect(roster_import)
    form = CorrectionForm(request.POST if request.method == "POST" else None, change=change)
    if form.is_valid():
        try:
            rosters.correct_change(
                roster_import=roster_import,
                change=change.pk,
                after=form.cleaned_after(),
                starts_on=change.starts_on,
                by=request.user,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "変更の内容を直しました。")
            return redirect(roster_import)
    [(_, before, after)] = in_words([change])
    context = {
        "change": change,
        "roster_import": roster_import,
        "before": before,
        "after": after,
        "form": form,
        "steps": STEPS,
    }
    title = f"{change.name}：{change.get_kind_display()}"
    return show(request, "staff/import_change.html", title, context, trail(roster_import))


@require_POST
@allow(lambda access: access.is_admin)
def import_same_person(request: PageRequest, pk: int, change_pk: int) -> HttpResponse:
    """Somebody hired is a person known by another number: compute the preview again."""
    change = get_object_or_404(RosterChange, pk=change_pk, roster_import=pk)
    try:
        rosters.same_person(
            roster_import=change.roster_import,
            new_number=change.number,
            old_number=request.POST.get("number", ""),
            today=timezone.localdate(),
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, "同じ人として、職員番号の変更にしました。変更の内容を確かめてください。"
        )
    return redirect(change.roster_import)


@require_GET
@allow(lambda access: access.is_admin)
def import_marked(request: PageRequest, pk: int) -> HttpResponse:
    """The uploaded file again, with its errors and doubts coloured and explained."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    upload = RosterFile.objects.filter(roster_import=roster_import).first()
    if upload is None:
        raise Http404
    try:
        content, name = annotated_copy(
            bytes(upload.content),
            roster_import.file_name,
            roster_import.errors,
            roster_import.warnings,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(roster_import)
    return attachment(content, name)
