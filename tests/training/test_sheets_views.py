"""出席簿 on paper."""

from datetime import date, time

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    DepartmentFactory,
    OfferingDayFactory,
    OfferingFactory,
)

pytestmark = pytest.mark.django_db


def sheet(browser, offering, **query):
    return browser.get(reverse("training:offering_sheet", args=[offering.pk]), query)


def placed(offering, name, kana, order=0, **kwargs):
    place = AssignmentFactory(
        staff__name=name, staff__name_kana=kana, department=DepartmentFactory(order=order)
    )
    return AttendanceFactory(offering=offering, staff=place.staff, **kwargs)


def names(response):
    return [person.staff.name for person in response.context["people"]]


def test_people_stand_by_department_or_by_kana(client_of, hr):
    offering = OfferingFactory()
    placed(offering, "渡辺　一", "ワタナベ ハジメ", order=1)
    placed(offering, "名無し", "", order=2)
    placed(offering, "阿部　二", "アベ フタツ", order=3)
    browser = client_of(hr)

    assert names(sheet(browser, offering)) == ["渡辺　一", "名無し", "阿部　二"]
    assert names(sheet(browser, offering, order="kana")) == ["阿部　二", "渡辺　一", "名無し"]
    assert names(sheet(browser, offering, order="?")) == names(sheet(browser, offering))


def test_who_waits_or_cancelled_is_not_on_it_and_notices_are_written_in(client_of, hr):
    offering = OfferingFactory()
    placed(offering, "欠席　届", "ケッセキ", status="notified")
    placed(offering, "空き　待ち", "アキ", status="waiting")
    placed(offering, "取り　消し", "トリ", status="cancelled")

    response = sheet(client_of(hr), offering)

    assert names(response) == ["欠席　届"]
    assert "<td>欠席届</td>" in response.content.decode()


def test_several_days_are_told_with_their_times_and_have_one_box(client_of, hr):
    first, last = date(2026, 6, 1), date(2026, 6, 8)
    offering = OfferingFactory(starts_on=first, ends_on=last)
    for day in (first, last):
        OfferingDayFactory(offering=offering, day=day, starts_at=time(13, 30), ends_at=time(15))

    html = sheet(client_of(hr), offering).content.decode()

    assert "令和8年6月1日 13:30～15:00" in html
    assert "令和8年6月8日 13:30～15:00" in html
    assert html.count("agano-sheet__box") == 1
    assert "出欠は、全部の日を合わせて1人に1つです。" in html


def test_the_head_of_each_page_names_the_course_and_its_day(client_of, hr):
    offering = OfferingFactory(course__title="見本研修", starts_at=time(9), ends_at=time(10, 30))

    html = sheet(client_of(hr), offering).content.decode()

    head = html[html.index("<thead>") : html.index("</thead>")]
    assert "見本研修　令和8年6月1日" in head
    assert "令和8年6月1日 09:00～10:30" in html
    assert "全部の日を合わせて" not in html


def test_taking_the_sheet_leaves_a_trace_without_names(client_of, hr):
    offering = AttendanceFactory().offering

    sheet(client_of(hr), offering)

    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert (entry.actor, entry.object_id) == (hr, offering.pk)
    assert entry.additional_data == {"print": "attendance_sheet", "rows": 1}
