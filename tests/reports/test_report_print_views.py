"""The report on A4, as each role gets it."""

import re

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.publication import MARK, NOBODY
from staff.models import StaffMember
from tests.conftest import placed
from tests.factories import DepartmentFactory
from tests.reports.sheets import opened

pytestmark = pytest.mark.django_db

PRINT, DOOR = reverse("reports:report_print"), reverse("reports:report")
WORKBOOK = reverse("reports:report_workbook")


@pytest.fixture
def plan(db):
    call_command("loaddata", "plan", verbosity=0)


def page(client, **query):
    return client.get(PRINT, query).content.decode()


def entries():
    return LogEntry.objects.filter(
        action=LogEntry.Action.ACCESS, additional_data__print="report"
    ).order_by("pk")


def test_a_head_prints_own_units_alone_and_nobody_by_name(plan, client_of, head, section):
    own, far = placed(section), placed(DepartmentFactory(name="遠い課"))

    html = page(client_of(head))

    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    assert section.name in main
    assert "遠い課" not in main
    assert not {name for name in (own.name, far.name) if name in main}


def test_the_menu_says_that_it_is_the_report(plan, client_of, manager):
    html = page(client_of(manager))

    assert f'href="{DOOR}" aria-current="page">報告書' in html


def test_every_table_stands_in_the_contents_in_the_order_of_the_pages(plan, client_of, manager):
    html = page(client_of(manager))

    listed = re.findall(r'<a href="#(part-\w+)">', html)
    assert listed == re.findall(r'<h2 id="(part-\w+)">', html)
    assert listed[0] == "part-summary"
    assert listed[-1] == "part-definitions"


def test_every_page_tells_title_and_day_and_published_ones_that_they_are(plan, client_of, hr):
    plain, published = page(client_of(hr), as_of="R8.3.31"), page(client_of(hr), publish="1")

    assert 'data-about="阿賀野市デジタル人材育成計画 進捗報告書　基準日：令和8年3月31日"' in plain
    assert 'data-mark=""' in plain
    assert f'data-mark="{MARK}"' in published


def test_a_printed_report_leaves_its_trace(plan, client_of, hr):
    page(client_of(hr), as_of="R8.3.31", publish="1")
    page(client_of(hr))

    told = [entry.additional_data for entry in entries()]
    assert [one["publication"] for one in told] == ["yes", "no"]
    assert told[0]["as_of"] == "2026-03-31"
    assert {entry.actor for entry in entries()} == {hr}


def test_a_small_department_is_told_in_the_citys_own_report_alone(plan, client_of, hr, section):
    for _ in range(3):
        placed(section)
    for _ in range(8):
        placed(DepartmentFactory(name="大きい課"))

    plain, published = page(client_of(hr)), page(client_of(hr), publish="1")

    assert ">3人</td>" in plain
    assert not re.search(r">[1-4]人</td>", published)
    assert ">＊</td>" in published


def test_the_workbook_for_publication_has_neither_small_groups_nor_names(
    plan, client_of, hr, section
):
    for _ in range(3):
        placed(section)

    both = client_of(hr).post(DOOR, {"for_publication": "on", "with_names": "on"})
    taken = client_of(hr).get(WORKBOOK, {"publish": "1"})

    assert "公表用の報告書に氏名は付けられません" in both.content.decode()
    book = opened(taken.content)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    small = [
        cell.coordinate
        for cell in cells
        if "人" in cell.number_format and cell.value in range(1, 5)
    ]
    assert small == []
    assert {"＊", MARK + NOBODY} <= {cell.value for cell in cells}
    assert {sheet.oddFooter.center.text for sheet in book} == {MARK}
    names = set(StaffMember.objects.values_list("name", flat=True))
    assert not names & {cell.value for cell in cells}


def test_the_print_asks_as_often_for_many_departments_as_for_one(plan, client_of, hr, section):
    placed(section)
    client = client_of(hr)
    page(client, publish="1")
    with CaptureQueriesContext(connection) as few:
        page(client, publish="1")
    for _ in range(11):
        placed(DepartmentFactory())

    with CaptureQueriesContext(connection) as many:
        page(client, publish="1")

    assert len(few) == len(many)


def test_charts_follow_their_tables_and_the_plans_bars_lead_on_a_page_of_their_own(
    plan, client_of, hr, section
):
    placed(section)

    parts = page(client_of(hr)).split('<section class="agano-report__part"')[1:]

    of = {re.search(r'id="part-(\w+)"', part)[1]: part for part in parts}
    for key in ("share", "leaders", "specialists"):
        assert of[key].index("<table") < of[key].index("<figure")
    plan_rows = of["programmes"]
    assert plan_rows.index("<figure") < plan_rows.index("<table")
    lead = plan_rows.index('<div class="agano-report__lead" data-page="landscape">')
    assert lead < plan_rows.index("<figure") < plan_rows.index("agano-table__region")
    assert [key for key, part in of.items() if 'data-page="landscape"' in part] == ["programmes"]


def test_short_names_of_rows_stay_on_one_line(plan, client_of, hr, section):
    placed(section)

    html = page(client_of(hr))

    assert f'<th scope="row" data-plain class="agano-table__nowrap">{section.name}</th>' in html
    assert '<th scope="row" data-plain>推進リーダーの育成延べ人数（修了した任期）</th>' in html
