"""What has to be asked before a roster can be compared: its columns, its departments and ranks."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.reading import read_workbook
from staff.forms.reading import ReadingForm
from staff.forms.unknown import MastersForm
from staff.models import ImportStatus, RosterImport
from staff.pages import PageRequest, allow, show
from staff.roster.choices import RosterChoices
from staff.roster.layouts import remembered_columns
from staff.roster.survey import Survey, survey
from staff.services.layouts import choose_reading
from staff.services.rosters import replan
from staff.services.spellings import choose_masters
from staff.views.import_pages import STEPS, trail

TOO_LATE = "この取込の読み方はもう変えられません。変えるときは、名簿をもう一度読み込んでください。"


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def import_reading(request: PageRequest, pk: int) -> HttpResponse:
    """Which sheets to read and what their columns hold; remembered for the next file like it."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    try:
        found = _survey(roster_import)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(_above(roster_import))
    if found is None:
        messages.info(request, TOO_LATE)
        return redirect(_above(roster_import))
    form = ReadingForm(_posted(request), survey=found)
    choose = partial(choose_reading, roster_import=roster_import)
    if form.is_valid() and _is_kept(request, form, choose):
        messages.success(request, "読み方を保存しました。次の同じ形の名簿でも使います。")
        return redirect(roster_import)
    context = {
        "roster_import": roster_import,
        "form": form,
        "survey": found,
        "left_out": [sheet for sheet in found.sheets if not sheet.is_table],
        "steps": STEPS,
    }
    return show(
        request, "staff/import_reading.html", "読み方を確かめる", context, trail(roster_import)
    )


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def import_masters(request: PageRequest, pk: int) -> HttpResponse:
    """What stands for the departments and ranks of the file that the city does not know."""
    roster_import = get_object_or_404(RosterImport, pk=pk)
    if not roster_import.is_waiting:
        messages.info(request, TOO_LATE)
        return redirect(roster_import)
    form = MastersForm(_posted(request), roster_import=roster_import)
    choose = partial(choose_masters, roster_import=roster_import)
    if form.is_valid() and _is_kept(request, form, choose):
        messages.success(request, "所属と職名の扱いを保存しました。")
        return redirect(roster_import)
    context = {"roster_import": roster_import, "form": form, "steps": STEPS}
    return show(
        request,
        "staff/import_masters.html",
        "登録のない所属・職名",
        context,
        trail(roster_import),
    )


def _is_kept(
    request: PageRequest, form: ReadingForm | MastersForm, choose: Callable[..., RosterImport]
) -> bool:
    """Remember what was chosen and plan again by it; a refusal goes onto the form.

    What cannot be read so is not remembered.
    """
    try:
        with transaction.atomic():
            _plan_again(choose(choices=form.cleaned_data["choices"], by=request.user))
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


def _above(roster_import: RosterImport) -> str:
    """The import's own page, unless that leads back here."""
    if roster_import.status == ImportStatus.READING:
        return reverse("staff:import_list")
    return roster_import.get_absolute_url()


def _plan_again(roster_import: RosterImport) -> None:
    replan(
        roster_import=roster_import,
        choices=RosterChoices.from_json(roster_import.choices),
        today=timezone.localdate(),
    )


def _posted(request: PageRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _survey(roster_import: RosterImport) -> Survey | None:
    """What the kept file looks like; `None` when it is no longer kept."""
    upload = getattr(roster_import, "upload", None)
    if upload is None or not roster_import.is_waiting:
        return None
    book = read_workbook(bytes(upload.content), roster_import.file_name)
    choices = RosterChoices.from_json(roster_import.choices)
    return survey(book, choices, remembered_columns(book))
