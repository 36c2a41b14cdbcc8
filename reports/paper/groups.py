"""Of which groups of people a paper tells, and how they belong together."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from reports.paper.shapes import Column, Kind, Line, Paper, Table
from reports.paper.suppression import Count, Counts, Relation
from reports.paper.ties import SUMMARY, TOTAL, Place, ties


@dataclass
class Groups:
    """The groups of a paper by name, and the name of the group in each place that tells of one."""

    of: dict[Place, str] = field(default_factory=dict)
    printed: dict[str, Count] = field(default_factory=dict)
    unprinted: dict[str, Count] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)

    def counts(self) -> Counts:
        """What the reckoning of suppression takes. The figures of the summary are kept longest."""
        dear = {name for place, name in self.of.items() if place[0] == SUMMARY}
        return Counts(self.printed, self.unprinted, dear, self.relations)


def groups(paper: Paper) -> Groups:
    """The groups of the paper and all that is known of them."""
    found = Groups()
    same = _names(paper)
    few = {same.get(place, str(place)) for place in _parts_of_few(paper)}
    for place, _, value in cells_of_people(paper):
        name = same.get(place, str(place))
        found.of[place] = name
        # Nobody is printed as 0, but of a few: elsewhere what is kept back is somebody.
        low = 1 if value and name not in few else 0
        found.printed[name] = Count(value, low=low, none_of_few=not value and name in few)
    for table in paper.tables:
        _tell_of_sums(table, found)
        _tell_of_lines(table, found)
        _tell_of_rising(table, found)
    _tell_of_ties(paper, found)
    return found


def rows(table: Table) -> Iterator[tuple[int, Line]]:
    """The lines by number, and the sums as the last."""
    yield from enumerate(table.lines)
    if table.total is not None:
        yield TOTAL, table.total


def cells_of_people(paper: Paper) -> Iterator[tuple[Place, Column, int]]:
    """Every place where a number of people stands."""
    tied = {place for together in ties(paper).same for place in together}
    for table in paper.tables:
        for number, line in rows(table):
            for position, (column, cell) in enumerate(zip(table.columns, line.cells, strict=True)):
                place = (table.key, number, position)
                if (column.kind is Kind.PEOPLE or place in tied) and isinstance(cell, int):
                    yield place, column, cell


def _parts_of_few(paper: Paper) -> Iterator[Place]:
    """Where a line tells of a part of a small group: of people everybody could name."""
    for table in paper.tables:
        parts = [(n, one.within) for n, one in enumerate(table.columns) if one.within is not None]
        parts += [(part, each.whole) for each in table.sums for part in each.parts]
        for number, line in rows(table):
            for part, whole in parts:
                size = line.cells[whole]
                if isinstance(size, int) and Count(size).is_small:
                    yield table.key, number, part


def _names(paper: Paper) -> dict[Place, str]:
    """Places that tell of one group have one name."""
    together: list[tuple[Place, ...]] = list(ties(paper).same)
    by_group: dict[tuple[str, str], list[Place]] = {}
    for table in paper.tables:
        for number, line in rows(table):
            for position, column in enumerate(table.columns):
                if line.group and column.kind is Kind.PEOPLE:
                    key = (line.group, column.heading)
                    by_group.setdefault(key, []).append((table.key, number, position))
    names: dict[Place, str] = {}
    for places in (*together, *by_group.values()):
        known = [names[place] for place in places if place in names]
        name = known[0] if known else str(places[0])
        names |= dict.fromkeys(places, name)
        names |= {place: name for place, old in names.items() if old in known}
    return names


def _tell_of_sums(table: Table, found: Groups) -> None:
    """The lines make up the total."""
    if table.total is None:
        return
    for position in range(len(table.columns)):
        whole = found.of.get((table.key, TOTAL, position))
        if whole is None:
            continue
        parts = [found.of.get((table.key, number, position)) for number in range(len(table.lines))]
        _add(found, whole, [part for part in parts if part])


def _tell_of_lines(table: Table, found: Groups) -> None:
    """In a line, some are a part of others, and some make others up."""
    for number, _ in rows(table):
        named = {
            position: found.of[place]
            for position in range(len(table.columns))
            if (place := (table.key, number, position)) in found.of
        }
        for position, column in enumerate(table.columns):
            if column.within in named and position in named:
                _add(found, named[column.within], [named[position]], rest="left")
        for each in table.sums:
            if each.whole in named:
                _add(found, named[each.whole], [named[p] for p in each.parts if p in named])


def _tell_of_rising(table: Table, found: Groups) -> None:
    """What a line has more than the one before are the people who came in between."""
    for position in table.rising:
        column = [
            found.of[place]
            for number in range(len(table.lines))
            if (place := (table.key, number, position)) in found.of
        ]
        for before, after in zip(column, column[1:], strict=False):
            _add(found, after, [before], rest="came")


def _tell_of_ties(paper: Paper, found: Groups) -> None:
    known = ties(paper)
    for part, whole in known.within:
        if part in found.of and whole in found.of:
            _add(found, found.of[whole], [found.of[part]], rest="left")
    for whole, parts in known.covered:
        if whole in found.of:
            _add(found, found.of[whole], [found.of[p] for p in parts if p in found.of], rest="-")


def _add(found: Groups, whole: str, parts: list[str], *, rest: str = "") -> None:
    """The parts make up the whole, with people left over (`rest`) or counted again (`-`).

    What does not hold in the numbers is no knowledge and is left aside.
    """
    if not parts or whole in parts:
        return
    terms: dict[str, int] = {whole: 1}
    for part in parts:
        terms[part] = terms.get(part, 0) - 1
    over = sum(sign * found.printed[name].value for name, sign in terms.items())
    if rest == "-":
        over = -over
    if over < 0 or (over and not rest):
        return
    if rest:
        name = f"{whole} {rest} {'+'.join(parts)}"
        found.unprinted[name] = Count(over)
        terms[name] = 1 if rest == "-" else -1
    found.relations.append(terms)
