"""Setting counting rules: history stays, and nothing is overwritten unseen."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry

from agano_dx.lib import audit
from tests.conftest import TODAY
from tests.factories import CountingRuleFactory, FrozenYearFactory, UserFactory
from tests.together import together
from training.models import DEFAULT_RULE, Counting, CountingRule
from training.services import counting as service
from training.services.counting import set_rule, withdraw_rule

pytestmark = pytest.mark.django_db

NEXT_YEAR = date(2027, 4, 1)
YESTERDAY = TODAY - timedelta(days=1)
RULE = Counting(("regular",), ("leave",), ("mind",))
OTHER = Counting(("regular", "fixed_term"), (), ("mind", "skill"), 3)


def put(day, counting=OTHER, seen="", reason="", by=None):
    return set_rule(
        in_force_from=day,
        counting=counting,
        seen=seen,
        reason=reason,
        by=by or UserFactory(),
        today=TODAY,
    )


def entries(action):
    return LogEntry.objects.filter(content_type__model="countingrule", action=action)


def test_a_rule_counts_from_its_day_and_the_one_before_it_up_to_then(admin):
    CountingRuleFactory()

    put(NEXT_YEAR, by=admin)

    assert CountingRule.objects.in_force(NEXT_YEAR - timedelta(days=1)) == RULE
    assert CountingRule.objects.in_force(NEXT_YEAR) == OTHER
    entry = entries(audit.CREATE).latest("pk")
    assert (entry.actor, entry.changes["validity_years"]) == (admin, [None, 3])


def test_the_same_twice_is_one_rule_and_one_entry():
    first = put(NEXT_YEAR)

    second = put(NEXT_YEAR, Counting(("fixed_term", "regular"), (), ("skill", "mind"), 3))

    assert (second, CountingRule.objects.count()) == (first, 1)
    assert entries(audit.CREATE).count() == 1


def test_a_rule_of_today_needs_no_reason_but_one_of_yesterday_does():
    put(TODAY)

    with pytest.raises(service.ReasonMissingError):
        put(YESTERDAY, reason=" ")
    put(YESTERDAY, reason="要綱の改正が届くのが遅れたため")

    assert CountingRule.objects.count() == 2


def test_a_rule_to_come_is_replaced_by_who_has_seen_it():
    rule = CountingRuleFactory(in_force_from=NEXT_YEAR)

    put(NEXT_YEAR, seen=rule.counting.mark)

    assert CountingRule.objects.get().counting == OTHER
    changed = entries(audit.UPDATE).get().changes
    assert changed["counted_employments"] == ["regular", "fixed_term,regular"]


@pytest.mark.parametrize("seen", ["", OTHER.mark, DEFAULT_RULE.mark])
def test_a_rule_nobody_has_shown_the_asker_is_not_overwritten(seen):
    CountingRuleFactory(in_force_from=NEXT_YEAR)
    third = Counting(("regular",), (), ("skill",))

    with pytest.raises(service.RuleChangedError):
        put(NEXT_YEAR, third, seen=seen)

    assert CountingRule.objects.get().counting == RULE


def test_a_rule_in_force_is_put_right_with_a_reason():
    rule = CountingRuleFactory()

    with pytest.raises(service.ReasonMissingError):
        put(rule.in_force_from, seen=RULE.mark)
    put(rule.in_force_from, seen=RULE.mark, reason="選び誤りを直すため")

    assert CountingRule.objects.get().counting == OTHER
    assert entries(audit.UPDATE).get().additional_data["reason"] == "選び誤りを直すため"


def test_a_rule_on_which_a_frozen_year_rests_stays():
    rule = CountingRuleFactory()
    FrozenYearFactory()

    with pytest.raises(service.RuleRestedOnError, match="令和7年度"):
        put(rule.in_force_from, seen=RULE.mark, reason="直すため")

    assert CountingRule.objects.get().counting == RULE


@pytest.mark.parametrize(("day", "stays"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)])
def test_a_year_rests_on_the_rule_in_force_on_its_last_day(day, stays):
    rule = CountingRuleFactory(in_force_from=day)
    FrozenYearFactory()

    assert bool(service.rests_on(rule)) is stays


def test_a_year_does_not_rest_on_a_rule_followed_before_its_end():
    rule = CountingRuleFactory()
    CountingRuleFactory(in_force_from=date(2026, 3, 31))
    FrozenYearFactory()

    assert service.rests_on(rule) == []


def test_only_a_rule_to_come_is_withdrawn_and_twice_is_once(admin):
    coming = CountingRuleFactory(in_force_from=TODAY + timedelta(days=1))
    running = CountingRuleFactory(in_force_from=TODAY)

    for _ in range(2):
        withdraw_rule(rule=coming, by=admin, today=TODAY)
    with pytest.raises(service.RuleInForceError):
        withdraw_rule(rule=running, by=admin, today=TODAY)

    assert CountingRule.objects.get() == running
    assert entries(audit.DELETE).get().actor == admin


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_one_is_told_of_the_other():
    by = UserFactory()
    wanted = [OTHER, Counting(("regular",), (), ("skill",))]

    answers = together(
        [lambda counting=counting: put(NEXT_YEAR, counting, by=by) for counting in wanted]
    )

    assert sum(isinstance(one, service.RuleChangedError) for one in answers) == 1
    assert CountingRule.objects.count() == 1
