"""Counting rules on their pages: look first, then set; the same twice is once."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from tests.conftest import TODAY, placed
from tests.factories import CompletionFactory, CountingRuleFactory, FrozenYearFactory
from training.models import CountingRule
from training.services.counting import set_rule

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("reports:rule_list"), reverse("reports:rule_new")
TICKED = {
    "in_force_from": "R9.4.1",
    "counted_employments": ["regular", "temporary"],
    "excluded_duties": ["leave"],
    "required_categories": ["mind"],
    "validity_years": "",
    "reason": "",
}


@pytest.fixture
def browser(client_of, admin):
    return client_of(admin)


def look(browser, **changes):
    return browser.post(NEW, TICKED | changes | {"act": "look"})


def save(browser, seen_on, **changes):
    """Press the button of the preview in `seen_on`."""
    preview = seen_on.context["preview"]
    told = {name: preview[name] for name in ("seen", "previewed")}
    return browser.post(NEW, TICKED | told | changes | {"act": "save"})


def test_looking_shows_the_effect_and_changes_nothing(browser, section):
    CountingRuleFactory()
    CompletionFactory(staff=placed(section, employment="temporary"))
    before = LogEntry.objects.count()

    response = look(browser)

    (year_end, _), (today, not_ruled) = response.context["preview"]["effects"]
    assert not_ruled.startswith("適用開始日より前")
    assert (year_end.on, today.on) == (date(2026, 3, 31), TODAY)
    assert (today.old.population, today.new.population, today.becoming) == (0, 1, 1)
    assert CountingRule.objects.count() == 1
    assert LogEntry.objects.count() == before


def test_each_shown_day_is_held_against_the_rule_of_that_day(browser, section):
    placed(section), placed(section, employment="temporary")
    CountingRuleFactory(counted_employments=["temporary"])
    CountingRuleFactory(in_force_from=date(2026, 10, 1), counted_employments=["fixed_term"])

    response = look(browser, in_force_from="R8.3.1", reason="直すため")

    (year_end, ruled), (today, not_ruled) = response.context["preview"]["effects"]
    assert (year_end.old.population, year_end.new.population, ruled) == (1, 2, "")
    assert (today.old.population, today.new.population) == (0, 2)
    assert "次のルールが始まっている" in not_ruled


def test_what_was_looked_at_is_saved_and_pressed_twice_it_is_one(browser):
    seen = look(browser)

    answers = [save(browser, seen), save(browser, seen)]

    assert [answer["Location"] for answer in answers] == [LIST, LIST]
    rule = CountingRule.objects.get()
    assert (rule.in_force_from, rule.validity_years) == (date(2027, 4, 1), None)
    assert "令和9年4月1日からの集計ルールを登録しました。" in browser.get(LIST).content.decode()


def test_what_was_not_looked_at_is_not_saved_and_stays_typed(browser):
    response = save(browser, look(browser), validity_years="3")

    assert "まだ影響を見ていない内容です" in response.content.decode()
    assert response.context["form"]["validity_years"].value() == "3"
    assert not CountingRule.objects.exists()


def test_a_day_gone_by_wants_a_reason_beside_its_field(browser):
    seen = look(browser, in_force_from="R8.4.1")

    refused = save(browser, seen, in_force_from="R8.4.1")
    taken = save(browser, refused, in_force_from="R8.4.1", reason="要綱の改正のため")

    assert refused.context["form"].errors["reason"] == [
        "過ぎた日の集計が変わります。理由を入力してください。"
    ]
    assert taken["Location"] == LIST


def test_reaching_back_over_a_frozen_year_must_be_understood(browser):
    FrozenYearFactory()
    changes = {"in_force_from": "R8.3.31", "reason": "要綱の改正のため"}
    seen = look(browser, **changes)

    refused = save(browser, seen, **changes)
    taken = save(browser, refused, **changes, understood="on")

    assert "令和7年度" in seen.content.decode()
    assert "確定値が変わらないことを確かめて" in refused.content.decode()
    assert taken["Location"] == LIST


def test_a_rule_that_changes_a_figure_by_more_than_a_tenth_is_asked_about(browser, section):
    CountingRuleFactory(required_categories=["mind"])
    for _ in range(10):
        CompletionFactory(staff=placed(section))
    changes = {"required_categories": ["mind", "skill"], "validity_years": "3"}
    seen = look(browser, **changes)

    refused = save(browser, seen, **changes)
    kept = CountingRule.objects.count()
    taken = save(browser, refused, **changes, big_change="on")

    assert "デジタル活用職員は10人から0人になります。" in seen.content.decode()
    assert "人数が大きく変わることを確かめて" in refused.content.decode()
    assert refused.context["form"]["validity_years"].value() == "3"
    assert kept == 1
    assert taken["Location"] == LIST


def test_a_tick_set_under_one_rule_says_nothing_of_another(browser, section):
    CountingRuleFactory(required_categories=["mind"])
    CompletionFactory(staff=placed(section))
    seen = look(browser, required_categories=["skill"])

    other = save(browser, seen, required_categories=["knowledge"], big_change="on")

    assert not other.context["preview"]["confirm"]["big_change"].value()
    assert CountingRule.objects.count() == 1


def test_a_rule_that_changes_a_figure_by_a_tenth_is_not_asked_about(browser, section):
    CountingRuleFactory(required_categories=["mind"])
    for _ in range(9):
        CompletionFactory(staff=placed(section))
    CompletionFactory(staff=placed(section, employment="reappointed"))

    seen = look(browser)

    assert seen.context["preview"]["effects"][1][0].new.capable == 9
    assert not seen.context["preview"]["confirm"].fields


def test_years_frozen_by_the_plans_default_stand_with_it(browser):
    FrozenYearFactory()
    CountingRuleFactory(in_force_from=date(2026, 3, 1))

    before, default = browser.get(LIST).content.decode().split("（計画の既定）")

    assert "誤りを直す" in before
    assert "このルールで確定した年度：令和7年度" in default
    assert "確定した年度" not in before


def test_the_day_after_a_frozen_year_asks_for_nothing(browser):
    FrozenYearFactory()
    seen = look(browser, in_force_from="R8.4.1")

    assert not seen.context["preview"]["confirm"].fields


def test_what_another_administrator_set_meanwhile_is_shown_not_overwritten(browser, admin):
    seen = look(browser)
    other = CountingRuleFactory(in_force_from=date(2027, 4, 1))

    response = save(browser, seen)
    again = save(browser, response)

    assert "ほかの人が先に変更しました" in response.content.decode()
    assert response.context["preview"]["held"] == other
    assert again["Location"] == LIST
    assert CountingRule.objects.get().counted_employments == ["regular", "temporary"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"counted_employments": []}, "counted_employments"),
        ({"required_categories": []}, "required_categories"),
        ({"required_categories": ["cooking"]}, "required_categories"),
        ({"excluded_duties": ["active", "childcare", "leave", "seconded"]}, "excluded_duties"),
        ({"in_force_from": "R1.3.1"}, "in_force_from"),
        ({"in_force_from": ""}, "in_force_from"),
        ({"validity_years": "0"}, "validity_years"),
        ({"validity_years": "いつまでも"}, "validity_years"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_at_its_field(browser, changes, field):
    response = look(browser, **changes)

    assert list(response.context["form"].errors) == [field]
    assert response.context["preview"] is None


def test_a_rule_to_be_put_right_comes_filled_in(browser):
    CountingRuleFactory(in_force_from=date(2027, 4, 1), validity_years=4)

    form = browser.get(NEW, {"from": "2027-04-01"}).context["form"]

    assert form["validity_years"].value() == 4
    assert form["in_force_from"].value() == "R9.4.1"


def test_only_a_rule_to_come_is_withdrawn_and_twice_is_once(browser):
    coming = CountingRuleFactory(in_force_from=TODAY + timedelta(days=1))
    running = CountingRuleFactory()
    page = reverse("reports:rule_withdraw", args=[coming.pk])

    answers = [browser.post(page), browser.post(page)]
    refused = browser.post(reverse("reports:rule_withdraw", args=[running.pk]))

    assert [answer["Location"] for answer in answers] == [LIST, LIST]
    assert "取り下げられません" in refused.content.decode()
    assert CountingRule.objects.get() == running


def test_who_set_a_rule_is_named_to_those_who_see_every_name(client_of, admin, manager, hr):
    counting = CountingRuleFactory.build().counting
    set_rule(
        in_force_from=date(2027, 4, 1),
        counting=counting,
        seen="",
        reason="見直し",
        by=admin,
        today=TODAY,
    )

    shown = {user: client_of(user).get(LIST).content.decode() for user in (hr, manager)}

    assert f"（{admin.staff.name}）" in shown[hr]
    assert admin.staff.name not in shown[manager]
    assert all("見直し" in page for page in shown.values())
    assert all(NEW not in page for page in shown.values())
