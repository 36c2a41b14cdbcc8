"""What the views of all apps share: the request's shape, the right to a page, the day asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from agano_dx.lib.japanese import read_date
from staff.access import Access
from staff.models import User

P = ParamSpec("P")

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PageRequest(HttpRequest):
    """A request of a signed-in account, as our middleware leaves it."""

    user: User
    access: Access


Trail = Sequence[tuple[str, str]]


def show(
    request: PageRequest,
    template: str,
    title: str,
    context: Mapping[str, Any],
    trail: Trail = (),
) -> HttpResponse:
    """Draw a page. `trail`: the pages between home and this one, as (title, address)."""
    breadcrumb = [("ホーム", reverse("home")), *trail, (title, "")]
    return render(request, template, {"title": title, "breadcrumb": breadcrumb, **context})


View = Callable[Concatenate[PageRequest, P], HttpResponse]


def allow(may: Callable[[Access], bool]) -> Callable[[View[P]], View[P]]:
    """Answer 403 to accounts that may not: `@allow(lambda access: access.is_hr)`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may(request.access):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def attachment(data: bytes, name: str, media_type: str = XLSX) -> HttpResponse:
    """A file to keep, under this name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(data, media_type, headers={"Content-Disposition": disposition})


def filters_in(request: HttpRequest) -> str:
    """The filters of a list as they stand in the address, for its pages and its workbook."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day a page shows: today unless asked otherwise, and what to tell the asker."""

    on: date
    today: date
    error: str = ""

    @property
    def is_today(self) -> bool:
        """Whether the page shows the present."""
        return self.on == self.today

    @property
    def is_ahead(self) -> bool:
        """Whether the day is still to come."""
        return self.on > self.today

    def known_until(self, access: Access) -> date | None:
        """The last day of which something may enter the page's figures; `None`: any.

        Into those of a day gone by nothing later enters, whoever asks: they must not change.
        """
        return self.on if self.on < self.today else access.known_until(self.on)


def asked_day(request: PageRequest) -> AskedDay:
    """The day of `?as_of=`, read as in the sheets. A wrong or secret day falls back to today."""
    today = timezone.localdate()
    typed = request.GET.get("as_of", "").strip()
    reading = read_date(typed)
    if reading.error:
        return AskedDay(today, today, reading.error)
    if reading.value is None:
        return AskedDay(today, today)
    if reading.value > today and not request.access.sees_future:
        return AskedDay(today, today, "基準日は今日までの日を入力してください。")
    return AskedDay(reading.value, today)
