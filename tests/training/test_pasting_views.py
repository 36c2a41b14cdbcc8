"""A pasted column of numbers: shown first, then taken."""

import pytest
from django.urls import reverse

from tests.factories import AssignmentFactory, AttendanceFactory, OfferingFactory
from training.models import Attendance, AttendanceChange

pytestmark = pytest.mark.django_db


def address(offering):
    return reverse("training:offering_paste", args=[offering.pk])


def placed(offering, **kwargs):
    return AttendanceFactory(offering=offering, staff=AssignmentFactory().staff, **kwargs)


def paste(browser, offering, *numbers, **data):
    return browser.post(address(offering), {"numbers": "\n".join(numbers), **data})


def shown(response):
    """The pasted numbers by what they mean."""
    return {
        standing: [line.typed for line in lines] for standing, _, lines in response.context["parts"]
    }


@pytest.fixture
def browser(client_of, hr):
    return client_of(hr)


def test_each_number_is_shown_with_what_it_means_and_nothing_is_written(browser, hr):
    offering = OfferingFactory()
    booked, notified = placed(offering), placed(offering, status="notified")
    absent = placed(offering, status="absent")
    present = placed(offering, status="present", completed_on=offering.ends_on)
    stranger = AssignmentFactory().staff
    numbers = [place.staff.number for place in (booked, notified, absent, present)]

    response = paste(browser, offering, *numbers, stranger.number, hr.staff.number, "999999", "？")

    assert shown(response) == {
        "to_mark": numbers[:2],
        "already": [numbers[3]],
        "decided": [numbers[2]],
        "not_listed": [stranger.number],
        "own": [hr.staff.number],
        "unknown": ["999999", "？"],
    }
    assert not AttendanceChange.objects.exists()


def test_a_number_pasted_twice_in_two_spellings_is_one_person(browser):
    place = AttendanceFactory(staff=AssignmentFactory(staff__number="00120").staff)

    response = paste(browser, place.offering, "００１２０", "00120", "120")

    assert shown(response) == {"to_mark": ["００１２０"]}


def test_pasting_again_begins_with_what_was_pasted_and_writes_nothing(browser):
    place = placed(OfferingFactory())
    seen = {f"seen-{place.pk}": "booked"}

    again = paste(
        browser, place.offering, place.staff.number, "？", confirmed="1", again="1", **seen
    )

    assert again.context["form"]["numbers"].value() == f"{place.staff.number}\n？"
    assert f"{place.staff.number}\n？</textarea>" in again.content.decode()
    assert not AttendanceChange.objects.exists()


def test_what_was_shown_is_taken_and_who_is_not_listed_only_when_chosen(browser, hr):
    offering = OfferingFactory(capacity=2)
    first, second = placed(offering), placed(offering)
    chosen, other = AssignmentFactory().staff, AssignmentFactory().staff
    seen = {f"seen-{place.pk}": "booked" for place in (first, second)}
    numbers = [one.number for one in (first.staff, second.staff, chosen, other)]

    response = browser.post(
        address(offering),
        {"numbers": "\n".join(numbers), "confirmed": "1", "walk_in": [chosen.pk], **seen},
        follow=True,
    )

    html = response.content.decode()
    assert "2人を出席にしました。当日参加として1人を登録しました。" in html
    assert "定員2人を1人超えています。" in html
    came = offering.attendances.filter(status="present")
    assert {place.staff for place in came} == {first.staff, second.staff, chosen}
    assert not Attendance.objects.filter(staff=other).exists()
    assert set(AttendanceChange.objects.values_list("by", flat=True)) == {hr.pk}


def test_taking_the_same_list_twice_makes_one_change(browser):
    offering = OfferingFactory()
    place, stranger = placed(offering), AssignmentFactory().staff
    data = {"confirmed": "1", f"seen-{place.pk}": "booked", "walk_in": [stranger.pk]}
    for _ in range(2):
        paste(browser, offering, place.staff.number, **data)

    assert AttendanceChange.objects.count() == 2


def test_who_was_marked_by_another_clerk_meanwhile_stays_and_is_told(browser):
    offering = OfferingFactory()
    place = placed(offering, status="excused")

    response = browser.post(
        address(offering),
        {"numbers": place.staff.number, "confirmed": "1", f"seen-{place.pk}": "booked"},
        follow=True,
    )

    assert "1人は、確かめている間に他の人が出欠を変えたため" in response.content.decode()
    place.refresh_from_db()
    assert place.status == "excused"


def test_a_refusal_keeps_the_pasted_numbers(browser, hr):
    offering = OfferingFactory()
    place = placed(offering)

    response = paste(
        browser,
        offering,
        place.staff.number,
        **{"confirmed": "1", f"seen-{place.pk}": "booked", "walk_in": hr.staff_id},
    )

    assert "自分の出欠は自分では入力できません。" in response.content.decode()
    assert shown(response) == {"to_mark": [place.staff.number]}
    place.refresh_from_db()
    assert place.status == "booked"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "職員番号を貼り付けてください。"),
        ("\n".join(str(number) for number in range(1001)), "一度に1000人までです。"),
    ],
)
def test_nothing_or_too_much_is_refused_in_words(browser, typed, words):
    response = paste(browser, OfferingFactory(), typed)

    assert words in response.content.decode()


def test_looking_takes_the_same_queries_for_two_and_sixty_numbers(
    browser, django_assert_num_queries, django_assert_max_num_queries
):
    offering = OfferingFactory()
    numbers = [placed(offering).staff.number for _ in range(60)]
    paste(browser, offering, numbers[0])
    with django_assert_max_num_queries(16) as counted:
        paste(browser, offering, *numbers[:2])

    with django_assert_num_queries(len(counted)):
        paste(browser, offering, *numbers)
