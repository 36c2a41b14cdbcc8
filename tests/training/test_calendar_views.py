"""The calendar's pages: a month, and a fiscal year as a list."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import AttendanceFactory, OfferingDayFactory, OfferingFactory

pytestmark = pytest.mark.django_db

MONTH = "/training/calendar/"
YEAR = "/training/calendar/year/"


def page(client, url=MONTH, **query):
    return client.get(url, query).content.decode()


def test_the_calendar_shows_this_month_with_its_holidays(client_of, hr):
    OfferingFactory(starts_on=date(2026, 11, 26), course__title="<b>見本</b>の研修")
    OfferingFactory(starts_on=date(2026, 12, 1), course__title="来月の研修")

    html = page(client_of(hr))

    assert "令和8年11月" in html
    assert "勤労感謝の日" in html
    assert "&lt;b&gt;見本&lt;/b&gt;の研修" in html
    assert "来月の研修" not in html


def test_other_months_are_reached_one_by_one(client_of, hr):
    html = page(client_of(hr), month="2026-12")

    assert "令和8年12月" in html
    assert 'href="?month=2026-11"' in html
    assert 'href="?month=2027-01"' in html


@pytest.mark.parametrize(
    "month",
    ["2026-13", "2026-00", "0001-01", "9999-12", "2026-1", "１２月", "<b>", "2026-11-01"],
)
def test_a_month_that_cannot_be_is_answered_in_words_with_this_month(client_of, hr, month):
    html = page(client_of(hr), month=month)

    assert "月は「2026-11」の形で指定してください。" in html
    assert "令和8年11月" in html


@pytest.mark.parametrize(("month", "missing"), [("1950-01", "prev"), ("2099-12", "next")])
def test_the_calendar_has_ends(client_of, hr, month, missing):
    html = page(client_of(hr), month=month)

    assert f'rel="{missing}"' not in html
    assert "月は「2026-11」の形" not in html


def test_periods_are_listed_beside_the_calendar(client_of, hr):
    OfferingFactory(
        starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31),
        mode="on_demand",
        course__title="見本のeラーニング",
    )

    html = page(client_of(hr))

    assert "この月に開いている期間の研修" in html
    assert "令和8年4月1日～令和9年3月31日" in html


@pytest.mark.parametrize("url", [MONTH, YEAR])
def test_only_those_who_keep_training_get_links_to_offerings(client_of, hr, manager, head, url):
    offering = OfferingFactory(starts_on=date(2026, 11, 26), instructor="見本　講師")
    place = AttendanceFactory(offering=offering)
    link = reverse("training:offering_detail", args=[offering.pk])

    assert link in page(client_of(hr), url)
    for user in (manager, head):
        html = page(client_of(user), url)
        assert offering.course.title in html
        assert link not in html
        assert place.staff.name not in html
        assert "見本　講師" not in html


@pytest.mark.parametrize("url", [MONTH, YEAR])
def test_the_pages_take_the_same_queries_for_1_and_11(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries, url
):
    def make():
        day = OfferingDayFactory(offering__starts_on=date(2026, 11, 26))
        AttendanceFactory(offering=day.offering)

    make()
    browser = client_of(hr)
    browser.get(url)
    with django_assert_max_num_queries(12) as counted:
        browser.get(url)
    for _ in range(10):
        make()

    with django_assert_num_queries(len(counted)):
        html = page(browser, url)

    assert "研修11回" in html


def test_the_year_lists_its_offerings_by_month_with_state_and_seats(client_of, hr):
    offering = OfferingFactory(starts_on=date(2027, 3, 31), capacity=30, venue="第1会議室")
    AttendanceFactory(offering=offering)
    OfferingFactory(starts_on=date(2026, 3, 31), course__title="前の年度の研修")

    html = page(client_of(hr), YEAR)

    assert "令和9年3月" in html
    assert "開催予定" in html
    assert "1 / 30" in html
    assert "第1会議室" in html
    assert "前の年度の研修" not in html


def test_another_year_can_be_chosen(client_of, hr):
    OfferingFactory(starts_on=date(2026, 3, 31), course__title="前の年度の研修")

    html = page(client_of(hr), YEAR, year="R7")

    assert "前の年度の研修" in html
    assert '<a href="?year=R7" aria-current="true">R7</a>' in html


def test_years_before_and_after_the_plan_can_be_chosen_when_something_was_held(client_of, hr):
    OfferingFactory(starts_on=date(2024, 6, 1))

    html = page(client_of(hr), YEAR)

    assert ">R6</a>" in html
    assert ">R16</a>" in html
    assert ">R5</a>" not in html


def test_a_year_that_cannot_be_is_answered_in_words(client_of, hr):
    html = page(client_of(hr), YEAR, year="来年")

    assert "年度として読めません。" in html
    assert "令和8年度" in html


def test_an_empty_year_says_so(client_of, hr):
    assert "この年度に始まる研修はまだありません。" in page(client_of(hr), YEAR, year="R10")


def test_a_long_year_has_pages_that_keep_the_year(client_of, hr):
    course = OfferingFactory(starts_on=date(2025, 6, 1)).course
    OfferingFactory.create_batch(100, course=course, starts_on=date(2025, 6, 1))

    html = page(client_of(hr), YEAR, year="R7")

    assert "研修101回" in html
    assert "?year=R7&amp;page=2" in html


def test_staff_without_a_role_are_kept_out(client_of, staff):
    assert {client_of(staff).get(url).status_code for url in (MONTH, YEAR)} == {403}
