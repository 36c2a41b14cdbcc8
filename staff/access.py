"""What an account may see and do, decided once a request for the day of the request."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.contrib.auth.models import AnonymousUser

from staff.models import Assignment, ConcurrentPost, Duty, HeadDeputy, StaffMember, User
from staff.organisation import DepartmentTree

ADMIN, HR, MANAGER = "admin", "hr", "manager"
GROUPS = {ADMIN: "システム管理者", HR: "人事担当", MANAGER: "管理職"}


class PopulationRule(Protocol):
    """Who counts as 全職員; the counting rule in force has this shape."""

    @property
    def counted_employments(self) -> Collection[str]:
        """Employments that count."""

    @property
    def excluded_duties(self) -> Collection[str]:
        """Duties that take a person out of the count."""


@dataclass(frozen=True, slots=True)
class Access:
    """The rights of one account on one day.

    `headed`: ids of the departments headed and of all units under them. A person who has left, or
    an account without rights, has an empty one. `deputised`: the same for departments whose head
    has named the person to enter nominations in their place.
    """

    staff_id: int | None = None
    is_admin: bool = False
    is_hr: bool = False
    is_manager: bool = False
    headed: frozenset[int] = frozenset()
    deputised: frozenset[int] = frozenset()

    @property
    def is_head(self) -> bool:
        """部署長."""
        return bool(self.headed)

    @property
    def sees_everyone(self) -> bool:
        """Whether every name may be seen."""
        return self.is_admin or self.is_hr

    @property
    def sees_lists(self) -> bool:
        """Whether lists of people are of any use: somebody beside oneself may be seen."""
        return self.sees_everyone or self.is_head

    @property
    def sees_figures(self) -> bool:
        """Whether dashboards may be read, whole or for own units."""
        return self.sees_everyone or self.is_manager or self.is_head

    @property
    def figure_units(self) -> frozenset[int] | None:
        """Departments whose figures may be seen; `None` means the whole city."""
        return None if self.sees_everyone or self.is_manager else self.headed

    @property
    def keeps_training(self) -> bool:
        """Whether courses, offerings and attendance may be kept."""
        return self.is_admin or self.is_hr

    @property
    def keeps_leaders(self) -> bool:
        """Whether rounds, terms and designations may be decided."""
        return self.is_hr

    @property
    def nominating(self) -> frozenset[int]:
        """Departments for which leaders may be nominated, as head or in the head's place."""
        return self.headed | self.deputised

    @property
    def name_units(self) -> frozenset[int] | None:
        """Departments whose people may be seen by name; `None` means the whole city."""
        return None if self.sees_everyone else self.headed

    @property
    def sees_future(self) -> bool:
        """Whether appointments not yet in force may be seen (内示 is secret)."""
        return self.sees_everyone

    def known_until(self, on: date) -> date | None:
        """The last day of which something may be known; `None` to those who see the future."""
        return None if self.sees_future else on


NOBODY = Access()


def may_sign_in(user: User, on: date) -> bool:
    """Whether the account is open and its person in service on the day; at most one query."""
    if not user.is_active or user.staff_id is None:
        return user.is_active
    return StaffMember.objects.employed(on).filter(pk=user.staff_id).exists()


def access_of(user: User | AnonymousUser, on: date) -> Access:
    """The rights of the account on the day, in at most nine queries."""
    if not isinstance(user, User) or not may_sign_in(user, on):
        return NOBODY
    groups = set(user.groups.values_list("name", flat=True))
    return Access(
        staff_id=user.staff_id,
        is_admin=ADMIN in groups,
        is_hr=HR in groups,
        is_manager=MANAGER in groups,
        headed=_headed(user.staff_id, on) if user.staff_id else frozenset(),
        deputised=_deputised(user.staff_id, on) if user.staff_id else frozenset(),
    )


def heads_among(staff_ids: Collection[int], on: date) -> frozenset[int]:
    """Those of these people who head a department on the day; in two queries."""
    heading = {"staff__in": staff_ids, "rank__heads_department": True}
    places = Assignment.objects.as_of(on).filter(**heading)
    posts = ConcurrentPost.objects.held_on(on).filter(**heading)
    return frozenset(
        [*places.values_list("staff", flat=True), *posts.values_list("staff", flat=True)]
    )


def without_their_head(deputies: Collection[HeadDeputy], tree: DepartmentTree) -> frozenset[int]:
    """Ids of the namings whose head no longer heads the department on the tree's day.

    A head on leave still stands for their department: that is what a deputy is for. The namings
    come with `named_by`; what nobody is written down for stays. In two queries.
    """
    namers = [one.named_by.staff_id for one in deputies if one.named_by is not None]
    heading = {"staff__in": [pk for pk in namers if pk], "rank__heads_department": True}
    places = Assignment.objects.employed(tree.on).filter(**heading)
    posts = (
        ConcurrentPost.objects.held_on(tree.on)
        .filter(**heading)
        .filter(staff__in=StaffMember.objects.employed(tree.on))
    )
    heads: dict[int, list[int]] = defaultdict(list)
    for staff_id, department_id in (
        *places.values_list("staff", "department"),
        *posts.values_list("staff", "department"),
    ):
        heads[staff_id].append(department_id)
    return frozenset(
        one.pk
        for one in deputies
        if one.named_by is not None
        and tree.current(one.department_id).pk not in tree.under(heads[one.named_by.staff_id or 0])
    )


def _headed(staff_id: int, on: date) -> frozenset[int]:
    places = Assignment.objects.as_of(on).filter(staff=staff_id, rank__heads_department=True)
    posts = ConcurrentPost.objects.held_on(on).filter(staff=staff_id, rank__heads_department=True)
    heads = [
        *places.values_list("department", flat=True),
        *posts.values_list("department", flat=True),
    ]
    return DepartmentTree.load(on).under(heads) if heads else frozenset()


def _deputised(staff_id: int, on: date) -> frozenset[int]:
    """Units of the departments the person is named for.

    While they are on duty in them, and whoever named them heads them.
    """
    named = list(HeadDeputy.objects.named_on(on).filter(staff=staff_id).select_related("named_by"))
    if not named:
        return frozenset()
    tree = DepartmentTree.load(on)
    place = Assignment.objects.employed(on).filter(staff=staff_id, duty=Duty.ACTIVE).first()
    if place is None:
        return frozenset()
    lapsed = without_their_head(named, tree)
    units = [tree.current(one.department_id).pk for one in named if one.pk not in lapsed]
    return tree.under([pk for pk in units if place.department_id in tree.under([pk])])
