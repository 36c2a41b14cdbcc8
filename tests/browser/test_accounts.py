"""An account from its first password on paper to its end, at real browsers."""

import re

import pytest

pytestmark = pytest.mark.browser

CHANGE = "/accounts/password/change/"
OWN = "jibun-no-aikotoba-5"


def open_account(admin) -> tuple[str, str]:
    """Open one for somebody without; their number and first password as the slip says."""
    admin.open("/staff/accounts/?state=none")
    admin.page.locator("input[name=chosen]").first.check()
    press(admin, "利用を始める")
    number, password = admin.page.locator("dl.agano-facts dd").all_inner_texts()[1:]
    return number, password


def press(somebody, name: str) -> None:
    """Press a button that asks again where there is script."""
    if not somebody.script:
        somebody.press(name)
        return
    somebody.page.get_by_role("button", name=name, exact=True).click()
    somebody.press(name, inside="dialog")


def sign_in(somebody, number: str, password: str) -> None:
    somebody.open("/accounts/login/")
    somebody.page.fill("input[name=login]", number)
    somebody.page.fill("input[name=password]", password)
    somebody.press("ログイン")


@pytest.mark.parametrize("script", [True, False])
def test_a_first_password_is_read_off_paper_and_changed(seat, script):
    admin, newcomer = seat("admin", script=script), seat(None, script=script)
    number, password = open_account(admin)
    admin.picture("account-slip")
    paper = admin.page.pdf(prefer_css_page_size=True)

    sign_in(newcomer, number, password)
    newcomer.open("/")
    assert newcomer.page.url.endswith(CHANGE)
    newcomer.page.fill("input[name=oldpassword]", password)
    newcomer.page.fill("input[name=password1]", OWN)
    newcomer.page.fill("input[name=password2]", OWN)
    newcomer.picture("first-password")
    newcomer.press("変更する")

    assert paper.count(b"/Type /Page\n") == 1
    assert newcomer.page.get_by_role("heading", name="ホーム", exact=True).is_visible()
    newcomer.follow("受講記録と発令の履歴を見る")
    assert f"職員番号：{number}" in newcomer.text


def test_a_closed_account_is_out_at_the_next_click(seat):
    admin, newcomer = seat("admin"), seat(None)
    number, password = open_account(admin)
    sign_in(newcomer, number, password)

    admin.open(f"/staff/accounts/?q={number}")
    admin.page.locator("input[name=chosen]").first.check()
    press(admin, "利用を止める")
    newcomer.open("/")

    assert "1人の利用を止めました。" in admin.banners
    assert "停止" in admin.row(number).inner_text()
    assert "/accounts/login/" in newcomer.page.url


def test_the_rest_of_april_is_one_page(seat):
    admin = seat("admin")
    admin.open("/")
    reminder = admin.page.locator(".agano-tasks__item").filter(has_text="名簿を反映した後に")

    admin.open(reminder.last.get_by_role("link").get_attribute("href"))

    headings = admin.page.locator("main h2").all_inner_texts()
    assert [re.sub(r"（\d+）", "", words) for words in headings] == [
        "新採用職員でDXマインド研修が必要な人",
        "失った推進リーダー",
        "推進リーダーのいない部署",
        "止める利用者",
        "作る利用者",
        "まだ決めていないこと",
    ]
    admin.picture("after-april")
    admin.page.emulate_media(media="print")
    assert not admin.page.get_by_role("button").first.is_visible()
