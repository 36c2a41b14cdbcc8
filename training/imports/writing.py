"""Writing what a file says: sheets, logs and histories take one road."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction

from agano_dx.lib.issues import Findings, Issue
from agano_dx.lib.locks import take_exclusive, told_when_held
from staff.models import User
from training.imports.held import Held, Key
from training.imports.lines import UNFINISHED, Line
from training.imports.people import Directory
from training.imports.plan import OPEN, Outcome, Planned, World, completion_of, plan
from training.models import (
    Attendance,
    AttendanceStatus,
    Category,
    Course,
    Mode,
    Offering,
)
from training.services.locking import lock_open
from training.services.marking import refuse_unheld
from training.services.trail import record_changes

MODES = {Category.OJT: Mode.OJT, Category.ELEARNING: Mode.ON_DEMAND}
# Two files at once would make the same course twice.
LOCK = "training.imports"
_WRITTEN = ["status", "completed_on", "waiting_since", "absence_reason", "note"]


@transaction.atomic
def import_attendance(
    *, rows: list[Line], found: Findings, by: User | None, today: date, dry_run: bool
) -> int:
    """Add what is not there yet: courses, offerings, attendances; nothing when anything is wrong.

    Answers how many rows are new. Loading the same rows twice adds nothing. A row that contradicts
    what is recorded stays out with a warning. The number of statements does not grow with the rows.
    """
    # A history speaks of days gone by, and the command line is believed about its last one.
    on = max([today, *(row.completed_on or row.starts_on or today for row in rows)])
    planned = plan(rows, past_world(rows, by, on))
    tell(planned, found)
    return _unless_wrong(planned, found, by=by, today=on, reason="一括取込", dry_run=dry_run)


@transaction.atomic
def import_sheet(
    *,
    offering: Offering,
    rows: list[Line],
    found: Findings,
    ticked: Collection[Outcome],
    today: date,
    dry_run: bool,
) -> int:
    """Mark the people of an offering by its sign-in sheet, for the server's command line.

    As `import_attendance`; `ticked` says whether people who are not on the offering go in.
    """
    planned = [
        replace(row, line=replace(row.line, is_ticked=True)) if row.outcome in ticked else row
        for row in plan(rows, sheet_world(offering, rows, None, today))
    ]
    tell(planned, found)
    reason = "出席簿の取込"
    return _unless_wrong(planned, found, by=None, today=today, reason=reason, dry_run=dry_run)


def past_world(rows: Sequence[Line], by: User | None, today: date) -> World:
    """What rows of a log or a history are held against, their offerings locked."""
    take_exclusive(LOCK)
    locked = Offering.objects.select_for_update(of=("self",)).select_related("course")
    with told_when_held():
        held = Held.of_courses(rows, locked)
    return World(Directory(rows), held, by, today)


def sheet_world(offering: Offering, rows: Sequence[Line], by: User | None, today: date) -> World:
    """What rows of a sign-in sheet are held against, their offering locked and open."""
    locked = lock_open(offering)
    refuse_unheld(locked, today)
    return World(Directory(rows), Held.of_offering(locked), by, today)


def write(planned: Sequence[Planned], *, by: User | None, today: date, reason: str) -> int:
    """Write the rows that go in, in a constant number of statements; how many people changed.

    Within a transaction, on a plan made of locked offerings.
    """
    going = [row for row in planned if row.is_to_write and row.member is not None]
    offerings = _made([row.line for row in going if row.offering is None])
    changed: list[tuple[Attendance, str]] = []
    for row in going:
        offering = row.offering or offerings[_key(row.line)]
        changed.append(_changed(row, offering, today))
    Attendance.objects.bulk_create([place for place, old in changed if not old])
    Attendance.objects.bulk_create(
        [place for place, old in changed if old],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_WRITTEN,
    )
    record_changes(changed, by=by, reason=reason)
    return len(changed)


def tell(planned: Sequence[Planned], found: Findings) -> None:
    """Say in words, for the command line, what keeps rows out: errors, and warnings."""
    for row in planned:
        if row.is_to_write or row.outcome == Outcome.SAME:
            if row.who.doubt:
                found.warnings.append(_named(row, row.who.doubt))
        elif row.line.status == UNFINISHED:
            found.warnings.append(_said(row, f"{row.words}この行は取り込みません。"))
        elif row.outcome == Outcome.CONFLICT or (
            row.outcome == Outcome.DOUBLED and not row.line.is_of_sheet
        ):
            label = str(AttendanceStatus(row.line.status).label)
            found.warnings.append(Issue(row.line.sheet, row.line.row, "", label, row.words))
        elif row.outcome in (*OPEN, Outcome.WALK_IN, Outcome.REFUSED):
            found.errors.append(row.line.issue(row.words))


def _named(row: Planned, message: str) -> Issue:
    return Issue(row.line.sheet, row.line.row, "", row.line.name, message)


def _said(row: Planned, message: str) -> Issue:
    return Issue(row.line.sheet, row.line.row, "", row.line.said, message)


def _unless_wrong(
    planned: Sequence[Planned],
    found: Findings,
    *,
    by: User | None,
    today: date,
    reason: str,
    dry_run: bool,
) -> int:
    if found.errors:
        return 0
    if dry_run:
        return sum(row.is_to_write for row in planned)
    return write(planned, by=by, today=today, reason=reason)


def _key(line: Line) -> Key:
    if line.starts_on is None:
        raise ValueError("a row of a sheet has its offering")
    return (line.title, line.category, line.starts_on)


def _made(lines: Sequence[Line]) -> dict[Key, Offering]:
    """Courses and offerings that do not exist yet."""
    titles = {line.title for line in lines}
    courses = {
        (course.title, course.category): course
        for course in Course.objects.filter(title__in=titles)
    }
    missing = dict.fromkeys((line.title, line.category) for line in lines)
    made = Course.objects.bulk_create(
        Course(title=title, category=category)
        for title, category in missing
        if (title, category) not in courses
    )
    courses |= {(course.title, course.category): course for course in made}
    offerings = {_key(line): _offering(courses[line.title, line.category], line) for line in lines}
    Offering.objects.bulk_create(offerings.values())
    return offerings


def _offering(course: Course, line: Line) -> Offering:
    _, category, starts_on = _key(line)
    mode = MODES.get(Category(category), Mode.CLASSROOM)
    return Offering(
        course=course,
        starts_on=starts_on,
        ends_on=line.ends_on or starts_on,
        mode=Mode.ON_DEMAND if line.is_of_period else mode,
    )


def _changed(row: Planned, offering: Offering, today: date) -> tuple[Attendance, str]:
    """The place as the row says it, and the state it had; "" for a new place.

    By the rules of marking: a completion keeps the day it was made. What those rules refuse is
    no row to write.
    """
    line, place = row.line, row.place
    old = place.status if place is not None else ""
    if place is None:
        category = offering.course.category
        place = Attendance(offering=offering, staff=row.member, category=category)
    place.status, place.completed_on = line.status, completion_of(row, today)
    place.waiting_since, place.absence_reason = None, line.reason
    place.note = line.note or place.note
    return place, old
