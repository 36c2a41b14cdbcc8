"""A training year in a browser: booked, held, reported, certified, closed and printed."""

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from openpyxl import Workbook

from tests.browser.conftest import serving

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

PERSON = "000230"  # 山崎　健太, the account of the role staff, of 社会福祉課
HELD = "窓口の電子申請研修"
LISTED = "議事録の作り方研修"
CLOSED = "庁内チャット研修"
# Offerings of today and yesterday: the course, days ago, who is on it.
OFFERINGS = (
    (HELD, 0, [PERSON, "000486", "000494", "000495", "000496", "000501"]),
    (LISTED, 1, ["000108", "000111", "000113", "000120"]),
    (CLOSED, 1, ["000121", "000124", "000127"]),
)
MAKE = """
from datetime import date, time
from staff.models import StaffMember
from training.models import Course, Offering
from training.services.enrolment import enrol
for title, day, numbers in {rows}:
    course = Course.objects.create(title=title, category="skill", hours=3)
    offering = Offering.objects.create(
        course=course, starts_on=day, ends_on=day, starts_at=time(13), ends_at=time(16),
        venue="市役所 電算研修室", capacity=20,
    )
    members = list(StaffMember.objects.filter(number__in=numbers))
    assert len(members) == len(numbers)
    enrol(offering=offering, members=members, by=None)
"""
OFFERING = """
SELECT o.id FROM training_offering o JOIN training_course c ON c.id = o.course_id
WHERE c.title = ? ORDER BY o.takes_signups DESC, o.starts_on DESC, o.id DESC"""
PLACES = """
SELECT m.number, a.status FROM training_attendance a JOIN staff_staffmember m ON m.id = a.staff_id
WHERE a.offering_id = ? ORDER BY m.number"""
LINE = """
SELECT m.number FROM training_attendance a JOIN staff_staffmember m ON m.id = a.staff_id
WHERE a.offering_id = ? AND a.status = 'waiting' ORDER BY a.waiting_since, a.id"""

LEARNED = """
SELECT COUNT(*) FROM training_attendance a JOIN staff_staffmember m ON m.id = a.staff_id
WHERE a.category = 'elearning' AND a.status = 'present' AND m.number = ?"""
MARKED = """
SELECT COUNT(*) FROM training_attendancechange c
JOIN training_attendance a ON a.id = c.attendance_id WHERE a.offering_id = ? AND c.old <> ''"""


def today() -> date:
    return timezone.localdate()


@pytest.fixture(scope="module")
def server(sample_city, tmp_path_factory):
    """The sample city with an offering of today and two of yesterday."""
    folder = tmp_path_factory.mktemp("year")
    city = sample_city.copy(folder)
    rows = [
        (title, (today() - timedelta(days=ago)).isoformat(), numbers)
        for title, ago, numbers in OFFERINGS
    ]
    city.manage("shell", "--command", MAKE.format(rows=rows))
    with serving(city, folder) as running:
        yield running


def offering_of(city, title: str) -> str:
    """The key of the offering of a course; of several, that which takes sign-ups."""
    return str(city.rows(OFFERING, title)[0][0])


def page_of(city, title: str) -> str:
    return f"/training/offerings/{offering_of(city, title)}/"


def states(city, title: str) -> dict[str, str]:
    """What became of everybody on the offering."""
    return dict(city.rows(PLACES, offering_of(city, title)))


def line(city, title: str) -> list[str]:
    """Who waits for a seat, in the order of the line."""
    return [number for (number,) in city.rows(LINE, offering_of(city, title))]


# --- Booking ------------------------------------------------------------------------------------


def test_an_offering_is_copied_and_filled_and_people_already_elsewhere_are_shown_first(seat):
    hr = seat("hr")
    hr.open(page_of(hr.city, "Excel・表計算スキルアップ"))
    hr.follow("複写して作る")
    assert hr.page.get_by_label("会場").input_value() == "市役所 電算研修室"
    hr.page.get_by_label("開催日", exact=True).fill(today().isoformat())
    hr.page.get_by_label("開始時刻").fill("14:00")
    hr.press("保存する")
    copied = hr.page.url

    hr.follow("受講者を登録する")
    hr.page.get_by_label("職員番号", exact=True).fill(f"{PERSON}\n000928、000934")
    hr.press("登録する")

    assert "まだ登録していません。" in hr.text
    assert HELD in hr.row(PERSON).inner_text()
    hr.picture("enrol-clash", hr.page.get_by_role("button", name="重なる人も登録する"))
    hr.press("重なる人を除いて登録する")
    assert "2人を登録しました。" in hr.banners
    assert "日時が重なる 1人" in hr.banners
    numbers = hr.city.rows(PLACES, copied.rstrip("/").rsplit("/", 1)[1])
    assert numbers == [("000928", "booked"), ("000934", "booked")]


def test_whoever_cannot_come_says_so_and_the_first_in_line_gets_the_seat(seat):
    title = "ノーコード業務改善"
    staff, admin = seat("staff"), seat("admin")
    first, second, third = line(staff.city, title)
    assert states(staff.city, title)[PERSON] == "booked"

    staff.open("/training/mine/")
    staff.follow(f"取消し・欠席届 （{title}）")
    staff.follow("欠席届を出す")
    staff.press("欠席届を出す")
    assert "理由を選んでください。" in staff.text
    staff.page.get_by_label("公務").check()
    staff.page.get_by_label("備考").fill("同じ日に家庭訪問があるため。")
    staff.press("欠席届を出す")

    assert "欠席届を出しました。" in staff.banners
    assert line(staff.city, title) == [second, third]
    admin.open("/training/mine/")
    admin.follow(f"取消し・欠席届 （{title}）")
    admin.answer("申込を取り消す", "取り消す")
    assert "申込を取り消しました。" in admin.banners
    assert line(admin.city, title) == [third]
    admin.open(page_of(admin.city, title))
    assert "欠席届（公務）" in admin.row(PERSON).inner_text()
    assert "受講予定" in admin.row(first).inner_text()
    assert "受講予定" in admin.row(second).inner_text()


def test_a_person_signs_up_for_what_is_offered(seat):
    title = "Excel・表計算スキルアップ"
    staff = seat("staff")
    staff.open("/training/mine/")
    staff.follow(title)

    staff.press("申し込む")

    assert "申し込みました。席を予約しました。" in staff.banners
    assert states(staff.city, title)[PERSON] == "booked"


def test_a_head_signs_people_up_and_takes_one_off_again(seat):
    title = "生成ＡＩ基礎（最新ＤＸ情報）"
    head = seat("head")
    before = states(head.city, title)
    head.open("/training/team/")
    head.page.get_by_role("link", name=f"{title} （").click()
    free = head.page.locator("main tbody tr", has=head.page.locator("input[type=checkbox]"))
    names = [free.nth(place).locator("label").inner_text() for place in (0, 1)]

    for name in names:
        head.page.get_by_label(name).check()
    head.picture("team-signup", free.nth(5))
    head.press("申し込む")

    assert "2人を申し込みました。" in head.banners
    added = states(head.city, title).keys() - before.keys()
    assert len(added) == 2
    head.open("/training/team/")
    place = head.row(title, names[0]).get_by_role("button")
    place.click()
    head.press("取り消す", inside="dialog")
    assert f"{names[0]}さんの申込みを取り消しました。" in head.banners
    now = states(head.city, title)
    assert sorted(now[number] for number in added) == ["booked", "cancelled"]


# --- What follows a training --------------------------------------------------------------------


def test_from_the_door_to_survey_report_and_certificate(seat):
    hr, staff, head = seat("hr"), seat("staff"), seat("head")
    hr.open(page_of(hr.city, HELD))
    hr.follow("番号で受け付ける")
    hr.page.keyboard.type(PERSON)
    hr.page.keyboard.press("Enter")
    hr.page.wait_for_selector("[data-last] li")
    hr.picture("attendance-door", hr.page.locator("[data-last]"))
    hr.follow("出欠の一覧に戻る")
    hr.page.get_by_role("button", name="未入力の人をすべて出席にする").click()
    hr.page.locator("dialog").get_by_role("button", name="出席にする").click()
    hr.wait_until_saved()
    assert set(states(hr.city, HELD).values()) == {"present"}

    staff.open("/training/mine/")
    assert "回答していないアンケートがあります。" in staff.text
    staff.picture("my-training", staff.row(HELD))
    staff.follow(f"回答する （{HELD}）")
    for question, step in (("understanding", 4), ("usefulness", 5)):
        staff.page.locator(f"input[name={question}][value='{step}']").check()
    staff.page.get_by_label("自由記述").fill("窓口ですぐ使えます。")
    staff.press("回答を送る")
    assert "5つの中から1つ選んでください。" in staff.text
    staff.page.locator("input[name=satisfaction][value='4']").check()
    staff.press("回答を送る")
    assert "アンケートに回答しました。" in staff.banners
    staff.follow(f"書く （{HELD}）")
    staff.page.get_by_label("学んだこと").fill(
        "申請書の入力欄を減らすと、窓口の待ち時間が短くなる。"
    )
    staff.press("所属長に提出する")
    assert "下書きなら空欄でも保存できます。" in staff.text
    staff.page.get_by_label("仕事にどう生かすか").fill("児童手当の申請書から始める。")
    staff.press("所属長に提出する")

    head.open("/training/reports/")
    head.follow("山崎　健太")
    assert "児童手当の申請書から始める。" in head.text
    head.page.get_by_label("コメント").fill("係の打合せで報告してください。")
    head.picture("training-report", head.page.locator("main form").last)
    head.press("確認済みにする")
    assert head.city.count("SELECT COUNT(*) FROM training_trainingreport WHERE read_at > ''") == 1
    staff.open("/training/mine/")
    staff.follow(f"確認済み （{HELD}）")
    assert "係の打合せで報告してください。" in staff.text
    assert staff.on_paper() == 1


def test_certificates_are_opened_verified_and_printed_together(seat):
    staff, hr = seat("staff"), seat("hr")
    title = "生成ＡＩ基礎（最新ＤＸ情報）"
    staff.open("/training/mine/")
    staff.press(f"開く （{title}の修了証）")
    number = staff.page.locator(".agano-certificate__number").inner_text().split()[1]
    staff.picture("certificate", staff.page.locator(".agano-certificate"))
    assert staff.on_paper() == 1
    staff.open("/training/mine/")
    staff.press(f"開く （{title}の修了証）")
    assert number in staff.text, "the second time it is the same certificate"

    hr.open("/training/evidence/")
    hr.follow("修了証の番号を確かめる")
    hr.page.get_by_label("修了証の番号").fill(number.replace("-0", "－"))
    hr.press("確かめる")
    assert "有効な修了証です。" in hr.text
    assert "山崎　健太（職員番号 000230）" in hr.text
    hr.picture("certificate-verify", hr.page.locator("main dl"))
    hr.page.get_by_label("修了証の番号").fill("R8-9999")
    hr.press("確かめる")
    assert "この番号の修了証は発行していません。" in hr.text

    held_in_spring = hr.city.rows(
        "SELECT offering_id, COUNT(*) FROM training_attendance WHERE completed_on IS NOT NULL "
        "GROUP BY offering_id ORDER BY 2"
    )
    offering, people = held_in_spring[0]
    hr.open(f"/training/offerings/{offering}/certificates/")
    hr.press(f"まだない{people}人の修了証を発行する")
    assert hr.on_paper() == people


def test_survey_totals_say_nothing_about_few_and_comments_are_for_the_clerk(seat):
    manager, hr = seat("manager"), seat("hr")
    few = page_of(hr.city, HELD)
    hr.open(few)
    hr.follow("アンケートの結果")
    assert "回答が5件に満たないため、内訳は表示しません。" in hr.text
    assert hr.page.locator("main ul:not([class])").count() == 0

    hr.open("/training/surveys/")
    hr.page.locator("main tbody a").first.click()
    hr.picture("survey", hr.page.locator("main table").last)
    hr.follow("自由記述を読む")
    assert "具体的な例が多く、すぐに試せそうです。" in hr.text
    comments = hr.page.url
    manager.open("/training/surveys/")
    manager.page.locator("main tbody a").first.click()
    assert "自由記述を読む" not in manager.text
    manager.open(comments, status=403)


# --- Qualifications, use at work, OJT -----------------------------------------------------------


def choose(somebody, name: str, kind: str, content: bytes) -> None:
    somebody.page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": kind, "buffer": content}
    )


def test_a_qualification_is_handed_in_returned_corrected_and_confirmed(seat):
    staff, hr, head = seat("staff"), seat("hr"), seat("head")
    staff.open("/training/mine/evidence/")
    staff.follow("資格を登録する")
    staff.page.get_by_label("資格の名称").fill("ＩＴパスポート")
    staff.page.get_by_label("取得日").fill("R7.12.20")
    choose(staff, "合格証.pdf", "application/pdf", b"<html><script>alert(1)</script></html>")
    staff.press("人事担当に提出する")
    assert "名前の末尾を変えただけのファイルも使えません。" in staff.text
    assert staff.page.get_by_label("資格の名称").input_value() == "ＩＴパスポート"
    choose(staff, "合格証.pdf", "application/pdf", PDF)
    staff.press("人事担当に提出する")

    hr.open("/training/evidence/")
    hr.follow("ＩＴパスポート （山崎　健太 令和7年12月20日）")
    hr.page.get_by_label("直してほしいこと").fill("正式な名称にしてください。")
    hr.press("差し戻す")
    staff.open("/training/mine/evidence/")
    staff.follow("ＩＴパスポート")
    assert "正式な名称にしてください。" in staff.text
    staff.follow("内容を直す")
    staff.page.get_by_label("資格の名称").fill("ＩＴパスポート試験")
    staff.press("人事担当に提出する")

    hr.open("/training/evidence/")
    hr.follow("ＩＴパスポート試験 （山崎　健太 令和7年12月20日）")
    hr.picture("evidence-check", hr.page.locator("main form").last)
    with hr.page.expect_download() as taken:
        hr.page.get_by_role("link", name="合格証.pdf").click()
    assert taken.value.path().read_bytes() == PDF
    assert taken.value.suggested_filename == "合格証.pdf"
    hr.press("確認済にする")
    head.open("/training/evidence/")
    assert "ＩＴパスポート試験" not in head.text, "the head has no part in it"
    head.follow("業務活用確認を登録する")
    head.page.get_by_label("職員").select_option(label=f"山崎　健太（{PERSON}）")
    head.page.get_by_label("活用している内容").fill("受付票の集計を自動化した")
    head.page.get_by_label("確認した日").fill(today().isoformat())
    head.press("確認済として登録する")

    staff.open("/training/mine/evidence/")
    assert "確認済" in staff.row("ＩＴパスポート試験").inner_text()
    assert "受付票の集計を自動化した" in staff.text
    staff.picture("my-evidence", staff.page.locator("main section").last)


def test_ojt_is_done_once_the_supervisor_has_confirmed_the_record(seat):
    title = "推進室ＯＪＴ"
    admin, hr = seat("admin"), seat("hr")
    number = admin.city.accounts["admin"].number
    running = "SELECT id FROM training_offering WHERE mode = 'ojt' ORDER BY ends_on DESC"
    [(offering,), *_] = admin.city.rows(running)

    admin.open("/training/mine/")
    admin.follow(f"OJTの記録を書く （{title}）")
    admin.page.get_by_label("実施日").fill(today().isoformat())
    admin.page.get_by_label("時間数").fill("2")
    admin.page.get_by_label("内容").fill("申請フォームを一人で作れるようになった。")
    admin.press("所属長に提出する")
    admin.follow(admin.page.locator("main tbody a").first.inner_text())
    admin.follow("内容を直す")
    admin.page.get_by_label("時間数").fill("2.5")
    admin.press("所属長に提出する")
    assert dict(admin.city.rows(PLACES, str(offering)))[number] == "booked"

    hr.open("/training/evidence/ojt/")
    hr.page.locator("main tbody a").first.click()
    assert "2.5 時間" in hr.text
    hr.press("確認済にする")

    assert dict(hr.city.rows(PLACES, str(offering)))[number] == "present"
    admin.open("/training/mine/")
    assert "出席（修了）" in admin.page.get_by_role("row").filter(has_text=title).first.inner_text()


# --- Files --------------------------------------------------------------------------------------


def sheet(*rows: tuple) -> bytes:
    """A sign-in sheet as it comes back from the meeting room."""
    book = Workbook()
    for row in (("職員番号", "氏名", "出欠"), *rows):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_sign_in_sheet_is_checked_completed_by_hand_and_applied_once(seat):
    hr = seat("hr", script=False)
    hr.open(page_of(hr.city, LISTED))
    hr.follow("出席簿のファイルを読み込む")
    people = (
        ("000108", "佐藤　太郎", "○"),
        ("000111", "加藤　彩", "遅"),
        (None, "いがらし（陽）", "○"),
        ("000120", "五十嵐　結衣", "×"),
    )
    choose(hr, "出席簿.xlsx", XLSX, sheet(*people))
    hr.press("読み込んで内容を確かめる")

    assert "職員を決める行（1行）" in hr.text
    assert set(states(hr.city, LISTED).values()) == {"booked"}
    hr.picture("attendance-file", hr.page.get_by_role("heading", name="反映する", exact=True))
    hr.page.get_by_label("4行目の職員番号").fill("000113")
    hr.press("選んだ内容を入れて確かめる")
    assert "五十嵐　陽子と決めました。" in hr.text
    hr.press_twice("この内容で反映する")

    assert "全3段階のうち3段階目" in hr.text
    assert states(hr.city, LISTED) == {
        "000108": "present",
        "000111": "late",
        "000113": "present",
        "000120": "absent",
    }
    assert hr.city.count(MARKED, offering_of(hr.city, LISTED)) == 4


def test_an_elearning_log_takes_in_those_who_are_done(seat):
    hr, other = seat("hr"), "000486"
    course = "推進室ｅラーニング"
    log = f"職員番号,コース名,進捗率\n{PERSON},{course},100%\n{other},{course},40%\n"
    hr.open("/training/imports/")
    hr.follow("eラーニングの記録を読み込む")
    hr.page.get_by_label("修了日").fill(today().isoformat())
    choose(hr, "受講ログ.csv", "text/csv", log.encode())
    hr.press("読み込んで内容を確かめる")
    cards = [" ".join(one.split()) for one in hr.page.locator(".agano-number").all_inner_texts()]
    assert {"反映する行 1 行", "未修了の行 1 行"} <= set(cards)
    assert "40%" in hr.row(other).inner_text()

    hr.press("この内容で反映する")

    assert "1件の出欠を反映しました。" in hr.banners
    assert [hr.city.count(LEARNED, number) for number in (PERSON, other)] == [1, 0]


# --- Closing, calling off -----------------------------------------------------------------------


def test_an_offering_is_closed_and_reopened_only_with_a_reason(seat):
    hr = seat("hr")
    hr.open(page_of(hr.city, CLOSED))
    hr.follow("締める")
    assert "渡辺　健太" in hr.text, "whose mark is missing"
    hr.follow("未入力の人の出欠を入力する")
    hr.page.get_by_role("button", name="未入力の人をすべて出席にする").click()
    hr.page.locator("dialog").get_by_role("button", name="出席にする").click()
    hr.wait_until_saved()
    hr.follow("この開催回を締める")
    hr.press("この開催回を締める")
    assert "開催回を締めました。" in hr.banners

    hr.open(page_of(hr.city, CLOSED))
    hr.follow("締めを取り消す")
    hr.press("締めを取り消す")
    assert "締めを取り消す理由を入力してください。" in hr.text
    hr.page.get_by_label("締めを取り消す理由").fill("出席簿に書き漏れがあったため。")
    hr.press("締めを取り消す")

    assert "締めを取り消しました。" in hr.banners
    kept = "SELECT reason FROM training_offeringevent WHERE offering_id = ? ORDER BY id"
    events = hr.city.rows(kept, offering_of(hr.city, CLOSED))
    assert events == [("",), ("出席簿に書き漏れがあったため。",)]


def test_a_coming_offering_is_called_off_and_everybody_is_told(seat):
    title = "ＤＸマインド（パーパス）研修"
    hr = seat("hr")
    booked = states(hr.city, title)
    hr.open(page_of(hr.city, title))
    hr.follow("中止にする")
    hr.page.get_by_label("中止の理由").fill("講師の都合のため")
    hr.press("中止にする")

    assert f"知らせる人 {len(booked)}人" in hr.text
    assert "講師の都合のため" in hr.text
    assert set(states(hr.city, title).values()) == {"cancelled"}
    assert hr.on_paper() == 1


# --- Looking over the year, and on paper --------------------------------------------------------


def test_the_plan_the_calendar_and_who_is_missing_go_on_paper(seat):
    hr = seat("hr")
    hr.open("/training/plan/")
    hr.picture("plan", hr.page.locator("main figure").first)
    assert hr.on_paper() >= 2
    hr.open("/training/calendar/")
    hr.picture("calendar", hr.page.locator("main table").first)
    assert hr.on_paper() <= 2

    hr.open("/training/outstanding/")
    hr.picture("outstanding", hr.page.locator("main tbody tr").nth(5))
    hr.follow("所属長への通知を作る")
    units = hr.page.locator(".agano-letter").count()
    assert hr.on_paper() >= units
    hr.open("/training/reminders/")
    hr.picture("reminders", hr.page.locator("main tbody tr").nth(5))
    hr.follow("紙のお知らせを印刷する")
    assert hr.on_paper() >= hr.page.locator(".agano-letters").count() > 1


def test_the_sign_in_sheet_goes_on_paper_with_lines_to_spare(seat):
    hr = seat("hr")
    hr.open(page_of(hr.city, "Excel・表計算スキルアップ"))
    hr.follow("出席簿を印刷する")

    assert hr.on_paper() <= 2
    assert hr.page.locator("main tbody tr").count() > len(
        states(hr.city, "Excel・表計算スキルアップ")
    )
