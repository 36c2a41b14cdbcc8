"""Marking: every change kept, nobody's mark overwritten unseen."""

import random
from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from tests.conftest import TODAY, account
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    FrozenYearFactory,
    OfferingDayFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Attendance, AttendanceChange, AttendanceStatus
from training.services.enrolment import OfferingFullError
from training.services.locking import FrozenYearError, OfferingClosedError
from training.services.marking import (
    Mark,
    Marked,
    NotYetHeldError,
    NotYetOverError,
    OwnMarkError,
    UnknownMarkError,
    WaitingMarkError,
    mark,
)

BOOKED, PRESENT, LATE = "booked", "present", "late"
ABSENT, EXCUSED, LEFT_EARLY = "absent", "excused", "left_early"


def people(number, **kwargs):
    """An offering with so many booked people."""
    offering = OfferingFactory(**kwargs)
    return offering, AttendanceFactory.create_batch(number, offering=offering)


def put(offering, *marks, by=None, **kwargs):
    return mark(offering=offering, marks=list(marks), by=by, today=TODAY, **kwargs)


def state(row):
    row.refresh_from_db()
    return row.status, row.completed_on


@pytest.mark.django_db
def test_all_present_and_then_the_exceptions():
    offering, rows = people(4)
    put(offering, *(Mark(row.pk, BOOKED, PRESENT) for row in rows))

    done = put(offering, Mark(rows[1].pk, PRESENT, ABSENT), Mark(rows[2].pk, PRESENT, LATE))

    assert done == Marked(changed=2)
    assert [state(row)[0] for row in rows] == [PRESENT, ABSENT, LATE, PRESENT]


@pytest.mark.django_db
def test_each_change_is_kept_with_old_new_who_why_and_when(hr):
    offering, (row,) = people(1)
    put(offering, Mark(row.pk, BOOKED, PRESENT), by=hr)

    put(offering, Mark(row.pk, PRESENT, ABSENT), by=hr, reason="名札の取り違え")

    first, second = row.changes.all()
    assert (first.old, first.new, first.by, first.reason) == (BOOKED, PRESENT, hr, "")
    assert (second.old, second.new, second.by) == (PRESENT, ABSENT, hr)
    assert second.reason == "名札の取り違え"
    assert timezone.localdate(second.at) == TODAY


@pytest.mark.django_db
def test_a_mark_leaves_an_audit_entry_of_the_clerk(hr):
    offering, (row, _) = people(2)

    put(offering, Mark(row.pk, BOOKED, PRESENT), by=hr)

    (entry,) = LogEntry.objects.filter(actor=hr, content_type__model="attendance")
    assert (entry.object_id, entry.changes) == (row.pk, {"status": [BOOKED, PRESENT]})


@pytest.mark.django_db
def test_only_touched_rows_are_written():
    offering, (touched, untouched) = people(2)
    # What stands in the database now is not what this clerk saw, and it must not matter.
    Attendance.objects.filter(pk=untouched.pk).update(status=EXCUSED)

    done = put(offering, Mark(touched.pk, BOOKED, PRESENT), Mark(untouched.pk, BOOKED, BOOKED))

    assert done == Marked(changed=1)
    assert state(untouched)[0] == EXCUSED
    assert AttendanceChange.objects.get().attendance == touched


@pytest.mark.django_db
def test_a_conflict_names_who_changed_the_row_and_when_and_the_other_rows_are_saved(hr, admin):
    offering, (contested, free) = people(2)
    put(offering, Mark(contested.pk, BOOKED, PRESENT), by=admin)

    done = put(offering, Mark(contested.pk, BOOKED, ABSENT), Mark(free.pk, BOOKED, LATE), by=hr)

    (conflict,) = done.conflicts
    assert done.changed == 1
    assert (conflict.attendance_id, conflict.now, conflict.chosen) == (
        contested.pk,
        PRESENT,
        ABSENT,
    )
    assert conflict.changed_by == admin.staff.name
    assert conflict.changed_at == contested.changes.get().at
    assert state(contested)[0] == PRESENT
    assert state(free)[0] == LATE


@pytest.mark.django_db
def test_a_conflict_names_the_last_of_several_changes(hr, admin):
    offering, (row,) = people(1)
    put(offering, Mark(row.pk, BOOKED, PRESENT), by=hr)
    put(offering, Mark(row.pk, PRESENT, LATE), by=admin)

    (conflict,) = put(offering, Mark(row.pk, BOOKED, ABSENT), by=hr).conflicts

    assert (conflict.now, conflict.changed_by) == (LATE, admin.staff.name)


@pytest.mark.django_db
def test_a_conflict_with_an_imported_mark_says_so():
    offering, (row,) = people(1)
    Attendance.objects.filter(pk=row.pk).update(status=ABSENT)

    (conflict,) = put(offering, Mark(row.pk, BOOKED, PRESENT)).conflicts

    assert (conflict.changed_by, conflict.changed_at) == ("コマンド", None)


@pytest.mark.django_db
def test_a_conflict_with_an_account_without_a_person_names_the_account(hr):
    offering, (row,) = people(1)
    hr.staff = None
    hr.save()
    put(offering, Mark(row.pk, BOOKED, PRESENT), by=hr)

    (conflict,) = put(offering, Mark(row.pk, BOOKED, ABSENT)).conflicts

    assert conflict.changed_by == hr.username


@pytest.mark.django_db
def test_two_clerks_who_chose_the_same_do_not_clash():
    offering, (row,) = people(1)
    put(offering, Mark(row.pk, BOOKED, PRESENT))

    done = put(offering, Mark(row.pk, BOOKED, PRESENT))

    assert done == Marked(changed=0)


@pytest.mark.django_db
def test_the_same_page_sent_twice_makes_one_change():
    offering, rows = people(3)
    page = [Mark(row.pk, BOOKED, PRESENT) for row in rows]

    first, second = put(offering, *page), put(offering, *page)

    assert (first, second) == (Marked(changed=3), Marked(changed=0))
    assert AttendanceChange.objects.count() == 3


@pytest.mark.django_db
def test_one_s_own_mark_is_refused_and_with_it_the_whole_page():
    offering, (own, other) = people(2)
    clerk = account(own.staff)

    with pytest.raises(OwnMarkError, match="自分の出欠は自分では入力できません"):
        put(offering, Mark(other.pk, BOOKED, PRESENT), Mark(own.pk, BOOKED, PRESENT), by=clerk)

    assert state(own)[0] == state(other)[0] == BOOKED
    assert not AttendanceChange.objects.exists()


@pytest.mark.django_db
def test_one_s_own_row_left_as_it_is_is_no_offence():
    offering, (own, other) = people(2)

    done = put(
        offering,
        Mark(other.pk, BOOKED, PRESENT),
        Mark(own.pk, BOOKED, BOOKED),
        by=account(own.staff),
    )

    assert done.changed == 1


@pytest.mark.django_db
def test_a_row_of_another_offering_changes_nothing():
    offering, (row,) = people(1)
    foreign = AttendanceFactory()

    with pytest.raises(UnknownMarkError, match="この開催回にない人"):
        put(offering, Mark(row.pk, BOOKED, PRESENT), Mark(foreign.pk, BOOKED, PRESENT))

    assert state(row)[0] == state(foreign)[0] == BOOKED


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["waiting", "notified", "cancelled", "finished", ""])
def test_a_state_that_may_not_be_set_changes_nothing(chosen):
    offering, (row, other) = people(2)

    with pytest.raises(UnknownMarkError):
        put(offering, Mark(other.pk, BOOKED, PRESENT), Mark(row.pk, BOOKED, chosen))

    assert state(row)[0] == state(other)[0] == BOOKED


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "may"), [(0, True), (1, False)])
def test_marks_can_be_made_from_the_first_day_on(ahead, may):
    offering, (row,) = people(1, starts_on=TODAY + timedelta(days=ahead))

    if may:
        put(offering, Mark(row.pk, BOOKED, PRESENT))
    else:
        with pytest.raises(NotYetHeldError, match="開催日の前"):
            put(offering, Mark(row.pk, BOOKED, PRESENT))

    assert state(row)[0] == (PRESENT if may else BOOKED)


@pytest.mark.django_db
def test_a_closed_offering_takes_no_marks():
    offering, (row,) = people(1, closed_at=timezone.now())

    with pytest.raises(OfferingClosedError):
        put(offering, Mark(row.pk, BOOKED, PRESENT))

    assert state(row)[0] == BOOKED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "completes"),
    [
        (PRESENT, True),
        (LATE, True),
        (LEFT_EARLY, False),
        (ABSENT, False),
        (EXCUSED, False),
    ],
)
def test_only_presence_and_lateness_complete_on_the_last_day(chosen, completes):
    offering, (row,) = people(1, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 3))

    put(offering, Mark(row.pk, BOOKED, chosen))

    assert state(row) == (chosen, date(2026, 6, 3) if completes else None)


@pytest.mark.django_db
def test_within_a_running_period_a_completion_is_of_the_day_it_was_marked():
    offering, (row,) = people(1, starts_on=date(2026, 11, 1), ends_on=date(2027, 3, 31))

    put(offering, Mark(row.pk, BOOKED, PRESENT))

    assert state(row) == (PRESENT, TODAY)


@pytest.mark.django_db
def test_a_completion_corrected_to_lateness_keeps_its_day():
    row = CompletionFactory(completed_on=date(2026, 5, 10))

    put(row.offering, Mark(row.pk, PRESENT, LATE))

    assert state(row) == (LATE, date(2026, 5, 10))


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [ABSENT, EXCUSED, LEFT_EARLY, BOOKED])
def test_taking_a_completion_back_takes_its_day_back(chosen):
    row = CompletionFactory()

    put(row.offering, Mark(row.pk, PRESENT, chosen))

    assert state(row) == (chosen, None)
    assert row not in Attendance.objects.completed(TODAY)


# --- Several days, waiting people, notices, frozen years ----------------------------------------


def meeting_on(*days):
    """An offering that meets on just these days, with one booked person."""
    offering, (row,) = people(1, starts_on=days[0], ends_on=days[-1])
    for day in days:
        OfferingDayFactory(offering=offering, day=day)
    return offering, row


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [PRESENT, LATE])
def test_nobody_has_completed_several_days_before_the_last_of_them(chosen):
    offering, row = meeting_on(TODAY, TODAY + timedelta(days=7))

    with pytest.raises(NotYetOverError, match="令和8年11月30日まで続くため"):
        put(offering, Mark(row.pk, BOOKED, chosen))

    assert state(row) == (BOOKED, None)


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [ABSENT, EXCUSED, LEFT_EARLY])
def test_an_absence_is_marked_from_the_first_of_several_days_on(chosen):
    offering, row = meeting_on(TODAY, TODAY + timedelta(days=7))

    put(offering, Mark(row.pk, BOOKED, chosen))

    assert state(row) == (chosen, None)


@pytest.mark.django_db
@pytest.mark.parametrize("last", [TODAY, TODAY - timedelta(days=1)])
def test_several_days_are_completed_on_the_last_of_them(last):
    offering, row = meeting_on(last - timedelta(days=7), last)

    put(offering, Mark(row.pk, BOOKED, PRESENT))

    assert state(row) == (PRESENT, last)


@pytest.mark.django_db
def test_a_notice_is_marked_over_and_its_reason_goes():
    row = AttendanceFactory(status="notified", note="通院のため")

    put(row.offering, Mark(row.pk, "notified", PRESENT))

    assert state(row) == (PRESENT, row.offering.ends_on)
    assert (row.absence_reason, row.note) == ("", "")
    assert row.changes.get().old == "notified"


@pytest.mark.django_db
def test_a_remark_that_is_no_notice_s_stays():
    row = AttendanceFactory(note="途中入室")

    put(row.offering, Mark(row.pk, BOOKED, PRESENT))

    row.refresh_from_db()
    assert row.note == "途中入室"


@pytest.mark.django_db
@pytest.mark.parametrize(("capacity", "may"), [(2, False), (3, True), (None, True)])
def test_who_gave_notice_needs_a_seat_to_be_expected_again(capacity, may):
    offering, (booked,) = people(1, capacity=capacity)
    rows = AttendanceFactory.create_batch(2, offering=offering, status="notified")
    marks = [Mark(row.pk, "notified", BOOKED) for row in rows]

    if may:
        put(offering, *marks)
    else:
        with pytest.raises(OfferingFullError, match=r"残りは1席のため、欠席届の2人を.*。"):
            put(offering, *marks, Mark(booked.pk, BOOKED, LATE))

    assert {state(row)[0] for row in rows} == {BOOKED if may else "notified"}
    assert state(booked)[0] == BOOKED


@pytest.mark.django_db
def test_who_came_in_spite_of_a_notice_is_marked_even_where_the_room_is_full():
    offering, _ = people(1, capacity=1)
    row = AttendanceFactory(offering=offering, status="notified")

    put(offering, Mark(row.pk, "notified", PRESENT))

    assert state(row)[0] == PRESENT


@pytest.mark.django_db
def test_who_waits_for_a_seat_cannot_be_marked():
    offering, (booked,) = people(1)
    waiting = AttendanceFactory(offering=offering, status="waiting", waiting_since=timezone.now())

    with pytest.raises(WaitingMarkError, match="当日参加にする"):
        put(offering, Mark(booked.pk, BOOKED, LATE), Mark(waiting.pk, "waiting", PRESENT))

    assert state(waiting)[0] == "waiting"
    assert state(booked)[0] == BOOKED


@pytest.mark.django_db
def test_an_offering_of_a_frozen_year_takes_no_marks():
    FrozenYearFactory(fiscal_year=FiscalYear(2025))
    offering, (row,) = people(1, starts_on=date(2026, 3, 31))

    with pytest.raises(FrozenYearError, match="令和7年度の数値は確定済み"):
        put(offering, Mark(row.pk, BOOKED, ABSENT))

    assert state(row)[0] == BOOKED


@pytest.mark.django_db
def test_a_completion_of_a_frozen_year_stays_although_its_period_ends_in_an_open_one():
    FrozenYearFactory(fiscal_year=FiscalYear(2025))
    offering = OfferingFactory(starts_on=date(2026, 3, 1), ends_on=date(2026, 4, 30))
    old = CompletionFactory(offering=offering, completed_on=date(2026, 3, 31))
    new = CompletionFactory(offering=offering, completed_on=date(2026, 4, 1))

    with pytest.raises(FrozenYearError, match="令和7年度"):
        put(offering, Mark(old.pk, PRESENT, ABSENT))
    put(offering, Mark(new.pk, PRESENT, ABSENT))

    assert state(old) == (PRESENT, date(2026, 3, 31))
    assert state(new) == (ABSENT, None)


@pytest.mark.django_db
def test_no_completion_is_made_in_a_frozen_year_although_its_period_goes_on():
    FrozenYearFactory(fiscal_year=FiscalYear(2026))
    offering, (row,) = people(1, starts_on=TODAY, ends_on=date(2027, 4, 30))

    with pytest.raises(FrozenYearError, match="令和8年度"):
        put(offering, Mark(row.pk, BOOKED, PRESENT))

    assert state(row) == (BOOKED, None)


@pytest.mark.django_db
def test_a_reason_of_its_own_stays_with_its_mark_only():
    offering, (first, second) = people(2)

    put(
        offering,
        Mark(first.pk, BOOKED, PRESENT, reason="名簿の誤り"),
        Mark(second.pk, BOOKED, PRESENT),
        reason="出席簿",
    )

    assert (first.changes.get().reason, second.changes.get().reason) == ("名簿の誤り", "出席簿")


# --- Many at once -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_five_hundred_marks_take_the_queries_of_five(
    django_assert_num_queries, django_assert_max_num_queries
):
    small, few = people(6)
    large, many = people(500)
    put(small, Mark(few[0].pk, BOOKED, LATE))  # fills Django's own caches
    with django_assert_max_num_queries(12) as counted:
        put(small, *(Mark(row.pk, BOOKED, PRESENT) for row in few[1:]))

    with django_assert_num_queries(len(counted)):
        put(large, *(Mark(row.pk, BOOKED, PRESENT) for row in many))

    assert large.attendances.filter(status=PRESENT).count() == 500


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_conflicts(
    django_assert_num_queries, django_assert_max_num_queries, hr
):
    offering, rows = people(40)
    put(offering, *(Mark(row.pk, BOOKED, PRESENT) for row in rows), by=hr)
    with django_assert_max_num_queries(12) as counted:
        put(offering, Mark(rows[0].pk, BOOKED, ABSENT))

    with django_assert_num_queries(len(counted)):
        done = put(offering, *(Mark(row.pk, BOOKED, ABSENT) for row in rows))

    assert len(done.conflicts) == 40


ROUNDS = 200
# Each clerk marks twenty of thirty people, so ten are contested; pages are sent in three pieces.
FIRST, SECOND, PIECE = slice(0, 20), slice(10, 30), 7


def clerks_work(offering, clerk, page):
    """Send a page in pieces, as the grid does; which rows were written, which clashed with whom."""
    written, clashed = set(), {}
    for start in range(0, len(page), PIECE):
        piece = page[start : start + PIECE]
        done = mark(offering=offering, marks=piece, by=clerk, today=TODAY)
        clashed |= {clash.attendance_id: clash for clash in done.conflicts}
        written |= {one.attendance_id for one in piece} - set(clashed)
    return written, clashed


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_lose_no_mark_and_see_every_conflict_in_200_rounds():
    offering, rows = people(30)
    clerks = [account(StaffMemberFactory()) for _ in range(2)]
    draw = random.Random(4)  # noqa: S311 - a reproducible choice, no secret
    won = [0, 0]
    for _ in range(ROUNDS):
        # What the two choose never agrees, so that every contested row clashes.
        chosen = [
            {row.pk: draw.choice([PRESENT, ABSENT]) for row in rows[FIRST]},
            {row.pk: draw.choice([LATE, EXCUSED]) for row in rows[SECOND]},
        ]
        pages = [
            [Mark(pk, BOOKED, status) for pk, status in draw.sample(list(page.items()), len(page))]
            for page in chosen
        ]
        Attendance.objects.update(status=BOOKED, completed_on=None)
        before = AttendanceChange.objects.count()

        answers = together(
            [
                lambda clerk=clerk, page=page: clerks_work(offering, clerk, page)
                for clerk, page in zip(clerks, pages, strict=True)
            ]
        )

        written, clashed = zip(*answers, strict=True)
        contested = set(chosen[0]) & set(chosen[1])
        assert len(contested) == 10
        assert not written[0] & written[1]
        assert set(clashed[0]) | set(clashed[1]) == contested
        for clerk, other in ((0, 1), (1, 0)):
            won[clerk] += len(contested & written[clerk])
            assert written[clerk] | set(clashed[clerk]) == set(chosen[clerk])
            assert set(clashed[clerk]) <= written[other]
            for pk, clash in clashed[clerk].items():
                assert clash.now == chosen[other][pk]
                assert clash.changed_by == clerks[other].staff.name
        wanted = {pk: chosen[clerk][pk] for clerk in (0, 1) for pk in written[clerk]}
        assert dict(Attendance.objects.values_list("pk", "status")) == wanted
        kept = AttendanceChange.objects.order_by("pk")[before:]
        assert sorted(kept.values_list("attendance", "old", "new", "by")) == sorted(
            (pk, BOOKED, status, clerks[0 if pk in written[0] else 1].pk)
            for pk, status in wanted.items()
        )
    assert min(won) > 0, "one of the two was always first: they did not meet"


@pytest.mark.django_db(transaction=True)
def test_the_same_page_sent_by_eight_at_once_makes_one_change():
    offering, rows = people(3)
    page = [Mark(row.pk, BOOKED, PRESENT) for row in rows]

    answers = together([lambda: mark(offering=offering, marks=page, by=None, today=TODAY)] * 8)

    assert sorted(answer.changed for answer in answers) == [0] * 7 + [3]
    assert not any(answer.conflicts for answer in answers)
    assert AttendanceChange.objects.count() == 3
    assert not Attendance.objects.exclude(status=AttendanceStatus.PRESENT).exists()
