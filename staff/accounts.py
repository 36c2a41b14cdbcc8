"""The accounts as administrators list them: who may sign in, with which roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q

from staff.access import GROUPS, heads_among
from staff.models import Assignment, StaffMember, User
from staff.services.accounts import password_mark


class AccountState(models.TextChoices):
    """How far a person has an account."""

    OPEN = "open", "利用中"
    CLOSED = "closed", "停止"
    NONE = "none", "未作成"


_CONDITIONS = {
    AccountState.OPEN: Q(user__is_active=True),
    AccountState.CLOSED: Q(user__is_active=False),
    AccountState.NONE: Q(user__isnull=True),
}


def people_with_accounts(on: date) -> models.QuerySet[StaffMember]:
    """Everybody in service on the day or to come, and everybody who has an account."""
    here = Q(left_on__isnull=True) | Q(left_on__gte=on)
    return (
        StaffMember.objects.filter(here | Q(user__isnull=False))
        .select_related("user")
        .order_by("number")
    )


def in_state(people: models.QuerySet[StaffMember], state: str) -> models.QuerySet[StaffMember]:
    """Those of the people whose account is in the state; everybody for an empty one."""
    return people.filter(_CONDITIONS[AccountState(state)]) if state else people


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the list. `mark`: what a form carries to tell what its sender has seen."""

    member: StaffMember
    user: User | None
    department: str
    roles: tuple[str, ...]
    has_left: bool

    @property
    def state(self) -> AccountState:
        """利用中, 停止 or 未作成."""
        if self.user is None:
            return AccountState.NONE
        return AccountState.OPEN if self.user.is_active else AccountState.CLOSED

    @property
    def choice(self) -> str:
        """The person's number and the mark of the password as it stands."""
        return f"{self.member.number}:{password_mark(self.user) if self.user else ''}"


def account_rows(people: Sequence[StaffMember], on: date) -> list[AccountRow]:
    """The lines of these people, in four queries."""
    keys = [member.pk for member in people]
    places = Assignment.objects.as_of(on).filter(staff__in=keys).select_related("department")
    departments = {place.staff_id: place.department.name for place in places}
    groups: dict[int, list[str]] = {}
    for staff_id, name in User.objects.filter(staff__in=keys, groups__isnull=False).values_list(
        "staff", "groups__name"
    ):
        groups.setdefault(staff_id, []).append(name)
    heads = heads_among(keys, on)
    rows = []
    for member in people:
        held = groups.get(member.pk, [])
        roles = [label for name, label in GROUPS.items() if name in held]
        roles += ["部署長"] if member.pk in heads else []
        rows.append(
            AccountRow(
                member=member,
                user=getattr(member, "user", None),
                department=departments.get(member.pk, ""),
                roles=tuple(roles),
                has_left=member.left_on is not None and member.left_on < on,
            )
        )
    return rows
