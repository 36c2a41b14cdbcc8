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
from reports.kept_figures import by_unit
from reports.models import Snapshot
from reports.open_matters import open_matters
from reports.progress import progress
from reports.services.freezing import freeze
from staff.models import StaffMember
from tests.conftest import TODAY, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    EvidenceFactory,
    LeaderTermFactory,
    RankFactory,
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


def test_what_is_open_is_of_the_year_and_can_no_more_be_done_later(people, hr, client_of):
    place = AttendanceFactory(offering__starts_on=HELD_ON, offering__mode="ojt")
    for day, place_of_it in ((HELD_ON, place), (date(2026, 5, 1), None)):
        EvidenceFactory(kind="ojt", state="submitted", obtained_on=day, attendance=place_of_it)
    EvidenceFactory(kind="qualification", state="submitted", obtained_on=HELD_ON)

    found = {one.title: one for one in open_matters(R7, TODAY)}
    before = text(client_of(hr).get(NEW))
    freeze(year=R7, by=hr, today=TODAY)
    after = text(client_of(hr).get(DETAIL))

    assert found["確認を待っているOJT記録"].count == 1
    assert f"{reverse('training:offering_list')}?year=R7&amp;state=held" in before
    assert f"{reverse('training:offering_list')}?year=R7" in after


def test_a_term_without_a_last_day_of_its_own_is_over_with_its_cohort(hr):
    LeaderTermFactory(), LeaderTermFactory()
    LeaderTermFactory(ends_on=date(2026, 3, 1))
    LeaderTermFactory(ends_on=date(2026, 3, 1), completed=True)

    found = {
        year.label: next(
            one.count
            for one in open_matters(year, TODAY)
            if one.title.endswith("判定していない任期")
        )
        for year in (R7, R7.next)
    }

    assert found == {"R7": 1, "R8": 3}


def test_of_many_offerings_without_marks_the_rest_is_told(people, hr, client_of):
    AttendanceFactory.create_batch(9, offering__starts_on=HELD_ON)

    page = text(client_of(hr).get(NEW))

    assert page.count("/attendance/") == 5
    assert "ほか4件（開催回・出欠の一覧）</a>" in page


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


def test_who_made_it_final_stands_without_spaces_in_its_brackets(people, hr, client_of):
    freeze(year=R7, by=hr, today=TODAY)

    assert f"（{hr.staff.name}）</span>" in text(client_of(hr).get(DETAIL))


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
    assert "全職員1人（－1人）" in page
    assert "今の内容と一致しています" in page


def test_the_figures_shown_are_those_written_and_a_tampered_one_is_told(hr, client_of):
    made = freeze(year=R7, by=hr, today=TODAY)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE reports_snapshot DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER reports_snapshot_immutable")
    Snapshot.objects.filter(pk=made.pk).update(figures=made.figures | {"population": 999})

    page = text(client_of(hr).get(DETAIL))

    assert "（0 / 999人）" in page
    assert "確定したときのものと一致しません" in page


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
    deep = DepartmentFactory(parent=below, gives_leader=False)
    CompletionFactory(staff=placed(below), offering__starts_on=HELD_ON)
    placed(deep)
    placed(section)
    snapshot = freeze(year=R7, by=hr, today=TODAY)

    for units in (None, frozenset({below.pk, deep.pk}), frozenset({deep.pk})):
        told = progress(snapshot.as_of, DEFAULT_RULE, units).units
        assert by_unit(snapshot, units) == [(one.unit.name, one.counts) for one in told]


def test_sixty_members_are_drawn_in_as_many_queries_as_ten(section, hr, client_of):
    def count(year: int) -> int:
        with CaptureQueriesContext(connection) as found:
            page = client_of(hr).get(reverse("reports:snapshot_detail", args=[year]))
            assert page.context["page"].paginator.count == (10 if year == 2024 else 60)
        return len(found)

    rank = RankFactory()
    for size, year in ((10, 2024), (50, 2025)):
        for _ in range(size):
            placed(section, rank=rank, starts_on=date(year, 4, 1))
        freeze(year=FiscalYear(year), by=hr, today=TODAY)
    count(2024)

    assert count(2024) == count(2025)


def test_neither_the_list_nor_the_choice_reads_the_members(hr, client_of):
    freeze(year=R7, by=hr, today=TODAY)
    choice = reverse("reports:comparison") + "?first=known-2025&second=known-2025"

    for address in (LIST, choice):
        with CaptureQueriesContext(connection) as asked:
            assert client_of(hr).get(address).status_code == 200

        assert not [one for one in asked if '"reports_snapshot"."members"' in one["sql"]]
