"""割合の目標 and 割合の推移."""

from dataclasses import replace

from agano_dx.lib.fiscal import FiscalYear
from reports import figures as drawn
from reports.history import SharePoint, guide
from reports.paper.judging import judged, point_of, to_go
from reports.paper.lines import filled
from reports.paper.shapes import Cell, Column, Kind, Line, Table
from reports.paper.summary import frozen_share, share_words
from reports.paper.wording import FROZEN, NOW, OWN_UNITS
from reports.progress import needed_people
from reports.report import Report
from training.plan_board import PLAN_FIRST, PLAN_LAST

_TARGETS = (
    Column("年度", Kind.TEXT),
    Column("期日", Kind.DAY),
    Column("目標", Kind.SHARE),
    Column("目標（分数）", Kind.TEXT),
    Column("基準日の全職員で必要な人数（人）", Kind.NUMBER),
    Column("基準日の状況", Kind.TEXT),
    Column("期日の判定", Kind.TEXT),
)
_PROMISED = 4  # columns that tell of the promise alone


def targets(report: Report) -> Table:
    """The promised shares: against the people of the day, and as they stood when they were due.

    For a part of the city they are told and not held against anybody.
    """
    lines = tuple(
        Line(
            (
                target.fiscal_year.label,
                target.due,
                target.fraction,
                drawn.in_words(target.fraction),
                target.needed,
                to_go(target.needed - report.figures.total.capable),
                judged(report, point_of(report, target.fiscal_year), target.fraction),
            )
        )
        for target in report.figures.targets
    )
    if report.is_whole_city:
        notes = (_BY_FROZEN_WHEN_DUE,) if report.frozen else ()
        return Table("targets", "割合の目標", share_words(report), _TARGETS, lines, notes=notes)
    told = tuple(Line(line.cells[:_PROMISED]) for line in lines)
    words = "市全体の目標です。"
    columns = _TARGETS[:_PROMISED]
    return Table("targets", "割合の目標", words, columns, told, notes=(OWN_UNITS,))


_BY_FROZEN_WHEN_DUE = (
    f"{FROZEN}のある年度末の期日の判定は、{FROZEN}によります。"
    f"必要な人数と基準日の状況は、{NOW}で数えます。"
)
_OF_PEOPLE = (
    Column("年度", Kind.TEXT),
    Column("基準日", Kind.DAY),
    Column("全職員", Kind.PEOPLE),
    Column("デジタル活用職員", Kind.PEOPLE, within=2),
    Column("実績", Kind.SHARE, share_of=(3, 2)),
)
_SHARE = (
    *_OF_PEOPLE,
    Column("目標", Kind.SHARE),
    Column("目安", Kind.SHARE),
    Column("目標に必要な人数（人）", Kind.NUMBER, told_by=(2,)),
    Column("期日の判定", Kind.TEXT, told_by=(2, 3)),
)
_KNOWN_NOW = tuple(
    Column(f"{NOW}の{column.heading}", Kind.PEOPLE, within=len(_SHARE) if column.within else None)
    for column in _OF_PEOPLE[2:4]
)
_HINT = "目安は目標と目標の間を直線で結んだ線で、目標ではありません。"
_BY_FROZEN = f"{FROZEN}のある年度末は、{FROZEN}で示し、判定します。"


def share(report: Report) -> Table:
    """The share year by year; years to come have their target or 目安 alone."""
    if not report.is_whole_city:
        return _share_of_units(report)
    known = {FiscalYear.containing(point.on): point for point in report.share}
    shown = {year: point_of(report, year) or point for year, point in known.items()}
    rows = [(year, _row(report, year, shown.get(year))) for year in _years(report)]
    columns: tuple[Column, ...] = _SHARE
    if any(shown[year] != known[year] for year in known):
        columns = (*_SHARE, *_KNOWN_NOW)
        rows = [(year, (*row, *_now(known.get(year), shown.get(year)))) for year, row in rows]
    return Table(
        "share",
        "割合の推移",
        _finding(report),
        columns,
        tuple(filled(columns, row) for _, row in rows),
        notes=(_HINT, _BY_FROZEN) if report.frozen else (_HINT,),
        chart=drawn.share_figure(report.figures, list(shown.values()), list(report.promises)),
    )


def _finding(report: Report) -> str:
    """On the last day of a frozen year the 確定値, as in the table; else the figures of the day."""
    kept = report.frozen.get(FiscalYear.containing(report.as_of))
    if kept is None:
        return share_words(report)
    now = report.figures.total
    words = frozen_share(report, kept)
    if (kept.population, kept.capable) == (now.population, now.capable):
        return words
    share = drawn.percent(now.share)
    return f"{words}{NOW}では、{now.population}人のうち{now.capable}人（{share}％）です。"


def _years(report: Report) -> list[FiscalYear]:
    known = (FiscalYear.containing(point.on) for point in report.share)
    return sorted({*FiscalYear.range(PLAN_FIRST, PLAN_LAST), *known})


def _row(report: Report, year: FiscalYear, point: SharePoint | None) -> tuple[Cell, ...]:
    target = next((one.fraction for one in report.promises if one.fiscal_year == year), None)
    verdict = FROZEN if year in report.frozen else ""
    if target is not None:
        verdict = judged(report, point_of(report, year), target)
    people: tuple[Cell, ...] = (None, None, None)
    needed = None
    if point is not None:
        people = (point.on, point.population, point.capable)
        needed = needed_people(target, point.population) if target else None
    hint = guide(list(report.promises)).get(year)
    return (year.label, *people, None, target, hint, needed, verdict)


def _now(known: SharePoint | None, shown: SharePoint | None) -> tuple[Cell, Cell]:
    """What is known now of a day whose 確定値 says something else."""
    if known is None or known == shown:
        return None, None
    return known.population, known.capable


def _share_of_units(report: Report) -> Table:
    """A part of the city: its years up to the day, beside no target and no 目安."""
    lines = tuple(
        filled(
            _OF_PEOPLE,
            (FiscalYear.containing(one.on).label, one.on, one.population, one.capable, None),
        )
        for one in report.share
    )
    words = share_words(report)
    figure = drawn.share_figure(report.figures, list(report.share), [])
    return Table(
        "share",
        "割合の推移",
        words,
        _OF_PEOPLE,
        lines,
        notes=(OWN_UNITS,),
        chart=replace(figure, finding=words, note=""),
    )
