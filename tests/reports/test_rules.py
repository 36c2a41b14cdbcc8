"""The history of counting rules, and what another rule makes of the same people."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from reports.rule_words import in_words
from reports.rules import Tally, effect, history
from tests.conftest import TODAY, placed
from tests.factories import CompletionFactory, CountingRuleFactory, FrozenYearFactory
from training.models import DEFAULT_RULE, Counting
from training.services.counting import set_rule

pytestmark = pytest.mark.django_db

FIRST, NEXT = date(2025, 4, 1), date(2027, 4, 1)


def test_each_rule_holds_until_the_day_before_the_next(section):
    CountingRuleFactory(in_force_from=FIRST)
    CountingRuleFactory(in_force_from=NEXT)

    coming, running = history(TODAY)

    assert (coming.until, coming.is_to_come, coming.is_in_force) == (None, True, False)
    assert (running.until, running.is_to_come) == (date(2027, 3, 31), False)
    assert running.is_in_force


@pytest.mark.parametrize(("day", "ended"), [(date(2027, 3, 31), False), (NEXT, True)])
def test_a_rule_has_ended_when_the_next_one_begins(day, ended):
    CountingRuleFactory(in_force_from=FIRST)
    CountingRuleFactory(in_force_from=NEXT)

    assert history(day)[1].is_in_force is not ended


def test_a_rule_is_told_with_who_set_it_when_and_why(admin):
    set_rule(
        in_force_from=NEXT, counting=DEFAULT_RULE, seen="", reason="見直し", by=admin, today=TODAY
    )

    [act] = history(TODAY)[0].acts

    assert (act.by, act.reason, act.is_replacement) == (admin.staff.name, "見直し", False)
    assert timezone.localdate(act.at) == TODAY


def test_a_frozen_year_belongs_to_the_rule_it_was_frozen_by(admin):
    first = CountingRuleFactory(in_force_from=FIRST)
    FrozenYearFactory(fiscal_year=FiscalYear(2025), rule=first)
    set_rule(
        in_force_from=date(2026, 3, 1),
        counting=DEFAULT_RULE,
        seen="",
        reason="遡って直すため",
        by=admin,
        today=TODAY,
    )

    later, earlier = history(TODAY)

    assert later.frozen == ()
    assert [one.fiscal_year for one in earlier.frozen] == [FiscalYear(2025)]


def test_a_rule_in_words_names_everything_in_the_usual_order():
    words = in_words(Counting(("fixed_term", "regular"), (), ("skill", "mind"), 3))

    assert (words.employments, words.duties) == ("正規・任期付", "なし")
    assert (words.categories, words.validity) == ("DXマインド・スキル", "修了から3年")
    assert in_words(DEFAULT_RULE).validity == "期限なし"


def test_the_effect_counts_the_same_people_both_ways(section):
    CompletionFactory(staff=placed(section))
    CompletionFactory(staff=placed(section, employment="temporary"))
    old = Counting(("regular",), (), ("mind",))

    wider = effect(TODAY, old, Counting(("regular", "temporary"), (), ("mind",)))
    harder = effect(TODAY, old, Counting(("regular",), (), ("mind", "skill")))

    assert (wider.old, wider.new) == (Tally(1, 1), Tally(2, 2))
    assert (wider.joining, wider.becoming, wider.leaving) == (1, 1, 0)
    assert (harder.new, harder.ceasing, harder.leaving) == (Tally(1, 0), 1, 0)


def test_the_history_of_eleven_rules_takes_as_many_queries_as_of_one(
    admin, django_assert_max_num_queries
):
    def put(offset):
        set_rule(
            in_force_from=NEXT + timedelta(days=offset),
            counting=DEFAULT_RULE,
            seen="",
            reason="",
            by=admin,
            today=TODAY,
        )

    put(0)
    with django_assert_max_num_queries(5) as few:
        history(TODAY)
    for offset in range(1, 11):
        put(offset)

    with django_assert_max_num_queries(5) as many:
        found = history(TODAY)

    assert len(found) == 11
    assert len(few) == len(many)
