"""A year is frozen for good, and nobody's mark slips in behind it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CountingRuleFactory,
    OfferingFactory,
)
from tests.together import together
from training.models import Attendance, FrozenYear
from training.services.freezing import YearNotOverError, freeze_year
from training.services.locking import FrozenYearError
from training.services.marking import Mark, mark

R7 = FiscalYear(2025)
HELD_ON = date(2026, 3, 2)
END = date(2026, 3, 31)


@pytest.mark.django_db
def test_a_year_that_is_over_is_frozen_once():
    first = freeze_year(year=R7, by=None, today=date(2026, 4, 1))
    again = freeze_year(year=R7, by=None, today=TODAY)

    assert (first.pk, FrozenYear.objects.count()) == (again.pk, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "rules"), [(END, True), (END + timedelta(days=1), False)])
def test_a_frozen_year_keeps_the_rule_in_force_on_its_last_day(day, rules):
    first, later = CountingRuleFactory(), CountingRuleFactory(in_force_from=day)

    frozen = freeze_year(year=R7, by=None, today=TODAY)

    assert frozen.rule == (later if rules else first)


@pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2026, 3, 31), date(2025, 12, 1)])
def test_a_year_that_still_runs_is_not_frozen(today):
    with pytest.raises(YearNotOverError):
        freeze_year(year=R7, by=None, today=today)

    assert not FrozenYear.objects.exists()


@pytest.mark.django_db
def test_the_settings_only_show_frozen_years(admin, client_of):
    browser = client_of(admin)

    answer = browser.post(reverse("admin:training_frozenyear_add"), {"fiscal_year": 2025})

    assert answer.status_code == 403
    assert browser.get(reverse("admin:training_frozenyear_changelist")).status_code == 200
    assert not FrozenYear.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_no_mark_slips_in_behind_the_freezing(round_):
    offering = OfferingFactory(starts_on=HELD_ON)
    places = AttendanceFactory.create_batch(8, offering=offering)
    CompletionFactory(offering__starts_on=HELD_ON)
    frozen: list[list[str]] = []

    def states() -> list[str]:
        return list(Attendance.objects.order_by("pk").values_list("status", flat=True))

    def marking() -> int:
        done = 0
        for place in places:
            try:
                one = Mark(place.pk, "booked", "present")
                mark(offering=offering, marks=[one], by=None, today=TODAY)
            except FrozenYearError:
                break
            done += 1
        return done

    def freezing() -> None:
        freeze_year(year=R7, by=None, today=TODAY)
        frozen.append(states())

    done, _ = together([marking, freezing])

    assert states() == frozen[0]
    assert states().count("present") == done + 1
