"""The pages of files with attendance: one plain sentence for what is wrong, nothing typed lost."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import workbook_makers as make
from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    AttendanceUploadFactory,
    CompletionFactory,
    CourseFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.roster_makers import MY_NUMBER, csv_of, everything, workbook
from training.models import Attendance, AttendanceUpload
from training.services.marking import Mark, mark

pytestmark = pytest.mark.django_db

HELD = date(2026, 6, 1)


@pytest.fixture
def offering():
    return OfferingFactory(starts_on=HELD, course=CourseFactory(title="見本研修"))


@pytest.fixture
def browser(client_of, hr):
    return client_of(hr)


def row(number, mark="○", **cells):
    return {"職員番号": number, "氏名": None, "出欠": mark} | cells


def sent(browser, kind, content, name="出席簿.xlsx", **fields):
    return browser.post(
        reverse("training:upload_new", args=[kind]),
        {"file": SimpleUploadedFile(name, content), **fields},
        follow=True,
    )


def loaded(browser, offering, *rows):
    """The upload of a sheet with these rows, and its preview."""
    page = sent(browser, "sheet", workbook(*rows), offering=offering.pk)
    return AttendanceUpload.objects.latest("pk"), page


def act(browser, upload, name, page=None, **fields):
    seen = page.context["seen"] if page is not None else ""
    url = reverse(f"training:upload_{name}", args=[upload.pk])
    return browser.post(url, {"seen": seen, **fields}, follow=True)


def text(page):
    return page.content.decode()


def state(place):
    place.refresh_from_db()
    return place.status


def test_the_whole_way_of_a_sheet(browser, offering):
    first, second = AttendanceFactory.create_batch(2, offering=offering)
    absent_from_file = AttendanceFactory(offering=offering)

    upload, page = loaded(
        browser, offering, row(first.staff.number), row(second.staff.number, "遅")
    )

    assert "まだ反映していません" in text(page)
    assert first.staff.name in text(page)
    assert f"{absent_from_file.staff.number} {absent_from_file.staff.name}" in text(page)
    assert state(first) == "booked"
    done = act(browser, upload, "apply", page)
    assert "2件の出欠を反映しました。" in text(done)
    assert [state(first), state(second), state(absent_from_file)] == ["present", "late", "booked"]


def test_the_same_button_twice_shows_the_first_result(browser, offering):
    place = AttendanceFactory(offering=offering)
    upload, page = loaded(browser, offering, row(place.staff.number))
    act(browser, upload, "apply", page)
    before = everything()

    again = act(browser, upload, "apply", page)

    assert "すでに処理されています。" in text(again)
    assert again.context["upload"].imported == 1
    assert everything() == before


def test_the_same_file_sent_twice_is_one_upload(browser, offering):
    content = workbook(row(AttendanceFactory(offering=offering).staff.number))

    for _ in range(2):
        sent(browser, "sheet", content, offering=offering.pk)

    assert AttendanceUpload.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "値の入ったセルが一つもない"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "Excelブック（.xlsx、.xlsm）でもCSVでもない"),
        (make.ole("Workbook"), "古い形式（.xls）"),
        (make.book(["職員番号", "氏名", "出欠"]), "出席簿に人の行がありません。"),
        (make.book(["買い物", "個数"], ["りんご", 3]), "必要な見出し"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence_and_keeps_what_was_chosen(
    browser, offering, content, words
):
    page = sent(browser, "sheet", content, offering=offering.pk)

    [error] = page.context["form"].errors["file"]
    assert words in error
    assert f'<option value="{offering.pk}" selected>' in text(page)
    assert not AttendanceUpload.objects.exists()


def test_a_form_without_file_or_offering_says_so(browser):
    page = browser.post(reverse("training:upload_new", args=["sheet"]), {})

    assert set(page.context["form"].errors) == {"file", "offering"}


def test_only_offerings_that_can_be_marked_are_offered_and_one_may_come_with_the_link(
    browser, offering
):
    others = [
        OfferingFactory(starts_on=date(2026, 11, 24)),
        OfferingFactory(closed_at=timezone.now()),
        OfferingFactory(cancelled_at=timezone.now()),
    ]
    url = reverse("training:upload_new", args=["sheet"])

    page = text(browser.get(f"{url}?offering={offering.pk}"))

    assert f'<option value="{offering.pk}" selected>令和8年6月1日 見本研修</option>' in page
    assert all(f'value="{one.pk}"' not in page for one in others)


def test_rows_of_nobody_are_decided_on_the_page(browser, offering):
    place, left = AttendanceFactory.create_batch(2, offering=offering)
    upload, page = loaded(browser, offering, row(None, 氏名="だれか"), row("999999"))
    [question, _] = page.context["asked"]
    assert [value for value, _ in question.options] == [
        "",
        "leave_out",
        place.staff.number,
        left.staff.number,
    ]
    assert "反映しました" not in text(act(browser, upload, "apply", page))

    decided = act(
        browser,
        upload,
        "decide",
        page,
        **{"choice-0": "", "number-0": place.staff.number, "choice-1": "leave_out"},
    )

    assert f"{place.staff.name}と決めました。" in text(decided)
    assert "1件の出欠を反映しました。" in text(act(browser, upload, "apply", decided))
    assert [state(place), state(left)] == ["present", "booked"]


@pytest.mark.parametrize("button", ["decide", "apply"])
@pytest.mark.parametrize(
    ("typed", "words"), [("999999", "この職員番号の職員はいません"), ("一郎", "読めません")]
)
def test_a_wrong_number_is_pointed_at_and_stays_as_typed(browser, offering, button, typed, words):
    AttendanceFactory(offering=offering)
    upload, page = loaded(browser, offering, row(None, 氏名="だれか"))

    answer = act(browser, upload, button, page, **{"choice-0": "", "number-0": typed})

    assert answer.status_code == 200
    assert f'value="{typed}"' in text(answer)
    assert "2行目：" in text(answer)
    assert words in text(answer)
    assert not Attendance.objects.exclude(status="booked").exists()


def test_a_conflict_names_who_made_the_mark_and_when(browser, offering, hr, admin):
    place = AttendanceFactory(offering=offering)
    by_hand = [Mark(place.pk, "booked", "absent")]
    mark(offering=offering, marks=by_hand, by=admin, today=TODAY)

    upload, page = loaded(browser, offering, row(place.staff.number))

    assert page.context["pages"]["conflicts"].paginator.count == 1
    assert admin.staff.name in text(page)
    assert "令和8年11月23日 12:00" in text(page)
    kept = act(browser, upload, "apply", page, conflict="0")
    assert "0件の出欠を反映しました。" in text(kept)
    assert state(place) == "absent"


def test_walk_ins_go_in_by_their_answers_and_one_button_takes_them_all(browser, offering):
    members = StaffMemberFactory.create_batch(3)
    upload, page = loaded(browser, offering, *(row(one.number) for one in members))
    shown = {"walk_in": ["0", "1", "2"], "walk_in-0": "stay_out", "walk_in-1": "join"}

    answered = act(browser, upload, "decide", page, **shown)
    all_in = act(browser, upload, "decide", answered, walk_in=["0", "1", "2"], join_all="1")

    assert (page.context["waiting"], answered.context["waiting"]) == (3, 1)
    assert [one.answer for one in answered.context["walk_ins"]] == ["stay_out", "join", ""]
    assert [one.answer for one in all_in.context["walk_ins"]] == ["join"] * 3
    act(browser, upload, "apply", all_in, **shown | {"walk_in-2": "stay_out"})
    assert offering.attendances.get().staff == members[1]


def test_who_is_not_on_the_offering_is_asked_about_and_the_result_tells_who_stayed_out(
    browser, offering
):
    upload, page = loaded(browser, offering, row(StaffMemberFactory().number))

    refused = act(browser, upload, "apply", page, walk_in="0")
    done = act(browser, upload, "apply", refused, walk_in="0", leaves_rest="on")

    assert "決めてほしい行があります。" in text(page)
    assert "1行あります。" in text(refused)
    [left] = done.context["left"]
    assert (left.row, left.mark) == (2, "出席")
    assert "加えるかどうかを決めませんでした。" in text(done)


@pytest.mark.parametrize("button", ["decide", "apply"])
def test_every_other_choice_stays_when_a_number_is_wrong(browser, offering, button):
    late, marked = AttendanceFactory(offering=offering), CompletionFactory(offering=offering)
    stranger = StaffMemberFactory()
    people = [row(None, 氏名=name) for name in ("甲", "乙", "丙")]
    marks = [row(late.staff.number, "△"), row(marked.staff.number, "欠"), row(stranger.number)]
    upload, page = loaded(browser, offering, *people, *marks)
    fields = {"choice-0": "", "number-0": "999999", "choice-1": "leave_out", "number-1": ""}
    fields |= {"choice-2": "", "number-2": stranger.number, "triangle": "left_early"}
    fields |= {"conflict": "4", "tick": "4", "walk_in": "5", "walk_in-5": "stay_out"}

    again = act(browser, upload, button, page, **fields, leaves_rest="on")

    assert [(one.chosen, one.typed) for one in again.context["asked"]] == [
        ("", "999999"),
        ("leave_out", ""),
        ("", stranger.number),
    ]
    shown = text(again)
    assert 'name="triangle" value="left_early" checked' in shown
    assert 'name="walk_in-5" value="stay_out" checked' in shown
    assert re.search(r'name="tick" value="4"[^>]* checked', shown)
    assert re.search(r'name="leaves_rest"[^>]* checked', shown)


def test_what_was_chosen_stays_when_it_is_looked_at_again(browser, offering):
    place = AttendanceFactory(offering=offering)
    upload, page = loaded(browser, offering, row(place.staff.number, "△"), row(None, 氏名="甲"))
    assert 'name="triangle" value="late" checked' in text(page)

    again = act(browser, upload, "decide", page, triangle="left_early", leaves_rest="on")

    assert 'name="triangle" value="left_early" checked' in text(again)
    assert re.search(r'name="leaves_rest"[^>]* checked', text(again))
    assert "早退（△）" in text(again)


def test_a_long_list_of_rows_not_taken_is_leafed_through(browser, offering):
    upload, page = loaded(browser, offering, *(row(None, 氏名=f"だれか{n}") for n in range(60)))
    act(browser, upload, "apply", page, leaves_rest="on")

    second = browser.get(reverse("training:upload_detail", args=[upload.pk]), {"page": 2})

    assert [one.row for one in second.context["left"]] == list(range(52, 62))
    assert "だれか" not in text(second)


def test_a_record_that_changed_since_the_page_is_told_and_nothing_is_written(
    browser, offering, admin
):
    first, second = AttendanceFactory.create_batch(2, offering=offering)
    upload, page = loaded(browser, offering, row(first.staff.number), row(second.staff.number))
    by_hand = [Mark(first.pk, "booked", "absent")]
    mark(offering=offering, marks=by_hand, by=admin, today=TODAY)

    answer = act(browser, upload, "apply", page)

    assert "出欠の記録が変わりました" in text(answer)
    assert [state(first), state(second)] == ["absent", "booked"]
    assert answer.context["pages"]["conflicts"].paginator.count == 1


def test_errors_and_triangles_are_shown_with_what_to_do(browser, offering):
    place = AttendanceFactory(offering=offering)
    upload, page = loaded(
        browser, offering, row(place.staff.number, "△"), row("000102", "寝坊"), row(MY_NUMBER)
    )

    assert "「寝坊」は使えない印です。" in text(page)
    assert MY_NUMBER not in text(page)
    assert page.context["triangles"] == 1
    refused = act(browser, upload, "apply", page, triangle="late")
    assert "2行あります。" in text(refused)
    done = act(browser, upload, "apply", refused, triangle="late", leaves_rest="on")
    assert "1件の出欠を反映しました。" in text(done)
    assert state(place) == "late"


def test_a_history_shows_what_it_makes_and_then_makes_it(browser):
    number = StaffMemberFactory().number
    past = {"研修名": "昔の研修", "研修区分": "知識", "開催日": "R7.7.15", "職員番号": number}

    page = sent(browser, "history", workbook(past | {"出欠": "出席"}), "履歴.xlsx")

    [made] = page.context["made"]
    assert (made.title, made.category, made.people, made.is_new_course) == (
        "昔の研修",
        "知識",
        1,
        True,
    )
    assert "新しい研修" in text(page)
    act(browser, AttendanceUpload.objects.get(), "apply", page)
    assert Attendance.objects.get().offering.course.title == "昔の研修"


def test_a_log_counts_who_has_not_finished_and_takes_the_day_of_the_form(browser):
    numbers = [member.number for member in StaffMemberFactory.create_batch(2)]
    rows = [
        {"職員番号": numbers[0], "コース名": "安全", "状態": "修了"},
        {"職員番号": numbers[1], "コース名": "安全", "状態": "受講中"},
    ]
    fields = {"category": "skill", "completed_on": "R8.5.1"}

    page = sent(browser, "elearning", csv_of(*rows), "記録.csv", **fields)

    assert page.context["unfinished"] == 1
    act(browser, AttendanceUpload.objects.get(), "apply", page)
    place = Attendance.objects.get()
    assert (place.staff.number, place.completed_on) == (numbers[0], date(2026, 5, 1))
    assert place.category == "skill"


def test_whoever_has_not_finished_is_named_in_the_preview(browser):
    member = StaffMemberFactory()
    rows = [
        {"職員番号": member.number, "氏名": None, "メールアドレス": None},
        {"職員番号": None, "氏名": None, "メールアドレス": "mihon@city.example"},
    ]
    log = csv_of(*({**one, "コース名": "安全", "進捗率": "40%"} for one in rows))

    page = sent(browser, "elearning", log, "記録.csv", category="elearning")

    assert f"{member.number} {member.name}" in text(page)
    assert "mihon@city.example" in text(page)


def test_a_log_is_not_completed_tomorrow(browser):
    page = sent(browser, "elearning", b"x", category="skill", completed_on="R8.11.24")

    assert page.context["form"].errors["completed_on"] == [
        "修了日は今日までの日を入力してください。"
    ]


def test_a_dropped_file_changes_nothing_and_says_so(browser, offering):
    place = AttendanceFactory(offering=offering)
    upload, page = loaded(browser, offering, row(place.staff.number))

    answer = act(browser, upload, "discard", page)

    assert "出欠の記録は変わっていません。" in text(answer)
    assert "取りやめた取込です。" in text(
        browser.get(reverse("training:upload_detail", args=[upload.pk]))
    )
    assert state(place) == "booked"


def test_a_name_with_markup_is_shown_as_it_is(browser, offering):
    AttendanceFactory(offering=offering)
    _, page = loaded(browser, offering, row(None, 氏名="<b>だれか</b>"))

    assert "&lt;b&gt;だれか&lt;/b&gt;" in text(page)
    assert "<b>だれか" not in text(page)


def shown_rows(page, name):
    """The places of the rows of a list that are on the screen."""
    return [one.row.index for one in page.context[name]]


def answered(page, *, but=()):
    """What the form of the preview sends when every question on the screen is left out."""
    left_out = {f"choice-{one}": "leave_out" for one in shown_rows(page, "asked")}
    at = {f"at-{name}": one.number for name, one in page.context["pages"].items()}
    return {**left_out, **at, **{f"choice-{place}": "" for place in but}}


def test_every_question_of_a_long_file_can_be_answered(browser, offering):
    place = AttendanceFactory(offering=offering)
    rows = [row(None, 氏名=f"だれか{n}") for n in range(120)]
    upload, page = loaded(browser, offering, *rows)
    assert shown_rows(page, "asked") == list(range(50))

    for first in (50, 100):
        page = act(browser, upload, "decide", page, **answered(page))
        assert shown_rows(page, "asked") == list(range(first, min(first + 50, 120)))
    last = answered(page) | {"choice-119": place.staff.number}
    done = act(browser, upload, "apply", page, **last)

    assert "1件の出欠を反映しました。" in text(done)
    assert state(place) == "present"


def test_a_page_with_an_open_question_stays_until_it_is_answered_or_left(browser, offering):
    upload, page = loaded(browser, offering, *(row(None, 氏名=f"だれか{n}") for n in range(60)))

    stayed = act(browser, upload, "decide", page, **answered(page, but=[7]))
    left = act(browser, upload, "decide", stayed, **answered(stayed, but=[7]), **{"to-asked": 2})
    back = act(browser, upload, "decide", left, **answered(left), **{"to-asked": 1})

    assert [shown_rows(one, "asked")[0] for one in (stayed, left, back)] == [0, 50, 0]
    assert left.redirect_chain[0][0].endswith("#asked")
    assert back.context["waiting"] == 1
    assert [one.chosen for one in back.context["asked"][6:9]] == ["leave_out", "", "leave_out"]


def test_a_wrong_number_on_a_later_page_is_shown_there(browser, offering):
    upload, page = loaded(browser, offering, *(row(None, 氏名=f"だれか{n}") for n in range(60)))
    later = act(browser, upload, "decide", page, **{"to-asked": 2})
    wrong = {"choice-55": "", "number-55": "999999", "at-asked": 2}

    answer = act(browser, upload, "decide", later, **wrong)

    assert shown_rows(answer, "asked") == list(range(50, 60))
    assert "57行目：" in text(answer)
    assert 'value="999999"' in text(answer)


def test_all_of_sixty_walk_ins_can_be_taken_in(browser, offering):
    members = StaffMemberFactory.create_batch(60)
    upload, page = loaded(browser, offering, *(row(one.number) for one in members))

    first = {"walk_in": shown_rows(page, "walk_ins")}
    first |= {f"walk_in-{one}": "join" for one in first["walk_in"]}
    page = act(browser, upload, "decide", page, **first, **{"to-walk_ins": 2})
    rest = {"walk_in": shown_rows(page, "walk_ins"), "at-walk_ins": 2}
    page = act(browser, upload, "decide", page, **rest, join_all="1")
    done = act(browser, upload, "apply", page, **rest)

    assert rest["walk_in"] == shown_rows(page, "walk_ins") == list(range(50, 60))
    assert "60件の出欠を反映しました。" in text(done)
    assert offering.attendances.filter(status="present").count() == 60


def test_a_conflict_on_a_later_page_can_be_decided(browser, offering):
    places = CompletionFactory.create_batch(51, offering=offering)
    upload, _ = loaded(browser, offering, *(row(one.staff.number, "欠") for one in places))
    detail = reverse("training:upload_detail", args=[upload.pk])

    page = browser.get(f"{detail}?conflicts=2")
    act(browser, upload, "apply", page, conflict=["50"], tick=["50"])

    assert shown_rows(page, "conflicts") == [50]
    assert state(places[50]) == "absent"
    assert state(places[0]) == "present"


def test_a_null_sign_in_a_choice_is_not_asked_of_the_database(browser, offering):
    place = AttendanceFactory(offering=offering)
    upload, page = loaded(browser, offering, row(None, 氏名="だれか"))

    act(browser, upload, "apply", page, **{"choice-0": f"{place.staff.number}\0"})

    assert state(place) == "present"


@pytest.mark.parametrize(
    "fields",
    [
        {"choice-0": "\0", "number-0": "\0"},
        {"at-asked": "9" * 5000, "to-asked": "\0", "to-conflicts": "-1"},
        {"choice-0": "none", "number-0": "x" * 5000},
        {"choice-9999": "1", "tick": ["abc", "99999999999"], "walk_in": "77", "conflict": "-1"},
        {"triangle": "present", "seen": "forged"},
    ],
)
def test_forged_fields_change_nothing(browser, offering, fields):
    AttendanceFactory(offering=offering)
    upload, _ = loaded(browser, offering, row(None, 氏名="だれか"))

    for button in ("decide", "apply"):
        assert act(browser, upload, button, **fields).status_code == 200

    assert not Attendance.objects.exclude(status="booked").exists()


def test_long_lists_are_leafed_through_with_what_cannot_go_in_first(browser, hr, offering):
    places = AttendanceFactory.create_batch(60, offering=offering)
    own = AttendanceFactory(offering=offering, staff=hr.staff)

    _, page = loaded(browser, offering, *(row(one.staff.number) for one in (*places, own)))

    assert page.context["page"].paginator.num_pages == 2
    assert page.context["rows"][0].row.member == hr.staff
    assert page.context["refused"] == 1


def queries_of(browser, url):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_the_list_and_the_preview_take_as_many_queries_whatever_their_length(browser, offering):
    few = CompletionFactory.create_batch(2, offering=offering)
    upload, _ = loaded(browser, offering, *(row(one.staff.number, "欠") for one in few))
    detail = reverse("training:upload_detail", args=[upload.pk])
    short = queries_of(browser, reverse("training:upload_list")), queries_of(browser, detail)
    AttendanceUploadFactory.create_batch(10, kind="sheet", offering=offering)
    many = CompletionFactory.create_batch(30, offering=offering)
    unknown = [row(None, 氏名=f"だれか{n}") for n in range(30)]
    upload, _ = loaded(browser, offering, *(row(one.staff.number, "欠") for one in many), *unknown)
    detail = reverse("training:upload_detail", args=[upload.pk])

    assert short == (
        queries_of(browser, reverse("training:upload_list")),
        queries_of(browser, detail),
    )
