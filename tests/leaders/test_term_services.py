"""Terms after their appointment: ended, taken back, continued, one decision after another."""

from datetime import UTC, date, datetime

import pytest
from auditlog.models import LogEntry

from agano_dx.lib.errors import DomainError
from leaders.models import Continuation, LeaderTerm
from leaders.services.terms import (
    AlreadyEndedError,
    EndDayError,
    NoQuestionError,
    NoReasonError,
    OwnTermError,
    SucceededError,
    TermChangedError,
    TermSettledError,
    confirm_departure,
    continue_term,
    end_term,
    mark_of,
    resume_term,
)
from staff.models import Duty
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    ContinuationFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
    UserFactory,
)
from tests.together import together

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 30)


@pytest.fixture
def clerk():
    return UserFactory()


@pytest.fixture
def term(section):
    return LeaderTermFactory(department=section, staff=placed(section))


def end(term, by, ends_on=DAY, reason="declined", note="", seen=None):
    seen = mark_of(term) if seen is None else seen
    return end_term(term=term, ends_on=ends_on, reason=reason, note=note, seen=seen, by=by)


def moved(term, department=None, on=date(2026, 10, 1), **kwargs):
    department = department or DepartmentFactory(name="移った課")
    return AssignmentFactory(staff=term.staff, department=department, starts_on=on, **kwargs)


def go_on(term, by, kind="moved", reason="引継ぎのため。", seen=None):
    seen = mark_of(term) if seen is None else seen
    return continue_term(term=term, kind=kind, reason=reason, seen=seen, by=by, today=TODAY)


def left(term, on):
    term.staff.left_on = on
    term.staff.save()


def as_stored(term):
    stored = LeaderTerm.objects.get(pk=term.pk)
    return stored.ends_on, stored.end_reason, stored.end_note


# --- Ending -------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["retired", "moved", "promoted", "declined", "other"])
def test_a_term_ends_early_with_its_reason_and_words(term, clerk, reason):
    end(term, clerk, reason=reason, note="　本人の申出による。 ")

    assert as_stored(term) == (DAY, reason, "本人の申出による。")


@pytest.mark.parametrize(
    "ends_on", [date(2025, 4, 1), date(2026, 11, 23), date(2026, 12, 31), date(2027, 3, 31)]
)
def test_the_last_day_lies_in_the_term_past_or_to_come(term, clerk, ends_on):
    end(term, clerk, ends_on)

    assert as_stored(term)[0] == ends_on


@pytest.mark.parametrize("ends_on", [date(2025, 3, 31), date(2027, 4, 1)])
def test_the_last_day_does_not_lie_outside(term, clerk, ends_on):
    with pytest.raises(EndDayError, match="令和7年4月1日.*令和9年3月31日"):
        end(term, clerk, ends_on)

    assert as_stored(term) == (None, "", "")


@pytest.mark.parametrize(("ends_on", "is_taken"), [(DAY, True), (date(2026, 12, 1), False)])
def test_a_term_ends_with_the_service_at_the_latest(term, clerk, ends_on, is_taken):
    left(term, DAY)

    if is_taken:
        end(term, clerk, ends_on, reason="retired")
    else:
        with pytest.raises(EndDayError, match="退職日（令和8年11月30日）"):
            end(term, clerk, ends_on, reason="retired")

    assert (as_stored(term)[0] == ends_on) is is_taken


@pytest.mark.parametrize("reason", ["", "completed", "whim"])
def test_a_term_is_ended_for_a_known_reason_alone(term, clerk, reason):
    with pytest.raises(NoReasonError):
        end(term, clerk, reason=reason)


def test_another_reason_asks_for_words(term, clerk):
    with pytest.raises(NoReasonError, match="退任の事情"):
        end(term, clerk, reason="other", note="　")


def test_the_same_twice_is_once(term, clerk):
    seen = mark_of(term)

    first, second = (end(term, clerk, seen=seen) for _ in range(2))

    assert (first.ends_on, second.ends_on) == (DAY, DAY)
    assert LogEntry.objects.get_for_object(term).filter(action=LogEntry.Action.UPDATE).count() == 1


def test_an_ended_term_is_not_ended_otherwise(term, clerk):
    end(term, clerk)

    with pytest.raises(AlreadyEndedError, match="令和8年11月30日"):
        end(term, clerk, date(2026, 12, 1))

    assert as_stored(term)[0] == DAY


def test_what_the_asker_did_not_see_is_not_overruled(term, clerk, section):
    seen = mark_of(term)
    ContinuationFactory(term=term)

    with pytest.raises(TermChangedError):
        end(term, clerk, seen=seen)

    assert as_stored(term)[0] is None


SETTLED = {
    "修了の判定が済んでいる": {"decided_on": date(2026, 11, 1), "ends_on": date(2026, 10, 31)},
    "判定が済んでいる": {"completed": True, "ends_on": date(2026, 10, 31)},
    "終了処理済み": {"cohort__closed_at": datetime(2026, 11, 1, tzinfo=UTC)},
}


@pytest.mark.parametrize("words", SETTLED)
@pytest.mark.parametrize("act", ["end", "resume", "continue", "departure"])
def test_what_is_settled_stays(section, clerk, words, act):
    term = LeaderTermFactory(department=section, staff=placed(section), **SETTLED[words])
    moved(term)
    before = as_stored(term)

    with pytest.raises(TermSettledError, match=words):
        acts(term, clerk)[act]()

    assert as_stored(term) == before
    assert not Continuation.objects.exists()


@pytest.mark.parametrize("act", ["end", "resume", "continue", "departure"])
def test_nobody_decides_about_their_own_term(term, act):
    moved(term)
    before = as_stored(term)

    with pytest.raises(OwnTermError):
        acts(term, UserFactory(staff=term.staff))[act]()

    assert as_stored(term) == before
    assert not Continuation.objects.exists()


def acts(term, by):
    return {
        "end": lambda: end(term, by),
        "resume": lambda: resume_term(term=term, seen=mark_of(term), by=by),
        "continue": lambda: go_on(term, by),
        "departure": lambda: confirm_departure(term=term, by=by, today=TODAY),
    }


def test_ending_leaves_a_trail_without_a_name(term, clerk):
    end(term, clerk, note="事情")

    entry = LogEntry.objects.get_for_object(term).filter(action=LogEntry.Action.UPDATE).get()
    assert set(entry.changes) == {"ends_on", "end_reason", "end_note"}
    assert term.staff.name not in str(entry.changes)


# --- Leaving the service ------------------------------------------------------------------------


def test_a_departure_ends_the_term_on_the_last_day_of_service(term, clerk):
    left(term, date(2026, 10, 31))

    for _ in range(2):
        confirm_departure(term=term, by=clerk, today=TODAY)

    assert as_stored(term) == (date(2026, 10, 31), "retired", "")
    assert LogEntry.objects.get_for_object(term).filter(action=LogEntry.Action.UPDATE).count() == 1


def test_a_departure_goes_before_a_later_end(term, clerk):
    end(term, clerk, reason="other", note="事情")
    left(term, date(2026, 10, 31))

    confirm_departure(term=term, by=clerk, today=TODAY)

    assert as_stored(term) == (date(2026, 10, 31), "retired", "事情")


def test_a_departure_leaves_an_earlier_end(term, clerk):
    end(term, clerk, date(2026, 9, 30))
    left(term, date(2026, 10, 31))

    with pytest.raises(AlreadyEndedError):
        confirm_departure(term=term, by=clerk, today=TODAY)

    assert as_stored(term)[:2] == (date(2026, 9, 30), "declined")


def test_who_left_before_the_first_day_ends_with_it(section, clerk):
    term = LeaderTermFactory(department=section, starts_on=date(2026, 11, 1))
    left(term, date(2026, 10, 1))

    confirm_departure(term=term, by=clerk, today=TODAY)

    assert as_stored(term)[0] == date(2026, 11, 1)


@pytest.mark.parametrize("on", [None, TODAY, date(2026, 12, 31)])
def test_nobody_departs_who_is_in_service(term, clerk, on):
    left(term, on)

    with pytest.raises(NoQuestionError):
        confirm_departure(term=term, by=clerk, today=TODAY)

    assert as_stored(term)[0] is None


# --- Taking an end back -------------------------------------------------------------------------


def test_an_end_entered_by_mistake_is_taken_back_once(term, clerk):
    end(term, clerk, note="誤り")
    seen = mark_of(LeaderTerm.objects.get(pk=term.pk))

    for _ in range(2):
        resume_term(term=term, seen=seen, by=clerk)

    assert as_stored(term) == (None, "", "")


def test_an_end_the_asker_did_not_see_stays(term, clerk):
    end(term, clerk)

    with pytest.raises(TermChangedError):
        resume_term(term=term, seen="2026-11-29/declined/0", by=clerk)

    assert as_stored(term)[0] == DAY


def test_a_term_somebody_followed_in_stays_ended(term, clerk):
    end(term, clerk)
    nomination = NominationFactory(cohort=term.cohort, replaces=term, status="approved")
    LeaderTermFactory(cohort=term.cohort, nomination=nomination, starts_on=date(2026, 12, 1))

    with pytest.raises(SucceededError, match="後任が任命されている"):
        resume_term(term=term, seen=mark_of(as_row(term)), by=clerk)

    assert as_stored(term)[0] == DAY


def test_a_nomination_not_yet_approved_hinders_nothing(term, clerk):
    end(term, clerk)
    NominationFactory(cohort=term.cohort, replaces=term, status="submitted")

    resume_term(term=term, seen=mark_of(as_row(term)), by=clerk)

    assert as_stored(term)[0] is None


def test_who_sits_again_in_the_cohort_has_no_second_open_term(term, clerk):
    end(term, clerk)
    LeaderTermFactory(cohort=term.cohort, staff=term.staff, starts_on=date(2026, 12, 1))

    with pytest.raises(SucceededError, match="もう一度任命"):
        resume_term(term=term, seen=mark_of(as_row(term)), by=clerk)


def test_who_sat_again_and_ended_keeps_the_first_end_too(term, clerk):
    end(term, clerk)
    LeaderTermFactory(
        cohort=term.cohort,
        staff=term.staff,
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 31),
        end_reason="declined",
    )

    with pytest.raises(SucceededError, match="もう一度任命"):
        resume_term(term=term, seen=mark_of(as_row(term)), by=clerk)

    assert as_stored(term)[0] == DAY


def test_who_left_after_the_cohort_gets_no_end_outside_it(term, clerk):
    left(term, date(2027, 4, 30))

    with pytest.raises(NoQuestionError, match="第1期が終わった後"):
        confirm_departure(term=term, by=clerk, today=date(2027, 5, 7))

    assert as_stored(term)[0] is None


def as_row(term):
    return LeaderTerm.objects.get(pk=term.pk)


# --- Going on -----------------------------------------------------------------------------------


def test_a_term_goes_on_over_a_move(term, clerk):
    there = moved(term).department

    made = go_on(term, clerk, reason=" 引継ぎが終わるまで。 ")

    assert (made.term, made.kind, made.department) == (term, "moved", there)
    assert (made.reason, made.decided_on, made.by) == ("引継ぎが終わるまで。", TODAY, clerk)


def test_a_term_goes_on_over_a_leave(term, clerk, section):
    moved(term, section, duty=Duty.LEAVE)

    made = go_on(term, clerk, kind="on_leave")

    assert (made.kind, made.department) == ("on_leave", section)


def test_going_on_twice_is_once(term, clerk):
    moved(term)
    seen = mark_of(term)

    first, second = (go_on(term, clerk, seen=seen) for _ in range(2))

    assert first == second
    assert Continuation.objects.count() == 1


def test_what_is_not_asked_is_not_answered(term, clerk):
    with pytest.raises(NoQuestionError):
        go_on(term, clerk)

    assert not Continuation.objects.exists()


def test_going_on_asks_for_a_reason(term, clerk):
    moved(term)

    with pytest.raises(NoReasonError):
        go_on(term, clerk, reason=" 　")


def test_going_on_does_not_overrule_what_was_not_seen(term, clerk):
    moved(term, duty=Duty.SECONDED)
    seen = mark_of(term)
    go_on(term, clerk, kind="on_leave")

    with pytest.raises(TermChangedError):
        go_on(term, clerk, kind="moved", seen=seen)


# --- At the same moment -------------------------------------------------------------------------


def outcomes(answers):
    return sorted(
        type(answer).__name__ if isinstance(answer, DomainError) else "done" for answer in answers
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_end_a_term_at_once_one_is_told(section):
    term = LeaderTermFactory(department=section)
    clerks, seen = UserFactory.create_batch(2), mark_of(term)

    answers = together(
        [
            lambda by=by, day=day: end(term, by, date(2026, 11, day), seen=seen)
            for by, day in zip(clerks, (29, 30), strict=True)
        ]
    )

    assert outcomes(answers) == ["AlreadyEndedError", "done"]
    done = next(one for one in answers if isinstance(one, LeaderTerm))
    assert as_stored(term)[0] == done.ends_on


@pytest.mark.django_db(transaction=True)
def test_of_ending_and_going_on_at_once_one_is_told(section):
    term = LeaderTermFactory(department=section, staff=placed(section))
    moved(term)
    first, second = UserFactory.create_batch(2)
    seen = mark_of(term)

    answers = together(
        [lambda: end(term, first, seen=seen), lambda: go_on(term, second, seen=seen)]
    )

    assert "done" in outcomes(answers)
    assert outcomes(answers) != ["done", "done"]
    assert (as_stored(term)[0] is None) == Continuation.objects.exists()
