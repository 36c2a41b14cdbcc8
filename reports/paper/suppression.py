"""Which counts of people are kept back, so that no small group can be reckoned from what is left.

No database, no Django, no table: counts by name, and what is known of how they belong together.
A count is safe when there is another world, in whole people and nobody less than nought, that
would print the very same paper and in which the count is another. Such a world is looked for and
shown, never supposed; where none is found, one more count is kept back.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

SMALLEST_SHOWN = 5  # a group of 1 to 4 people could be recognised; nobody is no group
STEPS = 600  # of looking for another world, before one more count is kept back

Relation = Mapping[Hashable, int]
"""Counts with their signs: the counts times these add up to nought."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people somewhere. `low`, `high`: between which it is known to lie anyhow."""

    value: int
    low: int = 0
    high: int | None = None

    @property
    def is_small(self) -> bool:
        """Whether it could tell of single people."""
        return 0 < self.value < SMALLEST_SHOWN

    def may_be(self, value: int) -> bool:
        """Whether a reader must hold the value possible."""
        return self.low <= value and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts of a paper.

    `printed`: those that stand in it. `unprinted`: the others, as what is left of a whole;
    `groups` among them are people, too, and as small ones must not be told either.
    """

    printed: Mapping[Hashable, Count]
    unprinted: Mapping[Hashable, Count] = field(default_factory=dict)
    groups: Collection[Hashable] = ()
    relations: Sequence[Relation] = ()

    def count(self, name: Hashable) -> Count:
        """The count of this name."""
        return self.printed[name] if name in self.printed else self.unprinted[name]


def kept_back(counts: Counts, withheld: Collection[Hashable] = ()) -> frozenset[Hashable]:
    """The names of printed counts to keep back; `withheld` are kept back whatever they are."""
    found = _Suppression(counts, withheld)
    small = [name for name, one in counts.printed.items() if one.is_small]
    small += [name for name in counts.groups if counts.count(name).is_small]
    for name in small:
        if name in counts.printed:
            found.hide(name)
    for name in [*small, *withheld]:
        found.protect(name)
    return frozenset(found.hidden)


class _Suppression:
    """What is kept back so far, and which counts are safe: more kept back never undoes that."""

    def __init__(self, counts: Counts, withheld: Collection[Hashable]) -> None:
        self.counts = counts
        self.hidden = set(withheld)
        self._safe: set[Hashable] = set()
        self._of: dict[Hashable, list[Relation]] = defaultdict(list)
        for relation in counts.relations:
            for name in relation:
                self._of[name].append(relation)

    def hide(self, name: Hashable) -> None:
        self.hidden.add(name)

    def protect(self, name: Hashable) -> None:
        """Keep back the smallest counts that leave the count open, and leave these open as well."""
        begun = [name]
        while begun:
            if self._is_open(begun[-1]):
                begun.pop()
                continue
            helping = self._helping(begun[-1])
            if helping is None:
                begun.pop()  # all that could tell of it is kept back: it might be twice as large
                continue
            self.hide(helping)
            begun.insert(0, helping)

    def _is_open(self, name: Hashable) -> bool:
        if name not in self._safe:
            self._safe |= set(self._another_world(name, self.hidden))
        return name in self._safe

    def _helping(self, name: Hashable) -> Hashable | None:
        """The smallest count that opens this one; where none does alone, the smallest of all."""
        near = self._shown_near(name)
        for one in near:
            if self._another_world(name, {*self.hidden, one}):
                return one
        return near[0] if near else None

    def _shown_near(self, name: Hashable) -> list[Hashable]:
        """Printed counts that tell of this one, by way of what is kept back; the smallest first."""
        reached, shown, ahead = {name}, set(), [name]
        while ahead:
            for relation in self._of[ahead.pop()]:
                for other in relation:
                    if other in reached:
                        continue
                    reached.add(other)
                    if other in self.hidden or other in self.counts.unprinted:
                        ahead.append(other)
                    elif self.counts.count(other).value:
                        shown.add(other)
        return sorted(shown, key=lambda one: (self.counts.count(one).value, str(one)))

    def _another_world(self, name: Hashable, hidden: Collection[Hashable]) -> dict[Hashable, int]:
        """How far counts lie elsewhere in a world that prints the same; empty if none is found."""
        for step in (1, -1):
            looked = _Search(self.counts, self._of, hidden)
            if looked.may_move(name, step) and looked.settle({name: step}):
                return looked.moved
        return {}


class _Search:
    """Move one count, and then others until everything adds up again."""

    def __init__(
        self,
        counts: Counts,
        relations_of: Mapping[Hashable, list[Relation]],
        hidden: Collection[Hashable],
    ) -> None:
        self._counts = counts
        self._of = relations_of
        self._hidden = hidden
        self._steps = STEPS
        self.moved: dict[Hashable, int] = {}

    def may_move(self, name: Hashable, by: int) -> bool:
        """Whether a reader, seeing what is printed, must hold the moved count possible."""
        if name not in self._hidden and name not in self._counts.unprinted:
            return False
        one = self._counts.count(name)
        return one.may_be(one.value + by)

    def settle(self, moved: dict[Hashable, int]) -> bool:
        """Whether the world adds up, when others are moved with these; then `moved` has all."""
        self._steps -= 1
        if self._steps < 0:
            return False
        ways = self._ways_to_settle(moved)
        if ways is None:
            self.moved = moved
            return True
        return any(self.settle({**moved, name: by}) for name, by in ways)

    def _ways_to_settle(self, moved: Mapping[Hashable, int]) -> list[tuple[Hashable, int]] | None:
        """The moves that set one relation right, the one with the fewest; `None`: all are right."""
        fewest: list[tuple[Hashable, int]] | None = None
        for name in moved:
            for relation in self._of.get(name, ()):
                wrong = sum(relation[one] * by for one, by in moved.items() if one in relation)
                if not wrong:
                    continue
                ways = [
                    (other, -wrong // sign)
                    for other, sign in relation.items()
                    if other not in moved
                    and wrong % sign == 0
                    and self.may_move(other, -wrong // sign)
                ]
                ways.sort(key=lambda way: len(self._of[way[0]]))
                if fewest is None or len(ways) < len(fewest):
                    fewest = ways
        return fewest
