"""The chart of the forecast: ranges over the years' ends, apart from what is actual."""

from decimal import Decimal

import pytest

from agano_dx.lib.charts.forecast import RangeValue, forecast_chart
from agano_dx.lib.charts.geometry import Box, YearPoint, text_box
from agano_dx.lib.charts.share import YearValue

YEARS = [f"R{number}" for number in range(7, 17)]
ACTUAL = [YearValue("R7", Decimal(25)), YearValue("R8", Decimal(32), elapsed=0.6)]
TARGETS = [
    YearValue("R8", Decimal(100) / 3, words="1/3"),
    YearValue("R9", Decimal(50), words="1/2"),
    YearValue("R16", Decimal(80), words="4/5"),
]


def drawn(*ranges):
    return forecast_chart(
        YEARS,
        actual=ACTUAL,
        targets=TARGETS,
        forecast=[
            RangeValue(year, Decimal(low), Decimal(high))
            for year, (low, high) in zip(YEARS[1:], ranges, strict=False)
        ],
        today=YearPoint("R8", elapsed=0.6),
    )


def test_a_range_stands_over_its_years_end_from_low_to_high():
    chart = drawn((20, 40), (0, 100))

    first, second = chart.ranges
    frame = chart.base.frame
    assert first.x + first.width / 2 == pytest.approx(chart.base.year_ticks[1].x, abs=0.1)
    assert first.height == pytest.approx(frame.height / 5, abs=0.2)
    assert (second.y, second.y + second.height) == (frame.top, pytest.approx(frame.bottom, abs=0.1))


@pytest.mark.parametrize("share", [0, 50, 100])
def test_a_range_of_one_number_is_still_seen_inside_the_plot(share):
    (only,) = drawn((share, share)).ranges

    assert only.height >= 3
    assert drawn().base.frame.top <= only.y
    assert only.y + only.height <= drawn().base.frame.bottom + 0.1


@pytest.mark.parametrize("last", [(0, 3), (40, 55), (75, 85), (97, 100), (100, 100)])
def test_the_last_range_is_named_without_covering_a_label_or_a_range(last):
    chart = drawn(*[(40, 50)] * 8, last)

    place = text_box(chart.last_label)
    others = [text_box(label) for label in (*chart.base.target_labels, chart.base.actual_label)]
    assert not any(place.overlaps(other) for other in (*others, *chart.ranges))
    assert place.inside(Box(0, 0, chart.base.width, chart.base.height))


def test_the_table_keeps_actual_target_and_forecast_apart():
    chart = drawn((30, 34), (45, 45))

    assert chart.table.head == ("年度", "実績", "目標", "見込み")
    assert chart.table.rows[1] == ("R8", "32%", "1/3", "30%～34%")
    assert chart.table.rows[2] == ("R9", "－", "1/2", "45%")
    assert [entry.label for entry in chart.legend] == ["実績", "目標", "見込み（幅）"]


def test_without_a_forecast_nothing_of_it_is_drawn():
    chart = drawn()

    assert (chart.ranges, chart.last_label) == ((), None)
    assert len(chart.legend) == 2
