"""The people behind the numbers of the gap, on the screen and in Excel."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import write_list
from reports.gap import Gap, Lacking, gap
from reports.gap_figure import missing_label, training_name, training_names
from reports.shortest_way import (
    NOTHING_KNOWN,
    Ahead,
    Way,
    is_ahead,
    known_ahead,
    shortest_way,
    target_ahead,
)
from reports.views.gap import READY
from staff.exports import ListFile, care_line, export_page
from staff.models import Assignment, AssignmentQuerySet, Band, StaffMember
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule

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
        """What the person lacks, and what of it is booked."""
        missing = self.people[staff_id].missing
        booked = self.known.booked.get(staff_id, frozenset())
        return training_names(missing), training_names([one for one in missing if one in booked])

    @property
    def here(self) -> str:
        """The address of the list."""
        return f"{reverse('reports:gap_people')}?{self.query}"


def asked(request: PageRequest) -> Question:
    """What is asked for; 404 for a unit of which no name may be seen."""
    day = asked_day(request)
    found = gap(day.on, CountingRule.objects.in_force(day.on), request.access.figure_units)
    way, known = _way(request, found, day)
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


def _way(request: PageRequest, found: Gap, day: AskedDay) -> tuple[Way | None, Ahead]:
    """The proposal, which is the whole city's alone, and what is booked."""
    target = target_ahead(found)
    if target is None or not is_ahead(target, day.on):
        return None, NOTHING_KNOWN
    known = known_ahead(found, target.due, day.today)
    if request.access.figure_units is not None:
        return None, known
    return shortest_way(found, target, known), known


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
    file = ListFile(
        kind="gap",
        filters={
            "as_of": question.day.on.isoformat(),
            **{name: request.GET.get(name, "") for name in ("missing", "unit", "band", "seat")},
        },
        people=len(question.people),
        file_name=f"不足の内訳_{question.day.on.isoformat()}.xlsx",
        write=lambda: _workbook(question),
    )
    return export_page(
        request,
        file,
        "不足の内訳の書き出し",
        [f"基準日：{era_date(question.day.on)}", *question.narrowed],
        [*_trail(question), (TITLE, question.here)],
    )


def _trail(question: Question) -> list[tuple[str, str]]:
    back = f"{reverse('reports:gap')}?as_of={question.day.on.isoformat()}"
    return [("不足と道筋", back)]


def _workbook(question: Question) -> bytes:
    rows = [
        (
            place.staff.number,
            place.staff.name,
            place.staff.name_kana,
            place.department.name,
            place.rank.name,
            place.rank.get_band_display(),
            *question.words(place.staff_id),
        )
        for place in question.places
    ]
    notes = ["この一覧は個人情報です。決められた場所に保管し、使い終わったら削除してください。"]
    above = [care_line(TITLE, question.day.on, question.narrowed)]
    return write_list("不足の内訳", HEADINGS, rows, notes=notes, above=above)
