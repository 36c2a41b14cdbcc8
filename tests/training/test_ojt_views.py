"""Pages of OJT: one's own records, the head's list of what waits."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import placed
from tests.factories import AttendanceFactory, CourseFactory, EvidenceFactory, OfferingFactory
from training.models import Course, Evidence
from training.services.evidence import seal

pytestmark = pytest.mark.django_db

LIST = "/training/evidence/ojt/"
FILLED = {"obtained_on": "R8.11.2", "hours": "3.5", "note": "流れ図を書いた。"}


def place_of(member, hours=10):
    course = Course.objects.filter(title="見本のOJT").first()
    offering = OfferingFactory(
        mode="ojt",
        course=course or CourseFactory(title="見本のOJT", category="ojt", hours=hours),
        starts_on=date(2026, 10, 1),
        ends_on=date(2027, 3, 31),
    )
    return AttendanceFactory(offering=offering, staff=member)


def record_of(place, **values):
    return EvidenceFactory(
        staff=place.staff,
        kind="ojt",
        attendance=place,
        **{"title": "見本のOJT", "hours": 4, "obtained_on": date(2026, 10, 5), **values},
    )


def new(place):
    return reverse("training:ojt_new", args=[place.pk])


def edit(record):
    return reverse("training:ojt_edit", args=[record.pk])


def test_a_person_writes_a_record_and_sees_how_far_they_are(client_of, staff):
    place = place_of(staff.staff)

    page = client_of(staff).post(new(place), FILLED, follow=True)

    html = page.content.decode()
    assert "OJTの記録を所属長に提出しました。" in html
    assert "確認済み 0.0 / 10.0 時間" in html
    assert "確認待ち 3.5 時間" in html
    assert Evidence.objects.get().attendance == place


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"obtained_on": "R8.9.30"}, "実施日は、OJTの期間のうち今日までの日を"),
        ({"obtained_on": "R8.11.24"}, "実施日は、OJTの期間のうち今日までの日を"),
        ({"hours": "0"}, "時間数："),
        ({"hours": "24.5"}, "時間数："),
        ({"hours": "0.25"}, "時間数："),
        ({"hours": "半日"}, "時間数："),
        ({"note": ""}, "内容：空欄です。入力するか、選んでください。"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(client_of, staff, changes, words):
    typed = FILLED | changes

    html = client_of(staff).post(new(place_of(staff.staff)), typed).content.decode()

    assert words in html
    for value in typed.values():
        assert value in html
    assert not Evidence.objects.exists()


def test_a_second_record_of_the_day_is_told(client_of, staff):
    place = place_of(staff.staff)
    browser = client_of(staff)
    browser.post(new(place), FILLED)

    html = browser.post(new(place), FILLED | {"hours": "1"}).content.decode()

    assert "この日の記録は登録済みです。" in html
    assert Evidence.objects.count() == 1


def test_a_finished_ojt_shows_its_records_without_a_form(client_of, staff):
    place = place_of(staff.staff)
    record_of(place)
    place.status, place.completed_on = "present", date(2026, 10, 5)
    place.save()

    html = client_of(staff).get(new(place)).content.decode()

    assert "このOJTは修了しています。" in html
    assert "令和8年10月5日" in html
    assert "所属長に提出する" not in html


def test_a_returned_record_shows_why_and_is_handed_in_again(client_of, staff):
    record = record_of(place_of(staff.staff), state="returned", comment="指導者を書く。")
    browser = client_of(staff)
    asked = browser.get(edit(record)).content.decode()

    browser.post(edit(record), FILLED)

    record.refresh_from_db()
    assert "指導者を書く。" in asked
    assert (record.state, record.hours) == ("submitted", 3.5)


def test_a_confirmed_record_opens_without_a_form(client_of, staff):
    record = record_of(place_of(staff.staff), state="confirmed", confirmed_on=date(2026, 10, 6))

    page = client_of(staff).post(edit(record), FILLED, follow=True)

    assert page.request["PATH_INFO"] == record.get_absolute_url()
    assert "確認済みのため、変更できません。" in page.content.decode()
    record.refresh_from_db()
    assert record.hours == 4


def test_the_head_reads_confirms_and_the_place_is_done(client_of, staff, head):
    place = place_of(staff.staff, hours=4)
    record = record_of(place)
    browser = client_of(head)
    listed = browser.get(LIST).content.decode()
    shown = browser.get(record.get_absolute_url())

    page = browser.post(
        reverse("training:evidence_confirm", args=[record.pk]),
        {"seen": shown.context["seen"]},
        follow=True,
    )

    place.refresh_from_db()
    assert record.get_absolute_url() in listed
    assert "確認済み 0.0 / 4.0 時間" in shown.content.decode()
    assert page.request["PATH_INFO"] == LIST
    assert "確認済にしました。" in page.content.decode()
    assert (place.status, place.completed_on) == ("present", date(2026, 10, 5))


def test_a_refusal_under_the_lock_is_told_on_the_record(client_of, staff, head):
    place = place_of(staff.staff)
    record = record_of(place)
    place.status = "absent"
    place.save()

    page = client_of(head).post(
        reverse("training:evidence_confirm", args=[record.pk]),
        {"seen": seal(record)},
        follow=True,
    )

    assert page.request["PATH_INFO"] == record.get_absolute_url()
    assert "「欠席」になっているため、確認できません。" in page.content.decode()


def test_the_list_holds_what_waits_of_own_people_the_oldest_first(
    client_of, head, hr, section, other_section
):
    first = record_of(place_of(placed(section)), obtained_on=date(2026, 10, 1))
    later = record_of(place_of(placed(section)), obtained_on=date(2026, 10, 9))
    record_of(place_of(placed(section)), state="returned")
    elsewhere = record_of(place_of(placed(other_section)))
    own = record_of(place_of(head.staff))

    def listed(user):
        return [row.evidence for row in client_of(user).get(LIST).context["rows"]]

    assert listed(head) == [first, later]
    assert set(listed(hr)) == {first, later, elsewhere, own}


def test_the_list_takes_as_many_queries_for_one_as_for_eleven(client_of, head, section):
    def queries():
        with CaptureQueriesContext(connection) as found:
            browser.get(LIST)
        return len(found)

    browser = client_of(head)
    record_of(place_of(placed(section)))
    before = queries()
    for _ in range(10):
        record_of(place_of(placed(section)))

    assert queries() == before


def test_the_list_is_paged(client_of, head, section):
    for _ in range(51):
        record_of(place_of(placed(section)))

    page = client_of(head).get(LIST, {"page": "2"})

    assert len(page.context["rows"]) == 1
