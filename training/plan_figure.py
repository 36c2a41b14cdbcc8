"""The plan's Gantt, drawn for the plan's own page and for the dashboard."""

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.gantt import STATE_WORDS, GanttRow, Span, gantt
from agano_dx.lib.charts.geometry import YearPoint, elapsed
from agano_dx.lib.fiscal import FiscalYear, era_date
from training.plan_board import PLAN_FIRST, PLAN_LAST, Board, BoardRow, Tally


def plan_figure(board: Board) -> ChartFigure:
    """Rows as bars over the plan's years, with the day, and what was held and is planned."""
    year = FiscalYear.containing(board.on)
    chart = gantt(
        [each.label for each in board.years],
        [_drawn(row) for row in board.rows],
        today=YearPoint(
            year.label, elapsed(year.first_day, year.last_day, board.on), word="基準日"
        ),
    )
    return ChartFigure(
        key="plan",
        title=f"10年間の研修計画（{PLAN_FIRST.long_label}～{PLAN_LAST.long_label}）",
        finding=_finding(board),
        chart=chart,
        source="研修計画・開催回の記録",
        as_of=era_date(board.on),
        note="開催と予定は、中止を除いた開催回の数です。予定には、実施中の開催回も入っています。"
        "同じ区分の施策は同じ開催回を数えるので、棒の数を足しても上の文の数にはなりません。",
    )


def _drawn(row: BoardRow) -> GanttRow:
    programme = row.programme
    first, last = max(programme.first_year, PLAN_FIRST), min(programme.last_year, PLAN_LAST)
    if first > last:  # wholly outside the plan: its name without a bar
        return GanttRow(programme.name, ())
    words = STATE_WORDS[row.state] + _beside(row.total)
    return GanttRow(programme.name, (Span(first.label, last.label, row.state, words),))


def _beside(total: Tally | None) -> str:
    """What stands beside the state: nothing of what is nought."""
    if total is None:
        return ""
    parts = [f"開催{total.held}回"] if total.held else []
    parts += [f"予定{total.planned}回"] if total.planned else []
    return f"（{'・'.join(parts)}）" if parts else ""


def _finding(board: Board) -> str:
    running = sum(row.state == "running" for row in board.rows)
    return (
        f"{len(board.rows)}の施策のうち{running}を実施中です。"
        f"研修の開催回は、開催済み{board.held}回・実施中{board.running}回・"
        f"これから{board.planned - board.running}回です。"
    )
