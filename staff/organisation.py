"""The tree of departments, read once and asked in memory: a city has a few dozen."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from staff.models import Department


@dataclass(frozen=True)
class DepartmentTree:
    """All departments, by id."""

    by_id: dict[int, Department]

    @classmethod
    def load(cls) -> "DepartmentTree":
        """Read the tree in one query."""
        return cls({department.pk: department for department in Department.objects.all()})

    @cached_property
    def children(self) -> dict[int | None, list[Department]]:
        """The units directly under each unit; those at the top under `None`."""
        found: dict[int | None, list[Department]] = defaultdict(list)
        for department in self.by_id.values():
            found[department.parent_id].append(department)
        return found

    @cached_property
    def in_order(self) -> list[Department]:
        """All units, each right after the one it belongs to."""
        ordered: list[Department] = []
        waiting = list(reversed(self.children[None]))
        while waiting:
            department = waiting.pop()
            ordered.append(department)
            waiting.extend(reversed(self.children.get(department.pk, [])))
        return ordered

    def above(self, department_id: int) -> list[Department]:
        """The unit itself and those it belongs to, upwards."""
        chain: list[Department] = []
        current: int | None = department_id
        while current is not None and len(chain) <= len(self.by_id):
            chain.append(self.by_id[current])
            current = self.by_id[current].parent_id
        return chain

    def under(self, department_ids: Iterable[int]) -> frozenset[int]:
        """The units and all units under them."""
        found: set[int] = set()
        waiting = list(department_ids)
        while waiting:
            department_id = waiting.pop()
            if department_id not in found:
                found.add(department_id)
                waiting.extend(child.pk for child in self.children.get(department_id, []))
        return frozenset(found)

    def reporting_unit(self, department_id: int) -> Department:
        """部署: the unit or its nearest ancestor that gives a leader, else the unit itself."""
        for department in self.above(department_id):
            if department.gives_leader:
                return department
        return self.by_id[department_id]

    def reported_under(self, unit_id: int) -> frozenset[int]:
        """The units counted under this reporting unit."""
        return frozenset(pk for pk in self.by_id if self.reporting_unit(pk).pk == unit_id)

    def path(self, department_id: int) -> str:
        """The unit's name with those above it: 「総務部 総務課」."""
        return " ".join(department.name for department in reversed(self.above(department_id)))
