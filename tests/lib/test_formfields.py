"""What form fields do with what is typed."""

import pytest

from agano_dx.lib.formfields import with_plain_lines


@pytest.mark.parametrize("typed", ["一行目\r\n二行目", "一行目\r二行目", "一行目\n二行目"])
def test_a_line_break_is_one_sign_however_it_was_sent(typed):
    assert with_plain_lines(typed) == "一行目\n二行目"
