"""The lists: who still has to attend a row of the plan, why, and who stands apart."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import OuterRef, Subquery

from agano_dx.lib.fiscal import FiscalYear, era_date_short
from staff.models import Assignment, AssignmentQuerySet
from training.models import (
    BOOKINGS,
    MISSED,
    Attendance,
    AttendanceStatus,
    Counting,
    Invitation,
    Programme,
)
from training.outstanding.audience import audience, noted, on_leave, window, without_completion


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One person without a completion, and why.

    `reason`: `excused` 免除 (off the list of those who still have to attend, shown apart), `booked`
    予約済, `absent` 欠席, `invited` 案内済, `new_hire` 新採用, `not_invited` 未案内.
    """

    number: str
    reason: str


REASONS: Final = {
    "excused": "免除",
    "booked": "予約済",
    "absent": "欠席・早退",
    "invited": "案内済",
    "new_hire": "新採用",
    "not_invited": "未案内",
}
# 欠席届 is absence told beforehand: the person still owes the row, the detail says which it was.
_REASON_OF: Final = {
    AttendanceStatus.EXCUSED: "excused",
    **dict.fromkeys(BOOKINGS, "booked"),
    **dict.fromkeys(MISSED, "absent"),
}
_FIRST: Final = ("excused", "booked", "absent")
# In the order in which a page counts them: what there is to do comes first.
DETAILED: Final = ("not_invited", "new_hire", "invited", "absent", "booked")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which people to look at: departments (`None` for the whole city) and a rank band."""

    units: frozenset[int] | None
    band: str = ""

    def within(self, places: AssignmentQuerySet) -> AssignmentQuerySet:
        """Those of the places that lie in the scope."""
        found = places.within(self.units)
        return found.filter(rank__band=self.band) if self.band else found


@dataclass(frozen=True, slots=True)
class Owing:
    """Somebody without a completion on the day: their place, why, and when they were last told."""

    place: Assignment
    on: date
    reason: str
    noted: Attendance | None
    invited_on: date | None

    @property
    def label(self) -> str:
        """The reason in words."""
        return REASONS[self.reason]

    @property
    def detail(self) -> str:
        """What was noted, with the day of the offering: R8.12.3 受講予定."""
        if self.noted is None:
            return ""
        is_unmarked = (
            self.noted.status == AttendanceStatus.BOOKED and self.noted.offering.ends_on < self.on
        )
        state = "出欠未入力" if is_unmarked else self.noted.get_status_display()
        words = f"{era_date_short(self.noted.offering.starts_on)} {state}"
        if self.noted.absence_reason:
            return f"{words}（{self.noted.get_absence_reason_display()}）"
        return words


@dataclass(frozen=True, slots=True)
class Roll:
    """The whole of a row on a day: how many it asks, who still owes it, who stands apart.

    Completed + excused + owing make the audience; those on leave are not of the population.
    """

    asked: int
    owing: list[Owing]
    excused: list[Owing]
    on_leave: list[Assignment]

    @property
    def completed(self) -> int:
        """How many of the audience have a completion in the window."""
        return self.asked - len(self.owing) - len(self.excused)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """For each reason its name, its words and how many."""
        return [
            (reason, REASONS[reason], sum(one.reason == reason for one in self.owing))
            for reason in DETAILED
        ]

    def because(self, reason: str) -> list[Owing]:
        """Those who owe the row for this reason; everybody without one."""
        return [one for one in self.owing if reason in ("", one.reason)]


def outstanding(
    programme: Programme, on: date, rule: Counting, units: frozenset[int] | None
) -> list[Outstanding]:
    """Those of the audience without a completion, by staff number; in two queries.

    Window: a row owed once takes any completion of its category up to the day, a yearly row only
    those of this fiscal year. `units`: departments to look at, `None` for the whole city.
    """
    return [
        Outstanding(one.place.staff.number, one.reason)
        for one in owing(programme, on, rule, Scope(units))
    ]


def roll(programme: Programme, on: date, rule: Counting, scope: Scope) -> Roll:
    """The whole list of a row in the order of departments, in four queries."""
    asked = scope.within(audience(programme, on, rule)).count()
    people = sorted(owing(programme, on, rule, scope), key=lambda one: _order(one.place))
    away = without_completion(on_leave(programme, on, rule), programme, on, rule)
    return Roll(
        asked=asked,
        owing=[one for one in people if one.reason != "excused"],
        excused=[one for one in people if one.reason == "excused"],
        on_leave=sorted(
            scope.within(away).select_related("staff", "department", "rank"), key=_order
        ),
    )


def owing(programme: Programme, on: date, rule: Counting, scope: Scope) -> list[Owing]:
    """Those of the audience without a completion with all that is known why, by staff number."""
    missing = scope.within(without_completion(audience(programme, on, rule), programme, on, rule))
    told = Invitation.objects.filter(
        programme=programme.pk,
        staff=OuterRef("staff"),
        invited_on__range=(window(programme, on)[0], on),
    ).order_by("-invited_on")
    places = (
        missing.annotate(told_on=Subquery(told.values("invited_on")[:1]))
        .select_related("staff", "department", "rank")
        .order_by("staff__number")
    )
    known = _known(programme, on, missing)
    return [_owing(place, on, known.get(place.staff_id, {}), place.told_on) for place in places]


def _owing(
    place: Assignment, on: date, known: dict[str, Attendance], told_on: date | None
) -> Owing:
    for reason in _FIRST:
        if reason in known:
            return Owing(place, on, reason, known[reason], told_on)
    if told_on is not None:
        return Owing(place, on, "invited", None, told_on)
    is_new = place.staff.hired_on in FiscalYear.containing(on)
    return Owing(place, on, "new_hire" if is_new else "not_invited", None, None)


def _known(
    programme: Programme, on: date, missing: AssignmentQuerySet
) -> dict[int, dict[str, Attendance]]:
    """What is noted of each person, by reason: the next booking, else the latest."""
    found: dict[int, dict[str, Attendance]] = {}
    rows = (
        noted(programme, on)
        .filter(staff__in=missing.values("staff"))
        .select_related("offering")
        .order_by("offering__starts_on", "pk")
    )
    for row in rows:
        reason = _REASON_OF[AttendanceStatus(row.status)]
        theirs = found.setdefault(row.staff_id, {})
        is_next_known = reason == "booked" and reason in theirs and _lies_ahead(theirs[reason], on)
        if not is_next_known:
            theirs[reason] = row
    return found


def _lies_ahead(place: Attendance, on: date) -> bool:
    return place.offering.ends_on >= on


def _order(place: Assignment) -> tuple[int, str, int, str]:
    department = place.department
    return (department.order, department.code, place.rank.order, place.staff.number)
