"""Two people decide, take back, close or hand in at the same moment, round after round."""

import time
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import transaction
from django.utils import timezone

from leaders.models import Cohort, LeaderTerm, Nomination, NominationEvent
from leaders.services.decisions import NotWaitingError, approve_nomination, return_nomination
from leaders.services.nominations import (
    NotSubmittedError,
    RoundClosedError,
    Sheet,
    submit,
    withdraw,
)
from leaders.services.rounds import RoundChangedMeanwhileError, close_round, mark_of, set_round
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    HeadRankFactory,
    NominationFactory,
    RankFactory,
    StaffMemberFactory,
    UserFactory,
)
from tests.together import together
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 20


@pytest.fixture
def clerks():
    return [account(StaffMemberFactory(), "hr") for _ in range(2)]


@pytest.fixture
def waiting():
    """A department whose people can be nominated one after another."""
    cohort, unit, rank = CohortFactory(), DepartmentFactory(), RankFactory()
    head = UserFactory()

    def hand_in():
        place = AssignmentFactory(department=unit, rank=rank)
        return NominationFactory(
            cohort=cohort,
            department=unit,
            staff=place.staff,
            status="submitted",
            submitted_by=head,
            submitted_at=timezone.now(),
        )

    return hand_in


def at_once(acts):
    """Together, and none begins before all are inside: short acts would else miss each other."""
    gate = Barrier(len(acts), timeout=30)

    def begun(act):
        gate.wait()
        return act()

    return together([lambda act=act: begun(act) for act in acts])


def approve(nomination, by):
    return approve_nomination(
        nomination=nomination,
        seen=1,
        starts_on=TODAY,
        by=by,
        today=TODAY,
        at=timezone.now(),
        rule=DEFAULT_RULE,
    )


def send_back(nomination, by):
    return return_nomination(
        nomination=nomination, seen=1, comment="理由", by=by, today=TODAY, at=timezone.now()
    )


def take_back(nomination, by):
    """HR may take back what a head has handed in, too."""
    return withdraw(
        nomination=nomination,
        department=nomination.department,
        comment="本人の事情のため。",
        by=by,
        on=TODAY,
        at=timezone.now(),
    )


def test_two_clerks_approving_at_once_make_one_term_and_the_second_reads_who_was_first(
    clerks, waiting
):
    for made in range(1, ROUNDS + 1):
        nomination = waiting()

        answers = at_once(
            [lambda clerk=clerk, one=nomination: approve(one, clerk) for clerk in clerks]
        )

        (term,) = [answer for answer in answers if isinstance(answer, LeaderTerm)]
        (refusal,) = [answer for answer in answers if isinstance(answer, NotWaitingError)]
        first = clerks[answers.index(term)]
        assert f"{first.staff.name}さんが" in str(refusal)
        assert NominationEvent.objects.get(nomination=nomination).by == first
        assert LeaderTerm.objects.count() == made


@pytest.mark.parametrize("other", [send_back, take_back])
def test_approved_and_returned_or_withdrawn_at_once_only_one_of_them_holds(clerks, waiting, other):
    for number in range(ROUNDS):
        nomination = waiting()
        acts = [
            lambda one=nomination: approve(one, clerks[0]),
            lambda one=nomination: other(one, clerks[1]),
        ]

        answers = at_once(acts if number % 2 else acts[::-1])

        refused = [one for one in answers if isinstance(one, (NotWaitingError, NotSubmittedError))]
        assert len(refused) == 1
        nomination.refresh_from_db()
        (event,) = nomination.events.all()
        assert (nomination.status, nomination.version) == (event.act, 2)
        made = LeaderTerm.objects.filter(nomination=nomination).exists()
        assert made == (nomination.status == "approved")


def head_of(department):
    """An account of whoever heads the department."""
    return UserFactory(staff=placed(department, rank=HeadRankFactory()))


def hand_in(place, head):
    sheet = Sheet(
        cohort=Cohort.objects.get(),
        department=place.department,
        staff=place.staff,
        reason="熱心なため。",
        expected_role="",
        has_consent=True,
    )
    return submit(sheet=sheet, by=head, on=TODAY, at=timezone.now(), rule=DEFAULT_RULE)


def close(cohort, by):
    return close_round(cohort=cohort, by=by, today=TODAY, at=timezone.now())


def test_a_round_closing_while_a_head_hands_in_takes_it_before_or_not_at_all(clerks):
    cohort, unit, rank = CohortFactory(), DepartmentFactory(), RankFactory()
    head, taken = head_of(unit), 0
    for number in range(ROUNDS):
        place = AssignmentFactory(department=unit, rank=rank)
        Cohort.objects.update(nominations_closed_at=None)
        acts = [lambda: close(cohort, clerks[0]), lambda place=place: hand_in(place, head)]

        answers = at_once(acts if number % 2 else acts[::-1])

        handed_in = [answer for answer in answers if isinstance(answer, Nomination)]
        refused = [answer for answer in answers if isinstance(answer, RoundClosedError)]
        taken += len(handed_in)
        assert len(handed_in) + len(refused) == 1
        assert True in answers
        assert Cohort.objects.get().nominations_closed_at is not None
        assert Nomination.objects.count() == taken


def test_what_a_head_hands_in_while_the_round_is_being_closed_waits_and_is_refused(clerks):
    cohort, place, closing = CohortFactory(), AssignmentFactory(), Event()
    head = head_of(place.department)

    def close_slowly():
        with transaction.atomic():
            close(cohort, clerks[0])
            closing.set()
            time.sleep(0.3)

    def hand_in_meanwhile():
        closing.wait(10)
        return hand_in(place, head)

    _, answer = at_once([close_slowly, hand_in_meanwhile])

    assert isinstance(answer, RoundClosedError)
    assert not Nomination.objects.exists()


def test_two_clerks_changing_the_round_at_once_overwrite_nothing_unseen(clerks):
    cohort = CohortFactory()
    for number in range(ROUNDS):
        cohort.refresh_from_db()
        seen = mark_of(cohort)

        answers = at_once(
            [
                lambda clerk=clerk, words=f"{number}-{clerk.pk}", seen=seen: set_round(
                    cohort=cohort,
                    opens_on=cohort.nominations_open_on,
                    closes_on=TODAY + timedelta(days=7),
                    instruction=words,
                    seen=seen,
                    by=clerk,
                    today=TODAY,
                )
                for clerk in clerks
            ]
        )

        assert sum(answer is True for answer in answers) == 1
        assert sum(isinstance(answer, RoundChangedMeanwhileError) for answer in answers) == 1
        winner = clerks[answers.index(True)]
        assert Cohort.objects.get().instruction == f"{number}-{winner.pk}"


def test_closed_by_two_at_once_it_is_closed_once(clerks):
    cohort = CohortFactory()

    answers = at_once([lambda clerk=clerk: close(cohort, clerk) for clerk in clerks])

    assert sorted(answers) == [False, True]
