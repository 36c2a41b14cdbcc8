"""The questions of a year's end in a browser: how far, who is lacking, what next, and why not."""

import re
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.browser.conftest import HEIGHT, serving

pytestmark = pytest.mark.browser

# Two days after R8's figures were to stand: 3 people short of its target, and, with no offering
# planned yet, 75 seats short of R9's. The sample city is so by itself.
SPRING = datetime.fromisoformat("2027-04-02T09:00:00+09:00")
YEAR_END = "2027-03-31"
# Somebody whom one mark of R8 made capable: without it, skills training is lacking again.
ON_THE_EDGE = """
    SELECT a.offering_id, s.number, s.name
    FROM training_attendance a JOIN staff_staffmember s ON s.id = a.staff_id
    WHERE a.category = 'skill' AND a.completed_on BETWEEN '2026-04-01' AND '2027-03-31'
      AND s.id IN (SELECT staff_id FROM training_attendance
        WHERE completed_on IS NOT NULL GROUP BY staff_id
        HAVING sum(category = 'mind') > 0 AND sum(category = 'knowledge') > 0
          AND sum(category = 'skill') = 1)
    ORDER BY s.number LIMIT 1
"""


@pytest.fixture(scope="module")
def server(sample_city, tmp_path_factory):
    """The sample city in the first days of R9."""
    folder = tmp_path_factory.mktemp("plan")
    with serving(sample_city.copy(folder), folder, now=SPRING) as running:
        yield running


def number(words: str) -> int:
    """The first number in words, with the sign the page gives it."""
    found = re.search(r"([＋－±]?)(\d+)", words)
    assert found, words
    return -int(found[2]) if found[1] == "－" else int(found[2])


def taken_out(somebody, button: str):
    """The workbook a button hands over."""
    with somebody.page.expect_download() as taken:
        somebody.page.locator("main").get_by_role("button", name=button, exact=True).click()
    somebody.examine()
    return load_workbook(BytesIO(taken.value.path().read_bytes()))


def table(somebody, name: str) -> list[list[str]]:
    """The rows of a table in words."""
    rows = somebody.page.get_by_role("table", name=name, exact=True).locator("tbody tr")
    return [row.split("\t") for row in rows.all_inner_texts()]


def test_the_year_is_read_mended_planned_and_reported(seat):
    """HR's way through the board in the days after a year's end."""
    hr = seat("hr")

    still_lacking(hr)
    seats_are_offered(hr)
    the_forecast_answers(hr)
    the_flow_adds_up(hr)
    offering, number_of, name = hr.city.rows(ON_THE_EDGE)[0]
    a_year_is_frozen(hr)
    one_mark_is_put_right(hr, offering, number_of)
    the_difference_names(hr, name)
    the_report_goes_out(hr)


def still_lacking(hr) -> None:
    hr.open("/reports/")
    hr.follow("R8末")
    assert "R8の目標1/3（143人）まであと3人・残り0日" in hr.text
    hr.picture("dashboard", hr.page.locator("main section").nth(1))
    hr.page.locator("figure").first.screenshot(path=hr.pictures / "dashboard-chart.png")
    lacking = hr.page.get_by_role("link", name=re.compile(r"^まだの職員 \d+人$"))
    people = number(lacking.inner_text())
    with hr.page.expect_navigation():
        lacking.click()
    hr.examine()
    assert f"全{people}人" in hr.text

    hr.press("Excelに書き出す")
    hr.page.get_by_label("使いみち").fill("年度末の未修了者の確認")
    hr.picture("excel-lists", hr.page.locator("main .agano-note").last)
    [sheet, *_] = taken_out(hr, "Excelに書き出す").worksheets
    assert sheet["A1"].value.startswith("取扱注意（個人情報）")
    assert sheet.max_row == 2 + people


def seats_are_offered(hr) -> None:
    hr.open("/reports/gap/")
    assert "R9の目標1/2（215人）は、DXマインド研修 30席と知識研修 45席で達成できます。" in hr.text
    hr.picture("gap", hr.page.locator("main section").nth(1))
    hr.follow("この席の開催回をつくる")
    hr.picture("gap-offerings", hr.page.locator("main form").last)
    before = hr.city.count("SELECT count(*) FROM training_offering")
    hr.press_twice("開催回をつくって登録する")

    assert hr.city.count("SELECT count(*) FROM training_offering") == before + 3
    assert "開催回を3回つくり、75席に登録しました。" in hr.banners
    hr.open("/reports/gap/")
    assert "この席の開催回をつくる" not in hr.text
    assert "未修了の区分をすべて受講予定の人：75人" in hr.text


def the_forecast_answers(hr) -> None:
    hr.open("/reports/forecast/")
    hr.picture("forecast", hr.page.locator("main figure").first)
    goal = "R9の目標1/2（215人）に{}です。"
    assert goal.format("届くかどうかは、見込みの幅の中") in hr.text, "not everybody booked comes"
    hr.page.get_by_label("スキルの席（今年度）").fill("５")
    hr.press("この条件で見る")
    assert goal.format("届く見込み") in hr.page.locator("#what-if").inner_text()
    hr.page.locator("#what-if").screenshot(path=hr.pictures / "forecast-what-if.png")


def the_flow_adds_up(hr) -> None:
    hr.open("/reports/flow/")
    hr.follow("R8")
    opening, *terms, closing = [number(cells[1]) for cells in table(hr, "増減の内訳")]
    assert opening + sum(terms) == closing
    assert any(terms)
    hr.picture("flow", hr.page.locator("main section").nth(1))
    hr.follow(f"＋{terms[0]}人 （新たに到達の一覧）")
    assert f"全{terms[0]}件" in hr.text


def a_year_is_frozen(hr) -> None:
    hr.open("/reports/snapshots/2026/new/")
    hr.page.get_by_label("確定すると取り消せないことを確かめました。").check()
    hr.picture("year-end-freeze", hr.page.locator("main section").first)
    hr.press_twice("令和8年度の数値を確定する")
    assert hr.city.count("SELECT count(*) FROM reports_snapshot") == 1
    assert ["デジタル活用職員", "140"] in table(hr, "確定した数値")
    hr.press("Excelに書き出す")
    hr.page.get_by_label("使いみち").fill("決裁の添付資料")
    taken_out(hr, "Excelに書き出す")


def one_mark_is_put_right(hr, offering: int, person: str) -> None:
    hr.open(f"/training/offerings/{offering}/")
    hr.follow("確定した年度の記録を訂正する")
    hr.page.get_by_label("職員番号").fill(person)
    hr.press("この人の記録を開く")
    hr.page.get_by_label("欠席", exact=True).check()
    hr.page.get_by_label("訂正する理由").fill("出席簿では欠席だったため。")
    hr.press("訂正する")
    assert "の記録を訂正しました。" in hr.banners


def the_difference_names(hr, name: str) -> None:
    hr.open("/reports/snapshots/2026/")
    hr.picture("year-end", hr.page.locator("main section").first)
    hr.follow("差を人ごとに見る")
    assert re.search(
        "デジタル活用職員は140人から139人（.1人）です。1人分の違いによります。", hr.text
    )
    [line] = table(hr, "一人ひとりの違いと理由")
    assert line[1:3] == [name, "訂正"]
    assert "出席簿では欠席だったため。" in line[3]
    hr.picture("year-end-difference", hr.page.locator("main section").nth(2))


def the_report_goes_out(hr) -> None:
    hr.open(f"/reports/report/?as_of={YEAR_END}")
    hr.picture("report", hr.page.locator("main section").last)
    book = taken_out(hr, "Excelに書き出す")
    assert {"表紙", "総括", "部署別", "定義"} <= set(book.sheetnames)
    assert any(
        str(cell.value).startswith("=") for row in book["部署別"].iter_rows() for cell in row
    )
    hr.follow("印刷用の画面を開く")
    assert hr.on_paper() >= 8
    hr.picture("report-print", hr.page.locator(".agano-report__part").first)
    hr.follow("公表用にする")
    assert "＊" in "".join(
        cell for row in table(hr, "部署別（令和9年3月31日現在）") for cell in row
    )
    part = hr.page.locator(".agano-report__part", has_text="部署別（令和9年3月31日現在）")
    assert "＊" in part.inner_text()
    top = part.bounding_box() | {"height": HEIGHT}
    hr.page.screenshot(path=hr.pictures / "publication.png", full_page=True, clip=top)
    everybody = hr.city.rows("SELECT name FROM staff_staffmember")
    assert [name for (name,) in everybody if name in hr.page.locator("main").inner_text()] == []


def test_a_head_and_a_manager_see_their_part_of_the_same_pages(seat):
    head, manager, hr = seat("head"), seat("manager"), seat("hr")
    everybody = [name for (name,) in hr.city.rows("SELECT name FROM staff_staffmember")]
    others = ("税務課", "総務課", "農林課", "こども家庭課")
    departments = f"departments/?as_of={YEAR_END}"
    for page in ("", departments, "gap/", "forecast/", "flow/", "snapshots/", "print/"):
        head.open(f"/reports/{page}")
        assert "対象：市全体" not in head.text
        assert [name for name in others if name in head.text] == []
        manager.open(f"/reports/{page}")
        if page == departments:
            manager.picture("department-figures", manager.page.locator("main tbody tr").nth(9))
        assert [name for name in everybody if name in manager.text] == []


def test_a_rule_to_come_is_written_down_and_taken_back(seat):
    admin = seat("admin")
    admin.open("/reports/rules/")
    admin.follow("ルールを変える")
    admin.page.get_by_label("適用開始日").fill("R10.4.1")
    admin.page.get_by_label("修了の有効年数").fill("5")
    admin.press("影響を見る")
    admin.picture("rules", admin.page.locator("main section").first)
    admin.press("このルールにする")
    admin.follow("取り下げる （令和10年4月1日から）")
    admin.press("取り下げる")

    assert "令和10年4月1日から" not in admin.text
