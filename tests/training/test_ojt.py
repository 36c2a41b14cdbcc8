"""OJT: records within the period, confirmed by somebody else, until the hours are reached."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import TODAY, account
from tests.factories import (
    AttendanceFactory,
    FrozenYearFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Attendance, AttendanceChange, Evidence, EvidenceState
from training.proofs import ojt_of
from training.services import evidence as checking
from training.services import ojt
from training.services.evidence import Entry, seal
from training.services.locking import FrozenYearError, OfferingClosedError

FIRST, LAST = date(2026, 10, 1), date(2027, 3, 31)


def place_of(user, hours=10, **offering):
    made = OfferingFactory(
        course__category="ojt",
        course__hours=hours,
        **{"mode": "ojt", "starts_on": FIRST, "ends_on": LAST, **offering},
    )
    return AttendanceFactory(offering=made, staff=user.staff)


def write(place, user, day=1, hours="4", note="流れ図を書いた。", today=TODAY):
    on = day if isinstance(day, date) else date(2026, 10, day)
    return ojt.write_record(
        place=place, entry=Entry("", on, note, Decimal(hours)), by=user, today=today
    )


def confirm(record, user, seen=None, today=TODAY):
    return ojt.confirm_record(record=record, seen=seen or seal(record), by=user, today=today)


def state_of(place):
    place.refresh_from_db()
    return place.status, place.completed_on


# --- writing ------------------------------------------------------------------------------------


def test_a_record_bears_the_name_of_its_course_and_waits(staff):
    place = place_of(staff)

    record = write(place, staff)

    assert (record.kind, record.state, record.attendance) == ("ojt", "submitted", place)
    assert record.title == place.offering.course.title
    assert (record.obtained_on, record.hours) == (date(2026, 10, 1), 4)


def test_the_same_twice_is_one_and_a_second_of_the_day_is_told(staff):
    place = place_of(staff)

    first, second = write(place, staff), write(place, staff)

    assert first == second
    with pytest.raises(checking.AlreadyRecordedError, match="1日に1件"):
        write(place, staff, note="別のこと")
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "taken"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
    ],
)
def test_the_day_lies_in_the_period_and_has_come(staff, day, taken):
    place = place_of(staff)

    if taken:
        assert write(place, staff, day).pk
    else:
        with pytest.raises(ojt.OutsidePeriodError):
            write(place, staff, day)


def test_the_last_day_of_the_period_is_within_it(staff):
    place = place_of(staff)
    later = LAST + timedelta(days=1)

    assert write(place, staff, LAST, today=later).pk
    with pytest.raises(ojt.OutsidePeriodError):
        write(place, staff, later, today=later)


@pytest.mark.parametrize("status", ["waiting", "cancelled", "absent", "present", "notified"])
def test_only_a_booked_place_takes_records(staff, status):
    place = place_of(staff)
    Attendance.objects.filter(pk=place.pk).update(
        status=status,
        completed_on=TODAY if status == "present" else None,
        absence_reason="duty" if status == "notified" else "",
    )

    with pytest.raises(ojt.NotOnOjtError, match="記録を書けません"):
        write(place, staff)


def test_an_offering_that_is_no_ojt_takes_none(staff):
    with pytest.raises(ojt.NotOnOjtError):
        write(place_of(staff, mode="on_demand"), staff)


def test_nobody_writes_for_another(staff, hr):
    with pytest.raises(checking.NotOwnRecordError):
        write(place_of(staff), hr)


def test_a_returned_record_is_not_written_anew_but_corrected_where_it_stands(staff, head):
    place = place_of(staff)
    record = write(place, staff)
    checking.give_back(evidence=record, comment="指導した人を書く。", seen=seal(record), by=head)

    with pytest.raises(checking.ReturnedToBeCorrectedError):
        write(place, staff)

    assert Evidence.objects.get().state == EvidenceState.RETURNED


def test_a_returned_record_is_corrected_and_waits_again(staff, head):
    record = write(place_of(staff), staff)
    checking.give_back(evidence=record, comment="指導した人を書く。", seen=seal(record), by=head)

    corrected = ojt.correct_record(
        record=record,
        entry=Entry("", date(2026, 10, 2), "室長の指導", Decimal(5)),
        by=staff,
        today=TODAY,
    )

    assert (corrected.state, corrected.hours) == (EvidenceState.SUBMITTED, 5)
    assert corrected.title == record.title


# --- confirming ---------------------------------------------------------------------------------


def test_the_place_is_completed_on_the_day_whose_record_fills_the_hours(staff, head):
    place = place_of(staff, hours=10)
    records = [write(place, staff, day, hours) for day, hours in ((1, "4"), (8, "4"), (15, "2"))]

    confirm(records[0], head)
    confirm(records[1], head)
    before = state_of(place)
    confirm(records[2], head)

    assert before == ("booked", None)
    assert state_of(place) == ("present", date(2026, 10, 15))


def test_in_whatever_order_they_are_confirmed_the_day_is_the_same(staff, head):
    place = place_of(staff, hours=10)
    records = [write(place, staff, day, "5") for day in (1, 8)]

    confirm(records[1], head)
    confirm(records[0], head)

    assert state_of(place) == ("present", date(2026, 10, 8))


@pytest.mark.parametrize(("hours", "completes"), [("9.9", False), ("10", True), ("10.1", True)])
def test_the_hours_are_reached_exactly(staff, head, hours, completes):
    place = place_of(staff, hours=10)

    confirm(write(place, staff, 1, hours), head)

    assert (state_of(place)[0] == "present") is completes


def test_without_hours_on_the_course_the_first_confirmed_record_completes(staff, head):
    place = place_of(staff, hours=None)
    write(place, staff, 1, "1")

    confirm(write(place, staff, 8, "1"), head)

    assert state_of(place) == ("present", date(2026, 10, 8))


def test_what_waits_or_was_returned_fills_nothing(staff, head):
    place = place_of(staff, hours=8)
    write(place, staff, 1)
    returned = write(place, staff, 2)
    checking.give_back(evidence=returned, comment="詳しく。", seen=seal(returned), by=head)

    confirm(write(place, staff, 3), head)

    assert state_of(place) == ("booked", None)


def test_the_change_stands_in_the_history_with_who_and_why(staff, head):
    place = place_of(staff, hours=4)

    confirm(write(place, staff), head)

    change = AttendanceChange.objects.get(attendance=place)
    assert (change.old, change.new, change.by) == ("booked", "present", head)
    assert change.reason == "OJTの時間数に達したため"


def test_confirmed_twice_makes_one_change(staff, head):
    place = place_of(staff, hours=4)
    record = write(place, staff)
    seen = seal(record)

    first, second = confirm(record, head, seen), confirm(record, head, seen)

    assert first == second
    assert AttendanceChange.objects.count() == 1


def test_a_record_confirmed_after_the_completion_leaves_its_day(staff, head):
    place = place_of(staff, hours=4)
    late = write(place, staff, 1)
    confirm(write(place, staff, 8), head)

    confirm(late, head)

    assert state_of(place) == ("present", date(2026, 10, 8))
    assert AttendanceChange.objects.count() == 1


def test_nobody_confirms_their_own(head):
    record = write(place_of(head), head)

    with pytest.raises(checking.OwnEvidenceError):
        confirm(record, head)


def test_of_a_confirmed_record_there_is_no_way_back(staff, head, hr):
    record = write(place_of(staff), staff)
    confirm(record, head)

    with pytest.raises(checking.AlreadyCheckedError):
        checking.give_back(evidence=record, comment="詳しく。", seen=seal(record), by=hr)
    with pytest.raises(checking.AlreadyCheckedError):
        checking.withdraw(evidence=record, by=staff)


def test_a_place_a_clerk_marked_otherwise_meanwhile_is_not_overwritten(staff, head):
    place = place_of(staff, hours=4)
    record = write(place, staff)
    Attendance.objects.filter(pk=place.pk).update(status="absent")

    with pytest.raises(ojt.NotOnOjtError, match="「欠席」"):
        confirm(record, head)

    assert state_of(place) == ("absent", None)
    assert Evidence.objects.get().state == EvidenceState.SUBMITTED


@pytest.mark.parametrize("shut", ["closed_at", "cancelled_at"])
def test_a_shut_offering_takes_neither_records_nor_confirmations(staff, head, shut):
    place = place_of(staff, hours=4)
    record = write(place, staff)
    setattr(place.offering, shut, timezone.now())
    place.offering.save()

    with pytest.raises(OfferingClosedError):
        confirm(record, head)
    with pytest.raises(OfferingClosedError):
        write(place, staff, 2)

    assert state_of(place) == ("booked", None)


def test_a_frozen_year_takes_neither_records_nor_completions(staff, head):
    place = place_of(staff, hours=4, starts_on=date(2026, 3, 1))
    record = write(place, staff, date(2026, 3, 31))
    FrozenYearFactory(fiscal_year=FiscalYear(2025))

    with pytest.raises(FrozenYearError):
        confirm(record, head)
    with pytest.raises(FrozenYearError):
        write(place, staff, date(2026, 3, 30))

    assert state_of(place) == ("booked", None)
    assert Evidence.objects.get().state == EvidenceState.SUBMITTED
    assert write(place, staff, date(2026, 4, 1)).pk


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_confirm_two_records_at_once_complete_the_place_once():
    user = account(StaffMemberFactory())
    place = place_of(user, hours=8)
    records = [write(place, user, day) for day in (1, 8)]
    heads = [account(StaffMemberFactory()) for _ in records]
    acts = [
        lambda record=record, by=by, seen=seen: confirm(record, by, seen)
        for record, by, seen in zip(records, heads, map(seal, records), strict=True)
    ]

    answers = together(acts)

    assert [answer.state for answer in answers] == ["confirmed"] * 2
    assert state_of(place) == ("present", date(2026, 10, 8))
    assert AttendanceChange.objects.count() == 1


# --- how far it is ------------------------------------------------------------------------------


def test_the_progress_counts_what_is_confirmed_and_what_waits(staff, head):
    place = place_of(staff, hours=10)
    confirm(write(place, staff, 1, "2.5"), head)
    write(place, staff, 2, "1.5")

    (found,) = ojt_of(staff.staff_id)

    assert (found.confirmed, found.waiting) == (Decimal("2.5"), Decimal("1.5"))
    assert found.words == "確認済み 2.5 / 10.0 時間"
    assert found.takes_records


def test_the_progress_of_many_takes_two_queries(staff, django_assert_num_queries):
    for _ in range(4):
        write(place_of(staff), staff)

    with django_assert_num_queries(2):
        found = [(one.words, one.needed, len(one.records)) for one in ojt_of(staff.staff_id)]

    assert len(found) == 4
