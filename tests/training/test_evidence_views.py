"""Pages of evidence: one's own, the list of those who check, one piece with its scan."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import placed
from tests.factories import (
    AttendanceFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    StaffMemberFactory,
)
from training.models import Evidence, EvidenceFile
from training.services.evidence import seal

pytestmark = pytest.mark.django_db

MINE, NEW, LIST = "/training/mine/evidence/", "/training/mine/evidence/new/", "/training/evidence/"
USE = "/training/evidence/work-use/"
FILLED = {"title": "見本試験", "obtained_on": "R8.5.17", "note": "番号 12"}


def scan(content=b"%PDF-1.4", name="合格証.pdf", kind="application/pdf"):
    return SimpleUploadedFile(name, content, kind)


def at(name, evidence):
    return reverse(f"training:evidence_{name}", args=[evidence.pk])


def html_of(answer):
    return answer.content.decode()


# --- one's own ----------------------------------------------------------------------------------


def test_a_person_hands_in_a_qualification_and_sees_that_it_waits(client_of, staff):
    page = client_of(staff).post(NEW, FILLED | {"file": scan()}, follow=True)

    html = html_of(page)
    assert page.request["PATH_INFO"] == MINE
    for words in ("人事担当に提出しました。", "見本試験", "令和8年5月17日", "合格証.pdf"):
        assert words in html
    assert "確認待ち" in html
    assert Evidence.objects.get().staff == staff.staff


def test_the_scan_may_stay_away(client_of, staff):
    client_of(staff).post(NEW, FILLED)

    assert not EvidenceFile.objects.exists()
    assert Evidence.objects.get().note == "番号 12"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "資格の名称：空欄です。入力するか、選んでください。"),
        ({"title": "長" * 101}, "資格の名称："),
        ({"obtained_on": "R8.13.1"}, "暦にない日付です。"),
        ({"obtained_on": "R8.11.24"}, "まだ来ていない日です。"),
        ({"file": scan(b"<html>", "合格証.pdf")}, "PDF・JPEG・PNGのファイルではありません。"),
        ({"file": scan(b"<svg/>", "合格証.png", "image/png")}, "PDF・JPEG・PNGのファイルでは"),
        ({"file": scan(b"MZ", "合格証.jpg", "image/jpeg")}, "PDF・JPEG・PNGのファイルでは"),
        ({"file": scan(b"")}, "ファイルが空です。"),
        ({"file": scan(b"%PDF-".ljust(5 * 1024 * 1024 + 1))}, "5MBを超えています。"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(client_of, staff, changes, words):
    page = client_of(staff).post(NEW, FILLED | changes)

    html = html_of(page)
    assert words in html
    assert "番号 12" in html
    assert ("もう一度選んでください" in html) == ("file" in changes)
    assert not Evidence.objects.exists()


def test_extra_fields_change_nothing(client_of, staff, hr):
    forged = {"state": "confirmed", "staff": hr.staff_id, "kind": "work_use", "id": 1}

    client_of(staff).post(NEW, FILLED | forged)

    made = Evidence.objects.get()
    assert (made.staff, made.state, made.kind) == (staff.staff, "submitted", "qualification")


def test_a_returned_one_shows_why_and_is_handed_in_again(client_of, staff):
    evidence = EvidenceFactory(staff=staff.staff, state="returned", comment="写しを付けて。")
    browser = client_of(staff)
    asked = html_of(browser.get(at("edit", evidence)))

    page = browser.post(at("edit", evidence), FILLED | {"file": scan()}, follow=True)

    assert "差し戻されています。" in asked
    assert "写しを付けて。" in asked
    assert "R8.5.1" in asked
    assert "確認待ち" in html_of(page)
    evidence.refresh_from_db()
    assert (evidence.state, evidence.title) == ("submitted", "見本試験")


def test_the_change_page_names_the_scan_that_is_there(client_of, staff):
    file = EvidenceFileFactory(evidence__staff=staff.staff)

    html = html_of(client_of(staff).get(at("edit", file.evidence)))

    assert "「合格証.pdf」を提出済みです。" in html


def test_what_is_confirmed_opens_without_a_form(client_of, staff):
    evidence = EvidenceFactory(staff=staff.staff, state="confirmed", confirmed_on=date(2026, 6, 1))

    page = client_of(staff).post(at("edit", evidence), FILLED, follow=True)

    html = html_of(page)
    assert page.request["PATH_INFO"] == evidence.get_absolute_url()
    assert "確認済みのため、変更できません。" in html
    assert "内容を直す" not in html
    assert "取り消す" not in html


def test_one_takes_back_what_waits_and_a_second_click_does_no_harm(client_of, staff):
    evidence = EvidenceFileFactory(evidence__staff=staff.staff).evidence
    browser = client_of(staff)

    page = browser.post(at("withdraw", evidence), follow=True)
    again = browser.post(at("withdraw", evidence))

    assert "「見本検定」を取り消しました。" in html_of(page)
    assert again.status_code == 404
    assert not Evidence.objects.exists()


def test_ones_own_page_shows_what_the_head_confirmed_and_by_whom(client_of, staff, head):
    EvidenceFactory(
        staff=staff.staff,
        kind="work_use",
        title="申請の電子化",
        state="confirmed",
        confirmed_on=date(2026, 11, 2),
        confirmed_by=head,
    )

    html = html_of(client_of(staff).get(MINE))

    assert "申請の電子化" in html
    assert head.staff.name in html


def test_ones_own_page_takes_as_many_queries_for_one_as_for_eleven(client_of, staff):
    def queries():
        with CaptureQueriesContext(connection) as found:
            browser.get(MINE)
        return len(found)

    browser = client_of(staff)
    EvidenceFileFactory(evidence__staff=staff.staff)
    EvidenceFactory(staff=staff.staff, kind="work_use")
    browser.get(MINE)
    before = queries()
    for n in range(10):
        EvidenceFileFactory(evidence__staff=staff.staff, evidence__title=f"試験{n}")
        EvidenceFactory(staff=staff.staff, kind="work_use", title=f"活用{n}")

    assert queries() == before


# --- the list -----------------------------------------------------------------------------------


def test_what_waits_stands_first_then_the_newest(client_of, hr):
    EvidenceFactory(title="古い確認済", state="confirmed", confirmed_on=date(2026, 6, 1))
    EvidenceFactory(title="差し戻した", state="returned")
    EvidenceFactory(title="古く待つ", obtained_on=date(2026, 1, 1))
    EvidenceFactory(title="新しく待つ")

    rows = client_of(hr).get(LIST).context["rows"]

    assert [row.evidence.title for row in rows] == [
        "新しく待つ",
        "古く待つ",
        "差し戻した",
        "古い確認済",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "work_use"}, ["活用"]),
        ({"state": "confirmed"}, ["済んだ"]),
        ({"q": "花子"}, ["花子の"]),
        ({"kind": "nonsense"}, ["活用", "花子の", "済んだ"]),
        ({"kind": "ojt"}, []),
    ],
)
def test_the_list_is_filtered(client_of, hr, asked, found):
    EvidenceFactory(title="活用", kind="work_use")
    EvidenceFactory(title="花子の", staff__name="見本　花子", staff__name_key="見本花子")
    EvidenceFactory(title="済んだ", state="confirmed", confirmed_on=date(2026, 6, 1))

    rows = client_of(hr).get(LIST, asked).context["rows"]

    assert sorted(row.evidence.title for row in rows) == sorted(found)


def test_a_head_finds_their_people_alone_and_no_qualification(
    client_of, head, section, other_section
):
    EvidenceFactory(title="部下の活用", kind="work_use", staff=placed(section))
    EvidenceFactory(title="部下の資格", staff=placed(section))
    EvidenceFactory(title="よその活用", kind="work_use", staff=placed(other_section))
    browser = client_of(head)

    whole = browser.get(LIST).context["rows"]
    searched = browser.get(LIST, {"q": "見本"}).context["rows"]

    assert [row.evidence.title for row in whole] == ["部下の活用"]
    assert len(searched) <= 1


def test_the_list_is_paged_and_keeps_its_filter(client_of, hr):
    EvidenceFactory.create_batch(51)

    page = client_of(hr).get(LIST, {"state": "submitted", "page": "2"})

    assert len(page.context["rows"]) == 1
    assert "state=submitted&amp;page=1" in html_of(page)


def test_the_list_takes_as_many_queries_for_one_as_for_eleven(client_of, hr, section):
    def queries():
        with CaptureQueriesContext(connection) as found:
            browser.get(LIST)
        return len(found)

    browser = client_of(hr)
    EvidenceFactory(staff=placed(section))
    before = queries()
    for _ in range(10):
        EvidenceFactory(staff=placed(section))

    assert queries() == before


# --- one piece, and checking it -----------------------------------------------------------------


def test_hr_confirms_what_they_saw(client_of, staff, hr):
    evidence = EvidenceFactory(staff=staff.staff)
    browser = client_of(hr)
    seen = browser.get(at("detail", evidence)).context["seen"]

    page = browser.post(at("confirm", evidence), {"seen": seen}, follow=True)
    again = browser.post(at("confirm", evidence), {"seen": seen}, follow=True)

    evidence.refresh_from_db()
    assert page.request["PATH_INFO"] == LIST
    assert "「見本検定」を確認済にしました。" in html_of(page)
    assert "「見本検定」を確認済にしました。" in html_of(again)
    assert (evidence.state, evidence.confirmed_by) == ("confirmed", hr)


def test_what_changed_meanwhile_comes_back_to_be_looked_at(client_of, staff, hr):
    evidence = EvidenceFactory(staff=staff.staff)
    seen = seal(evidence)
    Evidence.objects.update(note="直した")

    confirmed = client_of(hr).post(at("confirm", evidence), {"seen": seen}, follow=True)
    returned = client_of(hr).post(at("return", evidence), {"seen": seen, "comment": "詳しく。"})

    for page in (confirmed, returned):
        assert "本人が内容を直しました。" in html_of(page)
        assert "直した" in html_of(page)
    assert "詳しく。" in html_of(returned)
    assert Evidence.objects.get().state == "submitted"


def test_the_second_clerk_is_told_who_was_first(client_of, staff, hr, admin):
    evidence = EvidenceFactory(staff=staff.staff)
    seen = seal(evidence)
    client_of(hr).post(at("confirm", evidence), {"seen": seen})

    page = client_of(admin).post(
        at("return", evidence), {"seen": seen, "comment": "詳しく。"}, follow=True
    )

    assert f"{hr.staff.name}さんが「確認済」にしています。" in html_of(page)


def test_a_return_needs_its_reason(client_of, staff, hr):
    evidence = EvidenceFactory(staff=staff.staff)
    browser = client_of(hr)

    without = browser.post(at("return", evidence), {"seen": seal(evidence), "comment": ""})
    page = browser.post(
        at("return", evidence), {"seen": seal(evidence), "comment": "写しを。"}, follow=True
    )

    assert "直してほしいことを入力してください。" in html_of(without)
    assert f"{staff.staff.name}さんに差し戻しました。" in html_of(page)
    assert Evidence.objects.get().comment == "写しを。"


def test_hr_is_told_that_their_own_waits_for_somebody_else(client_of, hr):
    evidence = EvidenceFactory(staff=hr.staff)
    browser = client_of(hr)

    shown = html_of(browser.get(at("detail", evidence)))
    page = browser.post(at("confirm", evidence), {"seen": seal(evidence)}, follow=True)

    assert "確認済にする" not in shown
    assert "自分の記録は自分では確認できません。" in html_of(page)


def test_looking_at_anothers_leaves_a_trace_and_at_ones_own_none(client_of, staff, hr):
    evidence = EvidenceFactory(staff=staff.staff)
    seen = LogEntry.objects.get_for_object(evidence).filter(action=LogEntry.Action.ACCESS)

    client_of(staff).get(at("detail", evidence))
    before = seen.count()
    client_of(hr).get(at("detail", evidence))

    assert (before, seen.get().actor) == (0, hr)


def test_signs_of_html_stay_signs(client_of, staff, hr):
    evidence = EvidenceFactory(
        staff=staff.staff, title="<b>試験</b>", note="<i>備考</i>", comment="<u>再</u>"
    )

    for page in (client_of(hr).get(at("detail", evidence)), client_of(staff).get(MINE)):
        html = html_of(page)
        assert "<b>試験" not in html
        assert "<i>備考" not in html
        assert "<u>再" not in html


# --- the scan -----------------------------------------------------------------------------------


@pytest.mark.parametrize("asker", ["staff", "hr"])
def test_the_scan_is_a_file_to_keep_and_its_fetch_is_written_down(client_of, staff, hr, asker):
    file = EvidenceFileFactory(evidence__staff=staff.staff, content=b"%PDF-1.4 x")
    user = {"staff": staff, "hr": hr}[asker]

    answer = client_of(user).get(at("file", file.evidence))

    assert answer.content == b"%PDF-1.4 x"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    entry = LogEntry.objects.get_for_object(file).filter(action=LogEntry.Action.ACCESS).get()
    assert (entry.actor, entry.additional_data) == (user, {"sha256": file.sha256})


def test_neither_head_nor_colleague_gets_the_scan(client_of, staff, head, manager):
    file = EvidenceFileFactory(evidence__staff=staff.staff)

    for user in (head, manager):
        assert client_of(user).get(at("file", file.evidence)).status_code == 404
    assert not LogEntry.objects.filter(action=LogEntry.Action.ACCESS).exists()


# --- use at work --------------------------------------------------------------------------------


def use_of(member, **changes):
    return {
        "staff": member.pk,
        "title": "申請の電子化",
        "obtained_on": "R8.11.2",
        "note": "月10時間",
    } | changes


def test_a_head_confirms_use_at_work_of_one_of_their_people(client_of, head, staff):
    page = client_of(head).post(USE, use_of(staff.staff), follow=True)

    made = Evidence.objects.get()
    assert f"{staff.staff.name}さんの業務での活用を確認済にしました。" in html_of(page)
    assert (made.staff, made.kind, made.state) == (staff.staff, "work_use", "confirmed")
    assert made.confirmed_by == head


def test_only_ones_own_people_in_service_can_be_chosen(client_of, head, section, other_section):
    inside = placed(section)
    outside = placed(other_section)
    left = placed(section, staff__left_on=date(2026, 11, 22))
    browser = client_of(head)

    offered = set(browser.get(USE).context["form"].fields["staff"].queryset)
    refused = [browser.post(USE, use_of(one)) for one in (outside, left, head.staff)]

    assert offered == {inside}
    for page in refused:
        assert "自分の部署の職員ではありません。" in html_of(page)
        assert "月10時間" in html_of(page)
    assert not Evidence.objects.exists()


def test_a_head_takes_their_word_back(client_of, head, staff):
    browser = client_of(head)
    browser.post(USE, use_of(staff.staff))
    evidence = Evidence.objects.get()

    shown = html_of(browser.get(at("detail", evidence)))
    page = browser.post(at("withdraw", evidence), follow=True)

    assert "取り消す" in shown
    assert page.request["PATH_INFO"] == LIST
    assert not Evidence.objects.exists()


def test_the_head_of_today_may_not_confirm_what_is_hrs_to_check(client_of, head, section):
    member = placed(section)
    use = EvidenceFactory(staff=member, kind="work_use", state="returned")

    answer = client_of(head).post(at("confirm", use), {"seen": seal(use)})

    assert answer.status_code == 403


def test_an_account_without_a_person_has_no_evidence_of_its_own(client_of, admin):
    EvidenceFactory(staff=StaffMemberFactory())
    AttendanceFactory()
    admin.staff = None
    admin.save()
    browser = client_of(admin)

    assert browser.get(MINE).status_code == 403
    assert browser.get(LIST).status_code == 200
