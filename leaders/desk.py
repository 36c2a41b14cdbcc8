"""The nominating desk: what whoever nominates for a 部署 has before them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from leaders.models import (
    OPEN_NOMINATIONS,
    Cohort,
    EnteredAs,
    LeaderTerm,
    Nomination,
    NominationStatus,
)
from leaders.openings import (
    Opening,
    OpeningKind,
    Sight,
    entered_as,
    opening,
    opening_on_behalf,
)
from staff.access import Access
from staff.models import Department
from staff.organisation import DepartmentTree

STAGES: Final = ("記入", "人事担当の確認", "任命")


@dataclass(frozen=True, slots=True)
class FormerLeader:
    """A leader of the 部署 in this cohort or the one before, and how the term stands.

    `ends_on`: the last day, as far as the asker may know it.
    """

    term: LeaderTerm
    ends_on: date | None
    standing: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What a 部署 may do in a cohort on a day, who led it, and what lies there already."""

    cohort: Cohort
    department: Department
    capacity: EnteredAs | None
    opening: Opening | None
    is_done: bool
    leaders: tuple[FormerLeader, ...]
    nominations: tuple[Nomination, ...]

    @property
    def is_on_behalf(self) -> bool:
        """Whether HR enters in the head's place."""
        return self.capacity == EnteredAs.HR

    @property
    def is_deputy(self) -> bool:
        """Whether a deputy enters in the head's place."""
        return self.capacity == EnteredAs.DEPUTY

    @property
    def is_replacement(self) -> bool:
        """Whether outside the round somebody is wanted because nobody leads on."""
        return self.opening is not None and self.opening.kind == OpeningKind.REPLACEMENT


def desk_of(access: Access, cohort: Cohort, unit: Department, on: date) -> Desk:
    """The desk of the unit in force. Three queries."""
    tree = DepartmentTree.load(on)
    terms = [
        term
        for term in LeaderTerm.objects.filter(
            cohort__number__in=(cohort.number - 1, cohort.number)
        ).select_related("cohort", "staff", "department", "nomination")
        if tree.reporting_unit(term.department_id) == unit
    ]
    own = [term for term in terms if term.cohort_id == cohort.pk]
    capacity = entered_as(access, unit.pk)
    ask = opening_on_behalf if capacity == EnteredAs.HR else opening
    sight = Sight.of(access, on)
    open_ones = Nomination.objects.visible_to(access).filter(
        cohort=cohort, status__in=OPEN_NOMINATIONS
    )
    return Desk(
        cohort=cohort,
        department=unit,
        capacity=capacity,
        opening=ask(cohort, own, sight),
        is_done=cohort.is_over(on),
        leaders=tuple(
            FormerLeader(term, term.end_known_on(sight.known_until), term.standing(on))
            for term in terms
        ),
        nominations=tuple(
            one
            for one in open_ones.select_related("staff").order_by("pk")
            if tree.reporting_unit(one.department_id) == unit
        ),
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a nomination is, counted from 1."""

    steps: tuple[str, ...]
    current: int


def stage_of(nomination: Nomination) -> Stage | None:
    """How far it is; one that was taken back is nowhere."""
    if nomination.status == NominationStatus.WITHDRAWN:
        return None
    reached = {NominationStatus.SUBMITTED: 2, NominationStatus.APPROVED: 3}
    return Stage(STAGES, reached.get(NominationStatus(nomination.status), 1))
