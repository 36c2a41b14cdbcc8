"""Two sides held against each other, the difference explained person by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.japanese import signed
from reports.comparison import Explanation, Line, Side, compare
from reports.comparison.words import REASONS, effects, effects_together, what_changed, who_corrected
from reports.forms.snapshots import SidesForm
from staff.listings import Listing, take_people
from staff.models import Department, StaffMember
from staff.pages import PageRequest, allow, filters_in, show
from training.plan_board import PLAN_LAST

PAGE = 50
TITLE = "差の説明"
UNCHANGED = "数値は変わらない"
HEADINGS = ("職員番号", "氏名", "理由", "内容", "数値の増減")


@dataclass(frozen=True, slots=True)
class Told:
    """A line as the page shows it."""

    number: str
    name: str
    reason: str
    what: list[str]
    who: list[str]
    effect: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row, in the order of `HEADINGS`."""
        return (self.number, self.name, self.reason, "、".join(self.what + self.who), self.effect)


@require_GET
@allow(lambda access: access.sees_figures)
def comparison(request: PageRequest) -> HttpResponse:
    """The figures of both sides within the asker's scope, the reasons, and the people by name.

    A manager sees how many for each reason; names belong to those who may see them.
    """
    form = _asked(request)
    context: dict[str, object] = {"form": form, "sees_lists": request.access.sees_lists}
    if form.is_valid():
        context |= _told(request, form.cleaned_data["sides"])
    return show(request, "reports/comparison.html", TITLE, context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def comparison_export(request: PageRequest) -> HttpResponse:
    """The lines of the people the asker may see by name, as a workbook."""
    form, page = _asked(request), f"{reverse('reports:comparison')}?{filters_in(request)}"
    if not form.is_valid():
        return redirect(page)  # which says what to put right
    sides: tuple[Side, Side] = form.cleaned_data["sides"]
    lines = compare(*sides, request.access.name_units).lines
    listing = Listing(
        kind="comparison",
        what="一人ひとりの違い",
        on=timezone.localdate(),
        headings=HEADINGS,
        rows=[one.cells for one in _lines(lines, keeps_training=request.access.keeps_training)],
        narrowed=[side.label for side in sides],
        filters={"sides": "、".join(side.label for side in sides)},
        unit="件",
    )
    return take_people(request, listing, [*_trail(), (TITLE, page)])


def _asked(request: PageRequest) -> SidesForm:
    today = timezone.localdate()
    return SidesForm(request.GET, latest=_latest(request, today), today=today)


def _trail() -> list[tuple[str, str]]:
    return [
        ("計画の進み具合", reverse("reports:dashboard")),
        ("確定値", reverse("reports:snapshot_list")),
    ]


def _latest(request: PageRequest, today: date) -> date:
    """The last day that may be asked for: 内示 are secret."""
    return PLAN_LAST.last_day if request.access.sees_future else today


def _told(request: PageRequest, sides: tuple[Side, Side]) -> dict[str, object]:
    scope = request.access.figure_units
    told = compare(*sides, scope)
    page = Paginator(_named_lines(request, sides, told), PAGE).get_page(request.GET.get("page"))
    return {
        "told": told,
        "finding": finding(told),
        "figures": [
            (one, signed(one.difference), signed(one.by_facts), signed(one.by_rule))
            for one in told.figures
        ],
        "keeps_training": request.access.keeps_training,
        "has_rule": told.first.rule != told.second.rule,
        "reasons": [
            (
                REASONS[reason],
                one.people,
                effects_together(one.gained, one.lost) or UNCHANGED,
            )
            for reason, one in told.by_reason.items()
        ],
        "page": page,
        "headings": HEADINGS,
        "lines": _lines(list(page), keeps_training=request.access.keeps_training),
        "query": filters_in(request),
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
            effects(line.figures) or UNCHANGED,
        )
        for line in lines
    ]
