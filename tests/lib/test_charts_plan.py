"""Geometry of the Gantt and of heat tables."""

from decimal import Decimal

import pytest

from agano_dx.lib.charts.gantt import GanttRow, Span, gantt
from agano_dx.lib.charts.geometry import YearPoint, text_width, wrap
from agano_dx.lib.charts.heat import HeatRow, heat_cell, heat_table

YEARS = [f"R{number}" for number in range(7, 17)]


def test_gantt_spans_count_both_of_their_years():
    chart = gantt(YEARS, [GanttRow("スキル", (Span("R7", "R16", "running"),))])

    (bar,) = chart.rows[0].bars
    assert bar.box.width == pytest.approx(chart.frame.width - 4, abs=0.2)


def test_gantt_words_too_long_for_their_bar_stand_beside_it_inside_the_picture():
    row = GanttRow("見直し", (Span("R11", "R11", "plan"), Span("R16", "R16", "plan")))
    chart = gantt(YEARS, [row], width=460)

    middle, last = chart.rows[0].bars
    assert not middle.inside
    assert middle.text.x > middle.box.x + middle.box.width
    assert (last.text.anchor, last.text.x < last.box.x) == ("end", True)


def test_a_long_label_of_the_gantt_takes_more_lines():
    chart = gantt(YEARS, [GanttRow("とても長い名前の施策の行" * 2, ())], width=460)

    assert len(chart.rows[0].labels) > 1
    assert all(text_width(text.text) <= chart.frame.left for text in chart.rows[0].labels)


def test_no_line_of_a_label_begins_with_a_closing_bracket():
    assert wrap("研修（パーパス）実施", text_width("研修（パーパス")) == (
        "研修（パーパ",
        "ス）実施",
    )


def test_the_as_of_line_of_the_gantt_stands_inside_its_year():
    chart = gantt(YEARS, [], today=YearPoint("R8", 0.5))

    assert chart.today.line.x1 == chart.year_ticks[1].x


def test_an_as_of_day_outside_the_plan_draws_no_line():
    assert gantt(YEARS, [], today=YearPoint("R17", 0.5)).today is None


@pytest.mark.parametrize(
    ("percent", "level"),
    [("0", 1), ("24.99", 1), ("25", 2), ("50", 3), ("74.9", 3), ("75", 4), ("100", 4)],
)
def test_heat_cells_step_up_at_their_limits(percent, level):
    assert heat_cell(Decimal(percent)).level == level


def test_a_heat_cell_says_100_only_when_all_are_there_and_nothing_when_none_is_counted():
    assert heat_cell(Decimal("99.99")).text == "99.9"
    assert heat_cell(Decimal(100)).text == "100.0"
    assert (heat_cell(None).text, heat_cell(None).level) == ("－", 0)


@pytest.mark.parametrize(
    ("percent", "text"), [("11.76", "11.8"), ("11.75", "11.8"), ("11.74", "11.7"), ("0", "0.0")]
)
def test_a_heat_cell_is_rounded_to_one_decimal_as_the_share_is_elsewhere(percent, text):
    assert heat_cell(Decimal(percent)).text == text


def test_the_legend_of_a_heat_table_names_all_four_ranges():
    table = heat_table("受講率（%）", "課", ["知識"], [HeatRow("総務課", (heat_cell(None),))])

    assert [step.text for step in table.legend] == [
        "0～25％未満",
        "25～50％未満",
        "50～75％未満",
        "75～100％",
    ]
