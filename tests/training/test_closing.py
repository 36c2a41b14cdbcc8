"""Closing an offering when everybody is marked, and opening it again for a reason."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    FrozenYearFactory,
    OfferingFactory,
)
from tests.together import together
from training.models import OfferingEvent
from training.services.closing import (
    NoReasonError,
    StillRunningError,
    UnmarkedError,
    close,
    reopen,
)
from training.services.locking import FrozenYearError, OfferingClosedError
from training.services.offerings import ChangedMeanwhileError, save_offering

pytestmark = pytest.mark.django_db


def shut(offering, by=None):
    return close(offering=offering, by=by, today=TODAY, at=timezone.now())


def events(offering):
    return list(offering.events.values_list("kind", "by", "reason"))


def is_closed(offering):
    offering.refresh_from_db()
    return offering.closed_at is not None


def test_an_offering_is_closed_once_everybody_is_marked(hr):
    offering = CompletionFactory().offering
    for status in ("late", "left_early", "absent", "excused", "notified", "cancelled", "waiting"):
        AttendanceFactory(
            offering=offering,
            status=status,
            completed_on=offering.ends_on if status == "late" else None,
        )

    shut(offering, by=hr)

    assert is_closed(offering)
    assert events(offering) == [("closed", hr.pk, "")]
    assert LogEntry.objects.filter(
        content_type__model="offering", object_id=offering.pk, action=LogEntry.Action.UPDATE
    ).exists()


def test_somebody_without_a_mark_keeps_it_open_and_is_named():
    offering = CompletionFactory().offering
    unmarked = AttendanceFactory(offering=offering)

    with pytest.raises(UnmarkedError) as refusal:
        shut(offering)

    assert f"未入力の人が1人います（{unmarked.staff.name}）。" in str(refusal.value)
    assert not is_closed(offering)
    assert events(offering) == []


def test_of_many_without_a_mark_ten_are_named():
    offering = OfferingFactory()
    AttendanceFactory.create_batch(12, offering=offering)

    with pytest.raises(UnmarkedError, match=r"12人います（.*ほか）"):
        shut(offering)


@pytest.mark.parametrize("ahead", [0, 1])
def test_an_offering_is_closed_on_its_last_day_at_the_earliest(ahead):
    offering = OfferingFactory(starts_on=TODAY, ends_on=TODAY + timedelta(days=ahead))

    if ahead:
        with pytest.raises(StillRunningError, match="その日から後に締めてください"):
            shut(offering)
    else:
        shut(offering)

    assert is_closed(offering) is (ahead == 0)


def test_an_offering_called_off_is_not_closed():
    offering = OfferingFactory(cancelled_at=timezone.now())

    with pytest.raises(OfferingClosedError, match="中止"):
        shut(offering)

    assert not is_closed(offering)


def test_closing_twice_is_closing_once():
    offering = OfferingFactory()

    first, second = shut(offering), shut(offering)

    assert first.closed_at == second.closed_at
    assert len(events(offering)) == 1


def test_reopening_keeps_its_reason_and_marks_can_be_made_again(hr):
    offering = OfferingFactory()
    shut(offering)

    reopen(offering=offering, reason=" 入力の誤りのため ", by=hr)
    reopen(offering=offering, reason="もう一度", by=hr)

    assert not is_closed(offering)
    assert events(offering)[1:] == [("reopened", hr.pk, "入力の誤りのため")]


@pytest.mark.parametrize("reason", ["", "  "])
def test_reopening_asks_for_a_reason(reason):
    offering = shut(OfferingFactory())

    with pytest.raises(NoReasonError, match="理由を入力してください"):
        reopen(offering=offering, reason=reason, by=None)

    assert is_closed(offering)


def test_a_frozen_year_is_neither_closed_nor_opened():
    running = OfferingFactory(starts_on=date(2026, 3, 1))
    closed = shut(OfferingFactory(starts_on=date(2026, 3, 2)))
    FrozenYearFactory(fiscal_year=FiscalYear(2025))

    with pytest.raises(FrozenYearError):
        shut(running)
    with pytest.raises(FrozenYearError):
        reopen(offering=closed, reason="直すため", by=None)

    assert is_closed(closed)
    assert not is_closed(running)


def test_a_form_opened_before_closing_does_not_write_the_open_state_back():
    offering = OfferingFactory()
    seen = offering.version
    shut(offering)
    reopen(offering=offering, reason="直すため", by=None)
    offering.venue = "第2会議室"

    with pytest.raises(ChangedMeanwhileError):
        save_offering(offering=offering, days=[], seen_version=seen, by=None, today=TODAY)


@pytest.mark.django_db(transaction=True)
def test_closed_by_six_at_once_it_is_closed_once():
    offering = OfferingFactory()

    answers = together([lambda: shut(offering)] * 6)

    assert len({answer.closed_at for answer in answers}) == 1
    assert OfferingEvent.objects.count() == 1
