"""E-learning logs: systems of which no two look alike, and where their completions belong."""

from datetime import date

import pytest

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Cell, read_workbook
from tests.conftest import TODAY
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    CourseFactory,
    FrozenYearFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from tests.roster_makers import csv_of, everything, listed
from training.imports.elearning import LogOptions, read_elearning
from training.imports.lines import UNFINISHED
from training.imports.writing import import_attendance
from training.models import Attendance, Category, Mode, Offering

DONE = date(2025, 12, 1)


def read(*rows, **options):
    found = Findings()
    lines = read_elearning(listed(*rows), LogOptions(Category.ELEARNING, **options), found)
    return lines, found


def percent(value):
    """A cell that Excel shows as a percentage."""
    return Cell(1, 1, value, "0%")


# Seven invented systems. Each row: finished, then one that is not.
LAYOUTS = {
    "completion time and progress": [
        {
            "ユーザーID": "000101",
            "コース名": "安全",
            "進捗率": "100%",
            "修了日時": "2025/12/01 17:08",
        },
        {"ユーザーID": "000102", "コース名": "安全", "進捗率": "40%", "修了日時": None},
    ],
    "state and last visit": [
        {"ログインID": "000101", "講座名": "安全", "状態": "修了", "最終アクセス日": "R7.12.1"},
        {"ログインID": "000102", "講座名": "安全", "状態": "受講中", "最終アクセス日": "R7.12.2"},
    ],
    "pass or fail": [
        {"受講者番号": "000101", "教材名": "安全", "合否": "合格", "受講日": DONE},
        {"受講者番号": "000102", "教材名": "安全", "合否": "不合格", "受講日": DONE},
    ],
    "progress as Excel shows it": [
        {"職員番号": "000101", "コース": "安全", "進捗": percent(1.0), "最終学習日": DONE},
        {"職員番号": "000102", "コース": "安全", "進捗": percent(0.996), "最終学習日": DONE},
    ],
    "progress as a bare number": [
        {"職員コード": "000101", "科目名": "安全", "達成率": 100, "学習日": DONE},
        {"職員コード": "000102", "科目名": "安全", "達成率": 1, "学習日": DONE},
    ],
    "progress from 0 to 1": [
        {"社員番号": "000101", "研修名": "安全", "進捗度": "1.0", "最終受講日": DONE},
        {"社員番号": "000102", "研修名": "安全", "進捗度": "0.5", "最終受講日": DONE},
    ],
    "by name and address, in English": [
        {"name": "見本　一郎", "email": "A@example.jp", "course": "安全", "status": "Completed"}
        | {"completed at": "2025-12-01"},
        {"name": "見本　二郎", "email": "b@example.jp", "course": "安全", "status": "In Progress"}
        | {"completed at": None},
    ],
}


@pytest.fixture
def people(db):
    return [
        StaffMemberFactory(number="000101", name="見本　一郎", email="a@example.jp"),
        StaffMemberFactory(number="000102", name="見本　二郎", email="b@example.jp"),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_system_tells_who_completed_what_and_when(people, layout):
    lines, found = read(*LAYOUTS[layout])

    new = import_attendance(rows=lines, found=found, by=None, today=TODAY, dry_run=False)

    assert (new, found.errors) == (1, [])
    assert [line.status for line in lines] == ["present", UNFINISHED]
    assert "まだ修了していません" in found.warnings[0].message
    place = Attendance.objects.get()
    assert (place.staff, place.status, place.completed_on) == (people[0], "present", DONE)
    assert place.offering.course.title == "安全"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_system_twice_adds_nothing(people, layout):
    lines, found = read(*LAYOUTS[layout])
    import_attendance(rows=lines, found=found, by=None, today=TODAY, dry_run=False)
    before = everything()

    assert import_attendance(rows=lines, found=Findings(), by=None, today=TODAY, dry_run=False) == 0
    assert everything() == before


def test_a_system_that_writes_csv_in_cp932_is_read(people):
    data = csv_of({"受講者ID": "000101", "氏名": "見本　一郎", "講座": "安全", "修了日": "R7.12.1"})

    lines = read_elearning(
        read_workbook(data, "記録.csv"), LogOptions(Category.ELEARNING), Findings()
    )

    assert [(line.number, line.completed_on) for line in lines] == [("000101", DONE)]


def test_family_and_given_name_may_stand_apart(people):
    row = {"姓": "見本", "名": "一郎", "コース名": "安全", "修了日": DONE}
    lines, found = read(row)

    assert import_attendance(rows=lines, found=found, by=None, today=TODAY, dry_run=False) == 1
    assert Attendance.objects.get().staff == people[0]


def test_numbers_of_the_other_system_are_not_taken_for_staff_numbers(people):
    row = {"ID": 7, "氏名": "見本　一郎", "コース名": "安全", "修了日": DONE}
    lines, found = read(row)

    assert import_attendance(rows=lines, found=found, by=None, today=TODAY, dry_run=False) == 1
    assert Attendance.objects.get().staff == people[0]


# --- What the file does not say -----------------------------------------------------------------


def finished(**cells):
    return {"職員番号": "000101", "コース名": "安全", "状態": "修了", "修了日": None} | cells


def test_a_completion_without_a_day_takes_the_day_of_the_form_or_is_an_error():
    lines, _ = read(finished(), completed_on=DONE)
    none, found = read(finished())

    assert [line.completed_on for line in lines] == [DONE]
    assert none == []
    assert "修了日がありません" in found.errors[0].message


def test_a_log_of_one_course_needs_no_column_of_courses(db):
    course = CourseFactory(title="安全", category=Category.KNOWLEDGE)
    row = {"職員番号": "000101", "修了日": DONE}

    lines, _ = read(row, course=course)

    assert [(line.title, line.category) for line in lines] == [("安全", "knowledge")]
    with pytest.raises(DomainError, match="コース名"):
        read(row)


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({"状態": "なぞ"}, "状態「なぞ」は読めません"),
        ({"修了日": "去年"}, "日付として読めません"),
        ({"修了日": DONE, "コース名": None}, "研修名がありません"),
        ({"修了日": DONE, "職員番号": "101!"}, "職員番号として読めません"),
    ],
)
def test_a_line_that_cannot_be_read_is_pointed_at(cells, part):
    lines, found = read(finished(修了日=DONE, 職員番号="000102"), finished(**cells))

    [error] = found.errors
    assert [line.number for line in lines] == ["000102"]
    assert (error.sheet, error.row) == ("名簿", 3)
    assert part in error.message
    assert error.message.endswith("。")


def test_who_failed_has_not_completed_although_a_day_stands_there():
    lines, _ = read(finished(状態="不合格", 修了日=DONE))

    assert [line.status for line in lines] == [UNFINISHED]


# --- Where completions belong -------------------------------------------------------------------


def taken(*rows):
    lines, found = read(*rows)
    return import_attendance(rows=lines, found=found, by=None, today=TODAY, dry_run=False), found


def test_a_booked_person_is_marked_on_the_offering_open_that_day(people):
    course = CourseFactory(title="安全", category=Category.ELEARNING)
    offering = OfferingFactory(
        course=course,
        mode=Mode.ON_DEMAND,
        starts_on=date(2025, 11, 1),
        ends_on=date(2025, 12, 28),
    )
    place = AttendanceFactory(offering=offering, staff=people[0])

    new, _ = taken(finished(修了日=DONE), finished(修了日=DONE, 職員番号="000102"))

    assert new == 2
    place.refresh_from_db()
    assert (place.status, place.completed_on) == ("present", DONE)
    assert [(change.old, change.new) for change in place.changes.all()] == [("booked", "present")]
    assert offering.attendances.count() == 2
    assert Offering.objects.count() == 1


def test_a_completion_recorded_on_the_years_offering_is_not_added_to_a_later_one(people):
    taken(finished(修了日=DONE))
    course = Offering.objects.get().course
    OfferingFactory(
        course=course,
        mode=Mode.ON_DEMAND,
        starts_on=date(2025, 11, 1),
        ends_on=date(2025, 12, 28),
    )

    assert taken(finished(修了日=DONE))[0] == 0
    assert Attendance.objects.count() == 1


def test_a_lecture_of_the_same_course_takes_no_completion_of_a_log(people):
    course = CourseFactory(title="安全", category=Category.ELEARNING)
    lecture = OfferingFactory(course=course, starts_on=DONE)

    taken(finished(修了日=DONE))

    assert not lecture.attendances.exists()
    assert Offering.objects.count() == 2


@pytest.mark.parametrize("facts", [{"closed_at": "2026-04-01T00:00Z"}, {}])
def test_a_closed_offering_or_a_frozen_year_takes_no_new_row_but_lets_the_same_file_pass(
    people, facts
):
    taken(finished(修了日=DONE))
    Offering.objects.update(**facts or {"venue": "x"})
    if not facts:
        FrozenYearFactory(fiscal_year=2025)

    same, nothing_said = taken(finished(修了日=DONE))
    new, found = taken(finished(修了日=DONE), finished(修了日=DONE, 職員番号="000102"))

    assert (same, nothing_said.errors) == (0, [])
    assert new == 0
    assert ("締め済み" if facts else "令和7年度の数値は確定済み") in found.errors[0].message
    assert Attendance.objects.count() == 1


def test_a_completion_of_a_frozen_year_does_not_slip_in_by_an_offering_that_ends_later(people):
    course = CourseFactory(title="安全", category=Category.ELEARNING)
    OfferingFactory(
        course=course,
        mode=Mode.ON_DEMAND,
        starts_on=date(2025, 10, 1),
        ends_on=date(2026, 12, 28),
    )
    FrozenYearFactory(fiscal_year=2025)

    old, found = taken(finished(修了日=date(2026, 3, 31)))
    new, nothing_said = taken(finished(修了日=date(2026, 4, 1), 職員番号="000102"))

    assert (old, new, nothing_said.errors) == (0, 1, [])
    assert "令和7年度の数値は確定済み" in found.errors[0].message
    assert [place.staff for place in Attendance.objects.all()] == [people[1]]


def test_an_absence_on_record_is_not_overwritten(people):
    course = CourseFactory(title="安全", category=Category.ELEARNING)
    offering = OfferingFactory(
        course=course, mode=Mode.ON_DEMAND, starts_on=DONE, ends_on=date(2025, 12, 28)
    )
    place = AttendanceFactory(offering=offering, staff=people[0], status="excused")
    CompletionFactory(offering=offering, staff=people[1])

    new, found = taken(finished(修了日=DONE))

    assert new == 0
    assert "登録済みの出欠（免除）と違います" in found.warnings[0].message
    place.refresh_from_db()
    assert place.status == "excused"
