"""A cohort's page: its terms, and the days of its round."""

from datetime import date

import pytest
from django.urls import reverse

from leaders.models import Cohort
from leaders.slots import leader_terms
from tests.conftest import TODAY
from tests.factories import CohortFactory, DepartmentFactory, LeaderTermFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(nominations_open_on=None, nominations_close_on=None)


def page(cohort):
    return reverse("leaders:cohort_detail", args=[cohort.number])


def test_hr_opens_a_round(client_of, hr, cohort):
    response = client_of(hr).post(
        page(cohort),
        {"nominations_open_on": "R8.12.1", "nominations_close_on": "2026-12-25"},
        follow=True,
    )

    cohort.refresh_from_db()
    assert "推薦の受付期間を保存しました。" in response.content.decode()
    assert cohort.nominations_open_on == date(2026, 12, 1)
    assert cohort.nominations_close_on == date(2026, 12, 25)


def test_a_round_can_be_taken_back(client_of, hr):
    cohort = CohortFactory()

    client_of(hr).post(page(cohort), {"nominations_open_on": "", "nominations_close_on": ""})

    cohort.refresh_from_db()
    assert cohort.nominations_open_on is None


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ("R8.12.1", "", "受付開始日と締切日は両方入力してください。"),
        ("", "R8.12.1", "受付開始日と締切日は両方入力してください。"),
        ("R8.12.2", "R8.12.1", "締切日は受付開始日以後の日にしてください。"),
        ("R8.13.1", "R8.12.1", "暦にない日付です。"),
    ],
)
def test_a_round_that_cannot_be_is_refused_in_words(client_of, hr, cohort, opens, closes, words):
    response = client_of(hr).post(
        page(cohort), {"nominations_open_on": opens, "nominations_close_on": closes}
    )

    assert words in response.content.decode()
    assert Cohort.objects.get().nominations_open_on is None


def test_extra_posted_fields_change_nothing(client_of, hr, cohort):
    client_of(hr).post(page(cohort), {"seats": 1, "number": 5, "first_year": 2030})

    cohort.refresh_from_db()
    assert (cohort.number, cohort.seats, cohort.first_year.year) == (1, 23, 2025)


def test_the_terms_are_listed_and_those_sitting_counted(client_of, hr, cohort):
    sitting = LeaderTermFactory()
    over = LeaderTermFactory(ends_on=date(2026, 9, 30), end_reason="moved", completed=True)
    LeaderTermFactory(cohort=CohortFactory(number=2), staff__name="別の期")

    html = client_of(hr).get(page(cohort)).content.decode()

    assert "活動中 1人" in html
    assert sitting.staff.name in html
    assert over.staff.name in html
    assert "異動" in html
    assert "別の期" not in html


def test_it_takes_the_same_queries_for_1_and_11_terms(
    client_of, hr, cohort, django_assert_num_queries, django_assert_max_num_queries
):
    LeaderTermFactory()
    browser = client_of(hr)
    browser.get(page(cohort))
    with django_assert_max_num_queries(16) as counted:
        browser.get(page(cohort))
    LeaderTermFactory.create_batch(10)

    with django_assert_num_queries(len(counted)):
        response = browser.get(page(cohort))

    assert len(response.context["terms"]) == 11


def test_only_those_who_see_everyone_get_in(client_of, head, manager, staff, cohort):
    answers = {client_of(user).get(page(cohort)).status_code for user in (head, manager, staff)}

    assert answers == {403}


def test_a_cohort_that_is_not_in_the_plan_is_not_found(client_of, hr):
    assert client_of(hr).get(reverse("leaders:cohort_detail", args=[9])).status_code == 404


def test_a_name_with_signs_of_html_is_shown_as_it_is(client_of, hr, cohort):
    LeaderTermFactory(staff__name="<b>見本</b>", department__name="<b>課</b>")

    html = client_of(hr).get(page(cohort)).content.decode()

    assert "<b>" not in html
    assert "&lt;b&gt;見本&lt;/b&gt;" in html


# --- what a person's page shows -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ({}, "活動中"),
        ({"starts_on": TODAY}, "活動中"),
        ({"starts_on": date(2027, 4, 1)}, "就任前"),
        (
            {"ends_on": date(2026, 9, 30), "end_reason": "moved"},
            "令和8年9月30日（異動）",
        ),
        ({"ends_on": TODAY}, "令和8年11月23日"),
        ({"ends_on": date(2027, 3, 31)}, "令和9年3月31日まで"),
    ],
)
def test_a_person_s_page_tells_how_a_term_stands(term, words):
    member = StaffMemberFactory()
    LeaderTermFactory(staff=member, department=DepartmentFactory(name="見本課"), **term)

    (row,) = leader_terms(member, TODAY).rows

    assert (row[0], row[1], row[3]) == ("第1期", "見本課", words)


def test_a_person_s_page_shows_the_newest_term_first_and_what_was_completed():
    member = StaffMemberFactory()
    LeaderTermFactory(staff=member, ends_on=date(2026, 3, 31), completed=True)
    LeaderTermFactory(staff=member, cohort=CohortFactory(number=2), starts_on=date(2027, 4, 1))

    rows = leader_terms(member, TODAY).rows

    assert [(row[0], row[4]) for row in rows] == [("第2期", ""), ("第1期", "修了")]
