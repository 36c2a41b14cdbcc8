"""報告書: the door at which the report is asked for, and the workbook."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from reports.forms.report import FiguresOnlyForm, ReportForm
from reports.paper.making import highest, made_paper
from reports.paper.name_lists import NameList, name_lists, people_on
from reports.paper.occasion import TITLE
from reports.paper.shapes import Paper
from reports.paper.wording import which_are_final
from reports.paper.workbook import report_workbook as workbook_of
from reports.publication import for_publication
from reports.snapshots import frozen_counts
from reports.views.shortcuts import shortcuts
from staff.exports import ListFile, taken_out
from staff.forms.days import DayForm
from staff.forms.files import ReasonForm
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_figures)
def report(request: PageRequest) -> HttpResponse:
    """Which day, with names or without; a POST takes the workbook out."""
    day = asked_day(request)
    form = _form(request, request.POST if request.method == "POST" else None)
    if not day.error and form.is_valid():
        lists = _lists(request, day) if form.cleaned_data.get("with_names") else ()
        taken = taken_out(request, form, _file(request, _paper(request, day, form), lists))
        if taken is not None:
            return taken
    return _door(request, day, form)


@require_GET
@allow(lambda access: access.sees_figures)
def report_workbook(request: PageRequest) -> HttpResponse:
    """The workbook of the asked day within the asker's scope, without names.

    `?publish=1`: for publication.
    """
    day = asked_day(request)
    form = FiguresOnlyForm({"for_publication": request.GET.get("publish") == "1"})
    if not day.error and form.is_valid():
        taken = taken_out(request, form, _file(request, _paper(request, day, form), ()))
        if taken is not None:
            return taken
    return redirect(f"{reverse('reports:report')}?{request.GET.urlencode()}")


def _paper(request: PageRequest, day: AskedDay, form: ReasonForm) -> Paper:
    made = made_paper(day.on, request.access.figure_units, timezone.localdate())
    return for_publication(made) if form.cleaned_data["for_publication"] else made


def _form(request: PageRequest, data: Any) -> ReasonForm:  # noqa: ANN401 - what Django's forms take
    kind = ReportForm if request.access.sees_lists else FiguresOnlyForm
    return kind(data)


def _lists(request: PageRequest, day: AskedDay) -> tuple[NameList, ...]:
    """The lists; their units are told where the report itself is of more than these."""
    rule, units = CountingRule.objects.in_force(day.on), request.access.name_units
    is_narrower = units is not None and units != request.access.figure_units
    whose = highest(units, day.on) if units is not None and is_narrower else ()
    return name_lists(day.on, rule, units, whose)


def _file(request: PageRequest, made: Paper, lists: tuple[NameList, ...]) -> ListFile:
    marked = "_氏名入り_取扱注意" if lists else "_公表用" if made.mark else ""
    day = made.as_of.isoformat()
    return ListFile(
        kind="report",
        filters={
            "as_of": day,
            "scope": "city" if request.access.figure_units is None else "own_units",
            "names": "with" if lists else "without",
            "publication": "yes" if made.mark else "no",
        },
        people=people_on(lists),
        file_name=f"進捗報告書{marked}_{day}.xlsx",
        write=lambda: workbook_of(made, lists),
    )


def _which_are_final(request: PageRequest, day: AskedDay) -> str:
    """What of the report is 確定値: a frozen year is the whole city's."""
    if request.access.figure_units is not None:
        return ""
    return which_are_final([year for year in frozen_counts() if year.last_day <= day.on])


def _door(request: PageRequest, day: AskedDay, form: ReasonForm) -> HttpResponse:
    context = {
        "day": day,
        "day_form": DayForm.asked(request, day),
        "form": form,
        "shortcuts": shortcuts(day),
        "is_whole_city": request.access.figure_units is None,
        "sees_lists": request.access.sees_lists,
        "paper_title": TITLE,
        "which_are_final": _which_are_final(request, day),
    }
    trail = [("計画の進み具合", reverse("reports:dashboard"))]
    return show(request, "reports/report.html", "報告書", context, trail)
