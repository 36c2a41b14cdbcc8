"""What changes in the tree of departments, in words, and whom that moves; only reading."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from staff.models import Assignment, ConcurrentPost, Department, DepartmentKind
from staff.organisation import DepartmentTree

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """What a unit is called, where it stands and what it counts as."""

    code: str
    name: str
    kind: str
    parent: Department | None = None
    gives_leader: bool = False
    is_digital_office: bool = False
    order: int = 0

    @classmethod
    def of(cls, unit: Department) -> "DepartmentFacts":
        """Those of a unit that is there."""
        return cls(
            unit.code,
            unit.name,
            unit.kind,
            unit.parent,
            unit.gives_leader,
            unit.is_digital_office,
            unit.order,
        )

    def write_to(self, unit: Department) -> Department:
        """Put them into a row, not yet saved."""
        unit.code, unit.name, unit.kind = self.code, self.name, self.kind
        unit.parent, unit.order = self.parent, self.order
        unit.gives_leader, unit.is_digital_office = self.gives_leader, self.is_digital_office
        return unit


_LABELS = {
    "code": "所属コード",
    "name": "所属名",
    "kind": "種別",
    "parent": "上位の所属",
    "gives_leader": "推進リーダーの選出",
    "is_digital_office": "デジタル化推進室",
}


def differences(before: DepartmentFacts, after: DepartmentFacts) -> list[tuple[str, str, str]]:
    """What is different: label, word before, word after."""
    found = []
    for name, label in _LABELS.items():
        old, new = (_word(name, getattr(facts, name)) for facts in (before, after))
        if old != new:
            found.append((label, old, new))
    return found


def _word(name: str, value: Any) -> str:  # noqa: ANN401 - the fields are of several types
    if name == "kind":
        return str(DepartmentKind(value).label)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return str(value or "なし")


# --- whom a change moves ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Affected:
    """Who is touched when units exist no longer from a day on.

    `places`: those in force on the day, of people in service then. `later`: appointments to come.
    `posts`: concurrent posts held on the day or later.
    """

    places: list[Assignment]
    later: list[Assignment]
    posts: list[ConcurrentPost]

    @property
    def units(self) -> dict[int, Department]:
        """The unit each person touched would leave: that of their place, where there is one."""
        found = {post.staff_id: post.department for post in self.posts}
        found |= {place.staff_id: place.department for place in self.later}
        return found | {place.staff_id: place.department for place in self.places}

    @property
    def staff_ids(self) -> set[int]:
        """Everybody touched."""
        return set(self.units)

    def of(self, staff_ids: Collection[int]) -> "Affected":
        """Of these people only."""
        return Affected(
            [place for place in self.places if place.staff_id in staff_ids],
            [place for place in self.later if place.staff_id in staff_ids],
            [post for post in self.posts if post.staff_id in staff_ids],
        )

    @property
    def words(self) -> list[str]:
        """What is touched, each as a noun: 「配置されている職員 3人」."""
        found = (
            ("配置されている職員", len(self.places), "人"),
            ("今後の発令", len(self.later), "件"),
            ("兼務", len(self.posts), "件"),
        )
        return [f"{label} {count}{sign}" for label, count, sign in found if count]


def affected(unit_ids: Collection[int], on: date) -> Affected:
    """Whom it moves when these units exist no longer from the day on; three queries."""
    in_units = Q(department__in=unit_ids)
    in_service = Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=on)
    places = Assignment.objects.as_of(on).filter(in_units, in_service)
    later = Assignment.objects.filter(in_units, starts_on__gt=on)
    posts = ConcurrentPost.objects.filter(
        in_units, Q(ends_on__isnull=True) | Q(ends_on__gte=on), in_service
    )
    return Affected(
        list(places.select_related("staff", "department", "rank").order_by("team", "rank__order")),
        list(later.select_related("department")),
        list(posts.select_related("department", "rank").order_by("rank__order", "pk")),
    )


# --- what changes, in words ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different from a day on: 統合 総務課・企画課 → 総務企画課."""

    kind: str
    before: tuple[Department, ...]
    after: tuple[Department, ...]

    @property
    def words(self) -> str:
        """Which units become which."""
        sides = ("・".join(unit.name for unit in side) for side in (self.before, self.after))
        return " → ".join(side for side in sides if side)


def next_day(tree: DepartmentTree) -> date | None:
    """The next day after the tree's own from which something is different."""
    opened = {unit.opens_on for unit in tree.by_id.values() if unit.opens_on}
    closed = {unit.closes_on + ONE_DAY for unit in tree.by_id.values() if unit.closes_on}
    return min((day for day in opened | closed if day > tree.on), default=None)


def changes_on(tree: DepartmentTree, day: date) -> list[Change]:
    """What is different on the day from the day before."""
    opened = [unit for unit in tree.by_id.values() if unit.opens_on == day]
    closed = [unit for unit in tree.by_id.values() if unit.closes_on == day - ONE_DAY]
    return [*_by_successor(tree, opened, closed), *_without_successor(opened, closed)]


def _by_successor(
    tree: DepartmentTree, opened: list[Department], closed: list[Department]
) -> Iterator[Change]:
    heirs = {unit.successor_id: unit for unit in closed if unit.successor_id}
    for heir_id in heirs:
        heir = tree.by_id[heir_id]
        before = tuple(unit for unit in closed if unit.successor_id == heir_id)
        parts = tuple(unit for unit in opened if unit.split_from_id == before[0].pk)
        if len(parts) > 1:
            yield Change("分割", before, parts)
        elif len(before) > 1 or heir not in opened:
            yield Change("統合", before, (heir,))
        else:
            yield Change("変更", before, (heir,))


def _without_successor(opened: list[Department], closed: list[Department]) -> Iterator[Change]:
    inherited = {unit.successor_id for unit in closed}
    for unit in opened:
        if unit.pk not in inherited and unit.split_from_id is None:
            yield Change("新設", (), (unit,))
    for unit in closed:
        if unit.successor_id is None:
            yield Change("廃止", (unit,), ())
