"""確定値: the years, freezing one, and what was frozen."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.japanese import signed
from reports.comparison import Explanation, compare, frozen_side, known_side, tally
from reports.figures import percent
from reports.forms.snapshots import FreezeForm
from reports.kept_figures import by_unit, counts_of, figures_of
from reports.members import HEADINGS, figure_rows, members, with_names
from reports.models import Snapshot
from reports.open_matters import open_matters
from reports.progress import Counts
from reports.rule_words import in_words
from reports.services.freezing import freeze
from reports.snapshots import rule_from
from reports.standing import standings
from staff.listings import Listing, take_people
from staff.pages import PageRequest, allow, show
from training.models import CountingRule, FrozenYear
from training.plan_board import PLAN_FIRST, PLAN_LAST

PAGE = 50
LIST = "確定値"


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year of the plan: its frozen figures, or how far it is from them."""

    year: FiscalYear
    snapshot: Snapshot | None
    counts: Counts | None
    is_over: bool
    is_locked: bool

    @property
    def state(self) -> tuple[str, str]:
        """The state in words, and the chip's kind."""
        if self.snapshot is not None:
            return "確定済", "success"
        if self.is_locked:
            return "記録のみ確定済", "warning"
        return ("未確定", "warning") if self.is_over else ("期日前", "")

    @property
    def percent(self) -> str:
        """The share with one decimal."""
        return f"{percent(self.counts.share)}％" if self.counts else ""


@require_GET
@allow(lambda access: access.sees_figures)
def snapshot_list(request: PageRequest) -> HttpResponse:
    """The plan's years: frozen by whom and when, or what is next."""
    today = timezone.localdate()
    scope = request.access.figure_units
    snapshots = Snapshot.objects.select_related("frozen_by__staff")
    if scope is None:  # the city's figures are written; a head's are counted from the members
        snapshots = snapshots.defer("members")
    kept = {one.fiscal_year: one for one in snapshots}
    locked = set(FrozenYear.objects.values_list("fiscal_year", flat=True))
    rows = [
        YearRow(
            year,
            kept.get(year),
            counts_of(kept[year], scope) if year in kept else None,
            year.last_day < today,
            year in locked,
        )
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
    ]
    context = {
        "rows": rows,
        "next": next((row for row in rows if row.is_over and row.snapshot is None), None),
        "may_freeze": request.access.is_hr,
        "is_whole_city": scope is None,
        "sees_names": request.access.sees_everyone,
    }
    return show(request, "reports/snapshot_list.html", LIST, context, _trail()[:1])


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_hr)
def snapshot_new(request: PageRequest, year: int) -> HttpResponse:
    """What freezing means, what is still open, the figures as they will stand; then the button."""
    asked, today = _year(year), timezone.localdate()
    if Snapshot.objects.filter(fiscal_year=year).exists():
        return redirect("reports:snapshot_detail", year=year)
    form = FreezeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = freeze(year=asked, by=request.user, today=today)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{asked.long_label}の数値を確定しました。")
            return redirect(made)
    rule = CountingRule.objects.in_force(asked.last_day)
    is_over = asked.last_day < today
    context = {
        "year": asked,
        "form": form,
        "is_over": is_over,
        "matters": open_matters(asked, today) if is_over else [],
        "rows": figure_rows(tally(standings(asked.last_day, None), rule, None)) if is_over else [],
        "wording": in_words(rule),
    }
    title = f"{asked.long_label}の数値を確定する"
    return show(request, "reports/snapshot_new.html", title, context, _trail())


@require_GET
@allow(lambda access: access.sees_figures)
def snapshot_detail(request: PageRequest, year: int) -> HttpResponse:
    """A frozen year within the asker's scope: figures, rule, members, what was learned since."""
    snapshot = get_object_or_404(
        Snapshot.objects.select_related("frozen_by__staff"), fiscal_year=year
    )
    scope = request.access.figure_units
    since = compare(frozen_side(snapshot), known_side(snapshot.as_of), scope)
    people = members(snapshot, request.access.name_units) if request.access.sees_lists else []
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context = {
        "snapshot": snapshot,
        "cards": _cards(counts_of(snapshot, scope)),
        "rows": figure_rows(figures_of(snapshot, scope)),
        "units": by_unit(snapshot, scope),
        "wording": in_words(rule_from(snapshot.rule)),
        "since": _since(since),
        "page": page,
        "members": with_names(snapshot, list(page)),
        "headings": HEADINGS,
        "sees_lists": request.access.sees_lists,
        "sees_names": request.access.sees_everyone,
        "is_whole_city": scope is None,
        "keeps_training": request.access.keeps_training,
    }
    title = f"{snapshot.fiscal_year.long_label}の確定値"
    return show(request, "reports/snapshot_detail.html", title, context, _trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def snapshot_export(request: PageRequest, year: int) -> HttpResponse:
    """The members of a frozen year, as far as the asker may see names, as a workbook."""
    snapshot = get_object_or_404(Snapshot, fiscal_year=year)
    people = members(snapshot, request.access.name_units)
    listing = Listing(
        kind="snapshot_members",
        what=f"{snapshot.fiscal_year.long_label}の確定値の対象者",
        on=snapshot.as_of,
        headings=HEADINGS,
        rows=[one.cells for one in with_names(snapshot, people)],
        filters={"fiscal_year": str(year)},
        notes=["氏名は出力した日のもの、そのほかは確定したときのものです。"],
    )
    trail = [*_trail(), (f"{snapshot.fiscal_year.long_label}の確定値", snapshot.get_absolute_url())]
    return take_people(request, listing, trail)


def _trail() -> list[tuple[str, str]]:
    return [
        ("計画の進み具合", reverse("reports:dashboard")),
        (LIST, reverse("reports:snapshot_list")),
    ]


def _year(year: int) -> FiscalYear:
    """A year of the plan; 404 for any other."""
    if not PLAN_FIRST.year <= year <= PLAN_LAST.year:
        raise Http404
    return FiscalYear(year)


def _cards(counts: Counts) -> list[dict[str, str]]:
    return [
        {
            "label": "デジタル活用職員",
            "value": str(percent(counts.share)),
            "unit": f"％（{counts.capable} / {counts.population}人）",
        },
    ]


def _since(told: Explanation) -> str:
    """What was learned of the same day since, in one sentence."""
    if not told.lines:
        return "確定した後に、この日の記録で変わったものはありません。"
    population, capable = told.of("population"), told.of("capable")
    return (
        f"同じ日を現在の記録で数えると、全職員{population.second}人"
        f"（{signed(population.difference)}人）、デジタル活用職員{capable.second}人"
        f"（{signed(capable.difference)}人）です。確定した後に変わったのは{told.people}人分です。"
    )
