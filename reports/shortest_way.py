"""The shortest way to the next target: the fewest new seats that would reach it.

A person costs as many seats as categories they lack on the target's day and have not booked before
it; who waits for a seat (空き待ち) has booked none. What lapses until then is lacking.
Taking the cheapest people first gives the fewest seats there can be. Where several people cost the
same at the margin, those are taken

1. who keep the number of different categories lowest (all sets of categories are tried),
2. who fill rooms that are needed anyway, then rooms of the largest group (`ROOM` people each),
3. who need no booking of theirs to go well besides; then by staff number.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from reports.figures import coming_target
from reports.gap import Gap, Lacking, gap
from reports.progress import Counts, ShareTarget, share_targets
from reports.standing import still_valid
from training.models import Attendance, AttendanceStatus, Category, Counting, CountingRule

# People in one room, as the plan's trainings are held: by it rooms are counted and proposed.
ROOM = 30


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of the time to the due day.

    Who booked which categories, who will have left, and whose completions will count no longer.
    """

    booked: Mapping[int, frozenset[str]]
    leaving: frozenset[int]
    lapsing: Mapping[int, frozenset[str]]


NOTHING_KNOWN = Ahead({}, frozenset(), {})


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody proposed, and the categories in which they need a new seat."""

    person: Lacking
    seats: tuple[str, ...]

    @property
    def rests_on_booking(self) -> bool:
        """Whether they must also complete what they have booked."""
        return len(self.seats) < len(self.person.missing)


@dataclass(frozen=True, slots=True)
class Way:
    """The proposal. `short`: people missing to the target when lapsing completions are taken off.

    `ready`: people whose missing categories are all booked; `steps`: those who need seats;
    `left`: how many would still be missing if all of them completed everything.
    """

    target: ShareTarget
    short: int
    ready: tuple[Lacking, ...]
    steps: tuple[Step, ...]
    left: int

    @property
    def seats(self) -> dict[str, tuple[Lacking, ...]]:
        """Who needs a new seat, by category."""
        found: dict[str, list[Lacking]] = defaultdict(list)
        for step in self.steps:
            for category in step.seats:
                found[category].append(step.person)
        return {str(one): tuple(found[one]) for one in Category if one in found}

    @property
    def relied_on(self) -> int:
        """How many of those who have booked must complete it for the target to be reached."""
        return min(len(self.ready), self.short) + sum(one.rests_on_booking for one in self.steps)


def target_ahead(found: Gap) -> ShareTarget | None:
    """The next promised share held against the counts of the gap; one query."""
    total = Counts(found.total.population, found.total.capable)
    return coming_target(share_targets(found.as_of, total), found.as_of)


def is_ahead(target: ShareTarget, on: date) -> bool:
    """Whether there is time left after the day to do something for the target."""
    return target.due > on


def known_ahead(
    found: Gap, due: date, rule: Counting, *, today: date, known_until: date | None
) -> Ahead:
    """What may be known on the day of the gap of the time to the due day; at most two queries.

    `known_until`: the last day of which departures may be known (`None`: any); 内示 is secret. Of
    a day before today no booking is taken into account: people have marked and moved since.
    """
    seen = due if known_until is None else min(known_until, due)
    return Ahead(
        booked=_booked(found.as_of, due) if found.as_of >= today else {},
        leaving=frozenset(
            one.staff_id for one in found.people if one.left_on is not None and one.left_on < seen
        ),
        lapsing=_lapsing(found, due, rule) if rule.validity_years else {},
    )


def _booked(as_of: date, due: date) -> dict[int, frozenset[str]]:
    """Places held on offerings that end after the day and by the due day."""
    booked: dict[int, set[str]] = defaultdict(set)
    rows = Attendance.objects.filter(
        status=AttendanceStatus.BOOKED,
        offering__ends_on__gt=as_of,
        offering__ends_on__lte=due,
        offering__cancelled_at__isnull=True,
    )
    for staff_id, category in rows.values_list("staff", "category"):
        booked[staff_id].add(category)
    return {staff_id: frozenset(categories) for staff_id, categories in booked.items()}


def _lapsing(found: Gap, due: date, rule: Counting) -> dict[int, frozenset[str]]:
    """What people have on the day and, by its validity, no longer on the due day."""
    valid = still_valid(found.as_of, due, rule)
    lapsing = {
        one.staff_id: frozenset(found.required)
        - frozenset(one.missing)
        - valid.get(one.staff_id, frozenset())
        for one in found.people
    }
    return {staff_id: categories for staff_id, categories in lapsing.items() if categories}


def current_way(today: date) -> Way | None:
    """The whole city's way from today, with all that is known, for those who offer seats.

    `None` without a target that is still to come.
    """
    rule = CountingRule.objects.in_force(today)
    found = gap(today, rule, None)
    target = target_ahead(found)
    if target is None or not is_ahead(target, today):
        return None
    known = known_ahead(found, target.due, rule, today=today, known_until=None)
    return shortest_way(found, target, known)


def shortest_way(found: Gap, target: ShareTarget, known: Ahead) -> Way:
    """The fewest new seats by which the target would be reached; makes no query.

    How many people are needed is reckoned from the population of the day of the gap.
    """
    people = lacking_on_due_day(found, known)
    short = max(0, target.needed - sum(not one.missing for one in people))
    able = [
        Step(one, tuple(c for c in one.missing if c not in known.booked.get(one.staff_id, ())))
        for one in people
        if one.missing and one.staff_id not in known.leaving
    ]
    ready = tuple(step.person for step in able if not step.seats)
    wanted = max(0, short - len(ready))
    steps = _cheapest([step for step in able if step.seats], wanted, found.required)
    return Way(
        target=target,
        short=short,
        ready=ready,
        steps=tuple(sorted(steps, key=lambda step: (len(step.seats), step.person.number))),
        left=wanted - len(steps),
    )


def lacking_on_due_day(found: Gap, known: Ahead) -> list[Lacking]:
    """The people of the gap with what they lack once what lapses has lapsed."""
    return [
        replace(
            one,
            missing=tuple(
                category
                for category in found.required
                if category in one.missing or category in known.lapsing.get(one.staff_id, ())
            ),
        )
        for one in found.people
    ]


def _cheapest(able: Sequence[Step], wanted: int, required: Sequence[str]) -> list[Step]:
    if wanted >= len(able):
        return list(able)
    if wanted == 0:
        return []
    margin = sorted(len(step.seats) for step in able)[wanted - 1]
    sure = [step for step in able if len(step.seats) < margin]
    pool = [step for step in able if len(step.seats) == margin]
    return sure + _of_few_categories(sure, pool, wanted - len(sure), required)


def _of_few_categories(
    sure: Sequence[Step], pool: Sequence[Step], wanted: int, required: Sequence[str]
) -> list[Step]:
    """So many of the pool that as few categories as possible are needed beside the sure ones."""
    used = {category for step in sure for category in step.seats}
    others = [category for category in required if category not in used]
    for size in range(len(others) + 1):
        found = []
        for extra in combinations(others, size):
            fitting = [step for step in pool if used.union(extra).issuperset(step.seats)]
            if len(fitting) >= wanted:
                found.append(_filling_rooms(sure, fitting, wanted))
        if found:
            return min(found, key=lambda chosen: _rooms([*sure, *chosen]))
    return list(pool)


def _filling_rooms(sure: Sequence[Step], pool: Sequence[Step], wanted: int) -> list[Step]:
    """One after the other, each time somebody for whom the fewest new rooms have to be opened."""
    groups: dict[tuple[str, ...], list[Step]] = defaultdict(list)
    for step in sorted(pool, key=lambda step: step.rests_on_booking):
        groups[step.seats].append(step)
    waiting = {seats: list(reversed(steps)) for seats, steps in groups.items()}
    taken = Counter(category for step in sure for category in step.seats)
    chosen = []
    for _ in range(wanted):
        seats = min(
            (seats for seats in waiting if waiting[seats]),
            key=lambda seats: (sum(taken[one] % ROOM == 0 for one in seats), -len(waiting[seats])),
        )
        chosen.append(waiting[seats].pop())
        taken.update(seats)
    return chosen


def _rooms(steps: Sequence[Step]) -> int:
    taken = Counter(category for step in steps for category in step.seats)
    return sum(-(-people // ROOM) for people in taken.values())
