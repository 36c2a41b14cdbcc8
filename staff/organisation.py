"""The tree of departments on a day, read once and asked in memory: a city has a few dozen."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from staff.models import Department


@dataclass(frozen=True)
class DepartmentTree:
    """All departments by id, seen on one day.

    Every row ever made can be asked about: one that is not open on the day stands for its
    successor in force then (or, before its own time, for what it came out of). Lists hold only
    units open that day.
    """

    by_id: dict[int, Department]
    on: date

    @classmethod
    def load(cls, on: date) -> "DepartmentTree":
        """Read the tree of the day in one query."""
        return cls({department.pk: department for department in Department.objects.all()}, on)

    # --- which unit a row stands for --------------------------------------------------------------

    @cached_property
    def predecessors(self) -> dict[int, list[Department]]:
        """For each unit those it succeeded; a part of a split unit succeeded that one."""
        found: dict[int, list[Department]] = defaultdict(list)
        for department in self.by_id.values():
            if department.successor_id is not None:
                found[department.successor_id].append(department)
        for department in self.by_id.values():
            origin = self.by_id.get(department.split_from_id or 0)
            if origin is not None and origin not in found[department.pk]:
                found[department.pk].append(origin)
        return found

    @cached_property
    def _current(self) -> dict[int, Department]:
        return {pk: self._follow(department) for pk, department in self.by_id.items()}

    def _follow(self, department: Department) -> Department:
        """Forward over successors while closed, backward while not yet open."""
        current = department
        for _ in self.by_id:
            following: list[Department] = []
            if current.is_over(self.on):
                following = [self.by_id[current.successor_id]] if current.successor_id else []
            elif not current.is_open(self.on):
                following = self.predecessors.get(current.pk, [])
            # Before a merger nobody can say which of the merged units was meant.
            if len(following) != 1:
                break
            current = following[0]
        return current if current.is_open(self.on) else department

    def current(self, department_id: int) -> Department:
        """The unit in force on the day for this row: itself, or the successor of that day.

        A unit closed without a successor stands for itself for ever.
        """
        return self._current[department_id]

    def coded(self, code: str) -> Department | None:
        """The unit with this code: the one open on the day, else the last one that had it."""
        found = [unit for unit in self.by_id.values() if unit.code == code]
        found.sort(key=lambda unit: (unit.is_open(self.on), unit.opens_on or date.min))
        return found[-1] if found else None

    # --- the tree of the day ----------------------------------------------------------------------

    def parent(self, department_id: int) -> Department | None:
        """The open unit this one belongs to on the day, over closed ones and their successors."""
        current = self.current(department_id)
        for _ in self.by_id:
            if current.parent_id is None:
                return None
            current = self.current(current.parent_id)
            if current.is_open(self.on):
                return current
        return None

    @cached_property
    def children(self) -> dict[int | None, list[Department]]:
        """The open units directly under each open unit; those at the top under `None`."""
        found: dict[int | None, list[Department]] = defaultdict(list)
        for department in self.by_id.values():
            if department.is_open(self.on):
                above = self.parent(department.pk)
                found[above.pk if above else None].append(department)
        return found

    @cached_property
    def _standing_at(self) -> dict[int, list[int]]:
        """Under each unit those that belong to it, and the rows that stand for it."""
        found: dict[int, list[int]] = defaultdict(list)
        for pk in self.by_id:
            current = self.current(pk)
            above = self.parent(pk) if current.pk == pk else current
            if above is not None:
                found[above.pk].append(pk)
        return found

    @cached_property
    def in_order(self) -> list[Department]:
        """The units open on the day, each right after the one it belongs to."""
        ordered: list[Department] = []
        waiting = list(reversed(self.children[None]))
        while waiting:
            department = waiting.pop()
            ordered.append(department)
            waiting.extend(reversed(self.children.get(department.pk, [])))
        return ordered

    def with_closed(self) -> tuple[Department, ...]:
        """These, then the rest: nobody drops out whose unit is closed for good."""
        closed = (unit for unit in self.by_id.values() if not unit.is_open(self.on))
        return (*self.in_order, *closed)

    def above(self, department_id: int) -> list[Department]:
        """The unit in force for this row and those it belongs to, upwards."""
        chain = [self.current(department_id)]
        while len(chain) <= len(self.by_id):
            above = self.parent(chain[-1].pk)
            if above is None:
                break
            chain.append(above)
        return chain

    def under(self, department_ids: Iterable[int]) -> frozenset[int]:
        """The units, all units under them, and the rows that stand for any of these."""
        found: set[int] = set()
        waiting = list(department_ids)
        while waiting:
            department_id = waiting.pop()
            if department_id not in found:
                found.add(department_id)
                waiting.extend(self._standing_at.get(department_id, []))
        return frozenset(found)

    def reporting_unit(self, department_id: int) -> Department:
        """部署: the unit or its nearest ancestor that gives a leader, else the unit itself."""
        for department in self.above(department_id):
            if department.gives_leader:
                return department
        return self.current(department_id)

    def reported_under(self, unit_id: int) -> frozenset[int]:
        """The units counted under this reporting unit."""
        return frozenset(pk for pk in self.by_id if self.reporting_unit(pk).pk == unit_id)

    def path(self, department_id: int) -> str:
        """The unit's name with those above it: 「総務部 総務課」."""
        return " ".join(department.name for department in reversed(self.above(department_id)))
