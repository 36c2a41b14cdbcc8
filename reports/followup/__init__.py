"""April mode: what is left to do after a roster has been put into force."""

from dataclasses import dataclass
from datetime import date

from leaders.departures import affected_terms
from reports.followup.ground import Ground
from reports.followup.leaders import lost, without
from reports.followup.lines import ImportFacts, Part
from reports.followup.people import owing, to_close, to_open
from reports.followup.undecided import undecided
from staff.models import RosterImport


@dataclass(frozen=True, slots=True)
class Followup:
    """Everything left to do after an import."""

    on: date
    parts: tuple[Part, ...]

    @property
    def waiting(self) -> tuple[Part, ...]:
        """The parts with something to do that comes of this very import."""
        return tuple(part for part in self.parts if part.open and part.key != "without")


def followup_day(roster_import: RosterImport, today: date) -> date:
    """The day such a page speaks of: today, or the effective date while that is to come."""
    effective_on = roster_import.effective_on
    return today if effective_on is None else max(today, effective_on)


def followup(roster_import: RosterImport, today: date, ground: Ground) -> Followup:
    """What the import leaves to do today; a constant number of queries.

    `ground`: what holds on its `followup_day`.
    """
    found = ImportFacts.of(list(roster_import.changes.order_by("number", "pk")), ground.on)
    terms = affected_terms(found.planned, ground.organisation)
    return Followup(
        ground.on,
        (
            owing(found, ground.on, ground.rule),
            lost(terms, ground),
            without(ground.leaders),
            to_close(found, today),
            to_open(found),
            undecided(found, terms, ground),
        ),
    )
