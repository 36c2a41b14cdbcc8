"""The pages of frozen years: who sees which years, figures and names, and the freezing itself."""

from datetime import date
from io import BytesIO

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from agano_dx.lib.fiscal import FiscalYear
from reports.members import by_unit
from reports.models import Snapshot
from reports.progress import progress
from reports.services.freezing import freeze
from staff.models import StaffMember
from tests.conftest import TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    LeaderTermFactory,
    OfferingFactory,
)
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

R7 = FiscalYear(2025)
HELD_ON = date(2026, 3, 2)
LIST = reverse("reports:snapshot_list")
NEW = reverse("reports:snapshot_new", args=[2025])
DETAIL = reverse("reports:snapshot_detail", args=[2025])
EXPORT = reverse("reports:snapshot_export", args=[2025])


def text(response):
    return response.content.decode()


@pytest.fixture
def people(section, other_section):
    """One of the section who learned, one of another who did not."""
    own = placed(section, staff__name="甲山　花子")
    other = placed(other_section, staff__name="乙川　太郎")
    CompletionFactory(staff=own, offering__starts_on=HELD_ON)
    return own, other


def test_the_list_leads_hr_to_the_first_year_that_is_over(hr, head, client_of):
    page = text(client_of(hr).get(LIST))

    assert "令和7年度の数値を確定する" in page
    assert "令和16年度" in page
    assert NEW not in text(client_of(head).get(LIST))


def test_before_freezing_hr_sees_what_is_still_open_and_the_figures(people, hr, client_of):
    AttendanceFactory(offering__starts_on=HELD_ON, offering__course__title="見本の未入力研修")
    LeaderTermFactory(starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31))

    page = text(client_of(hr).get(NEW))

    assert "出欠が未入力の開催回" in page
    assert "見本の未入力研修" in page
    assert "修了を判定していない任期" in page
    assert "確定は取り消せません" in page


def test_hr_freezes_with_a_tick_and_a_second_click_makes_no_second(people, hr, client_of):
    browser = client_of(hr)

    without = browser.post(NEW)
    first = browser.post(NEW, {"confirmed": "on"})
    again = browser.post(NEW, {"confirmed": "on"})

    assert ">取り消せないことを確かめて、チェックを入れてください。</a>" in text(without)
    assert (first.url, again.url) == (DETAIL, DETAIL)
    assert Snapshot.objects.get().frozen_by == hr
    assert "確定済" in text(browser.get(LIST))


def test_a_head_sees_own_people_and_own_figures_alone(people, hr, head, client_of):
    freeze(year=R7, by=hr, today=TODAY)

    page = text(client_of(head).get(DETAIL))

    assert "甲山　花子" in page
    assert "乙川　太郎" not in page
    assert "別の課" not in page
    assert "（0 / 2人）" in page  # the head too; the city has three


def test_a_manager_sees_the_whole_city_and_no_name(people, hr, manager, client_of):
    freeze(year=R7, by=hr, today=TODAY)

    page = text(client_of(manager).get(DETAIL))

    assert "（0 / 2人）" in page
    assert "別の課" in page
    assert "甲山　花子" not in page
    assert client_of(manager).get(EXPORT).status_code == 403


def test_the_page_shows_the_frozen_place_and_what_was_learned_since(people, hr, client_of):
    own, _ = people
    freeze(year=R7, by=hr, today=TODAY)
    StaffMember.objects.filter(pk=own.pk).update(left_on=date(2026, 3, 15))

    page = text(client_of(hr).get(DETAIL))

    assert "甲山　花子" in page
    assert "全職員1人（−1人）" in page
    assert "今の内容と一致しています" in page


def test_a_tampered_snapshot_is_told(hr, client_of):
    made = freeze(year=R7, by=hr, today=TODAY)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE reports_snapshot DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER reports_snapshot_immutable")
    Snapshot.objects.filter(pk=made.pk).update(figures={"population": 999})

    assert "確定したときのものと一致しません" in text(client_of(hr).get(DETAIL))


def test_the_members_go_to_excel_as_far_as_names_are_seen(people, hr, head, client_of):
    freeze(year=R7, by=hr, today=TODAY)

    taken = client_of(head).post(EXPORT, {"reason": ""})

    sheet = load_workbook(BytesIO(taken.content)).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "甲山　花子" in cells
    assert "乙川　太郎" not in cells
    assert "取扱注意" in cells[0]
    assert LogEntry.objects.filter(
        additional_data__export="snapshot_members", additional_data__rows=2, actor=head
    ).exists()


def test_the_counts_by_unit_are_those_of_the_dashboard(section, hr):
    below = DepartmentFactory(parent=section, gives_leader=False)
    CompletionFactory(staff=placed(below), offering__starts_on=HELD_ON)
    placed(section)
    snapshot = freeze(year=R7, by=hr, today=TODAY)

    for units in (None, frozenset({below.pk})):
        told = progress(snapshot.as_of, DEFAULT_RULE, units).units
        assert list(by_unit(snapshot, units)) == [(one.unit.name, one.counts) for one in told]


def test_ten_members_are_drawn_in_as_many_queries_as_one(section, hr, client_of):
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client_of(hr).get(DETAIL).status_code == 200
        return len(found)

    offering = OfferingFactory(starts_on=HELD_ON)
    freeze(year=R7, by=hr, today=TODAY)
    client_of(hr).get(DETAIL)
    few = count()
    for _ in range(10):
        CompletionFactory(staff=placed(section), offering=offering)

    assert count() == few
