"""Two sides compared: every difference is explained to the last person, and by its true reason."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import LeaderTerm, SpecialistDesignation
from reports.comparison import FIGURES, Reason, compare, frozen_side, known_side, tally
from reports.comparison.words import what_changed
from reports.kept_figures import figures_of
from reports.progress import Progress, progress
from reports.services.freezing import freeze
from reports.snapshots import frozen_standings
from staff.models import Assignment, StaffMember
from tests import worlds
from tests.conftest import TODAY, placed
from tests.factories import AssignmentFactory, StaffMemberFactory
from tests.reports.cities import make_targets, scope_of
from training.models import DEFAULT_RULE, Attendance, CountingRule

pytestmark = pytest.mark.django_db

R7 = FiscalYear(2025)
END = date(2026, 3, 31)
heads = st.one_of(st.none(), st.frozensets(st.integers(0, 5), min_size=1, max_size=2))
lives = st.lists(st.tuples(worlds.person(), worlds.person()), max_size=6)


@pytest.fixture
def ground(hr):
    make_targets()
    return worlds.make_ground()


def rewrite(ground, members, people) -> None:
    """As though all that was recorded of them had been put right."""
    for model in (Assignment, Attendance, LeaderTerm, SpecialistDesignation):
        model.objects.filter(staff__in=members).delete()
    for member, one in zip(members, people, strict=True):
        StaffMember.objects.filter(pk=member.pk).update(hired_on=one.hired_on, left_on=one.left_on)
    worlds.furnish(ground, members, people)


def said(figures: Progress) -> dict[str, int]:
    """The figures of a day as SQL counts them, by the names of a comparison."""
    total = figures.total
    return {
        "population": total.population,
        "capable": total.capable,
        "mind": total.mind,
        "knowledge": total.knowledge,
        "skill": total.skill,
        "executives": figures.executives.population,
        "executives_completed": figures.executives.completed_this_year,
        "sitting": figures.leaders.sitting,
        "completed_terms": figures.leaders.completed_person_terms,
        "finished_people": figures.leaders.people,
        "specialists": sum(band.count for band in figures.specialists),
        "excluded_employment": figures.excluded.employment,
        "excluded_duty": figures.excluded.duty,
    }


def assert_explained(told) -> None:
    """The lines add up to the difference of every figure, the rule's part told apart."""
    for change in told.figures:
        of_rule = [line for line in told.lines if line.reason == Reason.RULE]
        total = sum(line.figures.get(change.key, 0) for line in told.lines)
        assert total == change.difference
        assert sum(line.figures.get(change.key, 0) for line in of_rule) == change.by_rule
        assert change.by_facts + change.by_rule == change.difference


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    pairs=lives,
    on=worlds.days,
    rules=st.tuples(worlds.rules, worlds.rules),
    heads=heads,
)
def test_the_lines_add_up_to_the_difference_of_every_figure(ground, hr, pairs, on, rules, heads):
    with transaction.atomic():
        members = worlds.put_down(ground, [was for was, _ in pairs])
        CountingRule.objects.create(
            in_force_from=date(2025, 4, 1),
            counted_employments=rules[0].counted_employments,
            excluded_duties=rules[0].excluded_duties,
            required_categories=rules[0].required_categories,
            validity_years=rules[0].validity_years,
        )
        scope = scope_of(ground, heads)
        frozen = said(progress(END, rules[0], scope))
        snapshot = freeze(year=R7, by=hr, today=TODAY)
        written, members_say = (
            figures_of(snapshot, None),
            tally(frozen_standings(snapshot), rules[0], None),
        )
        rewrite(ground, members, [now for _, now in pairs])
        known = said(progress(END, rules[0], scope))
        other = said(progress(on, rules[1], scope))

        same_day = compare(known_side(END, rules[0]), frozen_side(snapshot), scope)
        other_day = compare(frozen_side(snapshot), known_side(on, rules[1]), scope)

        transaction.set_rollback(True)
    assert written == members_say
    is_earlier = on < END
    assert {one.key: one.first for one in same_day.figures} == frozen
    assert {one.key: one.second for one in same_day.figures} == known
    assert {one.key: one.second for one in other_day.figures} == (frozen if is_earlier else other)
    assert {one.key: one.first for one in other_day.figures} == (other if is_earlier else frozen)
    assert_explained(same_day)
    assert_explained(other_day)
    happened = {Reason.HIRED, Reason.LEFT, Reason.COMPLETED, Reason.NEW_YEAR, Reason.EXPIRED}
    assert not happened & {line.reason for line in same_day.lines}


def test_a_comparison_asks_a_constant_number_of_queries(ground, hr):
    one = worlds.Person(
        date(2025, 3, 31),
        None,
        (worlds.Place(date(2025, 3, 31), 1, 1, "regular", "active"),),
        (worlds.Mark("mind", date(2026, 4, 1), "present"),),
        (),
        (),
    )
    snapshot = freeze(year=R7, by=hr, today=TODAY)
    worlds.put_down(ground, [one])
    with CaptureQueriesContext(connection) as few:
        compare(frozen_side(snapshot), known_side(TODAY), None)
    StaffMember.objects.filter(number="000000").update(number="x")
    worlds.put_down(ground, [one] * 9)

    with CaptureQueriesContext(connection) as many:
        told = compare(frozen_side(snapshot), known_side(TODAY), None)

    assert told.of("population").difference == 10
    assert told.of("mind").difference == 10
    assert len(few) == len(many) <= 16


def test_two_corrections_of_one_person_are_both_told(section, other_section, hr):
    member = placed(section, starts_on=date(2025, 4, 1))
    snapshot = freeze(year=R7, by=hr, today=TODAY)
    place = member.assignments.get()
    place.department, place.employment = other_section, "fixed_term"
    place.save()

    told = compare(frozen_side(snapshot), known_side(END), None)

    changed = [set(line.change_of_place) for line in told.lines]
    assert changed == [{"employment"}, {"department_id"}]
    assert all(not line.figures for line in told.lines)


def test_what_was_corrected_after_both_years_were_frozen_is_no_difference(
    section, other_section, hr
):
    member = placed(section, starts_on=date(2025, 4, 1))
    later = date(2027, 4, 2)
    r7, r8 = (freeze(year=FiscalYear(year), by=hr, today=later) for year in (2025, 2026))
    member.assignments.update(department=other_section, duty="childcare")

    told = compare(frozen_side(r7), frozen_side(r8), None)

    assert told.lines == ()


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ("own", "own", Reason.LEFT),
        ("own", "other", Reason.MOVED),
    ],
)
def test_who_left_from_another_unit_only_went_there_for_this_one(
    section, other_section, first, last, reason
):
    units = {"own": section, "other": other_section}
    member = placed(units[first], starts_on=date(2025, 4, 1))
    rank = member.assignments.get().rank
    AssignmentFactory(staff=member, department=units[last], rank=rank, starts_on=date(2026, 6, 1))
    StaffMember.objects.filter(pk=member.pk).update(left_on=date(2026, 9, 30))

    told = compare(known_side(END), known_side(TODAY), frozenset({section.pk}))

    [line] = told.lines
    assert line.reason == reason
    words = what_changed(line, {section.pk: "見本課"})[0]
    assert ("退職" in words) == (reason == Reason.LEFT)


def test_who_was_hired_into_another_unit_only_came_from_there(section, other_section):
    member = placed(
        other_section,
        staff=StaffMemberFactory(hired_on=date(2026, 4, 1)),
        starts_on=date(2026, 4, 1),
    )
    rank = member.assignments.get().rank
    AssignmentFactory(staff=member, department=section, rank=rank, starts_on=date(2026, 6, 1))

    told = compare(known_side(END), known_side(TODAY), frozenset({section.pk}))

    assert [what_changed(line, {section.pk: "見本課"}) for line in told.lines] == [
        ["ほかの部署 → 見本課"]
    ]


def test_every_figure_has_its_words():
    assert set(FIGURES) == set(said(progress(TODAY, DEFAULT_RULE, None)))
