"""From the list of those who still have to attend onto an offering."""

import html
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from staff.models import StaffMember
from tests.conftest import placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    OfferingFactory,
    ProgrammeFactory,
)
from training.models import Attendance, Category, Mode, Offering

pytestmark = pytest.mark.django_db

URL = reverse("training:outstanding_book")
COMING = date(2026, 12, 3)


@pytest.fixture
def row(db):
    return ProgrammeFactory(code="MIND")


@pytest.fixture
def clerk(client_of, hr):
    return client_of(hr)


def text(response):
    return html.unescape(response.content.decode())


def ticked(response):
    return {one.person.place.staff for one in response.context["choices"] if one.is_ticked}


def offered(response):
    return [int(value) for value, _ in response.context["form"].fields["offering"].choices[:-1]]


# --- Choosing -----------------------------------------------------------------------------------


def test_the_chosen_people_come_ticked(clerk, row, section):
    members = [placed(section) for _ in range(3)]

    page = clerk.get(URL, {"programme": "MIND", "staff": [members[0].pk, members[2].pk]})

    assert ticked(page) == {members[0], members[2]}
    assert len(page.context["choices"]) == 2


def test_everybody_of_the_filter_comes_but_who_has_a_booking_is_not_ticked(clerk, row, section):
    free, booked = placed(section), placed(section)
    AttendanceFactory(staff=booked, offering=OfferingFactory(starts_on=COMING))

    page = clerk.get(URL, {"scope": "all"})

    assert ticked(page) == {free}
    assert len(page.context["choices"]) == 2


def test_without_anybody_the_page_says_what_to_do(clerk, row, section):
    placed(section)

    assert "登録する人が選ばれていません。" in text(clerk.get(URL))


def test_coming_offerings_of_the_category_are_offered_with_their_seats(clerk, row, section):
    member = placed(section)
    mind = CourseFactory(title="見本研修")
    roomy = OfferingFactory(course=mind, starts_on=COMING, capacity=3)
    AttendanceFactory(offering=roomy)
    full = OfferingFactory(course=mind, starts_on=date(2026, 12, 4), capacity=1)
    AttendanceFactory(offering=full)
    period = OfferingFactory(
        course=mind, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 31), mode=Mode.ON_DEMAND
    )
    OfferingFactory(course=mind, starts_on=date(2026, 11, 22))
    OfferingFactory(starts_on=COMING, course__category=Category.SKILL)
    for state in ("cancelled_at", "closed_at"):
        OfferingFactory(course=mind, starts_on=COMING, **{state: datetime(2026, 11, 1, tzinfo=UTC)})

    page = clerk.get(URL, {"staff": [member.pk]})

    assert offered(page) == [period.pk, roomy.pk, full.pk]
    assert "見本研修（残り2席）" in text(page)
    assert "見本研修（満席）" in text(page)


# --- Enrolling ----------------------------------------------------------------------------------


def test_the_ticked_people_get_their_seats(clerk, row, section):
    offering = OfferingFactory(starts_on=COMING, capacity=2)
    chosen, dropped = placed(section), placed(section)

    answer = clerk.post(
        f"{URL}?scope=all", {"staff": [chosen.pk], "offering": offering.pk}, follow=True
    )

    assert answer.redirect_chain[-1][0] == offering.get_absolute_url()
    assert "1人を登録しました。" in text(answer)
    assert [seat.staff for seat in offering.attendances.all()] == [chosen]
    assert not dropped.attendances.exists()


def test_the_same_post_twice_enrols_once(clerk, row, section):
    offering, member = OfferingFactory(starts_on=COMING), placed(section)
    data = {"staff": [member.pk], "offering": offering.pk}
    clerk.post(f"{URL}?staff={member.pk}", data)

    answer = clerk.post(f"{URL}?staff={member.pk}", data, follow=True)

    assert "1人は登録済みでした。" in text(answer)
    assert Attendance.objects.count() == 1


def test_too_many_are_told_in_words_and_nothing_is_lost(clerk, row, section):
    offering = OfferingFactory(starts_on=COMING, capacity=1)
    members = {placed(section), placed(section)}

    page = clerk.post(
        f"{URL}?scope=all",
        {"staff": [one.pk for one in members], "offering": offering.pk, "starts_on": "R9.1.8"},
    )

    assert "残りは1席です。2人は登録できません。" in text(page)
    assert ticked(page) == members
    assert page.context["form"]["offering"].value() == str(offering.pk)
    assert 'value="R9.1.8"' in text(page)
    assert not Attendance.objects.exists()


def test_a_new_offering_is_made_with_the_people(clerk, row, section):
    course, member = CourseFactory(), placed(section)

    clerk.post(
        f"{URL}?staff={member.pk}",
        {
            "staff": [member.pk],
            "offering": "new",
            "course": course.pk,
            "starts_on": "R8.12.10",
            "capacity": "20",
        },
    )

    offering = Offering.objects.get()
    assert (offering.course, offering.starts_on) == (course, date(2026, 12, 10))
    assert (offering.capacity, offering.attendances.get().staff) == (20, member)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "開催回を選んでください。"),
        ({"offering": "987654"}, "開催回を選び直してください。"),
        ({"offering": "new"}, "新しい開催回の開催日を入力してください。"),
        ({"offering": "new", "starts_on": "R8.12.10"}, "新しい開催回の研修を選んでください。"),
        ({"offering": "new", "starts_on": "R8.11.22"}, "開催日は今日以後の日にしてください。"),
    ],
)
def test_what_is_missing_is_told_in_words(clerk, row, section, data, words):
    member = placed(section)

    page = clerk.post(f"{URL}?staff={member.pk}", {"staff": [member.pk], **data})

    assert words in text(page)
    assert ticked(page) == {member}
    assert not Offering.objects.exists()


def test_without_a_tick_nobody_is_enrolled(clerk, row, section):
    offering = OfferingFactory(starts_on=COMING)
    placed(section)

    page = clerk.post(f"{URL}?scope=all", {"offering": offering.pk})

    assert "登録する人に印を付けてください。" in text(page)


def test_whoever_will_have_left_by_then_is_named(clerk, row, section):
    offering = OfferingFactory(starts_on=COMING)
    member = placed(section, staff__name="見本　退職", staff__left_on=date(2026, 11, 30))

    page = clerk.post(f"{URL}?scope=all", {"staff": [member.pk], "offering": offering.pk})

    assert "見本　退職は、令和8年12月3日に在職していません。" in text(page)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("hired_on", "is_added"), [(date(2026, 10, 1), True), (date(2026, 11, 24), False)]
)
def test_onto_a_period_that_is_on_go_all_who_are_in_service_today(
    clerk, row, section, hired_on, is_added
):
    period = OfferingFactory(
        starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31), mode=Mode.ON_DEMAND
    )
    member = placed(section, staff__hired_on=hired_on)

    clerk.post(f"{URL}?scope=all", {"staff": [member.pk], "offering": period.pk})

    assert period.attendances.exists() == is_added


@pytest.mark.parametrize("capacity", ["10000", "9" * 30, "9" * 5000])
def test_a_capacity_beyond_all_measure_is_told_in_words(clerk, row, section, capacity):
    member = placed(section)

    page = clerk.post(
        f"{URL}?scope=all",
        {
            "staff": [member.pk],
            "offering": "new",
            "course": CourseFactory().pk,
            "starts_on": "R8.12.10",
            "capacity": capacity,
        },
    )

    assert page.context["form"].errors.keys() == {"capacity"}
    assert not Offering.objects.exists()


def test_whoever_completed_it_meanwhile_is_left_out_and_told(clerk, row, section):
    offering, member, done = OfferingFactory(starts_on=COMING), placed(section), placed(section)
    CompletionFactory(staff=done)

    answer = clerk.post(
        f"{URL}?staff={member.pk}&staff={done.pk}",
        {"staff": [member.pk, done.pk], "offering": offering.pk},
        follow=True,
    )

    assert "1人を登録しました。1人は、もう未受講者ではないため除きました。" in text(answer)
    assert [seat.staff for seat in offering.attendances.all()] == [member]


def test_an_offering_of_another_category_is_refused(clerk, row, section):
    other = OfferingFactory(starts_on=COMING, course__category=Category.SKILL)
    member = placed(section)

    page = clerk.post(f"{URL}?scope=all", {"staff": [member.pk], "offering": other.pk})

    assert "開催回を選び直してください。" in text(page)
    assert not Attendance.objects.exists()


# --- Clashes ------------------------------------------------------------------------------------


@pytest.fixture
def clash(row, section):
    """The booking of somebody who still owes the row on another training of that day."""
    return AttendanceFactory(
        staff=placed(section),
        offering__starts_on=COMING,
        offering__course__title="別の研修",
        offering__course__category=Category.SKILL,
    )


@pytest.fixture
def free(row, section):
    """Somebody who still owes the row and is free on that day."""
    return placed(section)


def onto(place, members):
    """The form for these people: onto a coming offering of that day, or onto a new one."""
    data = {"staff": [member.pk for member in members]}
    if place == "coming":
        return data | {"offering": OfferingFactory(starts_on=COMING).pk}
    return data | {"offering": "new", "course": CourseFactory().pk, "starts_on": "R8.12.3"}


def enrolled():
    """The people with a place on an offering of the row."""
    places = Attendance.objects.filter(category=Category.MIND)
    return {place.staff for place in places.select_related("staff")}


either = pytest.mark.parametrize("place", ["coming", "new"])


@either
def test_a_clash_is_shown_before_anybody_is_enrolled(clerk, clash, free, place):
    data = onto(place, [clash.staff, free])

    page = clerk.post(f"{URL}?scope=all", data)

    assert "まだ登録していません。ほかの研修と日時が重なる人がいます。" in text(page)
    assert "別の研修" in text(page)
    assert ticked(page) == {clash.staff, free}
    assert page.context["form"]["offering"].value() == str(data["offering"])
    assert enrolled() == set()


@either
def test_those_who_clash_can_be_left_out(clerk, clash, free, place):
    data = onto(place, [clash.staff, free])

    answer = clerk.post(f"{URL}?scope=all", data | {"clashing": "leave"}, follow=True)

    assert "1人を登録しました。日時が重なる1人を除きました。" in text(answer)
    assert enrolled() == {free}


@either
def test_a_clash_that_was_shown_can_be_accepted(clerk, clash, free, place):
    data = onto(place, [clash.staff, free])
    key = f"{clash.staff_id}-{clash.offering_id}"

    clerk.post(f"{URL}?scope=all", data | {"clashing": "accept", "clash": [key]})

    assert enrolled() == {clash.staff, free}


@either
def test_a_clash_that_came_about_since_is_asked_again(clerk, clash, free, place):
    data = onto(place, [clash.staff, free])

    page = clerk.post(f"{URL}?scope=all", data | {"clashing": "accept", "clash": ["1-1"]})

    assert "別の研修" in text(page)
    assert enrolled() == set()


@either
def test_where_everybody_clashes_nobody_is_left_and_no_offering_is_made(clerk, clash, place):
    data = onto(place, [clash.staff])
    before = Offering.objects.count()

    page = clerk.post(f"{URL}?scope=all", data | {"clashing": "leave"})

    assert "選んだ人は全員、日時が重なります。" in text(page)
    assert (enrolled(), Offering.objects.count()) == (set(), before)


@pytest.mark.parametrize("choice", ["leave", "accept"])
@either
def test_the_same_answer_twice_enrols_once(clerk, clash, free, place, choice):
    data = onto(place, [clash.staff, free])
    data |= {"clashing": choice, "clash": [f"{clash.staff_id}-{clash.offering_id}"]}
    clerk.post(f"{URL}?scope=all", data)
    made, there = Offering.objects.count(), enrolled()

    answer = clerk.post(f"{URL}?scope=all", data, follow=True)

    assert "0人を登録しました。" in text(answer)
    assert (Offering.objects.count(), enrolled()) == (made, there)


def test_a_head_cannot_use_it(client_of, head, row):
    offering, member = OfferingFactory(starts_on=COMING), StaffMember.objects.first()

    answer = client_of(head).post(
        f"{URL}?scope=all", {"staff": [member.pk], "offering": offering.pk}
    )

    assert answer.status_code == 403
    assert not Attendance.objects.exists()


def test_the_queries_do_not_grow_with_people_and_offerings(
    clerk, row, section, django_assert_max_num_queries
):
    course = CourseFactory()
    for day in range(1, 12):
        placed(section)
        OfferingFactory(course=course, starts_on=date(2026, 12, day))
    clerk.get(URL)

    with django_assert_max_num_queries(21):
        page = clerk.get(URL, {"scope": "all"})

    assert (len(page.context["choices"]), len(offered(page))) == (11, 11)
