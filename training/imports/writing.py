"""Writing past attendances: histories and logs take one road."""

from datetime import date

from django.db import transaction

from agano_dx.lib.issues import Findings, Issue
from agano_dx.lib.japanese import name_key
from staff.models import StaffMember, User
from training.imports.reading import PastAttendance
from training.models import (
    Attendance,
    AttendanceStatus,
    Category,
    Course,
    Mode,
    Offering,
)
from training.services.trail import record_changes

MODES = {Category.OJT: Mode.OJT, Category.ELEARNING: Mode.ON_DEMAND}
Key = tuple[str, str, date, str]


@transaction.atomic
def import_attendance(
    *, rows: list[PastAttendance], found: Findings, by: User | None, dry_run: bool
) -> int:
    """Add what is not there yet: courses, offerings, attendances; nothing when anything is wrong.

    Answers how many rows are new. Loading the same rows twice adds nothing. A row that contradicts
    what is recorded stays out with a warning. The number of statements does not grow with the rows.
    """
    members = StaffMember.objects.in_bulk({row.number for row in rows}, field_name="number")
    _check_people(rows, members, found)
    if found.errors:
        return 0
    new = _new_rows(rows, _recorded(rows), found)
    if not dry_run:
        courses = {(course.title, course.category): course for course in Course.objects.all()}
        offerings = {
            (offering.course_id, offering.starts_on): offering
            for offering in Offering.objects.order_by("-pk")
        }
        _make_courses(new, courses)
        _make_offerings(new, courses, offerings)
        _make_attendances(new, courses, offerings, members, by)
    return len(new)


def _key(row: PastAttendance) -> Key:
    return (row.title, row.category, row.starts_on, row.number)


def _check_people(
    rows: list[PastAttendance], members: dict[str, StaffMember], found: Findings
) -> None:
    for row in rows:
        member = members.get(row.number)
        if member is None:
            found.errors.append(
                Issue(
                    row.sheet,
                    row.row,
                    "",
                    row.number,
                    "この職員番号の職員はいません。番号を直すか、先に名簿を取り込んでください。",
                )
            )
        elif row.name and name_key(row.name) != member.name_key:
            found.warnings.append(
                Issue(
                    row.sheet,
                    row.row,
                    "",
                    row.name,
                    "登録されている氏名と違います。職員番号の間違いでないか確かめてください。",
                )
            )


def _recorded(rows: list[PastAttendance]) -> dict[Key, str]:
    """Attendances already there, of the courses named in the file."""
    values = Attendance.objects.filter(
        offering__course__title__in={row.title for row in rows}
    ).values_list(
        "offering__course__title",
        "offering__course__category",
        "offering__starts_on",
        "staff__number",
        "status",
    )
    return {
        (title, category, day, number): status for title, category, day, number, status in values
    }


def _new_rows(
    rows: list[PastAttendance], recorded: dict[Key, str], found: Findings
) -> list[PastAttendance]:
    new: dict[Key, PastAttendance] = {}
    for row in rows:
        there = recorded.get(_key(row)) or getattr(new.get(_key(row)), "status", None)
        if there is None:
            new[_key(row)] = row
        elif there != row.status:
            found.warnings.append(
                Issue(
                    row.sheet,
                    row.row,
                    "",
                    AttendanceStatus(row.status).label,
                    f"登録済みの出欠（{AttendanceStatus(there).label}）と違います。"
                    "変えるときは出欠の画面で直してください。",
                )
            )
    return list(new.values())


def _make_courses(rows: list[PastAttendance], courses: dict[tuple[str, str], Course]) -> None:
    missing = dict.fromkeys(
        (row.title, row.category) for row in rows if (row.title, row.category) not in courses
    )
    made = Course.objects.bulk_create(
        Course(title=title, category=category) for title, category in missing
    )
    courses.update({(course.title, course.category): course for course in made})


def _make_offerings(
    rows: list[PastAttendance],
    courses: dict[tuple[str, str], Course],
    offerings: dict[tuple[int, date], Offering],
) -> None:
    missing: dict[tuple[int, date], Offering] = {}
    for row in rows:
        course = courses[row.title, row.category]
        key = (course.pk, row.starts_on)
        if key not in offerings:
            missing[key] = Offering(
                course=course,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                mode=MODES.get(Category(row.category), Mode.CLASSROOM),
            )
    made = Offering.objects.bulk_create(missing.values())
    offerings.update({(offering.course_id, offering.starts_on): offering for offering in made})


def _make_attendances(
    rows: list[PastAttendance],
    courses: dict[tuple[str, str], Course],
    offerings: dict[tuple[int, date], Offering],
    members: dict[str, StaffMember],
    by: User | None,
) -> None:
    made = Attendance.objects.bulk_create(
        Attendance(
            offering=offerings[courses[row.title, row.category].pk, row.starts_on],
            staff=members[row.number],
            category=row.category,
            status=row.status,
            completed_on=row.completed_on,
            note=row.note,
        )
        for row in rows
    )
    record_changes([(place, "") for place in made], by=by, reason="一括取込")
