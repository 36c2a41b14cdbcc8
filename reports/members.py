"""The people of a frozen year as its page and its list show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports.comparison.tally import FIGURES
from reports.models import Snapshot
from reports.progress import SHOWN_CATEGORIES
from reports.snapshots import frozen_standings, rule_from
from reports.standing import BY_EMPLOYMENT, Standing, Verdict, judge
from staff.models import Duty, Employment, StaffMember

HEADINGS = (
    "職員番号",
    "氏名",
    "所属",
    "職名",
    "任用形態",
    "在職区分",
    "全職員",
    *(f"{category.label}" for category in SHOWN_CATEGORIES),
    "デジタル活用職員",
)
YES = "○"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody as they stood, with the name they have today."""

    standing: Standing
    verdict: Verdict
    department: str
    name: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row, in the order of `HEADINGS`."""
        one = self.standing
        return (
            one.number,
            self.name,
            self.department,
            one.rank,
            str(Employment(one.employment).label),
            str(Duty(one.duty).label),
            self.counted,
            *(YES if category in one.done else "" for category in SHOWN_CATEGORIES),
            YES if self.verdict.is_capable else "",
        )

    @property
    def counted(self) -> str:
        """Whether counted as 全職員, or why not."""
        if self.verdict.is_counted:
            return YES
        by_employment = self.verdict.left_out == BY_EMPLOYMENT
        return "任用形態により数えない" if by_employment else "在職区分により数えない"


def department_names(snapshot: Snapshot) -> dict[int, str]:
    """What the departments were called then."""
    return {one["id"]: one["name"] for one in snapshot.members["departments"]}


def members(snapshot: Snapshot, units: frozenset[int] | None) -> list[Standing]:
    """Everybody of the units then, by department and number."""
    order = {pk: index for index, pk in enumerate(department_names(snapshot))}
    people = [
        one
        for one in frozen_standings(snapshot).people
        if units is None or one.department_id in units
    ]
    return sorted(people, key=lambda one: (order[one.department_id], one.number))


def with_names(snapshot: Snapshot, people: Sequence[Standing]) -> list[Member]:
    """The same with their names, in one query."""
    rule, places = rule_from(snapshot.rule), department_names(snapshot)
    names = dict(
        StaffMember.objects.filter(pk__in=[one.staff_id for one in people]).values_list(
            "pk", "name"
        )
    )
    return [
        Member(
            one,
            judge(one, snapshot.as_of, rule),
            places[one.department_id],
            names.get(one.staff_id, "－"),
        )
        for one in people
    ]


def figure_rows(found: Counter[str]) -> list[tuple[str, int]]:
    """Every figure with its words."""
    return [(label, found[key]) for key, label in FIGURES.items()]
