"""Offerings on the days of a month and month by month."""

from datetime import date, time

import pytest
from django.utils import timezone

from tests.factories import AttendanceFactory, OfferingDayFactory, OfferingFactory
from training.agenda import by_month, entries, era_month, month_calendar, months_around, shown
from training.models import Mode, Offering, OfferingState

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)


def days_with(calendar):
    """The days on which something is, with what."""
    return {
        day.day: [entry.offering for entry in day.entries]
        for week in calendar.weeks
        for day in week.days
        if day.entries
    }


def on(calendar, wanted):
    """That day of the month."""
    days = [day for week in calendar.weeks for day in week.days]
    return next(day for day in days if day.day == wanted and day.is_in_month)


def test_weeks_begin_on_sunday_and_hold_the_whole_month(today):
    weeks = month_calendar(date(2026, 12, 1), today).weeks

    assert {len(week.days) for week in weeks} == {7}
    assert {week.days[0].weekday for week in weeks} == {"日"}
    assert [day.day.day for week in weeks for day in week.days if day.is_in_month] == list(
        range(1, 32)
    )


def test_holidays_are_named_and_today_is_marked(today):
    calendar = month_calendar(NOVEMBER, today)

    assert on(calendar, date(2026, 11, 3)).holiday == "文化の日"
    assert on(calendar, date(2026, 11, 23)).holiday == "勤労感謝の日"
    assert on(calendar, date(2026, 11, 23)).is_today
    assert not on(calendar, date(2026, 11, 22)).is_today
    assert [day.is_off for day in calendar.weeks[0].days] == [
        True, False, True, False, False, False, False,
    ]  # fmt: skip


def test_an_offering_of_one_day_stands_on_it_with_its_hours(today):
    offering = OfferingFactory(
        starts_on=date(2026, 11, 30), starts_at=time(13, 30), ends_at=time(15)
    )

    calendar = month_calendar(NOVEMBER, today)

    assert days_with(calendar) == {date(2026, 11, 30): [offering]}
    assert on(calendar, date(2026, 11, 30)).entries[0].at == "13:30～15:00"
    assert calendar.periods == ()


def test_an_offering_of_several_days_stands_on_those_of_the_month_only(today):
    offering = OfferingFactory(
        starts_on=date(2026, 10, 30), ends_on=date(2026, 12, 1), starts_at=time(9)
    )
    for day in (date(2026, 10, 30), date(2026, 11, 13), date(2026, 11, 27), date(2026, 12, 1)):
        OfferingDayFactory(offering=offering, day=day)
    offering.days.filter(day=date(2026, 11, 27)).update(starts_at=time(10))

    calendar = month_calendar(NOVEMBER, today)

    assert days_with(calendar) == {
        date(2026, 11, 13): [offering],
        date(2026, 11, 27): [offering],
    }
    assert on(calendar, date(2026, 11, 13)).entries[0].at == "09:00～"
    assert on(calendar, date(2026, 11, 27)).entries[0].at == "10:00～"
    assert (calendar.periods, calendar.count) == ((), 1)


def test_several_days_in_a_row_without_days_of_their_own_are_met_on_each(today):
    offering = OfferingFactory(
        starts_on=date(2026, 11, 29), ends_on=date(2026, 12, 2), starts_at=time(9)
    )

    november, december = (month_calendar(day, today) for day in (NOVEMBER, date(2026, 12, 1)))

    assert days_with(november) == {date(2026, 11, day): [offering] for day in (29, 30)}
    assert days_with(december) == {date(2026, 12, day): [offering] for day in (1, 2)}
    assert on(november, date(2026, 11, 30)).entries[0].at == "09:00～"
    assert (november.periods, november.count) == ((), 1)


def test_a_period_of_one_day_is_a_period(today):
    offering = OfferingFactory(starts_on=date(2026, 11, 30), mode=Mode.OJT)

    calendar = month_calendar(NOVEMBER, today)

    assert [entry.offering for entry in calendar.periods] == [offering]
    assert days_with(calendar) == {}


def test_an_offering_that_meets_in_other_months_only_is_none_of_this_one(today):
    offering = OfferingFactory(starts_on=date(2026, 10, 30), ends_on=date(2026, 12, 1))
    for day in (date(2026, 10, 30), date(2026, 12, 1)):
        OfferingDayFactory(offering=offering, day=day)

    calendar = month_calendar(NOVEMBER, today)

    assert (days_with(calendar), calendar.periods, calendar.count) == ({}, (), 0)


@pytest.mark.parametrize(
    ("first", "last", "is_open"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), False),
        (date(2026, 10, 1), date(2026, 11, 1), True),
        (date(2026, 11, 30), date(2026, 12, 10), True),
        (date(2026, 12, 1), date(2026, 12, 10), False),
    ],
)
def test_a_period_is_listed_in_every_month_it_touches(today, first, last, is_open):
    OfferingFactory(starts_on=first, ends_on=last, mode=Mode.ON_DEMAND)

    calendar = month_calendar(NOVEMBER, today)

    assert (len(calendar.periods), days_with(calendar)) == (int(is_open), {})


def test_days_of_the_months_around_hold_nothing(today):
    OfferingFactory(starts_on=date(2026, 12, 1))
    OfferingFactory(starts_on=date(2027, 1, 1))

    december = month_calendar(date(2026, 12, 1), today)
    november = month_calendar(NOVEMBER, today)

    assert list(days_with(december)) == [date(2026, 12, 1)]
    assert days_with(november) == {}
    assert not [day for day in december.weeks[-1].days if day.holiday]


def test_an_offering_called_off_stays_and_says_so(today):
    OfferingFactory(starts_on=date(2026, 11, 30), cancelled_at=timezone.now())

    (entry,) = on(month_calendar(NOVEMBER, today), date(2026, 11, 30)).entries

    assert (entry.state, entry.state_label, entry.tone) == (
        OfferingState.CANCELLED,
        "中止",
        "error",
    )


def test_seats_taken_make_an_offering_full(today):
    offering = OfferingFactory(starts_on=date(2026, 12, 1), capacity=2)
    AttendanceFactory.create_batch(2, offering=offering)
    AttendanceFactory(offering=offering, status="waiting")

    (entry,) = entries(shown(Offering.objects.all()), today)

    assert (entry.state, entry.seats) == (OfferingState.FULL, "2 / 2")


def test_without_a_capacity_only_the_seats_taken_are_told(today):
    AttendanceFactory()

    (entry,) = entries(shown(Offering.objects.all()), today)

    assert (entry.seats, entry.days) == ("1", "令和8年6月1日")


def test_a_list_falls_into_its_months(today):
    for day in (date(2026, 4, 1), date(2026, 4, 30), date(2027, 3, 31)):
        OfferingFactory(starts_on=day)

    months = by_month(entries(shown(Offering.objects.order_by("starts_on")), today))

    assert [(month.title, len(month.entries)) for month in months] == [
        ("令和8年4月", 2),
        ("令和9年3月", 1),
    ]


@pytest.mark.parametrize(
    ("month", "before", "after"),
    [
        (date(2026, 1, 1), date(2025, 12, 1), date(2026, 2, 1)),
        (date(2026, 12, 1), date(2026, 11, 1), date(2027, 1, 1)),
        (date(2028, 2, 1), date(2028, 1, 1), date(2028, 3, 1)),
    ],
)
def test_months_follow_one_another_over_the_year(month, before, after):
    assert months_around(month) == (before, after)


def test_the_month_in_which_an_era_begins_is_of_that_era():
    assert era_month(date(2019, 5, 1)) == "令和元年5月"
    assert era_month(date(1989, 1, 1)) == "平成元年1月"


def test_the_calendar_takes_two_queries_for_1_and_11(today, django_assert_num_queries):
    OfferingDayFactory(offering__starts_on=date(2026, 11, 5))
    with django_assert_num_queries(2):
        month_calendar(NOVEMBER, today)
    for _ in range(10):
        OfferingDayFactory(offering__starts_on=date(2026, 11, 6))

    with django_assert_num_queries(2):
        calendar = month_calendar(NOVEMBER, today)

    assert calendar.count == 11
