"""What the preview of a roster learns of leaders and nominations."""

from datetime import date

import pytest

from agano_dx.lib.fiscal import FiscalYear
from leaders.departures import lost_leaders
from leaders.slots import leader_contradictions, specialist_designations
from staff.models import ChangeKind
from staff.slots import PlannedChange, contradictions, planned_changes, roster_questions
from tests.factories import (
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
    RankFactory,
    RosterChangeFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)
EVE = date(2026, 3, 31)


@pytest.fixture
def section():
    return DepartmentFactory(name="見本課")


def change(member, kind, **values):
    return PlannedChange(member.pk, member.number, kind, APRIL, **values)


def leaving(member, on=EVE):
    return change(member, ChangeKind.LEFT, left_on=on)


def moving(member, department):
    return change(member, ChangeKind.MOVED, department_id=department.pk)


def rising(member, rank):
    return change(member, ChangeKind.RANK_CHANGED, rank_id=rank.pk)


def going_on_leave(member, duty="childcare"):
    return change(member, ChangeKind.DUTY_CHANGED, duty=duty)


def told(*changes):
    return [one.message for one in leader_contradictions(changes, APRIL)]


def test_a_leader_who_leaves_is_told_with_the_day_and_what_follows(section):
    term = LeaderTermFactory(department=section)

    (found,) = leader_contradictions([leaving(term.staff)], APRIL)

    assert (found.number, found.kind) == (term.staff.number, ChangeKind.LEFT)
    assert found.message == (
        "第1期の推進リーダー（見本課）が令和8年3月31日に退職するため、反映するとその翌日から"
        "リーダーとして数えなくなり、後任の推薦が必要です。"
    )


def test_a_leader_who_moves_to_another_unit_is_for_decision(section):
    term = LeaderTermFactory(department=section)

    (sentence,) = told(moving(term.staff, DepartmentFactory(name="別の課")))

    assert sentence == (
        "第1期の推進リーダー（見本課）が令和8年4月1日に別の課へ異動するため、反映しても任期は"
        "残りますが、続けるか後任を推薦するかを反映の後に決めてください。"
    )


def test_a_leader_who_moves_within_the_reporting_unit_stays_one_without_a_word(section):
    office = DepartmentFactory(parent=section, gives_leader=False)
    below = DepartmentFactory(parent=office, gives_leader=False)
    of_office = LeaderTermFactory(department=office)
    of_section = LeaderTermFactory(department=section)

    assert told(moving(of_office.staff, section), moving(of_section.staff, below)) == []


def test_a_leader_who_rises_out_of_the_eligible_ranks_stays_with_a_warning(section):
    term = LeaderTermFactory(department=section)

    (sentence,) = told(rising(term.staff, RankFactory(name="課長", is_leader_eligible=False)))

    assert sentence == (
        "第1期の推進リーダー（見本課）が令和8年4月1日に推薦の対象でない職名（課長）になるため、"
        "反映しても任期は終わらず、リーダーのまま続きます。"
    )


def test_a_leader_whose_new_rank_is_eligible_is_not_mentioned():
    assert told(rising(LeaderTermFactory().staff, RankFactory())) == []


@pytest.mark.parametrize(
    ("duty", "word"), [("childcare", "育休"), ("leave", "休職"), ("seconded", "派遣")]
)
def test_a_leader_who_goes_on_leave_is_told(duty, word):
    (sentence,) = told(going_on_leave(LeaderTermFactory().staff, duty))

    assert f"令和8年4月1日から{word}になるため、反映してもリーダーのまま数えますが" in sentence


def test_a_leader_who_comes_back_is_not_mentioned():
    assert told(going_on_leave(LeaderTermFactory().staff, "active")) == []


@pytest.mark.parametrize("kind", [ChangeKind.RENAMED, ChangeKind.POST_ADDED, ChangeKind.HIRED])
def test_other_changes_run_into_nothing(kind, section):
    term = LeaderTermFactory(department=section)

    assert told(change(term.staff, kind, department_id=DepartmentFactory().pk)) == []


def test_a_leader_to_come_counts_as_one():
    term = LeaderTermFactory(
        cohort__number=2,
        cohort__first_year=FiscalYear(2027),
        cohort__last_year=FiscalYear(2028),
        starts_on=date(2027, 4, 1),
    )

    assert len(told(leaving(term.staff))) == 1


@pytest.mark.parametrize(
    ("ends_on", "is_told"), [(date(2026, 4, 1), True), (EVE, False), (date(2025, 9, 30), False)]
)
def test_a_term_that_has_ended_before_the_day_is_not_mentioned(ends_on, is_told):
    term = LeaderTermFactory(ends_on=ends_on)

    assert bool(told(leaving(term.staff))) is is_told


@pytest.mark.parametrize(
    ("last_day", "is_told"), [(date(2027, 3, 30), True), (date(2027, 3, 31), False)]
)
def test_who_leaves_on_the_cohorts_last_day_has_served_the_whole_term(last_day, is_told):
    term = LeaderTermFactory(ends_on=None)

    assert bool(told(leaving(term.staff, last_day))) is is_told


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
def test_an_open_nomination_of_somebody_who_leaves_is_told(status, section):
    nomination = NominationFactory(status=status, comment="再考", department=section)

    (sentence,) = told(leaving(nomination.staff))

    label = nomination.get_status_display()
    assert sentence == (
        f"第1期の推進リーダーに推薦されている職員（見本課・{label}）が令和8年3月31日に"
        "退職するため、反映するとこの推薦は承認できなくなります。"
    )


@pytest.mark.parametrize("status", ["approved", "withdrawn"])
def test_a_nomination_decided_is_not_mentioned(status):
    assert told(leaving(NominationFactory(status=status).staff)) == []


def test_a_nomination_for_a_cohort_that_is_over_is_not_mentioned():
    nomination = NominationFactory(
        cohort__first_year=FiscalYear(2024), cohort__last_year=FiscalYear(2025)
    )

    assert told(leaving(nomination.staff)) == []


def test_a_nomination_holds_under_the_department_and_not_beside_it(section):
    office = DepartmentFactory(parent=section, gives_leader=False)
    down = NominationFactory(status="submitted", department=section)
    up = NominationFactory(status="submitted", department=office)

    assert told(moving(down.staff, office)) == []
    assert len(told(moving(up.staff, section))) == 1


def test_who_rises_or_goes_on_leave_can_no_longer_be_nominated():
    rising_one, away = NominationFactory(), NominationFactory()

    found = told(
        rising(rising_one.staff, RankFactory(is_leader_eligible=False)), going_on_leave(away.staff)
    )

    assert len(found) == 2


def test_a_department_the_roster_has_yet_to_make_raises_no_question():
    term = LeaderTermFactory()

    assert told(change(term.staff, ChangeKind.MOVED, department_id=None)) == []


def test_two_changes_of_one_person_are_told_one_by_one(section):
    term = LeaderTermFactory(department=section)

    found = leader_contradictions(
        [
            moving(term.staff, DepartmentFactory()),
            rising(term.staff, RankFactory(is_leader_eligible=False)),
        ],
        APRIL,
    )

    assert [one.kind for one in found] == [ChangeKind.MOVED, ChangeKind.RANK_CHANGED]


def test_lost_are_those_who_leave_or_move_even_when_hr_has_ended_their_term_since(section):
    left = LeaderTermFactory(department=section, ends_on=EVE)
    moved = LeaderTermFactory(department=section)
    promoted = LeaderTermFactory(department=section)
    long_over = LeaderTermFactory(department=section, ends_on=date(2025, 9, 30))

    found = lost_leaders(
        [
            leaving(left.staff),
            moving(moved.staff, DepartmentFactory()),
            rising(promoted.staff, RankFactory(is_leader_eligible=False)),
            leaving(long_over.staff),
        ],
        APRIL,
    )

    assert [(one.term, one.is_open) for one in found] == [(left, False), (moved, True)]


def test_the_number_of_people_does_not_matter(section, django_assert_num_queries):
    cohort = CohortFactory()
    members = StaffMemberFactory.create_batch(11)
    for member in members:
        LeaderTermFactory(staff=member, cohort=cohort)
        NominationFactory(staff=member, cohort=cohort)

    for people in (members[:1], members):
        with django_assert_num_queries(4):
            assert len(told(*(leaving(member) for member in people))) == 2 * len(people)


def test_the_slots_of_all_apps_answer_for_the_changes_of_an_import():
    term = LeaderTermFactory()
    stored = RosterChangeFactory(
        staff=term.staff,
        number=term.staff.number,
        kind=ChangeKind.LEFT,
        after={"left_on": "2026-03-31"},
    )
    hired = RosterChangeFactory(kind=ChangeKind.HIRED, roster_import=stored.roster_import)

    found = contradictions(planned_changes([stored, hired]), APRIL)

    assert len(roster_questions) == 2
    assert [one.number for one in found] == [term.staff.number]


def test_stored_changes_are_given_with_the_rows_they_name(section):
    member, rank = StaffMemberFactory(), RankFactory(name="見本係長")
    values = {"staff": member, "number": member.number, "starts_on": APRIL}
    first = RosterChangeFactory(after={"department": section.code, "team": ""}, **values)
    second = RosterChangeFactory(
        roster_import=first.roster_import,
        kind=ChangeKind.RANK_CHANGED,
        after={"rank": rank.name},
        **values,
    )
    third = RosterChangeFactory(
        roster_import=first.roster_import,
        kind=ChangeKind.DUTY_CHANGED,
        after={"duty": "leave"},
        **values,
    )

    assert planned_changes([first, second, third]) == [
        moving(member, section),
        rising(member, rank),
        going_on_leave(member, "leave"),
    ]


# --- designations on a person's page ------------------------------------------------------------


def test_a_persons_page_tells_the_designations_begun_and_no_end_that_is_still_to_come(db):
    member = StaffMemberFactory()
    for starts_on, ends_on in (
        (date(2024, 4, 1), date(2025, 3, 31)),
        (date(2025, 4, 1), date(2026, 9, 30)),
        (date(2026, 10, 1), None),
    ):
        SpecialistDesignationFactory(staff=member, starts_on=starts_on, ends_on=ends_on)

    rows = specialist_designations(member, date(2026, 4, 1)).rows

    assert rows == (
        ("推進室", "令和7年4月1日", "登用中"),
        ("推進室", "令和6年4月1日", "令和7年3月31日"),
    )
