"""People go along when their department becomes another one."""

from collections.abc import Callable, Collection
from datetime import date

from django.db import models

from agano_dx.lib.audit import Changes
from staff.models import Assignment, ConcurrentPost, Department, StaffMember
from staff.reorganisation import ONE_DAY, Affected, affected

UnitOf = Callable[[int], Department]
Trail = list[tuple[models.Model, Changes]]


def carry_along(staff_ids: Collection[int]) -> Trail:
    """Let these people go on in the successors of units that end while they stand there.

    For appointments written down after the change of their department was: by a roster of a day
    before it. Nothing happens to who has gone along already. The caller holds the lock and the
    transaction, and writes the trail.
    """
    standing = set(
        Assignment.objects.filter(staff__in=staff_ids).values_list("department", flat=True)
    )
    standing |= set(
        ConcurrentPost.objects.filter(staff__in=staff_ids).values_list("department", flat=True)
    )
    trail: Trail = []
    ended = Department.objects.filter(successor__isnull=False).select_related("successor")
    for unit in ended.order_by("closes_on"):
        if unit.pk in standing and unit.closes_on is not None and unit.successor is not None:
            trail += _follow(unit.pk, unit.successor, unit.closes_on + ONE_DAY, staff_ids)
            standing.add(unit.successor.pk)
    return trail


def _follow(unit_id: int, successor: Department, on: date, staff_ids: Collection[int]) -> Trail:
    people = affected([unit_id], on).of(staff_ids)
    return move_people(people, lambda staff_id: successor, on)


def move_people(people: Affected, unit_of: UnitOf, on: date) -> Trail:
    """Move everybody to their new unit from the day on; tell person by person (for the audit log).

    What begins on the day or later names the new unit; what began before is followed by a row that
    begins on the day. The caller holds the lock and the transaction.
    """
    _move_places(people, unit_of, on)
    _move_posts(people.posts, unit_of, on)
    return [
        (
            StaffMember(pk=staff_id),
            {
                "moved.department": (unit.code, unit_of(staff_id).code),
                "moved.starts_on": (None, on),
            },
        )
        for staff_id, unit in people.units.items()
    ]


def _move_places(people: Affected, unit_of: UnitOf, on: date) -> None:
    begun = [place for place in people.places if place.starts_on < on]
    Assignment.objects.bulk_create(
        Assignment(
            staff_id=place.staff_id,
            starts_on=on,
            department=unit_of(place.staff_id),
            rank_id=place.rank_id,
            team=place.team,
            duty=place.duty,
            employment=place.employment,
        )
        for place in begun
    )
    named = [place for place in people.places if place.starts_on >= on] + people.later
    moved = [
        Assignment(pk=place.pk, department=unit_of(place.staff_id), starts_on=place.starts_on)
        for place in named
    ]
    Assignment.objects.bulk_update(moved, ["department"])


def _move_posts(posts: list[ConcurrentPost], unit_of: UnitOf, on: date) -> None:
    """A post somebody would then hold twice in one unit only ends."""
    there = _posts_there(posts, unit_of, on)
    ended, moved, made = [], [], []
    for post in posts:
        unit = unit_of(post.staff_id)
        starts_on = max(post.starts_on, on)
        is_held = (post.staff_id, unit.pk, starts_on) in there
        there.add((post.staff_id, unit.pk, starts_on))
        row = ConcurrentPost(pk=post.pk, department=unit, ends_on=on - ONE_DAY)
        if post.starts_on < on:
            ended.append(row)
            if not is_held:
                made.append(
                    ConcurrentPost(
                        staff_id=post.staff_id,
                        department=unit,
                        rank_id=post.rank_id,
                        starts_on=on,
                        ends_on=post.ends_on,
                    )
                )
        elif not is_held:
            moved.append(row)
    ConcurrentPost.objects.bulk_update(ended, ["ends_on"])
    ConcurrentPost.objects.bulk_update(moved, ["department"])
    ConcurrentPost.objects.bulk_create(made)


def _posts_there(
    posts: list[ConcurrentPost], unit_of: UnitOf, on: date
) -> set[tuple[int, int, date]]:
    """Person, unit and first day of the posts already held in the units people come to.

    One begun before counts as begun on the day.
    """
    staff = {post.staff_id for post in posts}
    units = {unit_of(staff_id).pk for staff_id in staff}
    rows = ConcurrentPost.objects.filter(staff__in=staff, department__in=units)
    return {
        (staff_id, unit, max(starts_on, on))
        for staff_id, unit, starts_on, ends_on in rows.values_list(
            "staff", "department", "starts_on", "ends_on"
        )
        if ends_on is None or ends_on >= on
    }
