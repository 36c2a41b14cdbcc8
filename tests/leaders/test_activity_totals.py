"""What activities add up to, against a plain slow computation of the same."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leaders.activity_totals import activity_totals
from leaders.models import Activity
from tests.conftest import TODAY
from tests.factories import (
    ActivityFactory,
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
)

pytestmark = pytest.mark.django_db

HOURS = st.none() | st.integers(0, 99_999).map(lambda tenths: Decimal(tenths) / 10)
ACTIVITIES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["planned", "running", "done", "stopped"]),
        HOURS,
        HOURS,
        st.frozensets(st.integers(0, 3)),
    ),
    max_size=8,
)
SCOPES = st.none() | st.frozensets(st.integers(0, 3))


class AgainstASlowComputation(TestCase):
    def setUp(self):
        self.cohort = CohortFactory()
        self.units = [DepartmentFactory(order=order) for order in range(4)]
        self.terms = [LeaderTermFactory(department=unit) for unit in self.units]

    @settings(max_examples=40, deadline=None)
    @given(rows=ACTIVITIES, scope=SCOPES)
    def test_the_totals_are_those_of_counting_one_by_one(self, rows, scope):
        for number, (place, status, before, after, partners) in enumerate(rows):
            activity = ActivityFactory(
                term=self.terms[place],
                theme=f"活動{number}",
                status=status,
                hours_before=before,
                hours_after=after,
            )
            activity.participants.set([self.terms[one].staff for one in partners if one != place])
        shown = sorted(range(4) if scope is None else scope)
        units = None if scope is None else {self.units[one].pk for one in scope}

        totals = activity_totals(self.cohort, TODAY, units)

        assert [told(one) for one in totals.departments] == [slow(rows, one) for one in shown]
        assert totals.figures.saved == sum((slow(rows, one)["saved"] for one in shown), 0)
        assert totals.active == sum(slow(rows, one)["active"] for one in shown)
        assert [unit.pk for unit in totals.idle] == [
            self.units[one].pk for one in shown if not slow(rows, one)["active"]
        ]


def told(one):
    figures = one.figures
    return {
        "planned": figures.planned,
        "running": figures.running,
        "done": figures.done,
        "stopped": figures.stopped,
        "unmeasured": figures.unmeasured,
        "before": figures.before,
        "after": figures.after,
        "saved": figures.saved,
        "saved_by_done": figures.saved_by_done,
        "joined": one.joined,
        "active": one.is_active,
    }


def slow(rows, place):
    counts = dict.fromkeys(("planned", "running", "done", "stopped"), 0)
    unmeasured = joined = 0
    before = after = saved_by_done = Decimal(0)
    for home, status, hours_before, hours_after, partners in rows:
        if home != place:
            joined += place in partners and status != "stopped"
            continue
        counts[status] += 1
        if status == "stopped":
            continue
        if hours_before is None or hours_after is None:
            unmeasured += 1
            continue
        before += hours_before
        after += hours_after
        if status == "done":
            saved_by_done += hours_before - hours_after
    going = counts["planned"] + counts["running"] + counts["done"]
    return counts | {
        "unmeasured": unmeasured,
        "before": before,
        "after": after,
        "saved": before - after,
        "saved_by_done": saved_by_done,
        "joined": joined,
        "active": going + joined > 0,
    }


def test_a_renamed_department_stands_for_the_one_it_was():
    new = DepartmentFactory(name="新しい課", opens_on=TODAY)
    old = DepartmentFactory(closes_on=TODAY.replace(day=22), successor=new)
    ActivityFactory(term__department=old)

    [only] = activity_totals(CohortFactory(), TODAY, None).departments

    assert (only.department, only.figures.planned) == (new, 1)


def test_a_department_that_must_give_no_leader_is_shown_only_with_an_activity():
    DepartmentFactory(gives_leader=False)
    other = DepartmentFactory(gives_leader=False)
    ActivityFactory(term__department=other)

    totals = activity_totals(CohortFactory(), TODAY, None)

    assert [one.department for one in totals.departments] == [other]


def test_another_cohort_counts_nothing_here():
    later = CohortFactory(number=2)
    ActivityFactory(term__cohort=later)

    assert activity_totals(CohortFactory(number=1), TODAY, None).figures.going == 0


def test_the_totals_take_four_queries_for_1_and_11(django_assert_num_queries):
    cohort = CohortFactory()
    for size in (1, 11):
        while Activity.objects.count() < size:
            partner = LeaderTermFactory().staff
            ActivityFactory(hours_before=2, hours_after=1).participants.add(partner)
        with django_assert_num_queries(4):
            assert activity_totals(cohort, TODAY, None).figures.saved == size
