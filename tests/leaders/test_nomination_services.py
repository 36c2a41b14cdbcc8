"""Deciding what was handed in: returned, or approved into exactly one term."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import LeaderTerm, Nomination
from leaders.services.nominations import (
    NotEligibleError,
    NotSubmittedError,
    OwnNominationError,
    approve_nomination,
    return_nomination,
)
from staff.models import Duty
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    NominationFactory,
    RankFactory,
    UserFactory,
)
from tests.together import together
from training.models import DEFAULT_RULE


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


# --- coming back --------------------------------------------------------------------------------


def test_a_return_carries_its_comment_and_makes_no_term(submitted, hr):
    return_nomination(nomination=submitted, by=hr, comment="理由を詳しく書いてください。")

    submitted.refresh_from_db()
    assert submitted.status == "returned"
    assert submitted.comment == "理由を詳しく書いてください。"
    assert not LeaderTerm.objects.exists()


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
