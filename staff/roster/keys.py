"""Primary keys by what changes name: codes of departments and names of ranks."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.db.models import F

from staff.models import Department, Rank, RosterChange


class Keys(NamedTuple):
    """Primary keys by what changes name; a code may pass from one unit to its successor."""

    departments: dict[str, list[Department]]
    ranks: dict[str, int]

    @classmethod
    def load(cls) -> "Keys":
        """Read them; of departments with one code the latest comes last."""
        departments: dict[str, list[Department]] = defaultdict(list)
        for department in Department.objects.order_by(F("closes_on").asc(nulls_last=True)):
            departments[department.code].append(department)
        return cls(departments, dict(Rank.objects.values_list("name", "pk")))

    def unit(self, code: str, on: date) -> Department | None:
        """The department with this code on the day, else the latest one that had it."""
        found = self.departments.get(code, [])
        return next((unit for unit in found if unit.is_open(on)), found[-1] if found else None)

    def department(self, code: str, on: date) -> int:
        """The primary key of that department; `know` has said that there is one."""
        unit = self.unit(code, on)
        if unit is None:
            raise LookupError(code)
        return unit.pk

    def know(self, change: RosterChange) -> bool:
        """Whether the department and the rank that the change names are still there."""
        after = change.after
        return ("department" not in after or after["department"] in self.departments) and (
            "rank" not in after or after["rank"] in self.ranks
        )
