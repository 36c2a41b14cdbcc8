"""Nominations are handed in, and handed in again."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from leaders.models import Nomination
from leaders.services.nominations import (
    NotEligibleError,
    NotSubmittedError,
    RoundClosedError,
    submit_nomination,
)
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    NominationFactory,
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


def test_a_returned_nomination_can_name_somebody_else(submitted):
    Nomination.objects.update(status="returned", comment="別の人を。")
    other = AssignmentFactory(department=submitted.department)

    again = submit(other, submitted.submitted_by, returned=submitted)

    assert (again.pk, again.staff) == (submitted.pk, other.staff)


@pytest.mark.parametrize("status", ["submitted", "approved", "withdrawn"])
def test_only_a_returned_nomination_can_be_handed_in_again(submitted, place, status):
    Nomination.objects.update(status=status)

    with pytest.raises(NotSubmittedError, match="提出済みです"):
        submit(place, UserFactory(), returned=submitted)


# --- at the same time ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_person_handed_in_by_two_at_once_stands_once():
    place, cohort = AssignmentFactory(), CohortFactory()
    heads = [UserFactory(staff=StaffMemberFactory()) for _ in range(4)]

    answers = together([lambda head=head: submit(place, head, cohort=cohort) for head in heads])

    assert sum(isinstance(answer, Nomination) for answer in answers) == 1
    assert sum(isinstance(answer, NotEligibleError) for answer in answers) == 3
    assert Nomination.objects.count() == 1
