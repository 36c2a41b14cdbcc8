"""What is the same for every roster followed up on one day, read once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from leaders.departures import AffectedTerm, Organisation
from leaders.questions import Matter, Question, open_questions
from reports.progress import Leaders
from training.models import Counting


@dataclass(frozen=True, slots=True)
class Asked:
    """The terms about which HR has still to decide; 任期を続ける takes one off."""

    waiting: frozenset[tuple[int, str]]

    @classmethod
    def of(cls, questions: Iterable[Question]) -> "Asked":
        """What waits by these questions."""
        return cls(frozenset((one.term.pk, one.matter.value) for one in questions))

    def holds(self, found: AffectedTerm, matter: Matter) -> bool:
        """Whether the term waits for a decision about this."""
        return (found.term.pk, matter.value) in self.waiting


@dataclass(frozen=True, slots=True)
class Ground:
    """The day: its rule, its sitting leaders, its organisation, and what waits about terms."""

    on: date
    rule: Counting
    leaders: Leaders
    organisation: Organisation
    asked: Asked

    @classmethod
    def load(cls, on: date, rule: Counting, leaders: Leaders) -> "Ground":
        """In a constant number of queries."""
        return cls(on, rule, leaders, Organisation.load(on), Asked.of(open_questions(on)))
