"""Naming somebody to nominate in a head's place, and ending it."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from agano_dx.lib.errors import DomainError
from leaders.deputies import ends_by, may_end, nameable
from staff.access import access_of, without_their_head
from staff.models import Department, HeadDeputy, StaffMember, User
from staff.organisation import DepartmentTree


class NotNameableError(DomainError):
    """The person is not on duty in a department that the asker heads."""


class AlreadyNamedError(DomainError):
    """The person is named for these days or some of them."""


class DayPastError(DomainError):
    """Nobody is named for days gone by."""


class NotNamingError(DomainError):
    """Whoever asks does not head the department, or no longer."""


class AlreadyEndedError(DomainError):
    """The naming has its end already."""


@transaction.atomic
def name_deputy(
    *, staff: StaffMember, starts_on: date, ends_on: date | None, by: User, on: date
) -> HeadDeputy:
    """Name one of the asker's people for the 部署 they stand in; the same twice is named once.

    The person's row is locked: two heads of one department cannot both name them.
    """
    locked = StaffMember.objects.select_for_update().get(pk=staff.pk)
    unit = _unit_of(locked, by, on)
    tree = DepartmentTree.load(on)
    overlapping = [
        one
        for one in HeadDeputy.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on),
            staff=locked,
            starts_on__lte=ends_on or date.max,
        ).select_related("named_by")
        if tree.current(one.department_id) == unit
    ]
    for one in _ended_if_lapsed(overlapping, tree):
        overlapping.remove(one)
    for one in overlapping:
        if (one.starts_on, one.ends_on) == (starts_on, ends_on):
            return one
    if overlapping:
        raise AlreadyNamedError(
            "この職員は、この期間の代理に指名済みです。下の一覧で確かめてください。"
        )
    if starts_on < on:
        raise DayPastError("開始日は、今日以後の日を入力してください。")
    deputy = HeadDeputy(
        department=unit, staff=locked, starts_on=starts_on, ends_on=ends_on, named_by=by
    )
    deputy.full_clean()
    deputy.save()
    return deputy


@transaction.atomic
def end_deputy(*, deputy: HeadDeputy, by: User, on: date) -> HeadDeputy:
    """End it with this day. One that has not begun gave nobody anything: its row goes.

    The audit log keeps both.
    """
    locked = HeadDeputy.objects.select_for_update().get(pk=deputy.pk)
    if not may_end(access_of(by, on), locked):
        raise NotNamingError("この部署の代理は変えられません。人事担当に相談してください。")
    if ends_by(locked, on):
        raise AlreadyEndedError("この代理は、すでに終わっています。")
    if locked.starts_on > on:
        locked.delete()
        return locked
    locked.ends_on = on
    locked.full_clean(exclude=["named_by"])
    locked.save(update_fields=["ends_on"])
    return locked


def _ended_if_lapsed(deputies: list[HeadDeputy], tree: DepartmentTree) -> list[HeadDeputy]:
    """Those whose head is another one by now: they end before the new naming begins."""
    lapsed = without_their_head(deputies, tree)
    found = [one for one in deputies if one.pk in lapsed]
    for one in found:
        if one.starts_on >= tree.on:
            one.delete()
            continue
        one.ends_on = tree.on - timedelta(days=1)
        one.save(update_fields=["ends_on"])
    return found


def _unit_of(staff: StaffMember, by: User, on: date) -> Department:
    """The 部署 of the person, if the asker heads it on the day."""
    for unit, people in nameable(access_of(by, on), DepartmentTree.load(on)):
        if any(place.staff_id == staff.pk for place in people):
            return unit
    raise NotNameableError(
        "この職員は代理に指名できません。自分の部署の職員から選び直してください。"
    )
