"""Files that leave the roster: the blank template and the roster of a day."""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.fiscal import era_date_short
from staff.exports import ListFile, taken_out
from staff.forms.files import RosterExportForm
from staff.pages import XLSX, PageRequest, allow, attachment, show
from staff.roster import files
from staff.roster.files import CurrentRoster


class _Format(NamedTuple):
    """A kind of file: what people call it, its media type, who writes it."""

    label: str
    media_type: str
    write: Callable[[CurrentRoster], bytes]


FORMATS: Final = MappingProxyType(
    {
        "xlsx": _Format("Excel", XLSX, files.workbook_of),
        "csv": _Format("CSV", "text/csv; charset=utf-8", files.csv_of),
    }
)


@require_GET
@allow(lambda access: access.is_admin)
def roster_template(request: PageRequest) -> HttpResponse:
    """The blank roster, with today's departments and ranks to choose from."""
    del request
    return attachment(files.roster_template(timezone.localdate()), "職員名簿_ひな形.xlsx")


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_everyone)
def roster_export(request: PageRequest, extension: str) -> HttpResponse:
    """The roster of a day; for more than a hundred people first the question what for."""
    chosen = FORMATS.get(extension)
    if chosen is None:
        raise Http404
    asked = {"as_of": request.GET.get("as_of") or era_date_short(timezone.localdate())}
    form = RosterExportForm(request.POST if request.method == "POST" else asked)
    people = None
    if form.is_valid():
        roster = files.current_roster(form.cleaned_data["as_of"])
        people = len(roster.rows)
        taken = taken_out(request, form, _list_file(roster, extension))
        if taken is not None:
            return taken
    context = {"form": form, "people": people, "label": chosen.label}
    return show(request, "staff/roster_export.html", "名簿の書き出し", context, _trail())


def _list_file(roster: CurrentRoster, extension: str) -> ListFile:
    chosen = FORMATS[extension]
    return ListFile(
        kind="roster",
        filters={"format": extension, "as_of": roster.on.isoformat()},
        people=len(roster.rows),
        file_name=_file_name(roster.on, extension),
        write=lambda: chosen.write(roster),
        media_type=chosen.media_type,
    )


def _file_name(on: date, extension: str) -> str:
    return f"職員名簿_{on.isoformat()}.{extension}"


def _trail() -> list[tuple[str, str]]:
    return [("職員", reverse("staff:member_list"))]
