"""Enrolling people and giving places up, as clerks do it."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    OfferingFactory,
    ProgrammeFactory,
    StaffMemberFactory,
)
from training.models import Attendance, AttendanceChange, Audience, Category

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 1)


def enrol(offering):
    return reverse("training:offering_enrol", args=[offering.pk])


def place_page(place):
    return reverse("training:offering_place", args=[place.offering_id, place.pk])


def test_a_department_is_enrolled_and_told(client_of, hr):
    section = DepartmentFactory()
    AssignmentFactory(department=section)
    AssignmentFactory(department=DepartmentFactory(parent=section))
    offering = OfferingFactory()

    response = client_of(hr).post(enrol(offering), {"department": section.pk}, follow=True)

    assert "2人を登録しました。" in response.content.decode()
    assert offering.attendances.count() == 2
    assert {change.by for row in offering.attendances.all() for change in row.changes.all()} == {hr}


def test_enrolling_twice_keeps_one_place_and_says_so(client_of, hr):
    member = StaffMemberFactory(number="000011")
    offering = OfferingFactory()
    browser = client_of(hr)
    browser.post(enrol(offering), {"numbers": "000011"})

    response = browser.post(enrol(offering), {"numbers": "000011"}, follow=True)

    assert "0人を登録しました。1人は登録済みでした。" in response.content.decode()
    assert offering.attendances.get().staff == member


def test_too_many_are_refused_with_the_seats_left_and_the_numbers_are_still_there(client_of, hr):
    offering = OfferingFactory(capacity=1)
    StaffMemberFactory(number="000011")
    StaffMemberFactory(number="000012")

    response = client_of(hr).post(enrol(offering), {"numbers": "000011 000012"})

    html = response.content.decode()
    assert "残りは1席です。2人は登録できません。" in html
    assert "000011 000012" in html
    assert not Attendance.objects.exists()


def test_an_unknown_number_is_refused_by_name(client_of, hr):
    offering = OfferingFactory()
    StaffMemberFactory(number="000011")

    response = client_of(hr).post(enrol(offering), {"numbers": "000011\n999999"})

    assert "999999は、開催日に在職している職員の番号ではありません。" in response.content.decode()
    assert not Attendance.objects.exists()


def test_a_number_that_lost_its_zeros_is_understood_and_one_person_is_enrolled_once(client_of, hr):
    offering = OfferingFactory()
    member = StaffMemberFactory(number="000483")

    response = client_of(hr).post(enrol(offering), {"numbers": "483\n000483"}, follow=True)

    assert "1人を登録しました。" in response.content.decode()
    assert offering.attendances.get().staff == member


def test_a_number_that_lost_its_zeros_and_two_people_could_have_is_refused(client_of, hr):
    offering = OfferingFactory()
    StaffMemberFactory(number="00483")
    StaffMemberFactory(number="000483")

    response = client_of(hr).post(enrol(offering), {"numbers": "483"})

    assert "483は、開催日に在職している職員の番号ではありません。" in response.content.decode()
    assert not Attendance.objects.exists()


def test_a_closed_offering_enrols_nobody(client_of, hr):
    offering = OfferingFactory(closed_at=timezone.now())
    StaffMemberFactory(number="000011")

    response = client_of(hr).post(enrol(offering), {"numbers": "000011"})

    assert "締め済みのため、変更できません。" in response.content.decode()
    assert not Attendance.objects.exists()


# --- everybody who still owes a row -------------------------------------------------------------


def test_all_who_owe_the_row_are_enrolled_but_for_the_excused_and_booked(client_of, hr):
    row = ProgrammeFactory()
    offering = OfferingFactory(starts_on=DAY)
    owing = AssignmentFactory().staff
    CompletionFactory(staff=AssignmentFactory().staff)
    AttendanceFactory(staff=AssignmentFactory().staff, status="excused")
    AttendanceFactory.create_batch(2, offering__starts_on=date(2026, 12, 20))
    for place in Attendance.objects.filter(status="booked"):
        AssignmentFactory(staff=place.staff)

    response = client_of(hr).post(enrol(offering), {"programme": row.pk}, follow=True)

    html = response.content.decode()
    assert "1人を登録しました。" in html
    assert "予約済 2人" in html
    assert "免除 1人" in html
    assert offering.attendances.get().staff == owing


def test_those_booked_elsewhere_are_enrolled_when_asked_for(client_of, hr):
    row = ProgrammeFactory()
    offering = OfferingFactory(starts_on=DAY)
    booked = AttendanceFactory(
        staff=AssignmentFactory().staff, offering__starts_on=date(2026, 12, 20)
    )

    client_of(hr).post(enrol(offering), {"programme": row.pk, "with_booked": "on"})

    assert offering.attendances.get().staff == booked.staff


def test_only_rows_that_this_course_fulfils_can_be_chosen(client_of, hr):
    row = ProgrammeFactory(category=Category.MIND)
    ProgrammeFactory(category=Category.SKILL)
    ProgrammeFactory(category=Category.MIND, audience=Audience.LEADERS)

    form = client_of(hr).get(enrol(OfferingFactory(starts_on=DAY))).context["form"]

    assert [value for value, _ in form.fields["programme"].choices] == ["", row.pk]


def test_for_e_learning_that_is_on_those_in_service_today_can_be_enrolled(client_of, hr):
    offering = OfferingFactory(
        mode="on_demand", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31)
    )
    StaffMemberFactory(number="000011", hired_on=date(2026, 10, 1))

    client_of(hr).post(enrol(offering), {"numbers": "000011"})

    assert offering.attendances.get().staff.number == "000011"


# --- clashes ------------------------------------------------------------------------------------


@pytest.fixture
def clash(db):
    """A person booked on another offering of the day, beside one who is free."""
    there = AttendanceFactory(
        offering__starts_on=DAY, offering__course__title="別の研修", staff__number="000011"
    )
    StaffMemberFactory(number="000012")
    return there


BOTH = {"numbers": "000011 000012"}


def test_a_clash_is_shown_before_anybody_is_enrolled(client_of, hr, clash):
    offering = OfferingFactory(starts_on=DAY)

    html = client_of(hr).post(enrol(offering), BOTH).content.decode()

    assert "まだ登録していません。ほかの研修と日時が重なる人がいます。" in html
    assert clash.staff.name in html
    assert "別の研修" in html
    assert "000011 000012" in html
    assert not offering.attendances.exists()


def test_those_who_clash_can_be_left_out(client_of, hr, clash):
    offering = OfferingFactory(starts_on=DAY)

    response = client_of(hr).post(enrol(offering), BOTH | {"clashing": "leave"}, follow=True)

    assert "1人を登録しました。除いた人：日時が重なる 1人。" in response.content.decode()
    assert offering.attendances.get().staff.number == "000012"


def test_a_clash_that_was_shown_can_be_accepted(client_of, hr, clash):
    offering = OfferingFactory(starts_on=DAY)
    key = f"{clash.staff_id}-{clash.offering_id}"

    client_of(hr).post(enrol(offering), BOTH | {"clashing": "accept", "clash": [key]})

    assert offering.attendances.count() == 2


def test_a_clash_that_came_about_since_is_asked_again(client_of, hr, clash):
    offering = OfferingFactory(starts_on=DAY)
    data = BOTH | {"clashing": "accept", "clash": ["1-1"]}

    html = client_of(hr).post(enrol(offering), data).content.decode()

    assert "別の研修" in html
    assert not offering.attendances.exists()


def test_whoever_is_on_the_offering_already_is_not_asked_about(client_of, hr, clash):
    offering = OfferingFactory(starts_on=DAY)
    AttendanceFactory(offering=offering, staff=clash.staff)

    client_of(hr).post(enrol(offering), BOTH)

    assert offering.attendances.count() == 2


# --- one person's place -------------------------------------------------------------------------


@pytest.fixture
def place(db):
    """A booked place on an offering to come, of one seat, for which somebody waits."""
    booked = AttendanceFactory(offering__starts_on=DAY, offering__capacity=1)
    AttendanceFactory(
        offering=booked.offering,
        status="waiting",
        waiting_since=datetime(2026, 11, 20, tzinfo=UTC),
        staff__name="見本　次子",
    )
    return booked


def test_a_place_is_withdrawn_with_its_reason_and_the_next_moves_up(client_of, hr, place):
    response = client_of(hr).post(
        place_page(place), {"act": "withdraw", "withdraw-reason": "人事異動のため"}, follow=True
    )

    assert "空いた席に見本　次子さんが繰り上がりました。" in response.content.decode()
    place.refresh_from_db()
    assert place.status == "cancelled"
    assert place.changes.get().reason == "人事異動のため"
    assert place.offering.attendances.get(status="booked").staff.name == "見本　次子"


def test_a_notice_of_absence_keeps_its_reason_and_frees_the_seat(client_of, hr, place):
    data = {"act": "notice", "notice-absence_reason": "duty", "notice-note": "議会対応"}

    response = client_of(hr).post(place_page(place), data, follow=True)

    html = response.content.decode()
    assert "欠席届を受け付けました。" in html
    assert "欠席届（公務）" in html
    place.refresh_from_db()
    assert (place.status, place.absence_reason, place.note) == ("notified", "duty", "議会対応")
    assert place.offering.attendances.filter(status="booked").count() == 1


def test_a_notice_without_a_reason_is_refused_and_keeps_what_was_typed(client_of, hr, place):
    html = client_of(hr).post(place_page(place), {"act": "notice", "notice-note": "議会対応"})

    place.refresh_from_db()
    assert place.status == "booked"
    assert "議会対応" in html.content.decode()
    assert html.context["notice"].errors["absence_reason"]


def test_withdrawing_twice_is_once(client_of, hr, place):
    browser = client_of(hr)
    browser.post(place_page(place), {"act": "withdraw"})

    again = browser.post(place_page(place), {"act": "withdraw"})

    assert again.status_code == 302
    assert place.changes.count() == 1


def test_a_marked_place_is_neither_withdrawn_nor_noticed(client_of, hr):
    place = CompletionFactory()

    html = client_of(hr).post(place_page(place), {"act": "withdraw"}).content.decode()

    assert "ここで変えられることはありません。" in html
    place.refresh_from_db()
    assert place.status == "present"


def test_the_page_tells_who_changed_the_place_and_when(client_of, hr, place):
    AttendanceChange.objects.create(
        attendance=place, old="", new="booked", by=hr, reason="見本の理由"
    )

    html = client_of(hr).get(place_page(place)).content.decode()

    assert hr.staff.name in html
    assert "見本の理由" in html


def test_a_place_of_another_offering_is_not_found(client_of, hr, place):
    other = OfferingFactory()

    page = reverse("training:offering_place", args=[other.pk, place.pk])

    assert client_of(hr).post(page, {"act": "withdraw"}).status_code == 404


@pytest.mark.parametrize("ended", ["closed_at", "cancelled_at"])
def test_an_offering_that_is_over_offers_no_change(client_of, hr, place, ended):
    setattr(place.offering, ended, timezone.now())
    place.offering.save()

    html = client_of(hr).get(place_page(place)).content.decode()

    assert "締め済みか中止のため、変更できません。" in html
    assert "登録を取り消す" not in html
