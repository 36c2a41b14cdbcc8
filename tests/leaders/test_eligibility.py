"""Who may be nominated, and the reason why each of the others may not."""

from dataclasses import replace
from datetime import date

import pytest

from agano_dx.lib.fiscal import FiscalYear
from leaders.eligibility import candidates
from staff.models import Duty, Employment
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    CurriculumCourseFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
    RankFactory,
)
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db


def asked(department, cohort=None, on=TODAY, apart_from=None):
    """Each person's reason by number; an empty one means they may be nominated."""
    found = candidates(department, cohort or CohortFactory(), on, DEFAULT_RULE, apart_from)
    return {person.staff.number: person.reason for person in found}


def reason_of(place, **kwargs):
    return asked(place.department, **kwargs)[place.staff.number]


def test_somebody_in_service_with_the_rank_may_be_nominated():
    place = AssignmentFactory()

    (person,) = candidates(place.department, CohortFactory(), TODAY, DEFAULT_RULE)

    assert person.is_eligible
    assert (person.staff, person.rank) == (place.staff, place.rank.name)
    assert (person.department, person.terms) == (place.department.name, ())


def test_the_units_under_the_department_belong_to_it_and_others_do_not():
    section = DepartmentFactory()
    office = DepartmentFactory(parent=section, gives_leader=False)
    below = DepartmentFactory(parent=office, gives_leader=False)
    wanted = {AssignmentFactory(department=unit).staff.number for unit in (section, office, below)}
    AssignmentFactory(department=DepartmentFactory(parent=section.parent))

    assert set(asked(section)) == wanted


def test_people_come_in_the_order_of_ranks():
    section = DepartmentFactory()
    last = AssignmentFactory(department=section, rank__order=2)
    first = AssignmentFactory(department=section, rank__order=1)

    assert list(asked(section)) == [first.staff.number, last.staff.number]


def test_a_rank_without_the_flag_is_named():
    place = AssignmentFactory(rank=RankFactory(name="見本主事", is_leader_eligible=False))

    assert reason_of(place) == "職名（見本主事）が課長補佐から主任までに当たりません。"


@pytest.mark.parametrize(
    ("duty", "words"), [(Duty.CHILDCARE, "育休"), (Duty.LEAVE, "休職"), (Duty.SECONDED, "派遣")]
)
def test_somebody_on_leave_may_not(duty, words):
    place = AssignmentFactory(duty=duty)

    assert reason_of(place) == f"{words}中のため、対象になりません。"


def test_an_employment_that_is_not_counted_may_not():
    place = AssignmentFactory(employment=Employment.FISCAL_YEAR_APPOINTEE)

    assert reason_of(place) == "会計年度任用職員は、対象になりません。"


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
def test_somebody_nominated_in_this_cohort_may_not_again(status):
    place = AssignmentFactory()
    NominationFactory(staff=place.staff, status=status, comment="理由")

    assert reason_of(place) == "この期に推薦済みです。"


def test_a_withdrawn_nomination_stands_in_nobody_s_way():
    place = AssignmentFactory()
    NominationFactory(staff=place.staff, status="withdrawn")

    assert reason_of(place) == ""


def test_the_nomination_being_decided_stands_in_nobody_s_way():
    place = AssignmentFactory()
    nomination = NominationFactory(staff=place.staff, status="submitted")

    assert reason_of(place, apart_from=nomination) == ""


@pytest.mark.parametrize("ends_on", [None, date(2027, 3, 31), TODAY])
def test_a_sitting_leader_of_this_cohort_may_not(ends_on):
    place = AssignmentFactory()
    LeaderTermFactory(staff=place.staff, ends_on=ends_on)

    assert reason_of(place) == "この期のリーダーとして活動中です。"


def test_a_leader_whose_term_ended_before_may_again():
    place = AssignmentFactory()
    LeaderTermFactory(staff=place.staff, ends_on=date(2026, 11, 22))

    assert reason_of(place) == ""


def test_terms_of_earlier_cohorts_are_counted_and_no_hindrance():
    place = AssignmentFactory()
    second = CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))
    LeaderTermFactory(staff=place.staff, cohort=CohortFactory(number=1))
    NominationFactory(staff=place.staff, cohort=CohortFactory(number=1), status="submitted")

    (person,) = candidates(place.department, second, TODAY, DEFAULT_RULE)

    assert person.is_eligible
    assert len(person.terms) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ends_on": None}, "第1期（活動中）"),
        ({"ends_on": TODAY}, "第1期（活動中）"),
        ({"ends_on": TODAY, "completed": True}, "第1期（修了）"),
        ({"ends_on": TODAY, "decided_on": TODAY}, "第1期（未修了）"),
        ({"ends_on": date(2026, 11, 22)}, "第1期（未判定）"),
        ({"ends_on": date(2026, 11, 22), "decided_on": TODAY}, "第1期（未修了）"),
    ],
)
def test_each_term_is_told_with_how_it_stands(given, words):
    place = AssignmentFactory()
    LeaderTermFactory(staff=place.staff, **given)

    (person,) = candidates(place.department, CohortFactory(), TODAY, DEFAULT_RULE)

    assert person.terms == (words,)


def test_an_open_term_of_a_cohort_that_is_over_waits_for_its_verdict():
    place = AssignmentFactory()
    over = CohortFactory(number=9, first_year=FiscalYear(2020), last_year=FiscalYear(2021))
    LeaderTermFactory(staff=place.staff, cohort=over, starts_on=over.starts_on)

    (person,) = candidates(place.department, CohortFactory(), TODAY, DEFAULT_RULE)

    assert person.terms == ("第9期（未判定）",)


def test_a_term_to_come_is_not_told():
    place = AssignmentFactory()
    second = CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))
    LeaderTermFactory(staff=place.staff, cohort=second, starts_on=date(2027, 4, 1))

    (person,) = candidates(place.department, CohortFactory(), TODAY, DEFAULT_RULE)

    assert person.terms == ()


def test_what_a_person_has_completed_is_told_in_the_order_of_the_rule():
    place, other = AssignmentFactory(), AssignmentFactory()
    for category in ("skill", "mind", "executive"):
        CompletionFactory(staff=place.staff, offering__course__category=category)
    AttendanceFactory(staff=place.staff, offering__course__category="knowledge", status="absent")
    CompletionFactory(staff=other.staff, offering__course__category="knowledge")

    (person,) = candidates(place.department, CohortFactory(), TODAY, DEFAULT_RULE)

    assert person.completed == ("DXマインド", "スキル")


def test_a_completion_too_old_for_the_rule_is_not_told():
    place = AssignmentFactory()
    CompletionFactory(staff=place.staff, offering__starts_on=date(2025, 11, 23))
    rule = replace(DEFAULT_RULE, validity_years=1)

    (person,) = candidates(place.department, CohortFactory(), TODAY, rule)
    (before,) = candidates(place.department, CohortFactory(), date(2026, 11, 22), rule)

    assert (person.completed, before.completed) == ((), ("DXマインド",))


def test_the_strands_of_the_leaders_curriculum_are_told():
    place = AssignmentFactory()
    for strand in ("tools", "promotion"):
        course = CurriculumCourseFactory(strand=strand).course
        CompletionFactory(staff=place.staff, offering__course=course)
    CurriculumCourseFactory(strand="bpr")

    (person,) = candidates(place.department, CohortFactory(), TODAY, DEFAULT_RULE)

    assert person.learned == ("DX推進スキル", "導入ツール")


def test_whoever_asks_does_not_name_themself():
    place = AssignmentFactory()

    (person,) = candidates(
        place.department, CohortFactory(), TODAY, DEFAULT_RULE, asker=place.staff_id
    )

    assert person.reason.startswith("自分を推薦することはできません。")


@pytest.mark.parametrize(
    ("left_on", "there"), [(date(2026, 11, 22), False), (TODAY, True), (date(2027, 3, 31), True)]
)
def test_somebody_is_there_up_to_the_last_day_of_service(left_on, there):
    place = AssignmentFactory(staff__left_on=left_on)

    assert (place.staff.number in asked(place.department)) == there


def test_somebody_who_moves_is_where_they_stand_on_the_day():
    place = AssignmentFactory()
    new = AssignmentFactory(staff=place.staff, starts_on=TODAY)

    assert asked(place.department) == {}
    assert asked(new.department) == {place.staff.number: ""}
    assert asked(place.department, on=date(2026, 11, 22)) == {place.staff.number: ""}


def test_it_takes_the_same_queries_for_1_and_11_people(
    django_assert_num_queries, django_assert_max_num_queries
):
    section, cohort = DepartmentFactory(), CohortFactory()
    AssignmentFactory(department=section)
    with django_assert_max_num_queries(8) as counted:
        candidates(section, cohort, TODAY, DEFAULT_RULE)
    for place in AssignmentFactory.create_batch(10, department=section):
        LeaderTermFactory(staff=place.staff)

    with django_assert_num_queries(len(counted)):
        found = candidates(section, cohort, TODAY, DEFAULT_RULE)

    assert len(found) == 11
