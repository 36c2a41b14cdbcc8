"""The round: the board of all departments, its days and words, closing and opening again."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from agano_dx.lib.workbooks.writing import Content
from leaders.forms.rounds import ReopenForm, RoundForm
from leaders.models import Cohort
from leaders.round_board import Board, DepartmentState, Standing, board_of
from leaders.services import rounds as services
from leaders.services.decisions import first_start
from leaders.views.nominations import trail
from staff.listings import Listing, take_people
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show

HEADINGS = (
    "所属コード",
    "部署",
    "状況",
    "推薦",
    "この期のリーダー",
    "前の期のリーダー",
)
LATE = "これから推薦するときは、人事担当に連絡してください。"


@require_GET
@allow(lambda access: access.sees_everyone or bool(access.nominating))
def nomination_list(request: PageRequest) -> HttpResponse:
    """The board: what waits first for HR, then each department; heads see their own."""
    today = timezone.localdate()
    cohorts = list(Cohort.objects.all())
    cohort = _shown_cohort(request.GET.get("cohort", ""), cohorts, today)
    if cohort is None:
        return show(request, "leaders/nomination_none.html", "推薦", {})
    board = board_of(cohort, request.access, DepartmentTree.load(today))
    context = {
        "cohorts": cohorts,
        "cohort": cohort,
        "decides": request.access.keeps_leaders,
        "whole": request.access.sees_everyone,
        "late": "" if request.access.keeps_leaders else LATE,
        **_about(cohort, today),
        **_drawn(board, request, today),
    }
    return show(request, "leaders/nomination_list.html", "推薦", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_everyone or bool(access.nominating))
def nomination_export(request: PageRequest) -> HttpResponse:
    """The board as narrowed, to Excel; for more than a hundred departments first what for."""
    today = timezone.localdate()
    cohort = _shown_cohort(request.GET.get("cohort", ""), list(Cohort.objects.all()), today)
    if cohort is None:
        return redirect("leaders:nomination_list")
    board = board_of(cohort, request.access, DepartmentTree.load(today))
    states, state = _narrowed(board, request.GET.get("state", ""))
    label = "未提出" if state == "missing" else Standing(state).label if state else ""
    listing = Listing(
        kind="nominations",
        what=f"{cohort}の推薦の状況",
        on=today,
        headings=HEADINGS,
        rows=[_cells(one) for one in states],
        filters={"cohort": str(cohort.number), "state": state},
        narrowed=[label] if label else [],
        unit="部署",
    )
    page = f"{_board(cohort)}&state={state}" if state else _board(cohort)
    return take_people(request, listing, [("推薦", page)])


def _cells(state: DepartmentState) -> tuple[Content, ...]:
    return (
        state.department.code,
        state.department.name,
        state.label,
        "、".join(f"{one.staff.name}（{one.get_status_display()}）" for one in state.nominations),
        "、".join(term.staff.name for term in state.leaders),
        "、".join(term.staff.name for term in state.before),
    )


def _shown_cohort(asked: str, cohorts: list[Cohort], on: date) -> Cohort | None:
    """The cohort asked for, else the one whose round is open, else the running one."""
    choices = (
        *(cohort for cohort in cohorts if str(cohort.number) == asked),
        *(cohort for cohort in cohorts if cohort.takes_nominations(on)),
        *(cohort for cohort in cohorts if cohort.runs_on(on)),
    )
    return next(iter(choices), None)


def _about(cohort: Cohort, today: date) -> dict[str, object]:
    """Where the round stands."""
    opens, closes = cohort.nominations_open_on, cohort.nominations_close_on
    is_open = cohort.takes_nominations(today)
    return {
        "is_open": is_open,
        "is_over": cohort.is_over(today),
        "is_to_come": opens is not None and today < opens,
        "is_asking": cohort.is_asking(today),
        "days_left": (closes - today).days if is_open and closes else None,
    }


def _drawn(board: Board, request: PageRequest, today: date) -> dict[str, object]:
    """The board as narrowed by ?state=, and what waits for the asker's decision."""
    asked = request.GET.get("state", "")
    states, state = _narrowed(board, asked)
    waiting = board.waiting if request.access.sees_everyone else []
    return {
        "states": states,
        "query": urlencode({"cohort": board.cohort.number} | ({"state": state} if state else {})),
        "state": state,
        "all": len(board.states),
        "missing": len(board.missing),
        "counts": [(one, number) for one, number in board.counts.items()],
        "waiting": [(one, first_start(one, today)) for one in waiting],
        "acts": any(one.may_nominate for one in board.states),
    }


def _narrowed(board: Board, asked: str) -> tuple[list[DepartmentState], str]:
    if asked == "missing":
        return board.missing, asked
    if asked in {one.value for one in Standing}:
        return [one for one in board.states if one.standing.value == asked], asked
    return board.states, ""


# --- The round's days ---------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def round_edit(request: PageRequest, number: int) -> HttpResponse:
    """Open a round or change it: its days, and what heads are told."""
    cohort = get_object_or_404(Cohort, number=number)
    form = RoundForm(request.POST or None, cohort=cohort)
    others: Cohort | None = None
    if form.is_valid():
        try:
            changed = services.set_round(
                cohort=cohort,
                opens_on=form.cleaned_data["nominations_open_on"],
                closes_on=form.cleaned_data["nominations_close_on"],
                instruction=form.cleaned_data["instruction"],
                seen=form.cleaned_data["seen"],
                by=request.user,
                today=timezone.localdate(),
            )
        except services.RoundDaysError as refusal:
            form.add_error(refusal.field, str(refusal))
        except services.RoundChangedMeanwhileError as refusal:
            form.add_error(None, str(refusal))
            form.let_save_over(refusal.now)
            others = refusal.now
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "推薦の受付を保存しました。" if changed else "変更はありませんでした。"
            )
            return redirect(_board(cohort))
    context = {"form": form, "back": _board(cohort), "others": _facts(others) if others else ()}
    title = f"{cohort}の推薦の受付"
    return show(request, "training/edit_beside.html", title, context, trail())


def _facts(cohort: Cohort) -> list[tuple[str, str]]:
    """What stands there now, under the labels of the form."""
    opens, closes = cohort.nominations_open_on, cohort.nominations_close_on
    return [
        ("推薦の受付開始日", era_date(opens) if opens else ""),
        ("推薦の締切日", era_date(closes) if closes else ""),
        ("部署長への案内", cohort.instruction),
    ]


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def round_close(request: PageRequest, number: int) -> HttpResponse:
    """Show which departments would be left, and take no more nominations of heads."""
    cohort = get_object_or_404(Cohort, number=number)
    today = timezone.localdate()
    error = ""
    if request.method == "POST":
        try:
            closed = services.close_round(
                cohort=cohort, by=request.user, today=today, at=timezone.now()
            )
        except DomainError as refusal:
            error = str(refusal)
        else:
            told = f"{cohort}の推薦の受付を締め切りました。" if closed else _already(cohort)
            messages.success(request, told)
            return redirect(_board(cohort))
    board = board_of(cohort, request.access, DepartmentTree.load(today))
    context = {
        "cohort": cohort,
        "error": error,
        "missing": board.missing,
        "missing_names": board.missing_names,
        "waiting": board.waiting,
        "left": board.left,
        "total": len(board.states),
        "done": board.counts[Standing.DONE],
        "days_left": _about(cohort, today)["days_left"],
        "back": _board(cohort),
    }
    return show(request, "leaders/round_close.html", f"{cohort}の推薦の締切", context, trail())


def _already(cohort: Cohort) -> str:
    return f"{cohort}の推薦の受付は、すでに締め切ってあります。"


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def round_reopen(request: PageRequest, number: int) -> HttpResponse:
    """Take nominations again, until a new last day."""
    cohort = get_object_or_404(Cohort, number=number)
    today = timezone.localdate()
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        try:
            services.reopen_round(
                cohort=cohort,
                closes_on=form.cleaned_data["nominations_close_on"],
                by=request.user,
                today=today,
            )
        except services.RoundDaysError as refusal:
            form.add_error(refusal.field, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            last = era_date(form.cleaned_data["nominations_close_on"])
            messages.success(request, f"{cohort}の推薦の受付を再開しました。締切は{last}です。")
            return redirect(_board(cohort))
    context = {
        "cohort": cohort,
        "form": form,
        "is_open": cohort.takes_nominations(today),
        "back": _board(cohort),
    }
    title = f"{cohort}の推薦の受付の再開"
    return show(request, "leaders/round_reopen.html", title, context, trail())


def _board(cohort: Cohort) -> str:
    return f"{reverse('leaders:nomination_list')}?cohort={cohort.number}"
