"""Every number on the pages of figures opens a list of exactly so many."""

import re
from datetime import date
from fractions import Fraction
from html import unescape

import pytest
from django.core.management import call_command
from django.urls import reverse

from reports.figures import percent
from staff.models import Band, Department, Duty, Employment
from tests.conftest import account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    OfferingFactory,
    SpecialistDesignationFactory,
)
from training.models import Category

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a[^>]*href="(/reports/(?:people|terms)/[^"]*)"[^>]*>([^<]*)</a>')
ALL_THREE = (Category.MIND, Category.KNOWLEDGE, Category.SKILL)
OVER = {"starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31), "completed": True}


@pytest.fixture
def offerings():
    return {
        (category, on): OfferingFactory(course__category=category, starts_on=on)
        for category in (*ALL_THREE, Category.EXECUTIVE)
        for on in (date(2026, 2, 1), date(2026, 6, 1))
    }


@pytest.fixture
def town(offerings, section, other_section):
    """People of two sections who learned, led, moved, left and are on leave."""
    call_command("loaddata", "plan", verbosity=0)

    def learned(member, *categories, on=date(2026, 6, 1)):
        for category in categories:
            CompletionFactory(staff=member, offering=offerings[category, on])
        return member

    office = DepartmentFactory(code="A1", name="見本係", parent=section, gives_leader=False)
    cohort = CohortFactory(number=1)
    for unit in (section, office, other_section):
        able = learned(placed(unit), *ALL_THREE, on=date(2026, 2, 1))
        SpecialistDesignationFactory(staff=able)
        learned(placed(unit), Category.MIND)
        learned(placed(unit, duty=Duty.CHILDCARE), *ALL_THREE)
        placed(unit, employment=Employment.FISCAL_YEAR_APPOINTEE)
        chief = placed(unit, rank=HeadRankFactory(heads_department=False))
        learned(chief, Category.EXECUTIVE, on=date(2026, 2, 1))
        learned(placed(unit, rank=HeadRankFactory(heads_department=False)), Category.EXECUTIVE)
        gone = learned(placed(unit, staff__left_on=date(2026, 3, 31)), *ALL_THREE)
        LeaderTermFactory(cohort=cohort, department=unit, staff=gone, **OVER)
        # Somebody who led here twice in parts, and leads here while working elsewhere.
        LeaderTermFactory(cohort=cohort, department=unit, staff=able, **OVER)
        again = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 9, 30), "completed": True}
        LeaderTermFactory(cohort=cohort, department=unit, staff=able, **again)
        LeaderTermFactory(cohort=cohort, department=unit, staff=placed(DepartmentFactory()))
    moved_in = learned(placed(other_section), *ALL_THREE, on=date(2026, 2, 1))
    AssignmentFactory(staff=moved_in, department=section, starts_on=date(2026, 4, 1))
    moved_out = learned(placed(section), *ALL_THREE, on=date(2026, 2, 1))
    AssignmentFactory(staff=moved_out, department=other_section, starts_on=date(2026, 10, 1))
    return section


def with_keys(address):
    """The address with keys of departments in place of their codes in braces."""
    return address.format(**dict(Department.objects.values_list("code", "pk")))


def length(client, href):
    response = client.get(href)
    assert response.status_code == 200, href
    return response.context["page"].paginator.count


def links_of(client, address):
    html = client.get(with_keys(address)).content.decode()
    return {(unescape(href), unescape(text)) for href, text in LINK.findall(html)}


def said(client, href, text):
    """Whether the words of the link are true of a list so long."""
    found = length(client, href)
    if number := re.search(r"(\d+)[人件]", text):
        return int(number[1]) == found
    if re.fullmatch(r"[\d.]+%?", text):
        if text.isdecimal():
            return int(text) == found
        people = length(client, re.sub("people/[a-z]+/", "people/population/", href))
        return Fraction(text.strip("%")) == Fraction(percent(Fraction(found, people)))
    return None


PAGES = (
    "/reports/",
    "/reports/?as_of=2026-03-31",
    "/reports/departments/",
    "/reports/departments/{A}/",
    "/reports/departments/{A}/?as_of=2026-09-30",
    "/reports/bands/section_chief/",
)


@pytest.mark.parametrize("who", ["hr", "head"])
def test_every_number_opens_a_list_of_exactly_so_many(town, client_of, request, who):
    client = client_of(request.getfixturevalue(who))
    found = set().union(*(links_of(client, page) for page in PAGES))

    told = {(href, text): said(client, href, text) for href, text in found}

    assert [link for link, is_true in told.items() if is_true is False] == []
    opened = {href.split("?")[0].split("/")[-2] for href, _ in found}
    assert opened == {
        *("population", "capable", "not_capable", "mind", "knowledge", "skill"),
        *("excluded_employment", "excluded_duty", "leaders", "leaders_completed", "terms"),
        *("executives", "executives_completed", "executives_outstanding", "specialists"),
    }
    assert sum(is_true is not None for is_true in told.values()) > 50


@pytest.mark.parametrize("who", ["hr", "head"])
def test_every_card_opens_a_list_as_long_as_its_number(town, client_of, request, who):
    client = client_of(request.getfixturevalue(who))

    cards = client.get("/reports/").context["cards"]

    share, *others = cards
    people = re.search(r"（(\d+) / (\d+)人）", share.unit)
    assert length(client, share.href) == int(people[1])
    assert [length(client, card.href) for card in others] == [int(card.value) for card in others]


def test_the_numbers_of_each_band_open_their_people(town, client_of, hr):
    opened = {href for href, _ in links_of(client_of(hr), "/reports/")}

    for figure in ("population", "capable", "not_capable"):
        here = [one for one in opened if f"/{figure}/" in one and "band=" in one]
        assert len(here) == len(Band)


def test_completed_terms_are_told_with_those_who_have_left(town, client_of, head, hr):
    of_head = client_of(head).get(reverse("reports:term_list"))
    of_hr = client_of(hr).get(reverse("reports:term_list"))

    terms = of_head.context["page"].object_list
    assert {term.department.code for term in terms} == {"A", "A1"}
    assert any(term.staff.left_on for term in terms)
    assert of_head.context["page"].paginator.count == 6
    assert of_hr.context["page"].paginator.count == 9


def test_a_manager_opens_nothing_and_one_who_heads_a_section_that_section(town, client_of, manager):
    both = account(placed(town, rank=HeadRankFactory()), "manager")

    of_manager, of_both = (
        set().union(*(links_of(client_of(user), page) for page in PAGES))
        for user in (manager, both)
    )

    assert of_manager == set()
    assert of_both
    named = {int(re.search(r"(?:unit|place)=(\w+)", href)[1]) for href, _ in of_both}
    assert set(Department.objects.filter(pk__in=named).values_list("code", flat=True)) == {
        *("A", "A1"),
    }


def test_a_head_is_told_of_no_other_section_on_any_page(town, client_of, head):
    client = client_of(head)

    for page in (*PAGES, "/reports/departments/{A1}/", "/reports/bands/staff/", "/reports/terms/"):
        assert "別の課" not in client.get(with_keys(page)).content.decode()
    for address in (
        "departments/{B}/",
        "people/population/?place={B}",
        "people/population/?unit={B}",
    ):
        assert client.get(f"/reports/{with_keys(address)}").status_code == 404


def test_the_list_of_terms_asks_as_often_for_11_as_for_1(
    client_of, hr, section, django_assert_num_queries, django_assert_max_num_queries
):
    client, address = client_of(hr), reverse("reports:term_list")
    cohort = CohortFactory(number=1)
    LeaderTermFactory(cohort=cohort, department=section, **OVER)
    client.get(address)
    with django_assert_max_num_queries(15) as counted:
        client.get(address)
    for _ in range(10):
        LeaderTermFactory(cohort=cohort, **OVER)

    with django_assert_num_queries(len(counted)):
        assert len(client.get(address).context["page"]) == 11
