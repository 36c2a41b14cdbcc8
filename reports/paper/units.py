"""部署別: the departments side by side."""

from fractions import Fraction

from reports import figures as drawn
from reports.paper.lines import filled, summed
from reports.paper.shapes import Cell, Column, Kind, Line, Table
from reports.progress import SHOWN_CATEGORIES, Counts, UnitCounts
from reports.report import Report

_COVERED, _WITHOUT, _NOT_ASKED = "いる", "いない", "対象外"
_COLUMNS = (
    Column("部署", Kind.TEXT),
    Column("全職員", Kind.PEOPLE),
    Column("デジタル活用職員", Kind.PEOPLE, within=1),
    Column("割合", Kind.SHARE, share_of=(2, 1)),
    *(
        column
        for place, category in enumerate(SHOWN_CATEGORIES)
        for column in (
            Column(f"{category.label}修了", Kind.PEOPLE, within=1),
            Column(f"{category.label}の割合", Kind.SHARE, share_of=(4 + 2 * place, 1)),
        )
    ),
    Column("推進リーダー", Kind.TEXT),
)


def departments(report: Report) -> Table:
    """The units with their people; a unit that must give a leader stands here without any too."""
    rows = list(report.figures.units)
    listed = {row.unit.pk for row in rows}
    held = report.figures.leaders
    rows += [
        UnitCounts(unit, Counts())
        for unit in (*held.covered, *held.without)
        if unit.pk not in listed
    ]
    covered = {unit.pk: _COVERED for unit in held.covered}
    covered |= {unit.pk: _WITHOUT for unit in held.without}
    lines = tuple(
        _line(row.unit.name, row.counts, covered.get(row.unit.pk, _NOT_ASKED)) for row in rows
    )
    return Table(
        "departments",
        "部署別",
        _finding(report),
        _COLUMNS,
        lines,
        summed(_COLUMNS, lines),
        (f"「{_NOT_ASKED}」は、リーダーを出す部署ではないことを表します。",),
    )


def _line(name: str, counts: Counts, leader: str) -> Line:
    cells: list[Cell] = [name, counts.population, counts.capable, None]
    for category in SHOWN_CATEGORIES:
        cells += [counts.completed(category), None]
    return filled(_COLUMNS, [*cells, leader])


def _finding(report: Report) -> str:
    shares = [(row.counts.share, row.unit.name) for row in report.figures.units]
    if not shares:
        return "この日に数える職員はいません。"
    highest, lowest = max(shares)[0], min(shares)[0]
    if highest == lowest:
        return f"{len(shares)}部署の割合は、どこも{drawn.percent(highest)}％です。"
    return (
        f"{len(shares)}部署の割合は、{drawn.percent(lowest)}％（{_named(shares, lowest)}）から"
        f"{drawn.percent(highest)}％（{_named(shares, highest)}）までです。"
    )


def _named(shares: list[tuple[Fraction, str]], share: Fraction) -> str:
    names = [name for own, name in shares if own == share]
    return names[0] if len(names) == 1 else f"{names[0]}など{len(names)}部署"
