"""Everybody's own timeline: places, service and completions by day, read once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from reports.standing import Done
from staff.models import Assignment
from training.models import Attendance, Counting, CountingRule

DAY = timedelta(days=1)


class Place(NamedTuple):
    """An assignment as far as the count asks for it."""

    starts_on: date
    department_id: int
    employment: str
    duty: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule judges somebody by on a day."""

    department_id: int
    employment: str
    duty: str
    done: Mapping[str, Done]


@dataclass(frozen=True, slots=True)
class Rules:
    """The counting rules between two days: those after the first, and the one in force on it."""

    starts: tuple[date, ...]
    by_start: Mapping[date, Counting]
    first: Counting

    @classmethod
    def load(cls, first: date, last: date) -> "Rules":
        """In two queries."""
        rows = CountingRule.objects.filter(in_force_from__gt=first, in_force_from__lte=last)
        by_start = {row.in_force_from: row.counting for row in rows}
        return cls(tuple(sorted(by_start)), by_start, CountingRule.objects.in_force(first))

    def on(self, day: date) -> Counting:
        """The rule in force on the day."""
        index = bisect_right(self.starts, day)
        return self.by_start[self.starts[index - 1]] if index else self.first

    @property
    def validities(self) -> set[int]:
        """In years, of all rules that let completions lapse."""
        found = {rule.validity_years for rule in (self.first, *self.by_start.values())}
        return {years for years in found if years}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Somebody's service, their places by day and the days of their completions by category."""

    staff_id: int
    hired_on: date
    left_on: date | None
    places: tuple[Place, ...]
    completed: Mapping[str, tuple[date, ...]]

    def is_employed(self, on: date) -> bool:
        """`left_on` is the last day of service."""
        return self.hired_on <= on and (self.left_on is None or self.left_on >= on)

    def place(self, on: date) -> Place | None:
        """The latest place that starts on or before the day."""
        index = bisect_right(self.places, on, key=lambda place: place.starts_on)
        return self.places[index - 1] if index else None

    def facts(self, on: date) -> Facts:
        """What the person is judged by on a day on which they have a place."""
        place = self.place(on)
        if place is None:
            raise ValueError("A person without a place cannot be judged.")
        return Facts(place.department_id, place.employment, place.duty, self._done(on))

    def completions(self, on: date) -> Facts:
        """The completions alone, on any day."""
        return Facts(0, "", "", self._done(on))

    def days(self, rules: Rules) -> list[date]:
        """Every day on which something changes for the person, in order."""
        found = {self.hired_on, *rules.starts, *(place.starts_on for place in self.places)}
        if self.left_on is not None:
            found.add(self.left_on + DAY)
        done = {day for days in self.completed.values() for day in days}
        found |= done | {lapsing_on(day, years) for day in done for years in rules.validities}
        return sorted(found)

    def _done(self, on: date) -> dict[str, Done]:
        return {
            category: Done(days[0], days[bisect_right(days, on) - 1])
            for category, days in self.completed.items()
            if days[0] <= on
        }


def lapsing_on(completed_on: date, years: int) -> date:
    """The first day on which a completion no longer counts; of 29 February it is 1 March."""
    try:
        return completed_on.replace(year=completed_on.year + years)
    except ValueError:
        return date(completed_on.year + years, 3, 1)


def timelines(last: date) -> Iterator[Timeline]:
    """Everybody who has had a place by the day, in two queries. Later days are not asked."""
    rows = (
        Assignment.objects.filter(starts_on__lte=last)
        .order_by("staff", "starts_on")
        .values_list(
            "staff",
            "staff__hired_on",
            "staff__left_on",
            "starts_on",
            "department",
            "employment",
            "duty",
        )
    )
    service: dict[int, tuple[date, date | None]] = {}
    places: dict[int, list[Place]] = defaultdict(list)
    for staff_id, hired_on, left_on, starts_on, department_id, employment, duty in rows:
        service[staff_id] = hired_on, left_on
        places[staff_id].append(Place(starts_on, department_id, employment, duty))
    completed = _completed(last)
    for staff_id, (hired_on, left_on) in service.items():
        yield Timeline(
            staff_id, hired_on, left_on, tuple(places[staff_id]), completed.get(staff_id, {})
        )


def _completed(last: date) -> dict[int, dict[str, tuple[date, ...]]]:
    rows = (
        Attendance.objects.completed(last)
        .order_by("staff", "category", "completed_on")
        .values_list("staff", "category", "completed_on")
    )
    found: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for staff_id, category, day in rows:
        if day is not None:
            found[staff_id][category].append(day)
    return {
        staff_id: {category: tuple(days) for category, days in by_category.items()}
        for staff_id, by_category in found.items()
    }
