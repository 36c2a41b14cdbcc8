"""Who heads a unit on a day."""

from collections.abc import Iterable
from dataclasses import dataclass

from staff.models import Assignment, ConcurrentPost, Duty, StaffMember
from staff.organisation import DepartmentTree


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a unit, as a letter addresses them."""

    rank: str
    name: str


def heads_of(unit_ids: Iterable[int], tree: DepartmentTree) -> dict[int, Head]:
    """The head of each unit on the tree's day; a vacant unit has none. In two queries.

    Of several the one of the highest rank; an own post goes before a second one (兼務). Who is on
    leave heads nothing.
    """
    wanted = set(unit_ids)
    places = (
        Assignment.objects.employed(tree.on)
        .filter(rank__heads_department=True, duty=Duty.ACTIVE)
        .select_related("staff", "rank")
        .order_by("rank__order", "staff__number")
    )
    posts = (
        ConcurrentPost.objects.held_on(tree.on)
        .filter(rank__heads_department=True, staff__in=StaffMember.objects.employed(tree.on))
        .select_related("staff", "rank")
        .order_by("rank__order", "staff__number")
    )
    found: dict[int, Head] = {}
    heading: list[Assignment | ConcurrentPost] = [*places, *posts]
    for post in heading:
        unit = tree.current(post.department_id).pk
        if unit in wanted:
            found.setdefault(unit, Head(post.rank.name, post.staff.name))
    return found
