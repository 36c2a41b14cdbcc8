"""The two sides of a comparison, and the way from one to the other.

The way goes over what is known now: from a frozen day to the same day as known now (what was
learned later), from there to the other day (what happened), and from there to that day as frozen.
So nothing learned is ever taken for something that happened.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from agano_dx.lib.fiscal import FiscalYear, era_date
from reports.comparison.elsewhere import came_from_or_went_to
from reports.comparison.lines import (
    Leg,
    Line,
    Marks,
    MarkTrail,
    Reason,
    lines_of,
    rule_lines,
)
from reports.comparison.tally import FIGURES, tally
from reports.models import Snapshot
from reports.snapshots import frozen_standings, rule_from
from reports.standing import Standings, standings
from training.models import COMPLETING, AttendanceChange, Counting, CountingRule

# As training/services/marking.py says it of changes nobody made by hand.
BY_COMMAND = "コマンド"


@dataclass(frozen=True, slots=True)
class Side:
    """A day, how it is known, and the rule it is counted by."""

    on: date
    rule: Counting
    snapshot: Snapshot | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether it is a 確定値."""
        return self.snapshot is not None

    @property
    def label(self) -> str:
        """What it is called on a page."""
        if self.snapshot is not None:
            return f"{FiscalYear.containing(self.on).long_label}の確定値"
        return f"{era_date(self.on)}（現在の記録）"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure on both sides; by_facts + by_rule = second − first."""

    key: str
    label: str
    first: int
    second: int
    by_rule: int

    @property
    def difference(self) -> int:
        """Second less first."""
        return self.second - self.first

    @property
    def by_facts(self) -> int:
        """What of it is not the rule's doing."""
        return self.difference - self.by_rule


@dataclass(frozen=True, slots=True)
class ReasonEffect:
    """What one reason does: how many people it concerns, what each figure gains and loses."""

    people: int
    gained: Counter[str]
    lost: Counter[str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two sides differ. The lines' figures add up to every difference exactly."""

    first: Side
    second: Side
    figures: tuple[FigureChange, ...]
    lines: tuple[Line, ...]

    @property
    def by_reason(self) -> dict[Reason, ReasonEffect]:
        """What each reason does to the figures."""
        people: dict[Reason, set[int]] = defaultdict(set)
        gained: dict[Reason, Counter[str]] = defaultdict(Counter)
        lost: dict[Reason, Counter[str]] = defaultdict(Counter)
        for line in self.lines:
            people[line.reason].add(line.staff_id)
            for key, change in line.figures.items():
                (gained if change > 0 else lost)[line.reason][key] += abs(change)
        return {
            reason: ReasonEffect(len(people[reason]), gained[reason], lost[reason])
            for reason in Reason
            if people[reason]
        }

    @property
    def people(self) -> int:
        """How many people the lines are about."""
        return len({line.staff_id for line in self.lines})

    def of(self, key: str) -> FigureChange:
        """One figure."""
        return next(one for one in self.figures if one.key == key)


def frozen_side(snapshot: Snapshot) -> Side:
    """A year as it was frozen."""
    return Side(snapshot.as_of, rule_from(snapshot.rule), snapshot)


def known_side(on: date, rule: Counting | None = None) -> Side:
    """A day as known now, by the rule of that day or another one."""
    return Side(on, rule or CountingRule.objects.in_force(on))


def compare(one: Side, other: Side, units: frozenset[int] | None) -> Explanation:
    """The earlier day first, of one day the frozen first. In a constant number of queries.

    Everything is judged by the first side's rule; what the second rule makes of the second side's
    facts is told apart at the end.
    """
    first, second = sorted((one, other), key=lambda side: (side.on, not side.is_frozen))
    nodes = list(_way(first, second))
    lines = _along(nodes, first, second, units)
    last = nodes[-1]
    old, middle = tally(nodes[0], first.rule, units), tally(last, first.rule, units)
    if first.rule != second.rule:
        lines += rule_lines(last, (first.rule, second.rule), units)
    new = tally(last, second.rule, units)
    changes = tuple(
        FigureChange(key, label, old[key], new[key], new[key] - middle[key])
        for key, label in FIGURES.items()
    )
    return Explanation(first, second, changes, tuple(lines))


def _way(first: Side, second: Side) -> Iterator[Standings]:
    """The facts on the way. One day frozen is compared with what is known of it at once."""
    if first.snapshot is not None:
        yield frozen_standings(first.snapshot)
    yield standings(first.on, None)
    if second.on != first.on:
        yield standings(second.on, None)
    if second.snapshot is not None:
        yield frozen_standings(second.snapshot)


def _along(
    nodes: list[Standings], first: Side, second: Side, units: frozenset[int] | None
) -> list[Line]:
    learned: list[Line] = []
    happened: list[Line] = []
    unlearned: list[Line] = []
    for index, (before, after) in enumerate(zip(nodes, nodes[1:], strict=False)):
        frozen = (first if index == 0 else second).snapshot
        if before.on != after.on or frozen is None:
            happened += _of_leg(before, after, None, first.rule, units)
        elif index == 0 and first.snapshot is not None:
            learned += _of_leg(before, after, frozen, first.rule, units)
        else:
            lines = _of_leg(after, before, frozen, first.rule, units)
            unlearned += [_backward(line) for line in lines]
    learned, unlearned = _without_to_and_fro(learned, unlearned)
    return learned + happened + unlearned


def _of_leg(
    before: Standings,
    after: Standings,
    frozen: Snapshot | None,
    rule: Counting,
    units: frozenset[int] | None,
) -> list[Line]:
    marks = _marks_since(frozen) if frozen is not None else {}
    elsewhere = came_from_or_went_to(before, after, units) if units is not None else frozenset()
    return lines_of(Leg(before, after, marks, elsewhere), rule, units)


def _backward(line: Line) -> Line:
    """A correction the second side does not hold yet."""
    figures = {key: -value for key, value in line.figures.items()}
    return replace(line, figures=figures, before=line.after, after=line.before)


def _without_to_and_fro(
    learned: list[Line], unlearned: list[Line]
) -> tuple[list[Line], list[Line]]:
    """Both frozen sides lack what was corrected after both: nothing between them differs by it."""
    kept, rest = list(learned), []
    for line in unlearned:
        forward = _backward(line)
        twin = next((one for one in kept if _is_same_correction(one, forward)), None)
        if twin is not None:
            kept.remove(twin)
        else:
            rest.append(line)
    return kept, rest


def _is_same_correction(one: Line, other: Line) -> bool:
    return (
        (one.staff_id, one.reason) == (other.staff_id, other.reason)
        and one.marks == other.marks
        and one.figures == other.figures
        and one.change_of_place == other.change_of_place
    )


def _marks_since(snapshot: Snapshot) -> Marks:
    """The marks that became or ceased to be completions since the freezing, in one query."""
    changes = (
        AttendanceChange.objects.filter(
            pk__gt=snapshot.members["changes_until"],
            attendance__offering__starts_on__lte=snapshot.as_of,
        )
        .select_related("attendance__offering__course", "by__staff")
        .order_by("pk")
    )
    by_place: dict[int, list[AttendanceChange]] = defaultdict(list)
    for change in changes:
        by_place[change.attendance_id].append(change)
    found: dict[tuple[int, str], tuple[MarkTrail, ...]] = defaultdict(tuple)
    for made in by_place.values():
        trail = _trail(made)
        if (trail.old in COMPLETING) != (trail.new in COMPLETING):
            key = (trail.staff_id, trail.category)
            found[key] = (*found[key], trail)
    return found


def _trail(made: list[AttendanceChange]) -> MarkTrail:
    last = made[-1]
    place = last.attendance
    return MarkTrail(
        staff_id=place.staff_id,
        category=place.category,
        title=place.offering.course.title,
        held_on=place.completed_on or place.offering.ends_on,
        old=made[0].old,
        new=last.new,
        by=last.by.person_name if last.by else BY_COMMAND,
        at=last.at,
        reason=last.reason,
        offering_id=place.offering_id,
    )
