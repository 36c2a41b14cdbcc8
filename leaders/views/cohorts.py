"""Cohorts: the five of the plan; one with its departments, its leaders and what is missing."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import Content
from leaders.cohort_board import CohortBoard, Sight, UnitRow, cohort_board, cohort_lines
from leaders.models import Cohort
from leaders.questions import Question, open_questions
from staff.forms.days import DayForm
from staff.listings import Listing, take_people
from staff.pages import AskedDay, PageRequest, allow, asked_day, filters_in, show

HEADINGS = (
    "部署",
    "職員番号",
    "氏名",
    "就任日",
    "退任日",
    "退任理由",
    "状態",
    "修了",
    "就任時・所属の課など",
    "足りないこと",
)


@require_GET
@allow(lambda access: access.sees_figures)
def cohort_list(request: PageRequest) -> HttpResponse:
    """The cohorts of the plan, with the leaders within the asker's sight."""
    today = timezone.localdate()
    context = {
        "lines": cohort_lines(today, Sight.of(request.access, today)),
        "today": today,
        "is_whole_city": request.access.figure_units is None,
        "verifies": request.access.sees_everyone,
    }
    return show(request, "leaders/cohort_list.html", "期とリーダー", context)


@require_GET
@allow(lambda access: access.sees_figures)
def cohort_detail(request: PageRequest, number: int) -> HttpResponse:
    """The cohort on the asked day: departments without a leader first, then every department."""
    cohort = get_object_or_404(Cohort, number=number)
    day = asked_day(request)
    sight = Sight.of(request.access, day.today)
    board = cohort_board(cohort, day.on, sight)
    context = {
        "cohort": cohort,
        "board": board,
        "day": day,
        "form": DayForm.asked(request, day),
        "cards": _cards(board, day),
        "query": filters_in(request),
        "questions": _questions(cohort, day, sight),
        "decides": request.access.keeps_leaders,
        "nominates": request.access.sees_lists,
        "sees_everyone": request.access.sees_everyone,
        "is_whole_city": sight.units is None,
    }
    return show(request, "leaders/cohort_detail.html", f"{cohort}のリーダー", context, trail())


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def cohort_export(request: PageRequest, number: int) -> HttpResponse:
    """Every department with its leaders on the asked day, to Excel: a line for each leader."""
    cohort = get_object_or_404(Cohort, number=number)
    day = asked_day(request)
    board = cohort_board(cohort, day.on, Sight.of(request.access, day.today))
    listing = Listing(
        kind="cohort",
        what=f"{cohort}のリーダー",
        on=day.on,
        headings=HEADINGS,
        rows=[line for row in board.rows for line in _lines(row)],
        filters={"cohort": str(number)},
        unit="行",
    )
    page = f"{cohort.get_absolute_url()}?{filters_in(request)}"
    return take_people(request, listing, [*trail(), (f"{cohort}のリーダー", page)])


def _lines(row: UnitRow) -> list[tuple[Content, ...]]:
    """The leaders whom the asker may see by name; one line without a name where there is none."""
    if not row.leaders:
        return [(row.unit.name, *[None] * 8, row.missing)]
    return [
        (
            row.unit.name,
            line.term.staff.number,
            line.term.staff.name,
            line.term.starts_on,
            line.ends_on,
            line.reason,
            str(line.standing),
            line.outcome,
            line.place,
            row.missing,
        )
        for line in row.leaders
    ]


def _questions(cohort: Cohort, day: AskedDay, sight: Sight) -> list[Question]:
    """What waits today, of those the asker may see by name; a past day asks for nothing."""
    if not day.is_today:
        return []
    return [
        question
        for question in open_questions(day.on)
        if question.term.cohort_id == cohort.pk and sight.names_of(question.term)
    ]


def _cards(board: CohortBoard, day: AskedDay) -> list[dict[str, str]]:
    """The whole, in numbers."""
    giving, covered, cohort = len(board.giving), len(board.covered), board.cohort
    ends_on = era_date(cohort.ends_on)
    cards = [
        {
            "label": "活動中のリーダー",
            "value": str(board.sitting),
            "unit": "人",
            "comparison": f"予定 {cohort.seats}人" if board.band else "",
        },
        {
            "label": "リーダーのいる部署",
            "value": str(covered),
            "unit": f"/ {giving}部署",
            "comparison": f"いない部署 {giving - covered}" if board.runs else "",
        },
        {
            "label": "修了した任期（延べ）",
            "value": str(board.completed),
            "unit": f"人（実人数 {board.people}人）",
            "comparison": f"{ends_on}までの計画 {board.band.words}" if board.band else "",
        },
    ]
    if day.on < cohort.starts_on:
        days, label = (cohort.starts_on - day.on).days, "期が始まるまで"
        return [*cards, _days(label, days, f"{era_date(cohort.starts_on)}から")]
    return [*cards, _days("任期の残り", board.days_left, f"{ends_on}まで")]


def _days(label: str, days: int, comparison: str) -> dict[str, str]:
    return {"label": label, "value": str(days), "unit": "日", "comparison": comparison}


def trail() -> list[tuple[str, str]]:
    """The page above all others here."""
    return [("期とリーダー", reverse("leaders:cohort_list"))]
