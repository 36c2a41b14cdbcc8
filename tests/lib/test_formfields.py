"""What form fields do with what is typed."""

import pytest
from django import forms

from agano_dx.lib.formfields import AskedDayField, DayField, with_plain_lines


@pytest.mark.parametrize("typed", ["一行目\r\n二行目", "一行目\r二行目", "一行目\n二行目"])
def test_a_line_break_is_one_sign_however_it_was_sent(typed):
    assert with_plain_lines(typed) == "一行目\n二行目"


class Days(forms.Form):
    on = DayField()
    as_of = AskedDayField()


def test_a_day_read_with_a_doubt_stands_in_the_box_so_that_sending_again_confirms_it():
    doubted = Days({"on": "R1.1.1"})
    [error] = doubted.errors["on"]

    confirmed = Days({"on": doubted["on"].value()})

    assert "平成31年1月1日と読みました" in error
    assert "このままもう一度送ってください" in error
    assert confirmed["on"].value() == "H31.1.1"
    assert "on" not in confirmed.errors


def test_only_the_day_of_a_page_is_written_another_way_than_typed():
    form = Days({"on": "2026-03-31", "as_of": "2026-03-31"})

    assert (form["on"].value(), form["as_of"].value()) == ("2026-03-31", "R8.3.31")
    assert Days({"as_of": "きのう"})["as_of"].value() == "きのう"
