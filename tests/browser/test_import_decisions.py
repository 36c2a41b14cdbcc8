"""A roster as an unknown system writes it: columns named, changes decided, applied, taken back."""

from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl import Workbook

from agano_dx.lib.fiscal import era_date
from tests.browser.conftest import NARROW
from tests.workbook_makers import saved

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEOPLE = "SELECT number, name, left_on FROM staff_staffmember ORDER BY number"
NOTE_WHAT_IS_TOLD = """() => {
  const words = document.querySelector("[data-busy-words]");
  sessionStorage.told = "";
  new MutationObserver(() => { sessionStorage.told += words.textContent; })
    .observe(words, { childList: true, characterData: true, subtree: true });
}"""
PLACES = "SELECT staff_id, starts_on, department_id, rank_id FROM staff_assignment ORDER BY id"


def strange_roster(*rows) -> bytes:
    """A list with headings of its own."""
    workbook = Workbook()
    workbook.active.title = "名簿"
    for row in (("職員番号", "氏名", "配置された場所", "職名", "発令日"), *rows):
        workbook.active.append(row)
    return saved(workbook)


def upload(admin, name: str, content: bytes) -> None:
    admin.open("/staff/imports/new/")
    admin.page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": XLSX, "buffer": content}
    )
    admin.page.get_by_label("一部（載っている人だけ）").check()
    admin.press("読み込んで内容を確かめる")


def agree(admin, button: str) -> None:
    """Press a button that asks again, and say yes."""
    admin.page.locator("main").get_by_role("button", name=button, exact=True).click()
    with admin.page.expect_navigation():
        admin.page.locator("dialog").get_by_role("button").first.click()
    admin.examine()


def state(admin) -> list:
    return [admin.city.rows(PEOPLE), admin.city.rows(PLACES)]


def test_a_roster_is_mapped_decided_corrected_applied_and_taken_back(seat):
    admin = seat("admin")
    day = era_date(datetime.now(ZoneInfo("Asia/Tokyo")).date() - timedelta(days=1))
    known = admin.city.rows("SELECT number, name FROM staff_staffmember WHERE left_on IS NULL")
    (renamed, _), (moved, name) = known[40], known[41]
    before = state(admin)
    content = strange_roster(
        (renamed, "別人　五郎", None, None, day),
        (moved, name, "税務課", "係長", day),
        ("990901", "試験　新子", "税務課", "主事", day),
    )

    upload(admin, "新しい様式.xlsx", content)

    assert "全4段階のうち2段階目" in admin.text
    admin.row("配置された場所").locator("select").select_option("department")
    admin.picture("roster-reading", admin.page.locator("main .agano-buttons"))
    admin.press("この読み方で進む")
    assert "決めてほしい変更があります。" in admin.banners
    assert "氏名が大きく違います" in admin.row(renamed, "改姓・改名").inner_text()
    admin.picture("roster-decisions", admin.page.locator("main table"))
    admin.row(renamed, "改姓・改名").get_by_role("checkbox").check()
    admin.press("選んだ変更は反映しない")
    assert "「反映しない」にしました" in admin.banners
    with admin.page.expect_navigation():
        admin.row("990901", "採用").get_by_role("link").click()
    admin.examine()
    admin.page.get_by_label("職名").select_option("主任")
    admin.picture("roster-change", admin.page.locator("main form").last)
    admin.press("直した内容で反映する")
    assert "手で直しました" in admin.row("990901", "採用").inner_text()
    if admin.page.get_by_role("button", name="残りをすべて反映する").count():
        agree(admin, "残りをすべて反映する")
    admin.press("この内容で反映する")

    assert "名簿を反映しました。" in admin.banners
    assert admin.city.rows("SELECT name FROM staff_staffmember WHERE number = ?", renamed) != [
        ("別人　五郎",)
    ]
    rank = "SELECT r.name FROM staff_assignment a JOIN staff_rank r ON r.id = a.rank_id"
    hired = f"{rank} JOIN staff_staffmember m ON m.id = a.staff_id WHERE m.number = '990901'"
    assert admin.city.rows(hired) == [("主任",)]
    admin.picture("roster-applied", admin.page.locator("main form").last)
    agree(admin, "この取込を取り消す")

    assert "この取込を取り消しました。" in admin.banners
    assert state(admin) == before
    admin.open("/staff/imports/")
    assert "取消済み" in admin.row("新しい様式.xlsx").first.inner_text()


def test_the_marked_copy_shows_what_is_wrong_where_it_stands(seat):
    admin = seat("admin", width=NARROW)
    upload(
        admin,
        "誤りのある名簿.xlsx",
        strange_roster(("990902", "試験　二子", "税務課", "主事", "R8.2.30")),
    )
    if "全4段階のうち2段階目" in admin.text:
        admin.row("配置された場所").locator("select").select_option("department")
        admin.press("この読み方で進む")
    assert "誤りがあるため、反映できません。" in admin.banners

    with admin.page.expect_download() as waiting:
        admin.page.get_by_role("link", name="誤りと確認を色で示したファイル").click()

    assert waiting.value.suggested_filename == "誤りのある名簿_取込結果.xlsx"
    content = waiting.value.path().read_bytes()
    cell = openpyxl.load_workbook(BytesIO(content))["名簿"]["E2"]
    assert cell.value == "R8.2.30"
    assert "暦にない日付" in cell.comment.text
    assert cell.fill.fgColor.rgb not in ("00000000", None)


def test_while_a_file_is_sent_and_read_the_page_says_so(seat):
    admin = seat("admin")
    admin.open("/staff/imports/new/")
    admin.page.set_input_files(
        "input[type=file]", {"name": "名簿.xlsx", "mimeType": XLSX, "buffer": strange_roster()}
    )
    assert not admin.page.locator("[data-busy-panel]").is_visible()
    admin.page.evaluate(NOTE_WHAT_IS_TOLD)

    def hold_back(route) -> None:
        admin.page.wait_for_timeout(1_500)  # as long as a long list takes
        route.continue_()

    admin.page.route("**/staff/imports/new/", hold_back)
    admin.press("読み込んで内容を確かめる")

    told = admin.page.evaluate("sessionStorage.told")
    assert "ファイルを送っています。" in told
    assert "（全2段階のうち1段階目）" in told
