"""The pages on which HR designates and ends."""

import html
from datetime import date

import pytest
from django.urls import reverse

from leaders.models import SpecialistDesignation
from tests.conftest import account, placed
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    LeaderTermFactory,
    SpecialistDesignationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return DepartmentFactory(name="推進室", is_digital_office=True)


def text(response):
    return html.unescape(response.content.decode())


def new(member):
    return reverse("leaders:designation_new", args=[member.number])


def end(designation):
    return reverse("leaders:designation_end", args=[designation.pk])


FILLED = {"route": "office", "starts_on": "R8.12.1", "note": "決裁12号"}


def test_hr_designates_and_comes_back_to_the_person(client_of, hr, office):
    member = placed(office)

    page = client_of(hr).post(new(member), FILLED, follow=True)

    assert page.request["PATH_INFO"] == reverse(
        "leaders:specialist_candidate", args=[member.number]
    )
    assert "登用の予定を登録しました。" in text(page)
    assert "登用予定" in text(page)
    made = SpecialistDesignation.objects.get()
    assert (made.staff, made.route, made.starts_on) == (member, "office", date(2026, 12, 1))


def test_the_same_form_sent_twice_shows_the_first_result(client_of, hr, office):
    member, browser = placed(office), client_of(hr)

    first, second = (browser.post(new(member), FILLED) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert SpecialistDesignation.objects.count() == 1


@pytest.mark.parametrize("in_office", [True, False])
def test_only_open_routes_are_offered(client_of, hr, office, in_office):
    member = placed(office) if in_office else AssignmentFactory().staff
    if not in_office:
        LeaderTermFactory(staff=member, ends_on=date(2026, 3, 31), completed=True)

    page = text(client_of(hr).get(new(member)))

    assert ('value="office"' in page) is in_office
    assert ('value="leader"' in page) is not in_office


def test_a_closed_route_is_refused_and_nothing_typed_is_lost(client_of, hr, office):
    member = placed(office)

    page = client_of(hr).post(new(member), FILLED | {"route": "leader"})

    assert "この経路では登用できません。" in text(page)
    assert "決裁12号" in text(page)
    assert not SpecialistDesignation.objects.exists()


def test_a_route_that_opens_later_is_offered_once_the_day_is_typed(client_of, hr, office):
    member = LeaderTermFactory(staff=AssignmentFactory().staff).staff
    AssignmentFactory(staff=member, department=office, starts_on=date(2027, 4, 1))
    browser = client_of(hr)

    before = browser.get(new(member))
    asked = browser.post(new(member), {"starts_on": "R9.4.1"})
    browser.post(new(member), FILLED | {"starts_on": "R9.4.1"})

    assert "まだ登用できる経路がありません。" in text(before)
    assert 'value="office"' in text(asked)
    assert SpecialistDesignation.objects.get().starts_on == date(2027, 4, 1)


def test_a_route_not_open_on_the_typed_day_is_refused_in_words(client_of, hr, office):
    member = AssignmentFactory().staff
    AssignmentFactory(staff=member, department=office, starts_on=date(2026, 4, 1))

    page = client_of(hr).post(new(member), FILLED | {"starts_on": "R8.3.31"})

    assert "令和8年3月31日までに推進室に所属したことがありません。" in text(page)
    assert "R8.3.31" in text(page)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"starts_on": "きのう"}, "決裁12号"),
        ({"starts_on": ""}, "登用日を入力してください。"),
        ({"route": ""}, "経路を選んでください。"),
    ],
)
def test_bad_input_is_told_and_kept(client_of, hr, office, data, told):
    page = client_of(hr).post(new(placed(office)), FILLED | {"note": "決裁12号"} | data)

    assert told in text(page)
    assert "入力内容を確かめてください。" in text(page)
    assert not SpecialistDesignation.objects.exists()


def test_hr_cannot_designate_or_end_themself(client_of, office):
    own = account(placed(office), "hr")
    designation = SpecialistDesignationFactory(staff=own.staff, ends_on=date(2026, 3, 31))
    browser = client_of(own)

    answers = [
        getattr(browser, method)(url, FILLED).status_code
        for method in ("get", "post")
        for url in (new(own.staff), end(designation))
    ]

    assert answers == [403] * 4
    assert SpecialistDesignation.objects.count() == 1


def test_hr_ends_a_designation_and_comes_back_to_the_person(client_of, hr, office):
    designation = SpecialistDesignationFactory(staff=placed(office))
    data = {"ends_on": "R9.3.31", "end_note": "異動のため。"}

    page = client_of(hr).post(end(designation), data, follow=True)

    assert "登用の終了を登録しました。" in text(page)
    assert "令和9年3月31日" in text(page)
    assert "終了の事情：異動のため。" in text(page)


def test_a_second_end_shows_the_first_and_keeps_it(client_of, hr, office):
    designation = SpecialistDesignationFactory(staff=placed(office), ends_on=date(2027, 3, 31))
    browser = client_of(hr)

    shown = browser.get(end(designation))
    refused = browser.post(end(designation), {"ends_on": "R9.6.30", "end_note": "誤り"})

    assert "この登用の終了は登録済みです。" in text(shown)
    assert "令和9年3月31日で終了としてあります。" in text(refused)
    designation.refresh_from_db()
    assert designation.ends_on == date(2027, 3, 31)


def test_the_designation_of_somebody_who_left_can_still_be_ended(client_of, hr, office):
    member = placed(office, staff__left_on=date(2026, 9, 30))
    designation = SpecialistDesignationFactory(staff=member)

    answer = client_of(hr).post(end(designation), {"ends_on": "R8.9.30", "end_note": "退職"})

    assert answer["Location"] == member.get_absolute_url()


def test_an_end_wants_its_words(client_of, hr, office):
    designation = SpecialistDesignationFactory(staff=placed(office))

    page = client_of(hr).post(end(designation), {"ends_on": "R9.3.31", "end_note": ""})

    assert "終了の事情を入力してください。" in text(page)
    assert "R9.3.31" in text(page)
