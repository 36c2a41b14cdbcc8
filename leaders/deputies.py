"""代理: whom a head may name, and how a naming stands on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from staff.access import Access, without_their_head
from staff.models import Assignment, Department, Duty, HeadDeputy
from staff.organisation import DepartmentTree

IN_FORCE: Final = "有効"


@dataclass(frozen=True, slots=True)
class Naming:
    """A naming as the list shows it."""

    deputy: HeadDeputy
    unit: Department
    state: str
    is_in_force: bool
    may_be_ended: bool


def nameable(access: Access, tree: DepartmentTree) -> list[tuple[Department, list[Assignment]]]:
    """The people on duty of each 部署 the asker heads, beside the asker. One query."""
    found: dict[Department, list[Assignment]] = {
        unit: [] for unit in tree.in_order if unit.gives_leader and unit.pk in access.headed
    }
    places = (
        Assignment.objects.employed(tree.on)
        .within(access.headed)
        .filter(duty=Duty.ACTIVE)
        .exclude(staff=access.staff_id)
        .select_related("staff", "rank", "department")
        .order_by("rank__order", "staff__number")
    )
    for place in places:
        unit = tree.reporting_unit(place.department_id)
        if unit in found:
            found[unit].append(place)
    return [(unit, people) for unit, people in found.items() if people]


def namings(deputies: Collection[HeadDeputy], access: Access, tree: DepartmentTree) -> list[Naming]:
    """Each naming with how it stands. Three queries."""
    places = Assignment.objects.employed(tree.on).filter(
        staff__in=[deputy.staff_id for deputy in deputies]
    )
    stands = {place.staff_id: place for place in places}
    lapsed = without_their_head(deputies, tree)
    found = []
    for deputy in deputies:
        state = _state(deputy, stands.get(deputy.staff_id), lapsed, tree)
        found.append(
            Naming(
                deputy=deputy,
                unit=tree.current(deputy.department_id),
                state=state,
                is_in_force=state == IN_FORCE,
                may_be_ended=may_end(access, deputy) and not ends_by(deputy, tree.on),
            )
        )
    return found


def _state(
    deputy: HeadDeputy, place: Assignment | None, lapsed: Collection[int], tree: DepartmentTree
) -> str:
    if deputy.ends_on is not None and deputy.ends_on < tree.on:
        return "終了"
    unit = tree.current(deputy.department_id)
    if place is None or place.department_id not in tree.under([unit.pk]):
        return "異動・退職により無効"
    if deputy.pk in lapsed:
        return "部署長の交代により無効（指名し直してください）"
    if place.duty != Duty.ACTIVE:
        return f"{Duty(place.duty).label}中のため無効"
    return "開始前" if deputy.starts_on > tree.on else IN_FORCE


def may_end(access: Access, deputy: HeadDeputy) -> bool:
    """Whether the asker may end it: the head of the department, and HR."""
    return access.is_hr or deputy.department_id in access.headed


def ends_by(deputy: HeadDeputy, on: date) -> bool:
    """Whether it has its end on the day or before, so that nothing is left to end."""
    return deputy.ends_on is not None and deputy.ends_on <= on
