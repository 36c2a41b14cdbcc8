"""マイ研修: what one person still owes, has booked, may sign up for, and has done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, Case, Value, When

from agano_dx.lib.fiscal import FiscalYear
from training.models import (
    BOOKINGS,
    MISSED,
    Attendance,
    AttendanceStatus,
    Audience,
    Counting,
    Frequency,
    Offering,
    Programme,
)
from training.outstanding import audience, listed_programmes, noted, without_completion
from training.surveys import may_answer

AHEAD = (*BOOKINGS, AttendanceStatus.NOTIFIED)
STILL_TO_COME = ((AttendanceStatus.BOOKED, "booked"), (AttendanceStatus.WAITING, "waiting"))
MOST_OFFERED = 30


# --- One's own places ---------------------------------------------------------------------------


def places_of(staff_id: int) -> list[Attendance]:
    """All places of one person that were not given up, newest first; in two queries."""
    return list(
        Attendance.objects.filter(staff=staff_id)
        .exclude(status=AttendanceStatus.CANCELLED)
        .select_related("offering__course", "report", "survey_answer")
        .prefetch_related("offering__days")
        .order_by("-offering__starts_on", "-pk")
    )


def is_ahead(place: Attendance, on: date) -> bool:
    """Whether the place is still to come, or was given up beforehand for a day still to come."""
    return place.status in AHEAD and place.offering.ends_on >= on


@dataclass(frozen=True, slots=True)
class Booked:
    """A place still to come; `position`: the place in the waiting line, counted from 1."""

    place: Attendance
    position: int | None


def booked(places: Iterable[Attendance], on: date) -> list[Booked]:
    """The places still to come, the next first; in one query."""
    ahead = [place for place in reversed(list(places)) if is_ahead(place, on)]
    positions = positions_in_line(ahead)
    return [Booked(place, positions.get(place.pk)) for place in ahead]


def positions_in_line(places: Collection[Attendance]) -> dict[int, int]:
    """Where each of these places that wait stands in its line; in one query."""
    lines: dict[int, int] = {}
    found: dict[int, int] = {}
    waiting = {place.pk for place in places if place.status == AttendanceStatus.WAITING}
    line = Attendance.objects.in_line().filter(offering__in=[one.offering_id for one in places])
    for pk, offering_id in line.values_list("pk", "offering_id"):
        lines[offering_id] = lines.get(offering_id, 0) + 1
        if pk in waiting:
            found[pk] = lines[offering_id]
    return found


@dataclass(frozen=True, slots=True)
class Done:
    """A place that is over: how it ended, and what is left to do about it."""

    place: Attendance
    result: str
    hours: Decimal | None
    survey: str
    report: str


def done(places: Iterable[Attendance], on: date) -> list[Done]:
    """The places that are over, newest first. Who never got a seat was not there."""
    return [
        Done(
            place,
            _result(place),
            place.offering.course.hours if place.is_completion else None,
            _survey(place, on),
            _report(place, on),
        )
        for place in places
        if not is_ahead(place, on) and place.status != AttendanceStatus.WAITING
    ]


def _result(place: Attendance) -> str:
    if place.status != AttendanceStatus.BOOKED:
        return str(AttendanceStatus(place.status).label)
    return "中止" if place.offering.cancelled_at else "出欠の入力待ち"


def _survey(place: Attendance, on: date) -> str:
    """`answered`, `open`, or empty where none is to be answered."""
    if getattr(place, "survey_answer", None) is not None:
        return "answered"
    return "open" if may_answer(place, on) else ""


def _report(place: Attendance, on: date) -> str:
    """`read`, `submitted`, `draft`, `missing`, or empty where none is asked for.

    Of completions before last year nobody is asked to report any more.
    """
    report = getattr(place, "report", None)
    if report is None:
        first = FiscalYear.containing(on).previous.first_day
        is_recent = place.completed_on is not None and place.completed_on >= first
        return "missing" if is_recent else ""
    if report.submitted_at is None:
        return "draft"
    return "read" if report.read_at else "submitted"


# --- What is still owed -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owed:
    """A row of the plan one has not fulfilled: by when, and how far one is.

    `state`: `booked`, `waiting`, `missed` 欠席・早退・欠席届, `open`; `place` is the one meant.
    """

    programme: Programme
    due: date
    state: str
    place: Attendance | None


def owed(staff_id: int, places: Collection[Attendance], on: date, rule: Counting) -> list[Owed]:
    """The rows of the plan this person still has to fulfil; in three queries.

    Who is exempted (免除) owes nothing more. What counts is what counts for the outstanding lists.
    """
    rows = _rows_without_completion(staff_id, on, rule)
    known = _noted(staff_id, rows, on)
    found = []
    for row in rows:
        own = [place for place in places if (row.pk, place.pk) in known]
        if not any(place.status == AttendanceStatus.EXCUSED for place in own):
            found.append(_owed(row, own, on))
    return found


def _rows_without_completion(staff_id: int, on: date, rule: Counting) -> list[Programme]:
    """The plan's rows that ask the person on the day and that they have not fulfilled; in two."""
    rows = list(listed_programmes())
    asking = [
        without_completion(audience(row, on, rule), row, on, rule)
        .filter(staff=staff_id)
        .order_by()
        .values_list(Value(row.pk), flat=True)
        for row in rows
    ]
    if not asking:
        return []
    mine = set(asking[0].union(*asking[1:]))
    return [row for row in rows if row.pk in mine]


def _noted(staff_id: int, rows: list[Programme], on: date) -> set[tuple[int, int]]:
    """Row and place of what is noted of the person for each of these rows; in one query."""
    told = [
        noted(row, on).filter(staff=staff_id).order_by().values_list(Value(row.pk), "pk")
        for row in rows
    ]
    return set(told[0].union(*told[1:])) if told else set()


def _owed(row: Programme, own: list[Attendance], on: date) -> Owed:
    for status, state in STILL_TO_COME:
        ahead = [place for place in own if place.status == status and place.offering.ends_on >= on]
        if ahead:
            return Owed(row, _due(row, on), state, ahead[-1])
    missed = [place for place in own if place.status in MISSED]
    state = "missed" if missed else "open"
    return Owed(row, _due(row, on), state, missed[0] if missed else None)


def _due(row: Programme, on: date) -> date:
    """The last day: of this year for what is owed every year or in one's first, else of the row."""
    if row.frequency == Frequency.YEARLY or row.audience == Audience.NEW_HIRES:
        return FiscalYear.containing(on).last_day
    return row.last_year.last_day


# --- What one may sign up for -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seats:
    """How an offering's seats stand: free ones (`None` without a limit), and who waits."""

    left: int | None
    waiting: int

    @property
    def is_free(self) -> bool:
        """Whether the next to sign up gets a seat: nobody passes those who wait."""
        return not self.waiting and (self.left is None or self.left > 0)

    @property
    def words(self) -> str:
        """As pages say it."""
        if not self.is_free:
            return f"満席（空き待ち{self.waiting}人）"
        return "空きあり" if self.left is None else f"残り{self.left}席"


@dataclass(frozen=True, slots=True)
class Offered:
    """An offering one may sign up for; `helps`: it fulfils something one still owes."""

    offering: Offering
    seats: Seats
    helps: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The first offerings to sign up for, and how many more there are."""

    offerings: list[Offered]
    more: int


def choice(places: Iterable[Attendance], rows: Iterable[Owed], on: date) -> Choice:
    """Offerings one may sign up for, first those that fulfil what one owes; in two queries."""
    held = [place.offering_id for place in places if place.status != AttendanceStatus.NOTIFIED]
    wanted = [one.programme.category for one in rows if one.state not in ("booked", "waiting")]
    helps = Case(
        When(course__category__in=wanted, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    found = (
        Offering.objects.bookable(on)
        .exclude(pk__in=held)
        .select_related("course")
        .prefetch_related("days")
        .with_seats()
        .annotate(helps=helps)
        .order_by("-helps", "starts_on", "pk")
    )
    offered = [
        Offered(
            one,
            _seats(one.capacity, one.taken, one.waiting),  # type: ignore[attr-defined]
            one.helps,
        )
        for one in found[:MOST_OFFERED]
    ]
    return Choice(offered, max(found.count() - len(offered), 0))


def seats_of(offering: Offering) -> Seats:
    """How the seats of one offering stand; in two queries."""
    people = offering.attendances.all()
    return _seats(offering.capacity, people.taking_a_seat().count(), people.in_line().count())


def _seats(capacity: int | None, taken: int, waiting: int) -> Seats:
    return Seats(None if capacity is None else max(capacity - taken, 0), waiting)
