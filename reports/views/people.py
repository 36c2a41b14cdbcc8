"""The people behind a figure of the dashboard, and the list as a workbook."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from reports.departments import asked_unit, counted_under
from reports.people import FIGURES, people_behind
from staff.listings import Listing, take_people
from staff.models import Assignment, AssignmentQuerySet, Band, Department, StaffMember
from staff.organisation import DepartmentTree
from staff.pages import AskedDay, PageRequest, allow, asked_day, filters_in, show
from training.models import CountingRule

PAGE = 50
HEADINGS = ("職員番号", "氏名", "フリガナ", "所属", "職名", "職階", "在職区分", "任用形態")


@dataclass(frozen=True, slots=True)
class Question:
    """Which figure, of which day, unit and band; the people as far as the asker may see names."""

    figure: str
    day: AskedDay
    department: Department | None
    band: str
    places: AssignmentQuerySet
    query: str
    told_of: frozenset[int] | None

    def tells(self, place: Assignment) -> bool:
        """Whether the asker may be told where the person is.

        Leaders stand here by the department of their term, wherever they are by now.
        """
        return self.told_of is None or place.department_id in self.told_of

    @property
    def title(self) -> str:
        """What the figure counts."""
        return FIGURES[self.figure][0]

    @property
    def band_label(self) -> str:
        """職階 in words; empty for all."""
        return str(Band(self.band).label) if self.band else ""


@require_GET
@allow(lambda access: access.sees_lists)
def people_list(request: PageRequest, figure: str) -> HttpResponse:
    """The people a figure counts on the asked day, as far as the asker may see names.

    `?unit=` narrows to a reporting unit as the dashboard counts it, `?place=` to the people of one
    unit alone (both by key: a code may come to stand for another unit), `?band=` to a rank band.
    """
    question = _asked(request, figure)
    page = Paginator(question.places, PAGE).get_page(request.GET.get("page"))
    reachable = StaffMember.objects.visible_to(request.access, timezone.localdate())
    context = {
        "figure": figure,
        "day": question.day,
        "department": question.department,
        "band": question.band_label,
        "page": page,
        "query": question.query,
        "reachable": set(
            reachable.filter(pk__in=[place.staff_id for place in page]).values_list("pk", flat=True)
        ),
        "told": {place.pk for place in page if question.tells(place)},
        "is_narrowed": request.access.name_units is not None,
    }
    return show(request, "reports/people_list.html", question.title, context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def people_export(request: PageRequest, figure: str) -> HttpResponse:
    """The same people, to Excel; for more than a hundred first what for."""
    question = _asked(request, figure)
    unit = question.department
    listing = Listing(
        kind="people",
        what=question.title,
        on=question.day.on,
        headings=HEADINGS,
        rows=[_row(place, question) for place in question.places],
        filters={
            "figure": figure,
            _narrowed_to(request): str(unit.pk) if unit else "",
            "band": question.band,
        },
        narrowed=[word for word in (unit.name if unit else "", question.band_label) if word],
    )
    page = f"{reverse('reports:people_list', args=[figure])}?{question.query}"
    return take_people(request, listing, [*_trail(), (question.title, page)])


def _narrowed_to(request: PageRequest) -> str:
    """How the unit was asked for: with those under it, or for itself alone."""
    return "unit" if request.GET.get("unit") or not request.GET.get("place") else "place"


def _row(place: Assignment, question: Question) -> tuple[str, ...]:
    person = place.staff
    told = (
        place.department.name,
        place.rank.name,
        place.rank.get_band_display(),
        place.get_duty_display(),
        place.get_employment_display(),
    )
    shown = told if question.tells(place) else ("",) * len(told)
    return person.number, person.name, person.name_kana, *shown


def _asked(request: PageRequest, figure: str) -> Question:
    """Read the question from the address; 404 for what does not exist for the asker."""
    if figure not in FIGURES:
        raise Http404
    day, told_of = asked_day(request), request.access.name_units
    department, units = _narrowed(request, day)
    places = people_behind(figure, day.on, CountingRule.objects.in_force(day.on), units)
    band = request.GET.get("band", "")
    band = band if band in Band.values else ""
    if band:
        # Within what may be told: the filter would say what the list keeps back.
        places = places.filter(rank__band=band).within(told_of)
    return Question(figure, day, department, band, places, filters_in(request), told_of)


def _narrowed(
    request: PageRequest, day: AskedDay
) -> tuple[Department | None, frozenset[int] | None]:
    """The department asked for, and the units whose people may be shown."""
    units = request.access.name_units
    tree = DepartmentTree.load(day.on)
    for name in ("unit", "place"):
        asked = request.GET.get(name, "")
        if not asked:
            continue
        department = asked_unit(tree, asked)
        if department is None:
            raise Http404
        if name == "unit":
            counted = counted_under(tree, department.pk)
        else:
            counted = frozenset(pk for pk in tree.by_id if tree.current(pk) == department)
        if units is not None and not counted & units:
            raise Http404
        return department, counted if units is None else counted & units
    return None, units


def _trail() -> list[tuple[str, str]]:
    return [("計画の進み具合", reverse("reports:dashboard"))]
