"""Numbers at the door, and people who come without a place."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import AssignmentFactory, AttendanceFactory, OfferingFactory
from training.models import Attendance, AttendanceChange

pytestmark = pytest.mark.django_db

HELD = date(2026, 6, 1)


def address(offering, page="quick"):
    return reverse(f"training:offering_{page}", args=[offering.pk])


def booked(**kwargs):
    return AttendanceFactory(staff=AssignmentFactory().staff, **kwargs)


@pytest.fixture
def browser(client_of, hr):
    return client_of(hr)


def give(browser, offering, number, **data):
    """What the page is told about a number."""
    headers = {"Accept": "application/json"}
    answer = browser.post(address(offering), {"number": number, **data}, headers=headers)
    assert answer.status_code == 200
    return answer.json()


def test_a_number_is_answered_with_name_and_department(browser):
    place = booked()

    told = give(browser, place.offering, place.staff.number)

    assert (told["kind"], told["words"]) == ("marked", "出席にしました。")
    assert told["name"] == place.staff.name
    assert told["department"] == place.staff.assignments.get().department.name
    assert (told["came"], told["listed"]) == (1, 1)
    place.refresh_from_db()
    assert place.status == "present"


@pytest.mark.parametrize("spelled", ["００１２０", "00120", " 120 ", "120"])
def test_full_width_digits_and_lost_zeros_are_understood(browser, spelled):
    place = AttendanceFactory(staff=AssignmentFactory(staff__number="00120").staff)

    assert give(browser, place.offering, spelled)["kind"] == "marked"


def test_a_number_with_lost_zeros_that_two_people_could_have_is_refused(browser):
    for number in ("00120", "0120"):
        AssignmentFactory(staff__number=number)

    assert give(browser, OfferingFactory(), "120")["kind"] == "unknown"


@pytest.mark.parametrize("number", ["999999", "", "あいう", "1" * 41, "1\x00"])
def test_a_number_nobody_has_is_refused_in_a_sentence(browser, number):
    told = give(browser, booked().offering, number)

    assert told["kind"] == "unknown"
    assert told["words"].endswith("。")
    assert not AttendanceChange.objects.exists()


def test_the_same_number_twice_is_told_and_makes_one_change(browser):
    place = booked()
    give(browser, place.offering, place.staff.number)

    told = give(browser, place.offering, place.staff.number)

    assert (told["kind"], told["words"]) == ("already", "すでに出席です。")
    assert AttendanceChange.objects.count() == 1


def test_somebody_late_is_told_to_be_late_already(browser):
    place = booked(status="late", completed_on=HELD)

    told = give(browser, place.offering, place.staff.number)

    assert (told["kind"], told["words"]) == ("already", "すでに遅刻です。")


def test_somebody_not_on_the_list_is_offered_and_added_when_asked_for(browser):
    offering, stranger = booked(offering__capacity=1).offering, AssignmentFactory().staff

    offered = give(browser, offering, stranger.number)
    assert offering.attendances.count() == 1
    added = give(browser, offering, stranger.number, walk_in="1")

    assert (offered["kind"], offered["name"]) == ("not_listed", stranger.name)
    assert added["kind"] == "walked_in"
    assert added["words"] == ("当日参加として1人を登録しました。定員1人を1人超えています。")
    assert offering.attendances.get(staff=stranger).status == "present"


def test_a_refusal_of_the_rules_is_told_with_the_name(browser):
    place = booked(status="absent")

    told = give(browser, place.offering, place.staff.number)

    assert told["kind"] == "refused"
    assert "「欠席」と入力済みです。" in told["words"]


def test_a_page_of_another_account_writes_nothing(browser, admin):
    place = booked()

    told = give(browser, place.offering, place.staff.number, account=admin.pk)

    assert "別の人がログインしています。" in told["words"]
    place.refresh_from_db()
    assert place.status == "booked"


def test_without_a_script_one_is_led_back_and_told(browser):
    place, stranger = booked(), AssignmentFactory().staff
    offering = place.offering

    def sent(**data):
        return browser.post(address(offering), data, follow=True).content.decode()

    assert f"{place.staff.name}さん（{place.staff.number}）：出席にしました。" in sent(
        number=place.staff.number
    )
    assert "この番号の職員はいません。" in sent(number="999999")
    offered = sent(number=stranger.number)
    assert f"{stranger.name}さん（{stranger.number}）は受講者の一覧にいません。" in offered
    assert 'name="walk_in"' in offered
    assert "当日参加として1人を登録しました。" in sent(number=stranger.number, walk_in="1")


def test_the_last_ten_of_the_clerk_are_shown(browser, admin, client_of):
    offering = OfferingFactory()
    places = [booked(offering=offering) for _ in range(11)]
    by_another = booked(offering=offering)
    client_of(admin).post(address(offering), {"number": by_another.staff.number})
    for place in places:
        give(browser, offering, place.staff.number)

    html = browser.get(address(offering)).content.decode()

    assert [place.staff.number in html for place in places] == [False] + [True] * 10
    assert by_another.staff.number not in html


def test_a_closed_offering_takes_no_numbers(browser):
    place = booked(offering__closed_at=timezone.now())

    told = give(browser, place.offering, place.staff.number)

    assert "締め済みのため、変更できません。" in told["words"]
    assert "data-quick=" not in browser.get(address(place.offering)).content.decode()


# --- Finding somebody who came without a place --------------------------------------------------


def test_people_are_found_by_name_and_number_with_their_place(browser):
    place = AttendanceFactory(staff=AssignmentFactory(staff__name="早川　澄").staff)
    AssignmentFactory(staff__name="早瀬　守")
    AssignmentFactory(staff__name="早野　退", staff__left_on=place.offering.ends_on.replace(day=1))
    AssignmentFactory(staff__name="別の　人")

    found = browser.get(address(place.offering, "walk_in"), {"q": "早"}).context["found"]
    by_number = browser.get(address(place.offering, "walk_in"), {"q": place.staff.number})

    names = {one.staff.name: row for one, row, _ in found}
    assert names["早川　澄"] == place
    assert names["早瀬　守"] is None
    assert "別の　人" not in names
    assert [one.staff for one, *_ in by_number.context["found"]] == [place.staff]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("present", "入力済みです"),
        ("absent", "入力済みです"),
        ("booked", "出席にする"),
        ("cancelled", "当日参加にする"),
    ],
)
def test_who_is_marked_already_is_not_offered_to_be_added(browser, status, words):
    place = AttendanceFactory(
        staff=AssignmentFactory(staff__name="早川　澄").staff,
        status=status,
        completed_on=HELD if status == "present" else None,
    )

    page = browser.get(address(place.offering, "walk_in"), {"q": "早川"})

    html = page.content.decode()
    assert words in html
    assert ('name="number"' in html) is (words != "入力済みです")


def test_nothing_typed_finds_nobody_and_nobody_found_says_so(browser):
    offering = booked().offering

    assert browser.get(address(offering, "walk_in")).context["found"] == []
    html = browser.get(address(offering, "walk_in"), {"q": "どこにもいない"}).content.decode()
    assert "当てはまる職員はいません。" in html


def test_a_found_person_is_added_and_twice_is_once(browser):
    offering, member = OfferingFactory(), AssignmentFactory().staff
    data = {"number": member.number}

    first = browser.post(address(offering, "walk_in"), data, follow=True).content.decode()
    second = browser.post(address(offering, "walk_in"), data, follow=True).content.decode()

    assert "当日参加として1人を登録しました。" in first
    assert "すでに登録されています。" in second
    assert Attendance.objects.get().staff == member


def test_one_s_own_number_is_refused(browser, hr):
    offering = OfferingFactory()

    html = browser.post(
        address(offering, "walk_in"), {"number": hr.staff.number}, follow=True
    ).content.decode()

    assert "自分の出欠は自分では入力できません。" in html
    assert not Attendance.objects.exists()


def test_finding_takes_the_same_queries_for_one_and_thirty_people(
    browser, django_assert_num_queries, django_assert_max_num_queries
):
    offering = OfferingFactory()
    AssignmentFactory(staff__name="独特　太郎")
    AssignmentFactory.create_batch(30, staff__name="多数　花子")
    browser.get(address(offering, "walk_in"), {"q": "独特"})
    with django_assert_max_num_queries(14) as counted:
        browser.get(address(offering, "walk_in"), {"q": "独特"})

    with django_assert_num_queries(len(counted)):
        browser.get(address(offering, "walk_in"), {"q": "多数"})
