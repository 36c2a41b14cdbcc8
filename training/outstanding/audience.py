"""For whom a row of the plan is, and who of them has no completion in its window."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from staff.models import Assignment, AssignmentQuerySet
from training.models import Attendance, Audience, Counting, Frequency, Programme


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


def window_start(programme: Programme, on: date) -> date:
    """The first day of the row's window: a yearly row begins anew each fiscal year."""
    yearly = programme.frequency == Frequency.YEARLY
    return FiscalYear.containing(on).first_day if yearly else date.min


def without_completion(
    places: AssignmentQuerySet, programme: Programme, on: date, rule: Counting
) -> AssignmentQuerySet:
    """Those of the places whose people have no completion of the category in the window."""
    done = (
        Attendance.objects.completed(on, rule)
        .filter(staff=OuterRef("staff"), category=programme.category)
        .filter(completed_on__gte=window_start(programme, on))
    )
    return places.filter(~Exists(done))


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
