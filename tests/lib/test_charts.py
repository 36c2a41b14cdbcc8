"""Chart geometry: what stands where, and that nothing leaves the picture or covers a label."""

from datetime import date
from decimal import Decimal

import pytest

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.geometry import (
    YearPoint,
    elapsed,
    flags_on_top,
    percent_words,
    text_box,
    tick_values,
    wrap,
)
from agano_dx.lib.charts.geometry import box as box_of
from agano_dx.lib.charts.leaders import BandTarget, LeaderCount, band_chart
from agano_dx.lib.charts.share import RangeValue, YearValue, share_chart
from agano_dx.lib.charts.specialists import BandCount, band_bars

YEARS = [f"R{number}" for number in range(7, 17)]
TARGETS = [
    YearValue("R7", Decimal(25)),
    YearValue("R8", Decimal(100) / 3, words="1/3"),
    YearValue("R9", Decimal(50)),
    YearValue("R16", Decimal(80)),
]
BANDS = [
    BandTarget("R8", 18, 22),
    BandTarget("R10", 38, 42),
    BandTarget("R12", 58, 62),
    BandTarget("R14", 78, 82),
    BandTarget("R16", 98, 100, "約100"),
]


def _places(polyline):
    return [tuple(float(number) for number in pair.split(",")) for pair in polyline.split()]


def _share(*percents, **changes):
    actual = [
        YearValue(year, percent)
        for year, percent in zip(YEARS, map(Decimal, percents), strict=False)
    ]
    return share_chart(YEARS, actual=actual, targets=TARGETS, **changes)


def test_nothing_stands_at_the_bottom_and_everything_at_the_top_of_the_share_chart():
    nothing, everything = _share(0, 100).actual

    chart = _share(0, 100)
    assert nothing.y == chart.frame.bottom
    assert everything.y == chart.frame.top


def test_a_share_beyond_its_range_stays_inside_the_plot():
    chart = _share(-5, 120)

    assert [dot.y for dot in chart.actual] == [chart.frame.bottom, chart.frame.top]


def test_year_ends_stand_over_their_labels():
    chart = _share(10, 20, 30)

    assert [dot.x for dot in chart.actual] == [tick.x for tick in chart.year_ticks[:3]]


def test_the_as_of_point_of_a_running_year_stands_between_two_year_ends():
    chart = share_chart(
        YEARS,
        actual=[YearValue("R7", Decimal(20)), YearValue("R8", Decimal(25), elapsed=0.5)],
        targets=TARGETS,
        today=YearPoint("R8", 0.5),
    )

    first, second = chart.year_ticks[:2]
    assert chart.actual[1].x == pytest.approx((first.x + second.x) / 2, abs=0.1)
    assert chart.today.line.x1 == chart.actual[1].x


FORECAST = [RangeValue("R8", Decimal(31), Decimal(35)), RangeValue("R16", Decimal(70), Decimal(70))]


def test_a_forecast_is_an_open_bar_from_low_to_high_over_its_years_end():
    chart = _share(10, forecast=FORECAST)

    wide, flat = (one.box for one in chart.forecast)
    height = chart.frame.height / 100
    assert wide.x + wide.width / 2 == pytest.approx(chart.year_ticks[1].x)
    assert wide.height == pytest.approx(4 * height, abs=0.2)
    assert wide.y == pytest.approx(chart.frame.bottom - 35 * height, abs=0.2)
    assert flat.height == 4
    assert flat.y + 2 == pytest.approx(chart.frame.bottom - 70 * height, abs=0.2)


def test_a_forecast_is_told_apart_from_what_happened():
    without, chart = _share(10), _share(10, forecast=FORECAST)

    assert (chart.actual, chart.actual_line) == (without.actual, without.actual_line)
    assert [entry.label for entry in chart.legend] == ["実績", "目標", "見込み"]
    assert chart.table.head == ("年度", "実績", "目標", "見込み")
    assert [row[3] for row in chart.table.rows] == ["－", "31～35%", *["－"] * 7, "70%"]
    assert "見込み" not in str((without.legend, without.table))


def test_the_words_of_a_forecast_cover_no_other_words_and_no_bar():
    chart = _share(10, 33, forecast=FORECAST)

    labels = [one.label for one in chart.forecast]
    for label in labels:
        others = [
            *chart.target_labels,
            chart.actual_label,
            *(one for one in labels if one != label),
        ]
        assert not any(text_box(label).overlaps(text_box(other)) for other in others)
        assert not any(text_box(label).overlaps(one.box) for one in chart.forecast)


@pytest.mark.parametrize(
    ("known", "first", "last"),
    [
        ((25, 33), ("32.6", "61.5"), ("26.8", "100")),
        ((25, 33), ("32.6", "33.1"), ("33.1", "33.5")),
        ((25, 33), ("95", "100"), ("100", "100")),
        ((0, 0), ("0", "0"), ("0", "100")),
    ],
)
def test_of_many_forecasts_the_first_and_the_last_have_words_that_touch_their_own_bar_alone(
    known, first, last
):
    low, high = map(Decimal, first), map(Decimal, last)
    ends = [tuple(low), *[tuple(high)] * 8]
    chart = _share(
        *known,
        width=940,
        forecast=[RangeValue(year, *end) for year, end in zip(YEARS[1:], ends, strict=True)],
    )

    shown = [one for one in chart.forecast if one.label]
    assert shown == [chart.forecast[0], chart.forecast[-1]]
    for one in shown:
        words = text_box(one.label)
        assert not any(words.overlaps(other.box) for other in chart.forecast)
        assert not any(words.overlaps(text_box(other)) for other in chart.target_labels)
        near = box_of(one.box.x - 8, one.box.y - 8, one.box.width + 16, one.box.height + 16)
        assert words.overlaps(near)
        assert words.inside(box_of(0, 0, chart.width, chart.height))


def test_the_first_year_has_room_for_a_point_before_its_end():
    chart = share_chart(YEARS, actual=[YearValue("R7", Decimal(2), elapsed=0)], targets=TARGETS)

    assert chart.actual[0].x == chart.frame.left


def test_targets_are_joined_only_over_neighbouring_years():
    chart = _share(10)

    assert len(chart.targets) == 4
    (run,) = chart.target_lines
    assert len(_places(run)) == 3


def test_years_without_a_value_are_left_out_of_the_line():
    chart = share_chart(
        YEARS,
        actual=[YearValue("R7", Decimal(10)), YearValue("R8", None)],
        targets=[YearValue("R9", None)],
    )

    assert len(chart.actual) == 1
    assert chart.targets == ()
    assert chart.actual_label.text == "実績 10%"


def test_a_share_chart_without_values_draws_its_axes_only():
    chart = share_chart(YEARS, actual=[], targets=[])

    assert len(chart.year_ticks) == 10
    assert (chart.actual_line, chart.actual_label, chart.legend) == ("", None, ())
    assert len(chart.table.rows) == 10


@pytest.mark.parametrize("percent", ["0", "20.5", "25", "33.3", "34", "50", "99.9", "100"])
@pytest.mark.parametrize("year", ["R7", "R8", "R9", "R15", "R16"])
def test_labels_of_the_share_chart_cover_no_other_label_and_stay_in_the_picture(year, percent):
    chart = share_chart(
        YEARS,
        actual=[YearValue(year, Decimal(percent), elapsed=0.9)],
        targets=TARGETS,
        today=YearPoint(year, 0.9),
    )

    labels = (*chart.target_labels, chart.actual_label, chart.today.label)
    places = [text_box(text) for text in labels]
    picture = box_of(0, 0, chart.width, chart.height)
    assert all(place.inside(picture) for place in places)
    assert not any(
        place.overlaps(other) for index, place in enumerate(places) for other in places[index + 1 :]
    )


def test_words_that_would_collide_on_top_go_to_rows_of_their_own():
    first, second = flags_on_top([(100, "中間見直し"), (110, "基準日")], 60, box_of(0, 0, 460, 60))

    assert not text_box(first).overlaps(text_box(second))


def test_the_guide_is_listed_only_where_there_is_no_target():
    chart = _share(10, guide=[YearValue("R9", Decimal(50)), YearValue("R10", Decimal("54.2"))])

    assert chart.table.head == ("年度", "実績", "目標", "目安")
    assert chart.table.rows[2] == ("R9", "－", "50%", "－")
    assert chart.table.rows[3] == ("R10", "－", "－", "54.2%")


def test_bars_of_leaders_start_at_nothing_and_sitting_leaders_stand_on_top():
    chart = band_chart(YEARS, counts=[LeaderCount("R8", 20, 24)], bands=BANDS)

    (bar,), (sitting,) = chart.bars, chart.sitting_bars
    assert bar.box.y + bar.box.height == pytest.approx(chart.frame.bottom)
    assert sitting.box.y + sitting.box.height == pytest.approx(bar.box.y, abs=0.1)
    assert sitting.box.height / bar.box.height == pytest.approx(24 / 20, abs=0.01)


def test_the_band_of_leaders_encloses_minimum_and_maximum_of_every_due_year():
    chart = band_chart(YEARS, counts=[], bands=BANDS)

    assert len(_places(chart.band)) == 10
    assert [label.text for label in chart.band_labels][-1] == "約100"
    assert all(
        chart.frame.top <= due.y and due.y + due.height <= chart.frame.bottom + 0.1
        for due in chart.due_boxes
    )


@pytest.mark.parametrize("completed", [0, 3, 20, 45, 100, 130])
def test_labels_of_the_leader_chart_cover_no_other_label(completed):
    counts = [LeaderCount("R7", 0, 23), LeaderCount("R8", completed, 23)]
    chart = band_chart(YEARS, counts=counts, bands=BANDS)

    places = [text_box(text) for text in (*chart.bar_labels, *chart.band_labels)]
    assert not any(
        place.overlaps(other) for index, place in enumerate(places) for other in places[index + 1 :]
    )
    assert all(bar.box.y >= chart.frame.top - 0.1 for bar in (*chart.bars, *chart.sitting_bars))


def test_a_leader_chart_without_values_draws_its_axes_only():
    chart = band_chart(YEARS, counts=[], bands=[])

    assert (chart.bars, chart.band, chart.legend) == ((), "", ())
    assert len(chart.year_ticks) == 10


def test_specialist_bars_start_at_nothing_and_say_in_words_whether_they_suffice():
    rows = [BandCount("課長級", 0, 2, 4), BandCount("補佐級", 5, 4, 6)]
    short, reached = band_bars(rows).rows

    assert short.bar.width == 0
    assert short.bar.x == reached.bar.x
    assert (short.value.text, reached.value.text) == ("0人 ▲不足", "5人 ✓達成")
    assert (short.standing, reached.standing) == ("short", "reached")


def test_the_callers_words_go_before_the_charts_own():
    (row,) = band_bars([BandCount("課長級", 1, 2, 4, words="期日前")]).rows

    assert row.value.text == "1人 期日前"


def test_a_range_without_upper_end_runs_to_the_end_of_the_axis_and_stays_open():
    chart = band_bars([BandCount("主任・主事級", 11, 20)])

    (row,) = chart.rows
    assert row.range.width > 0
    assert row.range.x + row.range.width == pytest.approx(chart.frame.right, abs=0.2)
    assert not row.range_edge.endswith("Z")
    assert chart.table.rows[0][2] == "20人以上"


@pytest.mark.parametrize("count", [0, 1, 24, 1234])
def test_words_of_specialist_bars_stay_in_the_picture(count):
    chart = band_bars([BandCount("主任・主事級", count, 20), BandCount("課長級", 1, 2, 4)])

    assert all(
        text_box(text).inside(box_of(0, 0, chart.width, chart.height))
        for row in chart.rows
        for text in (row.label, row.value)
    )


def test_no_specialist_bands_make_an_empty_chart():
    assert band_bars([]).rows == ()


def test_an_as_of_day_outside_the_plan_draws_no_line_in_the_share_chart():
    assert _share(10, today=YearPoint("R17")).today is None


@pytest.mark.parametrize("highest", [0, 1, 5, 9, 25, 99, 100, 101, 1234])
def test_ticks_begin_at_nothing_and_reach_the_highest_value(highest):
    ticks = tick_values(highest)

    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert len(ticks) <= 6


def test_percentages_are_rounded_as_people_do_but_never_up_to_all():
    assert percent_words(Decimal("12.25")) == "12.3%"
    assert percent_words(Decimal("99.99")) == "99.9%"
    assert percent_words(Decimal(100)) == "100%"


def test_a_day_counts_as_over_at_its_end():
    first, last = date(2026, 4, 1), date(2027, 3, 31)

    assert elapsed(first, last, last) == 1
    assert elapsed(first, last, first) == pytest.approx(1 / 365)
    assert elapsed(first, last, date(2026, 3, 1)) == 0


def test_a_wrapped_label_loses_no_letter():
    assert "".join(wrap("推進リーダー養成（第1期）", 80)) == "推進リーダー養成（第1期）"


def test_a_figure_hands_its_charts_own_legend_table_and_template_on():
    chart = _share(10)
    figure = ChartFigure("share", "割合", "10%です。", chart, "受講記録", "令和8年10月31日")

    assert figure.template == "charts/share.html"
    assert (figure.legend, figure.table) == (chart.legend, chart.table)
