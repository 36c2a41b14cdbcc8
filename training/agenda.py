"""Offerings as anybody may see them who sees figures: when, what and how full, and no person.

By month of a fiscal year, and on the days of a month.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from agano_dx.lib.calendar import WEEKDAYS, holiday_name, weekday_name, weeks_of
from agano_dx.lib.fiscal import era_date
from training.meetings import hours, meetings
from training.models import Offering, OfferingQuerySet, OfferingState

# What a state is to the reader: open to go to, to be heeded, or past.
TONES = {
    OfferingState.OPEN: "information",
    OfferingState.FULL: "warning",
    OfferingState.RUNNING: "information",
    OfferingState.HELD: "success",
    OfferingState.CLOSED: "success",
    OfferingState.CANCELLED: "error",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An offering, asked with `with_seats`, as it stands on the day. `at`: 13:30～15:30."""

    offering: Offering
    on: date
    at: str = ""

    @property
    def taken(self) -> int:
        """Seats taken."""
        return self.offering.taken  # type: ignore[attr-defined]

    @property
    def state(self) -> OfferingState:
        """How far it is."""
        return self.offering.state(self.taken, self.on)

    @property
    def has_begun(self) -> bool:
        """Whether its first day has come."""
        return self.on >= self.offering.starts_on

    @property
    def can_be_marked(self) -> bool:
        """Whether attendance may be entered now."""
        return self.offering.can_be_marked(self.on)

    @property
    def title(self) -> str:
        """What is taught."""
        return self.offering.course.title

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(self.state.label)

    @property
    def tone(self) -> str:
        """The kind of the state's chip."""
        return TONES.get(self.state, "")

    @property
    def days(self) -> str:
        """令和8年11月23日, or the first and the last day."""
        first, last = self.offering.starts_on, self.offering.ends_on
        return era_date(first) if first == last else f"{era_date(first)}～{era_date(last)}"

    @property
    def seats(self) -> str:
        """Seats taken, of how many."""
        capacity = self.offering.capacity
        return f"{self.taken} / {capacity}" if capacity else f"{self.taken}"


@dataclass(frozen=True, slots=True)
class AgendaMonth:
    """The offerings that begin in a month; `first_day` is the month's."""

    first_day: date
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """令和8年11月."""
        return era_month(self.first_day)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar. Days of the months around it hold nothing."""

    day: date
    is_in_month: bool
    is_today: bool
    holiday: str
    entries: tuple[Entry, ...]

    @property
    def weekday(self) -> str:
        """月."""
        return weekday_name(self.day)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say of the day."""
        return not (self.entries or self.holiday or self.is_in_month and self.is_today)

    @property
    def is_off(self) -> bool:
        """Whether it is a Sunday or a public holiday."""
        return bool(self.holiday) or self.weekday == WEEKDAYS[0]


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """Seven days from Sunday on."""

    days: tuple[CalendarDay, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say of any of its days."""
        return all(day.is_quiet for day in self.days)


@dataclass(frozen=True, slots=True)
class MonthCalendar:
    """A month, and what is open over a stretch of it."""

    first_day: date
    weeks: tuple[CalendarWeek, ...]
    periods: tuple[Entry, ...]
    count: int

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say of any day of the month."""
        return all(week.is_quiet for week in self.weeks)

    @property
    def title(self) -> str:
        """令和8年11月."""
        return era_month(self.first_day)


def shown(offerings: OfferingQuerySet) -> OfferingQuerySet:
    """The offerings with all that `entries` needs."""
    return offerings.select_related("course").with_seats()


def entries(offerings: Iterable[Offering], on: date) -> list[Entry]:
    """The offerings, as `shown` gives them, with their states on the day."""
    return [Entry(one, on, hours(one.starts_at, one.ends_at)) for one in offerings]


def by_month(found: Iterable[Entry]) -> list[AgendaMonth]:
    """Entries, already in the order of their days, month by month."""
    return [
        AgendaMonth(month, tuple(group))
        for month, group in groupby(
            found, key=lambda entry: entry.offering.starts_on.replace(day=1)
        )
    ]


def month_calendar(first_day: date, today: date) -> MonthCalendar:
    """The month that begins on `first_day`, in two queries.

    An offering stands on the days on which it meets. A period has none; it stands beside the
    calendar.
    """
    last_day = last_of(first_day)
    found = (
        shown(Offering.objects.filter(starts_on__lte=last_day, ends_on__gte=first_day))
        .prefetch_related("days")
        .order_by("starts_on", "starts_at", "pk")
    )
    on_day: dict[date, list[Entry]] = defaultdict(list)
    periods: list[Entry] = []
    seen = 0
    for offering in found:
        here = [
            (day, one.hours or hours(offering.starts_at, offering.ends_at))
            for one in meetings(offering)
            for day in one.days
            if first_day <= day <= last_day
        ]
        for day, at in here:
            on_day[day].append(Entry(offering, today, at))
        if offering.is_period:
            periods.append(Entry(offering, today))
        seen += bool(here or offering.is_period)
    weeks = tuple(
        CalendarWeek(tuple(_day(day, first_day, today, on_day) for day in week))
        for week in weeks_of(first_day.year, first_day.month)
    )
    return MonthCalendar(first_day, weeks, tuple(periods), seen)


def era_month(first_day: date) -> str:
    """令和8年11月; the month in which an era begins is called by the era of its last day."""
    return era_date(last_of(first_day)).partition("月")[0] + "月"


def last_of(first_day: date) -> date:
    """The last day of the month."""
    return _next_month(first_day) - timedelta(days=1)


def months_around(first_day: date) -> tuple[date, date]:
    """The first days of the month before and of the month after."""
    return (first_day - timedelta(days=1)).replace(day=1), _next_month(first_day)


def _next_month(first_day: date) -> date:
    return (first_day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _day(day: date, first_day: date, today: date, on_day: dict[date, list[Entry]]) -> CalendarDay:
    is_in_month = day.month == first_day.month
    return CalendarDay(
        day,
        is_in_month,
        is_today=day == today,
        holiday=holiday_name(day) if is_in_month else "",
        entries=tuple(on_day.get(day, ())) if is_in_month else (),
    )
