"""Times of day as people type them."""

from datetime import time

import pytest

from agano_dx.lib.japanese import read_time
from agano_dx.lib.japanese.times import NO_SUCH_TIME, UNREADABLE_TIME


@pytest.mark.parametrize(
    "typed",
    ["13:30", "１３：３０", " 13 : 30 ", "13時30分", "13時半", "午後1時30分", "午後1時半", "1330"],
)
def test_every_way_to_write_half_past_one_is_read(typed):
    assert read_time(typed).value == time(13, 30)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9時", time(9)),
        ("930", time(9, 30)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        ("午前0時", time(0)),
        ("午後12時", time(12)),
    ],
)
def test_edges_of_the_day_are_read(typed, read):
    assert read_time(typed).value == read


@pytest.mark.parametrize("typed", ["", "　", "未定", "－"])
def test_nothing_is_no_error(typed):
    assert read_time(typed).is_blank


@pytest.mark.parametrize("typed", ["24:00", "9:60", "午後13時", "2460"])
def test_a_time_that_does_not_exist_is_said_to_be_none(typed):
    assert read_time(typed).error == NO_SUCH_TIME


@pytest.mark.parametrize("typed", ["昼", "13", "13:30-15:00", "13.5", "12345"])
def test_what_is_no_time_is_not_guessed(typed):
    assert read_time(typed).error == UNREADABLE_TIME
