"""The whole way, in a browser: rosters in, training held, leaders named, figures read."""

import json
import re
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from openpyxl import Workbook

from agano_dx.lib.fiscal import era_date

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
SHOWN_DAY = date(2026, 3, 31)

ROSTER_HEADINGS = ("職員番号", "氏名", "フリガナ", "所属名", "職名", "発令日", "異動区分")
MOVED, RENAMED, LEAVING = "000294", "000317", "000921"
HIRED = "990001"


@pytest.fixture(scope="module")
def expected() -> dict:
    """What the sample city's figures are on the day shown."""
    document = json.loads((settings.SAMPLE_CITY_DIR / "expected.json").read_text())
    return next(row for row in document["progress"] if row["as_of"] == SHOWN_DAY.isoformat())


def yesterday() -> date:
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1)


def roster(*rows: tuple) -> bytes:
    """A partial list as the personnel office writes it."""
    book = Workbook()
    book.active.title = "異動者"
    for row in (ROSTER_HEADINGS, *rows):
        book.active.append(row)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def choose_roster(seat, name: str, content: bytes, kind: str = XLSX) -> None:
    seat.page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": kind, "buffer": content}
    )
    seat.page.get_by_label("一部（載っている人だけ）").check()
    seat.press("読み込んで内容を確かめる")


# --- The administrator brings a roster in -------------------------------------------------------


def test_a_roster_goes_from_the_file_over_the_preview_into_force(seat):
    day = era_date(yesterday())
    admin = seat("admin")
    admin.open("/staff/imports/")
    admin.follow("名簿を読み込む")

    choose_roster(admin, "庁舎の写真.png", PNG, "image/png")

    assert "Excelブック（.xlsx、.xlsm）でもCSVでもないファイルのため" in admin.banners
    assert "照会番号" in admin.banners
    admin.picture("roster-file", admin.page.locator(".agano-banner"))

    choose_roster(
        admin,
        "人事異動.xlsx",
        roster(
            (MOVED, None, None, "市民生活課", "係長", day, "異動"),
            (HIRED, "試験　花子", "シケン ハナコ", "税務課", "主事", day, "採用"),
            (RENAMED, "見本　花子", "ミホン ハナコ", None, None, day, "改姓"),
            (LEAVING, None, None, None, None, day, "退職"),
        ),
    )

    assert "全4段階のうち3段階目" in admin.text
    assert "所属：市民生活課" in admin.row(MOVED).inner_text()
    assert "採用" in admin.row(HIRED).inner_text()
    assert "氏名：見本　花子" in admin.row(RENAMED, "改姓・改名").inner_text()
    assert f"退職日：{day}" in admin.row(LEAVING).inner_text()
    admin.open(f"/staff/{RENAMED}/")
    assert "見本" not in admin.text, "a preview changes nothing"
    admin.page.go_back()

    sent = admin.press_twice("この内容で反映する")

    assert sent == 1, "the second click of a double click is held back"
    assert "名簿を反映しました。" in admin.banners
    assert "全4段階のうち4段階目" in admin.text
    applied = "SELECT COUNT(*) FROM staff_rosterimport WHERE file_name = ? AND status = 'applied'"
    assert admin.city.count(applied, "人事異動.xlsx") == 1
    hired = "SELECT COUNT(*) FROM staff_assignment a JOIN staff_staffmember m ON m.id = a.staff_id"
    assert admin.city.count(f"{hired} WHERE m.number = ?", HIRED) == 1
    admin.open("/staff/?q=見本")
    assert "税務課" in admin.row(RENAMED).inner_text()
    admin.open(f"/staff/?q={LEAVING}")
    assert "当てはまる職員はいません。" in admin.text
    admin.open(f"/staff/{MOVED}/")
    assert "市民生活課" in admin.page.locator(".agano-facts").inner_text()


def test_applying_twice_without_script_applies_once(seat):
    admin = seat("admin", script=False)
    admin.open("/staff/imports/new/")
    row = ("990002", "試験　次郎", "シケン ジロウ", "税務課", "主事", era_date(yesterday()), "採用")
    choose_roster(admin, "二度押し.xlsx", roster(row))

    admin.press_twice("この内容で反映する")

    assert "反映済み" in admin.page.locator(".agano-main__meta").inner_text()
    query = "SELECT COUNT(*) FROM staff_staffmember WHERE number = ?"
    assert admin.city.count(query, "990002") == 1


# --- The personnel office holds a course --------------------------------------------------------


def hold_course(hr, title: str, numbers: str, hours: str, department: str = "") -> None:
    """From a new course to an offering of yesterday with people on it."""
    starts_at, ends_at = hours.split("-")
    hr.open("/training/courses/new/")
    hr.page.get_by_label("研修名").fill(title)
    hr.page.get_by_label("研修区分").select_option(label="スキル")
    hr.press("保存する")
    hr.follow("開催回を作る")
    hr.page.get_by_label("開催日").fill(yesterday().isoformat())
    hr.page.get_by_label("開始時刻").fill(starts_at)
    hr.page.get_by_label("終了時刻").fill(ends_at)
    hr.page.get_by_label("会場").fill("市役所 第2会議室")
    hr.page.get_by_label("定員").fill("30")
    if department:
        hr.picture("offering", hr.page.locator("main form"))
    hr.press("保存する")
    hr.follow("受講者を登録する")
    if department:
        # What is shown is indented by the depth of the unit.
        option = hr.page.locator("option", has_text=re.compile(rf"^\s*{department}$"))
        hr.page.get_by_label("所属の全員").select_option(option.get_attribute("value"))
    hr.page.get_by_label("職員番号", exact=True).fill(numbers)
    if department:
        hr.picture("enrol", hr.page.locator("main .agano-note").last)
    hr.press("登録する")


def marked(clerk, number: str) -> str:
    """The state chosen for a person in the grid."""
    return clerk.row(number).locator("input:checked + label").inner_text()


def test_two_clerks_mark_an_offering_and_nobody_overwrites_the_other(seat):
    first, second = seat("hr"), seat("colleague")
    hold_course(first, "表計算ソフト研修", "000290、000291 000302", "9:00-12:00", "議会事務局")
    assert "6人を登録しました。" in first.banners
    first.follow("出欠を入力する")
    second.open(first.page.url)

    first.page.get_by_role("button", name="未入力の人をすべて出席にする").click()
    first.page.locator("dialog").get_by_role("button", name="出席にする").click()
    keys = first.page.locator("[data-keys]").inner_text()
    people = first.page.locator("tr[data-person] small").all_inner_texts()
    assert "4欠席" in keys
    assert "2遅刻" in keys
    first.page.keyboard.press("4")  # the first row, then on to the second
    first.page.keyboard.press("ArrowDown")
    first.page.keyboard.press("2")  # the third row
    first.wait_until_saved()
    assert (
        "未入力 0人・出席 4人・遅刻 1人・欠席 1人"
        in first.page.locator("[data-totals]").inner_text()
    )
    first.picture("attendance", first.page.locator("main form"))
    second.row(people[1]).get_by_text("免除").click()
    second.page.wait_for_selector("[data-notice]")

    assert "「出席」にしました。どちらにしますか。" in second.row(people[1]).inner_text()
    assert "まだ保存していない人が1人います。" in second.page.locator("[data-unsaved]").inner_text()
    second.picture("attendance-conflict", second.row(people[2]))
    first.open(first.page.url)
    assert [marked(first, number) for number in people[:4]] == ["欠席", "出席", "遅刻", "出席"]

    second.page.get_by_role("button", name="自分の入力（免除）に変える").click()
    second.wait_until_saved()
    second.forgive("409")
    first.page.reload()
    first.examine()

    states = [marked(first, number) for number in people]
    assert states == ["欠席", "免除", "遅刻", "出席", "出席", "出席"]
    first.open(f"/staff/{people[2]}/")
    assert "遅刻" in first.row("表計算ソフト研修").inner_text()


def test_attendance_is_marked_without_script(seat):
    hr = seat("hr", script=False)
    hold_course(hr, "紙でも使える研修", "000290 000291", "13:00-15:00")
    hr.follow("出欠を入力する")
    assert not hr.page.get_by_text("キー操作").is_visible()

    hr.row("000290").get_by_text("出席").click()
    hr.row("000291").get_by_text("早退").click()
    hr.press("出欠を保存する")

    assert "2人の出欠を保存しました。" in hr.banners
    assert (marked(hr, "000290"), marked(hr, "000291")) == ("出席", "早退")


# --- A head nominates, the personnel office decides ---------------------------------------------


def nominate(head, name: str, reason: str) -> None:
    """Fill in the nomination for whatever round is open."""
    head.follow("推薦する （社会福祉課）")
    head.page.get_by_label(name).check()
    head.page.get_by_label("推薦理由").fill(reason)
    head.page.get_by_label("期待する役割").fill("申請手続の電子化を進めること。")
    head.page.get_by_label("本人の承諾を得た").check()


def nominations_of(city, number: str) -> int:
    query = (
        "SELECT COUNT(*) FROM leaders_nomination n JOIN staff_staffmember m ON m.id = n.staff_id"
    )
    return city.count(f"{query} WHERE m.number = ?", number)


def test_a_nomination_is_returned_corrected_and_approved(seat):
    head, hr, colleague = seat("head"), seat("hr"), seat("colleague")
    head.follow("推薦する")
    nominate(head, "山田　美咲", "熱心なため。")
    head.picture("nominate", head.page.locator("main form"))

    sent = head.press_twice("人事担当に提出する")
    assert sent == 1, "the second click of a double click is held back"
    assert "推薦を人事担当に提出しました。" in head.banners
    assert nominations_of(head.city, "000486") == 1
    address = head.page.url

    hr.open("/")
    hr.follow("推薦を見る")
    hr.follow("社会福祉課 山田　美咲")
    hr.picture("approve", hr.page.locator("main form").last)
    hr.press("差し戻す")
    assert "差し戻す理由を入力してください。" in hr.text
    hr.page.get_by_label("差し戻す理由").fill("推薦理由に、担当した業務を書いてください。")
    hr.press("差し戻す")
    assert "部署長に差し戻しました。" in hr.banners

    head.open("/")
    head.follow("推薦を直す")
    assert "推薦理由に、担当した業務を書いてください。" in head.text
    head.follow("直して提出し直す")
    assert head.page.get_by_label("推薦理由").input_value() == "熱心なため。"
    head.page.get_by_label("推薦理由").fill("窓口の受付票を表計算で集計し直したため。")
    head.press("人事担当に提出する")
    assert "提出済み" in head.page.locator(".agano-facts").inner_text()
    assert head.page.url == address

    colleague.open(address)
    assert "窓口の受付票を表計算で集計し直したため。" in colleague.text
    colleague.page.get_by_role("button", name="承認して任命する").click()
    colleague.press("承認して任命する", inside="dialog")

    assert "承認しました。" in colleague.banners
    colleague.open("/staff/000486/")
    term = colleague.page.locator("section", has=colleague.page.get_by_text("推進リーダーの任期"))
    assert "社会福祉課" in term.inner_text()
    hr.open(address)
    assert "承認済み" in hr.page.locator(".agano-facts").inner_text()
    assert not hr.page.get_by_role("button", name="承認して任命する").is_visible()


def test_nominating_works_without_script_and_twice_makes_one(seat):
    head = seat("head", script=False)
    head.open("/leaders/nominations/")
    nominate(head, "皆川　彩", "新しい道具をよく試すため。")

    head.press_twice("人事担当に提出する")

    assert "この期に推薦済みです。" in head.text or "状態\n提出済み" in head.text
    assert nominations_of(head.city, "000934") == 1


# --- Everybody reads the figures ----------------------------------------------------------------


def percent(part: int, whole: int) -> str:
    """As on the page: one decimal place, halves up."""
    return f"{(2000 * part + whole) // (2 * whole) / 10:.1f}"


def test_the_manager_reads_the_figures_of_a_past_day(seat, expected):
    manager = seat("manager")
    manager.follow("計画の進み具合を見る")

    manager.page.get_by_label("基準日", exact=True).fill("令和8年3月31日")
    manager.press("この日で見る")

    assert "基準日：令和8年3月31日" in manager.text
    cards = [
        "".join(card.split()) for card in manager.page.locator(".agano-number").all_inner_texts()
    ]
    population, capable = expected["population"], expected["capable"]
    executives = expected["executives"]
    assert (population, capable) == (428, 109)
    assert percent(capable, population) in cards[0]
    assert f"{capable}/{population}人" in cards[0]
    assert f"{expected['leaders']['sitting']}人が活動中" in cards[1]
    assert f"{executives['completed_this_year']}人が修了" in cards[3]
    assert f"幹部職員{executives['population']}人" in cards[3]
    targets = manager.page.locator("tr", has_text="令和8年度")
    assert f"{expected['needed_for_one_third']}人" in targets.inner_text()
    shown = manager.page.locator(".agano-heat tbody tr").all_inner_texts()
    wanted = [unit for unit in expected["departments"].values() if unit["population"]]
    rows = [re.search(r"（(\d+)人）\s+(.+)", row).groups() for row in shown]
    assert [(int(people), cells.split()) for people, cells in rows] == [
        (
            unit["population"],
            [
                percent(unit[figure], unit["population"])
                for figure in ("mind", "knowledge", "skill", "capable")
            ],
        )
        for unit in wanted
    ]
    lists = manager.page.locator('main a[href*="/people/"], main a[href*="/terms/"]')
    assert lists.count() == 0, "a manager sees no names"


def test_behind_every_figure_stand_as_many_people(seat, expected):
    hr = seat("hr")
    hr.open(f"/reports/?as_of={SHOWN_DAY}")
    wanted = {
        "capable": expected["capable"],
        "leaders": expected["leaders"]["sitting"],
        "specialists": 0,
        "executives_completed": expected["executives"]["completed_this_year"],
        "excluded_employment": expected["excluded"]["employment"],
        "excluded_duty": expected["excluded"]["duty"],
    }

    links = hr.page.locator("main a[href*='/reports/people/']")
    addresses = {link.get_attribute("href") for link in links.all()}

    counted = {}
    for address in addresses:
        asked = re.search(r"people/(\w+)/\?as_of=([-\d]+)$", address)
        if asked and asked[1] in wanted and asked[2] == SHOWN_DAY.isoformat():
            found = re.search(r"全(\d+)人", hr.page.request.get(address).text())
            counted[asked[1]] = int(found[1])
    assert counted == wanted
    units = [unit for unit in expected["departments"].values() if unit["population"]]
    heat = hr.page.locator(".agano-heat")
    assert heat.locator("td a[href*='/reports/people/']").count() == 4 * len(units)
    assert heat.locator("th a[href*='/reports/departments/']").count() == len(units)


# --- Everybody stays where they belong ----------------------------------------------------------


def test_staff_see_their_own_page_only(seat):
    staff = seat("staff")
    number = staff.city.accounts["staff"].number

    staff.follow("自分の記録", inside="nav.agano-side")

    assert f"職員番号：{number}" in staff.text
    menu = staff.page.locator("nav.agano-side a").all_inner_texts()
    assert menu == ["ホーム", "マイ研修", "自分の記録"]
    staff.picture("my-record")
    staff.open("/staff/000486/", status=404)
    for path in ("/staff/", "/reports/", "/training/offerings/", "/leaders/nominations/"):
        staff.open(path, status=403)


def test_a_head_is_told_the_same_of_strangers_and_of_nobody(seat):
    head = seat("head")
    head.open("/staff/")
    people = head.page.locator("main tbody tr").all_inner_texts()
    assert all("社会福祉課" in row for row in people)

    head.open("/staff/000294/", status=404)
    stranger = head.text
    head.open("/staff/999999/", status=404)

    assert stranger == head.text


def test_hr_finds_a_person_by_name(seat):
    hr = seat("hr")
    hr.open("/staff/")

    hr.page.get_by_label("氏名・カナ・職員番号").fill("ﾔﾏﾀﾞ ﾐｻｷ")
    hr.press("絞り込む")

    assert "山田　美咲" in hr.row("000486").inner_text()
    hr.picture("staff")


def test_signing_in_says_the_same_of_a_wrong_password_and_of_an_unknown_number(seat):
    nobody = seat(None)
    nobody.open("/accounts/login/")
    nobody.picture("sign-in")
    told = []

    for number in (nobody.city.accounts["staff"].number, "999999"):
        nobody.open("/accounts/login/")
        nobody.page.fill("input[name=login]", number)
        nobody.page.fill("input[name=password]", "not the password")
        nobody.press("ログイン")
        told.append(nobody.banners)

    assert told[0] == told[1]
    assert "職員番号かパスワードが正しくありません。" in told[0]
