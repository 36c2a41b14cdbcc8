"""A leader round in a browser: nominated, appointed, succeeded, closed, designated, printed."""

from datetime import datetime

import pytest

from tests.browser.conftest import Account, City, serving, taking_seats

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WINTER = datetime.fromisoformat("2027-01-12T09:00:00+09:00")
LAST_DAY = datetime.fromisoformat("2027-03-31T09:00:00+09:00")
DAY_AFTER = datetime.fromisoformat("2027-04-01T09:00:00+09:00")

# Accounts beside the usual ones: the head of 市民生活課 and whom she names in her place.
SECOND_HEAD, DEPUTY = "000351", "000353"
LEADER = "000495"  # 伊藤　大輔 of 社会福祉課, the account of the role leader
# Before the story begins, nobody has opened the round of the second cohort.
PREPARE = """
from leaders.models import Cohort
from staff.models import StaffMember
from staff.services.accounts import open_account
Cohort.objects.filter(number=2).update(nominations_open_on=None, nominations_close_on=None)
for number in {numbers}:
    member = StaffMember.objects.get(number=number)
    open_account(member=member, groups=(), password="{password}")
"""
# One leader served the whole first term.
SERVED = """
from datetime import date
from leaders.models import LeaderTerm
LeaderTerm.objects.filter(staff__number="{number}", cohort__number=1).update(
    ends_on=date(2027, 3, 31), end_reason="completed", completed=True, decided_on=date(2027, 3, 31)
)
"""

PLANNED = """
from datetime import date
from leaders.models import Cohort, LeaderTerm, SpecialistDesignation
done = LeaderTerm.objects.get(staff__number="{number}", cohort__number=1)
first = date(2027, 5, 1)
LeaderTerm.objects.create(
    cohort=Cohort.objects.get(number=2), staff=done.staff, department=done.department,
    starts_on=first,
)
SpecialistDesignation.objects.create(staff=done.staff, route="office", starts_on=first)
"""


def people(sample_city: City, folder) -> City:
    """The sample city in a file of its own, with a second head and her deputy."""
    city = sample_city.copy(folder)
    password = sample_city.accounts["hr"].password
    numbers = {"second_head": SECOND_HEAD, "deputy": DEPUTY}
    added = {role: Account(number, password) for role, number in numbers.items()}
    city.manage(
        "shell",
        "--command",
        PREPARE.format(numbers=tuple(numbers.values()), password=password),
    )
    return City(city.database, city.secret_key, city.accounts | added)


@pytest.fixture(scope="module")
def server(sample_city, tmp_path_factory):
    """The sample city in the winter before its second cohort."""
    folder = tmp_path_factory.mktemp("round")
    with serving(people(sample_city, folder), folder, now=WINTER) as running:
        yield running


@pytest.fixture
def later(sample_city, tmp_path, browser, pictures):
    """`later(moment, *commands)`: seats in a city of its own at another moment."""
    open_now = []

    def begin(moment: datetime, *commands: str):
        city = sample_city.copy(tmp_path)
        for command in commands:
            city.manage("shell", "--command", command)
        running = serving(city, tmp_path, now=moment)
        open_now.append(running)
        seats = taking_seats(browser, running.__enter__(), pictures)
        open_now.append(seats)
        return seats.__enter__()

    yield begin
    for one in reversed(open_now):
        one.__exit__(None, None, None)


def fill_in(somebody, name: str, reason: str) -> None:
    """Write a nomination down on its form."""
    somebody.page.get_by_label(name).check()
    somebody.page.get_by_label("推薦理由").fill(reason)
    somebody.page.get_by_label("期待する役割").fill("課の業務の見直しを進めること。")
    somebody.page.get_by_label("本人の承諾を得た").check()


def card(somebody, label: str) -> str:
    """What a number card says."""
    cards = somebody.page.locator(".agano-number").filter(has_text=label).first
    return "".join(cards.inner_text().split())


# --- The round ----------------------------------------------------------------------------------


def test_a_round_of_three_departments_from_opening_to_closing(seat):
    hr, colleague = seat("hr"), seat("colleague")
    head, second_head, deputy = seat("head"), seat("second_head"), seat("deputy")
    open_round(hr)

    head.open("/")
    head.follow("推薦する")
    head.follow("推薦する （社会福祉課）")
    assert "課の仕事をよく知る人を" in head.text
    fill_in(head, "皆川　彩", "新しい道具をよく試すため。")
    head.press("人事担当に提出する")
    assert "推薦を人事担当に提出しました。" in head.banners
    by_head = head.page.url

    name_deputy(second_head)
    by_deputy = nominate_as_deputy(deputy)
    by_hr = nominate_on_behalf(hr)

    return_and_correct(hr, deputy, by_deputy)
    approve_alone(colleague, by_head)
    hr.open(by_hr)
    assert "自分が提出した推薦" in hr.text
    assert not hr.page.get_by_role("button", name="承認して任命する").is_visible()
    approve_together(colleague)
    remind(hr)
    close_while_somebody_writes(hr, head)
    print_papers(hr, by_head)


def open_round(hr) -> None:
    hr.open("/leaders/nominations/?cohort=2")
    hr.follow("受付期間を決める")
    hr.page.get_by_label("推薦の受付開始日").fill("R9.1.12")
    hr.page.get_by_label("推薦の締切日").fill("R9.1.18")
    hr.page.get_by_label("部署長への案内").fill(
        "課の仕事をよく知る人を、1人以上推薦してください。\n相談先：総務課 人事担当"
    )
    hr.press("保存する")
    assert "推薦の受付を保存しました。" in hr.banners
    assert card(hr, "未着手") == "未着手23部署"


def name_deputy(head) -> None:
    head.open("/leaders/deputies/")
    head.page.get_by_label("代理者").select_option(label="中村　隆（課長補佐）")
    head.page.get_by_label("終了日").fill("R9.3.31")
    head.press("代理に指名する")
    assert "中村　隆さんを代理に指名しました。" in head.banners
    head.picture("deputies", head.page.locator("main section").last)


def nominate_as_deputy(deputy) -> str:
    deputy.open("/")
    deputy.follow("推薦する")
    rows = deputy.page.locator("main tbody tr")
    assert [row.split()[0] for row in rows.all_inner_texts()] == ["市民生活課"]
    deputy.follow("推薦する （市民生活課）")
    assert "部署長の代理として入力します。" in deputy.text
    fill_in(deputy, "丸山　翔", "熱心なため。")
    deputy.press("人事担当に提出する")
    assert "部署長の代理" in deputy.text
    return deputy.page.url


def nominate_on_behalf(hr) -> str:
    hr.open("/leaders/nominations/?cohort=2")
    hr.follow("推薦する （こども家庭課）")
    assert "人事担当（代行）として入力します。" in hr.text
    fill_in(hr, "中村　愛", "課長から電話で推薦を受けたため。")
    hr.press("代わりに提出する")
    assert "人事担当（代行）" in hr.text
    return hr.page.url


def return_and_correct(hr, deputy, address: str) -> None:
    hr.open(address)
    hr.page.get_by_label("差し戻す理由").fill("担当した業務を書いてください。")
    hr.press("差し戻す")
    assert "部署長に差し戻しました。" in hr.banners

    deputy.open("/")
    deputy.follow("推薦を直す")
    assert "担当した業務を書いてください。" in deputy.text
    deputy.follow("直して提出し直す")
    deputy.page.get_by_label("推薦理由").fill("証明書の窓口で、予約の表を作り直したため。")
    deputy.press("人事担当に提出する")
    assert deputy.page.url == address
    acts = deputy.page.locator("main tbody tr").all_inner_texts()
    assert [row.split()[2] for row in acts] == ["提出", "差戻し", "提出"]


def approve_alone(colleague, address: str) -> None:
    colleague.open(address)
    colleague.answer("承認して任命する", "承認して任命する")
    assert "令和9年4月1日から第2期のリーダーに任命しました。" in colleague.banners


def approve_together(colleague) -> None:
    colleague.open("/leaders/nominations/?cohort=2")
    colleague.page.get_by_label("市民生活課 丸山　翔を選ぶ").check()
    colleague.page.get_by_label("こども家庭課 中村　愛を選ぶ").check()
    colleague.picture(
        "approve-several", colleague.page.get_by_role("button", name="選んだ推薦を承認する")
    )
    colleague.answer("選んだ推薦を承認する", "承認して任命する")
    assert "選んだ推薦をすべて承認しました。" in colleague.banners
    colleague.follow("第2期の推薦に戻る")
    assert card(colleague, "承認済み").startswith("承認済み3部署")


def remind(hr) -> None:
    hr.open("/")
    hr.follow("未提出の部署を見る")
    hr.picture("round", hr.page.locator("main tbody tr").nth(7))
    hr.follow("未提出の20部署にお願いする")
    assert "総務課　課長　涌井　陽子 様" in hr.text
    assert hr.on_paper() == hr.page.locator(".agano-letter").count() == 20


def close_while_somebody_writes(hr, head) -> None:
    head.open("/leaders/nominations/")
    head.follow("推薦する （社会福祉課）")
    fill_in(head, "山田　美咲", "締切の間際まで書いていた理由。")
    hr.open("/leaders/nominations/?cohort=2")
    hr.follow("受付を締め切る")
    silent = hr.page.locator("section", has_text="推薦の提出されていない部署").inner_text()
    assert "未着手（20）" in silent
    assert "税務課" in silent
    assert "社会福祉課" not in silent
    hr.press("推薦の受付を締め切る")
    assert "第2期の推薦の受付を締め切りました。" in hr.banners

    head.press("人事担当に提出する")

    assert "入力した内容は下書きに残しました。" in head.banners
    assert head.page.get_by_label("推薦理由").input_value() == "締切の間際まで書いていた理由。"
    hr.open("/leaders/nominations/?cohort=2")
    assert "下書き" in hr.row("社会福祉課").inner_text()
    hr.follow("受付を再開する")
    hr.page.get_by_label("新しい締切日").fill("R9.1.29")
    hr.press("受付を再開する")
    assert "締切は令和9年1月29日です。" in hr.banners


def print_papers(hr, address: str) -> None:
    hr.open(address)
    hr.follow("推薦書を印刷する")
    assert hr.on_paper() == 1
    hr.open("/leaders/nominations/?cohort=2")
    hr.follow("推薦書を印刷する")
    assert hr.on_paper() == 3
    hr.open("/leaders/cohorts/2/")
    hr.follow("任命通知")
    assert hr.on_paper() == 3
    hr.page.get_by_label("部署").select_option(label="市民生活課")
    hr.press("通知に反映する")
    assert hr.on_paper() == 1
    hr.picture("appointment", hr.page.locator(".agano-letter, .agano-appointment").first)


# --- A leader leaves ----------------------------------------------------------------------------


def test_a_leader_who_leaves_is_missed_the_day_after_and_succeeded(seat):
    hr, colleague, head, manager = (
        seat(role) for role in ("hr", "colleague", "second_head", "manager")
    )
    hr.open("/leaders/cohorts/1/")
    hr.follow("長谷川　直樹")
    hr.follow("任期を終える")
    hr.page.get_by_label("退任日").fill("R9.1.11")
    hr.page.get_by_label("異動", exact=True).check()
    hr.press("保存する")
    assert "退任日を令和9年1月11日にしました。" in hr.banners

    for somebody, path in ((hr, "/"), (head, "/"), (manager, "/reports/"), (hr, "/reports/")):
        somebody.open(path)
        assert "推進リーダーのいない部署が1部署あります" in somebody.text
    hr.open("/leaders/cohorts/1/")
    assert "市民生活課" in hr.banners
    hr.picture("cohort", hr.page.locator("main tbody tr").nth(9))

    head.open("/leaders/nominations/?cohort=1")
    head.follow("推薦する （市民生活課）")
    assert "後任の推薦です。" in head.text
    fill_in(head, "伊藤　隆", "窓口の予約を一緒に作ってきたため。")
    head.press("人事担当に提出する")
    address = head.page.url
    colleague.open(address)
    assert "長谷川　直樹" in colleague.page.locator(".agano-facts").inner_text()
    colleague.answer("承認して任命する", "承認して任命する")

    assert "令和9年1月12日から第1期のリーダーに任命しました。" in colleague.banners
    for somebody, path in ((hr, "/"), (head, "/"), (manager, "/reports/")):
        somebody.open(path)
        assert "推進リーダーのいない部署" not in somebody.text
    hr.open("/leaders/cohorts/1/")
    both = hr.row("市民生活課").inner_text()
    assert "長谷川　直樹（令和7年4月1日～令和9年1月11日・異動）退任" in both
    assert "伊藤　隆" in both
    hr.follow("齋藤　太郎", inside="[aria-label='異動・休職などのあったリーダーの表']")
    hr.follow("任期を続ける")
    assert "危機管理課" in hr.text, "the term of somebody who moved may go on"


# --- What a leader does -------------------------------------------------------------------------


def test_a_leader_changes_an_activity_and_the_head_comments(seat):
    leader, head, hr = seat("leader"), seat("head"), seat("hr")
    theme = "福祉の相談記録を1つの表にまとめる"
    leader.open("/leaders/mine/")
    leader.picture("my-activities", leader.page.locator("main section").first)
    leader.follow(theme)
    leader.follow("活動を変更する")
    leader.page.get_by_label("取組後の作業時間（年間）").fill("120")
    leader.page.get_by_label("手順3の実施日").fill("R9.1.8")
    leader.page.get_by_label("手順5の予定日").fill("R9.2.26")
    leader.page.get_by_label("手順5の内容").fill("ほかの課に使い方を見せる")
    leader.press("保存する")
    assert "ほかの課に使い方を見せる" in leader.text
    assert "200" in leader.page.locator(".agano-facts").inner_text()

    head.open("/leaders/activities/")
    head.follow(theme)
    head.page.get_by_label("コメント").fill("2月の課長会議で紹介してください。")
    head.press("コメントを書く")
    leader.page.reload()
    leader.examine()
    assert "2月の課長会議で紹介してください。" in leader.text
    assert leader.on_paper() <= 2

    hr.open("/leaders/activities/")
    hr.picture("activities", hr.page.locator("main tbody tr").nth(5))
    activities = hr.page.locator("main table").first.locator("tbody tr").count()
    hr.follow("活動報告会の資料を作る")
    assert hr.on_paper() <= 2
    hr.follow("1件を1枚にする")
    assert hr.on_paper() == 1 + activities


def test_the_curriculum_shows_how_far_every_leader_is(seat):
    hr = seat("hr")
    hr.open("/leaders/curriculum/")

    hr.picture("curriculum", hr.page.locator("main tbody tr").nth(8))

    assert hr.page.locator("main tbody tr").count() >= 23
    assert hr.on_paper() <= 2


def test_leaders_go_out_as_a_workbook_and_come_back_unchanged(seat):
    hr = seat("hr")
    hr.open("/leaders/uploads/")
    hr.follow("リーダー名簿を出力する")
    hr.page.get_by_label("期", exact=True).select_option(label="第1期")
    with hr.page.expect_download() as taken:
        hr.page.get_by_role("button", name="Excelに書き出す").click()
    content = taken.value.path().read_bytes()

    hr.open("/leaders/uploads/new/")
    hr.page.set_input_files(
        "input[type=file]",
        {"name": "リーダー名簿.xlsx", "mimeType": XLSX, "buffer": content},
    )
    hr.press("読み込んで内容を確かめる")

    assert "変わるところはありません。" in hr.text
    assert [card(hr, one) for one in ("追加", "登録と違う", "誤り")] == [
        "追加0件",
        "登録と違う0件",
        "誤りのある行0行",
    ]
    hr.picture("leader-file", hr.page.get_by_role("button", name="取りやめる"))
    hr.press("取りやめる")
    assert "任期の記録は変わっていません。" in hr.banners


# --- The end of a cohort ------------------------------------------------------------------------


def test_a_cohort_is_closed_on_its_last_day_and_its_certificates_can_be_verified(later):
    hr = later(LAST_DAY)("hr")
    hr.open("/leaders/cohorts/1/")
    hr.follow("修了の判定・期の終了")
    assert card(hr, "修了の提案") == "修了の提案24件12か月以上務めた任期"
    hr.picture("cohort-closing", hr.page.locator("main tbody").nth(8))
    excepted = hr.page.get_by_role("group", name="渡辺　真由美の判定")
    excepted.get_by_label("未修了").check()
    hr.answer("判定を保存して期を終了する", "期を終了する")
    assert "渡辺　真由美" in hr.banners, "whose reason is missing"
    assert hr.city.count("SELECT count(*) FROM leaders_cohort WHERE closed_at IS NOT NULL") == 0
    assert excepted.get_by_label("未修了").is_checked()
    hr.page.get_by_label("渡辺　真由美の判定の理由").fill("研修を修了していないため。")
    hr.answer("判定を保存して期を終了する", "期を終了する")

    assert "第1期を終了しました。" in hr.banners
    hr.open("/reports/")
    assert "修了延べ23人" in card(hr, "推進リーダー")
    hr.open("/leaders/cohorts/1/close/")
    hr.follow("修了証を発行・印刷する")
    hr.press("まだない23人の修了証を発行する")
    assert hr.on_paper() == 23
    number = hr.page.locator("main tbody th a").last.inner_text()
    hr.follow(number)
    assert hr.on_paper() == 1
    hr.picture("leader-certificate", hr.page.locator(".agano-certificate"))
    hr.open("/leaders/certificates/")
    hr.page.get_by_label("修了証の番号").fill(number.replace("-00", "－"))
    hr.press("確かめる")
    assert "有効な修了証です。" in hr.text


def test_what_was_decided_or_planned_by_mistake_is_taken_back(later):
    hr = later(DAY_AFTER, SERVED.format(number=LEADER), PLANNED.format(number=LEADER))("hr")
    [(planned, designation)] = hr.city.rows(
        "SELECT t.id, d.id FROM leaders_leaderterm t JOIN leaders_specialistdesignation d"
        " ON d.staff_id = t.staff_id WHERE t.starts_on = '2027-05-01'"
    )

    hr.open(f"/leaders/terms/{planned}/")
    hr.follow("就任を取り消す")
    hr.page.get_by_label("取り消す理由").fill("本人が辞退したため。")
    hr.press("就任を取り消す")
    assert "就任を取り消しました。" in hr.banners
    hr.open(f"/leaders/specialists/candidates/{LEADER}/")
    hr.follow("取り消す （令和9年5月1日からの登用）")
    hr.page.get_by_label("取り消す理由").fill("配属が変わったため。")
    hr.press("登用の予定を取り消す")
    assert "登用の予定を取り消しました。" in hr.banners
    [(decided,)] = hr.city.rows("SELECT id FROM leaders_leaderterm WHERE completed")
    hr.open(f"/leaders/terms/{decided}/")
    hr.follow("判定を取り消す")
    hr.page.get_by_label("取り消す理由").fill("活動の報告がまだのため。")
    hr.press("判定を取り消す")

    assert "この任期は未判定です。" in hr.banners
    query = "SELECT (SELECT count(*) FROM leaders_leaderterm WHERE id = ? OR completed)"
    assert hr.city.count(query, str(planned)) == 0
    query = "SELECT count(*) FROM leaders_specialistdesignation WHERE id = ?"
    assert hr.city.count(query, str(designation)) == 0


# --- The road to the office ---------------------------------------------------------------------


def test_a_leader_who_served_wishes_is_designated_and_leaves_the_office(later):
    take = later(DAY_AFTER, SERVED.format(number=LEADER))
    leader, hr = take("leader"), take("hr")
    leader.open("/leaders/transfer-request/")
    leader.page.get_by_label("希望する", exact=True).check()
    leader.page.get_by_label("理由・希望する時期").fill("令和9年度のうちに。")
    leader.press("人事担当に伝える")
    assert "異動希望を人事担当に伝えました。" in leader.banners
    leader.picture("transfer-request", leader.page.locator("main section").last)

    hr.open("/leaders/specialists/")
    before = bands(hr)
    hr.follow("登用の候補を見る")
    hr.page.get_by_label("経路").select_option(label="リーダー")
    hr.press("絞り込む")
    assert "希望する" in hr.row(LEADER).inner_text()
    hr.follow("伊藤　大輔")
    hr.follow("適性の所見を書く")
    hr.page.get_by_label("適性の所見").fill("説明が分かりやすく、調整も上手です。")
    hr.press("保存する")
    hr.follow("専門分野人材に登用する")
    hr.page.get_by_label("登用日").fill("R9.4.1")
    hr.press("登用する")
    hr.open("/leaders/specialists/")
    after = bands(hr)
    hr.picture("specialists", hr.page.locator("main section").last)

    assert sum(after.values()) == sum(before.values()) + 1
    hr.follow("伊藤　大輔")
    hr.follow("終了する （令和9年4月1日からの登用）")
    hr.page.get_by_label("終了日").fill("R9.4.1")
    hr.page.get_by_label("終了の事情").fill("本人の申出のため。")
    hr.press("登用を終了する")
    assert "登用の終了を登録しました。" in hr.banners


def bands(somebody) -> dict[str, int]:
    """How many specialists there are in each band."""
    rows = somebody.page.locator("main table").first.locator("tbody tr").all_inner_texts()
    return {row.split()[0]: int(row.split()[1].removesuffix("人")) for row in rows}
