"""期の終了: decisions kept, corrected, refused; a cohort closed once."""

from datetime import UTC, date, datetime

import pytest
from auditlog.models import LogEntry

from leaders.closing import outcome
from leaders.models import EndReason, LeaderTerm
from leaders.services.closing import (
    ChangedMeanwhileError,
    CohortClosedError,
    Decision,
    DesignatedError,
    NotOverError,
    OwnTermError,
    ReasonMissingError,
    UndecidedError,
    close_cohort,
    decide_term,
    refuse_closed,
    save_decisions,
)
from tests.conftest import TODAY, account
from tests.factories import (
    CohortFactory,
    LeaderTermFactory,
    NominationFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
)
from tests.together import together

LAST_DAY = date(2027, 3, 31)
AT = datetime(2027, 3, 31, 3, tzinfo=UTC)


@pytest.fixture
def clerk(db):
    return account(StaffMemberFactory(), "hr")


@pytest.fixture
def cohort(db):
    return CohortFactory()


def seen(*terms, completed=True, reason=""):
    """What a clerk chose for all these terms as they are stored now."""
    return [
        Decision(one.pk, outcome(LeaderTerm.objects.get(pk=one.pk)).mark, completed, reason)
        for one in terms
    ]


def save(decisions, by, cohort, today=LAST_DAY):
    return save_decisions(cohort=cohort, decisions=decisions, by=by, today=today)


def close(decisions, by, cohort, today=LAST_DAY):
    return close_cohort(cohort=cohort, decisions=decisions, by=by, today=today, at=AT)


def decide(term, by, *, completed=True, reason="", today=LAST_DAY):
    (decision,) = seen(term)
    return decide_term(
        term=term, seen=decision.seen, completed=completed, reason=reason, by=by, today=today
    )


def stored(term):
    term.refresh_from_db()
    return (term.ends_on, term.end_reason, term.completed, term.decided_on, term.decision_reason)


# --- Closing ------------------------------------------------------------------------------------


def test_closing_ends_the_open_terms_and_writes_what_was_decided(clerk, cohort):
    served = LeaderTermFactory()
    gone = LeaderTermFactory(staff__left_on=date(2026, 5, 31))
    moved = LeaderTermFactory(ends_on=date(2025, 9, 30), end_reason=EndReason.MOVED)
    decisions = [
        *seen(served),
        *seen(gone),
        *seen(moved, completed=False),
    ]

    saved = close(decisions, clerk, cohort)

    assert (saved.decided, saved.has_closed) == (3, True)
    assert stored(served) == (LAST_DAY, EndReason.COMPLETED, True, LAST_DAY, "")
    assert stored(gone) == (date(2026, 5, 31), EndReason.RETIRED, True, LAST_DAY, "")
    assert stored(moved) == (date(2025, 9, 30), EndReason.MOVED, False, LAST_DAY, "")
    cohort.refresh_from_db()
    assert cohort.closed_at == AT


def test_before_the_cohorts_last_day_it_cannot_be_closed(clerk, cohort):
    term = LeaderTermFactory(ends_on=date(2026, 3, 31))

    with pytest.raises(NotOverError, match="令和9年3月31日"):
        close(seen(term), clerk, cohort, today=date(2027, 3, 30))

    assert stored(term)[3] is None


def test_every_change_leaves_an_entry_with_its_author_and_without_a_name(clerk, cohort):
    term = LeaderTermFactory()
    LogEntry.objects.all().delete()

    close(seen(term), clerk, cohort)

    entry = LogEntry.objects.get_for_object(term).get()
    assert (entry.actor, entry.action) == (clerk, LogEntry.Action.UPDATE)
    assert entry.changes == {
        "ends_on": [None, "2027-03-31"],
        "end_reason": ["", "completed"],
        "completed": [False, True],
        "decided_on": [None, "2027-03-31"],
    }
    closing = LogEntry.objects.get_for_object(cohort).get()
    assert (closing.actor, list(closing.changes)) == (clerk, ["closed_at"])


@pytest.mark.parametrize(
    ("ends_on", "completed"), [(date(2026, 3, 31), False), (date(2026, 3, 30), True)]
)
def test_what_differs_from_the_proposal_needs_a_reason(clerk, cohort, ends_on, completed):
    term, other = LeaderTermFactory(ends_on=ends_on), LeaderTermFactory()

    with pytest.raises(ReasonMissingError) as refused:
        close([*seen(term, completed=completed), *seen(other)], clerk, cohort)
    left = (stored(term)[3], stored(other)[3])
    close(
        [*seen(term, completed=completed, reason="市長が認めたため。"), *seen(other)],
        clerk,
        cohort,
    )

    assert refused.value.term_ids == {term.pk}
    assert term.staff.name in str(refused.value)
    assert left == (None, None), "all or nothing"
    assert stored(term)[2:] == (completed, LAST_DAY, "市長が認めたため。")


def test_a_term_without_a_decision_keeps_the_cohort_open_and_nothing_is_written(clerk, cohort):
    decided, left = LeaderTermFactory(), LeaderTermFactory()

    with pytest.raises(UndecidedError, match=left.staff.name) as refused:
        close([*seen(decided), *seen(left, completed=None)], clerk, cohort)

    assert refused.value.term_ids == {left.pk}
    assert stored(decided)[3] is None
    cohort.refresh_from_db()
    assert cohort.closed_at is None


def test_saving_keeps_the_decisions_and_leaves_the_cohort_open(clerk, cohort):
    decided, left = LeaderTermFactory(), LeaderTermFactory()

    saved = save([*seen(decided), *seen(left, completed=None)], clerk, cohort)

    assert (saved.decided, saved.has_closed) == (1, False)
    assert (stored(decided)[3], stored(left)[3]) == (LAST_DAY, None)
    cohort.refresh_from_db()
    assert cohort.closed_at is None


def test_nobody_decides_their_own_term_and_a_colleague_does_it_for_them(clerk, cohort):
    own, other = LeaderTermFactory(staff=clerk.staff), LeaderTermFactory()
    colleague = account(StaffMemberFactory(), "hr")

    with pytest.raises(OwnTermError, match="別の担当者"):
        save([*seen(own), *seen(other)], clerk, cohort)
    with pytest.raises(UndecidedError):
        close([*seen(own, completed=None), *seen(other)], clerk, cohort)
    save([*seen(own, completed=None), *seen(other)], clerk, cohort)
    save([*seen(own), *seen(other)], colleague, cohort)
    closed = close([*seen(own, completed=None), *seen(other)], clerk, cohort)

    assert closed.has_closed
    assert stored(own)[2] is True


def test_the_same_page_twice_closes_once(clerk, cohort):
    decisions = seen(LeaderTermFactory())

    first, second = close(decisions, clerk, cohort), close(decisions, clerk, cohort)

    assert (first.decided, first.has_closed) == (1, True)
    assert (second.decided, second.has_closed) == (0, False)
    assert LogEntry.objects.get_for_object(cohort).filter(changes__has_key="closed_at").count() == 1


def test_the_same_page_saved_twice_writes_once(clerk, cohort):
    term = LeaderTermFactory()
    decisions = seen(term)

    save(decisions, clerk, cohort)
    again = save(decisions, clerk, cohort, today=date(2027, 4, 1))

    assert again.decided == 0
    assert stored(term)[3] == LAST_DAY


def test_a_term_that_ended_meanwhile_is_not_overwritten_unseen(clerk, cohort):
    term = LeaderTermFactory()
    decisions = seen(term)
    LeaderTerm.objects.filter(pk=term.pk).update(ends_on=date(2026, 3, 30), end_reason="declined")

    with pytest.raises(ChangedMeanwhileError, match=term.staff.name) as refused:
        close(decisions, clerk, cohort)

    assert refused.value.term_ids == {term.pk}
    assert stored(term)[:3] == (date(2026, 3, 30), "declined", False)


def test_a_colleagues_other_decision_is_not_overwritten_unseen(clerk, cohort):
    term = LeaderTermFactory()
    decisions = seen(term)
    decide(term, account(StaffMemberFactory(), "hr"), completed=False, reason="活動なし")

    with pytest.raises(ChangedMeanwhileError):
        save(decisions, clerk, cohort)

    assert stored(term)[2:] == (False, LAST_DAY, "活動なし")


@pytest.mark.parametrize("act", [save, close])
def test_a_term_that_came_or_went_since_the_page_was_opened_is_told(clerk, cohort, act):
    decisions = seen(LeaderTermFactory())
    new = LeaderTermFactory(starts_on=date(2026, 12, 1))

    with pytest.raises(ChangedMeanwhileError, match="増えたか減った") as refused:
        act(decisions, clerk, cohort)

    assert refused.value.term_ids == {new.pk}


def test_a_term_of_another_cohort_is_refused(clerk, cohort):
    own, other = LeaderTermFactory(), LeaderTermFactory(cohort=CohortFactory(number=2))

    with pytest.raises(ChangedMeanwhileError):
        save([*seen(own), *seen(other)], clerk, cohort)

    assert stored(other)[3] is None


def test_who_comes_after_the_closing_with_other_decisions_is_told(clerk, cohort):
    term = LeaderTermFactory()
    close(seen(term), clerk, cohort)

    for act in (save, close):
        with pytest.raises(CohortClosedError, match=term.staff.name):
            act(seen(term, completed=False, reason="活動なし"), clerk, cohort)

    assert stored(term)[2] is True


def test_closing_takes_back_the_nominations_still_open(clerk, cohort):
    waiting = NominationFactory(cohort=cohort, status="submitted")
    other = NominationFactory(cohort__number=2, status="submitted")

    saved = close(seen(LeaderTermFactory()), clerk, cohort)

    (event,) = waiting.events.all()
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (saved.withdrawn, waiting.status, other.status) == (1, "withdrawn", "submitted")
    assert (event.act, event.by, event.at, event.comment) == (
        "withdrawn",
        clerk,
        AT,
        "期の終了のため",
    )


@pytest.mark.parametrize(
    ("route", "ends_on", "has_other_term", "is_refused"),
    [
        ("leader", None, False, True),
        ("leader", date(2027, 3, 31), False, True),
        ("leader", date(2027, 3, 30), False, False),
        ("leader", None, True, False),
        ("office", None, False, False),
    ],
)
def test_a_completion_somebody_was_designated_by_stays(
    clerk, cohort, route, ends_on, has_other_term, is_refused
):
    over = {"ends_on": date(2026, 3, 31), "end_reason": "moved", "completed": True}
    term = LeaderTermFactory(cohort=cohort, **over)
    if has_other_term:
        LeaderTermFactory(cohort__number=2, staff=term.staff, **over)
    SpecialistDesignationFactory(
        staff=term.staff, route=route, starts_on=date(2026, 4, 1), ends_on=ends_on
    )

    if is_refused:
        with pytest.raises(DesignatedError, match="先に専門分野人材の画面で登用を終了"):
            decide(term, clerk, completed=False, reason="誤り")
    else:
        decide(term, clerk, completed=False, reason="誤り")

    assert stored(term)[2] is is_refused


def test_an_end_after_the_service_is_cut_when_the_term_is_decided(clerk, cohort):
    left_on = date(2026, 6, 30)
    term = LeaderTermFactory(
        cohort=cohort,
        staff__left_on=left_on,
        ends_on=date(2026, 12, 31),
        end_reason="moved",
    )

    decide(term, clerk)

    assert stored(term)[:2] == (left_on, "retired")


def test_a_closed_cohort_refuses_changes_in_words(clerk, cohort):
    refuse_closed(cohort)
    close(seen(LeaderTermFactory()), clerk, cohort)
    cohort.refresh_from_db()

    with pytest.raises(CohortClosedError, match="第1期は終了しているため"):
        refuse_closed(cohort)


def test_a_decision_counts_on_the_day_the_term_ended(clerk, cohort):
    term = LeaderTermFactory()
    close(seen(term), clerk, cohort, today=date(2027, 4, 20))

    found = [
        LeaderTerm.objects.all().completed(day).count() for day in (date(2027, 3, 30), LAST_DAY)
    ]

    assert found == [0, 1]


def test_forty_terms_take_as_many_queries_as_two(clerk, django_assert_num_queries):
    small, large = CohortFactory(number=1), CohortFactory(number=2)
    few = LeaderTermFactory.create_batch(2, cohort=small)
    many = LeaderTermFactory.create_batch(40, cohort=large)
    few_decisions, many_decisions = seen(*few), seen(*many)
    save(few_decisions, clerk, small)  # content types are read once
    LeaderTerm.objects.update(decided_on=None, completed=False)
    few_decisions = seen(*few)

    with django_assert_num_queries(6):
        save(few_decisions, clerk, small)
    with django_assert_num_queries(6):
        save(many_decisions, clerk, large, today=date(2029, 3, 31))


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_close_at_once_with_other_decisions_one_closes_and_the_other_is_told():
    cohort, term = CohortFactory(), LeaderTermFactory()
    first, second = (account(StaffMemberFactory(), "hr") for _ in range(2))
    pages = [(seen(term), first), (seen(term, completed=False, reason="活動なし"), second)]

    answers = together([lambda page=page: close(*page, cohort) for page in pages])

    (told,) = [one for one in answers if isinstance(one, Exception)]
    (closed,) = [one for one in answers if not isinstance(one, Exception)]
    assert isinstance(told, CohortClosedError)
    assert closed.has_closed
    assert stored(term)[2] is (answers[1] is told)


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_on_close_close_once():
    cohort = CohortFactory()
    decisions = seen(*LeaderTermFactory.create_batch(3))
    by = account(StaffMemberFactory(), "hr")

    answers = together([lambda: close(decisions, by, cohort)] * 10)

    assert sorted(one.has_closed for one in answers) == [False] * 9 + [True]
    assert sum(one.decided for one in answers) == 3


# --- One term -----------------------------------------------------------------------------------


def test_a_term_that_ended_early_is_decided_before_the_cohort_is_over(clerk, cohort):
    term = LeaderTermFactory(ends_on=TODAY, end_reason="moved")

    decide(term, clerk, today=TODAY)

    assert stored(term) == (TODAY, "moved", True, TODAY, "")


def test_who_left_is_decided_at_once_and_their_term_ends_with_their_service(clerk, cohort):
    term = LeaderTermFactory(staff__left_on=date(2026, 9, 30))

    decide(term, clerk, today=TODAY)

    assert stored(term)[:3] == (date(2026, 9, 30), EndReason.RETIRED, True)


@pytest.mark.parametrize("ends_on", [None, date(2026, 11, 24)])
def test_a_term_that_still_runs_cannot_be_decided(clerk, cohort, ends_on):
    term = LeaderTermFactory(ends_on=ends_on)

    with pytest.raises(NotOverError, match="退任日から後に"):
        decide(term, clerk, today=TODAY)

    assert stored(term)[2] is False


def test_nobody_decides_their_own_term_alone_either(clerk, cohort):
    term = LeaderTermFactory(staff=clerk.staff, ends_on=TODAY)

    with pytest.raises(OwnTermError):
        decide(term, clerk)


def test_after_the_closing_one_term_is_corrected_for_a_reason_that_stays(clerk, cohort):
    term = LeaderTermFactory()
    close(seen(term, completed=False, reason="活動なし"), clerk, cohort)

    with pytest.raises(ReasonMissingError):
        decide(term, clerk, today=date(2027, 5, 1))
    decide(term, clerk, reason="報告書が出たため。", today=date(2027, 5, 1))

    assert stored(term)[2:] == (True, date(2027, 5, 1), "報告書が出たため。")
    entry = LogEntry.objects.get_for_object(term).order_by("-pk").first()
    assert entry.changes["decision_reason"] == ["活動なし", "報告書が出たため。"]
    assert entry.changes["completed"] == [False, True]


def test_a_page_that_shows_an_old_decision_does_not_overwrite_the_new_one(clerk, cohort):
    term = LeaderTermFactory(ends_on=TODAY)
    old = outcome(term).mark
    decide(term, clerk, completed=False, reason="活動なし", today=TODAY)
    act = {"term": term, "seen": old, "by": clerk, "today": TODAY}

    again = decide_term(completed=False, reason="活動なし", **act)
    with pytest.raises(ChangedMeanwhileError):
        decide_term(completed=True, reason="", **act)

    assert again == term
    assert stored(term)[2] is False
