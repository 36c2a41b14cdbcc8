"""Taking back: a beginning to come, a verdict, a closing; by HR, never about oneself."""

from datetime import UTC, date, datetime

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from agano_dx.lib.errors import DomainError
from leaders.closing import outcome
from leaders.models import LeaderTerm, SpecialistDesignation
from leaders.services.specialists import OwnDesignationError
from leaders.services.terms import (
    NoReasonError,
    OwnTermError,
    SucceededError,
    TermChangedError,
    TermSettledError,
)
from leaders.services.undoing import (
    BegunError,
    GoneError,
    InUseError,
    cancel_designation,
    cancel_term,
    reopen_cohort,
    undecide_term,
)
from tests.conftest import TODAY, account
from tests.factories import (
    ActivityFactory,
    ContinuationFactory,
    LeaderTermFactory,
    NominationFactory,
    SpecialistDesignationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
NEXT = date(2026, 12, 1)
OVER = {"ends_on": date(2026, 10, 31), "end_reason": "moved", "completed": True}
OVER |= {"decided_on": TODAY, "decision_reason": "実績による"}


@pytest.fixture
def clerk():
    return UserFactory()


def cancel(term, by, reason="本人が辞退したため。"):
    return cancel_term(term=term, reason=reason, by=by, today=TODAY, at=AT)


def undecide(term, by, seen=None, reason="誤り"):
    seen = outcome(term).mark if seen is None else seen
    return undecide_term(term=term, seen=seen, reason=reason, by=by, today=TODAY)


def test_who_declines_before_the_first_day_never_led(clerk):
    nomination = NominationFactory(status="approved")
    term = LeaderTermFactory(cohort=nomination.cohort, nomination=nomination, starts_on=NEXT)
    ContinuationFactory(term=term)
    key = term.pk

    cancel(term, clerk)

    nomination.refresh_from_db()
    (event,) = nomination.events.all()
    entry = LogEntry.objects.get(action=LogEntry.Action.DELETE, object_id=key, actor=clerk)
    assert not LeaderTerm.objects.exists()
    assert (nomination.status, nomination.version) == ("withdrawn", 2)
    assert (event.act, event.by, event.at, event.comment) == (
        "withdrawn",
        clerk,
        AT,
        "本人が辞退したため。",
    )
    assert entry.changes["starts_on"] == ["2026-12-01", None]
    assert entry.additional_data == {"reason": "本人が辞退したため。"}


def test_a_term_cancelled_already_is_told(clerk):
    term = LeaderTermFactory(starts_on=NEXT)
    again = LeaderTerm.objects.get(pk=term.pk)
    cancel(term, clerk)

    with pytest.raises(GoneError):
        cancel(again, clerk)


def test_what_has_begun_is_not_cancelled(clerk):
    with pytest.raises(BegunError, match="任期を終える"):
        cancel(LeaderTermFactory(starts_on=TODAY), clerk)


def test_cancelling_asks_for_a_reason(clerk):
    with pytest.raises(NoReasonError):
        cancel(LeaderTermFactory(starts_on=NEXT), clerk, reason=" ")


@pytest.mark.parametrize("act", [cancel, undecide])
def test_nobody_takes_back_what_concerns_themself(act):
    term = LeaderTermFactory(starts_on=NEXT)

    with pytest.raises(OwnTermError):
        act(term, account(term.staff, "hr"))


@pytest.mark.parametrize("act", [cancel, undecide])
def test_nothing_is_taken_back_in_a_closed_cohort(clerk, act):
    term = LeaderTermFactory(starts_on=NEXT, cohort__closed_at=AT)

    with pytest.raises(TermSettledError, match="先に終了処理を取り消して"):
        act(term, clerk)


@pytest.mark.parametrize(
    ("status", "error"), [("submitted", InUseError), ("approved", SucceededError)]
)
def test_a_term_with_a_successor_is_not_cancelled(clerk, status, error):
    term = LeaderTermFactory(starts_on=NEXT)
    nomination = NominationFactory(cohort=term.cohort, replaces=term, status=status)
    if status == "approved":
        LeaderTermFactory(cohort=term.cohort, nomination=nomination)

    with pytest.raises(error):
        cancel(term, clerk)


def test_a_successor_nominated_and_withdrawn_hinders_nothing(clerk):
    term = LeaderTermFactory(starts_on=NEXT)
    nomination = NominationFactory(cohort=term.cohort, replaces=term, status="withdrawn")

    cancel(term, clerk)

    nomination.refresh_from_db()
    assert nomination.replaces is None


def test_a_term_with_activities_is_not_cancelled(clerk):
    with pytest.raises(InUseError, match="活動"):
        cancel(ActivityFactory(term__starts_on=NEXT).term, clerk)


def test_a_verdict_is_taken_back_and_the_reason_stays_in_the_log(clerk):
    term = undecide(LeaderTermFactory(**OVER), clerk)

    term.refresh_from_db()
    entry = LogEntry.objects.get(actor=clerk)
    assert (term.is_decided, term.decision_reason, term.ends_on) == (False, "", OVER["ends_on"])
    assert entry.changes["completed"] == [True, False]
    assert entry.additional_data == {"reason": "誤り"}


def test_taking_a_verdict_back_twice_is_once(clerk):
    term = LeaderTermFactory(**OVER)
    seen = outcome(term).mark

    for _ in range(2):
        undecide(term, clerk, seen)

    assert LogEntry.objects.filter(actor=clerk).count() == 1


def test_a_verdict_the_asker_did_not_see_stays(clerk):
    with pytest.raises(TermChangedError):
        undecide(LeaderTermFactory(**OVER), clerk, seen="other")


def test_a_verdict_somebody_was_designated_by_stays(clerk):
    term = LeaderTermFactory(**OVER)
    SpecialistDesignationFactory(staff=term.staff, route="leader", starts_on=TODAY)

    with pytest.raises(InUseError, match="先に専門分野人材の画面"):
        undecide(term, clerk)


def test_a_closing_is_taken_back_once_and_the_verdicts_stay(clerk):
    term = LeaderTermFactory(cohort__closed_at=AT, **OVER)

    answers = [reopen_cohort(cohort=term.cohort, by=clerk) for _ in range(2)]

    term = LeaderTerm.objects.get(pk=term.pk)
    assert answers == [True, False]
    assert (term.cohort.closed_at, term.is_decided) == (None, True)
    assert LogEntry.objects.filter(actor=clerk).count() == 1


def test_a_planned_designation_is_taken_back_once(clerk):
    planned = SpecialistDesignationFactory(starts_on=NEXT)
    again = SpecialistDesignation.objects.get(pk=planned.pk)
    asked = {"reason": "辞退", "by": clerk, "today": TODAY}

    cancel_designation(designation=planned, **asked)

    with pytest.raises(GoneError):
        cancel_designation(designation=again, **asked)
    assert LogEntry.objects.get(actor=clerk).additional_data == {"reason": "辞退"}
    assert not SpecialistDesignation.objects.exists()


def test_a_designation_in_force_is_ended_and_not_cancelled(clerk):
    designation = SpecialistDesignationFactory(starts_on=TODAY)

    with pytest.raises(BegunError, match="終了する"):
        cancel_designation(designation=designation, reason="辞退", by=clerk, today=TODAY)


def test_nobody_cancels_their_own_designation():
    designation = SpecialistDesignationFactory(starts_on=NEXT)
    own = account(designation.staff, "hr")

    with pytest.raises(OwnDesignationError):
        cancel_designation(designation=designation, reason="辞退", by=own, today=TODAY)


# --- The pages ----------------------------------------------------------------------------------


def test_the_term_page_leads_to_what_can_be_taken_back(client_of, hr):
    coming = LeaderTermFactory(starts_on=NEXT)
    decided = LeaderTermFactory(**OVER)
    client = client_of(hr)

    for term, here, elsewhere in (
        (coming, "leaders:term_cancel", "leaders:term_undecide"),
        (decided, "leaders:term_undecide", "leaders:term_cancel"),
    ):
        html = client.get(term.get_absolute_url()).content.decode()
        assert reverse(here, args=[term.pk]) in html
        assert reverse(elsewhere, args=[term.pk]) not in html


def test_the_reason_is_kept_when_the_act_is_refused(client_of, hr):
    term = LeaderTermFactory(starts_on=TODAY)

    page = client_of(hr).post(reverse("leaders:term_cancel", args=[term.pk]), {"reason": "辞退"})

    html = page.content.decode()
    assert "就任を取り消せません" in html
    assert "辞退</textarea>" in html


def test_a_verdict_is_taken_back_from_its_page(client_of, hr):
    term = LeaderTermFactory(**OVER)
    client, address = client_of(hr), reverse("leaders:term_undecide", args=[term.pk])

    seen = client.get(address).context["form"]["seen"].value()
    answer = client.post(address, {"seen": seen, "reason": "誤り"}, follow=True)

    term.refresh_from_db()
    assert "判定を取り消しました。" in answer.content.decode()
    assert not term.is_decided


def test_a_closed_cohort_offers_to_take_the_closing_back(client_of, hr, admin):
    term = LeaderTermFactory(cohort__closed_at=AT, **OVER)
    page = reverse("leaders:cohort_close", args=[term.cohort.number])
    address = reverse("leaders:cohort_reopen", args=[term.cohort.number])

    assert address in client_of(hr).get(page).content.decode()
    assert address not in client_of(admin).get(page).content.decode()


def test_every_refusal_is_a_whole_sentence(clerk):
    with pytest.raises(DomainError) as refusal:
        cancel(LeaderTermFactory(starts_on=TODAY), clerk)

    assert str(refusal.value).endswith("。")
