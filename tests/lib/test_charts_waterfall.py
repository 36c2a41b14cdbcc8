"""The waterfall: every bar begins where the one before it ended, and nothing leaves the picture."""

import pytest

from agano_dx.lib.charts.geometry import Box, text_box
from agano_dx.lib.charts.waterfall import Step, waterfall

STEPS = [Step("新たに到達", 34), Step("復帰", 0), Step("退職", -3), Step("休職・育休・派遣", -2)]


def drawn(opening=109, steps=STEPS, **changes):
    return waterfall(Step("年度当初（前年度末）", opening), steps, "基準日", **changes)


def test_each_bar_begins_where_the_one_before_it_ended():
    first, gain, nobody, loss, leave, last = drawn().rows

    assert gain.bar.x == pytest.approx(first.bar.x + first.bar.width, abs=0.2)
    assert nobody.bar.x == pytest.approx(gain.bar.x + gain.bar.width, abs=0.2)
    assert loss.bar.x + loss.bar.width == pytest.approx(nobody.bar.x, abs=0.2)
    assert leave.bar.x + leave.bar.width == pytest.approx(loss.bar.x, abs=0.2)
    assert last.bar.width == pytest.approx(leave.bar.x - last.bar.x, abs=0.2)
    assert [row.kind for row in drawn().rows] == [
        "actual",
        "gain",
        "gain",
        "loss",
        "loss",
        "actual",
    ]


def test_the_last_line_is_what_the_steps_leave():
    chart = drawn()

    assert chart.rows[-1].value.text == "138人"
    assert chart.rows[-1].thread is None
    assert chart.table.rows[0] == ("年度当初（前年度末）", "", "109人")
    assert chart.table.rows[3] == ("退職", "－3人", "140人")
    assert chart.table.rows[-1] == ("基準日", "", "138人")


@pytest.mark.parametrize(
    ("opening", "steps"),
    [(0, []), (0, [Step("新たに到達", 1)]), (5, [Step("退職", -5)]), (9_999, STEPS)],
)
@pytest.mark.parametrize("width", [460, 720])
def test_nothing_leaves_the_picture(opening, steps, width):
    chart = drawn(opening, steps, width=width)
    whole = Box(0, 0, chart.width, chart.height)

    for row in chart.rows:
        assert row.bar.inside(whole)
        assert text_box(row.label).inside(whole)
        assert text_box(row.value).inside(whole)
