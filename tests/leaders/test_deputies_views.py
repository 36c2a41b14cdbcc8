"""代理の指名 on the screen, and what home tells a deputy."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from staff.models import HeadDeputy
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    HeadRankFactory,
    NominationFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/leaders/deputies/"


def end(deputy):
    return reverse("leaders:deputy_end", args=[deputy.pk])


def test_a_head_names_a_deputy_from_their_own_people(client_of, head, section, other_section):
    member = placed(section, staff__name="見本　代理")
    placed(other_section, staff__name="別の　職員")
    browser = client_of(head)

    shown = browser.get(LIST).content.decode()
    told = browser.post(LIST, {"staff": member.pk, "starts_on": "R8.12.1"}, follow=True)

    named = HeadDeputy.objects.get()
    assert "見本　代理" in shown
    assert "別の　職員" not in shown
    assert "見本　代理さんを代理に指名しました。" in told.content.decode()
    assert (named.department, named.starts_on, named.ends_on) == (section, date(2026, 12, 1), None)
    assert named.named_by == head


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"staff": ""}, "代理者を選んでください。"),
        ({"starts_on": ""}, "開始日を入力してください。"),
        ({"starts_on": "R8.11.22"}, "開始日は、今日以後の日を入力してください。"),
        ({"ends_on": "R8.11.30"}, "終了日は開始日以後の日を入力してください。"),
        ({"ends_on": "いつか"}, "いつか"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(client_of, head, section, given, words):
    member = placed(section)
    data = {"staff": member.pk, "starts_on": "R8.12.1", "ends_on": ""} | given

    response = client_of(head).post(LIST, data)

    html = response.content.decode()
    assert words in html
    assert response.context["form"].errors
    assert all(
        f'value="{typed}"' in html for typed in (data["starts_on"], data["ends_on"]) if typed
    )
    assert not HeadDeputy.objects.exists()


def test_another_department_s_person_cannot_be_posted(client_of, head, section, other_section):
    placed(section)
    stranger = placed(other_section, staff__name="別の　職員")

    html = client_of(head).post(LIST, {"staff": stranger.pk, "starts_on": "R8.12.1"})

    assert "この職員は代理に指名できません。" in html.content.decode()
    assert "別の　職員" not in html.content.decode()
    assert not HeadDeputy.objects.exists()


def test_what_is_not_in_the_form_changes_nothing(client_of, head, hr, section, other_section):
    member = placed(section)
    forged = {"department": other_section.pk, "named_by": hr.pk, "id": 40}

    client_of(head).post(LIST, {"staff": member.pk, "starts_on": "R8.12.1"} | forged)

    named = HeadDeputy.objects.get()
    assert (named.department, named.named_by) == (section, head)


def test_a_head_sees_their_own_and_hr_sees_all(client_of, head, hr, admin, section, other_section):
    for unit, name in ((section, "見本　代理"), (other_section, "別の　代理")):
        HeadDeputyFactory(department=unit, staff=placed(unit, staff__name=name))

    seen = {
        who: client_of(user).get(LIST).content.decode()
        for who, user in (("head", head), ("hr", hr), ("admin", admin))
    }

    assert "別の　代理" not in seen["head"]
    assert all("見本　代理" in html for html in seen.values())
    assert "別の　代理" in seen["hr"]
    assert "代理を終える" in seen["hr"]
    assert "代理を終える" not in seen["admin"]
    assert "代理に指名する</button>" not in seen["hr"]


def test_the_list_says_how_each_naming_stands(client_of, head, section, other_section):
    gone = placed(section)
    AssignmentFactory(staff=gone, department=other_section, starts_on=TODAY)
    HeadDeputyFactory(department=section, staff=gone)
    HeadDeputyFactory(department=section, staff=placed(section))
    HeadDeputyFactory(department=section, staff=placed(section), starts_on=date(2026, 12, 1))
    HeadDeputyFactory(department=section, staff=placed(section), ends_on=date(2026, 11, 22))

    response = client_of(head).get(LIST)

    assert {one.state for one in response.context["namings"]} == {
        "有効",
        "開始前",
        "終了",
        "異動・退職により無効",
    }


def test_the_list_asks_to_name_anew_after_the_head_changed(client_of, head, section):
    before = account(placed(section, rank=HeadRankFactory()))
    deputy = placed(section)
    HeadDeputyFactory(department=section, staff=deputy, named_by=before)
    AssignmentFactory(staff=before.staff, department=DepartmentFactory(), starts_on=TODAY)

    html = client_of(head).get(LIST).content.decode()

    assert "指名し直してください" in html
    assert ">有効<" not in html


def test_a_head_ends_it_and_a_second_click_is_told(client_of, head, section):
    deputy = HeadDeputyFactory(department=section, staff=placed(section))
    browser = client_of(head)

    told = browser.post(end(deputy), follow=True).content.decode()
    twice = browser.post(end(deputy), follow=True).content.decode()

    deputy.refresh_from_db()
    assert deputy.ends_on == TODAY
    assert "今日（令和8年11月23日）までが代理の期間です。" in told
    assert "この代理は、すでに終わっています。" in twice


def test_another_department_s_naming_does_not_exist(client_of, head, other_section):
    deputy = HeadDeputyFactory(department=other_section, staff=placed(other_section))

    assert client_of(head).post(end(deputy)).status_code == 404


def test_the_list_takes_the_same_queries_for_1_and_11(
    client_of, hr, section, django_assert_num_queries, django_assert_max_num_queries
):
    browser = client_of(hr)
    named_by = account(placed(section))
    HeadDeputyFactory(department=section, staff=placed(section), named_by=named_by)
    browser.get(LIST)
    with django_assert_max_num_queries(17) as counted:
        browser.get(LIST)
    for _ in range(10):
        HeadDeputyFactory(staff=placed(DepartmentFactory()), named_by=account(placed(section)))

    with django_assert_num_queries(len(counted)):
        response = browser.get(LIST)

    assert len(response.context["namings"]) == 11


# --- home ---------------------------------------------------------------------------------------


@pytest.fixture
def deputy(section):
    """Somebody of section A whom its head has named."""
    member = placed(section)
    HeadDeputyFactory(department=section, staff=member)
    return account(member)


def test_home_leads_a_deputy_to_the_department_they_are_named_for(client_of, deputy, section):
    cohort = CohortFactory()
    browser = client_of(deputy)

    home = browser.get("/").content.decode()
    board = browser.get(f"{reverse('leaders:nomination_list')}?cohort=1").content.decode()

    url = reverse("leaders:nomination_new", args=[cohort.number, section.code])
    assert "第1期の推進リーダーの推薦を受け付けています" in home
    assert f"まだ提出していない部署：{section.name}" in home
    assert f'href="{url}"' in board
    assert browser.get(url).status_code == 200


def test_home_tells_a_deputy_what_came_back_and_nothing_of_others(
    client_of, deputy, section, other_section
):
    CohortFactory(nominations_open_on=None, nominations_close_on=None)
    own = NominationFactory(
        department=section, staff=placed(section), status="returned", comment="理由"
    )
    NominationFactory(
        department=other_section, staff=placed(other_section), status="returned", comment="理由"
    )

    home = client_of(deputy).get("/").content.decode()

    assert f"{section.name}の推薦が差し戻されています" in home
    assert own.get_absolute_url() in home
    assert other_section.name not in home


def test_home_tells_nothing_once_the_naming_is_over(client_of, deputy):
    CohortFactory()
    HeadDeputy.objects.update(ends_on=TODAY - timedelta(days=1))

    assert "推薦を受け付けています" not in client_of(deputy).get("/").content.decode()
