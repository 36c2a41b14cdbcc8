"""Why a person is counted otherwise: from one state to another in steps, each with its reason.

Each step changes one matter alone, and what the figures lose and gain by it is laid to its reason.
So the lines of everybody add up to the difference of every figure, whatever happened.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from reports.comparison.tally import NOBODY, State, counted, states
from reports.standing import Done, Standing, Standings
from training.models import SETTLED, Category, Counting


class Reason(StrEnum):
    """Why a figure differs: what happened between two days, or what was learned of one later."""

    HIRED = "hired"
    LEFT = "left"
    MOVED = "moved"
    DUTY = "duty"
    EMPLOYMENT = "employment"
    COMPLETED = "completed"
    EXPIRED = "expired"
    NEW_YEAR = "new_year"
    TERM = "term"
    SPECIALIST = "specialist"
    LATE_MARK = "late_mark"
    CORRECTED = "corrected"
    BACKDATED = "backdated"
    DATES = "dates"
    TERM_FIXED = "term_fixed"
    SPECIALIST_FIXED = "specialist_fixed"
    RULE = "rule"


# What of somebody's place may change, beside what they learned.
PLACE = ("employment", "duty", "department_id", "rank", "band", "is_executive")


@dataclass(frozen=True, slots=True)
class MarkTrail:
    """What became of one mark since the freezing: first old state, last new one, by whom, why."""

    staff_id: int
    category: str
    title: str
    held_on: date
    old: str
    new: str
    by: str
    at: datetime
    reason: str
    offering_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """One reason why one person changes figures. `figures` is empty where none changed.

    `before` and `after` are the states the step led from and to; `marks` tells corrected ones.
    """

    staff_id: int
    reason: Reason
    figures: Mapping[str, int]
    before: State
    after: State
    marks: tuple[MarkTrail, ...] = ()

    @property
    def change_of_place(self) -> dict[str, tuple[Any, Any]]:
        """What of the place is another after the step, with both values; empty where nothing is."""
        old, new = self.before.person, self.after.person
        if old is None or new is None:
            return {}
        names = [name for name in PLACE if name != "rank"]
        pairs = {name: (getattr(old, name), getattr(new, name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


Marks = Mapping[tuple[int, str], tuple[MarkTrail, ...]]


@dataclass(frozen=True, slots=True)
class Leg:
    """From one set of facts to another: between days, or from the frozen to the known.

    `elsewhere`: those whose first or last place on the way lies outside the units asked for.
    """

    before: Standings
    after: Standings
    marks: Marks
    elsewhere: frozenset[int] = frozenset()

    @property
    def is_of_one_day(self) -> bool:
        """Whether it is what was learned since, not what happened since."""
        return self.before.on == self.after.on


@dataclass(frozen=True, slots=True)
class _Step:
    reason: Reason
    state: State
    marks: tuple[MarkTrail, ...] = ()


def lines_of(leg: Leg, rule: Counting, units: frozenset[int] | None) -> list[Line]:
    """The lines of everybody in the units, by one rule throughout.

    Between two days only what changes a figure; on one day every correction, for each is one.
    """
    before, after = states(leg.before), states(leg.after)
    found: list[Line] = []
    for pk in dict.fromkeys([*before, *after]):
        old, new = before.get(pk, NOBODY), after.get(pk, NOBODY)
        if leg.is_of_one_day and old == new:
            continue
        found += _lines(pk, leg, rule, (old, new), units)
    return found


def rule_lines(
    found: Standings, rules: tuple[Counting, Counting], units: frozenset[int] | None
) -> list[Line]:
    """What the second rule makes of the same facts."""
    lines = []
    for pk, whole in states(found).items():
        state = whole.within(units)
        old, new = (counted(state, found.on, rule) for rule in rules)
        if figures := _difference(old, new):
            lines.append(Line(pk, Reason.RULE, figures, state, state))
    return lines


def _lines(
    pk: int,
    leg: Leg,
    rule: Counting,
    pair: tuple[State, State],
    units: frozenset[int] | None,
) -> Iterator[Line]:
    old, new = pair[0].within(units), pair[1].within(units)
    state, has = old, counted(old, leg.before.on, rule)
    for step in _steps(pk, leg, pair, old, new):
        gets = counted(step.state, leg.before.on, rule)
        figures = _difference(has, gets)
        if figures or leg.is_of_one_day:
            yield Line(pk, step.reason, figures, state, step.state, step.marks)
        state, has = step.state, gets
    if not leg.is_of_one_day:
        yield from _by_time(pk, state, _difference(has, counted(state, leg.after.on, rule)))


def _difference(old: Counter[str], new: Counter[str]) -> dict[str, int]:
    keys = dict.fromkeys([*old, *new])
    return {key: new[key] - old[key] for key in keys if new[key] != old[key]}


def _by_time(pk: int, state: State, figures: dict[str, int]) -> Iterator[Line]:
    """The mere passing of days: executives begin anew each year, completions grow too old."""
    year = {key: value for key, value in figures.items() if key == "executives_completed"}
    rest = {key: value for key, value in figures.items() if key not in year}
    for reason, part in ((Reason.NEW_YEAR, year), (Reason.EXPIRED, rest)):
        if part:
            yield Line(pk, reason, part, state, state)


def _steps(pk: int, leg: Leg, pair: tuple[State, State], old: State, new: State) -> Iterator[_Step]:
    state = old
    if (old.person is None) != (new.person is None):
        state = replace(state, person=new.person, specialist=new.specialist)
        yield _Step(_came_or_went(pk, leg, pair, old), state)
    elif old.person is not None and new.person is not None:
        for step in _person_steps(pk, leg, state, old.person, new.person, new):
            state = step.state
            yield step
    if state.terms != new.terms:
        state = replace(state, terms=new.terms)
        yield _Step(Reason.TERM_FIXED if leg.is_of_one_day else Reason.TERM, state)
    if state.specialist != new.specialist:
        state = replace(state, specialist=new.specialist)
        yield _Step(Reason.SPECIALIST_FIXED if leg.is_of_one_day else Reason.SPECIALIST, state)


def _came_or_went(pk: int, leg: Leg, pair: tuple[State, State], old: State) -> Reason:
    """Whoever is there both times came from, or went to, a unit out of sight.

    So does who was hired into another unit, or left from one: that is not told here.
    """
    was, now = pair[0].person, pair[1].person
    if (was is not None and now is not None) or pk in leg.elsewhere:
        return Reason.BACKDATED if leg.is_of_one_day else Reason.MOVED
    if leg.is_of_one_day:
        return Reason.DATES
    gone = was if old.person is not None else None
    if gone is not None:
        has_left = gone.left_on is not None and gone.left_on < leg.after.on
        return Reason.LEFT if has_left else Reason.MOVED
    return Reason.HIRED if now is not None and now.hired_on > leg.before.on else Reason.MOVED


def _person_steps(
    pk: int, leg: Leg, state: State, person: Standing, after: Standing, new: State
) -> Iterator[_Step]:
    for reason, values in _facets(after):
        if all(getattr(person, name) == value for name, value in values.items() if name != "rank"):
            continue  # the mere name of a rank may be put right in the masters
        person = replace(person, **values)
        state = replace(state, person=person)
        if reason == Reason.MOVED and state.specialist is not None and new.specialist is not None:
            state = replace(state, specialist=new.specialist)
        yield _Step(Reason.BACKDATED if leg.is_of_one_day else reason, state)
    for category in [str(one) for one in Category]:
        was, now = person.done.get(category), after.done.get(category)
        if was != now:
            person = replace(person, done=_with(person.done, category, now))
            state = replace(state, person=person)
            yield _completion(pk, category, leg, state, is_gained=now is not None and was is None)


def _facets(after: Standing) -> Iterator[tuple[Reason, dict[str, Any]]]:
    """What of a place may change, each with what it is called when it changes."""
    yield Reason.EMPLOYMENT, {"employment": after.employment}
    yield Reason.DUTY, {"duty": after.duty}
    yield Reason.MOVED, {name: getattr(after, name) for name in PLACE[2:]}


def _with(done: Mapping[str, Done], category: str, now: Done | None) -> dict[str, Done]:
    rest = {str(key): value for key, value in done.items() if key != category}
    return rest if now is None else rest | {category: now}


def _completion(pk: int, category: str, leg: Leg, state: State, *, is_gained: bool) -> _Step:
    if not leg.is_of_one_day:
        return _Step(Reason.COMPLETED, state)
    marks = leg.marks.get((pk, category), ())
    was_settled = any(mark.old in SETTLED for mark in marks)
    is_late = not was_settled and (is_gained or bool(marks))
    return _Step(Reason.LATE_MARK if is_late else Reason.CORRECTED, state, marks)
