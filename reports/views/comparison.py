"""Two sides held against each other, the difference explained person by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agano_dx.lib.japanese import signed
from reports.comparison import Explanation, Line, Side, compare
from reports.comparison.words import REASONS, effects, what_changed, who_corrected
from reports.forms.snapshots import SidesForm
from staff.models import Department, StaffMember
from staff.pages import PageRequest, allow, show
from training.plan_board import PLAN_LAST

PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """A line as the page shows it."""

    number: str
    name: str
    reason: str
    what: list[str]
    who: list[str]
    effect: str


@require_GET
@allow(lambda access: access.sees_figures)
def comparison(request: PageRequest) -> HttpResponse:
    """The figures of both sides within the asker's scope, the reasons, and the people by name.

    A manager sees how many for each reason; names belong to those who may see them.
    """
    today = timezone.localdate()
    form = SidesForm(request.GET, latest=_latest(request, today), today=today)
    context: dict[str, object] = {"form": form, "sees_lists": request.access.sees_lists}
    if form.is_valid():
        context |= _told(request, form.cleaned_data["sides"])
    trail = [
        ("計画の進み具合", reverse("reports:dashboard")),
        ("確定値", reverse("reports:snapshot_list")),
    ]
    return show(request, "reports/comparison.html", "差の説明", context, trail)


def _latest(request: PageRequest, today: date) -> date:
    """The last day that may be asked for: 内示 are secret."""
    return PLAN_LAST.last_day if request.access.sees_future else today


def _told(request: PageRequest, sides: tuple[Side, Side]) -> dict[str, object]:
    scope = request.access.figure_units
    told = compare(*sides, scope)
    page = Paginator(_named_lines(request, sides, told), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "told": told,
        "finding": finding(told),
        "figures": [
            (one, signed(one.difference), signed(one.by_facts), signed(one.by_rule))
            for one in told.figures
        ],
        "has_rule": told.first.rule != told.second.rule,
        "reasons": [
            (REASONS[reason], people, effects(sums) or "数値は変わらない")
            for reason, (people, sums) in told.by_reason.items()
        ],
        "page": page,
        "lines": _lines(list(page), keeps_training=request.access.keeps_training),
        "query": query.urlencode(),
        "is_whole_city": scope is None,
        "is_narrowed": request.access.name_units is not None,
    }


def finding(told: Explanation) -> str:
    """The difference of the two main figures, in one sentence."""
    population, capable = told.of("population"), told.of("capable")
    if not told.lines:
        return "2つの間に違いはありません。"
    return (
        f"全職員は{population.first}人から{population.second}人（{signed(population.difference)}人）、"
        f"デジタル活用職員は{capable.first}人から{capable.second}人"
        f"（{signed(capable.difference)}人）です。{told.people}人分の違いによります。"
    )


def _named_lines(
    request: PageRequest, sides: tuple[Side, Side], told: Explanation
) -> Sequence[Line]:
    """The lines of the people the asker may see by name: told again where that is fewer."""
    if not request.access.sees_lists:
        return ()
    units = request.access.name_units
    return (told if units == request.access.figure_units else compare(*sides, units)).lines


def _lines(lines: Sequence[Line], *, keeps_training: bool) -> list[Told]:
    """The words of each line, in two queries."""
    people = StaffMember.objects.in_bulk([line.staff_id for line in lines])
    places = dict(Department.objects.values_list("pk", "name"))
    return [
        Told(
            people[line.staff_id].number if line.staff_id in people else "－",
            people[line.staff_id].name if line.staff_id in people else "－",
            REASONS[line.reason],
            what_changed(line, places),
            who_corrected(line) if keeps_training else [],
            effects(line.figures) or "数値は変わらない",
        )
        for line in lines
    ]
