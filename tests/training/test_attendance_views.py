"""The attendance page: one grid, one button, nothing overwritten and nothing typed lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from staff.models import StaffMember
from tests.conftest import TODAY, account
from tests.factories import (
    AssignmentFactory,
    AttendanceChangeFactory,
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


# --- Order, filter, people who wait or gave notice ----------------------------------------------


def test_people_stand_in_the_order_of_their_kana_when_asked_for(client_of, hr):
    offering = OfferingFactory()
    for kana in ("ワタナベ", "", "アベ", "サトウ"):
        AttendanceFactory(offering=offering, staff=AssignmentFactory(staff__name_kana=kana).staff)

    rows = client_of(hr).get(address(offering), {"order": "kana"}).context["rows"]

    assert [row.person.staff.name_kana for row in rows] == ["アベ", "サトウ", "ワタナベ", ""]


def test_marked_people_are_hidden_when_only_the_unmarked_are_asked_for(client_of, hr):
    offering, (unmarked, marked) = booked(2)
    Attendance.objects.filter(pk=marked.pk).update(status="absent")

    response = client_of(hr).get(address(offering), {"show": "unmarked"})

    hidden = {row.person.attendance.pk: row.is_hidden for row in response.context["rows"]}
    assert hidden == {unmarked.pk: False, marked.pk: True}
    assert f'data-person="{marked.pk}" hidden' in response.content.decode()


def test_after_saving_one_comes_back_to_the_same_order_and_filter(client_of, hr):
    offering, (row,) = booked(1)
    url = f"{address(offering)}?order=kana&show=unmarked"

    response = client_of(hr).post(url, typed((row, "booked", "present")))

    assert response["Location"] == url


def test_totals_are_shown_with_the_unmarked_first(client_of, hr):
    offering, (_, _, absent) = booked(3)
    Attendance.objects.filter(pk=absent.pk).update(status="absent")

    html = client_of(hr).get(address(offering)).content.decode()

    assert "未入力 2人・欠席 1人" in html


def test_who_waits_stands_apart_in_their_order_and_can_be_added(client_of, hr):
    offering, (row,) = booked(1)
    late, early = (
        AttendanceFactory(
            offering=offering,
            status="waiting",
            waiting_since=timezone.now() - timedelta(hours=hours),
        )
        for hours in (1, 2)
    )
    browser = client_of(hr)

    response = browser.get(address(offering))
    browser.post(
        reverse("training:offering_walk_in", args=[offering.pk]), {"number": late.staff.number}
    )

    assert [one.attendance for one in response.context["waiting"]] == [early, late]
    assert [one.person.attendance for one in response.context["rows"]] == [row]
    assert f"status-{early.pk}" not in response.content.decode()
    late.refresh_from_db()
    assert late.status == "present"


def test_a_notice_is_shown_with_its_reason_and_can_be_marked_over(client_of, hr):
    offering, _ = booked(1)
    notified = AttendanceFactory(offering=offering, status="notified", note="議会対応")
    browser = client_of(hr)

    html = browser.get(address(offering)).content.decode()
    browser.post(address(offering), typed((notified, "notified", "present")))

    assert "欠席届が出ています（公務：議会対応）" in html
    notified.refresh_from_db()
    assert notified.status == "present"


def test_the_reason_stays_with_corrections_only(client_of, hr):
    offering, (corrected, new) = booked(2)
    Attendance.objects.filter(pk=corrected.pk).update(status="absent")
    page = typed((corrected, "absent", "late"), (new, "booked", "present"))

    client_of(hr).post(address(offering), page | {"reason": "名札の取り違え"})

    assert corrected.changes.get().reason == "名札の取り違え"
    assert new.changes.get().reason == ""


@pytest.mark.parametrize("reason", ["長" * 201, "\x00"])
def test_a_reason_that_cannot_be_kept_changes_nothing_and_keeps_what_was_chosen(
    client_of, hr, reason
):
    offering, (row,) = booked(1)

    response = client_of(hr).post(
        address(offering), typed((row, "booked", "late")) | {"reason": reason}
    )

    assert "理由は200文字までで入力してください。" in response.content.decode()
    assert chosen_on(response, row) == ("booked", "late")
    assert statuses() == ["booked"]


# --- Saved as it is marked ----------------------------------------------------------------------


def mark_address(offering):
    return reverse("training:offering_mark", args=[offering.pk])


def test_a_row_is_confirmed_when_it_is_saved_and_again_when_it_comes_twice(client_of, hr):
    offering, (row,) = booked(1)
    browser = client_of(hr)

    answers = [
        browser.post(mark_address(offering), typed((row, "booked", "late"))) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    saved = {"saved": [{"id": row.pk, "now": "late"}], "conflicts": []}
    assert [answer.json() for answer in answers] == [saved, saved]
    assert AttendanceChange.objects.count() == 1


def test_a_clash_is_409_with_who_and_when_and_the_other_rows_are_saved(client_of, hr, admin):
    offering, (contested, free) = booked(2)
    client_of(admin).post(mark_address(offering), typed((contested, "booked", "present")))

    answer = client_of(hr).post(
        mark_address(offering), typed((contested, "booked", "absent"), (free, "booked", "late"))
    )

    assert answer.status_code == 409
    (clash,) = answer.json()["conflicts"]
    assert (clash["id"], clash["now"], clash["label"]) == (contested.pk, "present", "出席")
    assert clash["by"] == admin.staff.name
    assert clash["at"].startswith("11月23日 12:0")
    assert answer.json()["saved"] == [{"id": free.pk, "now": "late"}]
    assert statuses() == ["present", "late"]


def test_a_clash_with_an_import_has_no_moment(client_of, hr):
    offering, (row,) = booked(1)
    Attendance.objects.filter(pk=row.pk).update(status="absent")

    answer = client_of(hr).post(mark_address(offering), typed((row, "booked", "late")))

    (clash,) = answer.json()["conflicts"]
    assert (clash["by"], clash["at"]) == ("コマンド", "")


def test_a_refusal_is_422_with_its_sentence(client_of, hr):
    offering, (row,) = booked(1, closed_at=timezone.now())

    answer = client_of(hr).post(mark_address(offering), typed((row, "booked", "late")))

    assert answer.status_code == 422
    assert "締め済みのため、変更できません。" in answer.json()["error"]
    assert statuses() == ["booked"]


def test_a_page_of_another_account_saves_nothing(client_of, hr, admin):
    offering, (row,) = booked(1)
    page = typed((row, "booked", "late")) | {"account": admin.pk}

    answer = client_of(hr).post(mark_address(offering), page)

    assert answer.status_code == 422
    assert "別の人がログインしています。" in answer.json()["error"]
    assert statuses() == ["booked"]


def test_somebody_who_lost_the_right_saves_nothing(client_of, hr):
    offering, (row,) = booked(1)
    browser = client_of(hr)
    browser.get(address(offering))
    hr.groups.clear()

    answer = browser.post(mark_address(offering), typed((row, "booked", "late")))

    assert answer.status_code == 403
    assert statuses() == ["booked"]


def test_saving_500_rows_takes_the_queries_of_5(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    pages = []
    for number in (5, 500):
        offering = OfferingFactory()
        rows = AttendanceFactory.create_batch(number, offering=offering)
        pages.append((mark_address(offering), typed(*((row, "booked", "late") for row in rows))))
    browser = client_of(hr)
    browser.get(reverse("training:offering_list"))
    with django_assert_max_num_queries(26) as counted:
        browser.post(*pages[0])

    with django_assert_num_queries(len(counted)):
        answer = browser.post(*pages[1])

    assert len(answer.json()["saved"]) == 500


# --- What became of one person's mark -----------------------------------------------------------


def test_the_history_of_one_person_shows_old_new_who_and_why(client_of, hr, admin):
    offering, (row, other) = booked(2)
    AttendanceChangeFactory(attendance=row, by=admin)
    AttendanceChangeFactory(
        attendance=row, old="present", new="late", by=None, reason="名札の取り違え"
    )
    AttendanceChangeFactory(attendance=other, reason="別の人のこと")

    response = client_of(hr).get(reverse("training:mark_history", args=[offering.pk, row.pk]))

    html = response.content.decode()
    assert [change.new for change in response.context["changes"]] == ["late", "present"]
    assert admin.staff.name in html
    assert "コマンド" in html
    assert "名札の取り違え" in html
    assert "別の人のこと" not in html


def test_a_place_of_another_offering_has_no_history_here(client_of, hr):
    (first, _), (_, (foreign,)) = booked(1), booked(1)

    response = client_of(hr).get(reverse("training:mark_history", args=[first.pk, foreign.pk]))

    assert response.status_code == 404
