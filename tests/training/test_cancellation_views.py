"""Calling an offering off, and the notice to those who were on it."""

from datetime import date, time

import pytest
from django.urls import reverse

from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    OfferingFactory,
)

pytestmark = pytest.mark.django_db

REASON = {"reason": "講師の都合のため"}


@pytest.fixture
def offering(db):
    """One to come with two people of two departments; a third had withdrawn."""
    made = OfferingFactory(
        starts_on=date(2026, 12, 1),
        starts_at=time(13, 30),
        venue="第2会議室",
        course__title="見本研修",
    )
    for name, order, status in (
        ("総務課", 1, "booked"),
        ("税務課", 2, "notified"),
        ("農林課", 3, "cancelled"),
    ):
        place = AssignmentFactory(department=DepartmentFactory(name=name, order=order))
        AttendanceFactory(offering=made, staff=place.staff, status=status)
    return made


def cancel(offering):
    return reverse("training:offering_cancel", args=[offering.pk])


def test_calling_off_leads_to_a_notice_by_department(client_of, hr, offering):
    page = client_of(hr).post(cancel(offering), REASON, follow=True)

    html = page.content.decode()
    assert "2人の登録を取り消しました。" in html
    assert [one.department for one in page.context["told"]] == ["総務課", "税務課"]
    text = page.context["text"]
    (booked,) = page.context["told"][0].people
    assert "研修名：見本研修\n日時：令和8年12月1日 13:30～\n会場：第2会議室\n" in text
    assert "中止の理由：講師の都合のため" in text
    assert f"【総務課】1人\n　{booked.number}　{booked.name}" in text
    assert "農林課" not in text


def test_a_reason_is_needed(client_of, hr, offering):
    html = client_of(hr).post(cancel(offering), {"reason": " "}).content.decode()

    assert "中止の理由を入力してください。" in html
    offering.refresh_from_db()
    assert offering.cancelled_at is None


def test_calling_off_twice_shows_the_same_notice(client_of, hr, offering):
    browser = client_of(hr)
    browser.post(cancel(offering), REASON)

    again = browser.post(cancel(offering), REASON, follow=True)

    assert again.context["count"] == 2
    assert offering.events.count() == 1


def test_an_offering_with_marks_is_refused_in_words(client_of, hr):
    offering = CompletionFactory().offering

    html = client_of(hr).post(cancel(offering), REASON).content.decode()

    assert "出欠が入力されているため、中止にできません。" in html


def test_after_calling_off_nothing_can_be_marked_enrolled_or_changed(client_of, hr, offering):
    browser = client_of(hr)
    browser.post(cancel(offering), REASON)

    html = browser.get(offering.get_absolute_url()).content.decode()
    refused = browser.post(
        reverse("training:offering_enrol", args=[offering.pk]),
        {"numbers": AssignmentFactory().staff.number},
    )

    assert "この開催回は中止になりました。" in html
    assert "講師の都合のため" in html
    assert all(
        words not in html for words in ("出欠を入力する", "受講者を登録する", "内容を変える")
    )
    assert "この開催回は中止になったため、変更できません。" in refused.content.decode()


def test_an_offering_that_is_held_has_no_notice(client_of, hr, offering):
    page = reverse("training:offering_notice", args=[offering.pk])

    assert client_of(hr).get(page).status_code == 404


def test_the_notice_takes_the_same_queries_for_2_and_12_people(
    client_of, hr, offering, django_assert_num_queries, django_assert_max_num_queries
):
    more = OfferingFactory(starts_on=date(2026, 12, 1))
    for place in AssignmentFactory.create_batch(12):
        AttendanceFactory(offering=more, staff=place.staff)
    browser = client_of(hr)
    pages = []
    for one in (offering, more):
        browser.post(cancel(one), REASON)
        pages.append(reverse("training:offering_notice", args=[one.pk]))
        browser.get(pages[-1])
    with django_assert_max_num_queries(14) as counted:
        browser.get(pages[0])

    with django_assert_num_queries(len(counted)):
        page = browser.get(pages[1])

    assert page.context["count"] == 12
