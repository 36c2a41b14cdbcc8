"""施策 and 未受講者数: the plan's rows, what was held, who completed and who still owes."""

from agano_dx.lib.charts.gantt import STATE_WORDS
from agano_dx.lib.fiscal import FiscalYear
from reports.paper.lines import filled
from reports.paper.shapes import Column, Kind, Line, Sum, Table
from reports.paper.wording import COMPLETED_BY_ANYBODY
from reports.report import Report
from training.plan_figure import plan_figure

_ROWS = (
    Column("施策", Kind.TEXT),
    Column("対象", Kind.TEXT),
    Column("開始", Kind.TEXT),
    Column("終了", Kind.TEXT),
    Column("状態", Kind.TEXT),
    Column("開催（回）", Kind.NUMBER),
    Column("予定（回）", Kind.NUMBER),
    Column(COMPLETED_BY_ANYBODY, Kind.PEOPLE),
)
_YEARS = (
    Column("施策", Kind.TEXT),
    Column("年度", Kind.TEXT),
    Column("開催（回）", Kind.NUMBER),
    Column("予定（回）", Kind.NUMBER),
    Column(COMPLETED_BY_ANYBODY, Kind.PEOPLE),
)
_OWING = (
    Column("施策", Kind.TEXT),
    Column("対象者", Kind.PEOPLE),
    Column("修了", Kind.PEOPLE, within=1),
    Column("免除", Kind.PEOPLE, within=1),
    Column("未受講者", Kind.PEOPLE, within=1),
    Column("修了の割合", Kind.SHARE, share_of=(2, 1)),
    Column("在職区分により全職員に数えない人（対象者の外）", Kind.PEOPLE),
)
# Why the people who completed a row are more than those of its category in the summary.
_NOT_THE_SUMMARY = (
    "修了者には、修了の後に退職した人と、任用形態・在職区分により全職員に数えない人も入ります。"
    "総括・部署別・未受講者数の修了は全職員だけの数なので、これと違うことがあります。"
)


def plan_rows(report: Report) -> Table:
    """The rows over all their years."""
    lines = []
    for row in report.plan.rows:
        one, total = row.programme, row.total
        lines.append(
            Line(
                (
                    one.name,
                    one.get_audience_display(),
                    one.first_year.label,
                    one.last_year.label,
                    STATE_WORDS[row.state],
                    total.held if total else None,
                    total.planned if total else None,
                    total.completed if total else None,
                ),
                group=f"{one.category} {one.first_year.label}～{one.last_year.label}",
            )
        )
    figure = plan_figure(report.plan)
    return Table(
        "programmes",
        "施策",
        figure.finding,
        _ROWS,
        tuple(lines),
        notes=(
            "開催と予定は、中止を除いた開催回の数です。締めと中止は、基準日までのものを数えます。"
            "同じ区分の施策は同じ開催回を数えるので、"
            "縦には足しません。",
            _NOT_THE_SUMMARY,
        ),
        chart=figure,
    )


def plan_years(report: Report) -> Table:
    """The same year by year: the years gone by, and those for which something is planned."""
    year = FiscalYear.containing(report.as_of)
    lines = tuple(
        Line(
            (row.programme.name, each.label, cell.held, cell.planned, cell.completed),
            group=f"{row.programme.category} {each.label}",
        )
        for row in report.plan.rows
        for each, cell in zip(report.plan.years, row.cells, strict=True)
        if cell is not None and (each <= year or cell.is_anything)
    )
    return Table(
        "programme_years",
        "施策の年度別",
        f"{len(report.plan.rows)}の施策の{year.label}までの開催・予定・修了です。",
        _YEARS,
        lines,
        notes=(
            "開催回は始まった日の年度に、修了は修了日の年度に数えます。",
            _NOT_THE_SUMMARY,
        ),
    )


def outstanding_counts(report: Report) -> Table:
    """How many of each row's audience completed it, and how many still owe it."""
    lines = tuple(
        filled(
            _OWING,
            (
                row.programme.name,
                row.asked,
                row.completed,
                row.excused,
                row.owing,
                None,
                row.on_leave,
            ),
        )
        for row in report.rows
    )
    return Table(
        "outstanding",
        "未受講者数",
        _finding(report),
        _OWING,
        lines,
        notes=(
            "対象者＝修了＋免除＋未受講者です。一人がいくつもの施策の対象になるので、"
            "縦には足しません。",
        ),
        sums=(Sum(1, (2, 3, 4)),),
    )


def _finding(report: Report) -> str:
    if not report.rows:
        return "この日に実施中の施策はありません。"
    most = max(report.rows, key=lambda row: row.owing)
    if not most.owing:
        return f"実施中の{len(report.rows)}の施策に、未受講者はいません。"
    return (
        f"実施中の{len(report.rows)}の施策のうち、未受講者が最も多いのは"
        f"「{most.programme.name}」の{most.owing}人です。"
    )
