"""Where higher apps show what they know on pages of this one: for showing, never for writing."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from staff.models import ChangeKind, Duty, RosterChange, StaffMember
from staff.roster.changes import Change
from staff.roster.keys import Keys


@dataclass(frozen=True, slots=True)
class Section:
    """A table on a person's page."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What a roster is about to change about somebody already in the city's service.

    `department_id`, `rank_id` and `duty` are the new ones; empty where they stay, and where the
    department or rank is to be made by the roster itself and has no row yet. `left_on` is the last
    day of service.
    """

    staff_id: int
    number: str
    kind: str
    starts_on: date
    department_id: int | None = None
    rank_id: int | None = None
    duty: str = ""
    left_on: date | None = None

    @property
    def leaves(self) -> bool:
        """Whether the person's service ends."""
        return self.kind == ChangeKind.LEFT and self.left_on is not None

    @property
    def goes_on_leave(self) -> bool:
        """Whether the person is away from the change's day on: 育休, 休職, 派遣."""
        return self.kind == ChangeKind.DUTY_CHANGED and self.duty not in ("", Duty.ACTIVE)

    @property
    def first_day(self) -> date:
        """The first day on which the person stands otherwise than before."""
        return self.left_on + timedelta(days=1) if self.left_on else self.starts_on


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a change of a roster runs into.

    `message`: one whole sentence that says what contradicts and what accepting the change means.
    """

    number: str
    kind: str
    message: str


MemberSection = Callable[[StaffMember, date], Section]
# The date is the roster's effective date.
RosterQuestion = Callable[[Collection[PlannedChange], date], Iterable[Contradiction]]

# Filled by higher apps in their AppConfig.ready().
member_sections: list[MemberSection] = []
roster_questions: list[RosterQuestion] = []

# What higher apps know of units about to change on a day: sentences for the preview.
DepartmentNotes = Callable[[Collection[int], date], list[str]]

department_notes: list[DepartmentNotes] = []


def planned_changes(changes: Iterable[RosterChange | Change]) -> list[PlannedChange]:
    """The changes as the slot takes them; those of people not yet in service fall out.

    Two queries, whatever the number of changes.
    """
    keys = Keys.load()
    return [
        PlannedChange(
            staff_id=change.staff_id,
            number=change.number,
            kind=change.kind,
            starts_on=change.starts_on,
            department_id=_unit(keys, change),
            rank_id=keys.ranks.get(change.after.get("rank", "")),
            duty=change.after.get("duty") or "",
            left_on=_day(change.after.get("left_on")),
        )
        for change in changes
        if change.staff_id is not None
    ]


def _unit(keys: Keys, change: RosterChange | Change) -> int | None:
    """The new department; `None` without one, or while the roster has yet to make it."""
    unit = keys.unit(change.after.get("department", ""), change.starts_on)
    return unit.pk if unit else None


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def contradictions(planned: Collection[PlannedChange], on: date) -> list[Contradiction]:
    """What all higher apps have to ask about the changes, by staff number.

    A constant number of queries, whatever the number of people.
    """
    found = [one for question in roster_questions for one in question(planned, on)]
    return sorted(found, key=lambda one: one.number)


# Whether somebody has business of their own in an area to which no role leads them: by the door of
# the area, asked with the person's id on a day. The navigation then shows the door.
OwnBusiness = Callable[[int, date], bool]

own_business: dict[str, OwnBusiness] = {}
