"""Leaders and nominations that a change of a person's place, rank, duty or service runs into."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from leaders.models import OPEN_NOMINATIONS, LeaderTerm, Nomination
from staff.models import ChangeKind, Department, Rank
from staff.organisation import DepartmentTree
from staff.slots import PlannedChange


@dataclass(frozen=True, slots=True)
class AffectedTerm:
    """A term that a change runs into; `place` names the new department or rank, if there is one."""

    change: PlannedChange
    term: LeaderTerm
    place: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the term would still run on the change's first day."""
        return self.term.ends_on is None or self.term.ends_on >= self.change.first_day


@dataclass(frozen=True, slots=True)
class AffectedNomination:
    """An open nomination that a change runs into."""

    change: PlannedChange
    nomination: Nomination
    place: str = ""


def affected_terms(
    changes: Collection[PlannedChange], organisation: "Organisation"
) -> list[AffectedTerm]:
    """Terms of those who leave, go on leave, change unit, or rise out of the eligible ranks.

    A term counts from the eve of the change on, so one that HR has ended since for this very
    change is still told; one whose cohort is over by then is not. One query.
    """
    terms: dict[int, list[LeaderTerm]] = defaultdict(list)
    for term in LeaderTerm.objects.filter(staff__in=_people(changes)).select_related(
        "cohort", "department", "staff"
    ):
        terms[term.staff_id].append(term)
    return [
        AffectedTerm(change, term, organisation.place(change))
        for change in changes
        for term in terms[change.staff_id]
        if _lasts(term, change) and organisation.takes_from_unit(change, term.department)
    ]


def affected_nominations(
    changes: Collection[PlannedChange], organisation: "Organisation"
) -> list[AffectedNomination]:
    """Nominations still open of people whom the change makes ineligible. One query."""
    open_ones: dict[int, list[Nomination]] = defaultdict(list)
    for nomination in Nomination.objects.filter(
        staff__in=_people(changes), status__in=OPEN_NOMINATIONS
    ).select_related("cohort", "department", "staff"):
        open_ones[nomination.staff_id].append(nomination)
    return [
        AffectedNomination(change, nomination, organisation.place(change))
        for change in changes
        for nomination in open_ones[change.staff_id]
        if nomination.cohort.ends_on >= change.first_day
        and organisation.takes_from_department(change, nomination.department)
    ]


def _people(changes: Collection[PlannedChange]) -> set[int]:
    return {change.staff_id for change in changes}


def _lasts(term: LeaderTerm, change: PlannedChange) -> bool:
    eve = change.first_day - timedelta(days=1)
    return term.cohort.ends_on > eve and (term.ends_on is None or term.ends_on >= eve)


@dataclass(frozen=True)
class Organisation:
    """What the organisation of a day says of a change."""

    tree: DepartmentTree
    ranks: dict[int, Rank]

    @classmethod
    def load(cls, on: date) -> "Organisation":
        """Departments and ranks as they are on the day, in two queries."""
        return cls(DepartmentTree.load(on), Rank.objects.in_bulk())

    def place(self, change: PlannedChange) -> str:
        """The name of the new department or rank."""
        if change.kind == ChangeKind.MOVED and change.department_id in self.tree.by_id:
            return self.tree.by_id[change.department_id].name
        if change.kind == ChangeKind.RANK_CHANGED and change.rank_id in self.ranks:
            return self.ranks[change.rank_id].name
        return ""

    def takes_from_unit(self, change: PlannedChange, department: Department) -> bool:
        """Whether the person stands, after the change, where no leader of the 部署 should."""
        return self._removes(change) or (
            self._moves(change) and self._unit(change.department_id) != self._unit(department.pk)
        )

    def takes_from_department(self, change: PlannedChange, department: Department) -> bool:
        """Whether the person can no longer be nominated in the department or a unit under it."""
        return self._removes(change) or (
            self._moves(change) and change.department_id not in self.tree.under([department.pk])
        )

    def _removes(self, change: PlannedChange) -> bool:
        return change.leaves or change.goes_on_leave or self._rises(change)

    def _moves(self, change: PlannedChange) -> bool:
        return change.kind == ChangeKind.MOVED and change.department_id in self.tree.by_id

    def _rises(self, change: PlannedChange) -> bool:
        rank = self.ranks.get(change.rank_id or 0)
        return (
            change.kind == ChangeKind.RANK_CHANGED
            and rank is not None
            and not rank.is_leader_eligible
        )

    def _unit(self, department_id: int | None) -> int | None:
        if department_id not in self.tree.by_id:
            return department_id
        return self.tree.reporting_unit(department_id).pk


def lost_leaders(changes: Collection[PlannedChange], on: date) -> Iterator[AffectedTerm]:
    """The terms by which a 部署 loses its leader: of those who leave or change unit."""
    for found in affected_terms(changes, Organisation.load(on)):
        if found.change.leaves or found.change.kind == ChangeKind.MOVED:
            yield found
