"""The door of the report and the workbook behind it, as each role gets them."""

import hashlib

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from reports.services.freezing import freeze
from staff.forms.files import MOST_WITHOUT_REASON
from tests.conftest import TODAY, placed
from tests.factories import DepartmentFactory
from tests.reports.sheets import opened

pytestmark = pytest.mark.django_db

DOOR, WORKBOOK = reverse("reports:report"), reverse("reports:report_workbook")
LISTS = "名簿（デジタル活用職員になっていない職員）"


@pytest.fixture
def plan(db):
    call_command("loaddata", "plan", verbosity=0)


def texts(response) -> set[str]:
    book = opened(response.content)
    return {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}


def entries():
    return LogEntry.objects.filter(
        action=LogEntry.Action.ACCESS, additional_data__export="report"
    ).order_by("pk")


def test_a_manager_gets_the_figures_of_the_whole_city_and_no_names(plan, client_of, manager):
    far = placed(DepartmentFactory(name="遠い課"))
    client = client_of(manager)

    page = client.get(DOOR).content.decode()
    response = client.post(DOOR, {"with_names": "on"})

    assert "氏名の入った一覧" not in page
    assert LISTS not in opened(response.content).sheetnames
    assert "遠い課" in texts(response)
    assert far.name not in texts(response)
    assert entries().get().additional_data["names"] == "without"


def test_a_head_gets_own_units_alone_with_the_names_there(plan, client_of, head, section):
    own, far = placed(section), placed(DepartmentFactory(name="遠い課"))

    response = client_of(head).post(DOOR, {"with_names": "on"})

    book = opened(response.content)
    assert LISTS in book.sheetnames
    assert own.name in texts(response)
    assert not {far.name, "遠い課"} & texts(response)
    assert book["表紙"]["B5"].value == section.name
    assert section.name not in book[LISTS]["A1"].value  # the whole file is of no others


def test_lists_of_own_units_say_so_in_a_report_of_the_whole_city(
    plan, client_of, head, manager, section
):
    own, far = placed(section), placed(DepartmentFactory(name="遠い課"))
    head.groups.set(manager.groups.all())

    response = client_of(head).post(DOOR, {"with_names": "on"})

    sheet = opened(response.content)[LISTS]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert f"（{section.name}）" in sheet["A1"].value
    assert own.name in cells
    assert far.name not in cells
    assert opened(response.content)["表紙"]["B5"].value == "市全体"


def test_the_report_taken_out_leaves_its_trace_with_the_files_sum(plan, client_of, hr, section):
    placed(section)

    response = client_of(hr).post(f"{DOOR}?as_of=R8.3.31", {"with_names": "on"})

    trace = entries().get()
    assert trace.actor == hr
    assert trace.additional_data["sha256"] == hashlib.sha256(response.content).hexdigest()
    assert trace.additional_data["as_of"] == "2026-03-31"
    assert trace.additional_data["names"] == "with"
    assert trace.additional_data["rows"] > 0


def test_more_than_a_hundred_names_want_a_reason_and_figures_want_none(
    plan, client_of, hr, section
):
    for _ in range(MOST_WITHOUT_REASON + 1):
        placed(section)
    client = client_of(hr)

    asked = client.post(DOOR, {"with_names": "on"})
    plain = client.get(WORKBOOK)
    told = client.post(DOOR, {"with_names": "on", "reason": "庁議の資料"})

    page = asked.content.decode()
    assert "使いみちを入力してください" in page
    assert 'name="with_names"' in page
    assert "checked" in page
    assert opened(plain.content).sheetnames[0] == "表紙"
    assert LISTS in opened(told.content).sheetnames
    assert [entry.additional_data["reason"] for entry in entries()] == ["", "庁議の資料"]


def test_a_day_that_cannot_be_read_makes_no_workbook_of_another_day(plan, client_of, hr):
    client = client_of(hr)

    asked = client.get(WORKBOOK, {"as_of": "きのう"}, follow=True)
    posted = client.post(f"{DOOR}?as_of=きのう", {"with_names": "on"})

    for response in (asked, posted):
        assert response["Content-Type"].startswith("text/html")
        assert "日付として読めません" in response.content.decode()
        assert "きのう" in response.content.decode()
    assert not entries().exists()


def test_a_day_to_come_is_secret_to_those_who_see_no_future(plan, client_of, manager):
    response = client_of(manager).get(WORKBOOK, {"as_of": "R9.4.1"}, follow=True)

    assert "今日までの日を入力してください" in response.content.decode()


def test_the_door_says_which_figures_of_a_frozen_year_are_final(plan, client_of, hr, head, section):
    placed(section)
    freeze(year=FiscalYear(2025), by=hr, today=TODAY)
    words = "R7末の数は確定しています。"

    assert words in client_of(hr).get(DOOR, {"as_of": "R8.3.31"}).content.decode()
    assert words in client_of(hr).get(DOOR).content.decode()
    assert words not in client_of(hr).get(DOOR, {"as_of": "R8.3.30"}).content.decode()
    assert words not in client_of(head).get(DOOR, {"as_of": "R8.3.31"}).content.decode()
