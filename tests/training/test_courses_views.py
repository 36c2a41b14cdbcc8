"""Courses: list, make, change."""

import pytest
from django.urls import reverse

from tests.factories import AttendanceFactory, CourseFactory, OfferingFactory
from training.models import Category, Course

pytestmark = pytest.mark.django_db

LIST = "/training/courses/"
NEW = "/training/courses/new/"


def edit(course):
    return reverse("training:course_edit", args=[course.pk])


def test_the_list_tells_how_often_a_course_was_offered(client_of, hr):
    course = OfferingFactory(course__title="見本の研修").course
    OfferingFactory(course=course)

    response = client_of(hr).get(LIST)

    assert "見本の研修" in response.content.decode()
    assert response.context["page"][0].offering_count == 2


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


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "見本", "category": "skill"}, "同じ区分に同じ名前の研修が登録済みです。"),
        ({"title": "別", "category": "skill", "hours": "0"}, "時間数は0より大きい数に"),
        ({"title": "別", "category": "leader_activity"}, "正しく選択してください。"),
    ],
)
def test_a_course_that_cannot_be_is_refused_in_words(client_of, hr, data, words):
    CourseFactory(title="見本", category=Category.SKILL)

    response = client_of(hr).post(NEW, data)

    assert words in response.content.decode()
    assert Course.objects.count() == 1


def test_a_course_nobody_attended_can_change_its_category(client_of, hr):
    course = OfferingFactory().course

    client_of(hr).post(edit(course), {"title": "新しい名前", "category": "skill"})

    course.refresh_from_db()
    assert (course.title, course.category) == ("新しい名前", Category.SKILL)


def test_a_course_somebody_attended_keeps_its_category(client_of, hr):
    course = AttendanceFactory().offering.course

    client_of(hr).post(edit(course), {"title": "新しい名前", "category": "skill"})

    course.refresh_from_db()
    assert (course.title, course.category) == ("新しい名前", Category.MIND)


def test_a_title_with_signs_of_html_is_shown_as_it_is(client_of, hr):
    course = CourseFactory(title="<b>見本</b>")
    browser = client_of(hr)

    pages = [browser.get(page).content.decode() for page in (LIST, edit(course))]

    assert all("&lt;b&gt;見本&lt;/b&gt;" in html and "<b>見本" not in html for html in pages)


def test_only_those_who_keep_training_get_in(client_of, head, manager, staff):
    course = CourseFactory()

    answers = {
        client_of(user).get(page).status_code
        for user in (head, manager, staff)
        for page in (LIST, NEW, edit(course))
    }

    assert answers == {403}
