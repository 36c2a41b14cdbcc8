"""The flow of a year: the account of デジタル活用職員, and the people behind each of its terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.fiscal import FiscalYear, era_date
from agano_dx.lib.japanese import signed
from reports import flow_words as words
from reports.flow import Flow, Move, Term, flow, months
from reports.views.links import Links
from reports.views.trail import under_dashboard
from staff.listings import Listing, take_people
from staff.models import Department, StaffMember
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.plan_board import PLAN_FIRST, PLAN_LAST

DAY = timedelta(days=1)
PAGE = 50
_NOT_YET = "1年の動きは今日までの分だけです。今日までの日を選んでください。"
_OUTSIDE = f"計画の年度（{PLAN_FIRST}から{PLAN_LAST}まで）を選んでください。"
HEADINGS = ("年月日", "職員番号", "氏名", "所属", "内容")


@dataclass(frozen=True, slots=True)
class Span:
    """The days asked for, how the address asks for them again, and what to tell the asker."""

    year: FiscalYear
    last: date
    today: date
    error: str = ""

    @property
    def first(self) -> date:
        """The year's first day."""
        return self.year.first_day

    @property
    def query(self) -> str:
        """The question for an address."""
        return urlencode({"as_of": self.last.isoformat()})


@dataclass(frozen=True, slots=True)
class Row:
    """A move with names, for screen and Excel."""

    move: Move
    member: StaffMember
    department: Department
    happened: str


def asked_span(request: PageRequest) -> Span:
    """The year of `?year=R8`, else that of `?as_of=` up to the day.

    The running year goes as far as it has come.
    """
    day = asked_day(request)
    known = min(day.on, day.today)  # what is to come has not moved anybody yet, whoever asks
    error = day.error or (_NOT_YET if day.on > known else "")
    if FiscalYear.containing(known) < PLAN_FIRST:
        known, error = day.today, _OUTSIDE
    span = Span(FiscalYear.containing(known), known, day.today, error)
    typed = request.GET.get("year", "").strip()
    if not typed:
        return span
    try:
        year = FiscalYear.parse(typed[:20])
    except ValueError as error:
        return Span(span.year, span.last, span.today, str(error))
    if not PLAN_FIRST <= year <= PLAN_LAST:
        return Span(span.year, span.last, span.today, _OUTSIDE)
    if year.first_day > day.today:
        return Span(span.year, span.last, span.today, "始まっている年度を選んでください。")
    return Span(year, min(year.last_day, day.today), day.today)


@require_GET
@allow(lambda access: access.sees_figures)
def flow_page(request: PageRequest) -> HttpResponse:
    """The account as sentence, table and chart, and month by month, within the asker's scope."""
    span = asked_span(request)
    account = flow(span.first, span.last, request.access.figure_units)
    by_month = months(account)
    context = {
        "span": span,
        "account": account,
        "cards": _cards(account),
        "lines": _lines(account, Links(request, AskedDay(span.last, span.today))),
        "figure": words.flow_figure(account),
        "months": by_month,
        "busiest": words.busiest(by_month),
        "years": _years(span),
        "is_whole_city": request.access.figure_units is None,
    }
    return show(request, "reports/flow.html", "1年の動き", context, under_dashboard())


def _cards(account: Flow) -> list[dict[str, str]]:
    first, last = era_date(account.first), era_date(account.last)
    return [
        _card(words.opening_words(account), str(account.opening), f"{first}の前日"),
        _card("増えた人数", signed(account.gained), "下の表の増の合計"),
        _card("減った人数", signed(-account.lost), "下の表の減の合計"),
        _card(words.closing_words(account), str(account.closing), f"{last}現在"),
    ]


def _card(label: str, value: str, comparison: str) -> dict[str, str]:
    return {"label": label, "value": value, "unit": "人", "comparison": comparison}


def _lines(account: Flow, links: Links) -> list[dict[str, str]]:
    """The account's lines from opening to closing, each with the way to its people."""
    before = account.first - DAY
    lines = [_end(words.opening_words(account), account.opening, links.people("capable", before))]
    for term in account.terms:
        href = links.page("reports:flow_people", term.value) if links.opens_whole else ""
        lines.append(
            {
                "label": str(term.label),
                "amount": signed(words.amount(account, term)),
                "href": href if account.counts[term] else "",
                "kind": "term",
            }
        )
    closing = links.people("capable", account.last)
    lines.append(_end(words.closing_words(account), account.closing, closing))
    return lines


def _end(label: str, count: int, href: str) -> dict[str, str]:
    return {"label": label, "amount": str(count), "href": href if count else "", "kind": "end"}


def _years(span: Span) -> list[tuple[str, str, bool]]:
    """The plan's years begun by today: label, address, whether shown."""
    return [
        (year.label, f"?year={year.label}", year == span.year)
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
        if year.first_day <= span.today
    ]


@require_GET
@allow(lambda access: access.sees_lists)
def flow_people(request: PageRequest, term: str) -> HttpResponse:
    """Who is behind a term of the account, as far as the asker may see names."""
    asked = _term(term)
    span = asked_span(request)
    moves = _moves(request, asked, span)
    page = Paginator(moves, PAGE).get_page(request.GET.get("page"))
    rows = _rows(list(page))
    reachable = StaffMember.objects.visible_to(request.access, span.today)
    context = {
        "span": span,
        "page": page,
        "rows": rows,
        "reachable": set(
            reachable.filter(pk__in=[row.member.pk for row in rows]).values_list("pk", flat=True)
        ),
        "query": span.query,
        "export": reverse("reports:flow_export", args=[term]),
        "is_narrowed": request.access.name_units is not None,
    }
    return show(request, "reports/flow_people.html", _title(asked), context, _trail(span))


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.sees_lists)
def flow_export(request: PageRequest, term: str) -> HttpResponse:
    """The same list as a workbook."""
    asked = _term(term)
    span = asked_span(request)
    listing = Listing(
        kind="flow",
        what=_title(asked),
        on=span.last,
        headings=HEADINGS,
        rows=[
            (row.move.on, row.member.number, row.member.name, row.department.name, row.happened)
            for row in _rows(_moves(request, asked, span))
        ],
        filters={"term": term, "from": span.first.isoformat()},
        narrowed=[f"{era_date(span.first)}から{era_date(span.last)}まで"],
        unit="件",
    )
    here = f"{reverse('reports:flow_people', args=[term])}?{span.query}"
    return take_people(request, listing, [*_trail(span), (_title(asked), here)])


def _term(term: str) -> Term:
    if term not in Term.values:
        raise Http404
    return Term(term)


def _title(term: Term) -> str:
    return f"1年の動き：{term.label}"


def _trail(span: Span) -> list[tuple[str, str]]:
    return under_dashboard(("1年の動き", f"{reverse('reports:flow')}?{span.query}"))


def _moves(request: PageRequest, term: Term, span: Span) -> list[Move]:
    """The term's moves in the account the asker sees, of people whose names they may see."""
    units = request.access.name_units
    account = flow(span.first, span.last, request.access.figure_units)
    return [move for move in account.of(term) if units is None or move.department_id in units]


def _rows(moves: Sequence[Move]) -> list[Row]:
    members = StaffMember.objects.in_bulk([move.staff_id for move in moves])
    departments = Department.objects.in_bulk([move.department_id for move in moves])
    return [
        Row(move, members[move.staff_id], departments[move.department_id], words.happened(move))
        for move in moves
    ]
