"""Figures over a reorganisation: the past stays as it was, and leaders go on for the successor."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from leaders.eligibility import candidates
from leaders.models import LeaderTerm
from reports.documents import progress_document
from reports.history import leader_history
from reports.people import people_behind
from reports.progress import progress
from staff.access import access_of
from staff.models import Department
from staff.reorganisation import DepartmentFacts
from staff.services.departments import (
    merge_departments,
    rename_department,
    split_department,
)
from tests import worlds
from tests.conftest import TODAY, account, placed
from tests.factories import (
    CohortFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
    RankFactory,
)
from tests.reports.cities import make_targets
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

CHANGE = date(2027, 4, 1)
quietly = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def figures(on, scope=None):
    """What is told of a day."""
    return progress_document(progress(on, DEFAULT_RULE, scope)), leader_history(on, scope)


def unit(code):
    return Department.objects.get_by_natural_key(code)


def rename(known_as, on=CHANGE, **changes):
    old = unit(known_as)
    facts = replace(DepartmentFacts.of(old), name=f"新{old.name}", **changes)
    return rename_department(department=old, facts=facts, on=on, by=None)


def merge(*codes, into):
    facts = replace(DepartmentFacts.of(unit(codes[0])), code=into, name="統合課")
    departments = [unit(code) for code in codes]
    return merge_departments(departments=departments, into=facts, on=CHANGE, by=None)


def split(code, *codes):
    old = DepartmentFacts.of(unit(code))
    parts = [replace(old, code=part, name=f"分課{part}") for part in codes]
    people = unit(code).assignments.values_list("staff", flat=True)
    return split_department(
        department=unit(code),
        parts=parts,
        heir=0,
        part_of={pk: index % len(codes) for index, pk in enumerate(people)},
        on=CHANGE,
        by=None,
    )


REORGANISATIONS = {
    "a section renamed": lambda: rename("SEC", code="SE2"),
    "a division renamed": lambda: rename("DIV"),
    "a section moved to the top": lambda: rename("NEW", parent=None),
    "sections merged": lambda: merge("SEC", "NEW", into="MIX"),
    "a section split": lambda: split("SEC", "SEC", "ALT"),
    "the digital office renamed": lambda: rename("DIG"),
}


@pytest.fixture
def ground():
    make_targets()
    return worlds.make_ground()


@pytest.mark.parametrize("name", REORGANISATIONS)
@given(people=worlds.people(), on=worlds.days.filter(lambda day: day < CHANGE))
@settings(quietly, max_examples=6)
def test_a_past_day_comes_out_the_same_before_and_after(ground, name, people, on):
    with transaction.atomic():
        worlds.put_down(ground, people)
        before = figures(on)

        REORGANISATIONS[name]()

        after = figures(on)
        transaction.set_rollback(True)
    assert after == before


@given(people=worlds.people(), on=worlds.days)
@quietly
def test_a_new_name_alone_changes_no_figure_on_any_day(ground, people, on):
    with transaction.atomic():
        worlds.put_down(ground, people)
        before = figures(on)

        for code in ("DIV", "SEC", "NEW"):
            rename(code)

        after = figures(on)
        transaction.set_rollback(True)
    assert after == before


@given(people=worlds.people(), on=worlds.days)
@quietly
def test_the_whole_city_counts_the_same_however_it_is_cut(ground, people, on):
    with transaction.atomic():
        worlds.put_down(ground, people)
        before = progress(on, DEFAULT_RULE, None)

        merge("SEC", "NEW", into="MIX")

        after = progress(on, DEFAULT_RULE, None)
        transaction.set_rollback(True)
    assert (after.total, after.excluded, after.executives, after.specialists) == (
        before.total,
        before.excluded,
        before.executives,
        before.specialists,
    )
    assert after.leaders.sitting == before.leaders.sitting


# --- Leaders ------------------------------------------------------------------------------------


@pytest.fixture
def town():
    """Two sections with a leader each in the cohort of R7–R8, and one without."""
    CohortFactory()
    for code in ("A", "B", "C"):
        DepartmentFactory(code=code, name=f"{code}課")
    for code in ("A", "B"):
        LeaderTermFactory(department=unit(code), staff=placed(unit(code), rank=RankFactory()))
    placed(unit("C"))


def cover(on):
    leaders = progress(on, DEFAULT_RULE, None).leaders
    return [one.code for one in leaders.covered], [one.code for one in leaders.without]


ON = date(2027, 1, 1)
BEFORE = date(2026, 12, 31)


def test_the_sitting_leader_covers_the_renamed_department(town):
    rename("A", on=ON, code="A2")

    assert cover(BEFORE) == (["A", "B"], ["C"])
    assert cover(ON) == (["A2", "B"], ["C"])


def test_the_leaders_of_merged_departments_all_cover_the_new_one(town):
    facts = replace(DepartmentFacts.of(unit("A")), code="AB", name="統合課")
    merge_departments(departments=[unit("A"), unit("B")], into=facts, on=ON, by=None)

    assert cover(BEFORE) == (["A", "B"], ["C"])
    assert cover(ON) == (["AB"], ["C"])
    assert progress(ON, DEFAULT_RULE, None).leaders.sitting == 2


def test_the_leader_of_a_split_department_covers_the_heir_and_no_other(town):
    old = DepartmentFacts.of(unit("A"))
    parts = [replace(old, code="A1", name="甲課"), replace(old, code="A2", name="乙課")]
    split_department(department=unit("A"), parts=parts, heir=1, part_of={}, on=ON, by=None)

    assert cover(ON) == (["A2", "B"], ["A1", "C"])


def test_a_term_of_a_successor_that_began_before_it_counts_for_what_was_there(town):
    new = rename("A", on=ON)
    LeaderTerm.objects.filter(department__code="A").update(department=new)

    assert cover(BEFORE) == (["A", "B"], ["C"])


def test_who_may_be_nominated_for_a_department_that_was_renamed_are_its_people_now(town):
    old = unit("C")
    rename("C", on=date(2026, 10, 1))

    found = candidates(old, CohortFactory(), TODAY, DEFAULT_RULE)

    assert [one.department for one in found] == ["新C課"]


def test_the_round_shows_leaders_and_nominations_beside_the_successor(town, client_of, hr):
    NominationFactory(department=unit("A"), staff__name="見本　推薦")
    rename("A", on=date(2026, 10, 1), code="A2")

    page = client_of(hr).get(reverse("leaders:nomination_list"))

    [state] = [one for one in page.context["states"] if one.department.code == "A2"]
    assert state.department.name == "新A課"
    assert (len(state.leaders), len(state.nominations)) == (1, 1)
    assert "A" not in [one.department.code for one in page.context["states"]]


def test_the_cohort_names_the_department_of_today_and_of_then(town, client_of, hr):
    rename("A", on=date(2026, 10, 1))

    page = client_of(hr).get(reverse("leaders:cohort_detail", args=[1])).content.decode()

    assert "新A課" in page
    assert "（就任時：A課）" in page


def test_the_head_corrects_a_nomination_returned_before_the_change(town, client_of):
    head = account(placed(unit("A"), rank=HeadRankFactory()))
    candidate = placed(unit("A"), rank=RankFactory())
    nomination = NominationFactory(
        department=unit("A"), staff=candidate, status="returned", comment="詳しく"
    )
    rename("A", on=date(2026, 10, 1), code="A2")
    client = client_of(head)
    url = reverse("leaders:nomination_edit", args=[nomination.pk])

    assert "新A課" in client.get(url).content.decode()
    client.post(
        url, {"staff": candidate.pk, "reason": "よく調べたため。", "has_consent": "on", "seen": 1}
    )

    nomination.refresh_from_db()
    assert nomination.status == "submitted"


# --- What a head sees ---------------------------------------------------------------------------


def test_a_head_sees_the_past_of_the_departments_that_became_theirs(town):
    user = account(placed(unit("A"), rank=HeadRankFactory()))
    facts = replace(DepartmentFacts.of(unit("A")), code="AB", name="統合課")
    merge_departments(departments=[unit("A"), unit("B")], into=facts, on=date(2026, 10, 1), by=None)
    scope = access_of(user, TODAY).figure_units

    def told(on):
        return [
            (row.unit.code, row.counts.population)
            for row in progress(on, DEFAULT_RULE, scope).units
        ]

    assert told(TODAY) == [("AB", 3)]
    assert told(date(2026, 9, 30)) == [("A", 2), ("B", 1)]
    assert progress(TODAY, DEFAULT_RULE, scope).leaders.sitting == 2
    assert people_behind("leaders", TODAY, DEFAULT_RULE, scope).count() == 2


def test_the_people_behind_a_past_figure_are_found_by_the_unit_of_then_and_of_now(
    town, client_of, hr
):
    CompletionFactory(staff=unit("C").assignments.get().staff)
    old = unit("C").pk
    rename("C", on=date(2026, 10, 1), code="A9")
    url = reverse("reports:people_list", args=["population"])

    def found(query):
        return client_of(hr).get(f"{url}?{query}")

    assert found(f"unit={old}&as_of=2026-09-30").context["page"].paginator.count == 1
    assert found(f"unit={old}").context["page"].paginator.count == 1
    assert found(f"unit={unit('A9').pk}").context["page"].paginator.count == 1
    assert found("unit=nowhere").status_code == 404


def test_a_person_in_a_part_before_there_was_one_is_counted_for_what_it_came_out_of(town):
    old = DepartmentFacts.of(unit("A"))
    parts = [replace(old, code="A1", name="甲課"), replace(old, code="A2", name="乙課")]
    _, second = split_department(
        department=unit("A"), parts=parts, heir=0, part_of={}, on=ON, by=None
    )
    placed(second)  # since long ago: a mistake that must not break the head's page

    [row] = progress(BEFORE, DEFAULT_RULE, frozenset([second.pk])).units

    assert (row.unit, row.counts.population) == (second, 1)
