"""The flow of a year: who became デジタル活用職員, who ceased to be, and on which day.

A gross account: everybody's own timeline is walked through the days on which something changes for
them, and each flip of "counted, capable and in scope" becomes a move. What stood the day before
the first, plus the gains, minus the losses, is what stands on the last day.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db import models

from reports.standing import BY_EMPLOYMENT, judge
from reports.timelines import Rules, Timeline, timelines

DAY = timedelta(days=1)


class Term(models.TextChoices):
    """A line of the account: what made somebody count, or no longer count."""

    NEWLY = "newly", "新たに到達"
    RETURNED = "returned", "復帰"
    JOINED = "joined", "修了済みの採用など"
    MOVED_IN = "moved_in", "ほかの部署から異動"
    RULE_IN = "rule_in", "集計ルールの変更で増"
    LEFT = "left", "退職"
    LEAVE = "leave", "休職・育休・派遣"
    UNCOUNTED = "uncounted", "任用形態の変更"
    MOVED_OUT = "moved_out", "ほかの部署へ異動"
    EXPIRED = "expired", "修了の有効期間切れ"
    RULE_OUT = "rule_out", "集計ルールの変更で減"


GAINS = (Term.NEWLY, Term.RETURNED, Term.JOINED, Term.MOVED_IN, Term.RULE_IN)
LOSSES = (
    Term.LEFT,
    Term.LEAVE,
    Term.UNCOUNTED,
    Term.MOVED_OUT,
    Term.EXPIRED,
    Term.RULE_OUT,
)
# These are told even when nobody is in them; the others only when somebody is.
ALWAYS_TOLD = (Term.NEWLY, Term.RETURNED, Term.LEFT, Term.LEAVE)


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody began to count, or ceased to, on a day.

    `department_id`: where they count from that day on, or counted until the day before.
    `categories`: what was completed or lapsed that day. `was` and `now`: the duty, or the
    employment, where the term is about it.
    """

    staff_id: int
    on: date
    term: Term
    department_id: int
    categories: tuple[str, ...] = ()
    was: str = ""
    now: str = ""


@dataclass(frozen=True)
class Flow:
    """The account from the first to the last day, both included."""

    first: date
    last: date
    opening: int
    closing: int
    moves: tuple[Move, ...]

    @cached_property
    def counts(self) -> Counter[Term]:
        """How many moves each term has. Somebody may stand in several."""
        return Counter(move.term for move in self.moves)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms to tell, gains before losses."""
        told = (*GAINS, *LOSSES)
        return tuple(term for term in told if term in ALWAYS_TOLD or self.counts[term])

    @property
    def gained(self) -> int:
        """All gains together."""
        return sum(self.counts[term] for term in GAINS)

    @property
    def lost(self) -> int:
        """All losses together."""
        return sum(self.counts[term] for term in LOSSES)

    @property
    def people(self) -> int:
        """Distinct people among the moves."""
        return len({move.staff_id for move in self.moves})

    def of(self, term: Term) -> tuple[Move, ...]:
        """The moves of a term, by day."""
        return tuple(move for move in self.moves if move.term == term)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the account; its closing is the next one's opening."""

    first: date
    opening: int
    gained: int
    lost: int

    @property
    def closing(self) -> int:
        """What stands at its end (or on the account's last day)."""
        return self.opening + self.gained - self.lost


def flow(first: date, last: date, scope: frozenset[int] | None) -> Flow:
    """The account of the units in scope (`None`: the whole city), in four queries.

    Opening and closing are the デジタル活用職員 of the day before the first and of the last day,
    each by the rule in force that day. The scope is one set of units on all days.
    """
    rules = Rules.load(first - DAY, last)
    opening = closing = 0
    moves: list[Move] = []
    for line in timelines(last):
        before, flips = _walk(line, first, last, rules, scope)
        opening += before
        closing += before + sum(1 if move.term in GAINS else -1 for move in flips)
        moves += flips
    moves.sort(key=lambda move: (move.on, move.staff_id))
    return Flow(first, last, opening, closing, tuple(moves))


def months(account: Flow) -> tuple[Month, ...]:
    """The account month by month."""
    found, standing = [], account.opening
    start = account.first
    while start <= account.last:
        following = (start.replace(day=1) + 31 * DAY).replace(day=1)
        moves = [move for move in account.moves if start <= move.on < following]
        gained = sum(move.term in GAINS for move in moves)
        found.append(Month(start, standing, gained, len(moves) - gained))
        standing = found[-1].closing
        start = following
    return tuple(found)


# --- one person's year --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Person:
    """A timeline under the rules, asked on any day."""

    line: Timeline
    rules: Rules
    scope: frozenset[int] | None

    def is_in_scope(self, on: date) -> bool:
        """Whether the person has a place within the scope."""
        place = self.line.place(on)
        return place is not None and (self.scope is None or place.department_id in self.scope)

    def is_in(self, on: date, ruled_on: date) -> bool:
        """Capable, counted and in scope on the day, by the rule in force on `ruled_on`."""
        if not self.line.is_employed(on) or not self.is_in_scope(on):
            return False
        return judge(self.line.facts(on), on, self.rules.on(ruled_on)).is_capable


def _walk(
    line: Timeline, first: date, last: date, rules: Rules, scope: frozenset[int] | None
) -> tuple[bool, list[Move]]:
    """Whether the person was in before the first day, and what flipped on which day."""
    person = _Person(line, rules, scope)
    opening = standing = person.is_in(first - DAY, first - DAY)
    moves = []
    for day in line.days(rules):
        if not first <= day <= last:
            continue
        now = person.is_in(day, day)
        if now != standing:
            moves.append(_gain(person, day) if now else _loss(person, day))
        standing = now
    return opening, moves


def _gain(person: _Person, on: date) -> Move:
    """What was in the way until the day before, and no longer is.

    The new rule alone first; then the completion that made the set whole; then where and how the
    person stands. Who was out for employment and duty counts under employment, as in the figures.
    """
    line, before = person.line, on - DAY
    where = line.facts(on).department_id
    if person.is_in(before, on):
        return Move(line.staff_id, on, Term.RULE_IN, where)
    rule, now = person.rules.on(on), line.facts(on)
    lacking = judge(line.completions(before), before, rule).missing
    if lacking:
        return Move(line.staff_id, on, Term.NEWLY, where, categories=lacking)
    if not line.is_employed(before) or line.place(before) is None:
        return Move(line.staff_id, on, Term.JOINED, where)
    if not person.is_in_scope(before):
        return Move(line.staff_id, on, Term.MOVED_IN, where)
    old = line.facts(before)
    if judge(old, before, rule).left_out == BY_EMPLOYMENT:
        was, became = old.employment, now.employment
        return Move(line.staff_id, on, Term.JOINED, where, was=was, now=became)
    return Move(line.staff_id, on, Term.RETURNED, where, was=old.duty, now=now.duty)


def _loss(person: _Person, on: date) -> Move:
    """What is in the way from the day on, judged by the rule of the day before."""
    line, before = person.line, on - DAY
    old = line.facts(before)
    where = old.department_id
    if person.is_in(on, before):
        return Move(line.staff_id, on, Term.RULE_OUT, where)
    if not line.is_employed(on):
        return Move(line.staff_id, on, Term.LEFT, where)
    if not person.is_in_scope(on):
        return Move(line.staff_id, on, Term.MOVED_OUT, where)
    now = line.facts(on)
    verdict = judge(now, on, person.rules.on(before))
    if verdict.left_out == BY_EMPLOYMENT:
        was, became = old.employment, now.employment
        return Move(line.staff_id, on, Term.UNCOUNTED, where, was=was, now=became)
    if verdict.left_out:
        return Move(line.staff_id, on, Term.LEAVE, where, was=old.duty, now=now.duty)
    return Move(line.staff_id, on, Term.EXPIRED, where, categories=verdict.missing)
