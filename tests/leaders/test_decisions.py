"""HR decides: one term comes of an approval, or the head reads why not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import LeaderTerm, Nomination
from leaders.services.decisions import (
    Chosen,
    NominationChangedError,
    NotEntitledError,
    NotWaitingError,
    OwnNominationError,
    SeatTakenError,
    StartDayError,
    approve_nomination,
    approve_several,
    first_start,
    return_nomination,
)
from leaders.services.nominations import NotEligibleError
from leaders.services.rounds import CohortOverError
from staff.models import Department, Duty
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
    RankFactory,
    StaffMemberFactory,
    UserFactory,
)
from training.models import DEFAULT_RULE, FrozenYear

BEGINS, ENDS = date(2025, 4, 1), date(2027, 3, 31)  # CohortFactory's two years


def handed_in(place, **kwargs):
    """The place's holder is nominated by the department's head."""
    return NominationFactory(
        staff=place.staff,
        department=place.department,
        status="submitted",
        submitted_by=UserFactory(),
        submitted_at=timezone.now(),
        **kwargs,
    )


def approve(nomination, by, **kwargs):
    given = {"seen": nomination.version, "starts_on": TODAY, "today": TODAY, "at": timezone.now()}
    return approve_nomination(nomination=nomination, by=by, rule=DEFAULT_RULE, **given | kwargs)


def send_back(nomination, by, **kwargs):
    given = {"seen": nomination.version, "comment": "理由を詳しく。", "today": TODAY}
    return return_nomination(nomination=nomination, by=by, at=timezone.now(), **given | kwargs)


@pytest.fixture
def place(db):
    """A person who may be nominated."""
    return AssignmentFactory()


@pytest.fixture
def submitted(place):
    return handed_in(place)


@pytest.fixture
def hr(db):
    return account(StaffMemberFactory(name="見本　人事"), "hr")


def untouched(nomination):
    """Whether the nomination still waits and nothing was written."""
    now = Nomination.objects.get(pk=nomination.pk)
    return (now.status, now.version) == ("submitted", nomination.version) and not (
        LeaderTerm.objects.filter(nomination=now).exists() or now.events.exists()
    )


# --- approving ----------------------------------------------------------------------------------


def test_an_approval_makes_the_term_and_is_one_step_of_the_history(submitted, hr):
    term = approve(submitted, hr)

    submitted.refresh_from_db()
    assert (submitted.status, submitted.version) == ("approved", 2)
    assert term == LeaderTerm.objects.get() == submitted.term
    assert (term.cohort, term.staff) == (submitted.cohort, submitted.staff)
    assert (term.department, term.starts_on) == (submitted.department, TODAY)
    assert (term.ends_on, term.completed) == (None, False)
    (event,) = submitted.events.all()
    assert (event.act, event.by) == ("approved", hr)
    assert LogEntry.objects.get_for_object(term).count() == 1


@pytest.mark.parametrize(
    ("today", "offered"),
    [
        (date(2027, 3, 31), date(2027, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
        (date(2027, 4, 2), date(2027, 4, 2)),
    ],
)
def test_the_day_offered_is_the_cohorts_first_or_today_if_that_is_later(submitted, today, offered):
    submitted.cohort = CohortFactory(
        number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028)
    )

    assert first_start(submitted, today) == offered


def test_the_day_offered_to_a_successor_is_the_one_after_the_predecessors_last(submitted):
    submitted.replaces = LeaderTermFactory(ends_on=date(2026, 12, 31))

    assert first_start(submitted, TODAY) == date(2027, 1, 1)


@pytest.mark.parametrize("day", [BEGINS, TODAY, ENDS])
def test_a_term_may_begin_on_any_day_of_the_cohort(submitted, hr, day):
    assert approve(submitted, hr, starts_on=day).starts_on == day


@pytest.mark.parametrize("day", [BEGINS - timedelta(days=1), ENDS + timedelta(days=1)])
def test_a_term_beginning_outside_the_cohort_is_refused(submitted, hr, day):
    with pytest.raises(StartDayError, match="令和7年4月1日～令和9年3月31日"):
        approve(submitted, hr, starts_on=day)

    assert untouched(submitted)


def test_the_term_is_of_the_department_in_force_on_its_first_day(submitted, hr):
    new = DepartmentFactory(opens_on=date(2026, 12, 1))
    Department.objects.filter(pk=submitted.department_id).update(
        closes_on=date(2026, 11, 30), successor=new
    )
    AssignmentFactory(staff=submitted.staff, department=new, starts_on=date(2026, 12, 1))

    term = approve(submitted, hr, starts_on=date(2026, 12, 1))

    assert term.department == new


@pytest.mark.parametrize("act", [approve, send_back])
@pytest.mark.parametrize(
    ("first", "words"),
    [
        (approve, "この推薦は、見本　人事さんが令和8年11月23日 12:00に承認しました。"),
        (send_back, "この推薦は、見本　人事さんが令和8年11月23日 12:00に差し戻しました。"),
    ],
)
def test_the_second_clerk_is_told_who_decided_and_when(submitted, hr, first, act, words):
    first(submitted, hr)

    with pytest.raises(NotWaitingError, match=words):
        act(submitted, account(StaffMemberFactory(), "hr"))

    assert Nomination.objects.get().events.count() == 1


@pytest.mark.parametrize("act", [approve, send_back])
@pytest.mark.parametrize("status", ["draft", "returned", "withdrawn", "approved"])
def test_only_what_was_handed_in_can_be_decided(submitted, hr, act, status):
    Nomination.objects.update(status=status, comment="理由")

    with pytest.raises(NotWaitingError, match="この推薦は提出されていません。"):
        act(submitted, hr)

    assert Nomination.objects.get().status == status
    assert not LeaderTerm.objects.exists()


@pytest.mark.parametrize("act", [approve, send_back])
def test_words_written_after_the_page_was_opened_are_not_decided_about(submitted, hr, act):
    Nomination.objects.update(reason="別の理由。", version=2)

    with pytest.raises(NominationChangedError, match="今の内容を読んでから決めてください。"):
        act(submitted, hr)

    assert Nomination.objects.get().status == "submitted"
    assert not LeaderTerm.objects.exists()


def test_a_cohort_that_is_over_or_closed_takes_no_leader(submitted, hr):
    with pytest.raises(CohortOverError):
        approve(submitted, hr, today=ENDS + timedelta(days=1), starts_on=ENDS)
    submitted.cohort.closed_at = timezone.now()
    submitted.cohort.save()
    with pytest.raises(CohortOverError, match="第1期は終わっているため"):
        approve(submitted, hr)

    assert untouched(submitted)


# --- a successor --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [
        (None, "先に前任者の任期を終えてください。"),
        (TODAY, "前任者の任期が令和8年11月23日まであります。"),
    ],
)
def test_a_successor_does_not_sit_beside_the_predecessor(submitted, hr, ends_on, words):
    submitted.replaces = LeaderTermFactory(department=submitted.department, ends_on=ends_on)
    submitted.save()

    with pytest.raises(StartDayError, match=words):
        approve(submitted, hr)

    assert untouched(submitted)


def test_a_successor_follows_on_the_day_after(submitted, hr):
    before = LeaderTermFactory(
        department=submitted.department, ends_on=TODAY - timedelta(days=1), end_reason="moved"
    )
    submitted.replaces = before
    submitted.save()

    approve(submitted, hr)

    assert list(LeaderTerm.objects.sitting(TODAY)) == [Nomination.objects.get().term]
    assert list(LeaderTerm.objects.sitting(TODAY - timedelta(days=1))) == [before]


# --- who may decide -----------------------------------------------------------------------------


@pytest.mark.parametrize("act", [approve, send_back])
@pytest.mark.parametrize("whose", ["own", "handed_in", "handed_in_before", "of_own_unit"])
def test_nobody_decides_about_themself_or_what_they_entered_or_their_own_unit(
    submitted, hr, act, whose
):
    if whose == "own":
        submitted.staff = hr.staff
        submitted.save()
    elif whose == "handed_in":
        Nomination.objects.update(submitted_by=hr)
    elif whose == "handed_in_before":
        submitted.events.create(act="submitted", by=hr, at=timezone.now())
    else:
        ConcurrentPostFactory(staff=hr.staff, department=submitted.department)
        AssignmentFactory(staff=hr.staff)

    with pytest.raises(OwnNominationError, match="別の担当者に頼んでください。"):
        act(submitted, hr)

    assert Nomination.objects.get().status == "submitted"
    assert not LeaderTerm.objects.exists()


@pytest.mark.parametrize("act", [approve, send_back])
@pytest.mark.parametrize("role", [[], ["admin"], ["manager"]])
def test_a_right_that_ended_since_the_page_was_opened_is_refused(submitted, act, role):
    with pytest.raises(NotEntitledError, match="人事担当だけができます。"):
        act(submitted, account(StaffMemberFactory(), *role))

    assert untouched(submitted)


# --- eligibility lost between the form and the decision -----------------------------------------


def moved(place, on):
    AssignmentFactory(staff=place.staff, starts_on=on)


def promoted(place, on):
    rank = RankFactory(name="見本課長", is_leader_eligible=False)
    AssignmentFactory(staff=place.staff, starts_on=on, department=place.department, rank=rank)


def on_leave(place, on):
    AssignmentFactory(
        staff=place.staff,
        starts_on=on,
        department=place.department,
        rank=place.rank,
        duty=Duty.CHILDCARE,
    )


def left(place, on):
    place.staff.left_on = on - timedelta(days=1)
    place.staff.save()


def leads_elsewhere(place, on):
    LeaderTermFactory(staff=place.staff, starts_on=on)


LOST = [
    (moved, "この職員は、この部署にいません。"),
    (promoted, "職名（見本課長）が課長補佐から主任までに当たりません。"),
    (on_leave, "育休中のため、対象になりません。"),
    (left, "この職員は、この部署にいません。"),
    (leads_elsewhere, "この期のリーダーとして活動中です。"),
]


@pytest.mark.parametrize(("happens", "words"), LOST)
def test_eligibility_lost_before_the_approval_is_refused_with_its_reason(
    submitted, place, hr, happens, words
):
    happens(place, TODAY)

    with pytest.raises(NotEligibleError) as refusal:
        approve(submitted, hr)

    assert str(refusal.value) == f"この推薦は承認できません。{words}部署長に差し戻してください。"
    assert untouched(submitted)


@pytest.mark.parametrize(("happens", "words"), LOST[:4])
def test_eligibility_that_will_be_lost_by_the_first_day_is_refused_with_the_day(
    submitted, place, hr, happens, words
):
    happens(place, date(2026, 12, 1))

    with pytest.raises(NotEligibleError) as refusal:
        approve(submitted, hr, starts_on=date(2026, 12, 1))

    assert f"就任日の令和8年12月1日の時点で、{words}" in str(refusal.value)
    assert untouched(submitted)


def test_a_term_does_not_begin_before_the_person_came_to_the_department(hr):
    came = AssignmentFactory(starts_on=date(2026, 11, 1))
    submitted = handed_in(came)

    with pytest.raises(NotEligibleError, match="就任日の令和8年10月31日の時点で"):
        approve(submitted, hr, starts_on=date(2026, 10, 31))

    assert approve(submitted, hr, starts_on=date(2026, 11, 1)).starts_on == date(2026, 11, 1)


# --- sending back -------------------------------------------------------------------------------


def test_a_return_carries_its_comment_and_makes_no_term(submitted, hr):
    send_back(submitted, hr, comment="理由を詳しく書いてください。")

    submitted.refresh_from_db()
    (event,) = submitted.events.all()
    assert (submitted.status, submitted.version) == ("returned", 2)
    assert submitted.comment == "理由を詳しく書いてください。"
    assert (event.act, event.by, event.comment) == ("returned", hr, "理由を詳しく書いてください。")
    assert not LeaderTerm.objects.exists()


def test_nothing_is_sent_back_once_the_cohort_is_over(submitted, hr):
    submitted.cohort.closed_at = timezone.now()
    submitted.cohort.save()

    with pytest.raises(CohortOverError):
        send_back(submitted, hr, comment="理由を詳しく書いてください。")

    submitted.refresh_from_db()
    assert submitted.status == "submitted"


# --- several at once ----------------------------------------------------------------------------


def test_of_several_each_is_decided_by_itself(hr):
    good, gone, also = (handed_in(AssignmentFactory()) for _ in range(3))
    AssignmentFactory(staff=gone.staff, starts_on=TODAY)

    outcomes = approve_several(
        chosen=[Chosen(one, one.version) for one in (good, gone, also)],
        by=hr,
        today=TODAY,
        at=timezone.now(),
        rule=DEFAULT_RULE,
    )

    assert [one.term is not None for one in outcomes] == [True, False, True]
    assert "この職員は、この部署にいません。" in outcomes[1].refusal
    assert untouched(gone)
    assert {term.staff for term in LeaderTerm.objects.all()} == {good.staff, also.staff}


def test_a_head_of_rank_with_the_role_decides_about_other_departments(submitted):
    chief = account(placed(DepartmentFactory(), rank=HeadRankFactory()), "hr")

    assert approve(submitted, chief).staff == submitted.staff


IN_THE_ROUND = datetime(2026, 11, 10, 12, tzinfo=UTC)
BEFORE_THE_ROUND = datetime(2026, 1, 10, 12, tzinfo=UTC)


def rival(nomination, **kwargs):
    """Another one of the department, handed in at the same time for the same seat."""
    place = AssignmentFactory(department=nomination.department)
    given = {"replaces": nomination.replaces, "submitted_at": nomination.submitted_at}
    other = handed_in(place)
    for name, value in (given | kwargs).items():
        setattr(other, name, value)
    other.save()
    return other


@pytest.mark.parametrize("at", [BEFORE_THE_ROUND, IN_THE_ROUND])
def test_one_seat_gets_one_successor(submitted, hr, at):
    before = LeaderTermFactory(
        department=submitted.department, ends_on=TODAY - timedelta(days=1), end_reason="moved"
    )
    submitted.replaces, submitted.submitted_at = before, at
    submitted.save()
    other = rival(submitted)
    approve(submitted, hr)

    with pytest.raises(SeatTakenError, match="続けるリーダーがすでにいます。"):
        approve(other, hr)

    assert untouched(other)


def test_outside_the_round_nobody_is_approved_beside_one_who_stays(submitted, hr):
    Nomination.objects.update(submitted_at=BEFORE_THE_ROUND)
    LeaderTermFactory(department=submitted.department)

    with pytest.raises(SeatTakenError):
        approve(submitted, hr)

    assert untouched(submitted)


def test_in_the_round_two_of_a_department_may_be_approved(submitted, hr):
    other = rival(submitted)

    approve(submitted, hr)
    approve(other, hr)

    assert LeaderTerm.objects.count() == 2


def test_when_the_successor_left_too_the_next_one_succeeds_the_successor(submitted, hr):
    first = LeaderTermFactory(department=submitted.department, ends_on=TODAY - timedelta(days=9))
    submitted.replaces = first
    submitted.save()
    other = rival(submitted)
    successor = approve(submitted, hr, starts_on=TODAY - timedelta(days=3))
    LeaderTerm.objects.filter(pk=successor.pk).update(ends_on=TODAY - timedelta(days=1))

    approve(other, hr)

    other.refresh_from_db()
    assert other.replaces == successor


def test_a_term_does_not_begin_in_a_year_whose_figures_are_final(submitted, hr):
    FrozenYear.objects.create(fiscal_year=2025)

    with pytest.raises(StartDayError, match="令和7年度の数値は確定済みです。"):
        approve(submitted, hr, starts_on=date(2026, 3, 31))

    assert untouched(submitted)


def test_of_several_a_button_pressed_twice_tells_the_first_result_and_another_clerk_who_was_first(
    submitted, hr
):
    chosen = [Chosen(submitted, 1)]
    several = {"chosen": chosen, "today": TODAY, "at": timezone.now(), "rule": DEFAULT_RULE}
    (first,) = approve_several(by=hr, **several)

    (again,) = approve_several(by=hr, **several)
    (late,) = approve_several(by=account(StaffMemberFactory(), "hr"), **several)

    assert (again.term, again.refusal) == (first.term, "")
    assert late.term is None
    assert "承認しました" in late.refusal
