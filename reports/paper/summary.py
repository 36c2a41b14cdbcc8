"""総括: every figure of the day, its next target, how it stands."""

from dataclasses import replace
from typing import Final

from agano_dx.lib.fiscal import FiscalYear
from reports import figures as drawn
from reports.paper.judging import leaders_stand, share_stands, specialists_stand
from reports.paper.lines import filled
from reports.paper.shapes import Cell, Column, Kind, Table
from reports.paper.wording import ASKED_PEOPLE, MET, MISSED, OWN_UNITS, TERMS_AND_UNITS
from reports.progress import SHOWN_CATEGORIES, Counts
from reports.report import Report
from training.plan_board import PLAN_LAST

_SUMMARY = (
    Column("項目", Kind.TEXT),
    Column("人数", Kind.PEOPLE, within=2),
    Column(ASKED_PEOPLE, Kind.PEOPLE),
    Column("割合", Kind.SHARE, share_of=(1, 2)),
    Column(TERMS_AND_UNITS, Kind.NUMBER),
)
_GOALS = (
    Column("目標", Kind.TEXT, told_by=(2,)),
    Column("状況", Kind.TEXT, told_by=(1, 2, 4)),
)
_PLAIN: Final = (None, None, "", "")  # from the share on: nothing counted besides, no target
_WITH_LEADER, _WITHOUT_LEADER = "推進リーダーのいる部署", "推進リーダーのいない部署"
_UNITS: Final = {_WITH_LEADER: "部署", _WITHOUT_LEADER: "部署"}


def summary(report: Report) -> Table:
    """Each figure, for the whole city with its next target and how it stands."""
    total = report.figures.total
    executives, left_out = report.figures.executives, report.figures.excluded
    year = FiscalYear.containing(report.as_of).label
    rows: list[tuple[Cell, ...]] = [
        ("全職員", total.population, None, *_PLAIN),
        ("デジタル活用職員", total.capable, total.population, None, None, *_next(report)),
    ]
    rows += [
        (f"{name.label}研修の修了者", total.completed(name), total.population, *_PLAIN)
        for name in SHOWN_CATEGORIES
    ]
    done = executives.completed_this_year
    rows += [
        (f"幹部研修の修了者（{year}）", done, executives.population, *_PLAIN),
        *_leader_rows(report),
        _specialist_row(report),
        ("任用形態により全職員に数えない人", left_out.employment, None, *_PLAIN),
        ("在職区分により全職員に数えない人", left_out.duty, None, *_PLAIN),
    ]
    columns = (*_SUMMARY, *_GOALS) if report.is_whole_city else _SUMMARY
    return Table(
        "summary",
        "総括",
        share_words(report),
        columns,
        tuple(
            replace(filled(columns, row[: len(columns)]), unit=_UNITS.get(str(row[0]), "人"))
            for row in rows
        ),
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
    kept = report.frozen.get(FiscalYear.containing(report.as_of))
    if kept is None:
        return ()
    return (
        f"{frozen_share(report, kept)}期日の判定は確定値によります。"
        "この表の人数と割合は、現在の記録で数えています。",
    )


def frozen_share(report: Report, kept: Counts) -> str:
    """The 確定値 of the share in words."""
    label, share = FiscalYear.containing(report.as_of).label, drawn.percent(kept.share)
    return f"{label}末の確定値は、{kept.population}人のうち{kept.capable}人（{share}％）です。"


def _next(report: Report) -> tuple[Cell, Cell]:
    coming = drawn.next_target(report.figures)
    if coming is None:
        return "", ""
    words = f"{coming.fiscal_year.label}末に{drawn.in_words(coming.fraction)}（{coming.needed}人）"
    return words, share_stands(report, coming)


def _leader_rows(report: Report) -> list[tuple[Cell, ...]]:
    held = report.figures.leaders
    goal: tuple[Cell, Cell] = ("", "")
    coming = [one for one in report.leaders if one.band and one.year.last_day >= report.as_of]
    if coming and coming[0].band:
        words = f"{coming[0].year.label}末に延べ{coming[0].band.words}"
        goal = (words, leaders_stand(coming[0], held.completed_person_terms, report.as_of))
    covered, without = len(held.covered), len(held.without)
    cover: tuple[Cell, Cell] = ("", "")
    if covered + without:
        stands = f"{MISSED}（あと{without}部署）" if without else MET
        cover = ("すべての部署", stands)
    return [
        ("推進リーダー（活動中）", held.sitting, None, *_PLAIN),
        (
            "推進リーダーの育成延べ人数（修了した任期）",
            None,
            None,
            None,
            held.completed_person_terms,
            *goal,
        ),
        ("推進リーダーの育成実人数", held.people, None, *_PLAIN),
        (_WITH_LEADER, None, None, None, covered, *cover),
        (_WITHOUT_LEADER, None, None, None, without, "", ""),
    ]


def _specialist_row(report: Report) -> tuple[Cell, ...]:
    rows = report.figures.specialists
    count, minimum = sum(row.count for row in rows), sum(row.minimum for row in rows)
    words = f"{PLAN_LAST.label}末に{minimum}人以上"
    stands = specialists_stand(report)
    return ("デジタル専門分野人材", count, None, None, None, words, stands)
