"""What would become of each row of リーダー名簿: added, changed, the same, or refused."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from agano_dx.lib.fiscal import era_date
from agano_dx.lib.issues import Issue
from leaders.imports.checks import (
    DOUBLED,
    OVERLAPS,
    OWN,
    SITS,
    Remark,
    doubts,
    faults,
    prolonged,
    unreasoned,
)
from leaders.imports.lines import Difference, Facts, Key, Line, differences
from leaders.models import Cohort, LeaderTerm
from leaders.services.closing import CohortClosedError, refuse_closed
from staff.models import User


class Outcome(StrEnum):
    """What would become of a row."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class World:
    """What rows are held against: the terms known, and who brings the workbook.

    `succeeded`: the first day of whoever was appointed after a term. `cohorts`: as they are now,
    which those that came with the rows need no more be.
    """

    terms: dict[Key, LeaderTerm]
    succeeded: dict[int, date]
    cohorts: dict[int, Cohort]
    by: User | None

    @classmethod
    def load(cls, by: User | None) -> "World":
        """Read it in three queries."""
        terms = LeaderTerm.objects.select_related("cohort", "department")
        followed = LeaderTerm.objects.filter(nomination__replaces__isnull=False)
        return cls(
            {(term.cohort_id, term.staff_id, term.starts_on): term for term in terms},
            dict(followed.values_list("nomination__replaces", "starts_on")),
            Cohort.objects.in_bulk(),
            by,
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """A row, what would become of it, and the term as it would be.

    `index`: its place among the rows read, by which a tick names it.
    """

    index: int
    line: Line
    outcome: Outcome
    known: LeaderTerm | None
    told: Facts
    faults: tuple[Remark, ...] = ()

    @property
    def differences(self) -> list[Difference]:
        """What would change, before and after."""
        return list(differences(Facts.of(self.known), self.told)) if self.known else []

    @property
    def reason(self) -> str:
        """Why the term ends, in words; nothing where the row does not say."""
        return self.told.in_words("end_reason") if self.told.end_reason else ""

    @property
    def verdict(self) -> str:
        """修了, 未修了 or 未判定."""
        return self.told.in_words("completed")

    @property
    def is_to_write(self) -> bool:
        """Whether it adds or changes a term."""
        return self.outcome in (Outcome.ADD, Outcome.CHANGE)

    @property
    def errors(self) -> list[Issue]:
        """Why it is refused."""
        return [self.line.issue(field, message) for field, message in self.faults]

    @property
    def warnings(self) -> list[Issue]:
        """What is odd about what it would write."""
        if not self.is_to_write:
            return []
        return [self.line.issue(*remark) for remark in doubts(self.line, self.told)]


def plan(
    lines: Sequence[Line], world: World, accepted: Collection[int] | None = None
) -> list[Planned]:
    """What would become of each row.

    `accepted`: the places of the rows that may change a term, `None` for all of them. A change
    that is not accepted stays a change, and the known term stays what it is.
    """
    rows = _compared(lines, world)
    taken = [
        row
        for row in rows
        if row.outcome == Outcome.ADD
        or (row.outcome == Outcome.CHANGE and (accepted is None or row.index in accepted))
    ]
    found: dict[int, list[Remark]] = defaultdict(list)
    for row in taken:
        found[row.index] += _refusals(row, world)
    sound = [row for row in taken if not found[row.index]]
    for index, remark in _overlapping(sound, world):
        found[index].append(remark)
    return [_refused(row, found[row.index]) if found[row.index] else row for row in rows]


def _refusals(row: Planned, world: World) -> Iterator[Remark]:
    """Why the row cannot be taken, other terms in the workbook left aside."""
    try:
        refuse_closed(world.cohorts[row.line.cohort.pk])
    except CohortClosedError as error:
        yield "cohort", str(error)
        return
    if world.by is not None and world.by.staff_id == row.line.staff.pk:
        yield "staff_no", OWN
    yield from faults(row.line, row.told)
    was = Facts.of(row.known) if row.known else None
    if row.known and was and (day := world.succeeded.get(row.known.pk)):
        yield from prolonged(was, row.told, day)
    # The server's command line brings old lists, of which it only says so.
    if world.by is not None and (was is None or _verdict(was) != _verdict(row.told)):
        yield from unreasoned(row.line, row.told)


def _verdict(facts: Facts) -> tuple[bool | None, str, date | None]:
    return facts.completed, facts.decision_reason, facts.ends_on


def fingerprint(rows: Iterable[Planned]) -> str:
    """The same for the same rows and the same known terms; holds nothing anybody could read."""
    said = [
        (row.index, row.outcome, row.known.pk if row.known else 0, *_print(row)) for row in rows
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _print(row: Planned) -> Iterator[str]:
    yield from (f"{one.field}:{one.before}:{one.after}" for one in row.differences)
    yield from (message for _, message in row.faults)


def _compared(lines: Sequence[Line], world: World) -> list[Planned]:
    """Each row beside the term it speaks of, and beside the row that spoke of it before."""
    rows: list[Planned] = []
    before: dict[Key, Planned] = {}
    for index, line in enumerate(lines):
        known = world.terms.get(line.key)
        row = _beside(index, line, known)
        first = before.setdefault(line.key, row)
        if first is not row:
            row = _again(row, first)
        rows.append(row)
    return rows


def _beside(index: int, line: Line, known: LeaderTerm | None) -> Planned:
    if known is None:
        return Planned(index, line, Outcome.ADD, None, line.facts)
    was = Facts.of(known)
    told = line.beside(was)
    return Planned(index, line, Outcome.SAME if told == was else Outcome.CHANGE, known, told)


def _again(row: Planned, first: Planned) -> Planned:
    """A second row about one term: nothing new, or a contradiction."""
    if row.told == first.told:
        return replace(row, outcome=Outcome.REPEATED)
    return _refused(row, [("starts_on", DOUBLED.format(row=first.line.row))])


def _refused(row: Planned, remarks: Sequence[Remark]) -> Planned:
    return replace(row, outcome=Outcome.REFUSED, faults=tuple(remarks))


@dataclass(frozen=True, slots=True)
class _Span:
    """The days of a term, and the row that writes it; an open term lasts as long as its cohort."""

    starts_on: date
    ends_on: date
    cohort: Cohort
    is_open: bool
    row: Planned | None


def _overlapping(taken: Sequence[Planned], world: World) -> Iterator[tuple[int, Remark]]:
    """Rows whose term would overlap another one of the same person; the later one is pointed at."""
    spans: dict[int, list[_Span]] = defaultdict(list)
    written = {row.line.key for row in taken}
    people = {row.line.staff.pk for row in taken}
    for key, term in world.terms.items():
        if term.staff_id in people and key not in written:
            spans[term.staff_id].append(_span(term.cohort, term.starts_on, term.ends_on, None))
    for row in taken:
        line = row.line
        spans[line.staff.pk].append(_span(line.cohort, line.starts_on, row.told.ends_on, row))
    for theirs in spans.values():
        yield from _clashes(sorted(theirs, key=lambda one: (one.starts_on, one.ends_on)))


def _span(cohort: Cohort, starts_on: date, ends_on: date | None, row: Planned | None) -> _Span:
    return _Span(starts_on, ends_on or cohort.ends_on, cohort, ends_on is None, row)


def _clashes(spans: Sequence[_Span]) -> Iterator[tuple[int, Remark]]:
    if not spans:
        return
    last = spans[0]
    for span in spans[1:]:
        if span.starts_on <= last.ends_on:
            blamed, other = (span, last) if span.row else (last, span)
            if blamed.row is not None:
                yield blamed.row.index, ("starts_on", _words(blamed, other))
        last = max(last, span, key=lambda one: one.ends_on)


def _words(blamed: _Span, other: _Span) -> str:
    if other.is_open and other.cohort == blamed.cohort and other.starts_on < blamed.starts_on:
        return SITS
    return OVERLAPS.format(cohort=other.cohort, day=era_date(other.starts_on))
