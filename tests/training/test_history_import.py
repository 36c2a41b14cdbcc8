"""Training histories and e-learning logs: what comes in, what stays out."""

import json
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agano_dx.lib.issues import Findings
from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    CourseFactory,
    OfferingDayFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.roster_makers import (
    ERROR_VALUE,
    MY_NUMBER,
    book,
    everything,
    listed,
    says_what_to_do,
    sheet,
    table,
    told,
    workbook,
)
from training.imports.elearning import LogOptions, read_elearning
from training.imports.history import read_history
from training.imports.writing import import_attendance
from training.models import (
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    Category,
    Course,
    Mode,
    Offering,
)

pytestmark = pytest.mark.django_db

HELD = date(2025, 7, 15)


@pytest.fixture
def member(db):
    return StaffMemberFactory(number="000101", name="見本　一郎")


def row(number="000101", **cells):
    own = {
        "研修名": "見本研修",
        "研修区分": "DXマインド",
        "開催日": HELD,
        "職員番号": number,
        "氏名": None,
        "出欠": "出席",
        "備考": None,
    }
    return own | cells


def entry(number="000101", **cells):
    own = {"ユーザーID": number, "氏名": None, "コース名": "見本ｅラーニング", "進捗率": "100%"}
    return own | {"修了日時": "2025/12/01 17:08"} | cells


def brought_in(*rows, dry_run=False, by=None):
    found = Findings()
    new = import_attendance(
        rows=read_history(listed(*rows), found), found=found, by=by, today=TODAY, dry_run=dry_run
    )
    return new, found


def logged(*rows, category=Category.ELEARNING):
    found = Findings()
    rows = read_elearning(listed(*rows), LogOptions(category), found)
    return import_attendance(rows=rows, found=found, by=None, today=TODAY, dry_run=False), found


# --- Histories ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "status", "completes"),
    [
        ("出席", AttendanceStatus.PRESENT, True),
        ("○", AttendanceStatus.PRESENT, True),
        ("遅刻", AttendanceStatus.LATE, True),
        ("早退", AttendanceStatus.LEFT_EARLY, False),
        ("欠席", AttendanceStatus.ABSENT, False),
        ("免除", AttendanceStatus.EXCUSED, False),
    ],
)
def test_only_presence_and_lateness_complete(member, written, status, completes):
    new, found = brought_in(row(出欠=written, 備考="午後から"))

    attendance = Attendance.objects.get()
    assert (new, found.errors, found.warnings) == (1, [], [])
    assert (attendance.staff, attendance.status, attendance.note) == (member, status, "午後から")
    assert attendance.completed_on == (HELD if completes else None)
    assert Attendance.objects.completed(date(2026, 3, 31)).exists() is completes


def of_several_days(last):
    """An offering of the course of `row`, which meets on its day and on this one."""
    offering = OfferingFactory(course__title="見本研修", starts_on=HELD, ends_on=last)
    for day in (HELD, last):
        OfferingDayFactory(offering=offering, day=day)
    return offering


def test_who_came_to_a_course_of_several_days_completed_on_the_last_one(member):
    last = date(2025, 7, 29)
    offering = of_several_days(last)

    new, found = brought_in(row())

    assert (new, found.errors) == (1, [])
    assert offering.attendances.get().completed_on == last


def test_a_course_of_several_days_that_still_runs_takes_no_completion(member):
    offering = of_several_days(date(2026, 11, 24))

    new, found = brought_in(row())

    assert new == 0
    assert "令和8年11月24日まで続くため" in found.errors[0].message
    assert not offering.attendances.exists()


def test_the_same_history_twice_adds_nothing(member):
    rows = [row(), row(開催日="R7.8.1"), row(研修名="別の研修", 研修区分="スキル", 出欠="欠席")]
    assert brought_in(*rows)[0] == 3
    before = everything()

    new, found = brought_in(*rows)

    assert (new, found.errors, found.warnings) == (0, [], [])
    assert everything() == before


def test_a_row_written_twice_in_one_file_is_added_once(member):
    assert brought_in(row(), row())[0] == 1
    assert Attendance.objects.count() == 1


def test_courses_and_offerings_are_made_once(member):
    StaffMemberFactory(number="000102")
    known = OfferingFactory(
        course=CourseFactory(title="既にある研修"), starts_on=HELD, venue="会議室"
    )

    brought_in(
        *(row(number) for number in ("000101", "000102")),
        row(研修区分="スキル"),
        row(開催日="R7.9.1"),
        row(研修名="既にある研修"),
        row(研修名="実地", 研修区分="OJT"),
    )

    assert sorted(Course.objects.values_list("title", "category")) == [
        ("実地", "ojt"),
        ("既にある研修", "mind"),
        ("見本研修", "mind"),
        ("見本研修", "skill"),
    ]
    assert Offering.objects.count() == 5
    assert known.attendances.count() == 1
    shared = Offering.objects.get(course__title="見本研修", course__category="mind", starts_on=HELD)
    assert shared.attendances.count() == 2
    assert (shared.ends_on, shared.mode) == (HELD, Mode.CLASSROOM)
    assert Offering.objects.get(course__title="実地").mode == Mode.OJT


def test_a_row_that_contradicts_what_is_recorded_stays_out_with_a_warning(member):
    offering = OfferingFactory(course=CourseFactory(title="見本研修"), starts_on=HELD)
    recorded = AttendanceFactory(offering=offering, staff=member, status=AttendanceStatus.ABSENT)

    new, found = brought_in(row(), row(開催日="R7.8.1"))

    assert new == 1
    [warning] = found.warnings
    assert (warning.row, warning.value) == (2, "出席")
    assert "登録済みの出欠（欠席）と違います" in warning.message
    assert says_what_to_do(warning.message)
    recorded.refresh_from_db()
    assert (recorded.status, recorded.completed_on) == (AttendanceStatus.ABSENT, None)


def test_rows_of_one_file_that_contradict_each_other_are_asked_after(member):
    new, found = brought_in(row(), row(出欠="欠席"))

    assert new == 1
    assert Attendance.objects.get().status == AttendanceStatus.PRESENT
    assert "登録済みの出欠（出席）と違います" in found.warnings[0].message


def test_another_persons_name_is_asked_after(member):
    new, found = brought_in(row(氏名="別人　花子"), row(氏名="見本一郎", 開催日="R7.8.1"))

    assert new == 2
    [warning] = found.warnings
    assert warning.value == "別人　花子"
    assert says_what_to_do(warning.message)


@pytest.mark.parametrize(
    ("cells", "column", "part"),
    [
        ({"職員番号": "999999"}, "", "この職員番号の職員はいません"),
        ({"職員番号": None}, "", "職員番号が空欄です"),
        ({"職員番号": MY_NUMBER}, "D", "マイナンバー"),
        ({"備考": MY_NUMBER}, "G", "マイナンバー"),
        ({"開催日": "R7.2.30"}, "C", "暦にない日付"),
        ({"開催日": None}, "", "開催日が空欄です"),
        ({"研修区分": "宇宙"}, "B", "「宇宙」は使えない言葉です"),
        ({"出欠": "寝坊"}, "F", "「寝坊」は使えない言葉です"),
        ({"研修名": None}, "", "研修名がありません"),
        ({"研修名": "研" * 101}, "A", "研修名が長すぎます"),
        ({"研修名": ERROR_VALUE}, "A", "エラー値"),
        ({"備考": ERROR_VALUE}, "G", "エラー値"),
    ],
)
def test_a_bad_row_is_pointed_at_and_nothing_is_written(member, cells, column, part):
    before = everything()

    new, found = brought_in(row(), row(**cells))

    assert new == 0
    [error] = found.errors
    assert part in error.message
    assert (error.row, error.column) == (3, column)
    assert error.message.endswith("。")
    assert MY_NUMBER not in error.value
    assert everything() == before


def test_every_sheet_with_a_table_is_read(member):
    found = Findings()
    roster = book(
        sheet(["凡例"], name="凡例"),
        sheet(*table(row()), name="7月"),
        sheet(*table(row(開催日="R7.8.1")), name="8月"),
    )

    assert [(one.sheet, one.starts_on.month) for one in read_history(roster, found)] == [
        ("7月", 7),
        ("8月", 8),
    ]


def test_a_dry_run_counts_and_writes_nothing(member):
    before = everything()

    new, _ = brought_in(row(), dry_run=True)

    assert new == 1
    assert everything() == before


def test_each_attendance_leaves_its_trail(member, admin):
    brought_in(row(), row(開催日="R7.8.1", 出欠="欠席"), by=admin)

    content_type = ContentType.objects.get_for_model(Attendance)
    trail = LogEntry.objects.filter(content_type=content_type)
    assert {entry.actor for entry in trail} == {admin}
    assert sorted(entry.changes["status"][1] for entry in trail) == ["absent", "present"]
    assert sorted(AttendanceChange.objects.values_list("old", "new", "by", "reason")) == [
        ("", "absent", admin.pk, "一括取込"),
        ("", "present", admin.pk, "一括取込"),
    ]


# --- E-learning ---------------------------------------------------------------------------------


def test_completions_of_a_year_stand_on_one_offering_of_that_year(member):
    StaffMemberFactory(number="000102")

    new, found = logged(
        entry(),
        entry("000102", 修了日時="2026/3/31 23:59"),
        entry("000102", 修了日時="2026/4/1 0:00"),
    )

    assert (new, found.errors, found.warnings) == (3, [], [])
    spring, after = Offering.objects.order_by("starts_on")
    assert (spring.starts_on, spring.ends_on) == (date(2025, 4, 1), date(2026, 3, 31))
    assert (spring.mode, spring.course.category) == (Mode.ON_DEMAND, Category.ELEARNING)
    assert after.starts_on == date(2026, 4, 1)
    assert sorted(spring.attendances.values_list("completed_on", flat=True)) == [
        date(2025, 12, 1),
        date(2026, 3, 31),
    ]
    assert Course.objects.count() == 1


def test_a_course_not_finished_stays_out_with_a_warning(member):
    new, found = logged(entry(), entry("000102", 進捗率="40%", 修了日時=None))

    assert new == 1
    assert not found.errors
    [warning] = found.warnings
    assert (warning.row, warning.value) == (3, "40%")
    assert "まだ修了していません（40%）" in warning.message


def test_a_log_may_belong_to_another_category(member):
    logged(entry(), category=Category.KNOWLEDGE)

    assert Course.objects.get().category == Category.KNOWLEDGE


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({"ユーザーID": "999999"}, "この職員番号の職員はいません"),
        ({"コース名": None}, "研修名がありません"),
        ({"コース名": ERROR_VALUE}, "エラー値"),
        ({"修了日時": "去年"}, "日付として読めません"),
    ],
)
def test_a_bad_line_of_a_log_is_pointed_at_and_nothing_is_written(member, cells, part):
    before = everything()

    new, found = logged(entry(), entry(**cells))

    assert new == 0
    [error] = found.errors
    assert part in error.message
    assert everything() == before


# --- Commands -----------------------------------------------------------------------------------


def test_the_commands_tell_what_they_did(member, tmp_path):
    history, log = tmp_path / "履歴.xlsx", tmp_path / "ログ.csv"
    history.write_bytes(workbook(row(), row(開催日="R7.8.1")))
    log.write_bytes(
        "ユーザーID,コース名,進捗率,修了日時\r\n000101,初級,100%,2025/12/01 17:08\r\n".encode(
            "cp932"
        )
    )

    dry = told("import_history", history, "--dry-run")
    first = told("import_history", history)
    again = told("import_history", history)
    logged = told("import_elearning", log, "--category=knowledge")

    shape = {"file": "履歴.xlsx", "warnings": [], "errors": []}
    assert dry == (0, {**shape, "applied": False, "imported": 2})
    assert first == (0, {**shape, "applied": True, "imported": 2})
    assert again == (0, {**shape, "applied": True, "imported": 0})
    assert logged[1] == {**shape, "file": "ログ.csv", "applied": True, "imported": 1}
    assert Attendance.objects.filter(category="knowledge").count() == 1


def test_a_refused_history_ends_with_one_and_writes_nothing(member, tmp_path):
    path = tmp_path / "履歴.xlsx"
    path.write_bytes(workbook(row(), row("999999"), row(備考=MY_NUMBER)))
    before = everything()

    code, answer = told("import_history", path)

    assert (code, answer["applied"], answer["imported"]) == (1, False, 0)
    assert len(answer["errors"]) == 2
    assert MY_NUMBER not in json.dumps(answer)
    assert everything() == before


@pytest.mark.parametrize("command", ["import_history", "import_elearning"])
def test_a_missing_file_is_a_usage_error(db, tmp_path, command):
    with pytest.raises(CommandError) as refused:
        call_command(command, str(tmp_path / "ない.xlsx"))

    assert refused.value.returncode == 2


# --- Many ---------------------------------------------------------------------------------------


def queries_for(numbers, day):
    found = Findings()
    rows = read_history(listed(*(row(number, 開催日=day) for number in numbers)), found)
    with CaptureQueriesContext(connection) as captured:
        import_attendance(rows=rows, found=found, by=None, today=TODAY, dry_run=False)
    return len(captured)


def test_two_hundred_rows_take_as_many_queries_as_ten(db):
    members = [member.number for member in StaffMemberFactory.create_batch(200)]
    queries_for(members[:1], "R7.5.1")

    few = queries_for(members[:10], "R7.6.1")
    many = queries_for(members, "R7.7.1")

    assert few == many
    assert Attendance.objects.count() == 211
