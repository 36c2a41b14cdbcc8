"""From 1 April HR is asked to make the last year's figures final, until they are."""

from datetime import date

import pytest
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from reports.services.freezing import freeze
from reports.year_tasks import years_to_freeze
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("today", "years"),
    [(date(2026, 3, 31), []), (date(2026, 4, 1), ["令和7年度"]), (date(2027, 4, 1), ["令和7年度"])],
)
def test_the_earliest_year_that_is_over_is_asked_for(today, years):
    assert [task.title[:5] for task in years_to_freeze(today)] == years


def test_a_frozen_year_is_asked_for_no_more(hr):
    freeze(year=FiscalYear(2025), by=hr, today=TODAY)

    assert list(years_to_freeze(TODAY)) == []


def test_home_asks_hr_and_nobody_else(hr, admin, client_of):
    words = "令和7年度の数値を確定してください"

    assert words in client_of(hr).get(reverse("home")).content.decode()
    assert words not in client_of(admin).get(reverse("home")).content.decode()
