"""The table of specialists and the look ahead: what each asker is shown."""

import html
from datetime import date

import pytest
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from reports.models import Target
from staff.models import Band
from tests.conftest import placed
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    RankFactory,
    SpecialistDesignationFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db

LIST, OUTLOOK = reverse("leaders:specialist_list"), reverse("leaders:specialist_outlook")


@pytest.fixture(autouse=True)
def _targets(db):
    for band, minimum, maximum in ((Band.DEPUTY, 4, 6), (Band.STAFF, 20, None)):
        TargetFactory(
            kind="specialists",
            fiscal_year=FiscalYear(2034),
            band=band,
            numerator=None,
            denominator=None,
            minimum=minimum,
            maximum=maximum,
        )


@pytest.fixture
def office(db):
    return DepartmentFactory(name="推進室", is_digital_office=True)


def text(response):
    return html.unescape(response.content.decode())


def specialist(department, band=Band.DEPUTY, **kwargs):
    rank = RankFactory(band=band)
    dates = {name: kwargs.pop(name) for name in ("starts_on", "ends_on") if name in kwargs}
    member = placed(department, rank=rank, **kwargs)
    return SpecialistDesignationFactory(staff=member, **dates).staff


# --- the table ----------------------------------------------------------------------------------


def test_the_table_tells_count_range_and_what_is_missing(client_of, hr, office):
    member = specialist(office)

    page = client_of(hr).get(LIST)

    rows = {
        row.band: (row.count, row.minimum, row.maximum, row.short) for row in page.context["counts"]
    }
    assert rows[Band.DEPUTY] == (1, 4, 6, 3)
    assert rows[Band.STAFF] == (0, 20, None, 20)
    shown = text(page)
    for words in ("あと3人", "定めなし", "令和17年3月31日", member.name, "推進室", "令和7年4月1日"):
        assert words in shown


def test_the_table_stands_as_of_the_asked_day(client_of, hr, office):
    specialist(office, starts_on=date(2026, 4, 1), ends_on=date(2026, 9, 30))

    def total(day):
        return client_of(hr).get(LIST, {"as_of": day}).context["total"]

    asked = ["R8.3.31", "R8.4.1", "R8.9.30", "R8.10.1"]
    assert [total(day) for day in asked] == [0, 1, 1, 0]


def test_a_head_is_shown_their_own_people_and_no_range_of_the_city(
    client_of, head, section, other_section
):
    own, other = specialist(section), specialist(other_section)

    page = client_of(head).get(LIST)

    assert page.context["total"] == 1
    assert own.name in text(page)
    assert other.name not in text(page)
    assert "目標は市全体の人数で定めています。" in text(page)
    assert "あと3人" not in text(page)
    for name in ("leaders:specialist_candidates", "leaders:specialist_outlook"):
        assert reverse(name) not in text(page)


def test_a_manager_is_shown_the_figures_of_the_city_and_nobodys_name(client_of, manager, office):
    member = specialist(office)

    page = client_of(manager).get(LIST)

    assert page.context["total"] == 1
    assert "あと3人" in text(page)
    assert member.name not in text(page)
    assert reverse("leaders:specialist_candidates") not in text(page)
    assert OUTLOOK in text(page)


def test_an_end_that_is_still_to_come_is_for_who_may_know_of_it(client_of, hr, head, section):
    specialist(section, ends_on=date(2027, 3, 31))

    assert "令和9年3月31日" in text(client_of(hr).get(LIST))
    assert "令和9年3月31日" not in text(client_of(head).get(LIST))


@pytest.mark.parametrize("as_of", ["R9.4.1", "きのう"])
def test_a_day_to_come_and_a_word_are_refused_to_a_head_in_words(client_of, head, section, as_of):
    specialist(section, starts_on=date(2027, 4, 1))

    page = client_of(head).get(LIST, {"as_of": as_of})

    assert page.context["day"].error
    assert page.context["total"] == 0


def test_a_long_table_has_pages_and_a_constant_number_of_queries(
    client_of, hr, office, django_assert_num_queries, django_assert_max_num_queries
):
    specialist(office)
    browser = client_of(hr)
    browser.get(LIST)
    with django_assert_max_num_queries(18) as counted:
        browser.get(LIST)
    for _ in range(50):
        specialist(office)

    with django_assert_num_queries(len(counted)):
        page = browser.get(LIST)

    assert (len(page.context["people"]), page.context["total"]) == (50, 51)
    assert len(browser.get(LIST, {"page": 2}).context["people"]) == 1


# --- the look ahead -----------------------------------------------------------------------------


def test_the_look_ahead_tells_decided_and_likely_apart(client_of, hr, office):
    leaver = specialist(office, staff__left_on=date(2027, 3, 31))
    rising = specialist(office, Band.STAFF)

    page = client_of(hr).get(OUTLOOK)

    row = {one.band: one for one in page.context["bands"]}
    assert (row[Band.DEPUTY].today, row[Band.DEPUTY].leaving) == (1, 1)
    assert (row[Band.STAFF].decided, row[Band.STAFF].rising_out) == (1, 1)
    shown = text(page)
    for words in (leaver.name, "退職", "令和9年3月31日", rising.name, "5年以上"):
        assert words in shown


def test_a_manager_learns_of_no_departure_and_no_name(client_of, manager, office):
    leaver = specialist(office, staff__left_on=date(2027, 3, 31))

    page = client_of(manager).get(OUTLOOK)

    assert [row.leaving for row in page.context["bands"]] == [0, 0, 0, 0]
    assert [row.decided for row in page.context["bands"]] == [0, 1, 0, 0]
    assert leaver.name not in text(page)
    assert "退職・終了" not in text(page)
    assert "令和9年3月31日" not in text(page)


@pytest.mark.parametrize(("years", "is_likely"), [(2, True), (3, False)])
def test_the_years_in_a_band_can_be_chosen(client_of, hr, office, years, is_likely):
    member = placed(office, rank=RankFactory(band=Band.STAFF))
    AssignmentFactory(
        staff=member, department=office, rank=RankFactory(), starts_on=date(2024, 6, 1)
    )
    SpecialistDesignationFactory(staff=member)

    page = client_of(hr).get(OUTLOOK, {"years": years})

    assert bool(page.context["rising"]) is is_likely
    assert f"{years}年以上" in text(page)


@pytest.mark.parametrize("years", ["0", "99", "長い"])
def test_years_that_cannot_be_are_told_and_the_usual_ones_shown(client_of, hr, years):
    page = client_of(hr).get(OUTLOOK, {"years": years})

    assert "年数は" in text(page)
    assert page.context["years"] == 5


def test_without_targets_the_look_ahead_ends_today(client_of, hr, office):
    Target.objects.all().delete()
    specialist(office, staff__left_on=date(2027, 3, 31))

    page = client_of(hr).get(OUTLOOK)

    assert page.context["decided"] == ()
    assert page.context["due"] is None
