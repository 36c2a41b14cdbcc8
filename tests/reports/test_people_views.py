"""The people behind a figure, as far as the asker may see names."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from staff.models import Duty, StaffMember
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
)

pytestmark = pytest.mark.django_db


def people(figure="population"):
    return reverse("reports:people_list", args=[figure])


def without_tokens(response):
    """The page without its CSRF token, which is another each time."""
    return re.sub(r"[0-9A-Za-z]{64}", "", response.content.decode())


def listed(response):
    assert response.status_code == 200
    return {place.staff for place in response.context["page"]}


def test_hr_sees_everybody_behind_a_figure(client_of, hr, section, other_section):
    wanted = {placed(section), placed(other_section)}

    assert listed(client_of(hr).get(people())) == wanted


def test_a_head_sees_their_own_people_only(client_of, head, section, other_section):
    own, stranger = placed(section), placed(other_section)

    response = client_of(head).get(people())

    assert listed(response) == {own, head.staff}
    assert stranger.name not in response.content.decode()
    assert response.context["page"].paginator.count == 2


def test_a_unit_means_all_that_is_counted_under_it(client_of, hr, section, other_section):
    office = DepartmentFactory(parent=section, gives_leader=False)
    wanted = {placed(section), placed(office)}
    placed(other_section)

    assert listed(client_of(hr).get(people(), {"unit": section.pk})) == wanted
    assert len(listed(client_of(hr).get(people(), {"unit": office.pk}))) == 1


def test_another_head_s_unit_answers_like_one_that_does_not_exist(
    client_of, head, section, other_section
):
    placed(other_section)
    browser = client_of(head)

    foreign = browser.get(people(), {"unit": other_section.pk})
    missing = browser.get(people(), {"unit": "NONE"})

    assert foreign.status_code == missing.status_code == 404
    assert without_tokens(foreign) == without_tokens(missing)


def test_a_unit_partly_in_sight_shows_the_part_in_sight(client_of, section):
    office = DepartmentFactory(parent=section, gives_leader=False)
    chief = placed(office, rank=HeadRankFactory())
    own, stranger = placed(office), placed(section)

    response = client_of(account(chief)).get(people(), {"unit": section.pk})

    assert listed(response) == {chief, own}
    assert stranger.name not in response.content.decode()


def test_a_band_narrows_and_an_unknown_band_does_not(client_of, hr, section):
    chief = placed(section, rank=HeadRankFactory())
    placed(section)
    browser = client_of(hr)

    assert listed(browser.get(people(), {"band": "section_chief"})) == {chief}
    assert len(listed(browser.get(people(), {"band": "x"}))) == 2


def test_a_figure_that_does_not_exist_is_not_found(client_of, hr):
    assert client_of(hr).get(people("salary")).status_code == 404


def test_managers_and_staff_see_no_names(client_of, manager, staff):
    assert {client_of(user).get(people()).status_code for user in (manager, staff)} == {403}


def test_a_manager_who_heads_a_section_sees_names_there_only(client_of, section, other_section):
    both = account(placed(section, rank=HeadRankFactory()), "manager")
    placed(other_section)

    response = client_of(both).get(people())

    assert listed(response) == {both.staff}
    assert "氏名を見られる所属の人だけ" in response.content.decode()


def test_somebody_seen_in_the_past_who_moved_out_of_sight_is_no_link(client_of, head, hr, section):
    gone = placed(section)
    AssignmentFactory(staff=gone, starts_on=TODAY)
    asked = {"as_of": "2026-11-22"}

    of_head = client_of(head).get(people(), asked).content.decode()
    of_hr = client_of(hr).get(people(), asked).content.decode()

    link = f'href="{gone.get_absolute_url()}"'
    assert gone.name in of_head
    assert link not in of_head
    assert link in of_hr


def test_a_leader_of_one_s_section_who_works_elsewhere_is_no_link(client_of, head, section):
    CohortFactory()
    leader = placed(DepartmentFactory())
    LeaderTermFactory(staff=leader, department=section)

    response = client_of(head).get(people("leaders"))

    assert listed(response) == {leader}
    assert leader.get_absolute_url() not in response.content.decode()


@pytest.mark.parametrize("figure", ["leaders", "leaders_completed"])
def test_a_head_is_not_told_where_somebody_who_led_their_section_is_now(
    client_of, head, hr, section, figure
):
    unit = DepartmentFactory(name="異動先課")
    over = {"starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31), "completed": True}
    member = placed(unit, rank=HeadRankFactory(name="異動先の職"), duty=Duty.LEAVE)
    for term in ({"starts_on": date(2026, 4, 1)}, over):
        LeaderTermFactory(staff=member, department=section, **term)
    words = ("異動先課", "異動先の職", "休職")

    def told(user):
        response = client_of(user).get(people(figure))
        workbook = client_of(user).post(reverse("reports:people_export", args=[figure]))
        cells = [
            cell.value for row in load_workbook(BytesIO(workbook.content)).active for cell in row
        ]
        shown = response.content.decode() + "".join(str(cell) for cell in cells)
        assert member.number in shown
        return [word in shown for word in words]

    assert told(hr) == [True, True, True]
    assert told(head) == [False, False, False]
    narrowed = client_of(head).get(people(figure), {"band": member.assignments.get().rank.band})
    assert listed(narrowed) == set()


def test_a_day_to_come_is_refused_to_a_head(client_of, head, section):
    AssignmentFactory(department=section, starts_on=date(2026, 12, 1), staff__name="内示の人")

    response = client_of(head).get(people(), {"as_of": "2026-12-01"})

    assert "今日までの日を入力してください。" in response.content.decode()
    assert "内示の人" not in response.content.decode()


def test_a_name_with_signs_of_html_is_shown_as_it_is(client_of, hr, section):
    StaffMember.objects.filter(pk=placed(section).pk).update(name="<b>見本</b>")

    html = client_of(hr).get(people()).content.decode()

    assert "&lt;b&gt;見本&lt;/b&gt;" in html
    assert "<b>見本" not in html


def test_a_long_list_has_pages_that_keep_the_question(client_of, hr, section):
    for _ in range(51):
        placed(section)

    response = client_of(hr).get(people(), {"unit": section.pk, "as_of": "2026-11-22"})

    html = response.content.decode()
    assert "全51人" in html
    assert len(response.context["page"]) == 50
    assert f"?unit={section.pk}&amp;as_of=2026-11-22&amp;page=2" in html


@pytest.mark.parametrize("figure", ["population", "leaders"])
def test_a_list_takes_the_same_queries_for_1_and_11(
    client_of, hr, section, django_assert_num_queries, django_assert_max_num_queries, figure
):
    LeaderTermFactory(staff=placed(section), department=section)
    browser = client_of(hr)
    browser.get(people(figure))
    with django_assert_max_num_queries(15) as counted:
        browser.get(people(figure))
    for _ in range(10):
        LeaderTermFactory(staff=placed(section), department=section)

    with django_assert_num_queries(len(counted)):
        response = browser.get(people(figure))

    assert len(response.context["page"]) == 11
