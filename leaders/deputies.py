"""代理: whom a head may name, and how a naming stands on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from staff.access import Access
from staff.models import Assignment, Department, Duty, HeadDeputy
from staff.organisation import DepartmentTree


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
    """Each naming with how it stands. One query."""
    places = Assignment.objects.employed(tree.on).filter(
        staff__in=[deputy.staff_id for deputy in deputies]
    )
    stands = dict(places.values_list("staff", "department"))
    return [_naming(deputy, stands.get(deputy.staff_id), access, tree) for deputy in deputies]


def _naming(deputy: HeadDeputy, place: int | None, access: Access, tree: DepartmentTree) -> Naming:
    unit = tree.current(deputy.department_id)
    is_over = deputy.ends_on is not None and deputy.ends_on < tree.on
    state = "有効"
    if is_over:
        state = "終了"
    elif place not in tree.under([unit.pk]):
        state = "異動・退職により無効"
    elif deputy.starts_on > tree.on:
        state = "開始前"
    return Naming(
        deputy=deputy,
        unit=unit,
        state=state,
        is_in_force=state == "有効",
        may_be_ended=may_end(access, deputy) and not ends_by(deputy, tree.on),
    )


def may_end(access: Access, deputy: HeadDeputy) -> bool:
    """Whether the asker may end it: the head of the department, and HR."""
    return access.is_hr or deputy.department_id in access.headed


def ends_by(deputy: HeadDeputy, on: date) -> bool:
    """Whether it has its end on the day or before, so that nothing is left to end."""
    return deputy.ends_on is not None and deputy.ends_on <= on
