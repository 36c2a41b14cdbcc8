"""総括: every figure of the day, its next target, how it stands."""

from datetime import date

from agano_dx.lib.fiscal import FiscalYear
from reports import figures as drawn
from reports.history import LeaderYear
from reports.paper.lines import filled
from reports.paper.shapes import Cell, Column, Kind, Table
from reports.paper.wording import (
    MISSED,
    NOT_DUE,
    NOT_REACHED,
    OWN_UNITS,
    REACHED,
    against_band,
    judged_leaders,
)
from reports.progress import SHOWN_CATEGORIES
from reports.report import Report
from training.plan_board import PLAN_LAST

_SUMMARY = (
    Column("項目", Kind.TEXT),
    Column("人数", Kind.PEOPLE, within=2),
    Column("うち対象", Kind.PEOPLE),
    Column("割合", Kind.SHARE, share_of=(1, 2)),
    Column("件数", Kind.NUMBER),
)
_GOALS = (
    Column("目標", Kind.TEXT),
    Column("目標の人数", Kind.NUMBER, told_by=(1, 2)),
    Column("状況", Kind.TEXT, told_by=(1, 2)),
)


def summary(report: Report) -> Table:
    """Each figure, for the whole city with its next target and how it stands."""
    total = report.figures.total
    executives, left_out = report.figures.executives, report.figures.excluded
    year = FiscalYear.containing(report.as_of).label
    rows: list[tuple[Cell, ...]] = [
        ("全職員", total.population, None, None, None, "", None, ""),
        ("デジタル活用職員", total.capable, total.population, None, None, *_next(report)),
    ]
    rows += [
        (
            f"{name.label}研修の修了者",
            total.completed(name),
            total.population,
            None,
            None,
            "",
            None,
            "",
        )
        for name in SHOWN_CATEGORIES
    ]
    done = executives.completed_this_year
    rows += [
        (f"幹部研修の修了者（{year}）", done, executives.population, None, None, "", None, ""),
        *_leader_rows(report),
        _specialist_row(report),
        ("任用形態により全職員に数えない人", left_out.employment, None, None, None, "", None, ""),
        ("在職区分により全職員に数えない人", left_out.duty, None, None, None, "", None, ""),
    ]
    columns = (*_SUMMARY, *_GOALS) if report.is_whole_city else _SUMMARY
    return Table(
        "summary",
        "総括",
        share_words(report),
        columns,
        tuple(filled(columns, row[: len(columns)]) for row in rows),
        notes=_frozen_words(report) if report.is_whole_city else (OWN_UNITS,),
    )


def share_words(report: Report) -> str:
    """The finding of the share; a part of the city is not held against the city's target."""
    total = report.figures.total
    if not report.is_whole_city:
        share = drawn.percent(total.share)
        return f"{total.population}人のうち{total.capable}人（{share}％）です。"
    return drawn.share_figure(report.figures, list(report.share), list(report.promises)).finding


def _frozen_words(report: Report) -> tuple[str, ...]:
    """On the last day of a frozen year: what was frozen, for by that the year is judged."""
    year = FiscalYear.containing(report.as_of)
    kept = report.frozen.get(year)
    if kept is None:
        return ()
    share = drawn.percent(kept.share)
    return (
        f"{year.label}末の確定値は、{kept.population}人のうち{kept.capable}人（{share}％）です。"
        "期日の判定は確定値によります。",
    )


def _next(report: Report) -> tuple[Cell, Cell, Cell]:
    coming = drawn.next_target(report.figures)
    if coming is None:
        return "", None, ""
    words = f"{coming.fiscal_year.label}末に{drawn.in_words(coming.fraction)}"
    return words, coming.needed, REACHED if coming.is_reached else NOT_REACHED


def _leader_rows(report: Report) -> list[tuple[Cell, ...]]:
    held = report.figures.leaders
    goal: tuple[Cell, Cell, Cell] = ("", None, "")
    point = next((one for one in report.leaders if one.year.last_day >= report.as_of), None)
    if point is not None and point.minimum is not None:
        upper = f"{point.minimum}～{point.maximum}" if point.maximum else f"約{point.minimum}"
        words = f"{point.year.label}末に{upper}人"
        goal = (words, point.minimum, _leaders_stand(point, report.as_of))
    covered, without = len(held.covered), len(held.without)
    cover: tuple[Cell, Cell, Cell] = ("", None, "")
    if covered + without:
        cover = ("すべての部署", covered + without, NOT_REACHED if without else REACHED)
    return [
        ("推進リーダー（活動中）", held.sitting, None, None, None, "", None, ""),
        (
            "推進リーダーの育成延べ人数（修了した任期）",
            None,
            None,
            None,
            held.completed_person_terms,
            *goal,
        ),
        ("推進リーダーの育成実人数", held.people, None, None, None, "", None, ""),
        ("推進リーダーのいる部署", None, None, None, covered, *cover),
        ("推進リーダーのいない部署", None, None, None, without, "", None, ""),
    ]


def _leaders_stand(point: LeaderYear, as_of: date) -> str:
    """The verdict once the day has come; before it, whether there are enough already."""
    verdict = judged_leaders(point, as_of)
    if verdict != NOT_DUE:
        return verdict
    now = against_band(point.completed or 0, point.minimum or 0, point.maximum)
    return NOT_REACHED if now == MISSED else REACHED


def _specialist_row(report: Report) -> tuple[Cell, ...]:
    rows = report.figures.specialists
    count, minimum = sum(row.count for row in rows), sum(row.minimum for row in rows)
    is_there = not any(row.short for row in rows)
    words = f"{PLAN_LAST.label}末に{minimum}人以上"
    status = REACHED if is_there else NOT_REACHED
    return ("デジタル専門分野人材", count, None, None, None, words, minimum, status)
