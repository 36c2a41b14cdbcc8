"""Marking in a browser: a hundred people by keyboard, whatever becomes of network and server."""

import os
import signal
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests.browser.conftest import NARROW

pytestmark = pytest.mark.browser

MAKE = """
from staff.models import StaffMember
from training.models import Course, Offering
from training.services.enrolment import enrol
course, _ = Course.objects.get_or_create(title="{title}", category="skill")
offering = Offering.objects.create(course=course, starts_on="{day}", ends_on="{day}")
people = StaffMember.objects.filter(left_on__isnull=True, user__isnull=True).order_by("number")
enrol(offering=offering, members=list(people[:{people}]), by=None)
print(offering.pk)
"""
MARKS = """
SELECT m.number, a.status FROM training_attendance a JOIN staff_staffmember m ON m.id = a.staff_id
WHERE a.offering_id = ?"""
CHANGES = """
SELECT m.number, c.old, c.new FROM training_attendancechange c
JOIN training_attendance a ON a.id = c.attendance_id JOIN staff_staffmember m ON m.id = a.staff_id
WHERE a.offering_id = ? AND c.old <> '' ORDER BY c.id"""
STATES = {"1": "present", "2": "late", "3": "left_early", "4": "absent", "5": "excused"}
NAMES_OF_TONES = """
const made = AudioContext.prototype.createOscillator;
window.tones = [];
AudioContext.prototype.createOscillator = function () {
  const tone = made.call(this);
  const start = tone.start.bind(tone);
  tone.start = (at) => { window.tones.push(tone.frequency.value); start(at); };
  return tone;
};"""
STOPPED = 5  # seconds
LONGEST = 120  # seconds for a hundred people


def yesterday() -> date:
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1)


def offering_of(city, people: int, title: str) -> str:
    """The key of an offering of yesterday with so many people who have no account."""
    made = MAKE.format(title=title, day=yesterday().isoformat(), people=people)
    return city.manage("shell", "--command", made).split()[-1]


def grid(offering: str) -> str:
    return f"/training/offerings/{offering}/attendance/"


def numbers_on(somebody) -> list[str]:
    return somebody.page.locator("tr[data-person] small").all_inner_texts()


def family(process) -> list[int]:
    """The server's processes: gunicorn's own and its workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [process.pid, *(int(child) for child in children)]


@contextmanager
def standing_still(server):
    """Within it the server takes connections and answers nobody."""
    stopped = family(server.process)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def leave_although_warned(somebody, act) -> list[str]:
    """Do what leaves the page, say yes to the browser's question; the kinds of questions asked."""
    asked: list[str] = []

    def agree(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    somebody.page.remove_listener("dialog", somebody._refuse)
    somebody.page.on("dialog", agree)
    act()
    somebody.page.remove_listener("dialog", agree)
    somebody.page.on("dialog", somebody._refuse)
    return asked


def test_a_hundred_people_by_keyboard_with_a_reload_and_a_server_that_stands_still(server, seat):
    offering = offering_of(server.city, 100, "百人の研修")
    hr = seat("hr")
    hr.open(grid(offering))
    numbers = numbers_on(hr)
    keys = ["4" if place % 9 == 4 else "2" if place % 11 == 7 else "1" for place in range(100)]
    typed = iter(keys)

    def press(count: int) -> None:
        for key in islice(typed, count):
            hr.page.keyboard.press(key)

    began = time.monotonic()
    hr.page.keyboard.press("ArrowDown")
    press(30)
    with standing_still(server):
        until = time.monotonic() + STOPPED
        press(30)
        hr.page.wait_for_timeout(max(until - time.monotonic(), 0) * 1_000)
        assert "保存中" in hr.page.locator("[data-totals]").inner_text()
    hr.page.route("**/attendance/mark/", lambda route: route.abort())
    press(10)
    hr.page.wait_for_selector("[data-unsaved]:visible")
    assert "サーバーにつながりません" in hr.page.locator("[data-unsaved]").inner_text()
    assert "未保存" in hr.row(numbers[69]).inner_text()
    hr.page.unroute("**/attendance/mark/")
    asked = leave_although_warned(hr, hr.page.reload)
    hr.page.keyboard.press("ArrowDown")
    press(30)
    hr.wait_until_saved()
    took = time.monotonic() - began

    assert asked == ["beforeunload"]
    assert took < LONGEST, took
    wanted = {number: STATES[key] for number, key in zip(numbers, keys, strict=True)}
    assert dict(server.city.rows(MARKS, offering)) == wanted
    kept = server.city.rows(CHANGES, offering)
    assert sorted(kept) == sorted((number, "booked", new) for number, new in wanted.items())
    assert hr.page.locator("[data-saved][data-state=failed]").count() == 0
    hr.forgive("net::ERR_FAILED")
    hr.examine()
    print(f"100 people in {took:.1f} s")  # noqa: T201 - a measured figure, shown by -s


def test_everything_at_once_and_then_the_exceptions_is_saved_as_well(server, seat):
    offering = offering_of(server.city, 12, "一括の研修")
    hr = seat("hr")
    hr.open(grid(offering) + "?order=kana")
    numbers = numbers_on(hr)

    hr.page.get_by_role("button", name="未入力の人をすべて出席にする").click()
    hr.page.locator("dialog").get_by_role("button", name="出席にする").click()
    hr.page.keyboard.press("ArrowDown")
    hr.page.keyboard.press("4")
    hr.wait_until_saved()
    hr.page.get_by_text("入力済みの出欠を直す理由を書く").click()
    hr.page.get_by_label("直す理由").fill("名札の取り違え")
    hr.row(numbers[2]).get_by_text("遅刻").click()
    hr.wait_until_saved()

    wanted = dict.fromkeys(numbers, "present") | {numbers[1]: "absent", numbers[2]: "late"}
    assert dict(server.city.rows(MARKS, offering)) == wanted
    assert "未入力 0人・出席 10人" in hr.page.locator("[data-totals]").inner_text()
    hr.examine()
    hr.page.get_by_role("link", name="未入力の人だけ").click()
    assert hr.page.locator("tr[data-person]:visible").count() == 0
    hr.page.get_by_role("link", name="全員", exact=True).click()
    with hr.page.expect_navigation():
        hr.row(numbers[2]).get_by_role("link").click()
    hr.examine()
    assert "名札の取り違え" in hr.row("出席", "遅刻").inner_text()


def test_a_clash_is_shown_in_its_row_and_decided_there(server, seat):
    offering = offering_of(server.city, 3, "二人で入力する研修")
    first, second = seat("hr"), seat("colleague")
    first.open(grid(offering))
    second.open(grid(offering))
    numbers = numbers_on(first)
    for number in numbers[:2]:
        second.row(number).get_by_text("免除").click()
    second.wait_until_saved()

    for number in numbers:
        first.row(number).get_by_text("欠席").click()
    first.page.wait_for_function("() => document.querySelectorAll('[data-notice]').length === 2")

    first.row(numbers[2]).get_by_text("保存済み✓").wait_for()

    assert "まだ保存していない人が2人います。" in first.page.locator("[data-unsaved]").inner_text()
    clash = first.row(numbers[0]).inner_text()
    assert "本間　由美が" in clash
    assert "「免除」にしました。" in clash
    assert "保存済み✓" in first.row(numbers[2]).inner_text()
    first.forgive("409")
    first.examine()
    first.row(numbers[0]).get_by_role("button", name="入力（免除）を残す").click()
    first.row(numbers[1]).get_by_role("button", name="自分の入力（欠席）に変える").click()
    first.wait_until_saved()
    assert first.page.locator("[data-unsaved]").is_hidden()
    states = dict(server.city.rows(MARKS, offering))
    assert [states[number] for number in numbers] == ["excused", "absent", "absent"]


def test_marks_made_after_the_session_ended_are_kept_and_sent_after_signing_in_again(server, seat):
    offering = offering_of(server.city, 2, "長い研修")
    hr = seat("hr")
    hr.open(grid(offering))
    number = numbers_on(hr)[0]
    hr.context.clear_cookies()

    hr.row(number).get_by_text("早退").click()
    hr.page.wait_for_selector("[data-unsaved]:visible")
    assert "ログインし直す" in hr.page.locator("[data-unsaved]").inner_text()
    account = server.city.accounts["hr"]
    other = hr.context.new_page()
    other.goto("/accounts/login/")
    other.fill("input[name=login]", account.number)
    other.fill("input[name=password]", account.password)
    with other.expect_navigation():
        other.locator("main").get_by_role("button", name="ログイン").click()
    other.close()
    hr.wait_until_saved()

    assert dict(server.city.rows(MARKS, offering))[number] == "left_early"
    hr.forgive("403")


def test_another_account_in_the_same_browser_writes_no_mark_of_the_first(server, seat):
    offering = offering_of(server.city, 2, "共用の端末の研修")
    hr = seat("hr")
    hr.open(grid(offering))
    number = numbers_on(hr)[0]
    hr.context.clear_cookies()
    account = server.city.accounts["colleague"]
    other = hr.context.new_page()
    other.goto("/accounts/login/")
    other.fill("input[name=login]", account.number)
    other.fill("input[name=password]", account.password)
    with other.expect_navigation():
        other.locator("main").get_by_role("button", name="ログイン").click()
    other.close()

    hr.row(number).get_by_text("早退").click()
    hr.page.wait_for_selector("[data-notice]")

    assert "別の人がログインしています。" in hr.row(number).inner_text()
    assert dict(server.city.rows(MARKS, offering))[number] == "booked"
    hr.forgive("403", "422")


def enter(somebody, number: str) -> str:
    """Type a number as a bar-code reader does; what the page calls out."""
    called = somebody.page.locator("[data-called]")
    before = somebody.page.locator("[data-last] li").first
    words = before.inner_text() if before.count() else ""
    somebody.page.keyboard.type(number)
    somebody.page.keyboard.press("Enter")
    somebody.page.wait_for_function(
        "(was) => (document.querySelector('[data-last] li')?.innerText || '') !== was", arg=words
    )
    return called.inner_text()


def test_numbers_at_the_door_are_told_by_name_and_tone(server, seat):
    offering = offering_of(server.city, 3, "受付のある研修")
    (known, _), *_ = server.city.rows(MARKS, offering)
    names = dict(server.city.rows("SELECT number, name FROM staff_staffmember"))
    (stranger, name), *_ = server.city.rows(
        "SELECT number, name FROM staff_staffmember WHERE left_on IS NULL ORDER BY number DESC"
    )
    hr = seat("hr")
    hr.page.add_init_script(NAMES_OF_TONES)
    hr.open(f"/training/offerings/{offering}/quick/")

    first = enter(hr, known)
    tone_of_done = hr.page.evaluate("tones.at(-1)")
    second = enter(hr, known)
    unknown = enter(hr, "999999")
    tone_of_refusal = hr.page.evaluate("tones.at(-1)")
    hr.examine()
    not_listed = enter(hr, stranger)
    hr.examine()
    hr.page.keyboard.press("+")
    hr.page.wait_for_function(
        "() => document.querySelector('[data-called]').dataset.kind === 'success'"
    )

    assert names[known] in first
    assert "出席にしました。" in first
    assert "すでに出席です。" in second
    assert "この番号の職員はいません。" in unknown
    assert tone_of_refusal < tone_of_done / 2
    assert name in not_listed
    assert "受講者の一覧にいません。" in not_listed
    assert "当日参加として1人を登録しました。" in hr.page.locator("[data-called]").inner_text()
    states = dict(server.city.rows(MARKS, offering))
    assert (states[known], states[stranger]) == ("present", "present")
    assert "出席 2人／受講者 4人" in hr.text
    assert len(server.city.rows(CHANGES, offering)) == 1


def test_a_number_read_while_the_network_is_away_is_sent_when_it_is_back(server, seat):
    offering = offering_of(server.city, 3, "電波の悪い研修")
    (first, _), (second, _), _ = server.city.rows(MARKS, offering)
    hr = seat("hr")
    hr.open(f"/training/offerings/{offering}/quick/")
    hr.context.set_offline(True)

    for number in (first, second):
        hr.page.keyboard.type(number)
        hr.page.keyboard.press("Enter")
    hr.page.wait_for_selector("[data-unsaved]:visible")
    assert "まだ送っていない番号が" in hr.page.locator("[data-unsaved]").inner_text()
    hr.context.set_offline(False)
    hr.page.wait_for_selector("[data-last] li:nth-child(2)")

    assert hr.page.locator("[data-unsaved]").is_hidden()
    assert list(dict(server.city.rows(MARKS, offering)).values()) == [
        "present",
        "present",
        "booked",
    ]
    hr.forgive("ERR_INTERNET_DISCONNECTED")


def test_the_pages_around_the_grid_look_right_and_need_no_script(server, seat):
    offering = offering_of(server.city, 3, "台本なしの研修")
    (first, _), (second, _), (third, _) = server.city.rows(MARKS, offering)
    stranger = server.city.rows(
        "SELECT number FROM staff_staffmember WHERE left_on IS NULL ORDER BY number DESC"
    )[0][0]
    hr = seat("hr", script=False, width=NARROW)
    hr.open(f"/training/offerings/{offering}/sheet/?order=kana")
    hr.open(f"/training/offerings/{offering}/quick/")
    hr.page.get_by_label("職員番号").fill(first)
    hr.press("出席にする")
    assert "出席にしました。" in hr.banners
    hr.page.get_by_label("職員番号").fill(stranger)
    hr.press("出席にする")
    hr.press("当日参加にする")
    assert "当日参加として1人を登録しました。" in hr.banners
    hr.open(f"/training/offerings/{offering}/paste/")
    hr.page.get_by_label("職員番号").fill(f"{first}\n{second}\n999999")
    hr.press("確かめる")
    hr.press("この内容で保存する")
    assert "1人を出席にしました。" in hr.banners
    hr.open(f"/training/offerings/{offering}/close/")
    hr.follow("未入力の人の出欠を入力する")
    hr.row(third).get_by_text("欠席").click()
    hr.press("出欠を保存する")
    hr.open(f"/training/offerings/{offering}/close/")
    hr.press("この開催回を締める")
    assert "開催回を締めました。" in hr.banners
    hr.follow("締めを取り消す")
    hr.page.get_by_label("締めを取り消す理由").fill("入力の誤りのため。")
    hr.press("締めを取り消す")
    assert "締めを取り消しました。" in hr.banners


@pytest.mark.parametrize("width", [1366, NARROW])
def test_every_page_of_attendance_passes_examination(server, seat, width):
    offering = offering_of(server.city, 3, f"画面の確かめ{width}")
    (first, _), *_ = server.city.rows(MARKS, offering)
    hr = seat("hr", width=width)

    for page in (
        "attendance",
        "quick",
        "paste",
        "walk-in",
        "walk-in/?q=山",
        "sheet",
        "close",
        "reopen",
    ):
        hr.open(f"/training/offerings/{offering}/{page}{'' if '?' in page else '/'}")
    hr.open(f"/training/offerings/{offering}/paste/")
    hr.page.get_by_label("職員番号").fill(f"{first}\n999999\n{hr.city.accounts['hr'].number}")
    hr.press("確かめる")
