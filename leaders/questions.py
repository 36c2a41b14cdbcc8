"""What HR has to decide about terms: leaders who moved, are away, or have left the service."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F, Q

from agano_dx.lib.fiscal import era_date
from leaders.models import Continuation, LeaderTerm, QuestionKind
from staff.models import Assignment, Duty
from staff.organisation import DepartmentTree


class Matter(StrEnum):
    """What happened to a leader. The first two are `QuestionKind`: a term may go on over them."""

    MOVED = "moved"
    ON_LEAVE = "on_leave"
    LEFT = "left"
    PROMOTED = "promoted"


# What HR may answer with 任期を続ける.
CONTINUABLE = (Matter.MOVED, Matter.ON_LEAVE)


@dataclass(frozen=True, slots=True)
class Question:
    """A term that waits for a decision; of a promoted leader HR is only warned.

    `since`: the first day on which the person stood so; of a leaver their last day of service.
    `place`: where they are now, in words: a department, a kind of leave, a rank.
    """

    term: LeaderTerm
    matter: Matter
    since: date
    place: str
    department_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether HR has to decide."""
        return self.matter != Matter.PROMOTED

    @property
    def happened(self) -> str:
        """What happened, in words."""
        if self.matter == Matter.LEFT and self.term.staff.left_on:
            return f"{era_date(self.term.staff.left_on)}に退職"
        day = era_date(self.since)
        if self.matter == Matter.MOVED:
            return f"{day}に{self.place}へ異動"
        if self.matter == Matter.ON_LEAVE:
            return f"{day}から{self.place}"
        return f"{day}に推薦の対象でない職名（{self.place}）に昇任"

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.matter == Matter.LEFT:
            return "退任日を確かめてください。"
        if self.matter == Matter.PROMOTED:
            return "任期は続きます。"
        return "任期を続けるか、終えるかを決めてください。"


def open_questions(on: date) -> list[Question]:
    """Everything about terms that waits on the day, and the warnings; in four queries.

    Places count from their very day: who moves on 1 April is asked about on 1 April.
    """
    has_gone = Q(staff__left_on__lt=on) & Q(staff__left_on__lt=F("ends_on"))
    terms = LeaderTerm.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on) | has_gone,
        cohort__closed_at__isnull=True,
        decided_on__isnull=True,
        completed=False,
    ).select_related("cohort", "staff", "department")
    return questions_about(list(terms), on)


def questions_about(terms: Collection[LeaderTerm], on: date) -> list[Question]:
    """What waits on the day about these terms, none of them closed or judged; three queries."""
    facts = _Facts.load(terms, on)
    return [question for term in terms for question in facts.ask(term)]


@dataclass(frozen=True)
class _Facts:
    """Where the people stood up to the day, and what was decided about it by then."""

    on: date
    tree: DepartmentTree
    places: dict[int, list[Assignment]]
    continued: dict[int, list[Continuation]]

    @classmethod
    def load(cls, terms: Collection[LeaderTerm], on: date) -> "_Facts":
        places: dict[int, list[Assignment]] = defaultdict(list)
        for place in (
            Assignment.objects.filter(staff__in={term.staff_id for term in terms})
            .filter(starts_on__lte=on)
            .select_related("department", "rank")
            .order_by("starts_on")
        ):
            places[place.staff_id].append(place)
        continued: dict[int, list[Continuation]] = defaultdict(list)
        for one in Continuation.objects.filter(term__in=terms, decided_on__lte=on):
            continued[one.term_id].append(one)
        return cls(on, DepartmentTree.load(on), places, continued)

    def ask(self, term: LeaderTerm) -> Iterator[Question]:
        left_on = term.staff.left_on
        if left_on is not None and left_on < self.on:
            # Who left before the first day never sat; such a term ends with its first day.
            last_day = max(left_on, term.starts_on)
            is_open = term.ends_on is None or last_day < term.ends_on
            if is_open and left_on <= term.cohort.ends_on:
                yield Question(term, Matter.LEFT, left_on, "")
            return
        places = self.places[term.staff_id]
        # An end that HR entered ahead settles nothing: who has moved sits on until then.
        if not places or term.cohort.ends_on < self.on or term.is_over(self.on):
            return
        yield from self._away(term, places)
        yield from self._on_leave(term, places)
        yield from self._promoted(term, places)

    def _away(self, term: LeaderTerm, places: list[Assignment]) -> Iterator[Question]:
        now, home = places[-1], self._unit(term.department_id)
        there = self._unit(now.department_id)
        if there == home:
            return
        since = _since(places, lambda place: self._unit(place.department_id) == there)
        decided = [
            one
            for one in self.continued[term.pk]
            if one.kind == QuestionKind.MOVED
            and one.decided_on >= since
            and self._unit(one.department_id) == there
        ]
        if not decided:
            yield Question(term, Matter.MOVED, since, now.department.name, now.department_id)

    def _on_leave(self, term: LeaderTerm, places: list[Assignment]) -> Iterator[Question]:
        now = places[-1]
        if now.duty == Duty.ACTIVE:
            return
        since = _since(places, lambda place: place.duty != Duty.ACTIVE)
        if not any(
            one.kind == QuestionKind.ON_LEAVE and one.decided_on >= since
            for one in self.continued[term.pk]
        ):
            words = Duty(now.duty).label
            yield Question(term, Matter.ON_LEAVE, since, words, now.department_id)

    def _promoted(self, term: LeaderTerm, places: list[Assignment]) -> Iterator[Question]:
        """A leader promoted out of the eligible ranks stays; one appointed so was known."""
        first_day = [place for place in places if place.starts_on <= term.starts_on]
        was_eligible = not first_day or first_day[-1].rank.is_leader_eligible
        if was_eligible and not places[-1].rank.is_leader_eligible:
            since = _since(places, lambda place: not place.rank.is_leader_eligible)
            yield Question(term, Matter.PROMOTED, since, places[-1].rank.name)

    def _unit(self, department_id: int) -> int:
        return self.tree.reporting_unit(department_id).pk


def _since(places: list[Assignment], holds: Callable[[Assignment], bool]) -> date:
    """The first day of the unbroken stretch, up to the last place, over which it holds."""
    since = places[-1].starts_on
    for place in reversed(places):
        if not holds(place):
            break
        since = place.starts_on
    return since
