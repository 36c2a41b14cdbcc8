"""From the list of those who still have to attend onto an offering, to a notice and a reminder."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.conftest import NARROW, WIDE

LIST = "/training/outstanding/?programme=KNOWLEDGE"


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_people_come_from_the_list_onto_a_new_offering_and_are_reminded_on_paper(seat, script):
    hr = seat("hr", script=script)
    tomorrow = timezone.localdate() + timedelta(days=1 if script else 2)
    hr.open(f"{LIST}&reason=not_invited")
    for box in (0, 1):
        hr.page.locator("tbody input[type=checkbox]").nth(box).check()

    hr.press("印を付けた人だけ登録する")
    hr.page.get_by_label("新しい開催回を作る").check()
    hr.page.get_by_label("研修", exact=True).select_option(index=1)
    hr.page.get_by_label("開催日", exact=True).fill(tomorrow.isoformat())
    hr.page.get_by_label("定員", exact=True).fill("1")
    hr.press("印を付けた人を登録する")
    assert "残りは1席です。2人は登録できません。" in hr.text
    hr.page.get_by_label("定員", exact=True).fill("2")
    hr.press("印を付けた人を登録する")

    assert "2人を登録しました。" in hr.banners
    hr.open("/training/reminders/")
    hr.follow("紙のお知らせを印刷する")
    waiting = hr.page.get_by_role("button", name="人分を渡したと記録する")
    handed_over = waiting.inner_text()
    if script:  # asks again
        waiting.click()
    hr.press(handed_over, inside="dialog" if script else "main")
    assert "人分を、紙で渡したと記録しました。" in hr.banners
    assert (
        hr.city.count(
            "SELECT count(*) FROM training_reminder WHERE held_on = ?", tomorrow.isoformat()
        )
        == 2
    )


@pytest.mark.browser
def test_one_box_ticks_the_whole_table(seat):
    hr = seat("hr")
    hr.open(LIST)
    boxes = hr.page.locator("tbody input[type=checkbox]")

    hr.page.get_by_label("この表の全員を選ぶ").check()

    assert boxes.count() == hr.page.locator("tbody input[type=checkbox]:checked").count() > 1


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_notice_is_one_sheet_a_department_and_turns_people_to_invited(seat, width):
    hr = seat("hr", width=width)
    reason = "not_invited" if width == WIDE else "new_hire"
    hr.open(f"{LIST}&reason={reason}")
    hr.follow("所属長への通知を作る")
    sheets = hr.page.locator(".agano-letter").count()

    paper = hr.page.pdf(prefer_css_page_size=True)
    hr.page.locator("main").get_by_role("button", name="案内済にする").click()
    hr.page.locator("dialog").get_by_role("button", name="案内済にする").click()
    hr.page.wait_for_url("**/training/outstanding/?**")
    hr.examine()

    assert paper.count(b"/Type /Page\n") >= sheets > 1
    assert "人を案内済にしました。" in hr.banners


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_other_pages_of_the_part_are_sound(seat, width):
    hr = seat("hr", width=width)

    hr.open("/training/outstanding/export/?programme=KNOWLEDGE")
    hr.open("/training/outstanding/book/?programme=KNOWLEDGE")
    hr.open("/training/reminders/?state=made")
    hr.open("/training/reminders/sheet/")
