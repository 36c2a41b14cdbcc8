"""部下の研修: a head signs up and withdraws people of the own units, and nobody else."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    OfferingFactory,
    ProgrammeFactory,
)
from training.models import Attendance

pytestmark = pytest.mark.django_db

TEAM = "/training/team/"
DAY = date(2026, 12, 1)


@pytest.fixture
def own(section):
    """Somebody of the head's section."""
    return placed(section, staff__name="見本　部下")


@pytest.fixture
def stranger(other_section):
    """Somebody the head may know nothing of."""
    return placed(other_section, staff__name="乙山　他課")


@pytest.fixture
def offering(db):
    """One that takes sign-ups."""
    return OfferingFactory(starts_on=DAY, takes_signups=True, course__title="見本研修")


def signup(offering):
    return reverse("training:team_signup", args=[offering.pk])


def withdrawal(place):
    return reverse("training:team_withdraw", args=[place.pk])


# --- the page -----------------------------------------------------------------------------------


def test_a_head_sees_what_the_own_people_have_booked(client_of, head, own, stranger):
    coming = AttendanceFactory(staff=own, offering__starts_on=DAY)
    AttendanceFactory(staff=stranger, offering=coming.offering)
    AttendanceFactory(staff=own, offering__starts_on=date(2026, 11, 22))
    AttendanceFactory(staff=own, offering__starts_on=DAY, status="cancelled")

    page = client_of(head).get(TEAM)

    assert [place for place, _ in page.context["bookings"]] == [coming]
    assert stranger.name not in page.content.decode()


def test_people_of_units_under_the_own_one_belong_to_the_head(client_of, head, section):
    unit = DepartmentFactory(parent=section, gives_leader=False)
    place = AttendanceFactory(staff=placed(unit), offering__starts_on=DAY)

    page = client_of(head).get(TEAM)

    assert [(one, name) for one, name in page.context["bookings"]] == [(place, unit.name)]


def test_only_offerings_that_take_sign_ups_now_are_offered(client_of, head, offering):
    OfferingFactory(starts_on=DAY)
    OfferingFactory(starts_on=DAY, takes_signups=True, booking_closes_on=date(2026, 11, 22))
    OfferingFactory(starts_on=DAY, takes_signups=True, cancelled_at=timezone.now())
    OfferingFactory(starts_on=date(2026, 11, 23), takes_signups=True)

    page = client_of(head).get(TEAM)

    assert [row.offering for row in page.context["offerings"]] == [offering]


def test_the_two_lists_are_leafed_through_each_by_itself(client_of, head, own):
    for _ in range(51):
        AttendanceFactory(staff=own, offering__starts_on=DAY, offering__takes_signups=True)

    page = client_of(head).get(f"{TEAM}?page=2&offered=1")

    html = page.content.decode()
    assert (len(page.context["offerings"]), len(page.context["bookings"])) == (50, 1)
    assert 'href="?page=2&amp;offered=2"' in html
    assert 'href="?offered=1&amp;page=1"' in html


def test_the_page_takes_the_same_queries_for_1_and_11(
    client_of, head, section, offering, django_assert_num_queries, django_assert_max_num_queries
):
    AttendanceFactory(staff=placed(section), offering=offering)
    browser = client_of(head)
    browser.get(TEAM)
    with django_assert_max_num_queries(18) as counted:
        browser.get(TEAM)
    for _ in range(10):
        AttendanceFactory(
            staff=placed(section), offering__starts_on=DAY, offering__takes_signups=True
        )

    with django_assert_num_queries(len(counted)):
        page = browser.get(TEAM)

    assert len(page.context["bookings"]) == 11


# --- signing up ---------------------------------------------------------------------------------


def test_only_own_people_can_be_chosen_and_those_who_owe_come_first(
    client_of, head, own, section, stranger, offering
):
    ProgrammeFactory()
    CompletionFactory(staff=own)
    CompletionFactory(staff=head.staff)
    booked = AttendanceFactory(staff=placed(section), offering__starts_on=date(2026, 12, 20)).staff
    owing = placed(section)

    page = client_of(head).get(signup(offering))

    people = [row.person for row in page.context["rows"]]
    assert [(one.staff, one.standing) for one in people[:2]] == [
        (owing, "未受講（未案内）"),
        (booked, "未受講（予約済）"),
    ]
    assert {one.staff for one in people[2:]} == {own, head.staff}
    assert stranger.name not in page.content.decode()


def test_chosen_people_get_seats_by_the_head(client_of, head, own, offering):
    page = client_of(head).post(signup(offering), {"members": [own.pk]}, follow=True)

    place = offering.attendances.get()
    assert "1人を申し込みました。" in page.content.decode()
    assert (place.staff, place.status) == (own, "booked")
    assert place.changes.get().by == head


def test_whoever_finds_no_seat_waits_and_is_told_the_place_in_the_line(
    client_of, head, section, offering
):
    offering.capacity = 1
    offering.save()
    AttendanceFactory(
        offering=offering, status="waiting", waiting_since=datetime(2026, 11, 20, tzinfo=UTC)
    )
    people = [placed(section) for _ in range(2)]

    page = client_of(head).post(
        signup(offering), {"members": [one.pk for one in people]}, follow=True
    )

    assert "2人は空き待ちです（2番目から3番目）。" in page.content.decode()
    assert offering.attendances.in_line().count() == 3


def test_the_last_seat_goes_to_whoever_owes_the_course(client_of, head, own, section, offering):
    ProgrammeFactory()
    CompletionFactory(staff=own)
    owing = placed(section)
    offering.capacity = 1
    offering.save()

    client_of(head).post(signup(offering), {"members": [own.pk, owing.pk]})

    assert offering.attendances.get(status="booked").staff == owing
    assert offering.attendances.get(status="waiting").staff == own


def test_the_same_sign_up_sent_twice_makes_one_place(client_of, head, own, offering):
    browser = client_of(head)
    browser.post(signup(offering), {"members": [own.pk]})

    page = browser.post(signup(offering), {"members": [own.pk]}, follow=True)

    assert "1人は申込済みでした。" in page.content.decode()
    assert offering.attendances.count() == 1


@pytest.mark.parametrize("members", [["0"], ["x"], ["²"], ["9" * 19], ["9" * 5000]])
def test_somebody_who_does_not_exist_is_not_found(client_of, head, own, offering, members):
    answer = client_of(head).post(signup(offering), {"members": [own.pk, *members]})

    assert answer.status_code == 404
    assert not Attendance.objects.exists()


def test_somebody_of_another_department_is_not_found(client_of, head, own, stranger, offering):
    answer = client_of(head).post(signup(offering), {"members": [own.pk, stranger.pk]})

    assert answer.status_code == 404
    assert not Attendance.objects.exists()


def test_somebody_has_to_be_chosen(client_of, head, offering):
    html = client_of(head).post(signup(offering)).content.decode()

    assert "申し込む人を選んでください。" in html


def test_a_clash_is_asked_about_and_the_choice_is_kept(client_of, head, own, offering):
    AttendanceFactory(staff=own, offering__starts_on=DAY, offering__course__title="別の研修")

    page = client_of(head).post(signup(offering), {"members": [own.pk]})

    assert "別の研修" in page.content.decode()
    assert [row.person.staff for row in page.context["rows"] if row.is_chosen] == [own]
    assert not offering.attendances.exists()


def test_a_clash_accepted_makes_a_place(client_of, head, own, offering):
    other = AttendanceFactory(staff=own, offering__starts_on=DAY).offering
    data = {"members": [own.pk], "clashing": "accept", "clash": [f"{own.pk}-{other.pk}"]}

    client_of(head).post(signup(offering), data)

    assert offering.attendances.get().staff == own


def test_after_the_close_of_booking_nobody_is_signed_up(client_of, head, own, offering):
    offering.booking_closes_on = date(2026, 11, 22)
    offering.save()

    page = client_of(head).post(signup(offering), {"members": [own.pk]})

    html = page.content.decode()
    assert "この開催回の申込は受け付けていません。" in html
    assert "この研修の申込は締め切りました。" in html
    assert not offering.attendances.exists()


@pytest.mark.parametrize(
    "values", [{"takes_signups": False}, {"takes_signups": True, "cancelled_at": timezone.now()}]
)
def test_offerings_that_take_no_sign_ups_are_not_for_heads(client_of, head, values):
    assert client_of(head).get(signup(OfferingFactory(**values))).status_code == 404


# --- withdrawing --------------------------------------------------------------------------------


def test_a_head_withdraws_one_of_the_own_people(client_of, head, own, stranger, offering):
    place = AttendanceFactory(staff=own, offering=offering)
    offering.capacity = 1
    offering.save()
    AttendanceFactory(staff=stranger, offering=offering, status="waiting")

    page = client_of(head).post(withdrawal(place), follow=True)

    html = page.content.decode()
    place.refresh_from_db()
    assert place.status == "cancelled"
    assert "空いた席に空き待ちの1人が繰り上がりました。" in html
    assert stranger.name not in html


def test_a_place_of_another_department_is_not_found(client_of, head, stranger, offering):
    place = AttendanceFactory(staff=stranger, offering=offering)

    assert client_of(head).post(withdrawal(place)).status_code == 404
    place.refresh_from_db()
    assert place.status == "booked"


def test_from_the_day_on_nobody_is_withdrawn(client_of, head, own):
    place = AttendanceFactory(staff=own, offering__starts_on=date(2026, 11, 23))

    page = client_of(head).post(withdrawal(place), follow=True)

    html = page.content.decode()
    place.refresh_from_db()
    assert place.status == "booked"
    assert "開催日になったため、取り消せません。" in html
    assert withdrawal(place) not in html


def test_until_the_eve_withdrawing_is_offered(client_of, head, own):
    place = AttendanceFactory(staff=own, offering__starts_on=date(2026, 11, 24))

    assert withdrawal(place) in client_of(head).get(TEAM).content.decode()


def test_only_heads_come_here(client_of, hr, manager, staff, offering):
    answers = {
        client_of(user).get(page).status_code
        for user in (hr, manager, staff)
        for page in (TEAM, signup(offering))
    }

    assert answers == {403}
