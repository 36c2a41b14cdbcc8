"""期の終了: when each term of a cohort ends, what is proposed for it, and what was decided."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from leaders.models import Cohort, EndReason, LeaderTerm
from leaders.rules import has_served, whole_months
from staff.models import Department
from staff.organisation import DepartmentTree

LABELS = {True: "修了", False: "未修了"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a term ends if nothing else happens, and what the rule of the twelve months proposes."""

    term: LeaderTerm
    ends_on: date
    end_reason: str
    months: int
    proposed: bool

    @property
    def is_decided(self) -> bool:
        """Whether HR has decided between 修了 and 未修了."""
        return self.term.is_decided

    @property
    def end_label(self) -> str:
        """Why it ends, in words."""
        return str(EndReason(self.end_reason).label) if self.end_reason else ""

    @property
    def state_label(self) -> str:
        """修了, 未修了 or 未判定."""
        if not self.is_decided:
            return "未判定"
        return LABELS[self.term.completed]

    @property
    def proposed_label(self) -> str:
        """What is proposed, in words."""
        return LABELS[self.proposed]

    @property
    def mark(self) -> str:
        """The same for the same term as it is stored: by it a page tells what its reader saw."""
        term = self.term
        stored = (term.starts_on, term.ends_on, term.end_reason, term.completed, self.is_decided)
        seen = [*map(str, stored), term.decision_reason, str(self.ends_on)]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]

    def is_over(self, on: date) -> bool:
        """Whether it can be decided: the day of its end has come."""
        return self.ends_on <= on

    def says(self, *, completed: bool, reason: str) -> bool:
        """Whether just this is decided already."""
        decided = (self.term.completed, self.term.decision_reason)
        return self.is_decided and decided == (completed, reason)


def outcome(term: LeaderTerm) -> Outcome:
    """What becomes of the term; reads its cohort and its person.

    A term that HR has not ended runs to the cohort's last day. Whatever its end, it is over with
    the person's last day of service. 修了 is proposed for at least twelve months of service, for a
    successor as for anybody else (plan.json: "a successor counts under the same rule").
    """
    last, left_on = term.cohort.ends_on, term.staff.left_on
    ends_on, reason = term.ends_on or last, term.end_reason
    if term.ends_on is None:
        reason = EndReason.COMPLETED
    served_until = ends_on
    if left_on is not None and left_on < ends_on:
        served_until = left_on
        # Who left before the first day has an end already when it is that day.
        if ends_on > term.starts_on:
            ends_on, reason = left_on, EndReason.RETIRED
    return Outcome(
        term=term,
        # Who left, or whose cohort was over, before the first day has served nothing.
        ends_on=max(ends_on, term.starts_on),
        end_reason=reason,
        months=max(whole_months(term.starts_on, served_until), 0),
        proposed=has_served(term.starts_on, served_until),
    )


def outcomes(cohort: Cohort) -> list[Outcome]:
    """All terms of the cohort, by department and first day; in one query."""
    terms = LeaderTerm.objects.filter(cohort=cohort).select_related("cohort", "staff", "department")
    return [outcome(term) for term in terms.order_by("department__order", "starts_on", "pk")]


def by_department(
    found: list[Outcome], tree: DepartmentTree
) -> list[tuple[Department, list[Outcome]]]:
    """The outcomes under the 部署 in force on the tree's day, in the order of departments."""
    groups: dict[int, list[Outcome]] = {}
    for one in found:
        groups.setdefault(tree.reporting_unit(one.term.department_id).pk, []).append(one)
    units = sorted((tree.by_id[pk] for pk in groups), key=lambda unit: (unit.order, unit.code))
    return [(unit, groups[unit.pk]) for unit in units]
