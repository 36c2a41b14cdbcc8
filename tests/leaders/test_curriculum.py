"""The leaders' curriculum: what counts as done, what is booked, on which day."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leaders.curriculum import curriculum_of, day_of, own_curriculum
from leaders.models import CurriculumCourse, LeaderTerm, Strand
from leaders.services.curriculum import OtherStrandError, add_course, remove_course
from staff.access import HR
from tests.conftest import TODAY, account
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    CourseFactory,
    CurriculumCourseFactory,
    LeaderTermFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.roster_makers import says_what_to_do
from tests.together import together
from training.models import Category

HELD, AHEAD = date(2026, 6, 1), date(2026, 12, 10)


@pytest.fixture
def bpr(db):
    return CurriculumCourseFactory(strand=Strand.BPR).course


@pytest.fixture
def term(db):
    return LeaderTermFactory()


def completed(staff, course, day):
    offering = OfferingFactory(course=course, starts_on=day)
    return CompletionFactory(
        staff=staff, offering=offering, category=course.category, completed_on=day
    )


def booked(staff, course, day, **facts):
    offering = OfferingFactory(course=course, starts_on=day, **facts.pop("offering", {}))
    return AttendanceFactory(staff=staff, offering=offering, category=course.category, **facts)


def state(term, on=TODAY, strand=Strand.BPR):
    [row] = curriculum_of([term], on).rows
    return {one.strand: one.words for one in row.strands}[strand]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 5, 31), "未受講"),
        (date(2026, 6, 1), "令和8年6月1日 修了"),
        (date(2026, 6, 2), "令和8年6月1日 修了"),
    ],
)
def test_a_strand_is_done_from_the_day_of_a_completion_on(term, bpr, on, words):
    completed(term.staff, bpr, HELD)

    assert state(term, on) == words


@pytest.mark.django_db
def test_the_first_completion_in_any_course_of_the_strand_counts(term, bpr):
    other = CurriculumCourseFactory(strand=Strand.BPR).course
    completed(term.staff, bpr, date(2026, 7, 1))
    completed(term.staff, other, date(2024, 7, 1))

    assert state(term) == "令和6年7月1日 修了"


@pytest.mark.django_db
def test_a_course_of_another_strand_or_of_none_counts_nothing(term, bpr):
    completed(term.staff, CourseFactory(category=Category.LEADER_ACTIVITY), HELD)
    completed(term.staff, CurriculumCourseFactory(strand=Strand.TOOLS).course, HELD)

    assert state(term) == "未受講"
    assert state(term, strand=Strand.TOOLS) == "令和8年6月1日 修了"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "令和8年12月10日 受講予定"),
        ({"status": "waiting", "waiting_since": timezone.now()}, "令和8年12月10日 空き待ち"),
        ({"status": "cancelled"}, "未受講"),
        ({"status": "notified", "absence_reason": "duty"}, "未受講"),
        ({"offering": {"cancelled_at": timezone.now()}}, "未受講"),
    ],
)
def test_what_is_booked_is_shown_until_it_is_done(term, bpr, facts, words):
    booked(term.staff, bpr, AHEAD, **facts)

    assert state(term) == words


@pytest.mark.django_db
def test_the_next_booking_is_shown_and_none_that_is_over(term, bpr):
    booked(term.staff, bpr, date(2026, 11, 22))
    booked(term.staff, bpr, date(2027, 1, 15))
    booked(term.staff, bpr, AHEAD)

    assert state(term) == "令和8年12月10日 受講予定"


@pytest.mark.django_db
def test_a_completion_goes_before_a_booking(term, bpr):
    booked(term.staff, bpr, AHEAD)
    completed(term.staff, bpr, HELD)

    assert state(term) == "令和8年6月1日 修了"


@pytest.mark.django_db
def test_absence_completes_nothing(term, bpr):
    booked(term.staff, bpr, HELD, status="absent")

    assert state(term) == "未受講"


@pytest.mark.django_db
def test_the_totals_count_leaders_not_completions(bpr):
    terms = LeaderTermFactory.create_batch(3)
    completed(terms[0].staff, bpr, HELD)
    completed(terms[0].staff, bpr, date(2026, 7, 1))

    found = curriculum_of(terms, TODAY)

    assert [(one.strand, one.done, one.leaders) for one in found.totals] == [
        (Strand.PROMOTION, 0, 3),
        (Strand.BPR, 1, 3),
        (Strand.TOOLS, 0, 3),
    ]
    assert [row.done for row in found.rows] == [1, 0, 0]


@pytest.mark.django_db
def test_ones_own_curriculum_says_the_same(term, bpr):
    completed(term.staff, bpr, HELD)

    own = own_curriculum(term.staff_id, TODAY)

    assert own == curriculum_of([term], TODAY).rows[0].strands


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 11])
def test_it_takes_three_queries_for_one_leader_as_for_eleven(bpr, count):
    terms = list(LeaderTermFactory.create_batch(count))
    for term in terms:
        completed(term.staff, bpr, HELD)

    with CaptureQueriesContext(connection) as captured:
        found = curriculum_of(terms, TODAY)
        assert all(one.words for row in found.rows for one in row.strands)

    assert len(captured) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (date(2025, 3, 31), date(2025, 4, 1)),
        (TODAY, TODAY),
        (date(2027, 4, 1), date(2027, 3, 31)),
    ],
)
def test_a_cohort_is_looked_at_within_its_two_years(asked, shown):
    assert day_of(CohortFactory(), asked) == shown


# --- Which courses belong to it -----------------------------------------------------------------


@pytest.mark.django_db
def test_a_course_is_added_once_and_taken_out_once(hr):
    course = CourseFactory()

    added = [add_course(course=course, strand=Strand.BPR, by=hr) for _ in range(2)]
    entry = CurriculumCourse.objects.get()
    removed = [remove_course(pk=entry.pk, by=hr) for _ in range(2)]

    assert (added, removed) == ([True, False], [True, False])
    assert not CurriculumCourse.objects.exists()
    trail = LogEntry.objects.get_for_object(entry)
    assert {one.action for one in trail} == {LogEntry.Action.CREATE, LogEntry.Action.DELETE}
    assert {one.actor for one in trail} == {hr}


@pytest.mark.django_db
def test_a_course_of_another_strand_is_not_moved_unseen(hr, bpr):
    with pytest.raises(OtherStrandError, match="「BPR手法」に入っています") as refused:
        add_course(course=bpr, strand=Strand.TOOLS, by=hr)

    assert says_what_to_do(str(refused.value))
    assert CurriculumCourse.objects.get().strand == Strand.BPR


@pytest.mark.django_db
def test_taking_a_course_out_leaves_the_records(hr, term, bpr):
    place = completed(term.staff, bpr, HELD)

    remove_course(pk=CurriculumCourse.objects.get().pk, by=hr)

    assert state(term) == "未受講"
    place.refresh_from_db()
    assert place.completed_on == HELD


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_add_one_course_at_once_add_it_once():
    course = CourseFactory()
    clerks = [account(StaffMemberFactory(), HR) for _ in range(2)]

    answers = together(
        [lambda by=by: add_course(course=course, strand=Strand.BPR, by=by) for by in clerks]
    )

    assert sorted(answers) == [False, True]
    assert CurriculumCourse.objects.count() == 1
    assert not LeaderTerm.objects.exists()
