"""Sign-in sheets: what marks mean, whom rows mean, what the command does with them."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    FrozenYearFactory,
    OfferingDayFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.roster_makers import (
    ERROR_VALUE,
    MY_NUMBER,
    book,
    csv_of,
    everything,
    listed,
    sheet,
    told,
    workbook,
)
from training.imports.held import Held
from training.imports.lines import TRIANGLE
from training.imports.people import Directory
from training.imports.plan import Outcome, World, plan
from training.imports.sheets import read_sheet
from training.imports.writing import import_sheet
from training.models import AttendanceChange, Offering

HELD = date(2026, 6, 1)


def row(number="000101", mark="○", **cells):
    return {"職員番号": number, "氏名": None, "出欠": mark} | cells


def read(*rows, **kwargs):
    found = Findings()
    return read_sheet(listed(*rows, **kwargs), found), found


def meant(mark, heading="出欠"):
    """The state and reason a mark stands for; the error's words where it cannot be read."""
    (lines), found = read({"職員番号": "000101", "氏名": "見本　一郎", heading: mark, "備考": "x"})
    return (lines[0].status, lines[0].reason) if lines else found.errors[0].message


# --- Marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "status", "reason"),
    [
        ("○ 〇 ◯ ◎ ✓ ✔ ☑ 出 出席 参加 受講 済 レ TRUE", "present", ""),
        ("遅 遅刻", "late", ""),
        ("早 早退", "left_early", ""),
        ("× ✕ ✖ ☓ 欠 欠席 x ｘ", "absent", ""),
        ("△ ▲", TRIANGLE, ""),
        ("免 免除", "excused", ""),
        ("公務 公欠 出張 欠席（公務）", "notified", "duty"),
        ("休暇 年休 欠(休暇)", "notified", "holiday"),
        ("欠席届", "notified", "other"),
        ("－ ー FALSE □", "", ""),
    ],
)
def test_each_mark_means_one_state(marks, status, reason):
    assert {mark: meant(mark) for mark in marks.split()} == dict.fromkeys(
        marks.split(), (status, reason)
    )


@pytest.mark.parametrize(("tick", "status"), [(True, "present"), (False, "")])
def test_a_tick_box_of_excel_is_a_mark(tick, status):
    assert meant(tick) == (status, "")


@pytest.mark.parametrize("heading", ["出席", "受付", "署名", "サイン", "出欠確認", "受講状況"])
def test_the_column_of_marks_has_many_names(heading):
    assert meant("○", heading) == ("present", "")


def test_people_sign_with_their_name():
    assert meant("見本", "署名") == ("present", "")
    assert meant("見本一郎", "署名") == ("present", "")
    assert "「別人」は使えない印です" in meant("別人", "署名")


@pytest.mark.parametrize("mark", ["寝坊", "3", "◇", "?"])
def test_a_mark_nobody_knows_is_an_error_with_what_to_do(mark):
    lines, found = read(row(mark=mark))

    [error] = found.errors
    assert lines == []
    assert (error.sheet, error.row, error.column, error.value) == ("名簿", 2, "C", mark)
    assert error.message.endswith("直してください。")


def test_states_may_stand_in_columns_of_their_own():
    own = {"氏名": "見本", "出席": None, "遅刻": None, "早退": None, "欠席": None}

    lines, found = read(
        own | {"出席": "○"}, own | {"遅刻": "○"}, own | {"早退": "✓"}, own | {"欠席": "○"}, own
    )

    assert [line.status for line in lines] == ["present", "late", "left_early", "absent", ""]
    assert not found.errors


def test_who_signed_and_is_marked_late_was_late_and_who_is_marked_absent_is_asked_after():
    late, absent = row(mark="遅", 署名="○"), row(mark="欠", 署名="○")

    lines, found = read(late, absent)

    assert [line.status for line in lines] == ["late"]
    assert "印が2つ以上" in found.errors[0].message


def test_titles_totals_notes_and_repeated_headings_are_no_people():
    heading = ["No.", "職員番号", "氏名", "出欠"]
    found = Findings()

    lines = read_sheet(
        book(
            sheet(
                ["令和8年度 DX研修 出席簿"],
                ["会場：第1会議室"],
                [],
                heading,
                [1, "000101", "見本　一郎", "○"],
                [],
                heading,
                [2, "000102", "見本　二郎", "×"],
                ["合計", None, None, 2],
                ["※途中退室は早"],
            )
        ),
        found,
    )

    assert [(line.number, line.row) for line in lines] == [("000101", 5), ("000102", 8)]
    assert not found.errors


def test_a_my_number_is_neither_kept_nor_shown():
    lines, found = read(row(MY_NUMBER), row(備考=f"番号 {MY_NUMBER} の人"), row(備考=MY_NUMBER))

    assert MY_NUMBER not in f"{lines}{found}"
    assert [error.row for error in found.errors] == [2, 4]


def test_an_error_value_is_pointed_at():
    lines, found = read(row(mark=ERROR_VALUE))

    assert lines == []
    assert "エラー値" in found.errors[0].message


def test_a_sheet_without_people_is_refused_in_one_sentence():
    with pytest.raises(DomainError, match="出席簿に人の行がありません。"):
        read_sheet(book(sheet(["職員番号", "氏名", "出欠"])), Findings())


# --- People -------------------------------------------------------------------------------------


@pytest.fixture
def offering(db):
    return OfferingFactory(starts_on=HELD)


def booked(offering, number, **facts):
    return AttendanceFactory(offering=offering, staff=StaffMemberFactory(number=number, **facts))


def planned(offering, *rows, by=None, today=date(2026, 6, 2)):
    lines, found = read(*rows)
    assert not found.errors
    world = World(Directory(lines), Held.of_offering(offering), by, today)
    return plan(lines, world)


def outcomes(offering, *rows, **kwargs):
    return [one.outcome for one in planned(offering, *rows, **kwargs)]


def named(name, mark="○", **cells):
    return {"職員番号": None, "氏名": name, "出欠": mark} | cells


@pytest.mark.parametrize(
    "cells",
    [
        {"職員番号": "000101"},
        {"職員番号": "０００１０１"},
        {"職員番号": "000101", "氏名": "髙橋一郎"},
        {"職員番号": "000101", "氏名": "髙橋"},
        {"職員番号": 101, "氏名": "高橋　一郎"},
        {"氏名": "髙橋　一郎"},
        {"氏名": "高橋 一郎"},
        {"氏名": "タカハシ イチロウ"},
        {"氏名": None, "フリガナ": "たかはし　いちろう"},
        {"氏名": None, "フリガナ": "ﾀｶﾊｼｲﾁﾛｳ"},
    ],
)
def test_people_are_found_by_number_name_or_reading(offering, cells):
    place = booked(offering, "000101", name="髙橋　一郎", name_kana="タカハシ イチロウ")

    [one] = planned(offering, {"職員番号": None, "氏名": None, "出欠": "○"} | cells)

    assert (one.member, one.outcome) == (place.staff, Outcome.WRITE)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"職員番号": "999999", "氏名": "見本　花子"}, "この職員番号の職員はいません"),
        ({"職員番号": "000101", "氏名": "見本　花子"}, "登録されている氏名と違います"),
        ({"職員番号": None, "氏名": "佐藤　太郎"}, "同じ氏名の職員が2人います"),
        ({"職員番号": None, "氏名": "知らない　人"}, "この氏名の職員はいません"),
        ({"職員番号": 101, "氏名": None}, "少し違います"),
        ({"職員番号": "000109", "氏名": None}, "在職していません"),
    ],
)
def test_whoever_is_in_doubt_is_asked_after(offering, cells, words):
    booked(offering, "000101", name="髙橋　一郎")
    booked(offering, "000102", name="佐藤　太郎")
    StaffMemberFactory(number="000103", name="佐藤　太郎")
    StaffMemberFactory(number="000109", left_on=date(2026, 5, 31))

    one, _ = planned(offering, {"出欠": "○"} | cells, row("000102"))

    assert one.outcome == Outcome.ASKED
    assert words in one.words
    assert one.words.endswith("ください。")


def test_namesakes_who_left_are_not_asked_after(offering):
    place = booked(offering, "000102", name="佐藤　太郎")
    StaffMemberFactory(number="000103", name="佐藤　太郎", left_on=date(2020, 3, 31))

    assert planned(offering, named("佐藤太郎"))[0].member == place.staff


def test_a_column_of_running_numbers_is_no_column_of_staff_numbers(offering):
    first, second = booked(offering, "000101", name="甲　一"), booked(offering, "2", name="乙　二")
    rows = [
        {"No.": number, "氏名": name, "出欠": "○"}
        for number, name in ((1, first.staff.name), (7, second.staff.name))
    ]

    assert [one.member for one in planned(offering, *rows)] == [first.staff, second.staff]


def test_the_number_may_stand_under_no(offering):
    place = booked(offering, "000101")

    assert planned(offering, {"No.": "000101", "出欠": "○"})[0].member == place.staff


def test_what_becomes_of_a_row_follows_from_the_record(offering):
    booked(offering, "000101")
    CompletionFactory(offering=offering, staff__number="000102")
    AttendanceFactory(offering=offering, staff__number="000103", status="waiting")
    AttendanceFactory(offering=offering, staff__number="000104", status="cancelled")
    AttendanceFactory(offering=offering, staff__number="000105", status="notified")
    StaffMemberFactory(number="000106")
    numbers = [f"00010{n}" for n in range(1, 7)]

    assert outcomes(offering, *(row(number) for number in numbers)) == [
        Outcome.WRITE,
        Outcome.SAME,
        Outcome.WALK_IN,
        Outcome.WALK_IN,
        Outcome.CONFLICT,
        Outcome.WALK_IN,
    ]
    assert outcomes(offering, *(row(number, "×") for number in numbers))[1:5:3] == [
        Outcome.CONFLICT,
        Outcome.SAME,
    ]
    assert set(outcomes(offering, *(row(number, "－") for number in numbers))) == {Outcome.BLANK}


def test_two_rows_of_one_person_are_one_or_asked_after(offering):
    booked(offering, "000101")

    assert outcomes(offering, row(), row()) == [Outcome.WRITE, Outcome.SAME]
    assert outcomes(offering, row(), row(mark="欠")) == [Outcome.DOUBLED, Outcome.DOUBLED]


def test_nobody_marks_themself_by_a_file(offering, hr):
    AttendanceFactory(offering=offering, staff=hr.staff)

    [one] = planned(offering, row(hr.staff.number), by=hr)

    assert one.outcome == Outcome.REFUSED
    assert "自分の出欠は" in one.words


LAST = date(2026, 6, 15)


@pytest.fixture
def course_of_days(db):
    """It meets on two days, a fortnight apart."""
    offering = OfferingFactory(starts_on=HELD, ends_on=LAST)
    for day in (HELD, LAST):
        OfferingDayFactory(offering=offering, day=day)
    return offering


@pytest.mark.parametrize("today", [HELD, date(2026, 6, 14)])
def test_nobody_completes_before_the_last_of_several_days(course_of_days, today):
    for number in ("000101", "000102", "000103"):
        booked(course_of_days, number)
    StaffMemberFactory(number="000109")
    marks = {"000101": "○", "000102": "遅", "000103": "欠", "000109": "○"}

    rows = planned(course_of_days, *(row(*one) for one in marks.items()), today=today)

    assert [one.outcome for one in rows] == [
        Outcome.REFUSED,
        Outcome.REFUSED,
        Outcome.WRITE,
        Outcome.REFUSED,
    ]
    assert rows[0].words == (
        "この開催回は令和8年6月15日まで続くため、出席と遅刻は最終日から取り込んでください。"
    )


def test_from_the_last_of_several_days_on_people_complete_on_that_day(course_of_days):
    place = booked(course_of_days, "000101")
    lines, found = read(row())

    import_sheet(
        offering=course_of_days,
        rows=lines,
        found=found,
        ticked=(),
        today=date(2026, 6, 20),
        dry_run=False,
    )

    place.refresh_from_db()
    assert (place.status, place.completed_on) == ("present", LAST)


def test_the_sheet_of_a_running_course_takes_as_many_queries_whatever_its_length(course_of_days):
    places = AttendanceFactory.create_batch(20, offering=course_of_days)
    captured = []
    for count in (2, 20):
        fresh = Offering.objects.select_related("course").get()
        with CaptureQueriesContext(connection) as asked:
            rows = planned(fresh, *(row(one.staff.number) for one in places[:count]))
        captured.append(len(asked))
        assert {one.outcome for one in rows} == {Outcome.REFUSED}

    assert captured[0] == captured[1]


# --- The command --------------------------------------------------------------------------------


def brought_in(path, offering, *options):
    return told("import_attendance", path, f"--offering={offering.pk}", *options)


@pytest.fixture
def file(tmp_path):
    def write(*rows):
        path = tmp_path / "出席簿.xlsx"
        path.write_bytes(workbook(*rows, title="出席簿"))
        return path

    return write


def states(offering):
    places = offering.attendances.order_by("staff__number")
    return list(places.values_list("status", "completed_on", "absence_reason"))


def test_the_command_marks_everybody_once_and_leaves_the_trail(offering, file):
    for number in ("000101", "000102", "000103", "000104"):
        booked(offering, number)
    path = file(row(), row("000102", "遅"), row("000103", "休暇"), row("000104", None))

    dry = brought_in(path, offering, "--dry-run")
    untouched = states(offering)
    first = brought_in(path, offering)
    trail = AttendanceChange.objects.count()
    again = brought_in(path, offering)

    shape = {"file": "出席簿.xlsx", "warnings": [], "errors": []}
    assert dry == (0, {**shape, "applied": False, "imported": 3})
    assert {status for status, _, _ in untouched} == {"booked"}
    assert first == (0, {**shape, "applied": True, "imported": 3})
    assert again == (0, {**shape, "applied": True, "imported": 0})
    assert states(offering) == [
        ("present", HELD, ""),
        ("late", HELD, ""),
        ("notified", None, "holiday"),
        ("booked", None, ""),
    ]
    assert trail == AttendanceChange.objects.count() == 3
    assert set(AttendanceChange.objects.values_list("old", "reason")) == {
        ("booked", "出席簿の取込")
    }


def test_a_csv_of_an_old_system_is_read_too(offering, tmp_path):
    booked(offering, "000101", name="髙橋　一郎")
    path = tmp_path / "出席簿.csv"
    path.write_bytes(csv_of({"番号": "000101", "氏名": "髙橋　一郎", "出欠": "○"}))

    assert brought_in(path, offering)[1]["imported"] == 1


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([row("000109")], "受講者ではありません"),
        ([row("999999")], "この職員番号の職員はいません"),
        ([row(mark="△")], "遅刻か早退か"),
        ([row(mark="寝坊")], "使えない印です"),
        ([row(), row(mark="欠")], "同じ職員の行が2つ"),
    ],
)
def test_the_command_writes_nothing_while_anything_is_open(offering, file, rows, part):
    booked(offering, "000101")
    booked(offering, "000102")
    StaffMemberFactory(number="000109")
    path, before = file(row("000102"), *rows), everything()

    code, answer = brought_in(path, offering)

    assert (code, answer["applied"], answer["imported"]) == (1, False, 0)
    assert part in answer["errors"][0]["message"]
    assert everything() == before


def test_walk_ins_and_triangles_go_in_when_the_command_says_how(offering, file):
    booked(offering, "000101")
    StaffMemberFactory(number="000109")
    path = file(row(mark="△"), row("000109"))

    code, answer = brought_in(path, offering, "--walk-ins", "--triangle=left_early")

    assert (code, answer["imported"]) == (0, 2)
    assert states(offering) == [("left_early", None, ""), ("present", HELD, "")]


def test_the_command_never_overwrites_a_mark(offering, file):
    CompletionFactory(offering=offering, staff__number="000101")

    code, answer = brought_in(file(row(mark="欠")), offering, "--walk-ins")

    assert (code, answer["imported"]) == (0, 0)
    assert "登録済みの出欠（出席）と違います" in answer["warnings"][0]["message"]
    assert states(offering) == [("present", HELD, "")]


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        ({"starts_on": date(2026, 11, 24)}, "開催日の前"),
        ({"closed_at": "2026-06-02T00:00Z"}, "締め済み"),
        ({"cancelled_at": "2026-06-02T00:00Z"}, "中止"),
        ({}, "確定済み"),
    ],
)
def test_an_offering_that_cannot_be_marked_is_refused_in_words(db, file, facts, part):
    offering = OfferingFactory(**{"starts_on": HELD, **facts})
    booked(offering, "000101")
    if not facts:
        FrozenYearFactory(fiscal_year=2026)

    code, answer = brought_in(file(row()), offering)

    assert code == 1
    assert part in answer["errors"][0]["message"]
    assert states(offering) == [("booked", None, "")]


def test_an_offering_nobody_knows_is_a_usage_error(db, file):
    with pytest.raises(CommandError) as refused:
        call_command("import_attendance", str(file(row())), "--offering=987654")

    assert refused.value.returncode == 2


def queries_for(count):
    offering = OfferingFactory(starts_on=HELD)
    places = AttendanceFactory.create_batch(count, offering=offering)
    lines, found = read(*(row(place.staff.number) for place in places))
    with CaptureQueriesContext(connection) as captured:
        import_sheet(
            offering=offering, rows=lines, found=found, ticked=(), today=HELD, dry_run=False
        )
    assert {status for status, _, _ in states(offering)} == {"present"}
    return len(captured)


def test_two_hundred_rows_take_as_many_queries_as_ten(db):
    queries_for(1)

    assert queries_for(10) == queries_for(200)
