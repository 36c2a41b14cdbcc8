"""The plan: ten years at a glance, the outlines of its periods, writing them."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.workbooks.writing import Content
from staff.listings import Listing, take_things
from staff.pages import PageRequest, allow, show
from training.forms.plan import PeriodForm
from training.models import PlanPeriod, PlanReview
from training.plan_board import Board, plan_board, with_people
from training.plan_figure import plan_figure
from training.services.periods import (
    PeriodChangedMeanwhileError,
    PeriodWords,
    words_of,
    write_period,
)

HEADINGS = ("施策", "対象", "頻度", "年度", "開催", "予定", "修了した人")


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """A two-year outline with what the reviews of its years said."""

    period: PlanPeriod
    title: str
    is_current: bool
    reviews: tuple[tuple[FiscalYear, str], ...]

    @property
    def is_written(self) -> bool:
        """Whether anybody wrote anything."""
        return bool(self.period.outline or any(text for _, text in self.reviews))


@require_GET
@allow(lambda access: access.sees_figures)
def plan(request: PageRequest) -> HttpResponse:
    """The Gantt, the same in numbers year by year, and the outlines, the current one first."""
    today = timezone.localdate()
    scope = request.access.figure_units
    board = with_people(plan_board(today), scope)
    context = {
        "today": today,
        "board": board,
        "figure": plan_figure(board),
        "periods": _periods(today),
        "is_whole_city": scope is None,
        "keeps": request.access.keeps_training,
        "lists_people": request.access.sees_lists,
    }
    return show(request, "training/plan.html", "研修計画", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_figures)
def plan_export(request: PageRequest) -> HttpResponse:
    """The rows of the plan year by year, to Excel: a line for each row and year it runs in."""
    today, scope = timezone.localdate(), request.access.figure_units
    listing = Listing(
        kind="plan",
        what="研修計画",
        on=today,
        headings=HEADINGS,
        rows=_lines(with_people(plan_board(today), scope)),
        narrowed=["市全体" if scope is None else "所属とその下の所属"],
        unit="行",
        notes=(
            "年度が「計」の行の修了者は、施策の期間を通して同じ人を1人と数えます。",
            "開催と予定は、中止を除いた開催回の数です（始まる日の年度）。",
        ),
    )
    return take_things(request, listing, [("研修計画", reverse("training:plan"))])


def _lines(board: Board) -> list[tuple[Content, ...]]:
    """Rows that nobody fulfils by attending have neither years nor totals, as on the page."""
    return [
        (
            row.programme.name,
            row.programme.get_audience_display(),
            row.programme.get_frequency_display(),
            label,
            tally.held,
            tally.planned,
            tally.completed,
        )
        for row in board.rows
        for label, tally in [
            ("計", row.total),
            *zip((year.label for year in board.years), row.cells, strict=True),
        ]
        if tally is not None
    ]


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_training)
def period_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Write the outline and the reviews; what somebody else wrote meanwhile is shown beside."""
    period = get_object_or_404(PlanPeriod, pk=pk)
    form = PeriodForm(request.POST or None, now=words_of(period))
    others: PeriodWords | None = None
    if form.is_valid():
        try:
            changed = write_period(
                period=period,
                words=form.cleaned_data["words"],
                seen=form.cleaned_data["seen"],
                by=request.user,
            )
        except PeriodChangedMeanwhileError as refusal:
            form.add_error(None, str(refusal))
            form.let_save_over(refusal.now)
            others = refusal.now
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            told = "概要と見直しを保存しました。" if changed else "変更はありませんでした。"
            messages.success(request, told)
            return redirect("training:plan")
    back = reverse("training:plan")
    shown = _shown_words(others) if others else ()
    context = {"form": form, "back": back, "others": shown}
    trail = [("研修計画", back)]
    return show(request, "training/edit_beside.html", f"{_title(period)}の概要", context, trail)


def _periods(today: date) -> list[ShownPeriod]:
    """The outlines with their reviews in two queries; the current first, then by year."""
    said = {review.fiscal_year: review.text for review in PlanReview.objects.all()}
    year = FiscalYear.containing(today)
    periods = [
        ShownPeriod(
            period,
            _title(period),
            period.first_year <= year <= period.last_year,
            tuple(
                (each, said.get(each, ""))
                for each in FiscalYear.range(period.first_year, period.last_year)
            ),
        )
        for period in PlanPeriod.objects.all()
    ]
    return sorted(periods, key=lambda shown: not shown.is_current)


def _title(period: PlanPeriod) -> str:
    return f"{period.first_year.label}～{period.last_year.label}"


def _shown_words(words: PeriodWords) -> list[tuple[str, str]]:
    """What stands there now, under the labels of the form."""
    reviews = [(f"{year.label}の見直し", words.reviews[year]) for year in words.years]
    return [("2か年の概要", words.outline), *reviews]
