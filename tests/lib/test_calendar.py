"""Holidays and working days of a city office."""

from datetime import date

import pytest

from agano_dx.lib.calendar import (
    WEEKDAYS,
    holiday_name,
    is_working_day,
    weekday_name,
    weeks_of,
    working_days_after,
    working_days_before,
)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 23), "勤労感謝の日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 5, 6), "憲法記念日 振替休日"),
        (date(2026, 11, 24), ""),
    ],
)
def test_a_public_holiday_has_its_name(day, name):
    assert holiday_name(day) == name


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), True),
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 1), False),
        (date(2030, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
)
def test_offices_are_closed_at_weekends_holidays_and_the_turn_of_the_year(day, is_open):
    assert is_working_day(day) is is_open


@pytest.mark.parametrize(
    ("day", "count", "before", "after"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 24), 1, date(2026, 11, 20), date(2026, 11, 25)),
        (date(2026, 11, 20), 3, date(2026, 11, 17), date(2026, 11, 26)),
        (date(2027, 1, 4), 1, date(2026, 12, 28), date(2027, 1, 5)),
    ],
)
def test_working_days_are_counted_over_the_days_offices_are_closed(day, count, before, after):
    assert working_days_before(day, count) == before
    assert working_days_after(day, count) == after


def test_a_month_is_weeks_from_sunday_on():
    weeks = weeks_of(2026, 11)

    assert weeks[0][0] == date(2026, 11, 1)
    assert weeks[-1][-1] == date(2026, 12, 5)
    assert {len(week) for week in weeks} == {7}


def test_the_days_of_the_week_are_called_by_their_names():
    days = [date(2026, 11, day) for day in range(22, 29)]

    assert [weekday_name(day) for day in days] == list(WEEKDAYS)
    assert weekday_name(date(2026, 11, 23)) == "月"
