"""Writing an import: a handful of statements, whatever the number of people."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F

from agano_dx.lib.audit import Changes
from agano_dx.lib.japanese import name_key
from staff.models import (
    Assignment,
    ChangeKind,
    ConcurrentPost,
    Department,
    Rank,
    RosterChange,
    RosterImport,
    StaffMember,
)
from staff.roster.world import Person, Place, load_world

PLACE_FIELDS = ("department", "rank", "team", "duty", "employment")
PERSON_FIELDS = {"name": "name", "name_kana": "kana", "email": "email"}
DATE_FIELDS = ("hired_on", "left_on")


def write_changes(
    changes: list[RosterChange], *, source: RosterImport
) -> list[tuple[models.Model, Changes]] | None:
    """Write all changes and tell, person by person, what they were (for the audit log).

    `None`, and nothing written, when somebody is no longer as the changes say they were. The
    caller holds the lock and the transaction.
    """
    by_number: dict[str, list[RosterChange]] = defaultdict(list)
    for change in changes:
        by_number[change.number].append(change)
    world = load_world(set(by_number))
    keys = _Keys.load()
    for change in changes:
        if not (keys.know(change) and _still_true(change, world.get(change.number))):
            return None
    hired = _hire(by_number)
    for number, member in hired.items():
        world[number] = _as_person(member)
    _write_people(by_number, world, hired)
    _write_places(by_number, world, keys, source)
    _write_posts(changes, world, keys)
    return _trail(by_number, world, hired)


class _Keys(NamedTuple):
    """Primary keys by what changes name."""

    departments: dict[str, list[Department]]
    ranks: dict[str, int]

    @classmethod
    def load(cls) -> "_Keys":
        """Read them; of departments with one code the latest comes last."""
        departments: dict[str, list[Department]] = defaultdict(list)
        for department in Department.objects.order_by(F("closes_on").asc(nulls_last=True)):
            departments[department.code].append(department)
        return cls(departments, dict(Rank.objects.values_list("name", "pk")))

    def department(self, code: str, on: date) -> int:
        """The department with this code on the day, else the latest one that had it."""
        found = self.departments[code]
        return next((unit.pk for unit in found if unit.is_open(on)), found[-1].pk)

    def know(self, change: RosterChange) -> bool:
        """Whether the department and the rank that the change names are still there."""
        after = change.after
        return ("department" not in after or after["department"] in self.departments) and (
            "rank" not in after or after["rank"] in self.ranks
        )


def _still_true(change: RosterChange, person: Person | None) -> bool:
    if change.kind == ChangeKind.HIRED:
        return person is None
    if person is None:  # a post of somebody hired by the same import
        return change.staff_id is None
    if change.kind == ChangeKind.POST_ADDED:
        post = (change.after["department"], change.after["rank"])
        return post not in person.posts_on(change.starts_on)
    now = _plain(person, person.place_on(change.starts_on))
    return all(now[name] == value for name, value in change.before.items())


def _plain(person: Person, place: Place | None) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(person, own) for name, own in PERSON_FIELDS.items()}
    for name in DATE_FIELDS:
        day: date | None = getattr(person, name)
        facts[name] = day.isoformat() if day else None
    return facts | {name: getattr(place, name, "") for name in PLACE_FIELDS}


def _hire(by_number: dict[str, list[RosterChange]]) -> dict[str, StaffMember]:
    new = [
        StaffMember(
            number=change.number,
            name=change.after["name"],
            name_kana=change.after["name_kana"],
            name_key=name_key(change.after["name"]),
            email=change.after["email"],
            hired_on=date.fromisoformat(change.after["hired_on"]),
        )
        for changes in by_number.values()
        for change in changes
        if change.kind == ChangeKind.HIRED
    ]
    return {member.number: member for member in StaffMember.objects.bulk_create(new)}


def _as_person(member: StaffMember) -> Person:
    return Person(
        member.pk,
        member.number,
        member.name,
        member.name_kana,
        member.email,
        member.hired_on,
        member.left_on,
    )


def _write_people(
    by_number: dict[str, list[RosterChange]],
    world: dict[str, Person],
    hired: dict[str, StaffMember],
) -> None:
    """Update the people whose own facts change, in one statement."""
    changed: list[StaffMember] = []
    for number, changes in by_number.items():
        facts = {
            name: value
            for change in changes
            for name, value in change.after.items()
            if name in PERSON_FIELDS or name in DATE_FIELDS
        }
        if number in hired or not facts:
            continue
        person = world[number]
        values = _plain(person, None) | facts
        changed.append(
            StaffMember(
                pk=person.pk,
                number=number,
                name=values["name"],
                name_kana=values["name_kana"],
                name_key=name_key(values["name"]),
                email=values["email"],
                hired_on=date.fromisoformat(values["hired_on"]),
                left_on=date.fromisoformat(values["left_on"]) if values["left_on"] else None,
            )
        )
    StaffMember.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "name_kana", "name_key", "email", "hired_on", "left_on"],
    )


def _write_places(
    by_number: dict[str, list[RosterChange]],
    world: dict[str, Person],
    keys: _Keys,
    source: RosterImport,
) -> None:
    """Write the new places: each the place before it with what changes, in one statement."""
    rows: list[Assignment] = []
    for number, changes in by_number.items():
        days = {
            change.starts_on
            for change in changes
            if any(name in PLACE_FIELDS for name in change.after)
            and change.kind != ChangeKind.POST_ADDED
        }
        for day in sorted(days):
            place = _place_after(world[number], changes, day)
            rows.append(
                Assignment(
                    staff_id=world[number].pk,
                    starts_on=day,
                    department_id=keys.department(place.department, day),
                    rank_id=keys.ranks[place.rank],
                    team=place.team,
                    duty=place.duty,
                    employment=place.employment,
                    source=source,
                )
            )
    Assignment.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["staff", "starts_on"],
        update_fields=[*PLACE_FIELDS, "source"],
    )


def _place_after(person: Person, changes: list[RosterChange], day: date) -> Place:
    new = {
        name: value
        for change in changes
        if change.starts_on == day and change.kind != ChangeKind.POST_ADDED
        for name, value in change.after.items()
        if name in PLACE_FIELDS
    }
    before = person.place_on(day)
    return replace(before, starts_on=day, **new) if before else Place(starts_on=day, **new)


def _write_posts(changes: list[RosterChange], world: dict[str, Person], keys: _Keys) -> None:
    ConcurrentPost.objects.bulk_create(
        ConcurrentPost(
            staff_id=world[change.number].pk,
            department_id=keys.department(change.after["department"], change.starts_on),
            rank_id=keys.ranks[change.after["rank"]],
            starts_on=change.starts_on,
        )
        for change in changes
        if change.kind == ChangeKind.POST_ADDED
    )


def _trail(
    by_number: dict[str, list[RosterChange]],
    world: dict[str, Person],
    hired: dict[str, StaffMember],
) -> list[tuple[models.Model, Changes]]:
    trail: list[tuple[models.Model, Changes]] = []
    for number, changes in by_number.items():
        pairs = {
            f"{change.kind}.{name}": (change.before.get(name), value)
            for change in changes
            for name, value in change.after.items()
        }
        trail.append((hired.get(number) or StaffMember(pk=world[number].pk), pairs))
    return trail
