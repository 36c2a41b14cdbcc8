"""The pages that close an offering and open it again."""

import pytest
from django.urls import reverse

from tests.factories import AttendanceFactory, CompletionFactory, OfferingFactory

pytestmark = pytest.mark.django_db


def address(act, offering):
    return reverse(f"training:offering_{act}", args=[offering.pk])


def test_who_is_unmarked_is_named_and_nothing_is_closed(client_of, hr):
    place = AttendanceFactory()
    browser = client_of(hr)

    shown = browser.get(address("close", place.offering)).content.decode()
    sent = browser.post(address("close", place.offering)).content.decode()

    assert "まだ締められません。" in shown
    assert place.staff.name in shown
    assert "この開催回を締める" not in shown
    assert f"出欠が未入力の人が1人います（{place.staff.name}）。" in sent
    place.offering.refresh_from_db()
    assert place.offering.closed_at is None


def test_a_clerk_who_is_alone_unmarked_is_told_that_a_colleague_marks_it(client_of, hr):
    own = AttendanceFactory(staff=hr.staff)
    browser = client_of(hr)

    alone = browser.get(address("close", own.offering)).content.decode()
    AttendanceFactory(offering=own.offering)
    among_others = browser.get(address("close", own.offering)).content.decode()

    assert "自分の出欠は別の担当者が入力します。" in alone
    assert "?show=unmarked" not in alone
    assert "自分の出欠は別の担当者が入力します。" not in among_others
    assert "?show=unmarked" in among_others


def test_closing_and_opening_again_are_told_with_who_and_why(client_of, hr):
    offering = CompletionFactory().offering
    browser = client_of(hr)
    browser.get(address("close", offering))

    closed = browser.post(address("close", offering), follow=True).content.decode()
    opened = browser.post(
        address("reopen", offering), {"reason": "入力の誤りのため。"}, follow=True
    ).content.decode()
    history = browser.get(address("close", offering)).content.decode()

    assert "開催回を締めました。" in closed
    assert "締め済みのため、変更できません。" in closed
    assert "締めを取り消しました。" in opened
    assert f"status-{offering.attendances.get().pk}" in opened
    assert "入力の誤りのため。" in history
    assert hr.staff.name in history


def test_opening_again_without_a_reason_is_asked_for_one(client_of, hr):
    offering = OfferingFactory()
    browser = client_of(hr)
    browser.post(address("close", offering))

    answer = browser.post(address("reopen", offering), {"reason": " "})

    assert "締めを取り消す理由を入力してください。" in answer.content.decode()
    offering.refresh_from_db()
    assert offering.closed_at is not None


def test_an_open_offering_has_nothing_to_open(client_of, hr):
    html = client_of(hr).get(address("reopen", OfferingFactory())).content.decode()

    assert "この開催回は締められていません。" in html


def test_a_closed_offering_still_shows_its_marks(client_of, hr):
    place = CompletionFactory()
    browser = client_of(hr)
    browser.post(address("close", place.offering))

    html = browser.get(address("attendance", place.offering)).content.decode()

    assert place.staff.name in html
    assert f"status-{place.pk}" not in html
    assert "締めを取り消す" in html
