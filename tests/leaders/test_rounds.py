"""HR opens a round, changes it, closes it early, opens it again: each once, and none unseen."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import Cohort
from leaders.services.rounds import (
    CohortOverError,
    RoundChangedMeanwhileError,
    RoundDaysError,
    RoundStateError,
    close_round,
    mark_of,
    reopen_round,
    set_round,
)
from tests.conftest import TODAY
from tests.factories import CohortFactory, NominationFactory

pytestmark = pytest.mark.django_db

NO_ROUND = {"nominations_open_on": None, "nominations_close_on": None}
OPENS, CLOSES = date(2026, 11, 1), date(2026, 11, 30)  # CohortFactory's round
ENDS = date(2027, 3, 31)
TOMORROW = TODAY + timedelta(days=1)


def put(cohort, by, opens_on, closes_on, **kwargs):
    given = {"instruction": "", "seen": mark_of(cohort), "today": TODAY}
    return set_round(cohort=cohort, by=by, opens_on=opens_on, closes_on=closes_on, **given | kwargs)


def close(cohort, by, today=TODAY):
    return close_round(cohort=cohort, by=by, today=today, at=timezone.now())


def reopen(cohort, by, closes_on=CLOSES, today=TODAY):
    return reopen_round(cohort=cohort, by=by, closes_on=closes_on, today=today)


# --- Its days and words -------------------------------------------------------------------------


def test_a_round_is_opened_with_days_and_words_and_leaves_its_trail(hr):
    cohort = CohortFactory(**NO_ROUND)

    changed = put(cohort, hr, TODAY, TOMORROW, instruction="1部署1名以上です。")

    cohort.refresh_from_db()
    assert changed
    assert (cohort.nominations_open_on, cohort.nominations_close_on) == (TODAY, TOMORROW)
    assert cohort.instruction == "1部署1名以上です。"
    entry = LogEntry.objects.get_for_object(cohort).filter(action=LogEntry.Action.UPDATE).get()
    assert entry.actor == hr


def test_the_same_sent_twice_changes_nothing(hr):
    cohort = CohortFactory(**NO_ROUND)
    seen = mark_of(cohort)
    put(cohort, hr, TODAY, TOMORROW, seen=seen)

    assert not put(cohort, hr, TODAY, TOMORROW, seen=seen)


def test_a_second_clerk_does_not_overwrite_what_they_have_not_seen(hr):
    cohort = CohortFactory()
    seen = mark_of(cohort)
    put(cohort, hr, OPENS, CLOSES, instruction="先に書いた案内")

    with pytest.raises(RoundChangedMeanwhileError) as refusal:
        put(cohort, hr, OPENS, CLOSES, instruction="後から書いた案内", seen=seen)

    assert refusal.value.now.instruction == "先に書いた案内"
    assert Cohort.objects.get().instruction == "先に書いた案内"


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "field", "words"),
    [
        (TODAY, None, "nominations_close_on", "両方入力してください。"),
        (None, TODAY, "nominations_open_on", "両方入力してください。"),
        (TOMORROW, TODAY, "nominations_close_on", "受付開始日以後の日にしてください。"),
        (TODAY - timedelta(days=1), TODAY, "nominations_open_on", "今日以後の日にしてください。"),
        (
            TODAY,
            ENDS + timedelta(days=1),
            "nominations_close_on",
            "第1期の最後の日（令和9年3月31日）までの日にしてください。",
        ),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field(hr, opens_on, closes_on, field, words):
    cohort = CohortFactory(**NO_ROUND)

    with pytest.raises(RoundDaysError, match=words) as refusal:
        put(cohort, hr, opens_on, closes_on)

    assert refusal.value.field == field
    assert Cohort.objects.get().nominations_open_on is None


def test_an_open_round_keeps_its_past_first_day_but_not_a_new_last_one_in_the_past(hr):
    cohort = CohortFactory()

    put(cohort, hr, OPENS, TODAY)
    cohort.refresh_from_db()

    assert cohort.nominations_close_on == TODAY
    with pytest.raises(RoundDaysError, match="締切日が過ぎた日です。"):
        put(cohort, hr, OPENS, TODAY - timedelta(days=1))


def test_the_words_can_be_changed_after_the_last_day(hr):
    cohort = CohortFactory()

    changed = put(cohort, hr, OPENS, CLOSES, instruction="後任の推薦", today=date(2026, 12, 10))

    assert changed


def test_a_round_is_taken_back_only_while_nobody_is_nominated(hr):
    cohort = CohortFactory()
    nominated = NominationFactory(cohort=cohort)

    with pytest.raises(RoundStateError, match="推薦がすでにあるため"):
        put(cohort, hr, None, None)
    nominated.status = "withdrawn"
    nominated.save()

    assert put(cohort, hr, None, None)


def test_a_closed_round_keeps_its_days(hr):
    cohort = CohortFactory(nominations_closed_at=timezone.now())

    with pytest.raises(RoundStateError, match="受付を再開してください。"):
        put(cohort, hr, OPENS, CLOSES + timedelta(days=1))


def over_by_calendar():
    return CohortFactory(first_year=FiscalYear(2024), last_year=FiscalYear(2025))


def over_by_hr():
    return CohortFactory(closed_at=timezone.now())


@pytest.mark.parametrize("over", [over_by_calendar, over_by_hr])
def test_a_cohort_that_is_over_has_no_round_any_more(hr, over):
    cohort = over()

    with pytest.raises(CohortOverError, match="次の期を選んでください。"):
        put(cohort, hr, OPENS, CLOSES, instruction="案内")
    with pytest.raises(CohortOverError):
        close(cohort, hr)
    cohort.nominations_closed_at = timezone.now()
    cohort.save()
    with pytest.raises(CohortOverError):
        reopen(cohort, hr)


# --- Closing and opening again ------------------------------------------------------------------


@pytest.mark.parametrize("today", [OPENS, CLOSES, CLOSES + timedelta(days=1)])
def test_a_round_is_closed_early_or_on_time_and_takes_nothing_any_more(hr, today):
    cohort = CohortFactory()

    assert close(cohort, hr, today=today)

    cohort.refresh_from_db()
    assert cohort.nominations_closed_at is not None
    assert not cohort.takes_nominations(OPENS)


def test_closed_twice_it_keeps_the_first_moment(hr):
    cohort = CohortFactory()
    close(cohort, hr)
    first = Cohort.objects.get().nominations_closed_at

    assert not close(cohort, hr)
    assert Cohort.objects.get().nominations_closed_at == first


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (NO_ROUND, "受付期間は決まっていません。"),
        (
            {"nominations_open_on": TOMORROW, "nominations_close_on": CLOSES},
            "推薦の受付は令和8年11月24日から始まります。",
        ),
    ],
)
def test_what_has_not_begun_is_not_closed(hr, days, words):
    with pytest.raises(RoundStateError, match=words):
        close(CohortFactory(**days), hr)

    assert Cohort.objects.get().nominations_closed_at is None


@pytest.mark.parametrize("closes_on", [TODAY, ENDS])
def test_a_closed_round_is_opened_again_until_a_new_day_and_twice_is_once(hr, closes_on):
    cohort = CohortFactory(nominations_closed_at=timezone.now())

    answers = [reopen(cohort, hr, closes_on) for _ in range(2)]

    cohort.refresh_from_db()
    assert answers == [True, False]
    assert (cohort.nominations_closed_at, cohort.nominations_close_on) == (None, closes_on)
    assert cohort.takes_nominations(TODAY)


def test_a_round_whose_last_day_has_passed_is_opened_again(hr):
    cohort = CohortFactory(nominations_close_on=TODAY - timedelta(days=1))

    assert reopen(cohort, hr, TODAY)


@pytest.mark.parametrize(
    ("closes_on", "words"),
    [
        (TODAY - timedelta(days=1), "今日以後の日にしてください。"),
        (ENDS + timedelta(days=1), "最後の日（令和9年3月31日）までの日にしてください。"),
    ],
)
def test_a_new_last_day_that_cannot_be_is_refused(hr, closes_on, words):
    cohort = CohortFactory(nominations_closed_at=timezone.now())

    with pytest.raises(RoundDaysError, match=words):
        reopen(cohort, hr, closes_on)

    assert Cohort.objects.get().nominations_closed_at is not None


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({}, "推薦は受付中です。"),
        (NO_ROUND, "まだ始まっていません。"),
        ({"nominations_open_on": TOMORROW}, "まだ始まっていません。"),
    ],
)
def test_only_what_was_closed_is_opened_again(hr, days, words):
    with pytest.raises(RoundStateError, match=words):
        reopen(CohortFactory(**days), hr, TOMORROW)
