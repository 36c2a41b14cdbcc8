"""アンケート: answering, figures for those who read them, comments for the personnel office."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    OfferingFactory,
    SurveyAnswerFactory,
)
from training.models import SurveyAnswer

pytestmark = pytest.mark.django_db

LIST = "/training/surveys/"
JUST_OVER = date(2026, 11, 20)
GOOD = {"understanding": "4", "usefulness": "5", "satisfaction": "3", "comment": "また受けたい"}
TOO_FEW = "回答が5件に満たないため"


def url(name, thing):
    return reverse(f"training:survey_{name}", args=[thing.pk])


def answered(offering, count, **values):
    for _ in range(count):
        SurveyAnswerFactory(attendance=CompletionFactory(offering=offering), **values)


def html(client, address):
    return client.get(address).content.decode()


# --- answering ----------------------------------------------------------------------------------


@pytest.fixture
def place(staff):
    return CompletionFactory(staff=staff.staff, offering__starts_on=JUST_OVER)


def test_an_answer_is_kept(client_of, staff, place):
    page = client_of(staff).post(url("answer", place), GOOD, follow=True)

    assert "アンケートに回答しました。" in page.content.decode()
    stored = SurveyAnswer.objects.get(attendance=place)
    assert (stored.understanding, stored.usefulness, stored.satisfaction) == (4, 5, 3)
    assert stored.comment == "また受けたい"


def test_an_answer_sent_twice_is_kept_once(client_of, staff, place):
    client = client_of(staff)
    client.post(url("answer", place), GOOD)

    page = client.post(url("answer", place), GOOD | {"satisfaction": "1"}, follow=True)

    assert "このアンケートは回答済みです。" in page.content.decode()
    assert SurveyAnswer.objects.get().satisfaction == 3


@pytest.mark.parametrize("wrong", ["", "0", "6", "3.5", "とても"])
def test_a_step_that_is_none_is_refused_and_loses_nothing(client_of, staff, place, wrong):
    page = client_of(staff).post(url("answer", place), GOOD | {"usefulness": wrong})

    words = page.content.decode()
    assert "入力内容を確かめてください。" in words
    assert "また受けたい" in words
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize(
    "make",
    [
        {"status": "absent"},
        {"status": "booked"},
        {"status": "left_early", "offering__starts_on": date(2026, 9, 23)},
        {"status": "left_early", "offering__ends_on": date(2026, 11, 24)},
    ],
)
def test_who_is_not_asked_finds_no_survey(client_of, staff, make):
    place = AttendanceFactory(**{"staff": staff.staff, "offering__starts_on": JUST_OVER} | make)

    answers = [
        client_of(staff).get(url("answer", place)),
        client_of(staff).post(url("answer", place), GOOD),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


# --- figures ------------------------------------------------------------------------------------


def test_an_offerings_page_tells_rate_steps_and_means(client_of, manager):
    offering = OfferingFactory(starts_on=JUST_OVER)
    answered(offering, 6, understanding=5)
    CompletionFactory.create_batch(2, offering=offering)

    page = client_of(manager).get(url("offering", offering))

    assert page.context["totals"].answers == 6
    assert "75.0" in page.content.decode()
    assert "5.00" in page.content.decode()


@pytest.mark.parametrize("asker", ["manager", "head", "hr", "admin"])
def test_fewer_than_five_answers_are_not_broken_down_for_anybody(client_of, request, asker):
    offering = OfferingFactory(starts_on=JUST_OVER)
    answered(offering, 4, understanding=1, usefulness=1, satisfaction=1, comment="少数の声")
    client = client_of(request.getfixturevalue(asker))

    pages = [
        html(client, url("offering", offering)),
        html(client, url("course", offering.course)),
    ]

    for page in pages:
        assert TOO_FEW in page
        assert "1.00" not in page
        assert "少数の声" not in page
    assert "5件未満のため表示しません" in html(client, LIST)


def test_a_course_tells_what_its_total_leaves_out(client_of, manager):
    course = CourseFactory()
    answered(OfferingFactory(course=course, starts_on=date(2026, 6, 1)), 5, satisfaction=5)
    answered(OfferingFactory(course=course, starts_on=JUST_OVER), 3, satisfaction=1)

    words = html(client_of(manager), url("course", course))

    assert "設問ごとの回答（5件）" in words
    assert "回答が5件に満たない開催回の3件は、合計に入れていません。" in words


@pytest.mark.parametrize(
    ("asker", "reads"), [("hr", True), ("admin", False), ("manager", False), ("head", False)]
)
def test_only_the_personnel_office_reads_comments(client_of, request, asker, reads):
    offering = OfferingFactory(starts_on=JUST_OVER)
    answered(offering, 5, comment="進み方が速かった")
    client = client_of(request.getfixturevalue(asker))

    assert ("進み方が速かった" in html(client, url("offering", offering))) == reads
    answer = client.get(url("comments", offering.course))
    assert answer.status_code == (200 if reads else 403)
    assert ("進み方が速かった" in answer.content.decode()) == reads


def test_the_comments_of_an_offering_have_pages(client_of, hr):
    offering = OfferingFactory(starts_on=JUST_OVER)
    for number in range(51):
        answered(offering, 1, comment=f"感想{number:02}番")
    client = client_of(hr)

    first, second = (html(client, f"{url('offering', offering)}?page={page}") for page in (1, 2))

    assert "全51件" in first
    assert "感想49番" in first
    assert "感想50番" not in first
    assert "感想50番" in second
    assert "感想49番" not in second


def test_comments_of_an_offering_with_few_answers_are_not_among_those_of_the_course(client_of, hr):
    course = CourseFactory()
    answered(OfferingFactory(course=course, starts_on=JUST_OVER), 5, comment="多数の声")
    answered(OfferingFactory(course=course, starts_on=JUST_OVER), 4, comment="少数の声")

    words = html(client_of(hr), url("comments", course))

    assert "多数の声" in words
    assert "少数の声" not in words


def test_no_page_says_who_answered(client_of, hr):
    offering = OfferingFactory(starts_on=JUST_OVER)
    answered(offering, 6, comment="よい")
    people = [place.staff for place in offering.attendances.select_related("staff")]
    client = client_of(hr)

    pages = [
        html(client, address)
        for address in (
            LIST,
            url("course", offering.course),
            url("comments", offering.course),
            url("offering", offering),
        )
    ]

    assert not [p.number for p in people for page in pages if p.number in page or p.name in page]


def test_the_list_takes_the_same_queries_for_one_and_for_eleven(
    client_of, manager, django_assert_max_num_queries
):
    client = client_of(manager)
    answered(OfferingFactory(starts_on=JUST_OVER), 5)
    client.get(LIST)
    with django_assert_max_num_queries(40) as one:
        client.get(LIST)
    for _ in range(10):
        answered(OfferingFactory(starts_on=JUST_OVER), 1)
    with django_assert_max_num_queries(40) as eleven:
        client.get(LIST)

    assert len(eleven) == len(one)
    assert "全11件" in html(client, LIST)
