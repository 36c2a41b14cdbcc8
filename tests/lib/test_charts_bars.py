"""Plain bars: as long as their numbers, with labels that stay in the picture."""

import pytest

from agano_dx.lib.charts.bars import Bar, bars
from agano_dx.lib.charts.geometry import Box, DataTable, text_box

TABLE = DataTable(("区分", "人数"), ())


@pytest.mark.parametrize("counts", [[0, 0], [1, 3, 0], [140, 177, 85, 27], [9999, 1]])
def test_bars_are_as_long_as_their_numbers_and_nothing_collides(counts):
    chart = bars([Bar(f"{n}区分が未修了", n, f"{n}人") for n in counts], TABLE, "人数")

    picture = Box(0, 0, chart.width, chart.height)
    whole = max(counts) or 1
    longest = max(row.bar.width for row in chart.rows)
    for row, count in zip(chart.rows, counts, strict=True):
        assert row.bar.width == pytest.approx(longest * count / whole, abs=0.2)
        assert text_box(row.label).inside(picture)
        assert text_box(row.value).inside(picture)
        assert not text_box(row.value).overlaps(row.bar)
    assert not any(
        text_box(one.value).overlaps(text_box(other.value))
        for one, other in zip(chart.rows, chart.rows[1:], strict=False)
    )
