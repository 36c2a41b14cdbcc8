"""Departments and ranks found by what people write in rosters."""

from dataclasses import dataclass, field
from datetime import date

from agano_dx.lib.japanese import label_key
from staff.models import Department, Rank
from staff.organisation import DepartmentTree


@dataclass(frozen=True, slots=True)
class Post:
    """A second post: 「総務課 課長」."""

    department: Department
    rank: Rank


@dataclass
class Masters:
    """The departments of a day and all ranks with the ways they are written; two queries."""

    tree: DepartmentTree
    ranks: list[Rank]
    by_code: dict[str, Department] = field(default_factory=dict)
    by_label: dict[str, list[Department]] = field(default_factory=dict)
    rank_by_label: dict[str, Rank] = field(default_factory=dict)

    @classmethod
    def load(cls, on: date) -> "Masters":
        """Read the departments open on the day, and the ranks."""
        masters = cls(DepartmentTree.load(on), list(Rank.objects.all()))
        for department in masters.tree.in_order:
            masters.add_department(department)
        for rank in masters.ranks:
            masters.rank_by_label[label_key(rank.name)] = rank
        return masters

    def add_department(self, department: Department) -> None:
        """Make a department findable by code, name and every path that ends in it."""
        self.by_code[department.code] = department
        label = ""
        chain = self.tree.above(department.pk) if department.pk else [department]
        for unit in chain:
            label = label_key(unit.name) + label
            self.by_label.setdefault(label, []).append(department)

    def department(self, written: str) -> Department | None:
        """The one department written so: by code, name or path; `None` if none or several."""
        by_code = self.by_code.get(written.strip())
        if by_code is not None:
            return by_code
        found = self.by_label.get(label_key(written), [])
        return found[0] if len(found) == 1 else None

    def unit_of(self, parent: Department | None, written: str) -> Department | None:
        """The unit directly under the parent with this name."""
        if parent is None:
            return self.department(written)
        for child in self.tree.children.get(parent.pk, []) if parent.pk else []:
            if label_key(child.name) == label_key(written):
                return child
        return None

    def rank(self, written: str) -> Rank | None:
        """The rank written so, alone or after its department's name (総務部長 → 部長)."""
        label = label_key(written)
        if label in self.rank_by_label:
            return self.rank_by_label[label]
        post = self.post(written)
        return post.rank if post else None

    def post(self, written: str) -> Post | None:
        """The post written so: 「総務課長」「総務課 課長」「議会事務局長」."""
        label = label_key(written)
        for rank_label in sorted(self.rank_by_label, key=len, reverse=True):
            if not label.endswith(rank_label):
                continue
            stem = label[: -len(rank_label)]
            # 総務課長: the 課 belongs to both the department and the title.
            for candidate in (stem, stem + rank_label[:-1]):
                found = self.by_label.get(candidate, [])
                if candidate and len(found) == 1:
                    return Post(found[0], self.rank_by_label[rank_label])
        return None
