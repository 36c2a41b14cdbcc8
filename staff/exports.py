"""Lists of people that leave the application: what for, and the trace each one leaves."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse

from agano_dx.lib import audit
from staff.forms.files import MOST_WITHOUT_REASON, ReasonForm
from staff.pages import XLSX, PageRequest, attachment


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list about to be taken out.

    `kind` and `filters` name it in the audit log; `write` makes the bytes when they may leave.
    """

    kind: str
    filters: Mapping[str, str]
    people: int
    file_name: str
    write: Callable[[], bytes]
    media_type: str = XLSX


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
            "rows": file.people,
            "sha256": hashlib.sha256(data).hexdigest(),
            "reason": reason,
        },
    )
    return attachment(data, file.file_name, file.media_type)
