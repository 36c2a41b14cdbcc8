"""Offerings: list, make, change without overwriting others, enrol."""

import re
from datetime import UTC, date, datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    OfferingDayFactory,
    OfferingEventFactory,
    OfferingFactory,
    ProgrammeFactory,
)
from training.models import Category, Mode, Offering

pytestmark = pytest.mark.django_db

LIST = "/training/offerings/"
COMING = date(2026, 11, 25)
FAR = "平成12年4月1日から令和82年3月31日までの日を入力してください。"
# A period that has begun.
BEGUN = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 31), "mode": Mode.ON_DEMAND}


def edit(offering):
    return reverse("training:offering_edit", args=[offering.pk])


def enrol(offering):
    return reverse("training:offering_enrol", args=[offering.pk])


def filled(offering, **changes):
    """The edit page as a clerk sends it."""
    return {
        "course": offering.course_id,
        "starts_on": offering.starts_on.isoformat(),
        "ends_on": offering.ends_on.isoformat(),
        "starts_at": "",
        "mode": offering.mode,
        "venue": offering.venue,
        "capacity": offering.capacity or "",
        "instructor": "",
        "version": offering.version,
    } | changes


# --- the list -----------------------------------------------------------------------------------


def test_the_list_tells_people_seats_and_missing_marks(client_of, hr):
    offering = OfferingFactory(capacity=30)
    AttendanceFactory.create_batch(2, offering=offering)
    AttendanceFactory(offering=offering, status="present", completed_on=offering.ends_on)
    AttendanceFactory(offering=offering, status="cancelled")

    html = client_of(hr).get(LIST).content.decode()

    assert "3 / 30" in html
    assert "未入力 2人" in html


@pytest.mark.parametrize(
    ("make", "words"),
    [
        ({"starts_on": COMING}, "開催予定"),
        ({"starts_on": COMING, "booking_closes_on": date(2026, 11, 22)}, "開催予定"),
        ({"starts_on": COMING, "takes_signups": True}, "受付中"),
        ({"starts_on": COMING, "capacity": 1}, "満席"),
        ({"starts_on": COMING, "capacity": 1, "takes_signups": True}, "満席"),
        (
            {
                "starts_on": COMING,
                "booking_closes_on": date(2026, 11, 22),
                "takes_signups": True,
            },
            "受付終了",
        ),
        ({"starts_on": date(2026, 11, 23)}, "実施中"),
        (BEGUN, "実施中"),
        (BEGUN | {"capacity": 1}, "実施中"),
        (BEGUN | {"takes_signups": True}, "受付中"),
        (BEGUN | {"takes_signups": True, "capacity": 1}, "満席"),
        ({"starts_on": date(2026, 11, 22)}, "実施済"),
        ({"closed_at": timezone.now()}, "締め済"),
        ({"cancelled_at": timezone.now()}, "中止"),
    ],
)
def test_the_list_and_the_page_tell_how_far_an_offering_is(client_of, hr, make, words):
    offering = AttendanceFactory(offering=OfferingFactory(**make)).offering
    browser = client_of(hr)

    pages = [browser.get(page).content.decode() for page in (LIST, offering.get_absolute_url())]

    assert all(re.search(f'class="agano-chip"[^>]*>{words}<', html) for html in pages)


def test_the_list_can_be_narrowed_to_a_state(client_of, hr):
    full = AttendanceFactory(offering__starts_on=date(2026, 11, 25), offering__capacity=1).offering
    OfferingFactory(starts_on=date(2026, 11, 25))
    OfferingFactory()

    response = client_of(hr).get(LIST, {"state": "full"})

    assert list(response.context["page"]) == [full]


def test_marks_are_asked_for_only_where_they_can_be_entered(client_of, hr):
    AttendanceFactory(offering__starts_on=date(2026, 11, 24))
    AttendanceFactory(offering__closed_at=timezone.now())

    html = client_of(hr).get(LIST).content.decode()

    assert "未入力" not in html


def test_the_list_can_be_narrowed_to_a_year_and_a_category(client_of, hr):
    wanted = OfferingFactory(starts_on=date(2026, 4, 1), course__category=Category.SKILL)
    OfferingFactory(starts_on=date(2026, 3, 31), course__category=Category.SKILL)
    OfferingFactory(starts_on=date(2027, 3, 31), course__category=Category.MIND)

    response = client_of(hr).get(LIST, {"year": "R8", "category": "skill"})

    assert list(response.context["page"]) == [wanted]


def test_the_list_takes_the_same_queries_for_1_and_11(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    AttendanceFactory()
    browser = client_of(hr)
    browser.get(LIST)
    with django_assert_max_num_queries(12) as counted:
        browser.get(LIST)
    AttendanceFactory.create_batch(10)

    with django_assert_num_queries(len(counted)):
        response = browser.get(LIST)

    assert len(response.context["page"]) == 11


def test_a_long_list_has_pages_that_keep_the_filter(client_of, hr):
    course = CourseFactory()
    OfferingFactory.create_batch(51, course=course)

    html = client_of(hr).get(LIST, {"category": "mind"}).content.decode()

    assert "全51回" in html
    assert "?category=mind&amp;page=2" in html


# --- one offering -------------------------------------------------------------------------------


def test_an_offering_shows_its_people_and_how_many_of_each_state(client_of, hr):
    offering = OfferingFactory(capacity=10)
    place = AssignmentFactory()
    AttendanceFactory(offering=offering, staff=place.staff)
    CompletionFactory.create_batch(2, offering=offering)

    html = client_of(hr).get(offering.get_absolute_url()).content.decode()

    assert "3人（受講予定 1人・出席 2人）" in html
    assert place.staff.name in html
    assert place.department.name in html


def test_an_offering_takes_the_same_queries_for_1_and_11_people(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    offering = OfferingFactory()
    AttendanceFactory(offering=offering, staff=AssignmentFactory().staff)
    browser = client_of(hr)
    browser.get(offering.get_absolute_url())
    with django_assert_max_num_queries(16) as counted:
        browser.get(offering.get_absolute_url())
    for place in AssignmentFactory.create_batch(10):
        AttendanceFactory(offering=offering, staff=place.staff)

    with django_assert_num_queries(len(counted)):
        response = browser.get(offering.get_absolute_url())

    assert len(response.context["people"]) == 11


def test_a_title_with_signs_of_html_is_shown_as_it_is(client_of, hr):
    offering = OfferingFactory(course__title="<b>見本</b>")
    browser = client_of(hr)

    pages = [browser.get(page).content.decode() for page in (LIST, offering.get_absolute_url())]

    assert all("&lt;b&gt;見本&lt;/b&gt;" in html and "<b>見本" not in html for html in pages)


def test_those_who_wait_stand_apart_in_their_order(client_of, hr):
    offering = OfferingFactory(starts_on=date(2026, 12, 1), capacity=1)
    AttendanceFactory(offering=offering)
    late, early = (
        AttendanceFactory(
            offering=offering,
            status="waiting",
            waiting_since=datetime(2026, 11, 20, hour, tzinfo=UTC),
        )
        for hour in (5, 4)
    )

    response = client_of(hr).get(offering.get_absolute_url())

    assert [one.attendance for one in response.context["waiting"]] == [early, late]
    assert len(response.context["people"]) == 1
    assert "空き待ち（2人）" in response.content.decode()


def test_what_happened_to_an_offering_is_told_with_who_and_why(client_of, hr):
    event = OfferingEventFactory(kind="reopened", reason="入力の誤り", by=hr)

    html = client_of(hr).get(event.offering.get_absolute_url()).content.decode()

    assert "締めの取消し" in html
    assert "入力の誤り" in html
    assert hr.staff.name in html


# --- making and changing ------------------------------------------------------------------------


def test_an_offering_of_one_day_needs_no_end(client_of, hr):
    course = CourseFactory()

    client_of(hr).post(
        reverse("training:offering_new"),
        {"course": course.pk, "starts_on": "R8.12.1", "mode": "classroom"},
    )

    offering = Offering.objects.get()
    assert offering.starts_on == offering.ends_on == date(2026, 12, 1)
    assert offering.course == course


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "R8.11.30"}, "終了日は開催日以後の日にしてください。"),
        ({"capacity": "0"}, "定員は1以上にしてください。"),
        ({"capacity": "10000"}, "定員は9999までの数で入力してください。"),
        ({"capacity": "9" * 30}, "定員は9999までの数で入力してください。"),
        ({"starts_on": "1999-06-01", "ends_on": ""}, FAR),
        ({"starts_on": "", "ends_on": "", "days": "1926-12-01\n2026-12-08"}, FAR),
        ({"booking_closes_on": "1999-06-01"}, FAR),
        ({"starts_on": "12月1日"}, "年がありません。"),
    ],
)
def test_an_offering_that_cannot_be_is_refused_in_words(client_of, hr, wrong, words):
    data = {"course": CourseFactory().pk, "starts_on": "R8.12.1", "mode": "classroom"} | wrong

    response = client_of(hr).post(reverse("training:offering_new"), data)

    assert words in response.content.decode()
    assert not Offering.objects.exists()


def test_the_course_can_be_given_by_the_link(client_of, hr):
    course = CourseFactory()

    html = client_of(hr).get(reverse("training:offering_new"), {"course": course.pk})

    assert f'<option value="{course.pk}" selected>' in html.content.decode()


def test_a_change_is_saved_and_makes_the_next_version(client_of, hr):
    offering = OfferingFactory()

    response = client_of(hr).post(edit(offering), filled(offering, venue="第2会議室"))

    offering.refresh_from_db()
    assert response.status_code == 302
    assert (offering.venue, offering.version) == ("第2会議室", 2)


def test_the_same_change_sent_twice_is_saved_once_and_both_times_told_so(client_of, hr):
    offering = OfferingFactory()
    data, browser = filled(offering, venue="第2会議室", booking_closes_on="R8.5.20"), client_of(hr)

    answers = [browser.post(edit(offering), data, follow=True).content.decode() for _ in range(2)]

    offering.refresh_from_db()
    assert ["開催回を直しました。" in html for html in answers] == [True, True]
    assert (offering.venue, offering.version) == ("第2会議室", 2)


def test_a_change_over_somebody_else_s_is_refused_and_theirs_stays(client_of, hr, admin):
    offering = OfferingFactory()
    client_of(admin).post(edit(offering), filled(offering, venue="第1会議室"))

    response = client_of(hr).post(edit(offering), filled(offering, venue="第2会議室"))

    assert "他の人がこの開催回を変更しました。" in response.content.decode()
    offering.refresh_from_db()
    assert offering.venue == "第1会議室"


@pytest.mark.parametrize("version", ["", "0", "2"])
def test_a_change_without_the_version_seen_is_refused(client_of, hr, version):
    offering = OfferingFactory()

    client_of(hr).post(edit(offering), filled(offering, venue="第2会議室", version=version))

    offering.refresh_from_db()
    assert offering.venue == ""


def test_an_offering_with_people_keeps_its_course(client_of, hr):
    offering = AttendanceFactory().offering
    course, other = offering.course, CourseFactory(category=Category.SKILL)

    client_of(hr).post(edit(offering), filled(offering, course=other.pk, venue="第2会議室"))

    offering.refresh_from_db()
    assert (offering.course, offering.venue) == (course, "第2会議室")


@pytest.mark.parametrize("status", ["present", "absent", "left_early", "excused"])
def test_an_offering_with_marks_keeps_its_days(client_of, hr, status):
    make = CompletionFactory if status == "present" else AttendanceFactory
    offering = make(status=status).offering

    client_of(hr).post(
        edit(offering), filled(offering, starts_on="R8.7.1", ends_on="R8.7.2", venue="第2会議室")
    )

    offering.refresh_from_db()
    assert offering.starts_on == offering.ends_on == date(2026, 6, 1)
    assert offering.venue == "第2会議室"


def test_an_offering_with_bookings_only_can_be_put_off(client_of, hr):
    offering = AttendanceFactory().offering

    client_of(hr).post(edit(offering), filled(offering, starts_on="R8.7.1", ends_on=""))

    offering.refresh_from_db()
    assert offering.starts_on == offering.ends_on == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "may"),
    [("2021-03-31", False), ("2021-04-01", True), ("2033-03-31", True), ("2033-04-01", False)],
)
def test_a_day_lies_within_five_years_of_the_plan(client_of, hr, day, may):
    ProgrammeFactory(first_year=FiscalYear(2026), last_year=FiscalYear(2027))
    offering = OfferingFactory()

    html = (
        client_of(hr)
        .post(edit(offering), filled(offering, starts_on=day, ends_on=""), follow=True)
        .content.decode()
    )

    assert ("令和3年4月1日から令和15年3月31日までの日を入力してください。" in html) is not may
    assert Offering.objects.filter(starts_on=day).exists() is may


def test_an_old_offering_may_be_changed_but_for_its_days(client_of, hr):
    offering = OfferingFactory(starts_on=date(1999, 6, 1))

    client_of(hr).post(edit(offering), filled(offering, venue="第2会議室"))

    offering.refresh_from_db()
    assert offering.venue == "第2会議室"


@pytest.mark.parametrize(("capacity", "may"), [(1, False), (2, True), ("", True)])
def test_the_seats_cannot_be_fewer_than_those_taken(client_of, hr, capacity, may):
    offering = OfferingFactory(capacity=5)
    AttendanceFactory.create_batch(2, offering=offering)
    AttendanceFactory(offering=offering, status="cancelled")

    response = client_of(hr).post(edit(offering), filled(offering, capacity=capacity))

    offering.refresh_from_db()
    if may:
        assert offering.capacity == (capacity or None)
    else:
        assert offering.capacity == 5
        assert "登録済みの2人より少なくできません。" in response.content.decode()


def test_a_closed_offering_cannot_be_changed(client_of, hr):
    offering = OfferingFactory(closed_at=timezone.now())

    response = client_of(hr).post(edit(offering), filled(offering, venue="第2会議室"))

    assert "締め済みのため、変更できません。" in response.content.decode()
    offering.refresh_from_db()
    assert (offering.venue, offering.version) == ("", 1)


def test_posted_fields_that_are_not_on_the_page_change_nothing(client_of, hr):
    offering = OfferingFactory()

    client_of(hr).post(edit(offering), filled(offering, closed_at="2026-11-01 10:00", id=999))

    assert Offering.objects.get() == offering
    assert Offering.objects.get().closed_at is None


# --- days and times -----------------------------------------------------------------------------


def posted(course, **changes):
    return {"course": course.pk, "starts_on": "R8.12.1", "mode": "classroom"} | changes


def test_times_are_read_as_people_type_them(client_of, hr):
    data = posted(CourseFactory(), starts_at="１３時半", ends_at="1500")

    client_of(hr).post(reverse("training:offering_new"), data)

    offering = Offering.objects.get()
    assert (offering.starts_at, offering.ends_at) == (time(13, 30), time(15))


def test_several_days_are_typed_line_by_line(client_of, hr):
    data = posted(
        CourseFactory(),
        starts_on="",
        starts_at="9:00",
        ends_at="10:00",
        days="R8.12.8\n2026/12/1（火）　13：30～15：00\n\n令和8年12月15日 10時から11時半まで\n",
    )

    client_of(hr).post(reverse("training:offering_new"), data)

    offering = Offering.objects.get()
    assert (offering.starts_on, offering.ends_on) == (date(2026, 12, 1), date(2026, 12, 15))
    assert offering.starts_at == time(13, 30)
    assert [(one.day.day, one.starts_at, one.ends_at) for one in offering.days.all()] == [
        (1, time(13, 30), time(15)),
        (8, time(9), time(10)),
        (15, time(10), time(11, 30)),
    ]


def test_a_line_without_an_end_comes_back_as_it_is_shown(client_of, hr):
    offering = OfferingFactory(starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 8))
    for day in (1, 8):
        OfferingDayFactory(offering=offering, day=date(2026, 12, day), starts_at=time(9))
    browser = client_of(hr)

    shown = browser.get(edit(offering)).context["form"].initial["days"]
    answer = browser.post(edit(offering), filled(offering, starts_on="", ends_on="", days=shown))

    assert answer.status_code == 302
    assert shown == "R8.12.1 09:00～\nR8.12.8 09:00～"
    assert {(one.starts_at, one.ends_at) for one in offering.days.all()} == {(time(9), None)}


def test_one_line_is_an_offering_of_one_day(client_of, hr):
    data = posted(CourseFactory(), starts_on="", days="R8.12.8 9:00-10:00")

    client_of(hr).post(reverse("training:offering_new"), data)

    offering = Offering.objects.get()
    assert offering.starts_on == offering.ends_on == date(2026, 12, 8)
    assert (offering.ends_at, offering.days.count()) == (time(10), 0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": "R8.12.1\n12月8日 9:00"}, "2行目「12月8日 9:00」：年がありません。"),
        ({"days": "R8.12.1\nR8.12.1"}, "2行目「R8.12.1」：同じ日が2回あります。"),
        ({"days": "R8.12.1 15:00-13:30"}, "終了時刻は開始時刻より後にしてください。"),
        ({"days": "R8.12.1 25:00-26:00"}, "この時刻はありません。"),
        ({"days": "R8.12.1", "mode": "on_demand"}, "eラーニングとOJTは期間で行います。"),
        ({"days": "R8.12.1", "starts_on": "R8.12.1"}, "どちらか一方だけにします。"),
        ({"days": ""}, "開催日を入力してください。"),
        ({"starts_on": "R8.12.1", "ends_at": "15:00"}, "終了時刻は開始時刻より後にしてください。"),
        (
            {"starts_on": "R8.12.1", "booking_closes_on": "R8.12.2"},
            "申込の締切日は終了日までの日にしてください。",
        ),
    ],
)
def test_days_that_cannot_be_are_refused_in_words_and_nothing_typed_is_lost(
    client_of, hr, wrong, words
):
    data = posted(CourseFactory(), starts_on="") | wrong | {"venue": "第2会議室"}

    html = client_of(hr).post(reverse("training:offering_new"), data).content.decode()

    assert words in html
    assert "第2会議室" in html
    assert not Offering.objects.exists()


def test_several_days_come_back_into_the_form_and_are_kept_as_they_are(client_of, hr):
    offering = OfferingFactory(starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 8))
    for day in (1, 8):
        OfferingDayFactory(
            offering=offering, day=date(2026, 12, day), starts_at=time(9), ends_at=time(10)
        )
    browser = client_of(hr)

    shown = browser.get(edit(offering)).context["form"].initial
    sent = filled(offering, starts_on="", ends_on="", days=shown["days"], venue="第2会議室")
    browser.post(edit(offering), sent)

    offering.refresh_from_db()
    assert shown["days"] == "R8.12.1 09:00～10:00\nR8.12.8 09:00～10:00"
    assert (offering.venue, offering.days.count()) == ("第2会議室", 2)


def test_several_days_with_completions_stay(client_of, hr):
    offering = OfferingFactory(ends_on=date(2026, 6, 8))
    for day in (1, 8):
        OfferingDayFactory(offering=offering, day=date(2026, 6, day))
    CompletionFactory(offering=offering)

    client_of(hr).post(edit(offering), filled(offering, days="", venue="第2会議室"))

    offering.refresh_from_db()
    assert (offering.venue, offering.days.count()) == ("第2会議室", 2)
    assert (offering.starts_on, offering.ends_on) == (date(2026, 6, 1), date(2026, 6, 8))


def test_more_seats_are_told_with_those_who_move_up(client_of, hr):
    offering = OfferingFactory(starts_on=date(2026, 12, 1), capacity=1)
    AttendanceFactory(offering=offering)
    place = AttendanceFactory(offering=offering, status="waiting")

    response = client_of(hr).post(edit(offering), filled(offering, capacity=2), follow=True)

    assert f"空いた席に{place.staff.name}さんが繰り上がりました。" in response.content.decode()


# --- making twice, copying ----------------------------------------------------------------------


def test_the_same_form_sent_twice_opens_the_first_offering(client_of, hr):
    data, browser = posted(CourseFactory()), client_of(hr)
    browser.post(reverse("training:offering_new"), data)

    again = browser.post(reverse("training:offering_new"), data, follow=True)

    assert "同じ内容の開催回が登録済みのため、それを開きました。" in again.content.decode()
    assert again.context["offering"] == Offering.objects.get()


def test_a_copy_begins_with_everything_but_the_dates(client_of, hr):
    offering = OfferingFactory(venue="第2会議室", capacity=20, takes_signups=True)
    url = reverse("training:offering_copy", args=[offering.pk])

    form = client_of(hr).get(url).context["form"]

    assert form["venue"].value() == "第2会議室"
    assert (form["capacity"].value(), form["takes_signups"].value()) == (20, True)
    assert (form["starts_on"].value(), form["days"].value()) == (None, None)


def test_a_copy_is_an_offering_of_its_own(client_of, hr):
    offering = AttendanceFactory(offering__venue="第2会議室").offering
    url = reverse("training:offering_copy", args=[offering.pk])

    client_of(hr).post(url, posted(offering.course, venue="第2会議室"))

    copy = Offering.objects.exclude(pk=offering.pk).get()
    assert (copy.venue, copy.starts_on) == ("第2会議室", date(2026, 12, 1))
    assert not copy.attendances.exists()


# --- who may ---


def test_only_those_who_keep_training_get_in(client_of, head, manager, staff):
    offering = OfferingFactory()
    pages = [
        LIST,
        reverse("training:offering_new"),
        offering.get_absolute_url(),
        edit(offering),
        reverse("training:offering_copy", args=[offering.pk]),
        enrol(offering),
    ]

    answers = {
        client_of(user).get(page).status_code for user in (head, manager, staff) for page in pages
    }

    assert answers == {403}
