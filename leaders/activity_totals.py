"""What the activities of a cohort add up to.

An activity called off (中止) is counted as such and nowhere else. Hours are hours of work a year;
an activity without both of them counts to no sum, and how many those are is always said beside.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, Sum

from leaders.models import Activity, ActivityStatus, Cohort, LeaderTerm
from staff.models import Department
from staff.organisation import DepartmentTree

TENTH: Final = Decimal("0.1")
GOING: Final = ~Q(status=ActivityStatus.STOPPED)
MEASURED: Final = GOING & Q(hours_before__isnull=False, hours_after__isnull=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over some activities. `measured`: how many stand in the sums of hours.

    `saved_by_done`: of the hours saved those of completed activities; the rest is expected.
    """

    planned: int = 0
    running: int = 0
    done: int = 0
    stopped: int = 0
    measured: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    saved_by_done: Decimal = Decimal(0)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in Figures.__slots__))

    @property
    def going(self) -> int:
        """All but those called off."""
        return self.planned + self.running + self.done

    @property
    def unmeasured(self) -> int:
        """How many of those going on or done lack their hours."""
        return self.going - self.measured

    @property
    def saved(self) -> Decimal:
        """Hours a year saved; negative where there is more work than before."""
        return self.before - self.after

    @property
    def states(self) -> str:
        """How many of them have come how far; those called off beside."""
        return (
            f"計画中{self.planned}・実施中{self.running}・完了{self.done}"
            f"（ほかに中止{self.stopped}）"
        )

    @property
    def measured_words(self) -> str:
        """Over how many activities the hours are added up."""
        return f"時間を入力した{self.measured}件の合計（未入力{self.unmeasured}件）"


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """One 部署. `joined`: activities led elsewhere in which its leaders take part."""

    department: Department
    figures: Figures
    joined: int

    @property
    def is_active(self) -> bool:
        """Whether its leaders lead or join an activity that is not called off."""
        return self.figures.going + self.joined > 0


@dataclass(frozen=True, slots=True)
class Totals:
    """A cohort, whole or for the units asked for."""

    departments: tuple[DepartmentFigures, ...]

    @property
    def figures(self) -> Figures:
        """The sum over the departments."""
        return sum((one.figures for one in self.departments), Figures())

    @property
    def active(self) -> int:
        """How many of the departments have an activity."""
        return sum(one.is_active for one in self.departments)

    @property
    def active_words(self) -> str:
        """Out of how many departments, and how many have none."""
        count = len(self.departments)
        return f"{count}部署のうち（活動のない部署 {count - self.active}）"

    @property
    def idle(self) -> list[Department]:
        """Those that have none."""
        return [one.department for one in self.departments if not one.is_active]


def activity_totals(cohort: Cohort, on: date, units: Collection[int] | None) -> Totals:
    """The cohort's activities by 部署; `units` narrows to these, `None` is the whole city.

    The departments (the denominator): those that must give a leader on the day, and any other that
    leads an activity. One renamed or merged since stands for its successor. Four queries.
    """
    tree = DepartmentTree.load(on)
    figures, joined = _led(cohort, tree), _joined(cohort, tree)
    giving = [unit for unit in tree.in_order if unit.gives_leader]
    others = [tree.by_id[pk] for pk in figures if pk not in {unit.pk for unit in giving}]
    return Totals(
        tuple(
            DepartmentFigures(unit, figures.get(unit.pk, Figures()), len(joined.get(unit.pk, ())))
            for unit in [*giving, *sorted(others, key=lambda unit: (unit.order, unit.pk))]
            if units is None or unit.pk in units
        )
    )


def _led(cohort: Cohort, tree: DepartmentTree) -> dict[int, Figures]:
    """The figures by the unit in force."""
    found: dict[int, Figures] = {}
    sums = (
        Activity.objects.filter(term__cohort=cohort)
        .order_by()
        .values("term__department")
        .annotate(
            **{value: Count("pk", filter=Q(status=value)) for value in ActivityStatus.values},
            measured=Count("pk", filter=MEASURED),
            before=Sum("hours_before", filter=MEASURED),
            after=Sum("hours_after", filter=MEASURED),
            done_before=Sum("hours_before", filter=MEASURED & Q(status=ActivityStatus.DONE)),
            done_after=Sum("hours_after", filter=MEASURED & Q(status=ActivityStatus.DONE)),
        )
    )
    for row in sums:
        unit = tree.current(row["term__department"]).pk
        found[unit] = found.get(unit, Figures()) + _figures(dict(row))
    return found


def _figures(row: dict[str, Any]) -> Figures:
    return Figures(
        **{value: row[value] for value in ActivityStatus.values},
        measured=row["measured"],
        before=_hours(row["before"]),
        after=_hours(row["after"]),
        saved_by_done=_hours(row["done_before"]) - _hours(row["done_after"]),
    )


def _hours(total: Decimal | None) -> Decimal:
    """SQLite adds in floating point: the tenths stored are exact again after rounding."""
    return Decimal(0) if total is None else total.quantize(TENTH)


def _joined(cohort: Cohort, tree: DepartmentTree) -> dict[int, set[int]]:
    """By the unit in force the activities led by another unit in which its leaders take part."""
    homes = {
        staff: tree.current(department).pk
        for staff, department in LeaderTerm.objects.filter(cohort=cohort)
        .order_by("starts_on")
        .values_list("staff", "department")
    }
    found: dict[int, set[int]] = {}
    taking_part = Activity.objects.filter(GOING, term__cohort=cohort, participants__isnull=False)
    for activity, department, staff in taking_part.values_list(
        "pk", "term__department", "participants"
    ):
        home = homes.get(staff)
        if home is not None and home != tree.current(department).pk:
            found.setdefault(home, set()).add(activity)
    return found
