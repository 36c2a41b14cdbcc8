"""Setting counting rules: history stays, and nothing is overwritten unseen."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry

from agano_dx.lib import audit
from agano_dx.lib.fiscal import FiscalYear
from staff.access import ADMIN
from tests.conftest import TODAY, account
from tests.factories import CountingRuleFactory, FrozenYearFactory, StaffMemberFactory
from tests.together import together
from training.models import DEFAULT_RULE, Counting, CountingRule
from training.services import counting as service
from training.services.counting import set_rule, withdraw_rule
from training.services.freezing import freeze_year

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
        by=by or account(StaffMemberFactory(), ADMIN),
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
    FrozenYearFactory(rule=rule)

    with pytest.raises(service.RuleRestedOnError, match="令和7年度"):
        put(rule.in_force_from, seen=RULE.mark, reason="直すため")

    assert CountingRule.objects.get().counting == RULE


def test_a_rule_set_back_over_a_frozen_year_is_put_right_and_the_one_it_was_frozen_by_stays():
    first, end = CountingRuleFactory(), date(2026, 3, 1)
    freeze_year(year=FiscalYear(2025), by=None, today=TODAY)
    put(end, reason="遡って直すため")

    with pytest.raises(service.RuleRestedOnError, match="令和7年度"):
        put(first.in_force_from, OTHER, seen=RULE.mark, reason="直すため")
    put(end, RULE, seen=OTHER.mark, reason="選び誤りを直すため")

    assert CountingRule.objects.in_force(end) == RULE


def test_only_an_administrator_sets_or_withdraws_a_rule(hr):
    coming = CountingRuleFactory(in_force_from=NEXT_YEAR)

    with pytest.raises(service.NotForAdministratorError):
        put(TODAY, by=hr)
    with pytest.raises(service.NotForAdministratorError):
        withdraw_rule(rule=coming, by=hr, today=TODAY)

    assert CountingRule.objects.get() == coming


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
    by = account(StaffMemberFactory(), ADMIN)
    wanted = [OTHER, Counting(("regular",), (), ("skill",))]

    answers = together(
        [lambda counting=counting: put(NEXT_YEAR, counting, by=by) for counting in wanted]
    )

    assert sum(isinstance(one, service.RuleChangedError) for one in answers) == 1
    assert CountingRule.objects.count() == 1
