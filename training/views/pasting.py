"""A pasted column of staff numbers: looked at first, then taken."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show
from training.forms.marking import PasteForm
from training.models import AttendanceStatus, Offering
from training.pasting import PastedLine, Standing, read_pasted, split_numbers
from training.services.marking import Mark, completion_day
from training.services.walk_in import take_list
from training.views.attendance import shut_words
from training.views.check_in import walked_in_words
from training.views.offerings import grid_trail


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def offering_paste(request: PageRequest, pk: int) -> HttpResponse:
    """Take a list of numbers: what each means is shown before anything is written."""
    offering = get_object_or_404(Offering.objects.select_related("course"), pk=pk)
    form = PasteForm(request.POST or None)
    lines: list[PastedLine] = []
    if form.is_valid() and "again" not in request.POST:
        if "confirmed" in request.POST:
            try:
                return _take(request, offering)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
        lines = read_pasted(
            split_numbers(form.cleaned_data["numbers"]),
            offering=offering,
            on=completion_day(offering, timezone.localdate()),
            own=request.user.staff_id,
        )
    context = {
        "offering": offering,
        "form": form,
        "parts": _parts(lines),
        "can_take": any(line.standing in (Standing.TO_MARK, Standing.NOT_LISTED) for line in lines),
        "shut": shut_words(offering),
    }
    template = "training/offering_paste.html"
    return show(request, template, "番号を貼り付ける", context, grid_trail(offering))


def _parts(lines: list[PastedLine]) -> list[tuple[str, str, list[PastedLine]]]:
    """The lines by what they mean: (standing, its words, lines), none empty."""
    parts = [
        (standing.value, str(standing.label), [line for line in lines if line.standing == standing])
        for standing in Standing
    ]
    return [part for part in parts if part[2]]


def _take(request: PageRequest, offering: Offering) -> HttpResponse:
    """Write what was shown and agreed to: the states seen then are posted with it."""
    marks = [
        Mark(int(row[1]), request.POST[name], AttendanceStatus.PRESENT)
        for name in request.POST
        if (row := re.fullmatch(r"seen-([0-9]{1,18})", name))
    ]
    chosen = [one for one in request.POST.getlist("walk_in") if re.fullmatch(r"[0-9]{1,18}", one)]
    marked, walked = take_list(
        offering=offering,
        marks=marks,
        members=list(StaffMember.objects.filter(pk__in=chosen)),
        by=request.user,
        today=timezone.localdate(),
    )
    messages.success(
        request, f"{marked.changed}人を出席にしました。{walked_in_words(offering, walked)}"
    )
    if marked.conflicts:
        messages.warning(
            request,
            f"{len(marked.conflicts)}人は、確かめている間に他の人が出欠を変えたため、"
            "そのままにしました。一覧で確かめてください。",
        )
    return redirect("training:offering_attendance", pk=offering.pk)
