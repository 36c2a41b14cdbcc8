"""The attendance page: one grid, one button, nothing overwritten and nothing typed lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from staff.models import StaffMember
from tests.conftest import TODAY, account
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    DepartmentFactory,
    OfferingFactory,
)
from training.models import Attendance, AttendanceChange

pytestmark = pytest.mark.django_db


def address(offering):
    return reverse("training:offering_attendance", args=[offering.pk])


def booked(number, **kwargs):
    offering = OfferingFactory(**kwargs)
    return offering, [
        AttendanceFactory(offering=offering, staff=AssignmentFactory().staff) for _ in range(number)
    ]


def typed(*rows):
    """What the page posts: (place, seen, chosen) for each row."""
    data = {}
    for place, seen, chosen in rows:
        data[f"seen-{place.pk}"], data[f"status-{place.pk}"] = seen, chosen
    return data


def chosen_on(response, place):
    """The state the page shows as chosen, and the one it takes as seen."""
    rows = {row.person.attendance.pk: row for row in response.context["rows"]}
    row = rows[place.pk]
    html = response.content.decode()
    radio = f'name="status-{place.pk}" value="{row.chosen}" data-key'
    assert "checked" in html[html.index(radio) :].split(">")[0]
    assert f'name="seen-{place.pk}" value="{row.seen}"' in html
    return row.seen, row.chosen


def statuses():
    return list(Attendance.objects.order_by("pk").values_list("status", flat=True))


def test_everybody_on_the_offering_is_in_the_grid_with_their_state(client_of, hr):
    offering, (first, second) = booked(2)
    Attendance.objects.filter(pk=second.pk).update(status="absent")
    cancelled = AttendanceFactory(offering=offering, status="cancelled")

    response = client_of(hr).get(address(offering))

    html = response.content.decode()
    assert chosen_on(response, first) == ("booked", "booked")
    assert chosen_on(response, second) == ("absent", "absent")
    assert first.staff.name in html
    assert cancelled.staff.name not in html


def test_marks_are_saved_and_told(client_of, hr):
    offering, (first, second) = booked(2)

    response = client_of(hr).post(
        address(offering),
        typed((first, "booked", "present"), (second, "booked", "absent")),
        follow=True,
    )

    assert response.redirect_chain
    assert "2人の出欠を保存しました。" in response.content.decode()
    assert statuses() == ["present", "absent"]
    assert set(AttendanceChange.objects.values_list("by", flat=True)) == {hr.pk}


def test_the_same_post_twice_makes_one_change_and_says_so(client_of, hr):
    offering, (row,) = booked(1)
    page = typed((row, "booked", "present"))
    browser = client_of(hr)
    browser.post(address(offering), page)

    response = browser.post(address(offering), page, follow=True)

    assert "変更はありませんでした。" in response.content.decode()
    assert AttendanceChange.objects.count() == 1


def test_a_conflict_is_shown_with_who_and_kept_apart_while_the_rest_is_saved(client_of, hr, admin):
    offering, (contested, free) = booked(2)
    client_of(admin).post(address(offering), typed((contested, "booked", "present")))

    response = client_of(hr).post(
        address(offering), typed((contested, "booked", "absent"), (free, "booked", "late"))
    )

    html = response.content.decode()
    assert "他の人が先に変えた行があります。" in html
    assert f"<strong>{admin.staff.name}</strong>が11月23日 12:0" in html
    assert "「出席」にしました。" in html
    assert statuses() == ["present", "late"]
    # The row offers this clerk's choice against the state as it is now.
    assert chosen_on(response, contested) == ("present", "absent")
    assert chosen_on(response, free) == ("late", "late")


def test_saving_a_shown_conflict_again_is_a_decision_and_takes_effect(client_of, hr, admin):
    offering, (contested,) = booked(1)
    client_of(admin).post(address(offering), typed((contested, "booked", "present")))
    client_of(hr).post(address(offering), typed((contested, "booked", "absent")))

    client_of(hr).post(address(offering), typed((contested, "present", "absent")))

    assert statuses() == ["absent"]
    assert list(AttendanceChange.objects.values_list("old", "new")) == [
        ("booked", "present"),
        ("present", "absent"),
    ]


def test_one_s_own_mark_is_refused_and_what_was_typed_is_still_there(client_of, hr):
    offering, (other,) = booked(1)
    own = AttendanceFactory(offering=offering, staff=hr.staff)

    response = client_of(hr).post(
        address(offering), typed((other, "booked", "late"), (own, "booked", "present"))
    )

    html = response.content.decode()
    assert "自分の出欠は自分では入力できません。" in html
    assert "まだ何も保存していません。" in html
    assert chosen_on(response, other) == ("booked", "late")
    assert statuses() == ["booked", "booked"]


def test_one_s_own_row_offers_nothing_to_choose(client_of, hr):
    offering, _ = booked(1)
    own = AttendanceFactory(offering=offering, staff=hr.staff)

    html = client_of(hr).get(address(offering)).content.decode()

    assert f"status-{own.pk}" not in html
    assert "自分の出欠は別の担当者が入力します。" in html


def test_a_row_of_another_offering_changes_nothing_and_is_told(client_of, hr):
    offering, (row,) = booked(1)
    _, (foreign,) = booked(1)

    response = client_of(hr).post(
        address(offering), typed((row, "booked", "late"), (foreign, "booked", "present"))
    )

    assert "この開催回にない人か、使えない出欠が送られました。" in response.content.decode()
    assert chosen_on(response, row) == ("booked", "late")
    assert statuses() == ["booked", "booked"]


@pytest.mark.parametrize(
    ("seen", "chosen"), [("booked", "finished"), ("booked", "waiting"), ("", "present")]
)
def test_a_state_that_does_not_exist_changes_nothing_and_is_told(client_of, hr, seen, chosen):
    offering, (row, other) = booked(2)

    response = client_of(hr).post(
        address(offering), typed((other, "booked", "present"), (row, seen, chosen))
    )

    assert "この開催回にない人か、使えない出欠が送られました。" in response.content.decode()
    assert statuses() == ["booked", "booked"]


def test_a_mark_for_somebody_cancelled_meanwhile_is_not_dropped_in_silence(client_of, hr):
    offering, (gone, other) = booked(2)
    Attendance.objects.filter(pk=gone.pk).update(status="cancelled")

    response = client_of(hr).post(
        address(offering), typed((gone, "booked", "present"), (other, "booked", "late"))
    )

    assert "この開催回にない人か" in response.content.decode()
    assert chosen_on(response, other) == ("booked", "late")
    assert statuses() == ["cancelled", "booked"]


def test_before_the_day_nothing_can_be_marked(client_of, hr):
    offering, (row,) = booked(1, starts_on=TODAY + timedelta(days=1))
    browser = client_of(hr)

    shown = browser.get(address(offering)).content.decode()
    sent = browser.post(address(offering), typed((row, "booked", "present")))

    assert "今は出欠を入力できません。" in shown
    assert f"status-{row.pk}" not in shown
    assert "開催日の前なので、出欠は入力できません。" in sent.content.decode()
    assert statuses() == ["booked"]


def test_a_closed_offering_cannot_be_marked(client_of, hr):
    offering, (row,) = booked(1, closed_at=timezone.now())

    response = client_of(hr).post(address(offering), typed((row, "booked", "present")))

    assert "締め済みのため、変更できません。" in response.content.decode()
    assert statuses() == ["booked"]


def test_an_offering_without_people_says_so(client_of, hr):
    html = client_of(hr).get(address(OfferingFactory())).content.decode()

    assert "受講者がまだ登録されていません。" in html


def test_a_name_with_signs_of_html_is_shown_as_it_is(client_of, hr):
    offering, (row,) = booked(1)
    StaffMember.objects.filter(pk=row.staff_id).update(name="<b>見本</b>")

    html = client_of(hr).get(address(offering)).content.decode()

    assert "&lt;b&gt;見本&lt;/b&gt;" in html
    assert "<b>見本" not in html


def test_only_those_who_keep_training_get_in(client_of, head, manager, staff):
    offering, (row,) = booked(1)

    answers = [
        client_of(user).post(address(offering), typed((row, "booked", "present"))).status_code
        for user in (head, manager, staff)
    ]

    assert answers == [403, 403, 403]
    assert statuses() == ["booked"]


def test_an_offering_that_is_not_there_is_not_found(client_of, hr):
    assert client_of(hr).get(reverse("training:offering_attendance", args=[1])).status_code == 404


def test_the_grid_takes_the_same_queries_for_1_and_200_people(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    small, _ = booked(1)
    large, _ = booked(200)
    browser = client_of(hr)
    browser.get(address(small))
    with django_assert_max_num_queries(14) as counted:
        browser.get(address(small))

    with django_assert_num_queries(len(counted)):
        html = browser.get(address(large)).content.decode()

    assert html.count("data-person") == 200


def test_saving_the_grid_takes_the_same_queries_for_10_and_200_people(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    pages = []
    for number in (10, 200):
        offering, rows = booked(number)
        pages.append((address(offering), typed(*((row, "booked", "present") for row in rows))))
    browser = client_of(hr)
    browser.get(pages[0][0])
    with django_assert_max_num_queries(30) as counted:
        browser.post(*pages[0])

    with django_assert_num_queries(len(counted)):
        browser.post(*pages[1])

    assert Attendance.objects.filter(status="present").count() == 210


def test_people_stand_in_the_order_of_departments_and_ranks(client_of, hr):
    offering = OfferingFactory()
    early, late = DepartmentFactory(order=1), DepartmentFactory(order=2)
    places = [
        AssignmentFactory(department=department, rank__order=rank)
        for department, rank in ((late, 1), (early, 2), (early, 1))
    ]
    for place in places:
        AttendanceFactory(offering=offering, staff=place.staff)
    nowhere = AttendanceFactory(offering=offering)

    rows = client_of(hr).get(address(offering)).context["rows"]

    wanted = [places[2].staff, places[1].staff, places[0].staff, nowhere.staff]
    assert [row.person.staff for row in rows] == wanted
    assert rows[-1].person.department == "（所属なし）"


def test_people_are_shown_where_they_stood_when_it_was_held(client_of, hr):
    offering = OfferingFactory()
    then = AssignmentFactory()
    AttendanceFactory(offering=offering, staff=then.staff)
    AssignmentFactory(staff=then.staff, starts_on=offering.ends_on + timedelta(days=1))

    (row,) = client_of(hr).get(address(offering)).context["rows"]

    assert (row.person.department, row.person.rank) == (then.department.name, then.rank.name)


def test_an_account_with_the_hr_role_marks_people_of_its_own_section(client_of, section):
    clerk = account(AssignmentFactory(department=section).staff, "hr")
    offering, (row,) = booked(1)

    client_of(clerk).post(address(offering), typed((row, "booked", "excused")))

    assert statuses() == ["excused"]
