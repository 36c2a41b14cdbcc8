"""Writing an import: a handful of statements, whatever the number of people."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models

from agano_dx.lib.audit import Changes
from agano_dx.lib.japanese import name_key
from staff.models import (
    POST_KINDS,
    Assignment,
    ChangeKind,
    ConcurrentPost,
    RosterChange,
    RosterImport,
    StaffMember,
    User,
)
from staff.moves import carry_along
from staff.roster import traces
from staff.roster.keys import Keys
from staff.roster.world import Person, Place, load_world

PLACE_FIELDS = ("department", "rank", "team", "duty", "employment")
PERSON_FIELDS = {"number": "number", "name": "name", "name_kana": "kana", "email": "email"}
DATE_FIELDS = ("hired_on", "left_on")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: person by person for the audit log, row by row for the way back."""

    trail: list[tuple[models.Model, Changes]]
    created: dict[str, dict[str, str]]
    changed: dict[str, dict[str, list[dict[str, Any]]]]


def write_changes(changes: list[RosterChange], *, source: RosterImport) -> Written | None:
    """Write all changes and tell what they did.

    `None`, and nothing written, when somebody is no longer as the changes say they were. The
    caller holds the lock and the transaction.
    """
    by_number: dict[str, list[RosterChange]] = defaultdict(list)
    for change in changes:
        by_number[change.number].append(change)
    known = frozenset(change.staff_id for change in changes if change.staff_id)
    world = _by_change_number(load_world(set(by_number), known), changes)
    keys = Keys.load()
    renumbered = {each.number for each in changes if each.kind == ChangeKind.RENUMBERED}
    for change in changes:
        person = world.get(change.number)
        if not (keys.know(change) and _still_true(change, person)):
            return None
        if person and person.number != change.number and change.number not in renumbered:
            return None
    before = traces.rows_of_people([person.pk for person in world.values()])
    hired = _hire(by_number)
    for number, member in hired.items():
        world[number] = _as_person(member)
    _write_people(by_number, world, hired)
    _write_places(by_number, world, keys, source)
    _write_posts(changes, world, keys)
    _write_logins(changes)
    people = [person.pk for person in world.values()]
    carried = carry_along(people)
    after = traces.rows_of_people(people)
    return Written(
        [*_trail(by_number, world, hired), *carried],
        traces.created_since(before, after),
        traces.changed_since(before, after),
    )


def _by_change_number(
    found: dict[str, Person], changes: Collection[RosterChange]
) -> dict[str, Person]:
    """People by the number that the changes give them, which may be a new one."""
    by_key = {person.pk: person for person in found.values()}
    for change in changes:
        if change.staff_id in by_key:
            found.pop(by_key[change.staff_id].number, None)
            found[change.number] = by_key[change.staff_id]
    return found


def _still_true(change: RosterChange, person: Person | None) -> bool:
    if change.kind == ChangeKind.HIRED:
        return person is None
    if person is None:  # a post of somebody hired by the same import
        return change.staff_id is None
    if change.kind in POST_KINDS:
        post = (change.before | change.after)["department"], (change.before | change.after)["rank"]
        held = post in person.posts_on(change.starts_on)
        return held == (change.kind == ChangeKind.POST_ENDED)
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
            left_on=_day(change.after.get("left_on")),
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
                number=values["number"],
                name=values["name"],
                name_kana=values["name_kana"],
                name_key=name_key(values["name"]),
                email=values["email"],
                hired_on=date.fromisoformat(values["hired_on"]),
                left_on=_day(values["left_on"]),
            )
        )
    StaffMember.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["number", "name", "name_kana", "name_key", "email", "hired_on", "left_on"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write_places(
    by_number: dict[str, list[RosterChange]],
    world: dict[str, Person],
    keys: Keys,
    source: RosterImport,
) -> None:
    """Write the new places: each the place before it with what changes, in one statement."""
    rows: list[Assignment] = []
    for number, changes in by_number.items():
        person = world[number]
        rows += [
            Assignment(
                staff_id=person.pk,
                starts_on=place.starts_on,
                department_id=keys.department(place.department, place.starts_on),
                rank_id=keys.ranks[place.rank],
                team=place.team,
                duty=place.duty,
                employment=place.employment,
                source=source,
            )
            for place in _new_places(person, changes)
        ]
    Assignment.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["staff", "starts_on"],
        update_fields=[*PLACE_FIELDS, "source"],
    )


def _new_places(person: Person, changes: list[RosterChange]) -> list[Place]:
    """The places that the changes begin, and those that come back where a change is a look back."""
    placing = [
        change
        for change in changes
        if change.kind not in POST_KINDS and any(name in PLACE_FIELDS for name in change.after)
    ]
    new = [_place_after(person, placing, day) for day in sorted({c.starts_on for c in placing})]
    for change in placing:
        back = _day(change.after.get("restored_on"))
        place = person.place_on(change.starts_on)
        if back and place and all(each.starts_on != back for each in new):
            new.append(replace(place, starts_on=back))
    return new


def _place_after(person: Person, changes: list[RosterChange], day: date) -> Place:
    new = {
        name: value
        for change in changes
        if change.starts_on == day
        for name, value in change.after.items()
        if name in PLACE_FIELDS
    }
    before = person.place_on(day)
    return replace(before, starts_on=day, **new) if before else Place(starts_on=day, **new)


def _write_posts(changes: list[RosterChange], world: dict[str, Person], keys: Keys) -> None:
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
    _end_posts([change for change in changes if change.kind == ChangeKind.POST_ENDED], world)


def _end_posts(changes: list[RosterChange], world: dict[str, Person]) -> None:
    ended = {
        (world[each.number].pk, each.before["department"], each.before["rank"]): each
        for each in changes
    }
    if not ended:
        return
    posts = []
    held = ConcurrentPost.objects.filter(staff__in={staff for staff, _, _ in ended})
    for post in held.select_related("department", "rank"):
        change = ended.get((post.staff_id, post.department.code, post.rank.name))
        if change and _runs_on(post, change.starts_on):
            post.ends_on = max(date.fromisoformat(change.after["ends_on"]), post.starts_on)
            posts.append(post)
    ConcurrentPost.objects.bulk_update(posts, ["ends_on"])


def _runs_on(post: ConcurrentPost, day: date) -> bool:
    return post.starts_on <= day and (post.ends_on is None or post.ends_on >= day)


def _write_logins(changes: list[RosterChange]) -> None:
    """The login is the staff number: it goes along when the number changes."""
    renumbered = {c.staff_id: c.number for c in changes if c.kind == ChangeKind.RENUMBERED}
    if not renumbered:
        return
    users = list(User.objects.filter(staff__in=renumbered))
    for user in users:
        user.username = renumbered[user.staff_id]
    User.objects.bulk_update(users, ["username"])


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
