"""Who is reminded on a day, and how. 20 November 2026 is a Friday, the 23rd a holiday."""

from datetime import UTC, date, datetime, time

import pytest

from staff.models import Duty
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    OfferingFactory,
    ProgrammeFactory,
    ReminderFactory,
)
from training.models import Attendance, Mode, ReminderKind
from training.reminders import Pace, due, goes_by_mail

pytestmark = pytest.mark.django_db

PACE = Pace(before=3, after_absence=1)


def booked(starts_on, member=None, **values):
    member = member or AssignmentFactory().staff
    return AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=starts_on, **values))


def missed(ended_on, status="absent", member=None):
    member = member or AssignmentFactory().staff
    return AttendanceFactory(
        staff=member, offering=OfferingFactory(starts_on=ended_on), status=status
    )


def reminded(today, pace=PACE):
    return [(letter.attendance, str(letter.kind)) for letter in due(today, pace)]


# --- Before an offering -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "is_due"),
    [
        (date(2026, 11, 18), False),
        (date(2026, 11, 19), True),  # Thu 19, Fri 20, Tue 24: three working days before Wed 25
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), True),  # a day on which nothing ran is made up for
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), False),  # begun
        (date(2026, 11, 26), False),
    ],
)
def test_whoever_is_booked_is_reminded_from_three_working_days_before_to_the_eve(today, is_due):
    place = booked(date(2026, 11, 25))

    assert reminded(today) == ([(place, "before")] if is_due else [])


@pytest.mark.parametrize(
    "status", ["waiting", "cancelled", "notified", "excused", "absent", "present"]
)
def test_only_booked_places_are_reminded_of(status):
    place = booked(date(2026, 11, 25))
    completed_on = date(2026, 11, 25) if status == "present" else None
    reason = "duty" if status == "notified" else ""
    Attendance.objects.filter(pk=place.pk).update(
        status=status, completed_on=completed_on, absence_reason=reason
    )

    assert reminded(date(2026, 11, 20)) == []


def test_an_offering_that_was_called_off_reminds_nobody():
    booked(date(2026, 11, 25), cancelled_at=datetime(2026, 11, 1, tzinfo=UTC))

    assert reminded(date(2026, 11, 20)) == []


def test_one_reminder_a_place_until_the_offering_is_moved():
    place = booked(date(2026, 11, 25))
    ReminderFactory(attendance=place)
    before = reminded(date(2026, 11, 20))

    place.offering.starts_on = place.offering.ends_on = date(2026, 11, 26)
    place.offering.save()

    assert before == []
    assert reminded(date(2026, 11, 20)) == [(place, "before")]


@pytest.mark.parametrize("duty", [Duty.LEAVE, Duty.CHILDCARE, Duty.SECONDED])
def test_nobody_on_leave_is_reminded(duty):
    booked(date(2026, 11, 25), AssignmentFactory(duty=duty).staff)

    assert reminded(date(2026, 11, 20)) == []


@pytest.mark.parametrize(("left_on", "is_due"), [(24, False), (25, True)])
def test_whoever_leaves_before_the_offering_is_not_reminded(left_on, is_due):
    member = AssignmentFactory(staff__left_on=date(2026, 11, left_on)).staff
    booked(date(2026, 11, 25), member)

    assert bool(reminded(date(2026, 11, 20))) == is_due


# --- After an absence ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "is_due"),
    [
        (date(2026, 11, 20), False),
        (date(2026, 11, 23), False),  # a holiday: no working day has passed yet
        (date(2026, 11, 24), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 4), True),
        (date(2026, 12, 7), False),  # too long ago
    ],
)
def test_whoever_was_absent_hears_after_one_working_day_and_for_two_weeks(today, is_due):
    ProgrammeFactory()
    place = missed(date(2026, 11, 20))

    assert reminded(today) == ([(place, "absent")] if is_due else [])


@pytest.mark.parametrize(
    ("status", "is_due"),
    [
        ("absent", True),
        ("left_early", True),
        ("notified", True),
        ("excused", False),
        ("booked", False),
        ("cancelled", False),
    ],
)
def test_missing_it_is_absence_leaving_early_and_notice(status, is_due):
    ProgrammeFactory()
    missed(date(2026, 11, 19), status)

    assert bool(reminded(date(2026, 11, 20))) == is_due


def test_whoever_waited_in_vain_elsewhere_hears_of_the_absence():
    ProgrammeFactory()
    place = missed(date(2026, 11, 19))
    AttendanceFactory(staff=place.staff, status="waiting", offering__starts_on=date(2026, 11, 18))

    assert reminded(date(2026, 11, 20)) == [(place, "absent")]


def test_whoever_has_completed_it_elsewhere_or_booked_again_is_left_alone():
    ProgrammeFactory()
    done, again = missed(date(2026, 11, 19)), missed(date(2026, 11, 19))
    CompletionFactory(staff=done.staff, offering=OfferingFactory(starts_on=date(2026, 11, 2)))
    booked(date(2027, 2, 1), again.staff)

    assert reminded(date(2026, 11, 20)) == []


def test_a_course_that_no_row_of_the_plan_owes_reminds_nobody_of_absence():
    missed(date(2026, 11, 19))
    ProgrammeFactory(category="skill")

    assert reminded(date(2026, 11, 20)) == []


def test_nothing_is_sent_where_the_pace_is_zero():
    ProgrammeFactory()
    booked(date(2026, 11, 24))
    missed(date(2026, 11, 19))

    assert reminded(date(2026, 11, 20), Pace(before=0, after_absence=0)) == []
    assert len(reminded(date(2026, 11, 20))) == 2


def test_the_queries_do_not_grow_with_the_people(django_assert_max_num_queries):
    ProgrammeFactory()
    for _ in range(11):
        booked(date(2026, 11, 25))
        missed(date(2026, 11, 19))

    with django_assert_max_num_queries(8):
        letters = due(date(2026, 11, 20), PACE)

    assert len(letters) == 22


# --- The words ----------------------------------------------------------------------------------


def letter_for(place, today=date(2026, 11, 20)):
    [letter] = due(today, PACE)
    assert letter.attendance == place
    return letter


def test_the_letter_before_tells_course_day_time_and_place():
    member = AssignmentFactory(staff__name="見本　太郎").staff
    place = booked(
        date(2026, 11, 25),
        member,
        starts_at=time(13, 30),
        venue="本庁舎 3階",
        course__title="DXマインド研修",
    )

    letter = letter_for(place)

    assert letter.subject == "【研修のお知らせ】DXマインド研修（11月25日）"
    assert letter.text.splitlines() == [
        "見本　太郎 様",
        "",
        "受講予定の研修の日が近づきました。",
        "出席できないときは、開催日の前に人事担当へ連絡してください。",
        "",
        "研修：DXマインド研修",
        "日時：令和8年11月25日（水） 13:30開始",
        "会場：本庁舎 3階",
        "",
        "人事担当（デジタル人材育成管理）",
    ]


def test_the_letter_about_a_period_tells_its_end():
    place = booked(date(2026, 11, 25), ends_on=date(2026, 12, 25), mode=Mode.ON_DEMAND)

    assert "令和8年11月25日（水）から令和8年12月25日まで" in letter_for(place).text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("absent", "欠席と記録されています。"),
        ("left_early", "早退のため修了になっていません。"),
        ("notified", "欠席届を受け取りました。"),
    ],
)
def test_the_letter_after_says_how_it_was_missed(status, words):
    ProgrammeFactory()
    letter = letter_for(missed(date(2026, 11, 19), status))

    assert words in letter.text
    assert "別の回で受けられるよう" in letter.text
    assert letter.kind == ReminderKind.ABSENT


def test_a_title_of_several_lines_stays_one_line_in_the_subject():
    place = booked(date(2026, 11, 25), course__title="研修\r\nBcc: all@example.jp")

    assert letter_for(place).subject == "【研修のお知らせ】研修 Bcc: all@example.jp（11月25日）"


@pytest.mark.parametrize(
    ("email", "sends", "by_mail"),
    [
        ("mihon@example.jp", True, True),
        ("mihon@example.jp", False, False),
        ("", True, False),
        ("mihon", True, False),
        ("mihon@example.jp\nBcc: all@example.jp", True, False),
    ],
)
def test_a_letter_goes_by_mail_where_mail_is_set_up_and_the_address_is_one(
    settings, email, sends, by_mail
):
    settings.SENDS_EMAIL = sends
    place = booked(date(2026, 11, 25), AssignmentFactory(staff__email=email).staff)

    assert goes_by_mail(letter_for(place)) == by_mail


def test_letters_come_department_by_department():
    late = AssignmentFactory(department__order=9, staff__number="000001").staff
    early = AssignmentFactory(department__order=1, staff__number="000002").staff
    for member in (late, early):
        booked(date(2026, 11, 25), member)

    assert [letter.attendance.staff for letter in due(date(2026, 11, 20), PACE)] == [early, late]


def test_today_of_the_tests_is_a_holiday_on_which_the_next_day_is_near():
    place = booked(date(2026, 11, 26))

    assert reminded(TODAY) == [(place, "before")]
