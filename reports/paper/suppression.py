"""Which counts of people are kept back, so that no small group can be reckoned from what is left.

No database, no Django, no table: counts by name, and what is known of how they belong together.
A count is safe when there is another world, in whole people and nobody less than nought, that
would print the very same paper and in which the count is another. Such a world is looked for and
shown, never supposed; where none is found, one more count is kept back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

SMALLEST_SHOWN = 5  # a group of 1 to 4 people could be recognised
CLOSE = 12  # counts that are tried in pairs
STEPS = 600  # of looking for another world, before one more count is kept back

Relation = Mapping[str, int]
"""Counts with their signs: the counts times these add up to nought."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people somewhere. `low`, `high`: between which it is known to lie anyhow.

    `none_of_few`: nobody of a small group, which tells of each of them.
    """

    value: int
    low: int = 0
    high: int | None = None
    none_of_few: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it could tell of single people."""
        return 0 < self.value < SMALLEST_SHOWN or self.none_of_few

    def may_be(self, value: int) -> bool:
        """Whether a reader must hold the value possible."""
        return self.low <= value and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts of a paper.

    `printed`: those that stand in it; the `dear` among them go last. `unprinted`: the others, as
    what is left of a whole: people, too, and as small groups not to be told either.
    """

    printed: Mapping[str, Count]
    unprinted: Mapping[str, Count] = field(default_factory=dict)
    dear: Collection[str] = ()
    relations: Sequence[Relation] = ()

    def count(self, name: str) -> Count:
        """The count of this name."""
        return self.printed[name] if name in self.printed else self.unprinted[name]


def kept_back(counts: Counts) -> frozenset[str]:
    """The names of the printed counts to keep back."""
    found = _Suppression(counts)
    small = [name for name, one in counts.printed.items() if one.is_small]
    for name in (*small, *(name for name, one in counts.unprinted.items() if one.is_small)):
        if not found.is_known_nought(name):
            found.protect(name)
    return frozenset(found.hidden)


class _Suppression:
    """What is kept back so far, and which counts are safe: more kept back never undoes that."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self._safe: set[str] = set()
        self._of: dict[str, list[Relation]] = defaultdict(list)
        for relation in counts.relations:
            for name in relation:
                self._of[name].append(relation)
        self.hidden = {name for name, one in counts.printed.items() if one.is_small}
        # A ＊ where everybody knows a nought would tell that it is one of a few people.
        self.hidden -= {name for name in self.hidden if self.is_known_nought(name)}

    def is_known_nought(self, name: str) -> bool:
        """Nobody of a few, told by noughts alone: where nobody of all did it, nobody here did."""
        if not self.counts.count(name).none_of_few:
            return False
        somebody = {one for one, count in self.counts.printed.items() if count.value}
        return not self._another_world(name, self.hidden | somebody)

    def protect(self, name: str) -> None:
        """Keep back the counts that leave this one open, the least dear, and open these as well."""
        begun = [name]
        while begun:
            if self._is_open(begun[-1]):
                begun.pop()
                continue
            helping = self._helping(begun[-1])
            if not helping:
                begun.pop()  # all that could tell of it is kept back: it might be twice as large
                continue
            self.hidden |= helping
            begun = [*helping, *begun]

    def _is_open(self, name: str) -> bool:
        if name not in self._safe:
            self._safe |= set(self._another_world(name, self.hidden))
        return name in self._safe

    def _helping(self, name: str) -> set[str]:
        """The first counts that open this one; where none do, the first of all near."""
        near = sorted(self._shown_near(name), key=self._worth)
        for ones in self._choices(name, near):
            if self._another_world(name, {*self.hidden, *ones}):
                return set(ones)
        return set(near[:1])

    def _choices(self, name: str, near: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """What may be kept back: one count, two that stand close, one of the dear."""
        plain = [one for one in near if one not in self.counts.dear]
        yield from ((one,) for one in plain)
        first = self._beside(name).difference(self.counts.dear)
        close = {other for one in first for other in self._beside(one)}
        shown = {one for one in close if self._is_shown(one)}.difference(self.counts.dear)
        yield from combinations(sorted(shown, key=self._worth)[:CLOSE], 2)
        yield from ((one,) for one in near if one in self.counts.dear)

    def _is_shown(self, name: str) -> bool:
        """Whether it is printed so far, and could be kept back: never a nought."""
        is_printed = name in self.counts.printed and name not in self.hidden
        return is_printed and self.counts.count(name).value > 0

    def _beside(self, name: str) -> set[str]:
        return {other for relation in self._of[name] for other in relation}

    def _shown_near(self, name: str) -> set[str]:
        """Printed counts that tell of this one, by way of what is kept back."""
        reached, shown, ahead = {name}, set(), [name]
        while ahead:
            for other in self._beside(ahead.pop()) - reached:
                reached.add(other)
                if other in self.hidden or other in self.counts.unprinted:
                    ahead.append(other)
                elif self._is_shown(other):
                    shown.add(other)
        return shown

    def _worth(self, name: str) -> tuple[bool, int, str]:
        """What goes first: what is not dear, and then the smallest."""
        return name in self.counts.dear, self.counts.count(name).value, name

    def _another_world(self, name: str, hidden: Collection[str]) -> dict[str, int]:
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
        relations_of: Mapping[str, list[Relation]],
        hidden: Collection[str],
    ) -> None:
        self._counts = counts
        self._of = relations_of
        self._hidden = hidden
        self._steps = STEPS
        self.moved: dict[str, int] = {}

    def may_move(self, name: str, by: int) -> bool:
        """Whether a reader, seeing what is printed, must hold the moved count possible."""
        if name not in self._hidden and name not in self._counts.unprinted:
            return False
        one = self._counts.count(name)
        return one.may_be(one.value + by)

    def settle(self, moved: dict[str, int]) -> bool:
        """Whether the world adds up, when others are moved with these; then `moved` has all."""
        self._steps -= 1
        if self._steps < 0:
            return False
        ways = self._ways_to_settle(moved)
        if ways is None:
            self.moved = moved
            return True
        return any(self.settle({**moved, name: by}) for name, by in ways)

    def _ways_to_settle(self, moved: Mapping[str, int]) -> list[tuple[str, int]] | None:
        """The moves that set one relation right, the one with the fewest; `None`: all are right."""
        fewest: list[tuple[str, int]] | None = None
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
