"""The people behind the numbers of the gap, on the screen and in Excel."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from reports.gap import Gap, Lacking, gap
from reports.gap_figure import missing_label, training_name, training_names
from reports.shortest_way import Ahead, Way, target_ahead
from reports.views.gap import READY, way_of
from reports.views.trail import under_dashboard
from staff.listings import Listing, take_people
from staff.models import Assignment, AssignmentQuerySet, Band, StaffMember
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import Category, CountingRule

PAGE = 50
TITLE = "不足の内訳の職員"
HEADINGS = ("職員番号", "氏名", "フリガナ", "所属", "職名", "職階", "未修了の区分", "受講予定")


@dataclass(frozen=True, slots=True)
class Question:
    """What a number of the gap page asks: the people it counts, as far as names may be seen.

    `narrowed`: the filters in words.
    """

    day: AskedDay
    people: dict[int, Lacking]
    narrowed: tuple[str, ...]
    known: Ahead
    query: str

    @property
    def places(self) -> AssignmentQuerySet:
        """Their places on the day, in the order of departments."""
        return (
            Assignment.objects.employed(self.day.on)
            .filter(staff__in=list(self.people))
            .select_related("staff", "department", "rank")
            .order_by("department__order", "department__code", "rank__order", "staff__number")
        )

    def words(self, staff_id: int) -> tuple[str, str]:
        """What the person lacks or will lack on the due day, and what of it is booked."""
        missing = self.people[staff_id].missing
        lapsing = [c for c in Category if c in self.known.lapsing.get(staff_id, ())]
        booked = self.known.booked.get(staff_id, frozenset())
        names = [training_name(one) for one in missing]
        names += [f"{training_name(one)}（期日までに有効年数を過ぎます）" for one in lapsing]
        return "・".join(names), training_names(
            [one for one in (*missing, *lapsing) if one in booked]
        )

    @property
    def here(self) -> str:
        """The address of the list."""
        return f"{reverse('reports:gap_people')}?{self.query}"


def asked(request: PageRequest) -> Question:
    """What is asked for; 404 for a unit of which no name may be seen."""
    day = asked_day(request)
    rule = CountingRule.objects.in_force(day.on)
    found = gap(day.on, rule, request.access.figure_units)
    way, known = way_of(request, found, target_ahead(found), rule, day)
    units = request.access.name_units
    people = [one for one in found.people if units is None or one.department_id in units]
    people, narrowed = _narrowed(request, people, found)
    seat = request.GET.get("seat", "")
    if seat:
        people, words = _proposed(people, way, seat)
        narrowed = [*narrowed, words]
    query = request.GET.copy()
    query.pop("page", None)
    return Question(
        day, {one.staff_id: one for one in people}, tuple(narrowed), known, query.urlencode()
    )


def _narrowed(
    request: PageRequest, people: list[Lacking], found: Gap
) -> tuple[list[Lacking], list[str]]:
    words = []
    if asked_for := request.GET.get("unit", ""):
        unit = next((unit for unit, _ in found.units if str(unit.pk) == asked_for), None)
        people = [one for one in people if unit is not None and one.unit_id == unit.pk]
        if unit is None or not people:
            raise Http404
        words.append(f"部署：{unit.name}")
    if (band := request.GET.get("band", "")) in Band.values:
        people = [one for one in people if one.band == band]
        words.append(f"職階：{Band(band).label}")
    missing = request.GET.get("missing", "")
    if missing.isdecimal():
        people = [one for one in people if str(len(one.missing)) == missing]
        words.append(missing_label(int(missing)))
    elif missing:
        people = [one for one in people if "-".join(one.missing) == missing]
        if not people:
            raise Http404
        words.append(f"未修了：{training_names(people[0].missing)}")
    return people, words


def _proposed(people: list[Lacking], way: Way | None, seat: str) -> tuple[list[Lacking], str]:
    """Those of the people whom the shortest way gives a seat, or who have booked all they lack."""
    if way is None:
        raise Http404
    if seat == READY:
        chosen = {one.staff_id for one in way.ready}
        return [one for one in people if one.staff_id in chosen], "未修了の区分をすべて受講予定"
    if seat not in way.seats:
        raise Http404
    chosen = {one.staff_id for one in way.seats[seat]}
    return [one for one in people if one.staff_id in chosen], f"{training_name(seat)}の席の提案"


@require_GET
@allow(lambda access: access.sees_lists)
def gap_people(request: PageRequest) -> HttpResponse:
    """The people a number of the gap counts. `?missing=` a number, or categories joined by -.

    `?unit=` and `?band=` narrow; `?seat=` asks for the people of the proposal.
    """
    question = asked(request)
    page = Paginator(question.places, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    reachable = set(
        StaffMember.objects.visible_to(request.access, today)
        .filter(pk__in=[place.staff_id for place in page])
        .values_list("pk", flat=True)
    )
    context = {
        "question": question,
        "day": question.day,
        "page": page,
        "rows": [
            (place, place.staff_id in reachable, *question.words(place.staff_id)) for place in page
        ],
        "is_narrowed": request.access.name_units is not None,
    }
    return show(request, "reports/gap_people.html", TITLE, context, _trail(question))


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def gap_export(request: PageRequest) -> HttpResponse:
    """The list as filtered, to Excel; for more than a hundred people first what for."""
    question = asked(request)
    listing = Listing(
        kind="gap",
        what=TITLE,
        on=question.day.on,
        headings=HEADINGS,
        rows=[_row(place, question) for place in question.places],
        filters={name: request.GET.get(name, "") for name in ("missing", "unit", "band", "seat")},
        narrowed=question.narrowed,
    )
    return take_people(request, listing, [*_trail(question), (TITLE, question.here)])


def _trail(question: Question) -> list[tuple[str, str]]:
    back = f"{reverse('reports:gap')}?as_of={question.day.on.isoformat()}"
    return under_dashboard(("不足と道筋", back))


def _row(place: Assignment, question: Question) -> tuple[str, ...]:
    return (
        place.staff.number,
        place.staff.name,
        place.staff.name_kana,
        place.department.name,
        place.rank.name,
        place.rank.get_band_display(),
        *question.words(place.staff_id),
    )
