"""Offerings on the days of a month, and month by month over a fiscal year."""

import re
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.calendar import WEEKDAYS
from agano_dx.lib.fiscal import FiscalYear
from staff.listings import Listing, take_things
from staff.pages import PageRequest, allow, show
from training.agenda import by_month, entries, month_calendar, months_around, shown
from training.models import Offering, OfferingQuerySet
from training.plan_board import PLAN_FIRST, PLAN_LAST

PAGE = 100
HEADINGS = (
    "開始日",
    "終了日",
    "時刻",
    "研修",
    "区分",
    "実施方法",
    "会場",
    "状態",
    "席（埋まった数）",
    "定員",
)
FIRST_SHOWN, LAST_SHOWN = 1950, 2099  # years in which the holidays are known
_WRITTEN = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])", re.ASCII)


@require_GET
@allow(lambda access: access.sees_figures)
def calendar(request: PageRequest) -> HttpResponse:
    """A month as a calendar with holidays; the present one unless `?month=2026-11` asks."""
    today = timezone.localdate()
    asked = request.GET.get("month", "").strip()
    first_day = _month(asked)
    error = "" if first_day or not asked else "月は「2026-11」の形で指定してください。"
    month = month_calendar(first_day or today.replace(day=1), today)
    before, after = months_around(month.first_day)
    context = {
        "month": month,
        "weekdays": WEEKDAYS,
        "error": error,
        "before": _shown_month(before),
        "after": _shown_month(after),
        "year": FiscalYear.containing(month.first_day),
        "keeps": request.access.keeps_training,
    }
    return show(request, "training/calendar.html", "研修カレンダー", context)


@require_GET
@allow(lambda access: access.sees_figures)
def calendar_year(request: PageRequest) -> HttpResponse:
    """The offerings that begin in a fiscal year, by month; the present year unless asked."""
    today = timezone.localdate()
    year, error = _year(request, today)
    page = Paginator(_begun_in(year), PAGE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "years": _years(year),
        "months": by_month(entries(page.object_list, today)),
        "page": page,
        "query": f"year={year.label}",
        "error": error,
        "keeps": request.access.keeps_training,
    }
    return show(request, "training/calendar_year.html", "年度の研修一覧", context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_figures)
def calendar_year_export(request: PageRequest) -> HttpResponse:
    """The same list, to Excel."""
    today = timezone.localdate()
    year, _ = _year(request, today)
    listing = Listing(
        kind="calendar_year",
        what=f"{year.long_label}の研修",
        on=today,
        headings=HEADINGS,
        rows=[
            (
                entry.offering.starts_on,
                entry.offering.ends_on,
                entry.at,
                entry.title,
                entry.offering.course.get_category_display(),
                entry.offering.get_mode_display(),
                entry.offering.venue,
                entry.state_label,
                entry.taken,
                entry.offering.capacity,
            )
            for entry in entries(_begun_in(year), today)
        ],
        filters={"year": year.label},
        unit="回",
    )
    page = f"{reverse('training:calendar_year')}?year={year.label}"
    return take_things(request, listing, [*_trail(), ("年度の研修一覧", page)])


def _year(request: PageRequest, today: date) -> tuple[FiscalYear, str]:
    """The year asked for, else the present one; and what to tell the asker."""
    asked = request.GET.get("year", "").strip()
    if asked:
        try:
            return FiscalYear.parse(asked), ""
        except ValueError as refusal:
            return FiscalYear.containing(today), str(refusal)
    return FiscalYear.containing(today), ""


def _begun_in(year: FiscalYear) -> OfferingQuerySet:
    return shown(Offering.objects.in_year(year)).order_by("starts_on", "starts_at", "pk")


def _trail() -> list[tuple[str, str]]:
    return [("研修カレンダー", reverse("training:calendar"))]


def _month(asked: str) -> date | None:
    """The first day of the month asked for, if it is one we show."""
    written = _WRITTEN.fullmatch(asked)
    if written is None or not FIRST_SHOWN <= int(written["year"]) <= LAST_SHOWN:
        return None
    return date(int(written["year"]), int(written["month"]), 1)


def _shown_month(first_day: date) -> date | None:
    return first_day if FIRST_SHOWN <= first_day.year <= LAST_SHOWN else None


def _years(shown_year: FiscalYear) -> list[tuple[FiscalYear, bool]]:
    """The plan's years, those with offerings and the one shown; whether each is shown."""
    days = Offering.objects.order_by().values_list("starts_on", flat=True).distinct()
    years = {FiscalYear.containing(day) for day in days} | {shown_year}
    years |= set(FiscalYear.range(PLAN_FIRST, PLAN_LAST))
    return [(year, year == shown_year) for year in sorted(years)]
