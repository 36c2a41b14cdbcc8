"""Marking: every change kept, nobody's mark overwritten unseen."""

import random
from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from tests.conftest import TODAY, account
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Attendance, AttendanceChange, AttendanceStatus
from training.services.locking import OfferingClosedError
from training.services.marking import (
    Mark,
    Marked,
    NotYetHeldError,
    OwnMarkError,
    UnknownMarkError,
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

    assert (conflict.changed_by, conflict.changed_at) == ("一括取込", None)


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
@pytest.mark.parametrize("chosen", ["waiting", "finished", ""])
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
        ("cancelled", False),
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


@pytest.mark.django_db
def test_the_number_of_queries_is_the_same_for_10_and_200_people(
    django_assert_num_queries, django_assert_max_num_queries
):
    small, few = people(10)
    large, many = people(200)
    put(small, Mark(few[0].pk, BOOKED, LATE))  # fills Django's own caches
    with django_assert_max_num_queries(12) as counted:
        put(small, *(Mark(row.pk, BOOKED, PRESENT) for row in few[1:]))

    with django_assert_num_queries(len(counted)):
        put(large, *(Mark(row.pk, BOOKED, PRESENT) for row in many))

    assert large.attendances.filter(status=PRESENT).count() == 200


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(4))
def test_two_clerks_at_once_lose_no_mark_and_see_every_conflict(round_number):
    offering, rows = people(12)
    clerks = [account(StaffMemberFactory()) for _ in range(2)]
    draw = random.Random(round_number)  # noqa: S311 - a reproducible choice, no secret
    first = {row.pk: draw.choice([PRESENT, ABSENT]) for row in rows[:8]}
    second = {row.pk: draw.choice([LATE, EXCUSED]) for row in rows[4:]}
    pages = [
        [Mark(pk, BOOKED, chosen) for pk, chosen in draw.sample(list(page.items()), 8)]
        for page in (first, second)
    ]

    answers = together(
        [
            lambda clerk=clerk, page=page: mark(
                offering=offering, marks=page, by=clerk, today=TODAY
            )
            for clerk, page in zip(clerks, pages, strict=True)
        ]
    )

    contested = set(first) & set(second)
    now = dict(Attendance.objects.values_list("pk", "status"))
    # One of the two was first and wrote all of its page; the other wrote what was left.
    winner = 0 if answers[0].changed == 8 else 1
    loser = 1 - winner
    assert answers[winner] == Marked(changed=8)
    assert answers[loser].changed == 4
    assert {conflict.attendance_id for conflict in answers[loser].conflicts} == contested
    assert {conflict.changed_by for conflict in answers[loser].conflicts} == {
        clerks[winner].staff.name
    }
    wanted = [first, second][loser] | [first, second][winner]
    assert now == wanted
    kept = AttendanceChange.objects.values_list("attendance", "old", "new", "by")
    assert sorted(kept) == sorted(
        (pk, BOOKED, chosen, clerks[winner if pk in [first, second][winner] else loser].pk)
        for pk, chosen in wanted.items()
    )


@pytest.mark.django_db(transaction=True)
def test_the_same_page_sent_by_eight_at_once_makes_one_change():
    offering, rows = people(3)
    page = [Mark(row.pk, BOOKED, PRESENT) for row in rows]

    answers = together([lambda: mark(offering=offering, marks=page, by=None, today=TODAY)] * 8)

    assert sorted(answer.changed for answer in answers) == [0] * 7 + [3]
    assert not any(answer.conflicts for answer in answers)
    assert AttendanceChange.objects.count() == 3
    assert not Attendance.objects.exclude(status=AttendanceStatus.PRESENT).exists()
