"""Lists that leave the application: what for, and the trace each one leaves."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpResponse

from agano_dx.lib import audit
from agano_dx.lib.fiscal import era_date
from staff.forms.files import MOST_WITHOUT_REASON, ReasonForm
from staff.pages import XLSX, PageRequest, Trail, attachment, show

_CARE: Final = "取扱注意"
CARE_NOTE: Final = (
    "この一覧は個人情報です。決められた場所に保管し、使い終わったら削除してください。"
)


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list about to be taken out.

    `kind` and `filters` name it in the audit log; `write` makes the bytes when they may leave.
    `people`: the lines about a person. A list of things names nobody: it has `things` instead.
    """

    kind: str
    filters: Mapping[str, str]
    people: int
    file_name: str
    write: Callable[[], bytes]
    media_type: str = XLSX
    things: int | None = None
    unit: str = "人"

    @property
    def sent_name(self) -> str:
        """The name it leaves under: that it is about people is to be seen from outside."""
        if not self.people or _CARE in self.file_name:
            return self.file_name
        return f"{_CARE}_{self.file_name}"

    @property
    def rows(self) -> int:
        """How many lines leave."""
        return self.people + (self.things or 0)


def care_line(what: str, on: date, narrowed: Sequence[str] = ()) -> str:
    """The line above a list of people: 取扱注意, what it is, how it was filtered, of which day."""
    chosen = f"（{'・'.join(narrowed)}）" if narrowed else ""
    return f"{_CARE}（個人情報）　{what}{chosen}　{era_date(on)}現在"


def export_page(
    request: PageRequest,
    file: ListFile,
    title: str,
    facts: Sequence[str],
    trail: Trail,
) -> HttpResponse:
    """Ask before a list is taken out, and hand it over; `trail` ends with the list's own page."""
    posted = request.method == "POST"
    form = ReasonForm(request.POST if posted else None)
    if form.is_valid():
        taken = taken_out(request, form, file)
        if taken is not None:
            return taken
    if posted and "reason" not in request.POST:
        form = ReasonForm()  # the button above a list asks nothing: nothing was left out yet
    context = {
        "form": form,
        "facts": [*facts, f"{file.rows}{file.unit}"],
        "back": trail[-1][1],
        "names_people": file.things is None,
    }
    return show(request, "export.html", title, context, trail)


def taken_out(request: PageRequest, form: ReasonForm, file: ListFile) -> HttpResponse | None:
    """The file, its trace written; `None` while a long list still lacks its reason.

    The form is valid. The trace is one access entry about the account that took the list.
    """
    reason = form.cleaned_data["reason"]
    if not reason and file.people > MOST_WITHOUT_REASON:
        if request.method == "POST":
            form.refuse_without_reason()
        return None
    data = file.write()
    audit.record(
        by=request.user,
        action=audit.ACCESS,
        about=[(request.user, {})],
        extra={
            "export": file.kind,
            **file.filters,
            "rows": file.rows,
            "sha256": hashlib.sha256(data).hexdigest(),
            "reason": reason,
        },
    )
    return attachment(data, file.sent_name, file.media_type)
