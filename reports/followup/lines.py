"""What a page of things to do is made of, and what it is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from staff.models import Assignment, ChangeKind, Decision, RosterChange, StaffMember
from staff.slots import PlannedChange, planned_changes

MOST_SHOWN = 50  # also the most accounts that one button opens


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a part. `is_open`: still to do. `number`: of whom a button acts for."""

    label: str
    cells: tuple[str, ...]
    is_open: bool
    url: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One matter: what there is, what to do about it, and where.

    `for_admin`: only an administrator can do it; the personnel office asks them.
    """

    key: str
    title: str
    advice: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    url: str
    action: str
    for_admin: bool = False

    @property
    def open(self) -> int:
        """How many things are still to do."""
        return sum(line.is_open for line in self.lines)

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines a page shows."""
        return self.lines[:MOST_SHOWN]

    @property
    def more(self) -> int:
        """How many lines it leaves out."""
        return max(0, len(self.lines) - MOST_SHOWN)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Whom the part's button acts for."""
        return tuple(line.number for line in self.shown if line.number)


def person_line(
    member: StaffMember, *cells: str, is_open: bool, url: str = "", acts_for: str = ""
) -> Line:
    """A line about somebody; it leads to their page unless the matter has one of its own."""
    address = url or member.get_absolute_url()
    return Line(member.name, (member.number, *cells), is_open, address, acts_for)


def is_left_out(change: RosterChange) -> bool:
    """Whether the change was left out of the import, to be decided later."""
    return change.decision == Decision.LEFT_OUT


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """What the import changed, with the people as they stand now."""

    left_out: tuple[RosterChange, ...]
    planned: list[PlannedChange]
    hired: list[StaffMember]
    left: list[StaffMember]
    departments: dict[int, str]

    @classmethod
    def of(cls, changes: Sequence[RosterChange], on: date) -> "ImportFacts":
        """In four queries."""
        applied = [change for change in changes if not is_left_out(change)]
        hired = {change.number for change in applied if change.kind == ChangeKind.HIRED}
        left = {change.number for change in applied if change.kind == ChangeKind.LEFT}
        people = list(StaffMember.objects.filter(number__in=hired | left).select_related("user"))
        places = (
            Assignment.objects.as_of(on)
            .filter(staff__number__in=hired)
            .values_list("staff", "department__name")
        )
        return cls(
            left_out=tuple(change for change in changes if is_left_out(change)),
            planned=planned_changes(applied),
            hired=[
                one
                for one in people
                if one.number in hired and (one.left_on is None or one.left_on >= on)
            ],
            left=[one for one in people if one.number in left and one.left_on],
            departments=dict(places),
        )
