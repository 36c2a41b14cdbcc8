"""Courses: list, look at, make, change."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.factories import AttendanceFactory, CourseFactory, OfferingFactory
from training.models import Category, Course
from training.services.courses import mark_of

pytestmark = pytest.mark.django_db

LIST = "/training/courses/"
NEW = "/training/courses/new/"


def edit(course):
    return reverse("training:course_edit", args=[course.pk])


def detail(course):
    return reverse("training:course_detail", args=[course.pk])


# --- the list -----------------------------------------------------------------------------------


def test_the_list_tells_how_often_a_course_was_held_and_is_planned(client_of, hr):
    course = OfferingFactory(course__title="見本の研修").course
    OfferingFactory(course=course)
    OfferingFactory(course=course, starts_on=date(2026, 12, 1))
    OfferingFactory(course=course, starts_on=date(2026, 12, 2), cancelled_at=timezone.now())

    response = client_of(hr).get(LIST)

    (found,) = response.context["page"]
    assert "見本の研修" in response.content.decode()
    assert (found.held, found.planned) == (2, 1)


def test_the_list_goes_by_category_in_the_order_of_the_plan(client_of, hr):
    for category in (Category.OJT, Category.SKILL, Category.ELEARNING, Category.MIND):
        CourseFactory(category=category, title=category)

    response = client_of(hr).get(LIST)

    assert [course.title for course in response.context["page"]] == [
        "mind",
        "skill",
        "elearning",
        "ojt",
    ]
    assert '<th scope="rowgroup" colspan="6" class="agano-table__group">DXマインド</th>' in (
        response.content.decode()
    )


@pytest.mark.parametrize("who", ["manager", "head"])
def test_those_who_only_read_are_offered_nothing_to_change(client_of, request, who):
    course = OfferingFactory().course
    browser = client_of(request.getfixturevalue(who))

    pages = [browser.get(page).content.decode() for page in (LIST, detail(course))]

    assert all(course.title in html for html in pages)
    assert not any(NEW in html or edit(course) in html for html in pages)
    assert not any("/training/offerings/" in html for html in pages)


def test_the_list_takes_the_same_queries_for_1_and_11(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    OfferingFactory()
    browser = client_of(hr)
    browser.get(LIST)
    with django_assert_max_num_queries(10) as counted:
        browser.get(LIST)
    OfferingFactory.create_batch(10)

    with django_assert_num_queries(len(counted)):
        response = browser.get(LIST)

    assert len(response.context["page"]) == 11


def test_an_empty_list_says_what_to_do(client_of, hr):
    html = client_of(hr).get(LIST).content.decode()

    assert "まず研修を登録してください。" in html


def test_a_course_is_made(client_of, hr):
    response = client_of(hr).post(
        NEW, {"title": "見本の研修", "category": "skill", "hours": "2.5"}, follow=True
    )

    course = Course.objects.get()
    assert "研修を登録しました。" in response.content.decode()
    assert (course.title, course.category) == ("見本の研修", Category.SKILL)


def test_a_course_for_leaders_begins_with_its_category(client_of, hr):
    page = client_of(hr).get(NEW, {"category": "leader_activity"}).content.decode()
    made = client_of(hr).post(NEW, {"title": "業務の見直し", "category": "leader_activity"})

    assert '<option value="leader_activity" selected>リーダー活動</option>' in page
    assert made.status_code == 302
    assert Course.objects.get(title="業務の見直し").category == Category.LEADER_ACTIVITY


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "見本", "category": "skill"}, "同じ区分に同じ名前の研修が登録済みです。"),
        ({"title": "別", "category": "skill", "hours": "0"}, "時間数は0より大きい数に"),
        ({"title": "別", "category": "nothing"}, "正しく選択してください。"),
    ],
)
def test_a_course_that_cannot_be_is_refused_in_words(client_of, hr, data, words):
    CourseFactory(title="見本", category=Category.SKILL)

    response = client_of(hr).post(NEW, data)

    assert words in response.content.decode()
    assert Course.objects.count() == 1


def change(course, **typed):
    """What the page of the course sends as it stands now, with these changes."""
    return {"title": course.title, "category": "mind", "seen": mark_of(course)} | typed


def test_a_course_nobody_attended_can_change_its_category(client_of, hr):
    course = OfferingFactory().course

    client_of(hr).post(edit(course), change(course, title="新しい名前", category="skill"))

    course.refresh_from_db()
    assert (course.title, course.category) == ("新しい名前", Category.SKILL)


def test_a_course_somebody_attended_keeps_its_category(client_of, hr):
    course = AttendanceFactory().offering.course
    browser = client_of(hr)
    page = browser.get(edit(course))
    sent = change(course, title="新しい名前")
    del sent["category"]  # a browser sends no field that is switched off

    browser.post(edit(course), sent)

    assert page.context["form"]["category"].field.disabled
    course.refresh_from_db()
    assert (course.title, course.category) == ("新しい名前", Category.MIND)


def test_another_category_asked_for_before_somebody_came_is_refused_and_not_just_left(
    client_of, hr
):
    course = AttendanceFactory(offering__course__title="元の名前").offering.course

    html = (
        client_of(hr)
        .post(edit(course), change(course, title="新しい名前", category="skill"))
        .content.decode()
    )

    assert "受講者がいるため、研修区分は変えられません。" in html
    assert "新しい名前" in html
    course.refresh_from_db()
    assert (course.title, course.category) == ("元の名前", Category.MIND)


def test_what_somebody_else_saved_meanwhile_is_shown_beside_and_then_may_be_replaced(
    client_of, hr, admin
):
    course = CourseFactory(description="元の内容")
    opened = client_of(hr).get(edit(course)).context["form"]["seen"].value()
    client_of(admin).post(edit(course), change(course, description="先に\r\n保存した内容"))

    refused = client_of(hr).post(
        edit(course), change(course, description="後から保存する内容", seen=opened)
    )
    html = refused.content.decode()
    course.refresh_from_db()
    between = course.description
    again = refused.context["form"]["seen"].value()
    client_of(hr).post(edit(course), change(course, description="後から保存する内容", seen=again))

    assert "他の人がこの研修を変更しました。" in html
    assert "後から保存する内容</textarea>" in html
    assert "先に<br>保存した内容" in html
    assert between == "先に\n保存した内容"
    course.refresh_from_db()
    assert course.description == "後から保存する内容"


def test_the_same_change_sent_twice_is_no_conflict(client_of, hr):
    course = CourseFactory()
    sent = change(course, title="新しい名前")
    browser = client_of(hr)
    browser.post(edit(course), sent)

    page = browser.post(edit(course), sent, follow=True)

    assert "変更はありませんでした。" in page.content.decode()


def test_a_title_with_signs_of_html_is_shown_as_it_is(client_of, hr):
    course = CourseFactory(title="<b>見本</b>")
    browser = client_of(hr)

    pages = [browser.get(page).content.decode() for page in (LIST, edit(course))]

    assert all("&lt;b&gt;見本&lt;/b&gt;" in html and "<b>見本" not in html for html in pages)


def test_only_those_who_keep_training_make_and_change_courses(client_of, head, manager, staff):
    course = CourseFactory()

    answers = {
        client_of(user).get(page).status_code
        for user in (head, manager, staff)
        for page in (NEW, edit(course))
    }

    assert answers == {403}


# --- a course -----------------------------------------------------------------------------------


def test_a_course_shows_what_it_is_and_its_offerings_with_states(client_of, hr):
    course = CourseFactory(
        provider="見本研修所", hours="2.5", description="演習が<b>あります</b>。"
    )
    OfferingFactory(course=course, venue="第1会議室")
    OfferingFactory(course=course, starts_on=date(2026, 12, 1), capacity=20)
    OfferingFactory(starts_on=date(2026, 12, 2), venue="よその研修")

    html = client_of(hr).get(detail(course)).content.decode()

    for words in ("見本研修所", "2.5時間", "演習が&lt;b&gt;あります&lt;/b&gt;。", "開催1回"):
        assert words in html
    assert "予定1回" in html
    assert html.index("令和8年12月1日") < html.index("令和8年6月1日")
    for words in ("開催予定", "0 / 20", "実施済", "第1会議室"):
        assert words in html
    assert "よその研修" not in html


@pytest.mark.parametrize(
    "address", ["https://www.example.jp/a?b=1&c=2#d", "http://kyozai/dx/", "http://10.1.2.3:8080"]
)
def test_the_material_is_a_plain_link(client_of, hr, address):
    client_of(hr).post(NEW, {"title": "見本の研修", "category": "skill", "material_url": address})
    course = Course.objects.get()

    html = client_of(hr).get(detail(course)).content.decode()

    assert course.material_url == address
    assert f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(address)}</a>' in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "ftp://example.jp/",
        "//example.jp/",
        "kyozai",
        "http://",
        "http:///x",
        "https://example.jp/ x",
        "http://www.example.jp@evil.example/",
        "\\\\server\\kyozai",
        "https://example.jp/" + "a" * 500,
    ],
)
def test_an_address_that_is_no_web_address_is_refused_and_stays_typed(client_of, hr, address):
    response = client_of(hr).post(
        NEW, {"title": "見本の研修", "category": "skill", "material_url": address}
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert "id_material_url_error" in html
    assert escape(address.strip()) in html
    assert not Course.objects.exists()


def test_a_course_takes_the_same_queries_for_1_and_11_offerings(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    course = AttendanceFactory().offering.course
    browser = client_of(hr)
    browser.get(detail(course))
    with django_assert_max_num_queries(14) as counted:
        browser.get(detail(course))
    for offering in OfferingFactory.create_batch(10, course=course):
        AttendanceFactory(offering=offering)

    with django_assert_num_queries(len(counted)):
        response = browser.get(detail(course))

    assert len(response.context["entries"]) == 11


def test_a_long_history_has_pages(client_of, hr):
    course = CourseFactory()
    OfferingFactory.create_batch(51, course=course)

    html = client_of(hr).get(detail(course)).content.decode()

    assert "開催回（51回）" in html
    assert "?page=2" in html


def test_after_a_change_the_course_is_shown(client_of, hr):
    course = CourseFactory()

    response = client_of(hr).post(edit(course), change(course, title="新しい名前"))

    assert response["Location"] == detail(course)
