"""Home tells heads of rounds that wait for them, and HR of departments silent near the end."""

from datetime import date

import pytest
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from reports.round_tasks import cohorts_to_close, rounds_left_open, rounds_to_fill
from staff.access import Access, access_of
from tests.conftest import TODAY, account, placed
from tests.factories import (
    CohortFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    LeaderTermFactory,
    NominationFactory,
)

pytestmark = pytest.mark.django_db

HR = Access(is_hr=True)
OPENED = "第2期の推進リーダーの推薦を受け付けています"


@pytest.fixture
def coming():
    """The next cohort, whose round is open until the end of November."""
    return CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))


def told(access, on=TODAY):
    return [(task.title, task.body) for task in rounds_to_fill(access, on)]


@pytest.mark.parametrize(
    ("on", "is_told"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
    ],
)
def test_a_head_is_told_of_the_open_round_with_the_departments_that_owe_something(
    head, section, coming, on, is_told
):
    LeaderTermFactory(department=section, cohort=CohortFactory(number=1))

    found = told(access_of(head, TODAY), on)

    words = "締切は令和8年11月30日です。まだ提出していない部署：見本課"
    assert found == ([(OPENED, words)] if is_told else [])


@pytest.mark.parametrize(
    ("status", "is_told"), [("draft", True), ("submitted", False), ("approved", True)]
)
def test_a_department_that_handed_in_is_not_named_until_it_has_to_begin_again(
    head, section, coming, status, is_told
):
    NominationFactory(cohort=coming, department=section, status=status)

    assert bool(told(access_of(head, TODAY))) == is_told


def test_of_two_departments_only_the_silent_one_is_named(head, section, other_section, coming):
    ConcurrentPostFactory(staff=head.staff, department=other_section)
    LeaderTermFactory(department=section, cohort=coming, starts_on=date(2027, 4, 1))

    ((_, body),) = told(access_of(head, TODAY))

    assert body.endswith("まだ提出していない部署：別の課")


def test_a_deputy_is_told_of_the_department_they_are_named_for(section, other_section, coming):
    deputy = account(placed(section))
    HeadDeputyFactory(department=section, staff=deputy.staff)

    ((title, body),) = told(access_of(deputy, TODAY))

    assert title == OPENED
    assert "見本課" in body
    assert "別の課" not in body


@pytest.mark.parametrize(
    ("on", "is_told"),
    [
        # 23 November is a public holiday, the 21st a Saturday: five working days before Monday.
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
    ],
)
def test_hr_learns_of_silent_departments_five_working_days_before_the_end(coming, on, is_told):
    for name in ("甲課", "乙課", "丙課", "丁課"):
        DepartmentFactory(name=name)

    found = told(HR, on)

    words = "締切は令和8年11月30日です。甲課、乙課、丙課、ほか1部署"
    title = "第2期の推薦の締切が近く、未提出の部署が4部署あります"
    assert found == ([(title, words)] if is_told else [])


def test_hr_learns_nothing_once_all_have_handed_in_or_the_round_is_closed(coming):
    unit = DepartmentFactory()
    before = told(HR)
    NominationFactory(cohort=coming, department=unit, status="submitted")
    handed_in = told(HR)
    DepartmentFactory()
    coming.nominations_closed_at = timezone.now()
    coming.save()

    assert (len(before), handed_in, told(HR)) == (1, [], [])


def test_the_queries_do_not_grow_with_departments(coming, django_assert_num_queries):
    DepartmentFactory.create_batch(11)

    with django_assert_num_queries(5):
        told(HR)


# --- After the last day ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "is_told"),
    [
        (date(2026, 11, 30), False),
        (date(2026, 12, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_hr_and_the_head_are_told_of_a_department_still_missing_until_the_cohort_runs(
    head, section, coming, on, is_told
):
    to_hr, to_head = (
        [task.body for task in rounds_left_open(access, on)]
        for access in (HR, access_of(head, TODAY))
    )

    words = "締切は令和8年11月30日でした。見本課"
    assert to_hr == ([words] if is_told else [])
    assert to_head == ([f"{words}。人事担当に相談してください。"] if is_told else [])


def test_nobody_is_told_of_a_round_in_which_all_have_handed_in(section, coming):
    NominationFactory(cohort=coming, department=section, status="submitted")

    assert list(rounds_left_open(HR, date(2026, 12, 1))) == []


@pytest.mark.parametrize(("on", "is_told"), [(date(2027, 3, 30), False), (date(2027, 3, 31), True)])
def test_hr_is_told_to_close_a_cohort_from_its_last_day_on(on, is_told):
    cohort = CohortFactory(number=1)
    LeaderTermFactory(cohort=cohort)
    LeaderTermFactory(cohort=cohort, ends_on=date(2026, 9, 30), completed=True, decided_on=TODAY)

    found = [(task.title, task.body) for task in cohorts_to_close(on)]

    words = "修了か未修了かを決めていない任期が1件あります。"
    assert found == ([("第1期の終了処理がまだです", words)] if is_told else [])


def test_a_closed_cohort_is_not_to_be_closed_again():
    LeaderTermFactory(cohort=CohortFactory(number=1, closed_at=timezone.now()))

    assert list(cohorts_to_close(date(2027, 4, 1))) == []
