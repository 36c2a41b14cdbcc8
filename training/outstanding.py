"""未受講者: who of a programme row's audience has no completion in the row's window."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from staff.models import Assignment, AssignmentQuerySet
from training.models import (
    Attendance,
    AttendanceStatus,
    Audience,
    Counting,
    Frequency,
    Programme,
)


class NoAttendanceProgrammeError(DomainError):
    """The row is not fulfilled by attending courses."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One person without a completion, and why.

    `reason`: `excused` 免除 (off the list of those who still have to attend, shown apart), `booked`
    予約済, `absent` 欠席, `new_hire` 新採用, `not_invited` 未案内.
    """

    number: str
    reason: str


REASONS = {
    "excused": "免除",
    "booked": "予約済",
    "absent": "欠席・早退",
    "new_hire": "新採用",
    "not_invited": "未案内",
}
_REASON_OF = {
    AttendanceStatus.EXCUSED: "excused",
    AttendanceStatus.BOOKED: "booked",
    AttendanceStatus.WAITING: "booked",
    AttendanceStatus.ABSENT: "absent",
    AttendanceStatus.LEFT_EARLY: "absent",
}
_FIRST = ("excused", "booked", "absent")


def audience(programme: Programme, on: date, rule: Counting) -> AssignmentQuerySet:
    """The places on the day of those the row is for: of the population, so nobody on leave."""
    year = FiscalYear.containing(on)
    people = Assignment.objects.in_population(on, rule)
    if not programme.first_year <= year <= programme.last_year:
        return people.none()
    if programme.audience == Audience.NEW_HIRES:
        return people.filter(staff__hired_on__range=(year.first_day, year.last_day))
    if programme.audience == Audience.EXECUTIVES:
        return people.filter(rank__is_executive=True)
    if programme.audience == Audience.DIGITAL_OFFICE:
        return people.filter(department__is_digital_office=True)
    if programme.audience == Audience.LEADERS:
        raise NoAttendanceProgrammeError("リーダー活動には受講の記録がありません。")
    return people


def programmes_owed(category: str, on: date) -> list[Programme]:
    """The rows of the plan in force on the day that attending this category fulfils."""
    year = FiscalYear.containing(on)
    return list(
        Programme.objects.filter(
            category=category, first_year__lte=year, last_year__gte=year
        ).exclude(audience=Audience.LEADERS)
    )


def outstanding(
    programme: Programme, on: date, rule: Counting, units: frozenset[int] | None
) -> list[Outstanding]:
    """Those of the audience without a completion, by staff number; in two queries.

    Window: a row owed once takes any completion of its category up to the day, a yearly row only
    those of this fiscal year. `units`: departments to look at, `None` for the whole city.
    """
    year = FiscalYear.containing(on)
    done = Attendance.objects.completed(on, rule).filter(
        staff=OuterRef("staff"), category=programme.category
    )
    since = year.first_day if programme.frequency == Frequency.YEARLY else date.min
    missing = (
        audience(programme, on, rule)
        .within(units)
        .filter(~Exists(done.filter(completed_on__gte=since)))
    )
    people = missing.order_by("staff__number").values_list(
        "staff", "staff__number", "staff__hired_on"
    )
    marks = _marks(programme, on, since, missing)
    return [
        Outstanding(number, _reason(marks.get(staff_id, set()), hired_on, year))
        for staff_id, number, hired_on in people
    ]


def _marks(
    programme: Programme, on: date, since: date, missing: AssignmentQuerySet
) -> dict[int, set[str]]:
    """What was noted of each person's attendance in the window."""
    found: dict[int, set[str]] = {}
    rows = Attendance.objects.filter(
        staff__in=missing.values("staff"),
        category=programme.category,
        offering__starts_on__gte=since,
    ).values_list("staff", "status", "offering__starts_on")
    for staff_id, status, starts_on in rows:
        reason = _REASON_OF.get(AttendanceStatus(status))
        if reason and (reason == "booked" or starts_on <= on):
            found.setdefault(staff_id, set()).add(reason)
    return found


def _reason(marks: set[str], hired_on: date, year: FiscalYear) -> str:
    for reason in _FIRST:
        if reason in marks:
            return reason
    return "new_hire" if hired_on in year else "not_invited"
