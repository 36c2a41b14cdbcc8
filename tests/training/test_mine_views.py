"""マイ研修: the page, signing up, giving up, 欠席届."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from tests.conftest import account
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    OfferingFactory,
    ProgrammeFactory,
    SurveyAnswerFactory,
    TrainingReportFactory,
    UserFactory,
)
from training.models import Attendance, AttendanceChange

pytestmark = pytest.mark.django_db

MINE = "/training/mine/"
TO_COME = date(2026, 12, 10)


@pytest.fixture
def me(client_of, staff):
    """Somebody of section A without any role."""
    return client_of(staff)


def url(act, offering):
    return reverse(f"training:{act}", args=[offering.pk])


def offered(**values):
    return OfferingFactory(**{"starts_on": TO_COME, "takes_signups": True} | values)


def html(me, address=MINE):
    return me.get(address).content.decode()


def post(me, act, offering, **data):
    return me.post(url(act, offering), data, follow=True).content.decode()


# --- the page -----------------------------------------------------------------------------------


def test_the_page_tells_what_is_owed_booked_offered_and_done(me, staff):
    ProgrammeFactory(name="全職員DX研修", category="skill")
    AttendanceFactory(staff=staff.staff, offering=offered(course__title="予約した研修"))
    offered(course__title="申し込める研修その一")
    CompletionFactory(
        staff=staff.staff, offering__course__title="受けた研修その一", offering__course__hours=3
    )

    page = me.get(MINE)

    words = page.content.decode()
    for said in ("全職員DX研修", "予約した研修", "申し込める研修その一", "受けた研修その一"):
        assert said in words
    assert (page.context["completed"], page.context["hours"]) == (1, 3)


def test_the_page_of_somebody_without_anything_says_so(me):
    words = html(me)

    assert "予約している研修はありません。" in words
    assert "今、申し込める研修はありません。" in words
    assert "受けた研修の記録はまだありません。" in words


def test_completions_of_past_years_are_listed_but_not_counted_for_this_year(me, staff):
    CompletionFactory(staff=staff.staff, offering__starts_on=date(2026, 3, 31))

    page = me.get(MINE)

    assert "令和8年3月31日" in page.content.decode()
    assert page.context["completed"] == 0


def test_nobody_elses_places_are_on_the_page(me):
    CompletionFactory(offering__course__title="ほかの人の研修")
    AttendanceFactory(offering__starts_on=TO_COME, offering__course__title="ほかの人の予約")

    words = html(me)

    assert "ほかの人の研修" not in words
    assert "ほかの人の予約" not in words


def test_a_survey_to_answer_and_a_report_to_write_are_told(me, staff):
    place = CompletionFactory(staff=staff.staff, offering__starts_on=date(2026, 11, 20))

    words = html(me)

    assert "回答していないアンケートがあります。" in words
    assert reverse("training:survey_answer", args=[place.pk]) in words
    assert reverse("training:report_edit", args=[place.pk]) in words


def test_what_was_answered_and_handed_in_is_told(me, staff):
    place = CompletionFactory(staff=staff.staff, offering__starts_on=date(2026, 11, 20))
    SurveyAnswerFactory(attendance=place)
    TrainingReportFactory(attendance=place, submitted_at=datetime(2026, 11, 21, tzinfo=UTC))

    words = html(me)

    assert "回答済み" in words
    assert "提出済み" in words
    assert "回答していないアンケート" not in words


def test_an_account_without_a_person_has_no_such_page(client_of):
    assert client_of(UserFactory(staff=None, username="000999")).get(MINE).status_code == 403


def test_the_page_takes_the_same_queries_for_one_and_for_eleven(
    me, staff, django_assert_max_num_queries
):
    def add():
        ProgrammeFactory()
        for status in ("booked", "waiting"):
            AttendanceFactory(staff=staff.staff, offering=offered(), status=status)
        offered()
        place = CompletionFactory(staff=staff.staff, offering__starts_on=date(2026, 11, 20))
        TrainingReportFactory(attendance=place)

    add()
    me.get(MINE)  # the session's own
    with django_assert_max_num_queries(60) as one:
        me.get(MINE)
    for _ in range(10):
        add()
    with django_assert_max_num_queries(60) as eleven:
        me.get(MINE)

    assert len(eleven) == len(one)


# --- one offering -------------------------------------------------------------------------------


def test_an_offering_is_told_with_its_facts_and_material(me):
    offering = offered(
        venue="本庁舎会議室",
        instructor="見本講師",
        capacity=20,
        course__material_url="https://kyozai.example.jp/dx",
    )

    words = html(me, url("mine_offering", offering))

    for said in ("令和8年12月10日（木）", "本庁舎会議室", "見本講師", "残り20席"):
        assert said in words
    assert 'href="https://kyozai.example.jp/dx"' in words


@pytest.mark.parametrize("status", ["booked", "waiting", "cancelled", "present"])
def test_where_one_has_or_had_a_place_one_may_look(me, staff, status):
    done = {"completed_on": date(2026, 6, 1)} if status == "present" else {}
    place = AttendanceFactory(staff=staff.staff, status=status, **done)

    assert me.get(url("mine_offering", place.offering)).status_code == 200


def test_an_offering_of_others_that_takes_no_sign_ups_does_not_exist(me):
    offering = AttendanceFactory(offering__starts_on=TO_COME).offering

    assert me.get(url("mine_offering", offering)).status_code == 404
    assert me.post(url("mine_sign_up", offering)).status_code == 404


@pytest.mark.parametrize(
    ("make", "told"),
    [
        ({"booking_closes_on": date(2026, 11, 22)}, "申込は受け付けていません。"),
        ({"cancelled_at": datetime(2026, 11, 1, tzinfo=UTC)}, "この開催回は中止になりました。"),
    ],
)
def test_an_offering_that_is_shut_says_so_and_offers_no_button(me, make, told):
    words = html(me, url("mine_offering", offered(**make)))

    assert told in words
    assert ">申し込む</button>" not in words


def test_a_clash_is_told_before_signing_up(me, staff):
    AttendanceFactory(
        staff=staff.staff, offering__starts_on=TO_COME, offering__course__title="先に予約した研修"
    )

    words = html(me, url("mine_offering", offered()))

    assert "同じ時間に、ほかの研修を予約しています。" in words
    assert "先に予約した研修" in words


def test_a_full_offering_tells_ones_place_in_line_before_one_signs_up(me):
    offering = offered(capacity=1)
    AttendanceFactory(offering=offering)
    AttendanceFactory(offering=offering, status="waiting")

    words = html(me, url("mine_offering", offering))

    assert "申し込むと空き待ちの2番目になり" in words
    assert "空き待ちに申し込む" in words


# --- signing up ---------------------------------------------------------------------------------


def test_signing_up_books_a_seat(me, staff):
    offering = offered(capacity=1)

    words = post(me, "mine_sign_up", offering)

    assert "申し込みました。席を予約しました。" in words
    place = Attendance.objects.get()
    assert (place.offering, place.staff, place.status) == (offering, staff.staff, "booked")
    assert AttendanceChange.objects.get().by == staff


def test_signing_up_twice_is_once(me):
    offering = offered()
    post(me, "mine_sign_up", offering)

    words = post(me, "mine_sign_up", offering)

    assert "すでに申し込んでいます（受講予定）。" in words
    assert Attendance.objects.count() == AttendanceChange.objects.count() == 1


def test_without_a_seat_one_comes_into_the_waiting_line(me):
    offering = offered(capacity=1)
    AttendanceFactory(offering=offering)
    AttendanceFactory(
        offering=offering, status="waiting", waiting_since=datetime(2026, 11, 1, tzinfo=UTC)
    )

    words = post(me, "mine_sign_up", offering)

    assert "空き待ちの2番目に入りました。" in words
    assert "2番目です。" in words
    assert "2番目" in html(me)


def test_a_booking_that_is_over_is_refused_in_words(me):
    offering = offered(booking_closes_on=date(2026, 11, 22))

    words = post(me, "mine_sign_up", offering)

    assert "この開催回の申込は受け付けていません。人事担当に相談してください。" in words
    assert not Attendance.objects.exists()


def test_signing_up_takes_no_person_from_the_form(me, staff):
    other = AssignmentFactory().staff

    post(me, "mine_sign_up", offered(), staff=other.pk, members=other.pk, status="present")

    assert Attendance.objects.get().staff == staff.staff


# --- giving up ----------------------------------------------------------------------------------


def test_giving_up_frees_the_seat_for_the_next_in_line(me, staff):
    place = AttendanceFactory(staff=staff.staff, offering=offered(capacity=1))
    waiting = AttendanceFactory(offering=place.offering, status="waiting")

    words = post(me, "mine_withdraw", place.offering)

    assert "申込を取り消しました。" in words
    waiting.refresh_from_db()
    assert waiting.status == "booked"
    assert waiting.staff.name not in words


def test_after_it_began_nothing_can_be_given_up(me, staff):
    place = AttendanceFactory(staff=staff.staff, offering__starts_on=date(2026, 11, 23))

    words = post(me, "mine_withdraw", place.offering)

    assert "開催日になったため、取り消せません。" in words
    assert ">申込を取り消す</button>" not in words
    place.refresh_from_db()
    assert place.status == "booked"


# --- 欠席届 --------------------------------------------------------------------------------------


def test_notice_of_absence_is_kept_with_its_reason(me, staff):
    place = AttendanceFactory(staff=staff.staff, offering=offered())

    words = post(me, "mine_notice", place.offering, absence_reason="duty", note="議会の対応のため")

    assert "欠席届を出しました。" in words
    place.refresh_from_db()
    assert (place.status, place.absence_reason, place.note) == (
        "notified",
        "duty",
        "議会の対応のため",
    )


def test_a_notice_without_a_reason_is_refused_and_loses_nothing(me, staff):
    place = AttendanceFactory(staff=staff.staff, offering=offered())

    words = post(me, "mine_notice", place.offering, note="議会の対応のため")

    assert "理由を選んでください。" in words
    assert "議会の対応のため" in words
    place.refresh_from_db()
    assert place.status == "booked"


def test_a_notice_may_be_corrected(me, staff):
    place = AttendanceFactory(
        staff=staff.staff, offering=offered(), status="notified", note="休暇の予定"
    )

    shown = html(me, url("mine_notice", place.offering))
    post(me, "mine_notice", place.offering, absence_reason="holiday")

    assert "休暇の予定" in shown
    place.refresh_from_db()
    assert (place.absence_reason, place.note) == ("holiday", "")


def test_a_notice_after_the_day_is_refused_in_words(me, staff):
    place = AttendanceFactory(staff=staff.staff, offering__starts_on=date(2026, 11, 22))

    words = post(me, "mine_notice", place.offering, absence_reason="duty")

    assert "開催日を過ぎたため、欠席届を出せません。" in words


@pytest.mark.parametrize("act", ["mine_withdraw", "mine_notice"])
def test_without_a_place_there_is_nothing_to_give_up(client_of, staff, act):
    place = AttendanceFactory(staff=staff.staff, offering=offered())
    stranger = client_of(account(AssignmentFactory().staff))

    answer = stranger.post(url(act, place.offering), {"absence_reason": "duty"})

    assert answer.status_code == 404
    place.refresh_from_db()
    assert place.status == "booked"
