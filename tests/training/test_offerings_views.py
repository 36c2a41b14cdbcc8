"""Offerings: list, make, change without overwriting others, enrol."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    DepartmentFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from training.models import Attendance, Category, Offering
from training.services.offerings import (
    ChangedMeanwhileError,
    PeopleOnItError,
    save_offering,
)

pytestmark = pytest.mark.django_db

LIST = "/training/offerings/"


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
        ({"starts_on": date(2026, 11, 24)}, "開催前"),
        ({"closed_at": timezone.now()}, "締め済み"),
        ({}, "入力済み"),
    ],
)
def test_the_list_tells_how_far_an_offering_is(client_of, hr, make, words):
    OfferingFactory(**make)

    html = client_of(hr).get(LIST).content.decode()

    assert words in html
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
    with django_assert_max_num_queries(12) as counted:
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


def test_an_offering_with_completions_keeps_its_days(client_of, hr):
    offering = CompletionFactory().offering

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


# --- what happened between the form and the lock ------------------------------------------------


def test_a_version_that_is_not_the_seen_one_is_refused():
    offering = OfferingFactory(version=3)

    with pytest.raises(ChangedMeanwhileError):
        save_offering(offering=offering, seen_version=2)


def test_seats_taken_since_the_form_was_checked_still_fit():
    offering = OfferingFactory(capacity=5)
    offering.capacity = 1
    AttendanceFactory.create_batch(2, offering=Offering.objects.get())

    with pytest.raises(PeopleOnItError, match="登録済みの2人"):
        save_offering(offering=offering, seen_version=1)

    assert Offering.objects.get().capacity == 5


def test_a_completion_made_since_the_form_was_checked_keeps_the_days():
    offering = OfferingFactory()
    CompletionFactory(offering=Offering.objects.get())
    offering.starts_on = offering.ends_on = date(2026, 7, 1)

    with pytest.raises(PeopleOnItError, match="出席の記録"):
        save_offering(offering=offering, seen_version=1)

    assert Offering.objects.get().ends_on == date(2026, 6, 1)


def test_a_place_given_since_the_form_was_checked_keeps_the_course():
    offering = OfferingFactory()
    AttendanceFactory(offering=Offering.objects.get())
    offering.course = CourseFactory(category=Category.SKILL)

    with pytest.raises(PeopleOnItError):
        save_offering(offering=offering, seen_version=1)

    assert Offering.objects.get().course.category == Category.MIND


# --- enrolling ----------------------------------------------------------------------------------


def test_a_department_is_enrolled_and_told(client_of, hr):
    section = DepartmentFactory()
    AssignmentFactory(department=section)
    AssignmentFactory(department=DepartmentFactory(parent=section))
    offering = OfferingFactory()

    response = client_of(hr).post(enrol(offering), {"department": section.pk}, follow=True)

    assert "2人を登録しました。" in response.content.decode()
    assert offering.attendances.count() == 2
    assert {change.by for row in offering.attendances.all() for change in row.changes.all()} == {hr}


def test_enrolling_twice_keeps_one_place_and_says_so(client_of, hr):
    member = StaffMemberFactory(number="000011")
    offering = OfferingFactory()
    browser = client_of(hr)
    browser.post(enrol(offering), {"numbers": "000011"})

    response = browser.post(enrol(offering), {"numbers": "000011"}, follow=True)

    assert "0人を登録しました。1人は登録済みでした。" in response.content.decode()
    assert offering.attendances.get().staff == member


def test_too_many_are_refused_with_the_seats_left_and_the_numbers_are_still_there(client_of, hr):
    offering = OfferingFactory(capacity=1)
    StaffMemberFactory(number="000011")
    StaffMemberFactory(number="000012")

    response = client_of(hr).post(enrol(offering), {"numbers": "000011 000012"})

    html = response.content.decode()
    assert "残りは1席です。2人は登録できません。" in html
    assert "000011 000012" in html
    assert not Attendance.objects.exists()


def test_an_unknown_number_is_refused_by_name(client_of, hr):
    offering = OfferingFactory()
    StaffMemberFactory(number="000011")

    response = client_of(hr).post(enrol(offering), {"numbers": "000011\n999999"})

    assert "999999は、開催日に在職している職員にいません。" in response.content.decode()
    assert not Attendance.objects.exists()


def test_a_closed_offering_enrols_nobody(client_of, hr):
    offering = OfferingFactory(closed_at=timezone.now())
    StaffMemberFactory(number="000011")

    response = client_of(hr).post(enrol(offering), {"numbers": "000011"})

    assert "締め済みのため、変更できません。" in response.content.decode()
    assert not Attendance.objects.exists()


def test_only_those_who_keep_training_get_in(client_of, head, manager, staff):
    offering = OfferingFactory()
    pages = [
        LIST,
        reverse("training:offering_new"),
        offering.get_absolute_url(),
        edit(offering),
        enrol(offering),
    ]

    answers = {
        client_of(user).get(page).status_code for user in (head, manager, staff) for page in pages
    }

    assert answers == {403}
