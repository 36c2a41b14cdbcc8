"""Files that leave the roster: the blank template and the roster of a day."""

import hashlib
from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.fiscal import era_date_short
from staff.forms.files import MOST_WITHOUT_REASON, RosterExportForm
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
        if form.cleaned_data["reason"] or people <= MOST_WITHOUT_REASON:
            data = chosen.write(roster)
            _trace(request, extension, roster, data, form.cleaned_data["reason"])
            return attachment(data, _file_name(roster.on, extension), chosen.media_type)
        if request.method == "POST":
            form.add_error(
                "reason",
                f"{MOST_WITHOUT_REASON}人を超える名簿です。使いみちを入力してください。",
            )
    context = {"form": form, "people": people, "label": chosen.label}
    return show(request, "staff/roster_export.html", "名簿の書き出し", context, _trail())


def _trace(
    request: PageRequest, extension: str, roster: CurrentRoster, data: bytes, reason: str
) -> None:
    """One access entry about the account that took the file: which day, how many, which bytes."""
    audit.record(
        by=request.user,
        action=audit.ACCESS,
        about=[(request.user, {})],
        extra={
            "export": "roster",
            "format": extension,
            "as_of": roster.on.isoformat(),
            "rows": len(roster.rows),
            "sha256": hashlib.sha256(data).hexdigest(),
            "reason": reason,
        },
    )


def _file_name(on: date, extension: str) -> str:
    return f"職員名簿_{on.isoformat()}.{extension}"


def _trail() -> list[tuple[str, str]]:
    return [("職員", reverse("staff:member_list"))]
