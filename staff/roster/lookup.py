"""Departments and ranks found by what people write in rosters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from agano_dx.lib.japanese import label_key, plain
from staff.models import Department, DepartmentAlias, Rank, RankAlias
from staff.organisation import DepartmentTree

_CODE_AND_NAME = re.compile(r"(?P<code>[0-9A-Za-z-]+)[\s:._/]*(?P<name>[^0-9A-Za-z\s:._/-].*)")
_PATH_MARKS = re.compile(r"[/・>＞→|｜_]")

_ByLabel: TypeAlias = dict[str, list[Department]]


@dataclass(frozen=True, slots=True)
class Post:
    """A second post: 「総務課 課長」. `starts_on` where the roster says so itself."""

    department: Department
    rank: Rank
    starts_on: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same post."""
        return (self.department.code, self.rank.name)


@dataclass
class Masters:
    """All departments and ranks, read in four queries, with the ways they are written.

    `by_label`: names and paths. `by_alias`: the same with other names in them. `by_former`: names
    and codes of closed departments, for the successor in force.
    """

    tree: DepartmentTree
    ranks: list[Rank]
    by_code: dict[str, Department] = field(default_factory=dict)
    by_label: _ByLabel = field(default_factory=dict)
    by_alias: _ByLabel = field(default_factory=dict)
    by_former: _ByLabel = field(default_factory=dict)
    rank_by_label: dict[str, Rank] = field(default_factory=dict)
    aliases: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, on: date) -> "Masters":
        """Read departments and ranks as they are on the roster's day."""
        tree = DepartmentTree.load(on)
        masters = cls(tree, list(Rank.objects.all()))
        for department_id, key in DepartmentAlias.objects.values_list("department", "key"):
            masters.aliases.setdefault(tree.current(department_id).pk, set()).add(key)
        for department in tree.in_order:
            masters.add_department(department)
        for department in tree.by_id.values():
            successor = tree.current(department.pk)
            if department.is_over(on) and successor != department:
                masters._add_former(department, successor)
        masters._add_ranks()
        return masters

    def _add_ranks(self) -> None:
        by_id = {rank.pk: rank for rank in self.ranks}
        for rank in self.ranks:
            self.rank_by_label[label_key(rank.name)] = rank
        for rank_id, key in RankAlias.objects.values_list("rank", "key"):
            self.rank_by_label.setdefault(key, by_id[rank_id])

    def add_department(self, department: Department) -> None:
        """Make a department findable by code, name, alias and every path that ends in it."""
        self.by_code[department.code] = department
        own, other = self._labels(department)
        _enter(self.by_label, own, department)
        _enter(self.by_alias, other, department)

    def _add_former(self, former: Department, successor: Department) -> None:
        own, other = self._labels(former)
        _enter(self.by_former, {*own, *other, label_key(former.code)}, successor)

    def _labels(self, department: Department) -> tuple[set[str], set[str]]:
        """The name and the paths that end in it; the same with aliases put in."""
        own: set[str] = set()
        every: set[str] = set()
        path, paths = "", {""}
        for unit in self.chain(department):
            name = label_key(unit.name)
            path = name + path
            names = {name} | self.aliases.get(unit.pk or 0, set())
            paths = {one + behind for one in names for behind in paths}
            own.add(path)
            every |= paths
        # Said of one of several units of a name, the name alone is an alias.
        return own, every - own | self.aliases.get(department.pk or 0, set())

    def chain(self, department: Department) -> list[Department]:
        """The unit and those above it; a unit closed or not yet saved knows its parent itself."""
        if department.pk and self.tree.current(department.pk) == department:
            return self.tree.above(department.pk)
        known = self.tree.by_id.get(department.parent_id or 0)
        parent = known or department.parent
        return [department, *(self.chain(parent) if parent else [])]

    def path(self, department: Department) -> str:
        """The unit's name with those above it: 「総務部 総務課」."""
        return " ".join(unit.name for unit in reversed(self.chain(department)))

    # --- departments ----------------------------------------------------------------------------

    def find(self, written: str) -> list[Department]:
        """The departments written so by name or path; an alias or an old name decides a tie."""
        label = label_key(written)
        books = (self.by_label, self.by_alias, self.by_former)
        found = [book.get(label, []) for book in books]
        clear = (each for each in found if len(each) == 1)
        return next(clear, next((each for each in found if each), []))

    def coded(self, code: str) -> Department | None:
        """The department of this code, be it an old one or one of another system."""
        code = plain(code).strip()
        if code in self.by_code:
            return self.by_code[code]
        found = [*self.by_alias.get(label_key(code), []), *self.by_former.get(label_key(code), [])]
        return found[0] if found else None

    def department(self, written: str) -> Department | None:
        """The one department written so: by code, name or path; `None` if none or several."""
        by_code = self.by_code.get(plain(written).strip())
        if by_code is not None:
            return by_code
        found = self.find(written) or self.find(_PATH_MARKS.sub("", plain(written)))
        if found:
            return found[0] if len(found) == 1 else None
        both = _CODE_AND_NAME.fullmatch(plain(written).strip())
        coded = self.coded(both["code"]) if both else None
        return coded if both and coded and self.is_called(coded, both["name"]) else None

    def is_called(self, department: Department, written: str) -> bool:
        """Whether these words are one of the department's names."""
        label = label_key(written)
        return any(
            department in book.get(label, [])
            for book in (self.by_label, self.by_alias, self.by_former)
        )

    def unit_of(self, parent: Department | None, written: str) -> Department | None:
        """The unit with this name right under the parent, else the only one further below."""
        if parent is None:
            return self.department(written)
        named = [
            unit
            for unit in (*self._every(written), self.by_code.get(plain(written).strip()))
            if unit is not None and parent in self.chain(unit)[1:]
        ]
        direct = [unit for unit in named if self.chain(unit)[1] == parent]
        for found in (direct, named, self.find(parent.name + written)):
            if len(found) == 1:
                return found[0]
        return None

    def _every(self, written: str) -> Iterator[Department]:
        label = label_key(written)
        own = self.by_label.get(label, [])
        yield from own
        yield from (unit for unit in self.by_alias.get(label, []) if unit not in own)

    # --- ranks ----------------------------------------------------------------------------------

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
                found = self.find(candidate) if candidate else []
                if len(found) == 1:
                    return Post(found[0], self.rank_by_label[rank_label])
            if stem in self.by_code:
                return Post(self.by_code[stem], self.rank_by_label[rank_label])
        return None


def _enter(book: _ByLabel, labels: set[str], department: Department) -> None:
    for label in labels:
        known = book.setdefault(label, [])
        if department not in known:
            known.append(department)
