"""From the proposal to offerings through the form."""

import html
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from tests.conftest import placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    OfferingFactory,
    TargetFactory,
)
from training.models import Attendance, Offering

pytestmark = pytest.mark.django_db

URL = reverse("reports:gap_offerings")


def text(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def town(section):
    """Everybody is asked for; two lack the skill training, one of them also the mind training."""
    TargetFactory(numerator=1, denominator=1)
    people = [placed(section), placed(section)]
    for category, done in [("mind", people[:1]), ("knowledge", people)]:
        past = OfferingFactory(course__category=category)
        for member in done:
            CompletionFactory(staff=member, offering=past)
    return people


@pytest.fixture
def skill(db):
    """Of two courses the one held last; one that was called off does not count."""
    course = CourseFactory(category="skill", title="表計算")
    newer = CourseFactory(category="skill")
    OfferingFactory(course=course, starts_on=date(2026, 10, 1))
    OfferingFactory(course=newer, starts_on=date(2026, 9, 1))
    return course


def answers(page, **changed):
    """What the page posts as it stands."""
    posted = {"seats": page.context["seats"]}
    for part in page.context["parts"]:
        for field in part["form"]:
            value = field.value()
            value = value.pk if hasattr(value, "pk") else value
            posted[field.html_name] = value if value is not None else ""
    return posted | changed


def test_the_form_comes_filled_in_and_makes_all_of_it_at_once(client_of, hr, town, skill):
    browser = client_of(hr)
    page = browser.get(URL)
    posted = answers(page)

    done = browser.post(URL, posted | {"skill-capacity": 2}, follow=True)

    assert posted["skill-course"] == skill.pk
    assert (posted["skill-capacity"], posted["skill-mode"]) == (30, "classroom")
    assert posted["mind-starts_on"] != posted["skill-starts_on"]
    assert "開催回を2回つくり、3席に登録しました。" in text(done)
    assert done.request["PATH_INFO"] == reverse("training:offering_list")
    assert "2 / 2" in text(done)
    booked = Attendance.objects.filter(status="booked").values_list("staff", "category")
    assert set(booked) == {
        (town[0].pk, "skill"),
        (town[1].pk, "skill"),
        (town[1].pk, "mind"),
    }
    assert mail.outbox == []
    assert "新しい席は要りません。" in text(browser.get(reverse("reports:gap")))


def test_the_number_of_seats_opens_the_people_who_get_them(client_of, hr, town, skill):
    browser = client_of(hr)

    parts = browser.get(URL).context["parts"]

    lists = [browser.get(part["href"]).context["rows"] for part in parts]
    assert [{row[0].staff for row in rows} for rows in lists] == [{town[1]}, set(town)]


def test_the_same_form_sent_again_shows_what_it_made(client_of, hr, town, skill):
    browser = client_of(hr)
    posted = answers(browser.get(URL))
    browser.post(URL, posted)
    before = Offering.objects.count()

    again = browser.post(URL, posted, follow=True)

    assert "この提案の開催回2回は、すでにつくられています。" in text(again)
    assert Offering.objects.count() == before


def test_a_changed_city_is_reckoned_again_and_shown_with_what_was_typed(client_of, hr, town, skill):
    browser = client_of(hr)
    posted = answers(browser.get(URL), **{"skill-starts_on": "R8.12.18", "skill-capacity": "12"})
    CompletionFactory(staff=town[0], offering__course=skill)
    before = Offering.objects.count()

    page = browser.post(URL, posted)

    assert "計算し直した席を確かめて、もう一度押してください。" in text(page)
    assert "スキル研修　1席" in text(page)
    assert 'value="R8.12.18"' in text(page)
    assert Offering.objects.count() == before
    assert browser.post(URL, answers(page), follow=True).redirect_chain


def test_who_is_elsewhere_on_the_day_is_named(client_of, hr, town, skill):
    AttendanceFactory(
        staff=town[0],
        offering__starts_on=date(2026, 12, 18),
        offering__course__category="executive",
    )
    browser = client_of(hr)

    done = browser.post(
        URL, answers(browser.get(URL), **{"skill-starts_on": "R8.12.18"}), follow=True
    )

    assert f"どの日もほかの研修と重なる1人（{town[0].name}）は登録していません。" in text(done)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"skill-starts_on": ""}, "最初の開催日を入力してください。"),
        ({"skill-starts_on": "R8.11.23"}, "最初の開催日は明日以後の日にしてください。"),
        ({"skill-starts_on": "R9.4.1"}, "最初の開催日は目標の期日（令和9年3月31日）までに"),
        (
            {"skill-starts_on": "R9.3.31", "skill-capacity": "1"},
            "最後の回が令和9年4月1日になり、目標の期日を過ぎます。",
        ),
        ({"skill-capacity": "0"}, "1回の定員は1以上にしてください。"),
        ({"skill-capacity": ""}, "1回の定員を入力してください。"),
        ({"skill-course": ""}, "研修を選んでください。"),
        ({"skill-mode": "ojt"}, "実施方法を選び直してください。"),
        ({"seats": ""}, "計算し直した席を確かめて"),
        ({"seats": "salary:1"}, "計算し直した席を確かめて"),
        ({"seats": "skill:" + "9" * 30}, "計算し直した席を確かめて"),
    ],
)
def test_a_wrong_answer_makes_nothing_and_says_why(client_of, hr, town, skill, changed, words):
    browser = client_of(hr)
    before = Offering.objects.count()

    page = browser.post(URL, answers(browser.get(URL), **changed))

    assert page.status_code == 200
    assert words in text(page)
    assert Offering.objects.count() == before


def test_a_course_of_another_category_is_no_choice(client_of, hr, town, skill):
    browser = client_of(hr)
    other = CourseFactory(category="mind")

    page = browser.post(URL, answers(browser.get(URL), **{"skill-course": other.pk}))

    assert "研修を選び直してください。" in text(page)


def test_with_the_target_reached_or_none_set_there_is_nothing_to_make(client_of, hr, section):
    none = client_of(hr).get(URL)
    TargetFactory(numerator=1, denominator=4)
    member = placed(section)
    for category in ("mind", "knowledge", "skill"):
        CompletionFactory(staff=member, offering__course__category=category)

    reached = client_of(hr).get(URL)

    assert "これから期日の来る目標がありません。" in text(none)
    assert "R8の目標1/4（1人）に届いています。" in text(reached)
    assert none.context["parts"] == reached.context["parts"] == []
