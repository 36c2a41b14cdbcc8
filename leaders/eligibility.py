"""Who may be nominated, and why others may not."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from leaders.models import OPEN_NOMINATIONS, Cohort, LeaderTerm, Nomination
from staff.models import Assignment, Department, Duty, Employment, StaffMember
from staff.organisation import DepartmentTree
from training.models import Counting


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the department's people; `reason` is empty when they may be nominated."""

    staff: StaffMember
    rank: str
    department: str
    past_terms: int
    reason: str = ""

    @property
    def is_eligible(self) -> bool:
        """Whether the person may be nominated."""
        return not self.reason


def candidates(
    department: Department,
    cohort: Cohort,
    on: date,
    rule: Counting,
    apart_from: Nomination | None = None,
) -> list[Candidate]:
    """Everybody in service in the department or a unit under it on the day, in rank order.

    For a department that has been renamed or merged it is the successor in force on the day.

    Eligible: in the population, rank flagged 課長補佐～主任, not nominated or sitting in this
    cohort already. `apart_from`: the nomination being decided or corrected, which stands in
    nobody's way. Six queries.
    """
    tree = DepartmentTree.load(on)
    units = tree.under([tree.current(department.pk).pk])
    places = (
        Assignment.objects.employed(on)
        .within(units)
        .select_related("staff", "rank", "department")
        .order_by("rank__order", "staff__number")
    )
    in_population = set(
        Assignment.objects.in_population(on, rule).within(units).values_list("staff", flat=True)
    )
    taken = _taken(cohort, on, apart_from)
    past: dict[int, int] = {}
    for staff_id in LeaderTerm.objects.filter(cohort__number__lt=cohort.number).values_list(
        "staff", flat=True
    ):
        past[staff_id] = past.get(staff_id, 0) + 1
    return [
        Candidate(
            staff=place.staff,
            rank=place.rank.name,
            department=place.department.name,
            past_terms=past.get(place.staff_id, 0),
            reason=_reason(place, counted=place.staff_id in in_population, taken=taken),
        )
        for place in places
    ]


def _taken(cohort: Cohort, on: date, apart_from: Nomination | None) -> dict[int, str]:
    """Those already nominated or sitting in the cohort, with the sentence that says so."""
    nominated = Nomination.objects.filter(cohort=cohort, status__in=OPEN_NOMINATIONS)
    if apart_from is not None:
        nominated = nominated.exclude(pk=apart_from.pk)
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    sitting = LeaderTerm.objects.filter(not_over, cohort=cohort)
    taken = dict.fromkeys(nominated.values_list("staff", flat=True), "この期に推薦済みです。")
    return taken | dict.fromkeys(
        sitting.values_list("staff", flat=True), "この期のリーダーとして活動中です。"
    )


def _reason(place: Assignment, *, counted: bool, taken: dict[int, str]) -> str:
    if place.staff_id in taken:
        return taken[place.staff_id]
    if not counted:
        if place.duty != Duty.ACTIVE:
            return f"{Duty(place.duty).label}中のため、対象になりません。"
        return f"{Employment(place.employment).label}は、対象になりません。"
    if not place.rank.is_leader_eligible:
        return f"職名（{place.rank.name}）が課長補佐から主任までに当たりません。"
    return ""
