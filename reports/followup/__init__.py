"""April mode: what is left to do after a roster has been put into force."""

from dataclasses import dataclass
from datetime import date

from leaders.departures import affected_terms
from leaders.questions import open_questions
from reports.followup.leaders import Asked, lost, without
from reports.followup.lines import ImportFacts, Part
from reports.followup.people import owing, to_close, to_open
from reports.followup.undecided import undecided
from reports.progress import Leaders
from staff.models import RosterImport
from training.models import Counting


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


def followup(
    roster_import: RosterImport, today: date, rule: Counting, leaders: Leaders
) -> Followup:
    """What the import leaves to do today; a constant number of queries.

    `rule` and `leaders`: the counting rule in force and the leaders sitting on `followup_day`.
    """
    on = followup_day(roster_import, today)
    found = ImportFacts.of(list(roster_import.changes.order_by("number", "pk")), on)
    terms = affected_terms(found.planned, on)
    asked = Asked.of(open_questions(on))
    return Followup(
        on,
        (
            owing(found, on, rule),
            lost(terms, leaders, asked, on),
            without(leaders),
            to_close(found, today),
            to_open(found),
            undecided(found, terms, asked, on),
        ),
    )
