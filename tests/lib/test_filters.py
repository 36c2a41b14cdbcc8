"""Template filters."""

from decimal import Decimal

import pytest

from agano_dx.lib.filters import amount


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1910.0"), "1,910"),
        (Decimal("37.5"), "37.5"),
        (Decimal("-1200.5"), "-1,200.5"),
        (Decimal(0), "0"),
        (None, ""),
    ],
)
def test_an_amount_has_tenths_only_where_there_are_some(value, shown):
    assert amount(value) == shown
