"""The round of a cohort at a glance: how far each 部署 has come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.db.models import Q

from leaders.models import Cohort, LeaderTerm, Nomination, NominationStatus
from leaders.openings import openings
from staff.access import Access
from staff.models import Department
from staff.organisation import DepartmentTree


class Standing(Enum):
    """How far a department has come; in this order they stand on the board."""

    SILENT = "silent"
    DRAFT = "draft"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    DONE = "done"

    @property
    def label(self) -> str:
        """As the board says it."""
        return _LABELS[self]


_LABELS = {
    Standing.SILENT: "未着手",
    Standing.DRAFT: "下書き",
    Standing.RETURNED: "差戻し",
    Standing.SUBMITTED: "提出済み",
    Standing.DONE: "承認済み",
}
# Nothing of these has reached HR, or stayed there.
MISSING = (Standing.SILENT, Standing.DRAFT, Standing.RETURNED)


@dataclass(slots=True)
class DepartmentState:
    """One department in a round: its nominations, and its leaders of this term and the last."""

    department: Department
    may_nominate: bool
    nominations: list[Nomination] = field(default_factory=list)
    leaders: list[LeaderTerm] = field(default_factory=list)
    before: list[LeaderTerm] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        """What is to be done next decides: a nomination that waits goes before an approved one.

        A department whose leader left has to begin again, whatever was approved before.
        """
        statuses = {nomination.status for nomination in self.nominations}
        if NominationStatus.SUBMITTED in statuses:
            return Standing.SUBMITTED
        if self.leaders:
            return Standing.DONE
        if NominationStatus.RETURNED in statuses:
            return Standing.RETURNED
        return Standing.DRAFT if NominationStatus.DRAFT in statuses else Standing.SILENT

    @property
    def label(self) -> str:
        """The standing in words; a leader without a nomination here came from the old lists."""
        approved = any(one.status == NominationStatus.APPROVED for one in self.nominations)
        if self.standing == Standing.DONE and not approved:
            return "任命済み"
        return self.standing.label

    @property
    def is_missing(self) -> bool:
        """Whether the department still owes a nomination."""
        return self.standing in MISSING


@dataclass(frozen=True, slots=True)
class Board:
    """The departments of a round that the asker may see, those that owe something first."""

    cohort: Cohort
    states: list[DepartmentState]

    @property
    def waiting(self) -> list[Nomination]:
        """What waits for HR's decision."""
        return self._those(NominationStatus.SUBMITTED)

    @property
    def left(self) -> list[Nomination]:
        """What has not been handed in. Once the round is closed, HR does so in the head's place.

        Unless a leader of the department steps down: then its head can again.
        """
        return self._those(NominationStatus.DRAFT, NominationStatus.RETURNED)

    def _those(self, *statuses: NominationStatus) -> list[Nomination]:
        return [
            nomination
            for state in self.states
            for nomination in state.nominations
            if nomination.status in statuses
        ]

    @property
    def missing(self) -> list[DepartmentState]:
        """The departments that still owe a nomination."""
        return [state for state in self.states if state.is_missing]

    @property
    def missing_names(self) -> list[tuple[Standing, list[str]]]:
        """Their names, by how far they have come."""
        return [
            (standing, names)
            for standing in MISSING
            if (names := [one.department.name for one in self.missing if one.standing == standing])
        ]

    @property
    def counts(self) -> dict[Standing, int]:
        """How many departments stand where."""
        standings = [state.standing for state in self.states]
        return {standing: standings.count(standing) for standing in Standing}


def board_of(cohort: Cohort, access: Access, tree: DepartmentTree) -> Board:
    """The round as the asker may see it on the tree's day, in three queries.

    Everything stands at the 部署 that it belongs to on the day. Somebody who nominates sees their
    own departments: the nominations there, the leaders of this cohort and of the one before.
    """
    units = [
        unit
        for unit in tree.in_order
        if unit.gives_leader and (access.sees_everyone or unit.pk in access.nominating)
    ]
    states = {
        unit.pk: DepartmentState(unit, may_nominate=may)
        for unit, may in _may_nominate(cohort, units, access, tree)
    }
    for nomination in _nominations(cohort, access):
        if state := states.get(tree.reporting_unit(nomination.department_id).pk):
            state.nominations.append(nomination)
    for term in _terms(cohort, tree.on):
        if state := states.get(tree.reporting_unit(term.department_id).pk):
            (state.leaders if term.cohort_id == cohort.pk else state.before).append(term)
    order = list(Standing)
    return Board(cohort, sorted(states.values(), key=lambda one: order.index(one.standing)))


def _may_nominate(
    cohort: Cohort, units: Sequence[Department], access: Access, tree: DepartmentTree
) -> Iterable[tuple[Department, bool]]:
    """Whether the asker may hand one in: heads and deputies in their time, HR until the end."""
    open_to_heads = openings(cohort, units, tree, access.known_until(tree.on))
    for unit in units:
        if unit.pk in access.nominating:
            yield unit, open_to_heads[unit.pk] is not None
        else:
            yield unit, access.keeps_leaders and not cohort.is_over(tree.on)


def _nominations(cohort: Cohort, access: Access) -> Iterable[Nomination]:
    return (
        Nomination.objects.visible_to(access)
        .filter(cohort=cohort)
        .exclude(status=NominationStatus.WITHDRAWN)
        .select_related("cohort", "staff", "department", "replaces")
    )


def _terms(cohort: Cohort, on: date) -> Iterable[LeaderTerm]:
    """Those who lead or will lead in this cohort, and whoever led in the one before."""
    staying = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    in_service = Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=on)
    return (
        LeaderTerm.objects.filter(
            (Q(cohort=cohort) & staying & in_service) | Q(cohort__number=cohort.number - 1)
        )
        .select_related("staff", "department")
        .order_by("starts_on", "pk")
    )
