"""Giving people places: everybody or nobody, and never one seat to two."""

from datetime import UTC, date, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from staff.models import StaffMember
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    DepartmentFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.forms.enrolment import EnrolForm
from training.models import Attendance, AttendanceChange, AttendanceStatus, Category, Offering
from training.services.enrolment import (
    BegunError,
    Enrolled,
    NoSignUpError,
    OfferingFullError,
    enrol,
    give_notice,
    sign_up,
    step_back,
    withdraw,
)
from training.services.locking import OfferingClosedError

HELD_ON = date(2026, 6, 1)


def form(**data):
    return EnrolForm(data, category=Category.MIND, on=HELD_ON)


@pytest.mark.django_db
def test_everybody_gets_a_place_of_the_course_category():
    offering = OfferingFactory(course__category=Category.SKILL)
    members = StaffMemberFactory.create_batch(3)

    done = enrol(offering=offering, members=members, by=None)

    assert done == Enrolled(added=3, already=0)
    places = Attendance.objects.filter(offering=offering)
    assert {place.staff_id for place in places} == {member.pk for member in members}
    assert {(place.status, place.category) for place in places} == {("booked", "skill")}


@pytest.mark.django_db
def test_nobody_gets_a_place_when_one_is_too_many():
    offering = OfferingFactory(capacity=3)
    AttendanceFactory(offering=offering)
    members = StaffMemberFactory.create_batch(3)

    with pytest.raises(OfferingFullError, match=r"残りは2席です。3人は登録できません。"):
        enrol(offering=offering, members=members, by=None)

    assert offering.attendances.count() == 1
    assert not AttendanceChange.objects.exists()


@pytest.mark.django_db
def test_exactly_as_many_as_there_are_seats_fit():
    offering = OfferingFactory(capacity=3)
    AttendanceFactory(offering=offering)

    done = enrol(offering=offering, members=StaffMemberFactory.create_batch(2), by=None)

    assert done.added == 2


@pytest.mark.django_db
def test_an_overfull_offering_says_no_seat_is_left():
    offering = OfferingFactory(capacity=1)
    AttendanceFactory.create_batch(2, offering=offering)

    with pytest.raises(OfferingFullError, match="残りは0席です"):
        enrol(offering=offering, members=[StaffMemberFactory()], by=None)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [AttendanceStatus.CANCELLED, AttendanceStatus.WAITING])
def test_cancelled_and_waiting_people_take_no_seat(status):
    offering = OfferingFactory(capacity=1)
    AttendanceFactory(offering=offering, status=status)

    done = enrol(offering=offering, members=[StaffMemberFactory()], by=None)

    assert done.added == 1


@pytest.mark.django_db
def test_those_who_have_a_place_keep_it_as_it_is_and_take_no_second_seat():
    offering = OfferingFactory(capacity=2)
    there = AttendanceFactory(offering=offering, status=AttendanceStatus.ABSENT)

    done = enrol(offering=offering, members=[there.staff, StaffMemberFactory()], by=None)

    there.refresh_from_db()
    assert done == Enrolled(added=1, already=1)
    assert there.status == AttendanceStatus.ABSENT
    assert offering.attendances.count() == 2


@pytest.mark.django_db
def test_a_cancelled_place_is_taken_up_again_and_the_change_is_kept(hr):
    offering = OfferingFactory(capacity=1)
    place = AttendanceFactory(offering=offering, status=AttendanceStatus.CANCELLED)

    done = enrol(offering=offering, members=[place.staff], by=hr)

    place.refresh_from_db()
    assert done == Enrolled(added=1, already=0)
    assert place.status == AttendanceStatus.BOOKED
    change = AttendanceChange.objects.get(attendance=place)
    assert (change.old, change.new, change.by) == ("cancelled", "booked", hr)


@pytest.mark.django_db
def test_a_cancelled_place_needs_a_free_seat_like_any_other():
    offering = OfferingFactory(capacity=1)
    AttendanceFactory(offering=offering)
    place = AttendanceFactory(offering=offering, status=AttendanceStatus.CANCELLED)

    with pytest.raises(OfferingFullError):
        enrol(offering=offering, members=[place.staff], by=None)

    place.refresh_from_db()
    assert place.status == AttendanceStatus.CANCELLED


@pytest.mark.django_db
def test_a_closed_offering_takes_nobody():
    offering = OfferingFactory(closed_at=timezone.now())

    with pytest.raises(OfferingClosedError, match="締め済み"):
        enrol(offering=offering, members=[StaffMemberFactory()], by=None)

    assert not Attendance.objects.exists()


@pytest.mark.django_db
def test_each_new_place_leaves_a_change_and_an_audit_entry_of_the_clerk(hr):
    offering = OfferingFactory()
    members = StaffMemberFactory.create_batch(2)

    enrol(offering=offering, members=members, by=hr)

    places = Attendance.objects.filter(offering=offering)
    changes = AttendanceChange.objects.filter(attendance__in=places)
    assert {(change.old, change.new, change.by) for change in changes} == {("", "booked", hr)}
    trail = LogEntry.objects.filter(
        content_type__model="attendance", object_id__in=places.values("pk"), actor=hr
    )
    assert {entry.changes["staff"][1] for entry in trail} == {member.pk for member in members}


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_people(
    django_assert_max_num_queries, django_assert_num_queries
):
    offering = OfferingFactory()
    enrol(offering=offering, members=[StaffMemberFactory()], by=None)  # fills Django's own caches
    few, many = StaffMemberFactory.create_batch(2), StaffMemberFactory.create_batch(40)
    with django_assert_max_num_queries(20) as counted:
        enrol(offering=offering, members=few, by=None)

    with django_assert_num_queries(len(counted)):
        enrol(offering=offering, members=many, by=None)


@pytest.mark.django_db
def test_those_who_are_there_can_be_named_again_even_where_more_came_than_there_are_seats():
    offering = OfferingFactory(capacity=1)
    there = AttendanceFactory.create_batch(2, offering=offering)

    done = enrol(offering=offering, members=[place.staff for place in there], by=None)

    assert done == Enrolled(added=0, already=2)


# --- signing up and stepping back ---------------------------------------------------------------

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)


def ask(offering, *members, at=NOON):
    return sign_up(offering=offering, members=list(members), by=None, today=TODAY, at=at)


def to_come(**values):
    return OfferingFactory(starts_on=date(2026, 12, 1), takes_signups=True, **values)


@pytest.mark.django_db
def test_seats_go_in_the_order_asked_and_the_rest_wait_in_it():
    offering = to_come(capacity=1)
    again, first, second = StaffMemberFactory.create_batch(3)
    given_up = AttendanceFactory(offering=offering, staff=again, status="cancelled")

    done = ask(offering, first, second, again)

    assert [place.staff for place in done.booked] == [first]
    assert [place.staff for place in done.waiting] == [second, again]
    assert list(offering.attendances.in_line()) == [done.waiting[0], given_up]


@pytest.mark.django_db
def test_a_request_made_earlier_that_came_later_stands_behind():
    offering = to_come(capacity=1)
    AttendanceFactory(offering=offering)
    (first,) = ask(offering, StaffMemberFactory()).waiting

    (second,) = ask(offering, StaffMemberFactory(), at=NOON - timedelta(minutes=1)).waiting

    assert list(offering.attendances.in_line()) == [first, second]


@pytest.mark.django_db
def test_nobody_passes_those_who_wait_even_when_a_seat_is_free():
    offering = OfferingFactory(
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 30),
        booking_closes_on=date(2026, 11, 30),
        takes_signups=True,
        capacity=2,
    )
    AttendanceFactory(offering=offering)
    first = AttendanceFactory(offering=offering, status="waiting", waiting_since=NOON)

    done = ask(offering, StaffMemberFactory())

    assert done.booked == []
    assert list(offering.attendances.in_line()) == [first, *done.waiting]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"takes_signups": False}, {"booking_closes_on": date(2026, 11, 22)}]
)
def test_an_offering_that_takes_no_sign_ups_now_refuses_them(values):
    offering = OfferingFactory(**{"starts_on": date(2026, 12, 1), "takes_signups": True} | values)

    with pytest.raises(NoSignUpError):
        ask(offering, StaffMemberFactory())

    assert not Attendance.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "mode", "may"),
    [
        (date(2026, 11, 24), "classroom", True),
        (date(2026, 11, 23), "classroom", False),
        (date(2026, 11, 14), "on_demand", True),
        (date(2026, 11, 13), "on_demand", False),
    ],
)
def test_people_step_back_until_the_eve_and_in_a_period_until_its_last_day(starts_on, mode, may):
    length = timedelta(days=9 if mode == "on_demand" else 0)
    place = AttendanceFactory(
        offering__starts_on=starts_on, offering__ends_on=starts_on + length, offering__mode=mode
    )

    if may:
        step_back(place=place, by=None, today=TODAY)
    else:
        with pytest.raises(BegunError):
            step_back(place=place, by=None, today=TODAY)

    place.refresh_from_db()
    assert place.status == (AttendanceStatus.CANCELLED if may else AttendanceStatus.BOOKED)


@pytest.mark.django_db
def test_an_offering_moved_since_the_page_was_opened_is_judged_as_it_is_now():
    place = AttendanceFactory(offering__starts_on=date(2026, 12, 1))
    Offering.objects.update(starts_on=TODAY, ends_on=TODAY)

    with pytest.raises(BegunError, match="開催日になったため"):
        step_back(place=place, by=None, today=TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_on", "mode", "moves"),
    [
        (date(2026, 11, 24), "classroom", True),
        (date(2026, 11, 23), "classroom", False),
        (date(2026, 11, 22), "classroom", False),
        (date(2026, 11, 14), "on_demand", True),
        (date(2026, 11, 13), "on_demand", False),
    ],
)
def test_a_seat_given_up_moves_somebody_up_until_the_eve_or_to_the_end_of_a_period(
    starts_on, mode, moves
):
    length = timedelta(days=9 if mode == "on_demand" else 0)
    offering = OfferingFactory(
        starts_on=starts_on, ends_on=starts_on + length, mode=mode, capacity=1
    )
    place = AttendanceFactory(offering=offering)
    next_one = AttendanceFactory(offering=offering, status="waiting", waiting_since=NOON)

    moved = withdraw(place=place, by=None, today=TODAY)

    assert moved == ([next_one] if moves else [])


# --- 欠席届 -------------------------------------------------------------------------------------


def give(place, reason="duty", note="通院のため"):
    return give_notice(place=place, absence_reason=reason, note=note, by=None, today=TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "again",
    [
        lambda place: enrol(offering=place.offering, members=[place.staff], by=None),
        lambda place: ask(place.offering, place.staff),
    ],
)
def test_who_books_again_after_a_notice_begins_anew(again):
    place = AttendanceFactory(offering=to_come())
    give(place)

    again(place)

    place.refresh_from_db()
    assert (place.status, place.absence_reason, place.note) == ("booked", "", "")


@pytest.mark.django_db
def test_another_reason_of_a_notice_is_kept_in_the_trail_and_the_same_twice_is_once():
    place = AttendanceFactory(offering=to_come())
    give(place)

    give(place, reason="holiday")
    give(place, reason="holiday")

    changes = list(place.changes.values_list("old", "new", "reason"))
    assert changes == [
        ("booked", "notified", "欠席届（公務）"),
        ("notified", "notified", "欠席届（休暇）"),
    ]


# --- whom the form means ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_department_means_everybody_in_it_and_in_the_units_under_it():
    section = DepartmentFactory()
    office = DepartmentFactory(parent=section, gives_leader=False)
    wanted = {AssignmentFactory(department=unit).staff for unit in (section, office)}
    AssignmentFactory()

    asked = form(department=section.pk)

    assert asked.is_valid()
    assert set(asked.cleaned_data["members"]) == wanted


@pytest.mark.django_db
def test_a_department_means_those_who_are_in_it_on_the_day_it_is_held():
    section = DepartmentFactory()
    gone = AssignmentFactory(department=section).staff
    AssignmentFactory(staff=gone, starts_on=HELD_ON)
    come = AssignmentFactory().staff
    AssignmentFactory(staff=come, department=section, starts_on=HELD_ON)
    AssignmentFactory(department=section, staff__left_on=date(2026, 5, 31))
    last_day = AssignmentFactory(department=section, staff__left_on=HELD_ON).staff

    asked = form(department=section.pk)

    assert asked.is_valid()
    assert set(asked.cleaned_data["members"]) == {come, last_day}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pasted",
    [
        "000011\n000012\n",
        "000011\t000012",
        "００００１１　000012",
        "000011、000012，000011",
        "\r\n000011,\r\n\r\n 000012 ",
    ],
)
def test_numbers_can_be_pasted_in_any_form_and_count_once(pasted):
    wanted = {StaffMemberFactory(number="000011"), StaffMemberFactory(number="000012")}

    asked = form(numbers=pasted)

    assert asked.is_valid()
    assert set(asked.cleaned_data["members"]) == wanted
    assert len(asked.cleaned_data["members"]) == 2


@pytest.mark.django_db
def test_a_number_nobody_in_service_has_is_named_and_nobody_is_taken():
    StaffMemberFactory(number="000011")
    StaffMemberFactory(number="000013", left_on=date(2026, 5, 31))

    asked = form(numbers="000011 999999 000013")

    assert not asked.is_valid()
    (words,) = asked.errors["numbers"]
    assert words == (
        "999999、000013は、開催日に在職している職員の番号ではありません。番号を直してください。"
    )


@pytest.mark.django_db
def test_what_is_no_number_at_all_is_named():
    asked = form(numbers="000011 山田")

    assert not asked.is_valid()
    assert asked.errors["numbers"][0].startswith("「山田」: 職員番号として読めません。")


@pytest.mark.django_db
def test_somebody_must_be_meant():
    asked = form(numbers=" \n ")

    assert asked.errors["__all__"] == ["所属を選ぶか、職員番号を入力してください。"]


@pytest.mark.django_db
def test_department_and_numbers_together_mean_both_each_once():
    section = DepartmentFactory()
    inside = AssignmentFactory(department=section).staff
    outside = StaffMemberFactory()

    asked = form(department=section.pk, numbers=f"{outside.number} {inside.number}")

    assert asked.is_valid()
    assert sorted(member.pk for member in asked.cleaned_data["members"]) == sorted(
        [inside.pk, outside.pk]
    )


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_asked_for_by_ten_at_once_goes_to_exactly_one():
    offering = OfferingFactory(capacity=2)
    AttendanceFactory(offering=offering)
    members = StaffMemberFactory.create_batch(10)

    answers = together(
        [
            lambda member=member: enrol(offering=offering, members=[member], by=None)
            for member in members
        ]
    )

    assert answers.count(Enrolled(added=1, already=0)) == 1
    refused = [answer for answer in answers if isinstance(answer, OfferingFullError)]
    assert len(refused) == 9
    assert all("残りは0席です" in str(error) for error in refused)
    assert offering.attendances.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_person_enrolled_by_two_clerks_at_once_has_one_place():
    offering = OfferingFactory()
    member = StaffMemberFactory()

    answers = together(
        [lambda: enrol(offering=offering, members=[StaffMember(pk=member.pk)], by=None)] * 2
    )

    assert sorted((answer.added, answer.already) for answer in answers) == [(0, 1), (1, 0)]
    assert offering.attendances.count() == 1
    assert AttendanceChange.objects.count() == 1
