"""The three steps of a roster on the screen: file, preview, done."""

import html
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff.models import Assignment, ImportStatus, Rank, RosterImport, StaffMember
from tests import workbook_makers as make
from tests.conftest import TODAY
from tests.factories import RosterImportFactory
from tests.roster_makers import (
    DAY,
    MY_NUMBER,
    everything,
    line,
    numbers,
    person,
    place_on,
    says_what_to_do,
    small_town,
    stored,
    workbook,
)

pytestmark = pytest.mark.django_db

NEW = reverse("staff:import_new")
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def town(db):
    return small_town()


@pytest.fixture
def browser(client_of, admin, town):
    return client_of(admin)


def upload(browser, data, *, name="名簿.xlsx", kind="partial", effective_on="R8.10.1", follow=True):
    file = SimpleUploadedFile(name, data)
    return browser.post(
        NEW, {"file": file, "kind": kind, "effective_on": effective_on}, follow=follow
    )


def apply(browser, preview, **data):
    return browser.post(reverse("staff:import_apply", args=[preview.pk]), data, follow=True)


def text(response):
    return html.unescape(response.content.decode())


# --- Three steps --------------------------------------------------------------------------------


def test_a_file_becomes_a_preview_and_then_the_citys_state(browser, admin, town):
    person(town, "000101")
    data = workbook(line("000101", 所属="税務課"), line("000102", 氏名="新　人"))

    preview = upload(browser, data)

    stored = RosterImport.objects.get()
    assert preview.redirect_chain == [(stored.get_absolute_url(), 302)]
    assert (stored.status, stored.uploaded_by) == (ImportStatus.PREVIEW, admin)
    assert "000102" in text(preview)
    assert "所属：総務課" in text(preview)
    assert "所属：税務課" in text(preview)
    assert "職員の情報" not in text(preview)
    assert place_on("000101").department == town.affairs

    done = apply(browser, stored)

    assert "名簿を反映しました。" in text(done)
    assert "反映済み" in text(done)
    assert "この内容で反映する" not in text(done)
    assert place_on("000101").department == town.tax
    assert StaffMember.objects.get(number="000102").name == "新　人"
    assert LogEntry.objects.get(additional_data__sha256=stored.sha256).actor == admin


def test_a_second_click_shows_the_first_ones_result(browser, town):
    upload(browser, workbook(line("000101")))
    preview = RosterImport.objects.get()
    apply(browser, preview)
    before = everything()

    again = apply(browser, preview)

    assert again.redirect_chain == [(preview.get_absolute_url(), 302)]
    assert "すでに処理されています" in text(again)
    assert everything() == before


def test_a_preview_may_be_dropped(browser, town):
    upload(browser, workbook(line("000101")))
    preview = RosterImport.objects.get()
    url = reverse("staff:import_discard", args=[preview.pk])

    first, again = browser.post(url, follow=True), browser.post(url, follow=True)

    assert "取りやめました" in text(first)
    assert "すでに処理されています" in text(again)
    preview.refresh_from_db()
    assert preview.status == ImportStatus.DISCARDED
    assert "000101" not in numbers()


@pytest.mark.parametrize("name", ["staff:import_apply", "staff:import_discard"])
def test_looking_at_an_address_decides_nothing(browser, town, name):
    preview = stored(line())

    response = browser.get(reverse(name, args=[preview.pk]))

    assert response.status_code == 405
    preview.refresh_from_db()
    assert preview.status == ImportStatus.PREVIEW


# --- Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"%PDF-1.7", "Excelブック（.xlsx、.xlsm）でもCSVでもない"),
        (b"<html><script>alert(1)</script></html>", "Excelブック（.xlsx、.xlsm）でもCSVでもない"),
        (make.ole("EncryptedPackage"), "パスワード"),
        (workbook(line())[:2000], "壊れているか途中で切れて"),
        (b"", "値の入ったセルが一つもない"),
        (make.book(["あ"], ["い"]), "必要な見出し"),
    ],
)
def test_a_wrong_file_is_refused_under_its_field(browser, town, data, part):
    before = everything()

    response = upload(browser, data)

    assert response.status_code == 200
    [sentence] = response.context["form"].errors["file"]
    assert part in sentence
    assert sentence in text(response)
    assert everything() == before


def test_a_day_that_cannot_be_is_refused_under_its_field(browser, town):
    response = upload(browser, workbook(line()), effective_on="R8.2.30")

    assert "暦にない日付です" in response.context["form"].errors["effective_on"][0]
    assert not RosterImport.objects.exists()


def test_a_form_without_file_is_asked_for_one(browser, town):
    response = browser.post(NEW, {"kind": "full"})

    assert response.context["form"].errors["file"]


def test_errors_are_shown_and_bar_the_way(browser, town):
    response = upload(browser, workbook(line("000101"), line("000102", 所属="宇宙課")))

    preview = RosterImport.objects.get()
    assert "所属「宇宙課」は登録されていません" in text(response)
    assert "この内容で反映する" not in text(response)
    before = everything()

    refused = apply(browser, preview, leavers_accepted="on")

    [sentence] = refused.context["form"].non_field_errors()
    assert says_what_to_do(sentence)
    assert everything() == before


def test_a_number_on_two_rows_is_shown_as_an_error(browser, town):
    response = upload(browser, workbook(line("000101"), line("000101")))

    assert "職員番号が2行目と重なっています" in text(response)


def test_leavers_must_be_ticked(browser, admin, town):
    for number in range(101, 130):
        person(town, f"000{number}")
    lines = [line(admin.staff.number, 氏名=admin.staff.name)]
    lines += [line(f"000{number}") for number in range(102, 130)]
    upload(browser, workbook(*lines), kind="full")
    preview = RosterImport.objects.get()
    before = everything()

    refused = apply(browser, preview)

    assert "退職になる1人の確認" in refused.context["form"].errors["leavers_accepted"][0]
    assert everything() == before

    apply(browser, preview, leavers_accepted="on")

    assert StaffMember.objects.get(number="000101").left_on == DAY - timedelta(days=1)


def test_more_leavers_than_one_in_twenty_must_be_typed_out(browser, admin, town):
    person(town, "000101")
    lines = [line(admin.staff.number, 氏名=admin.staff.name), line("000102")]
    upload(browser, workbook(*lines), kind="full")
    preview = RosterImport.objects.get()
    before = everything()

    refused = apply(browser, preview, leavers_words="はい")

    assert "「1人退職」と入力してください" in refused.context["form"].errors["leavers_words"][0]
    assert everything() == before

    apply(browser, preview, leavers_words="１人退職")

    assert StaffMember.objects.get(number="000101").left_on == DAY - timedelta(days=1)


def test_a_stale_preview_is_computed_and_shown_again(browser, town):
    member = person(town, "000101")
    upload(browser, workbook(line(氏名="改姓　000101")))
    preview = RosterImport.objects.get()
    StaffMember.objects.filter(pk=member.pk).update(name="別姓　000101")

    shown = apply(browser, preview)

    assert "計算し直したので、もう一度確かめてください" in text(shown)
    assert StaffMember.objects.get(pk=member.pk).name == "別姓　000101"
    assert preview.changes.get().before == {"name": "別姓　000101"}

    apply(browser, preview)

    assert StaffMember.objects.get(pk=member.pk).name == "改姓　000101"


def test_a_my_number_is_neither_shown_nor_kept(browser, town):
    response = upload(browser, workbook(line(MY_NUMBER), line("000102", 氏名=MY_NUMBER)))

    assert "マイナンバー" in text(response)
    assert MY_NUMBER not in text(response)
    assert MY_NUMBER not in str(everything())


# --- What a file may hold -----------------------------------------------------------------------


def test_signs_of_markup_are_kept_and_shown_as_letters(browser, town):
    data = workbook(line("000101", 氏名=f"見本{EVIL}", 係="<b>係"))

    response = upload(browser, data, name=f"{EVIL}.xlsx".replace("/", "-"))

    assert EVIL.encode() not in response.content
    assert b"<b>" not in response.content
    assert "&lt;b&gt;係" in response.content.decode()
    assert "&lt;script&gt;alert(1)&lt;-script&gt;.xlsx" in response.content.decode()
    listed = browser.get(reverse("staff:import_list"))
    assert b"<script>alert" not in listed.content
    assert "&lt;script&gt;alert(1)&lt;-script&gt;.xlsx" in listed.content.decode()

    apply(browser, RosterImport.objects.get())

    assert StaffMember.objects.get(number="000101").name == f"見本{EVIL}"
    page = browser.get(reverse("staff:member_detail", args=["000101"]))
    assert EVIL.encode() not in page.content


def test_markup_in_a_refused_cell_is_shown_as_letters(browser, town):
    response = upload(browser, workbook(line("000101", 所属=EVIL)))

    assert EVIL.encode() not in response.content
    assert f"所属「{EVIL}」は登録されていません" in text(response)


def test_a_kind_of_change_can_be_picked_out(browser, town):
    person(town, "000101")
    preview = stored(line("000101", 所属="税務課"), line("000102"))

    hired = browser.get(preview.get_absolute_url(), {"kind": "hired"})
    whole = browser.get(preview.get_absolute_url(), {"kind": "nonsense"})

    assert [row[0].number for row in hired.context["rows"]] == ["000102"]
    assert [row[0].number for row in whole.context["rows"]] == ["000101", "000102"]


def test_a_long_preview_comes_in_pages(browser, town):
    preview = stored(*(line(f"{number:06}") for number in range(120)))

    first = browser.get(preview.get_absolute_url())
    last = browser.get(preview.get_absolute_url(), {"page": "3"})

    assert len(first.context["rows"]) == 50
    assert len(last.context["rows"]) == 20


def test_the_list_asks_as_often_for_eleven_imports_as_for_one(
    browser, town, django_assert_num_queries
):
    RosterImportFactory()
    with CaptureQueriesContext(connection) as one:
        browser.get(reverse("staff:import_list"))
    RosterImportFactory.create_batch(10)

    with django_assert_num_queries(len(one)):
        browser.get(reverse("staff:import_list"))


def test_the_preview_asks_as_often_for_forty_changes_as_for_one(
    browser, town, django_assert_num_queries
):
    small = stored(line())
    with CaptureQueriesContext(connection) as one:
        browser.get(small.get_absolute_url())
    large = stored(*(line(f"{number:06}") for number in range(40)))

    with django_assert_num_queries(len(one)):
        browser.get(large.get_absolute_url())


# --- The future is secret -----------------------------------------------------------------------


def test_a_move_of_a_later_day_waits_for_it_and_stays_unseen(browser, client_of, head, section):
    tomorrow = TODAY + timedelta(days=1)
    member = person(small_town_of(section), "000101", department=section)
    lines = [line("000101", 所属="税務課", 係="内示係", 兼務="収納対策室 課長")]
    lines.append(line("000102", 所属=section.name))
    upload(browser, workbook(*lines), effective_on=f"{tomorrow:%Y-%m-%d}")

    apply(browser, RosterImport.objects.get())

    assert place_on("000101", TODAY).department == section
    assert place_on("000101", tomorrow).department.name == "税務課"
    theirs = client_of(head)
    page = theirs.get(reverse("staff:member_detail", args=["000101"]))
    assert page.status_code == 200
    for word in ("税務課", "内示係", "収納対策室"):
        assert word not in text(page)
    assert theirs.get(reverse("staff:member_detail", args=["000102"])).status_code == 404
    assert "000102" not in text(theirs.get(reverse("staff:member_list")))
    assert theirs.get(reverse("staff:import_list")).status_code == 403
    assert "内示係" in text(browser.get(reverse("staff:member_detail", args=["000101"])))
    assert Assignment.objects.filter(staff=member, starts_on=tomorrow).exists()


def test_a_leaving_of_a_later_day_stays_unseen(browser, client_of, head, section):
    person(small_town_of(section), "000101", department=section)
    upload(browser, workbook(line("000101", 所属=None, 異動区分="退職", 発令日=date(2027, 3, 31))))

    apply(browser, RosterImport.objects.get())

    address = reverse("staff:member_detail", args=["000101"])
    assert "令和9年3月31日" in text(browser.get(address))
    assert "令和9年3月31日" not in text(client_of(head).get(address))


def small_town_of(section):
    """The ranks that `browser`'s town has made, by name, and the section."""
    return SimpleNamespace(affairs=section, ranks={rank.name: rank for rank in Rank.objects.all()})
