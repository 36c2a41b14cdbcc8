"""The courses, offerings and places that rows of a file could belong to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import QuerySet, prefetch_related_objects

from agano_dx.lib.fiscal import FiscalYear
from training.imports.lines import Line
from training.models import COMPLETING, Attendance, AttendanceStatus, Course, FrozenYear, Offering

# What belongs together before it exists: title, category, first day.
Key = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a row belongs: on this offering, or on one still to be made; and the place there."""

    offering: Offering | None
    place: Attendance | None


class Held:
    """What is recorded already, read in a constant number of queries."""

    def __init__(self, courses: Iterable[Course], offerings: Iterable[Offering]) -> None:
        self.courses = {(course.title, course.category): course for course in courses}
        self.offerings = list(offerings)
        # Of every offering it is asked whether it meets on several days.
        prefetch_related_objects(self.offerings, "days")
        self._of_course: dict[int, list[Offering]] = defaultdict(list)
        for offering in sorted(self.offerings, key=lambda one: one.pk):
            self._of_course[offering.course_id].append(offering)
        places = Attendance.objects.filter(offering__in=[one.pk for one in self.offerings])
        self._places = {(place.offering_id, place.staff_id): place for place in places}
        frozen = FrozenYear.objects.values_list("fiscal_year", flat=True)
        self._frozen = {year.year for year in frozen}

    @classmethod
    def of_courses(cls, lines: Iterable[Line], offerings: QuerySet[Offering]) -> Self:
        """What is recorded of the courses named in the rows; `offerings` may be locked."""
        titles = {line.title for line in lines}
        return cls(
            Course.objects.filter(title__in=titles),
            offerings.filter(course__title__in=titles).order_by("pk"),
        )

    @classmethod
    def of_offering(cls, offering: Offering) -> Self:
        """What is recorded of the one offering of a sign-in sheet."""
        return cls([offering.course], [offering])

    def places_of(self, offering: Offering) -> list[Attendance]:
        """Everybody's place on an offering."""
        return [place for place in self._places.values() if place.offering_id == offering.pk]

    def target(self, line: Line, staff_id: int) -> Target:
        """Where the row belongs: first where the person completed, then where they have a place."""
        if line.is_of_sheet:
            offering = self.offerings[0]
            return Target(offering, self._places.get((offering.pk, staff_id)))
        fitting = [
            (offering, self._places.get((offering.pk, staff_id)))
            for offering in self._fitting(line)
        ]
        chosen = min(fitting, key=lambda pair: _rank(*pair), default=(None, None))
        return Target(*chosen)

    def frozen_year(self, days: Iterable[date | None]) -> FiscalYear | None:
        """The first year of these days whose figures are final."""
        years = {FiscalYear.containing(day).year for day in days if day is not None}
        return next((FiscalYear(year) for year in sorted(years & self._frozen)), None)

    def _fitting(self, line: Line) -> list[Offering]:
        course = self.courses.get((line.title, line.category))
        offerings = self._of_course[course.pk] if course is not None else []
        if not line.is_of_period:
            return [one for one in offerings if one.starts_on == line.starts_on]
        return [one for one in offerings if _is_open_on(one, line)]


def _is_open_on(offering: Offering, line: Line) -> bool:
    if line.completed_on is None:
        return False
    is_years = (offering.starts_on, offering.ends_on) == (line.starts_on, line.ends_on)
    is_open = offering.starts_on <= line.completed_on <= offering.ends_on
    return is_years or (offering.is_period and is_open)


def _rank(offering: Offering, place: Attendance | None) -> tuple[bool, int, int, int]:
    """The best offering is the smallest: not called off, the person on it, the shortest."""
    standing = 2
    if place is not None and place.status != AttendanceStatus.CANCELLED:
        standing = 0 if place.status in COMPLETING else 1
    days = (offering.ends_on - offering.starts_on).days
    return (offering.cancelled_at is not None, standing, days, offering.pk)
