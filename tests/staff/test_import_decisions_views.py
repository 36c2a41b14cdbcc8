"""Deciding, correcting, taking back: what the pages of an import answer."""

import html
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from staff.models import Decision, ImportStatus, RosterImport, StaffMember
from tests.conftest import account, placed
from tests.factories import AttendanceFactory, DepartmentFactory, RosterImportFactory
from tests.roster_makers import line, loaded, person, small_town, workbook

pytestmark = pytest.mark.django_db

TOKEN = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def town(db):
    return small_town()


@pytest.fixture
def browser(client_of, admin, town):
    return client_of(admin)


def uploaded(browser, *lines, kind="partial"):
    """The preview of a real upload."""
    file = SimpleUploadedFile("名簿.xlsx", workbook(*lines))
    data = {"file": file, "kind": kind, "effective_on": "R8.10.1"}
    browser.post(reverse("staff:import_new"), data)
    return RosterImport.objects.latest("pk")


def post(browser, page, *args, **data):
    return browser.post(reverse(f"staff:{page}", args=args), data, follow=True)


def text(response):
    return html.unescape(response.content.decode())


def test_ticked_changes_are_decided_and_the_rest_is_not(browser, town):
    person(town, "000101")
    person(town, "000102")
    preview = uploaded(browser, line("000101", 所属="税務課"), line("000102", 所属="税務課"))
    first, second = preview.changes.order_by("number")

    answer = post(browser, "import_decide", preview.pk, chosen=[first.pk], decision="left_out")

    assert "1件を「反映しない」にしました。" in text(answer)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.decision, second.decision) == (Decision.LEFT_OUT, Decision.ACCEPTED)


@pytest.mark.parametrize(
    "data", [{"decision": "left_out"}, {"decision": "open", "all_open": "on"}, {"chosen": ["9"]}]
)
def test_deciding_on_nothing_asks_for_a_choice(browser, town, data):
    person(town, "000101")
    preview = uploaded(browser, line("000101", 所属="税務課"))

    answer = post(browser, "import_decide", preview.pk, **data)

    assert "変更を選んでから、もう一度押してください。" in text(answer)
    assert preview.changes.get().decision == Decision.ACCEPTED


def test_a_change_of_another_import_is_not_decided_with_this_one(browser, town):
    person(town, "000101")
    other = uploaded(browser, line("000101", 所属="税務課")).changes.get()
    preview = uploaded(browser, line("000101", 職名="主任"))

    post(browser, "import_decide", preview.pk, chosen=[other.pk], decision="left_out")

    other.refresh_from_db()
    assert other.decision == Decision.ACCEPTED


def test_all_that_is_open_is_decided_at_once(browser, town):
    person(town, "000101")
    preview = uploaded(browser, line("000101", 氏名="別人　五郎"))
    page = text(browser.get(preview.get_absolute_url()))

    post(browser, "import_decide", preview.pk, all_open="on", decision="accepted")

    assert "残りをすべて反映する" in page
    assert "この内容で反映する" not in page
    assert preview.changes.get().decision == Decision.ACCEPTED
    assert "この内容で反映する" in text(browser.get(preview.get_absolute_url()))


def test_a_corrected_change_does_what_was_typed(browser, town):
    person(town, "000101")
    preview = uploaded(browser, line("000102", 所属="税務課"))
    change = preview.changes.get()
    typed = dict(change.after) | {"name": "見本　花子", "hired_on": "R8.4.1"}

    post(browser, "import_change", preview.pk, change.pk, **typed)
    post(browser, "import_apply", preview.pk)

    hired = StaffMember.objects.get(number="000102")
    assert (hired.name, hired.hired_on.isoformat()) == ("見本　花子", "2026-04-01")


def test_a_wrong_correction_is_told_and_keeps_what_was_typed(browser, town):
    preview = uploaded(browser, line("000102"))
    change = preview.changes.get()
    typed = dict(change.after) | {"hired_on": "R8.2.30", "name": "見本　花子"}

    page = text(post(browser, "import_change", preview.pk, change.pk, **typed))

    assert "暦にない日付" in page
    assert "見本　花子" in page
    change.refresh_from_db()
    assert change.read_as is None


def test_a_new_number_of_the_same_person_keeps_the_person(browser, town):
    member = person(town, "000101", name="見本　一郎", left_on=timezone.localdate())
    StaffMember.objects.filter(pk=member.pk).update(left_on="2026-09-30")
    preview = uploaded(browser, line("000901", 氏名="見本　一郎"))
    change = preview.changes.get()
    page = text(browser.get(reverse("staff:import_change", args=[preview.pk, change.pk])))

    post(browser, "import_same_person", preview.pk, change.pk, number="000101")

    assert "職員番号000101と同じ人にする" in page
    assert {each.kind for each in preview.changes.all()} == {"renumbered"}
    post(browser, "import_apply", preview.pk)
    member.refresh_from_db()
    assert (member.number, member.left_on) == ("000901", None)


def test_a_number_that_was_not_asked_about_is_refused(browser, town):
    person(town, "000101")
    preview = uploaded(browser, line("000901", 氏名="見本　二郎"))

    answer = post(
        browser, "import_same_person", preview.pk, preview.changes.get().pk, number="000101"
    )

    assert "同じ氏名の職員ではありません" in text(answer)
    assert preview.changes.get().kind == "hired"


def test_an_import_taken_back_says_so_and_one_that_cannot_says_why(browser, town):
    loaded(line("000102"))
    applied = RosterImport.objects.get()
    AttendanceFactory(staff=StaffMember.objects.get(number="000102"))

    refused = post(browser, "import_undo", applied.pk)

    assert "取り消せません。" in text(refused)
    assert "記録されています" in text(refused)
    assert StaffMember.objects.filter(number="000102").exists()

    StaffMember.objects.get(number="000102").attendances.all().delete()
    undone = post(browser, "import_undo", applied.pk)

    assert "この取込を取り消しました。" in text(undone)
    assert not StaffMember.objects.filter(number="000102").exists()


def test_the_marked_copy_of_a_preview_holds_its_errors(browser, town):
    preview = uploaded(browser, line("000101", 所属="宇宙課"))

    answer = browser.get(reverse("staff:import_marked", args=[preview.pk]))

    sheet = openpyxl.load_workbook(BytesIO(answer.content))["名簿"]
    assert "宇宙課" in sheet["C2"].comment.text
    assert "attachment" in answer["Content-Disposition"]


def test_the_list_shows_who_is_at_it_and_forgets_who_died_at_it(browser, admin):
    now = timezone.now()
    waiting = RosterImportFactory(applying_by=admin, applying_since=now - timedelta(minutes=1))
    page = text(browser.get(reverse("staff:import_list")))

    RosterImport.objects.filter(pk=waiting.pk).update(applying_since=now - timedelta(minutes=11))

    assert "名簿を反映しているところです。" in page
    assert admin.staff.name in page
    assert "反映しているところ" not in text(browser.get(reverse("staff:import_list")))


def test_how_far_an_upload_is_is_told_to_its_own_account_only(browser, client_of, section):
    file = SimpleUploadedFile("名簿.xlsx", workbook(line("000101")))
    data = {"file": file, "kind": "partial", "effective_on": "R8.10.1", "progress": TOKEN}
    browser.post(reverse("staff:import_new"), data)
    address = reverse("staff:import_progress", args=[TOKEN])
    other = account(placed(section), "admin")

    assert browser.get(address).json()["stage"] == 2
    assert client_of(other).get(address).json()["stage"] == 0


@pytest.mark.parametrize("status", [ImportStatus.APPLIED, ImportStatus.DISCARDED])
def test_a_decided_import_shows_no_more_questions(browser, town, status):
    preview = uploaded(browser, line("000101"))
    change = preview.changes.get()
    RosterImport.objects.filter(pk=preview.pk).update(status=status, applied_at=timezone.now())

    answer = browser.get(reverse("staff:import_change", args=[preview.pk, change.pk]), follow=True)

    assert "すでに処理されています" in text(answer)


@pytest.mark.parametrize(("day", "is_ahead"), [("R8.11.24", True), ("R8.11.23", False)])
def test_a_roster_of_a_day_to_come_says_when_it_takes_effect(browser, town, day, is_ahead):
    file = SimpleUploadedFile("名簿.xlsx", workbook(line("000101")))
    data = {"file": file, "kind": "partial", "effective_on": day}

    page = text(browser.post(reverse("staff:import_new"), data, follow=True))

    assert ("発令日が先の名簿です。" in page) == is_ahead


def test_a_code_that_was_another_unit_s_is_named_as_on_the_day(browser, town):
    DepartmentFactory(code=town.tax.code, name="旧税務係", closes_on=date(2020, 3, 31))
    person(town, "000101")

    page = text(browser.get(uploaded(browser, line(所属="税務課")).get_absolute_url()))

    assert "所属：税務課" in page
    assert "旧税務係" not in page


def test_of_somebody_hired_only_what_is_known_is_shown(browser, town):
    page = text(browser.get(uploaded(browser, line("000102")).get_absolute_url()))

    assert "職名：主事" in page
    assert "カナ：" not in page
