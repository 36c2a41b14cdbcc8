"""推進リーダー and 専門分野人材, for the whole city against what the plan asks for."""

from collections.abc import Sequence

from leaders.bands import BandCount
from reports import figures as drawn
from reports.paper.judging import judged_band
from reports.paper.lines import summed
from reports.paper.shapes import Cell, Column, Kind, Line, Table
from reports.paper.wording import OWN_UNITS, judged_leaders
from reports.report import Report
from training.plan_board import PLAN_LAST

_LEADERS = (
    Column("年度", Kind.TEXT),
    Column("基準日", Kind.DAY),
    Column("育成延べ人数（修了した任期）", Kind.PEOPLE),
    Column("活動中", Kind.PEOPLE),
)
_LEADER_BANDS = (
    Column("目標の下限（人）", Kind.NUMBER),
    Column("目標の上限（人）", Kind.NUMBER),
    Column("判定", Kind.TEXT, told_by=(2,)),
)


def leaders(report: Report) -> Table:
    """Completed person-terms and sitting leaders by year, for the whole city with the bands."""
    figure = drawn.leaders_figure(report.figures, list(report.leaders))
    columns = (*_LEADERS, *_LEADER_BANDS) if report.is_whole_city else _LEADERS
    lines = []
    for point in report.leaders:
        day = None if point.completed is None else min(point.year.last_day, report.as_of)
        row: tuple[Cell, ...] = (point.year.label, day, point.completed, point.sitting)
        if report.is_whole_city:
            row += (point.minimum, point.maximum, judged_leaders(point, report.as_of))
        lines.append(Line(row))
    held = report.figures.leaders
    without = "、".join(unit.name for unit in held.without)
    notes = [f"推進リーダーのいない部署：{without or 'なし'}"]
    if not report.is_whole_city:
        counted = f"修了した任期は{held.completed_person_terms}、活動中は{held.sitting}人です。"
        return Table(
            "leaders",
            "推進リーダー",
            counted,
            columns,
            tuple(lines),
            notes=(*notes, OWN_UNITS),
            rising=(2,),
        )
    notes.append("上限のない年度の目標は「約」の人数です。2人以内の不足はおおむね達成とします。")
    return Table(
        "leaders",
        "推進リーダー",
        figure.finding,
        columns,
        tuple(lines),
        notes=tuple(notes),
        chart=figure,
        rising=(2,),
    )


_SPECIALISTS = (Column("職階", Kind.TEXT), Column("人数", Kind.PEOPLE))
_SPECIALIST_BANDS = (
    Column("目標の下限（人）", Kind.NUMBER),
    Column("目標の上限（人）", Kind.NUMBER),
    Column("下限まであと（人）", Kind.NUMBER, told_by=(1,)),
    Column("判定", Kind.TEXT, told_by=(1,)),
)


def specialists(report: Report) -> Table:
    """Specialists by band of rank, for the whole city with what R16 asks for."""
    rows = report.figures.specialists
    if not report.is_whole_city:
        lines = tuple(Line((str(row.band.label), row.count)) for row in rows)
        counted = f"デジタル専門分野人材は{sum(row.count for row in rows)}人です。"
        total = summed(_SPECIALISTS, lines)
        return Table(
            "specialists",
            "専門分野人材",
            counted,
            _SPECIALISTS,
            lines,
            total,
            (OWN_UNITS,),
        )
    columns = (*_SPECIALISTS, *_SPECIALIST_BANDS)
    lines = tuple(
        Line(
            (
                str(row.band.label),
                row.count,
                row.minimum,
                row.maximum,
                row.short,
                judged_band(report, row.short),
            )
        )
        for row in rows
    )
    figure = drawn.specialists_figure(report.figures)
    return Table(
        "specialists",
        "専門分野人材",
        figure.finding,
        columns,
        lines,
        summed(columns, lines),
        _specialist_notes(rows),
        figure,
    )


def _specialist_notes(rows: Sequence[BandCount]) -> tuple[str, ...]:
    words = f"目標は{PLAN_LAST.label}末の人数です。"
    open_ended = "、".join(str(row.band.label) for row in rows if row.maximum is None)
    return (f"{words}{open_ended}の目標に上限はありません。" if open_ended else words,)
