"""専門分野人材: how many of each band on a day and who; what is to be expected."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from leaders.bands import specialist_ranges
from leaders.forms.specialists import USUAL_YEARS, OutlookForm
from leaders.specialists import bands, designated, designated_places, outlook
from staff.access import Access
from staff.forms.days import DayForm
from staff.listings import Listing, take_people
from staff.pages import AskedDay, PageRequest, allow, asked_day, show

PAGE = 50
HEADINGS = (
    "職員番号",
    "氏名",
    "フリガナ",
    "所属",
    "職名",
    "職階",
    "経路",
    "登用日",
    "終了日",
)


@require_GET
@allow(lambda access: access.sees_figures)
def specialist_list(request: PageRequest) -> HttpResponse:
    """The bands on the asked day against the plan's, and the people the asker may see by name."""
    access, day = request.access, asked_day(request)
    counts = bands(day.on, access.figure_units)
    page = Paginator(designated_places(day.on, access.name_units), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "counts": counts,
        "total": sum(row.count for row in counts),
        "wanted": sum(row.minimum for row in counts),
        "short": sum(row.short for row in counts),
        "due": _due(),
        "is_whole_city": access.figure_units is None,
        "page": page,
        "people": designated(list(page.object_list), day.on, _told_until(access, day)),
        "names_people": access.sees_lists,
        "names_are_links": day.is_today or access.sees_everyone,
        "looks_for_candidates": access.sees_everyone,
        "looks_ahead": access.sees_everyone or access.is_manager,
        "query": f"as_of={day.on.isoformat()}",
    }
    return show(request, "leaders/specialist_list.html", "専門分野人材", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def specialist_export(request: PageRequest) -> HttpResponse:
    """The people of the asked day, to Excel; for more than a hundred first what for."""
    access, day = request.access, asked_day(request)
    places = list(designated_places(day.on, access.name_units))
    listing = Listing(
        kind="specialists",
        what="専門分野人材",
        on=day.on,
        headings=HEADINGS,
        rows=[
            (
                one.place.staff.number,
                one.place.staff.name,
                one.place.staff.name_kana,
                one.place.department.name,
                one.place.rank.name,
                one.place.rank.get_band_display(),
                one.route,
                one.designation.starts_on,
                one.ends_on,
            )
            for one in designated(places, day.on, _told_until(access, day))
        ],
    )
    page = f"{reverse('leaders:specialist_list')}?as_of={day.on.isoformat()}"
    return take_people(request, listing, [("専門分野人材", page)])


def _told_until(access: Access, day: AskedDay) -> date:
    return date.max if access.sees_future else day.today


@require_GET
@allow(lambda access: access.sees_everyone or access.is_manager)
def specialist_outlook(request: PageRequest) -> HttpResponse:
    """What becomes of the bands. Decided changes are 内示: who may not know them sees none."""
    access, today = request.access, timezone.localdate()
    form = OutlookForm(request.GET if "years" in request.GET else {"years": USUAL_YEARS})
    years = (form.cleaned_data["years"] if form.is_valid() else None) or USUAL_YEARS
    due = _due()
    until = due if due is not None and access.sees_future else today
    found = outlook(today, until, years)
    context = {
        "form": form,
        "today": today,
        "years": years,
        "due": due,
        "bands": found.bands,
        "knows_decided": access.sees_future,
        "decided": found.decided if access.sees_everyone else (),
        "rising": found.rising if access.sees_everyone else (),
        "names_people": access.sees_everyone,
        "short_today": sum(row.short_today for row in found.bands),
        "short_decided": sum(row.short_decided for row in found.bands),
        "short_likely": sum(row.short_likely for row in found.bands),
    }
    return show(
        request, "leaders/specialist_outlook.html", "専門分野人材の見通し", context, trail()
    )


def _due() -> date | None:
    """The day by which the plan wants the specialists."""
    return max((wanted.due for wanted in specialist_ranges().values()), default=None)


def trail() -> list[tuple[str, str]]:
    """The page above all others here."""
    return [("専門分野人材", reverse("leaders:specialist_list"))]
