"""When a 部署 may nominate: in the round, and outside it when nobody leads on."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from leaders.models import Cohort, EnteredAs, LeaderTerm, NominationStatus
from staff.access import Access
from staff.models import Department
from staff.organisation import DepartmentTree


class OpeningKind(Enum):
    """Why a nomination may be handed in."""

    ROUND = "推薦の受付期間"
    REPLACEMENT = "後任の推薦"
    ON_BEHALF = "人事担当による代行"


@dataclass(frozen=True, slots=True)
class Opening:
    """A nomination may be handed in; `replaces` is the term whose successor it names."""

    kind: OpeningKind
    replaces: LeaderTerm | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """The day on which is asked, and how far whoever asks may see: `None` is without end.

    An end to come may be 内示: to a head such a leader stays until its day.
    """

    on: date
    known_until: date | None

    @classmethod
    def of(cls, access: Access, on: date) -> "Sight":
        """What the asker may see on the day."""
        return cls(on, access.known_until(on))


def opening(cohort: Cohort, terms: Collection[LeaderTerm], sight: Sight) -> Opening | None:
    """Whether the 部署 with these terms of the cohort may nominate on the day.

    In the round always. Outside it while the cohort runs, or between its round and its first day,
    when no leader stays: all have an end or have left the service. A 部署 that was silent in the
    round waits for HR. `terms` with their `staff` and `nomination`, as `terms_by_unit` reads them.
    """
    on = sight.on
    if cohort.is_over(on):
        return None
    left = vacated(cohort, terms, sight)
    if cohort.takes_nominations(on):
        return Opening(OpeningKind.ROUND, left)
    waits = on < cohort.starts_on and _round_is_past(cohort, on)
    if left is not None and (cohort.runs_on(on) or waits):
        return Opening(OpeningKind.REPLACEMENT, left)
    return None


def opening_on_behalf(
    cohort: Cohort, terms: Collection[LeaderTerm], sight: Sight
) -> Opening | None:
    """HR may enter in a head's place until the cohort is over."""
    found = opening(cohort, terms, sight)
    if found is not None or cohort.is_over(sight.on):
        return found
    return Opening(OpeningKind.ON_BEHALF, vacated(cohort, terms, sight))


def somebody_stays(cohort: Cohort, terms: Collection[LeaderTerm], sight: Sight) -> bool:
    """Whether one of them leads to the cohort's last day, as far as is known."""
    return any(_stays(term, cohort, sight) for term in terms)


def vacated(cohort: Cohort, terms: Collection[LeaderTerm], sight: Sight) -> LeaderTerm | None:
    """The term to be succeeded: the latest to end, if nobody stays and nobody succeeded yet."""
    if not terms or somebody_stays(cohort, terms, sight):
        return None
    left = [term for term in terms if not is_succeeded(term, terms)]
    return max(left, key=lambda term: (_last_day(term), term.starts_on, term.pk), default=None)


def is_succeeded(former: LeaderTerm, terms: Iterable[LeaderTerm]) -> bool:
    """Whether one of these terms came of an approved nomination of its successor."""
    return any(
        term.nomination is not None
        and term.nomination.status == NominationStatus.APPROVED
        and term.nomination.replaces_id == former.pk
        for term in terms
    )


def open_to_head(cohort: Cohort, department_id: int, on: date) -> bool:
    """Whether the head of the department can hand one in on the day."""
    tree = DepartmentTree.load(on)
    terms = terms_by_unit(cohort, tree)[tree.reporting_unit(department_id).pk]
    return opening(cohort, terms, Sight(on, on)) is not None


def entered_as(access: Access, department_id: int) -> EnteredAs | None:
    """In what capacity the asker nominates for the department; `None`: they may not."""
    if department_id in access.headed:
        return EnteredAs.HEAD
    if department_id in access.deputised:
        return EnteredAs.DEPUTY
    return EnteredAs.HR if access.keeps_leaders else None


def openings(
    cohort: Cohort, units: Iterable[Department], tree: DepartmentTree, known_until: date | None
) -> dict[int, Opening | None]:
    """For each of the units whether it may nominate on the tree's day. In one query."""
    terms, sight = terms_by_unit(cohort, tree), Sight(tree.on, known_until)
    return {unit.pk: opening(cohort, terms[unit.pk], sight) for unit in units}


def terms_by_unit(cohort: Cohort, tree: DepartmentTree) -> dict[int, list[LeaderTerm]]:
    """The cohort's terms by the 部署 that their department belongs to on the day; one query."""
    found: dict[int, list[LeaderTerm]] = defaultdict(list)
    terms = LeaderTerm.objects.filter(cohort=cohort).select_related(
        "staff", "cohort", "department", "nomination"
    )
    for term in terms:
        found[tree.reporting_unit(term.department_id).pk].append(term)
    return found


def _round_is_past(cohort: Cohort, on: date) -> bool:
    return cohort.nominations_closed_at is not None or (
        cohort.nominations_close_on is not None and cohort.nominations_close_on < on
    )


def _stays(term: LeaderTerm, cohort: Cohort, sight: Sight) -> bool:
    if term.staff.left_on is not None and term.staff.left_on < sight.on:
        return False
    ends_on = term.end_known_on(sight.known_until)
    return ends_on is None or ends_on >= cohort.ends_on


def _last_day(term: LeaderTerm) -> date:
    days = [day for day in (term.ends_on, term.staff.left_on) if day is not None]
    return min(days, default=date.max)
