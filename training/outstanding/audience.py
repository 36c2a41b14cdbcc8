"""For whom a row of the plan is, who of them has no completion in its window, what is noted."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from staff.models import Assignment, AssignmentQuerySet
from training.models import (
    MISSED,
    Attendance,
    AttendanceQuerySet,
    AttendanceStatus,
    Audience,
    Counting,
    Frequency,
    Programme,
)


class NoAttendanceProgrammeError(DomainError):
    """The row is not fulfilled by attending courses."""


def listed_programmes() -> QuerySet[Programme]:
    """The rows of the plan that are fulfilled by attending."""
    return Programme.objects.exclude(audience=Audience.LEADERS)


def programmes_owed(category: str, on: date) -> list[Programme]:
    """The rows of the plan in force on the day that attending this category fulfils."""
    year = FiscalYear.containing(on)
    return list(
        listed_programmes().filter(category=category, first_year__lte=year, last_year__gte=year)
    )


def audience(programme: Programme, on: date, rule: Counting) -> AssignmentQuerySet:
    """The places on the day of those the row is for: of the population, so nobody on leave."""
    return _meant(programme, on, Assignment.objects.in_population(on, rule))


def on_leave(programme: Programme, on: date, rule: Counting) -> AssignmentQuerySet:
    """Those the row would be for, were they not on 育休, 休職 or 派遣 that day."""
    away = Assignment.objects.employed(on).filter(
        employment__in=rule.counted_employments, duty__in=rule.excluded_duties
    )
    return _meant(programme, on, away)


def window(programme: Programme, on: date) -> tuple[date, date]:
    """The first and the last day of the row's window: a yearly row begins anew each fiscal year."""
    if programme.frequency == Frequency.YEARLY:
        year = FiscalYear.containing(on)
        return year.first_day, year.last_day
    return date.min, date.max


def without_completion(
    places: AssignmentQuerySet, programme: Programme, on: date, rule: Counting
) -> AssignmentQuerySet:
    """Those of the places whose people have no completion of the category in the window."""
    done = (
        Attendance.objects.completed(on, rule)
        .filter(staff=OuterRef("staff"), category=programme.category)
        .filter(completed_on__gte=window(programme, on)[0])
    )
    return places.filter(~Exists(done))


def noted(programme: Programme, on: date) -> AttendanceQuerySet:
    """Bookings, absences and exemptions that tell how far people are with the row on the day.

    An offering lies in the year in which it ends; one called off tells nothing. Of what is to come
    only a booking counts. A booking stays one until it is marked, a wait ends with its offering.
    """
    return Attendance.objects.filter(
        Q(status=AttendanceStatus.BOOKED)
        | Q(status=AttendanceStatus.WAITING, offering__ends_on__gte=on)
        | Q(status__in=(*MISSED, AttendanceStatus.EXCUSED), offering__starts_on__lte=on),
        category=programme.category,
        offering__ends_on__range=window(programme, on),
        offering__cancelled_at__isnull=True,
    )


def _meant(programme: Programme, on: date, people: AssignmentQuerySet) -> AssignmentQuerySet:
    year = FiscalYear.containing(on)
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
