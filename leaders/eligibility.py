"""Who may be nominated, and why others may not; what speaks for each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from leaders.models import OPEN_NOMINATIONS, Cohort, LeaderTerm, Nomination, Strand
from staff.models import Assignment, Department, Duty, Employment, StaffMember
from staff.organisation import DepartmentTree
from training.models import Attendance, Category, Counting

OWN_NAME = "自分を推薦することはできません。ほかの人に入力を頼んでください。"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the department's people; `reason` is empty when they may be nominated.

    `terms`: in words, 「第1期（修了）」; `completed`: what the person has done of what the counting
    rule requires; `learned`: likewise of the leaders' curriculum.
    """

    staff: StaffMember
    rank: str
    department: str
    terms: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
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
    asker: int | None = None,
) -> list[Candidate]:
    """Everybody in service in the department or a unit under it on the day, in rank order.

    For a department that has been renamed or merged it is the successor in force on the day.

    Eligible: in the population, rank flagged 課長補佐～主任, not nominated or sitting in this
    cohort already. `apart_from`: the nomination being decided or corrected, which stands in
    nobody's way. `asker`: who nominates; nobody names themself. Eight queries.
    """
    tree = DepartmentTree.load(on)
    units = tree.under([tree.current(department.pk).pk])
    places = list(
        Assignment.objects.employed(on)
        .within(units)
        .select_related("staff", "rank", "department")
        .order_by("rank__order", "staff__number")
    )
    people = [place.staff_id for place in places]
    in_population = set(
        Assignment.objects.in_population(on, rule).within(units).values_list("staff", flat=True)
    )
    taken = _taken(cohort, on, apart_from)
    terms = _terms(people, on)
    completed, learned = _completed(people, on, rule), _learned(people, on)
    return [
        Candidate(
            staff=place.staff,
            rank=place.rank.name,
            department=place.department.name,
            terms=tuple(terms[place.staff_id]),
            completed=tuple(completed[place.staff_id]),
            learned=tuple(learned[place.staff_id]),
            reason=_reason(place, counted=place.staff_id in in_population, taken=taken)
            or (OWN_NAME if place.staff_id == asker else ""),
        )
        for place in places
    ]


def _terms(people: Collection[int], on: date) -> dict[int, list[str]]:
    """The terms begun by the day, the oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    terms = LeaderTerm.objects.filter(staff__in=people, starts_on__lte=on).select_related("cohort")
    for term in terms.order_by("starts_on", "pk"):
        found[term.staff_id].append(f"{term.cohort}（{term.standing(on)}）")
    return found


def _completed(people: Collection[int], on: date, rule: Counting) -> dict[int, list[str]]:
    """The required categories each has completed, in the rule's order."""
    done = Attendance.objects.completed(on, rule).filter(
        staff__in=people, category__in=rule.required_categories
    )
    pairs = set(done.values_list("staff", "category"))
    return defaultdict(
        list,
        {
            one: [Category(name).label for name in rule.required_categories if (one, name) in pairs]
            for one in people
        },
    )


def _learned(people: Collection[int], on: date) -> dict[int, list[str]]:
    """The strands of the leaders' curriculum each has done a course of."""
    done = Attendance.objects.completed(on).filter(
        staff__in=people, offering__course__curriculum__isnull=False
    )
    pairs = set(done.values_list("staff", "offering__course__curriculum__strand"))
    return defaultdict(
        list,
        {one: [strand.label for strand in Strand if (one, strand) in pairs] for one in people},
    )


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
