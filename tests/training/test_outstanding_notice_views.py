"""The notices to the heads, and writing down that people were told."""

import html
from datetime import date

import pytest
from django.urls import reverse

from tests.conftest import TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    OfferingFactory,
    ProgrammeFactory,
)
from training.models import Invitation

pytestmark = pytest.mark.django_db

URL = reverse("training:outstanding_notice")


@pytest.fixture
def row(db):
    return ProgrammeFactory(name="見本の施策")


@pytest.fixture
def clerk(client_of, hr):
    return client_of(hr)


def text(response):
    return html.unescape(response.content.decode())


def test_each_reporting_unit_gets_one_sheet_addressed_to_its_head(clerk, row):
    first, second = DepartmentFactory(name="甲課", order=2), DepartmentFactory(name="乙課", order=1)
    under = DepartmentFactory(parent=first, gives_leader=False)
    head = placed(first, rank=HeadRankFactory(name="課長"), staff__name="見本　課長")
    CompletionFactory(staff=head)
    members = [placed(under), placed(first)]
    vacant = placed(second)

    page = clerk.get(URL)

    notices = page.context["notices"]
    assert [notice.unit for notice in notices] == [second, first]
    assert [one.place.staff for one in notices[0].people] == [vacant]
    assert {one.place.staff for one in notices[1].people} == set(members)
    assert "甲課　課長　見本　課長 様" in text(page)
    assert "乙課　御中" in text(page)


def test_the_sheet_carries_date_booking_and_the_day_to_answer_by(clerk, row, section):
    member = placed(section)
    AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 12, 3)))

    asked = {"reply_by": "R8.12.10", "addition": "掲示板も見てください。", "with_booked": "on"}
    page = text(clerk.get(URL, asked))

    assert "令和8年11月23日" in page
    assert "令和8年12月10日までに" in page
    assert "掲示板も見てください。" in page
    assert "R8.12.3 受講予定" in page


def test_two_weeks_of_working_days_are_offered_to_answer(clerk, row, section):
    placed(section)

    assert "令和8年12月7日までに" in text(clerk.get(URL))


@pytest.mark.parametrize("typed", ["来週", "2/30"])
def test_a_day_that_cannot_be_read_is_told_and_nothing_typed_is_lost(clerk, row, section, typed):
    placed(section)

    page = text(clerk.get(URL, {"reply_by": typed, "addition": "追記", "programme": row.code}))

    assert 'id="id_reply_by_error"' in page
    assert f'value="{typed}"' in page
    assert 'value="追記"' in page
    assert f'name="programme" value="{row.code}"' in page


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ({"reply_by": "2/30"}, 0),
        ({"reply_by": "R8.12.10", "addition": "長" * 201}, 0),
        ({"reply_by": "R8.12.10"}, 1),
        ({"reply_by": ""}, 1),
    ],
)
def test_there_is_nothing_to_print_until_what_was_typed_is_right(
    clerk, row, section, typed, letters
):
    member = placed(section)

    page = text(clerk.get(URL, typed))

    assert page.count('class="agano-letter"') == letters
    assert page.count("data-print") == letters
    assert page.count("案内済にする</button>") == letters
    assert (member.name in page) == bool(letters)
    assert ("入力を直して" in page) != bool(letters)


def test_nothing_is_written_down_before_the_number_of_people_was_agreed_to(clerk, row, section):
    for _ in range(2):
        placed(section)

    page = text(clerk.get(URL))

    assert 'data-confirm="2人に今日案内したと記録します。' in page


def named(page):
    return {one.place.staff for notice in page.context["notices"] for one in notice.people}


def test_whoever_has_a_place_is_left_out_and_their_number_told(clerk, row, section):
    open_one, booked, waiting = placed(section), placed(section), placed(section)
    coming = OfferingFactory(starts_on=date(2026, 12, 3))
    AttendanceFactory(staff=booked, offering=coming)
    AttendanceFactory(staff=waiting, offering=coming, status="waiting")

    page = clerk.get(URL)

    assert named(page) == {open_one}
    assert "予約済（受講予定・空き待ち・出欠未入力）の2人は" in text(page)
    assert 'data-confirm="1人に今日案内したと記録します。' in text(page)
    assert "出欠が未入力の開催回があります" not in text(page)
    for other in (booked, waiting):
        assert f'name="staff" value="{other.pk}"' not in text(page)


def test_whoever_has_a_place_is_taken_in_on_request(clerk, row, section):
    member = placed(section)
    AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 12, 3)))

    page = clerk.get(URL, {"reply_by": "R8.12.10", "with_booked": "on"})

    assert named(page) == {member}
    assert "予約済の1人も載せています。" in text(page)
    assert f'name="staff" value="{member.pk}"' in text(page)


def test_where_everybody_has_a_place_the_page_says_so_and_the_tick_stays(clerk, row, section):
    member = placed(section)
    AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 12, 3)))

    page = text(clerk.get(URL))

    assert "の1人は" in page
    assert 'name="with_booked"' in page
    assert "agano-letter" not in page
    assert "入力を直して" not in page


def test_nobody_whose_attendance_awaits_its_mark_is_told_and_the_way_there_is_shown(
    clerk, row, section
):
    place = AttendanceFactory(staff=placed(section), offering__course__title="見本の研修")
    placed(section)

    page = clerk.get(URL)

    assert place.staff not in named(page)
    assert "出欠が未入力の開催回があります。先に入力してください。" in text(page)
    assert reverse("training:offering_attendance", args=[place.offering_id]) in text(page)
    assert "令和8年6月1日　見本の研修の出欠を入力する" in text(page)


def test_heads_do_not_read_of_the_state_of_the_office_s_own_letters(clerk, row, section):
    placed(section)

    page = text(clerk.get(URL))

    assert '<td class="agano-table__nowrap">－</td>' in page
    assert "未案内</td>" not in page


def test_the_notice_is_of_today_whatever_day_the_list_showed(clerk, row, section):
    member = placed(section)
    CompletionFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 6, 1)))

    page = clerk.get(URL, {"as_of": "R8.5.1", "year": "R7"})

    assert page.context["notices"] == []
    assert "通知する未受講者はいません。" in text(page)


def test_the_button_writes_down_who_was_printed(clerk, hr, row, section):
    printed, other = placed(section), placed(section)

    answer = clerk.post(URL, {"staff": [printed.pk]}, follow=True)

    assert "1人を案内済にしました。" in text(answer)
    told = Invitation.objects.get()
    assert (told.staff, told.invited_on, told.by) == (printed, TODAY, hr)
    assert {one.place.staff: one.reason for one in answer.context["page"]} == {
        printed: "invited",
        other: "not_invited",
    }


def test_pressed_twice_it_is_written_down_once_and_said_so(clerk, row, section):
    member = placed(section)
    clerk.post(URL, {"staff": [member.pk]})

    answer = clerk.post(URL, {"staff": [member.pk]}, follow=True)

    assert "1人は今日すでに案内済でした。" in text(answer)
    assert Invitation.objects.count() == 1


def test_whoever_completed_it_since_the_printing_is_left_out_and_told(clerk, row, section):
    done = placed(section)
    CompletionFactory(staff=done)

    answer = clerk.post(URL, {"staff": [done.pk, 987_654, "x"]}, follow=True)

    assert "3人は、もう未受講者ではないため除きました。" in text(answer)
    assert not Invitation.objects.exists()


def test_the_queries_do_not_grow_with_the_departments(clerk, row, django_assert_max_num_queries):
    for _ in range(11):
        placed(DepartmentFactory())
    clerk.get(URL)

    with django_assert_max_num_queries(20):
        page = clerk.get(URL)

    assert len(page.context["notices"]) == 11
