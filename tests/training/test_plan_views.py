"""The plan's page, and writing its outlines."""

import re
from datetime import date

import pytest
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import placed
from tests.factories import (
    CompletionFactory,
    OfferingFactory,
    PlanPeriodFactory,
    PlanReviewFactory,
    ProgrammeFactory,
)
from training.models import PlanPeriod, PlanReview

pytestmark = pytest.mark.django_db

PLAN = "/training/plan/"


def edit(period):
    return reverse("training:period_edit", args=[period.pk])


def seen(client, period):
    """What the page of the period hides to know what its reader saw."""
    html = client.get(edit(period)).content.decode()
    return re.search(r'name="seen" value="([0-9a-f]{64})"', html)[1]


def page(client, url=PLAN, **query):
    return client.get(url, query).content.decode()


# --- the plan -----------------------------------------------------------------------------------


def test_the_plan_shows_bars_today_and_the_numbers_beside_them(client_of, hr):
    ProgrammeFactory(name="見本の施策")
    CompletionFactory(offering=OfferingFactory(starts_on=date(2026, 6, 1)))

    html = page(client_of(hr))

    assert (
        "1の施策のうち1を実施中です。研修の開催回は、開催済み1回・実施中0回・これから0回です。"
        in html
    )
    assert "基準日：令和8年11月23日" in html
    assert "実施中（開催1回）" in html
    assert "<span>開催1回</span><span>修了1人</span>" in html
    assert "agano-chart__today-line" in html


def test_the_current_period_comes_first_and_is_marked(client_of, hr):
    PlanPeriodFactory(first_year=FiscalYear(2023), last_year=FiscalYear(2024))
    PlanPeriodFactory(outline="土台をつくります。")
    PlanReviewFactory(text="時間帯を<b>増やす</b>")

    html = page(client_of(hr))

    titles = re.findall(r"<h3>(R\d+～R\d+)", html)
    assert titles == ["R7～R8", "R5～R6"]
    assert html.count("今の2か年") == 1
    assert "土台をつくります。" in html
    assert "時間帯を&lt;b&gt;増やす&lt;/b&gt;" in html


@pytest.mark.parametrize(("who", "may"), [("hr", True), ("manager", False), ("head", False)])
def test_only_those_who_keep_training_are_offered_to_write(client_of, request, who, may):
    period = PlanPeriodFactory()

    assert (edit(period) in page(client_of(request.getfixturevalue(who)))) is may


def test_a_head_is_told_of_own_people_only(client_of, head, section, other_section):
    ProgrammeFactory()
    CompletionFactory(staff=placed(section))
    CompletionFactory.create_batch(2, staff=placed(other_section))

    html = page(client_of(head))

    assert "修了1人" in html
    assert "修了2人" not in html
    assert "所属とその下の所属" in html


def test_an_empty_plan_says_what_to_do(client_of, hr):
    html = page(client_of(hr))

    assert "施策がまだありません。" in html
    assert "2か年の概要がまだありません。" in html


def test_the_plan_takes_the_same_queries_for_1_and_11(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    ProgrammeFactory()
    PlanPeriodFactory()
    PlanReviewFactory()
    browser = client_of(hr)
    browser.get(PLAN)
    with django_assert_max_num_queries(14) as counted:
        browser.get(PLAN)
    ProgrammeFactory.create_batch(10)
    CompletionFactory.create_batch(10)
    for year in range(2027, 2037):
        PlanPeriodFactory(first_year=FiscalYear(year), last_year=FiscalYear(year))
        PlanReviewFactory(fiscal_year=FiscalYear(year))

    with django_assert_num_queries(len(counted)):
        response = browser.get(PLAN)

    assert len(response.context["periods"]) == len(response.context["board"].rows) == 11


# --- writing ------------------------------------------------------------------------------------


def test_an_outline_and_its_reviews_are_saved_with_one_button(client_of, hr):
    period = PlanPeriodFactory()
    browser = client_of(hr)

    response = browser.post(
        edit(period),
        {
            "outline": "土台を\r\nつくります。",
            "review_2025": "増やします。",
            "review_2026": "",
            "seen": seen(browser, period),
        },
        follow=True,
    )

    assert "概要と見直しを保存しました。" in response.content.decode()
    assert PlanPeriod.objects.get().outline == "土台を\nつくります。"
    assert PlanReview.objects.get().text == "増やします。"


def test_the_same_page_sent_twice_saves_once(client_of, hr):
    period = PlanPeriodFactory()
    browser = client_of(hr)
    data = {"outline": "土台", "review_2025": "増やす", "seen": seen(browser, period)}
    browser.post(edit(period), data)

    response = browser.post(edit(period), data, follow=True)

    assert "変更はありませんでした。" in response.content.decode()
    assert PlanReview.objects.count() == 1


def test_what_another_clerk_saved_meanwhile_is_shown_and_what_was_typed_stays(client_of, hr, admin):
    period = PlanPeriodFactory()
    mine, theirs = client_of(hr), client_of(admin)
    mark = seen(mine, period)
    theirs.post(edit(period), {"outline": "先に保存", "seen": mark})

    response = mine.post(edit(period), {"outline": "後から", "review_2026": "直す", "seen": mark})

    html = response.content.decode()
    assert "他の人がこの2か年の文章を変更しました。" in html
    assert "先に保存" in html
    assert re.search(r"<textarea[^>]*>\s*後から</textarea>", html)
    assert re.search(r"<textarea[^>]*>\s*直す</textarea>", html)
    assert PlanPeriod.objects.get().outline == "先に保存"


def test_having_seen_the_others_words_the_clerk_may_replace_them(client_of, hr, admin):
    period = PlanPeriodFactory()
    mine = client_of(hr)
    mark = seen(mine, period)
    client_of(admin).post(edit(period), {"outline": "先に保存", "seen": mark})
    told = mine.post(edit(period), {"outline": "後から", "seen": mark}).content.decode()
    mark = re.search(r'name="seen" value="([0-9a-f]{64})"', told)[1]

    mine.post(edit(period), {"outline": "後から", "seen": mark})

    assert PlanPeriod.objects.get().outline == "後から"


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_a_page_that_does_not_say_what_was_seen_changes_nothing(client_of, hr, mark):
    period = PlanPeriodFactory(outline="前の文章")

    client_of(hr).post(edit(period), {"outline": "後から", "seen": mark})

    assert PlanPeriod.objects.get().outline == "前の文章"


def test_words_without_end_are_refused_in_words(client_of, hr):
    period = PlanPeriodFactory()
    browser = client_of(hr)

    response = browser.post(edit(period), {"outline": "長" * 4001, "seen": seen(browser, period)})

    assert response.status_code == 200
    assert "4000字までにしてください。今は4001字です。" in response.content.decode()
    assert PlanPeriod.objects.get().outline == ""


def test_posted_fields_that_are_not_on_the_page_change_nothing(client_of, hr):
    period = PlanPeriodFactory()
    browser = client_of(hr)

    browser.post(
        edit(period),
        {"first_year": 2030, "review_2030": "よそ", "outline": "x", "seen": seen(browser, period)},
    )

    assert PlanPeriod.objects.get().first_year == FiscalYear(2025)
    assert not PlanReview.objects.exists()
