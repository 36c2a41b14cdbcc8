"""When an offering meets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from agano_dx.lib.fiscal import era_date
from training.models import Offering


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, or the same on each of several days in a row.

    Without both times it takes the whole day.
    """

    first: date
    last: date
    starts_at: time | None
    ends_at: time | None

    def overlaps(self, other: "Meeting") -> bool:
        """Whether nobody can come to both; one that ends when the other begins does not."""
        if self.first > other.last or other.first > self.last:
            return False
        if None in (self.starts_at, self.ends_at, other.starts_at, other.ends_at):
            return True
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at  # type: ignore[operator]

    @property
    def days(self) -> Iterator[date]:
        """Each of its days."""
        for ahead in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=ahead)

    @property
    def words(self) -> str:
        """The day or days and the times."""
        days = era_date(self.first)
        if self.last != self.first:
            days += f"～{era_date(self.last)}"
        return f"{days} {self.hours}".rstrip()

    @property
    def hours(self) -> str:
        """The times alone."""
        return hours(self.starts_at, self.ends_at)


def meetings(offering: Offering) -> list[Meeting]:
    """The offering's meetings in their order: its days if it has several; none in a period.

    Asks for `days`: lists fetch them beforehand.
    """
    if offering.is_period:
        return []
    days = [
        Meeting(day.day, day.day, day.starts_at, day.ends_at)
        for day in sorted(offering.days.all(), key=lambda one: one.day)
    ]
    return days or [
        Meeting(offering.starts_on, offering.ends_on, offering.starts_at, offering.ends_at)
    ]


def when_held(offering: Offering) -> list[str]:
    """Each meeting of the offering, or its period, in words."""
    if offering.is_period:
        return [f"{era_date(offering.starts_on)}～{era_date(offering.ends_on)}"]
    return [one.words for one in meetings(offering)]


def hours(starts_at: time | None, ends_at: time | None) -> str:
    """13:30～15:30, 13:30～ without an end; empty where no time is set."""
    if starts_at is None:
        return ""
    return f"{starts_at:%H:%M}～{ends_at:%H:%M}" if ends_at else f"{starts_at:%H:%M}～"
