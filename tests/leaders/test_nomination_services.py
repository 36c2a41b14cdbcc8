"""A nomination's way: handed in, returned, handed in again, approved into exactly one term."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import LeaderTerm, Nomination
from leaders.services.nominations import (
    NotEligibleError,
    NotSubmittedError,
    OwnNominationError,
    RoundClosedError,
    approve_nomination,
    return_nomination,
    submit_nomination,
)
from staff.models import Duty
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    NominationFactory,
    RankFactory,
    StaffMemberFactory,
    UserFactory,
)
from tests.together import together
from training.models import DEFAULT_RULE

OPENS, CLOSES = date(2026, 11, 1), date(2026, 11, 30)  # CohortFactory's round


def submit(place, by, on=TODAY, **kwargs):
    given = {
        "cohort": kwargs.get("cohort") or CohortFactory(),
        "department": place.department,
        "reason": "業務の見直しに熱心なため。",
        "expected_role": "",
        "has_consent": True,
    }
    return submit_nomination(
        **given | kwargs,
        staff=place.staff,
        by=by,
        on=on,
        at=timezone.now(),
        rule=DEFAULT_RULE,
    )


def approve(nomination, by, on=TODAY):
    return approve_nomination(nomination=nomination, by=by, on=on, rule=DEFAULT_RULE)


@pytest.fixture
def place(db):
    """A person who may be nominated."""
    return AssignmentFactory()


@pytest.fixture
def submitted(place):
    """Their nomination, handed in by the head."""
    return NominationFactory(
        staff=place.staff,
        department=place.department,
        status="submitted",
        submitted_by=UserFactory(),
        submitted_at=timezone.now(),
    )


# --- handing in ---------------------------------------------------------------------------------


def test_a_nomination_is_handed_in_with_who_and_when(place):
    head = UserFactory()

    nomination = submit(place, head, expected_role="窓口の改善")

    nomination.refresh_from_db()
    assert nomination.status == "submitted"
    assert (nomination.staff, nomination.department) == (place.staff, place.department)
    assert nomination.submitted_by == head
    assert timezone.localdate(nomination.submitted_at) == TODAY
    assert nomination.expected_role == "窓口の改善"
    assert LogEntry.objects.get_for_object(nomination).count() == 1


@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (OPENS - timedelta(days=1), False),
        (OPENS, True),
        (CLOSES, True),
        (CLOSES + timedelta(days=1), False),
    ],
)
def test_the_round_is_open_on_its_first_and_last_day_and_not_beyond(place, on, is_open):
    if is_open:
        submit(place, UserFactory(), on=on)
    else:
        with pytest.raises(RoundClosedError, match="受付期間外です"):
            submit(place, UserFactory(), on=on)

    assert Nomination.objects.exists() == is_open


def test_a_cohort_without_a_round_takes_nothing(place):
    cohort = CohortFactory(nominations_open_on=None, nominations_close_on=None)

    with pytest.raises(RoundClosedError):
        submit(place, UserFactory(), cohort=cohort)


def test_the_same_person_handed_in_twice_stands_once(place):
    submit(place, UserFactory())

    with pytest.raises(NotEligibleError, match="この期に推薦済みです。"):
        submit(place, UserFactory())

    assert Nomination.objects.count() == 1


def test_somebody_of_another_department_is_refused(place):
    with pytest.raises(NotEligibleError, match="この職員はこの部署にいません。"):
        submit(place, UserFactory(), department=DepartmentFactory())

    assert not Nomination.objects.exists()


@pytest.mark.django_db
def test_somebody_of_a_unit_under_the_department_may_be_handed_in():
    section = DepartmentFactory()
    below = AssignmentFactory(department=DepartmentFactory(parent=section, gives_leader=False))

    nomination = submit(below, UserFactory(), department=section)

    assert nomination.department == section


# --- coming back --------------------------------------------------------------------------------


def test_a_return_carries_its_comment_and_makes_no_term(submitted, hr):
    return_nomination(nomination=submitted, by=hr, comment="理由を詳しく書いてください。")

    submitted.refresh_from_db()
    assert submitted.status == "returned"
    assert submitted.comment == "理由を詳しく書いてください。"
    assert not LeaderTerm.objects.exists()


def test_a_returned_nomination_handed_in_again_is_the_same_one_and_can_be_approved(
    submitted, place, hr
):
    return_nomination(nomination=submitted, by=hr, comment="理由を詳しく。")

    again = submit(place, submitted.submitted_by, returned=submitted, reason="表計算に詳しいため。")
    approve(again, hr)

    assert Nomination.objects.get() == submitted == again
    assert Nomination.objects.get().reason == "表計算に詳しいため。"
    assert LeaderTerm.objects.get().staff == place.staff


def test_a_returned_nomination_can_name_somebody_else(submitted, hr):
    return_nomination(nomination=submitted, by=hr, comment="別の人を。")
    other = AssignmentFactory(department=submitted.department)

    again = submit(other, submitted.submitted_by, returned=submitted)

    assert (again.pk, again.staff) == (submitted.pk, other.staff)


@pytest.mark.parametrize("status", ["submitted", "approved", "withdrawn"])
def test_only_a_returned_nomination_can_be_handed_in_again(submitted, place, status):
    Nomination.objects.update(status=status)

    with pytest.raises(NotSubmittedError, match="提出済みです"):
        submit(place, UserFactory(), returned=submitted)


# --- being approved -----------------------------------------------------------------------------


def test_approval_in_mid_term_begins_today(submitted, hr):
    term = approve(submitted, hr)

    submitted.refresh_from_db()
    assert submitted.status == "approved"
    assert term == LeaderTerm.objects.get()
    assert (term.cohort, term.staff) == (submitted.cohort, submitted.staff)
    assert (term.department, term.starts_on) == (submitted.department, TODAY)
    assert (term.ends_on, term.completed) == (None, False)


@pytest.mark.parametrize(
    ("on", "starts_on"),
    [
        (date(2027, 3, 31), date(2027, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
        (date(2027, 4, 2), date(2027, 4, 2)),
    ],
)
def test_a_term_begins_with_the_cohort_or_today_if_that_is_later(submitted, hr, on, starts_on):
    submitted.cohort = CohortFactory(
        number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028)
    )
    submitted.save()

    term = approve(submitted, hr, on=on)

    assert term.starts_on == starts_on


def test_approving_twice_makes_one_term(submitted, hr):
    approve(submitted, hr)

    with pytest.raises(NotSubmittedError, match="すでに処理されています"):
        approve(submitted, hr)

    assert LeaderTerm.objects.count() == 1


@pytest.mark.parametrize("status", ["draft", "returned", "withdrawn"])
def test_only_what_was_handed_in_can_be_decided(submitted, hr, status):
    Nomination.objects.update(status=status, comment="理由")

    with pytest.raises(NotSubmittedError):
        approve(submitted, hr)
    with pytest.raises(NotSubmittedError):
        return_nomination(nomination=submitted, by=hr, comment="理由")

    assert Nomination.objects.get().status == status
    assert not LeaderTerm.objects.exists()


@pytest.mark.parametrize("whose", ["own", "handed_in"])
def test_nobody_decides_on_their_own_nomination_or_on_one_they_handed_in(submitted, whose):
    by = UserFactory(staff=submitted.staff) if whose == "own" else submitted.submitted_by

    with pytest.raises(OwnNominationError, match="別の担当者に頼んでください"):
        approve(submitted, by)
    with pytest.raises(OwnNominationError):
        return_nomination(nomination=submitted, by=by, comment="理由")

    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    assert not LeaderTerm.objects.exists()


def moved(place):
    AssignmentFactory(staff=place.staff, starts_on=TODAY)


def promoted(place):
    rank = RankFactory(name="見本課長", is_leader_eligible=False)
    AssignmentFactory(staff=place.staff, starts_on=TODAY, department=place.department, rank=rank)


def on_leave(place):
    AssignmentFactory(
        staff=place.staff,
        starts_on=TODAY,
        department=place.department,
        rank=place.rank,
        duty=Duty.CHILDCARE,
    )


def left(place):
    place.staff.left_on = TODAY - timedelta(days=1)
    place.staff.save()


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (moved, "この職員はこの部署にいません。"),
        (promoted, "職名（見本課長）が課長補佐から主任までに当たりません。"),
        (on_leave, "育休中のため、対象になりません。"),
        (left, "この職員はこの部署にいません。"),
    ],
)
def test_a_right_lost_before_approval_is_refused(submitted, place, hr, happens, words):
    happens(place)

    with pytest.raises(NotEligibleError, match=words.replace("（", r"（").replace("）", r"）")):
        approve(submitted, hr)

    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    assert not LeaderTerm.objects.exists()


# --- at the same time ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_approved_by_several_at_once_there_is_one_term():
    place = AssignmentFactory()
    nomination = NominationFactory(
        staff=place.staff, department=place.department, status="submitted"
    )
    clerks = UserFactory.create_batch(6)

    answers = together([lambda clerk=clerk: approve(nomination, clerk) for clerk in clerks])

    assert sum(isinstance(answer, LeaderTerm) for answer in answers) == 1
    assert sum(isinstance(answer, NotSubmittedError) for answer in answers) == 5
    assert LeaderTerm.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_approved_and_returned_at_once_only_one_of_them_holds():
    place = AssignmentFactory()
    nomination = NominationFactory(
        staff=place.staff, department=place.department, status="submitted"
    )
    clerks = UserFactory.create_batch(2)

    answers = together(
        [
            lambda: approve(nomination, clerks[0]),
            lambda: return_nomination(nomination=nomination, by=clerks[1], comment="理由"),
        ]
    )

    refused = [answer for answer in answers if isinstance(answer, NotSubmittedError)]
    assert len(refused) == 1
    nomination.refresh_from_db()
    assert LeaderTerm.objects.exists() == (nomination.status == "approved")


@pytest.mark.django_db(transaction=True)
def test_one_person_handed_in_by_two_at_once_stands_once():
    place, cohort = AssignmentFactory(), CohortFactory()
    heads = [UserFactory(staff=StaffMemberFactory()) for _ in range(4)]

    answers = together([lambda head=head: submit(place, head, cohort=cohort) for head in heads])

    assert sum(isinstance(answer, Nomination) for answer in answers) == 1
    assert sum(isinstance(answer, NotEligibleError) for answer in answers) == 3
    assert Nomination.objects.count() == 1
