"""The pages of リーダー名簿 in and out: plain sentences, nothing lost, nothing written twice."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leaders.models import LeaderTerm, LeaderUpload
from tests import workbook_makers as make
from tests.factories import (
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
    LeaderUploadFactory,
    StaffMemberFactory,
)
from tests.roster_makers import everything, workbook

pytestmark = pytest.mark.django_db

NEW = reverse("leaders:upload_new")
LIST = reverse("leaders:upload_list")
EXPORT = reverse("leaders:leader_export")


@pytest.fixture
def office(db):
    CohortFactory()
    StaffMemberFactory(number="000101", name="見本　一郎")
    return DepartmentFactory(code="101", name="総務課")


@pytest.fixture
def browser(client_of, hr):
    return client_of(hr)


def row(number="000101", **cells):
    own = {"期": "第1期", "所属コード": "101", "職員番号": number, "就任日": "R7.4.1"}
    return own | {"退任日": None} | cells


def sent(browser, content, name="リーダー名簿.xlsx"):
    return browser.post(NEW, {"file": SimpleUploadedFile(name, content)}, follow=True)


def loaded(browser, *rows):
    page = sent(browser, workbook(*rows))
    return LeaderUpload.objects.latest("pk"), page


def apply(browser, upload, page, **fields):
    url = reverse("leaders:upload_apply", args=[upload.pk])
    return browser.post(url, {"seen": page.context["seen"], **fields}, follow=True)


def text(page):
    return page.content.decode()


def test_the_whole_way_of_a_list(browser, office):
    term = LeaderTermFactory(staff__number="000201", department=office)
    upload, preview = loaded(browser, row("000201", 退任日="R8.9.30"), row())

    result = apply(browser, upload, preview, tick="0")

    assert "令和8年9月30日" in text(preview)
    assert "任期を1件追加し、1件変更しました。" in text(result)
    assert result.redirect_chain[-1][0] == reverse("leaders:upload_detail", args=[upload.pk])
    term.refresh_from_db()
    assert term.ends_on == date(2026, 9, 30)
    assert LeaderTerm.objects.count() == 2
    assert "見本　一郎" not in text(result)


def test_the_button_pressed_twice_writes_once_and_shows_the_first_result(browser, office):
    upload, preview = loaded(browser, row())
    apply(browser, upload, preview)
    before = everything(without={"auditlog.LogEntry"})

    again = apply(browser, upload, preview)

    assert "この取込はすでに処理されています。" in text(again)
    assert again.context["upload"].added == 1
    assert everything(without={"auditlog.LogEntry"}) == before


def test_a_refusal_keeps_every_tick_and_writes_nothing(browser, office):
    LeaderTermFactory(staff__number="000201", department=office)
    other = LeaderTermFactory(staff__number="000202", department=office)
    upload, preview = loaded(
        browser, row("000201", 退任日="R8.9.30"), row("000202", 退任日="R8.9.30")
    )
    LeaderTerm.objects.filter(pk=other.pk).update(ends_on=date(2026, 8, 31))

    page = apply(browser, upload, preview, tick="0")

    assert page.status_code == 200
    assert "画面を開いた後に任期の記録が変わりました" in text(page)
    assert [change.is_ticked for change in page.context["changes"]] == [True, False]
    assert not LeaderTerm.objects.filter(ends_on=date(2026, 9, 30)).exists()
    assert "任期を0件追加し、1件変更" in text(apply(browser, upload, page, tick="0"))


def test_faulty_rows_ask_for_a_word_and_it_stays_said(browser, office):
    upload, preview = loaded(browser, row(), row("999999"), row("000101", 期="第9期"))

    refused = apply(browser, upload, preview)
    done = apply(browser, upload, preview, leaves_faulty="on")

    assert "この職員番号の職員はいません。番号を直してください。" in text(preview)
    assert "誤りのある行が2行あります" in text(refused)
    assert "任期を1件追加し" in text(done)


def test_every_change_can_be_ticked_at_once(browser, office):
    LeaderTermFactory(staff__number="000201", department=office)
    upload, preview = loaded(browser, row("000201", 退任日="R8.9.30"))

    every = browser.get(reverse("leaders:upload_detail", args=[upload.pk]), {"tick": "all"})

    assert [change.is_ticked for change in preview.context["changes"]] == [False]
    assert [change.is_ticked for change in every.context["changes"]] == [True]
    assert 'name="tick" value="0"' in text(every)


def test_a_list_without_news_offers_nothing_to_press(browser, office):
    LeaderTermFactory(staff__number="000201", department=office)

    _, preview = loaded(browser, row("000201"))

    assert "変わるところはありません" in text(preview)
    assert "この内容で反映する" not in text(preview)


def test_a_dropped_list_changes_nothing(browser, office):
    upload, _ = loaded(browser, row())
    url = reverse("leaders:upload_discard", args=[upload.pk])

    first, second = browser.post(url, follow=True), browser.post(url, follow=True)

    assert "任期の記録は変わっていません。" in text(first)
    assert "この取込はすでに処理されています。" in text(second)
    assert "取りやめた取込です。" in text(second)
    assert not LeaderTerm.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.xlsx", "値の入ったセルが一つもない"),
        (make.ole("EncryptedPackage"), "鍵付き.xlsx", "パスワードで保護されている"),
        (make.ole("Workbook"), "古い.xls", "古い形式（.xls）"),
        (b"%PDF-1.7\n" + bytes(200), "名簿.pdf", "Excelブック（.xlsx、.xlsm）でもCSVでもない"),
        (make.book(("献立", "値段"), ("うどん", 300)), "献立.xlsx", "必要な見出し"),
        (bytes(10 * 1024 * 1024 + 1), "大きい.xlsx", "ファイルが大きすぎる"),
    ],
)
def test_another_file_is_refused_in_a_sentence(browser, office, content, name, words):
    page = sent(browser, content, name)

    assert page.status_code == 200
    [error] = page.context["form"].errors["file"]
    assert words in error, error
    assert not LeaderUpload.objects.exists()


def test_without_a_file_the_page_asks_for_one(browser, office):
    assert "ファイルを選んでください。" in text(browser.post(NEW))


def test_past_uploads_are_listed_with_who_and_how_many(browser, hr):
    LeaderUploadFactory(
        file_name="済.xlsx",
        state="applied",
        decided_at=timezone.now(),
        row_count=9,
        added=4,
        changed=3,
        by=hr,
        content=b"",
    )
    LeaderUploadFactory(file_name="<b>待ち</b>.xlsx")

    page = text(browser.get(LIST))

    for words in ("済.xlsx", "反映済み", "確認待ち", hr.staff.name, ">9<", ">4<", ">3<"):
        assert words in page
    assert "&lt;b&gt;待ち" in page


def test_a_list_of_uploads_asks_as_often_for_eleven_as_for_one(browser, hr):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            browser.get(LIST)
        return len(captured)

    LeaderUploadFactory(by=hr)
    queries()
    few = queries()
    LeaderUploadFactory.create_batch(10, by=hr)

    assert queries() == few


def test_an_administrator_looks_and_decides_nothing(browser, client_of, admin, office):
    LeaderTermFactory(staff__number="000201", department=office)
    upload, _ = loaded(browser, row(), row("000201", 退任日="R8.9.30"))
    looking = client_of(admin)

    preview = text(looking.get(reverse("leaders:upload_detail", args=[upload.pk])))
    answers = [
        looking.post(reverse(f"leaders:upload_{act}", args=[upload.pk]))
        for act in ("apply", "discard")
    ]

    assert "反映と取りやめは、人事担当が行います。" in preview
    for words in ("この内容で反映する", "取りやめる<", "すべてに印を付ける"):
        assert words not in preview
    for url in (LIST, EXPORT):
        assert NEW not in text(looking.get(url))
    assert [answer.status_code for answer in answers] == [403, 403]
    upload.refresh_from_db()
    assert upload.state == "preview"


# --- Taking the list out ------------------------------------------------------------------------


def test_the_list_is_taken_out_with_its_trace_and_comes_in_unchanged(browser, hr, office):
    LeaderTermFactory(department=office)

    file = browser.post(EXPORT, {"cohort": "1"})
    preview = sent(browser, file.content)

    assert "%E3%83%AA%E3%83%BC%E3%83%80%E3%83%BC%E5%90%8D%E7%B0%BF" in file["Content-Disposition"]
    trace = LogEntry.objects.get(action=LogEntry.Action.ACCESS, actor=hr)
    assert trace.additional_data["export"] == "leaders"
    assert (trace.additional_data["cohort"], trace.additional_data["rows"]) == ("1", 1)
    assert len(preview.context["same"]) == 1
    assert "変わるところはありません" in text(preview)


def test_more_than_a_hundred_people_are_not_taken_out_without_a_reason(browser, office):
    for _ in range(101):
        LeaderTermFactory(department=office)

    asked = browser.post(EXPORT, {"cohort": ""})
    file = browser.post(EXPORT, {"cohort": "", "reason": "期の引継ぎ"})

    assert "100人を超える名簿です" in text(asked)
    assert file["Content-Type"].startswith("application/vnd.openxmlformats")


def test_opening_the_export_page_takes_nothing_out(browser, office):
    page = browser.get(EXPORT, {"cohort": "1"})

    assert '<option value="1" selected>第1期</option>' in text(page)
    assert not LogEntry.objects.filter(action=LogEntry.Action.ACCESS).exists()
