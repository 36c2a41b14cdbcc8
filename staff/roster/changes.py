"""What a roster changes about people, and under what it is compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agano_dx.lib.issues import Issue
from staff.models import ChangeKind

# The kinds of the commands' summary; the others are details that leave a person "unchanged".
SUMMARY_KINDS = (
    ChangeKind.HIRED,
    ChangeKind.LEFT,
    ChangeKind.MOVED,
    ChangeKind.RANK_CHANGED,
    ChangeKind.RENAMED,
    ChangeKind.DUTY_CHANGED,
)
LEAVERS_ALARM_PERCENT = 5


def are_alarming(leavers: int, before: int) -> bool:
    """Whether so many leave, of so many in service before, that somebody must look twice."""
    return leavers * 100 > before * LEAVERS_ALARM_PERCENT


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one kind to one person; `before` and `after` hold field → plain value."""

    kind: str
    number: str
    name: str
    staff_id: int | None
    starts_on: date
    before: dict[str, Any]
    after: dict[str, Any]
    sheet: str = ""
    row: int | None = None
    # Why somebody has to decide; with whom the person may be mixed up (staff numbers).
    question: str = ""
    namesakes: tuple[str, ...] = ()
    # A question that nobody has to answer: unless somebody does, the change is left out.
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """Under what a roster is compared.

    `confirmed`: the days of the full rosters in force, earliest first; what they said holds from
    their day on. `same_people`: new staff number → the number the person had before.
    """

    effective_on: date
    kind: str
    today: date
    confirmed: tuple[date, ...] = ()
    same_people: Mapping[str, str] = field(default_factory=dict)

    def confirmed_after(self, day: date) -> date | None:
        """The first full roster in force that is newer than the day."""
        return next((known for known in self.confirmed if known > day), None)

    @property
    def newer_roster(self) -> date | None:
        """The first full roster newer than this one: it makes this one a look back."""
        return self.confirmed_after(self.effective_on)


@dataclass
class RosterDiff:
    """All changes, with the errors and warnings that comparing found."""

    changes: list[Change] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    errors: list[Issue] = field(default_factory=list)
    unchanged: int = 0

    @property
    def expected(self) -> list[Change]:
        """The changes that come unless somebody says no."""
        return [change for change in self.changes if not change.is_optional]

    def numbers(self, kind: str) -> list[str]:
        """The staff numbers with a change of this kind, sorted."""
        return sorted({change.number for change in self.changes if change.kind == kind})


def iso(day: date | None) -> str | None:
    """A day as changes hold it."""
    return day.isoformat() if day else None
