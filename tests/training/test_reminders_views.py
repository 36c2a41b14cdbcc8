"""お知らせ: what is due, what was sent, and letters on paper."""

import html
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    OfferingFactory,
    ReminderFactory,
)
from training.models import Reminder

pytestmark = pytest.mark.django_db

LIST, SHEET = reverse("training:reminder_list"), reverse("training:reminder_sheet")


@pytest.fixture
def clerk(client_of, hr):
    return client_of(hr)


def text(response):
    return html.unescape(response.content.decode())


def booked(**values):
    member = AssignmentFactory(**values).staff
    return AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 11, 25)))


def states(clerk):
    return {name: count for name, _, count in clerk.get(LIST).context["states"]}


def test_the_list_tells_what_is_due_and_by_which_way(clerk, settings):
    settings.SENDS_EMAIL = True
    mailed, paper = booked(staff__email="a@example.jp"), booked()

    page = clerk.get(LIST)

    shown = {line.number: line.state for line in page.context["lines"]}
    assert shown == {mailed.staff.number: "メール待ち", paper.staff.number: "紙で渡す"}
    assert "1人には、次の自動送信のときにメールで送ります。" in text(page)
    assert "紙のお知らせを印刷する" in text(page)


def test_without_mail_the_page_says_so_and_all_goes_on_paper(clerk):
    booked(staff__email="a@example.jp")

    page = clerk.get(LIST)

    assert "メールは設定されていません。" in text(page)
    assert [line.state for line in page.context["lines"]] == ["紙で渡す"]


def test_what_was_made_is_listed_with_its_state_and_moment(clerk):
    at = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    ReminderFactory(address="a@example.jp", made_at=at, sent_at=at)
    ReminderFactory(made_at=at)
    ReminderFactory(address="b@example.jp", made_at=at)

    made, unclear = clerk.get(LIST, {"state": "made"}), clerk.get(LIST, {"state": "unclear"})

    assert sorted(line.state for line in made.context["lines"]) == ["紙で渡した", "送信済"]
    assert "令和8年11月20日 16:30" in text(made)
    assert [line.state for line in unclear.context["lines"]] == ["要確認"]
    assert "届いたか分からないお知らせがあります。" in text(unclear)


def test_the_sheet_holds_the_letters_department_by_department(clerk):
    booked(department__name="甲課", department__order=2, staff__name="見本　甲")
    booked(department__name="乙課", department__order=1, staff__name="見本　乙")

    page = clerk.get(SHEET)

    assert [sheet.department.name for sheet in page.context["sheets"]] == ["乙課", "甲課"]
    assert "見本　乙 様" in text(page)
    assert "令和8年11月25日（水）" in text(page)


def test_the_sheet_leaves_out_what_goes_by_mail_and_takes_what_is_unclear(clerk, settings):
    settings.SENDS_EMAIL = True
    booked(staff__email="a@example.jp")
    unclear = ReminderFactory(address="b@example.jp")

    letters = clerk.get(SHEET).context["letters"]

    assert [letter.attendance for letter in letters] == [unclear.attendance]


def test_the_button_writes_down_what_was_printed_and_no_more(clerk):
    printed, later = booked(), booked()
    unclear = ReminderFactory(address="b@example.jp")
    keys = {letter.attendance: letter.key for letter in clerk.get(SHEET).context["letters"]}

    answer = clerk.post(
        SHEET, {"letter": [keys[printed], keys[unclear.attendance], "1-x-y"]}, follow=True
    )

    assert "2人分を、紙で渡したと記録しました。" in text(answer)
    assert set(Reminder.objects.settled().values_list("attendance", "address")) == {
        (printed.pk, ""),
        (unclear.attendance_id, ""),
    }
    assert states(clerk) == {"due": 1, "unclear": 0, "made": 2}
    assert not later.reminders.exists()


def test_pressed_twice_it_is_written_down_once(clerk):
    booked()
    [letter] = clerk.get(SHEET).context["letters"]
    clerk.post(SHEET, {"letter": [letter.key]})

    answer = clerk.post(SHEET, {"letter": [letter.key]}, follow=True)

    assert "すでに記録済みのため、新しく記録したものはありません。" in text(answer)
    assert Reminder.objects.count() == 1


def test_without_letters_the_sheet_says_so(clerk):
    assert "紙で渡すお知らせはありません。" in text(clerk.get(SHEET))


@pytest.mark.parametrize("state", ["due", "made"])
def test_the_queries_do_not_grow_with_the_reminders(clerk, state, django_assert_max_num_queries):
    for _ in range(11):
        ReminderFactory() if state == "made" else booked()
    clerk.get(LIST)

    with django_assert_max_num_queries(18):
        page = clerk.get(LIST, {"state": state})

    assert len(page.context["lines"]) == 11
