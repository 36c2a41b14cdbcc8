"""What the population still lacks: how many categories, which, in which department and band.

Taken from everybody as they stand (`reports.standing`), so each number can be opened.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.progress import shown_unit
from reports.standing import judge, people_standing
from staff.models import Band, Department
from staff.organisation import DepartmentTree
from training.models import Counting


@dataclass(frozen=True, slots=True)
class Lacking:
    """Somebody of the population; `missing` is empty for the digitally capable.

    `unit_id` is the department under whose name they are counted, `department_id` where they are.
    """

    staff_id: int
    number: str
    department_id: int
    unit_id: int
    band: str
    left_on: date | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How many people of a group lack none, one, two … of the required categories."""

    by_missing: tuple[int, ...]

    @property
    def population(self) -> int:
        """Everybody of the group."""
        return sum(self.by_missing)

    @property
    def capable(self) -> int:
        """Those who lack nothing."""
        return self.by_missing[0]


@dataclass(frozen=True, slots=True)
class Combination:
    """The people who lack just these categories."""

    missing: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What everybody in scope lacks on a day.

    The people of `combinations`, of `units` and of `bands` each add up to `total`.
    """

    as_of: date
    required: tuple[str, ...]
    people: tuple[Lacking, ...]
    total: Spread
    combinations: tuple[Combination, ...]
    units: tuple[tuple[Department, Spread], ...]
    bands: tuple[tuple[Band, Spread], ...]


def gap(as_of: date, rule: Counting, scope: frozenset[int] | None) -> Gap:
    """The gap of the day for the departments in scope (`None`: the whole city).

    Denominator: the population (全職員) of the day. In three queries.
    """
    tree = DepartmentTree.load(as_of)
    required = tuple(dict.fromkeys(rule.required_categories))
    people = _people(as_of, rule, scope, tree)
    by_unit: dict[int, list[Lacking]] = defaultdict(list)
    for one in people:
        by_unit[one.unit_id].append(one)
    return Gap(
        as_of=as_of,
        required=required,
        people=people,
        total=_spread(people, required),
        combinations=_combinations(people, required),
        units=tuple(
            (unit, _spread(by_unit[unit.pk], required))
            for unit in tree.with_closed()
            if unit.pk in by_unit
        ),
        bands=tuple(
            (band, _spread([one for one in people if one.band == band], required)) for band in Band
        ),
    )


def _people(
    as_of: date, rule: Counting, scope: frozenset[int] | None, tree: DepartmentTree
) -> tuple[Lacking, ...]:
    found = []
    for one in people_standing(as_of, scope):
        verdict = judge(one, as_of, rule)
        if verdict.is_counted:
            found.append(
                Lacking(
                    one.staff_id,
                    one.number,
                    one.department_id,
                    shown_unit(one.department_id, scope, tree).pk,
                    one.band,
                    one.left_on,
                    tuple(dict.fromkeys(verdict.missing)),
                )
            )
    return tuple(found)


def _spread(people: Iterable[Lacking], required: tuple[str, ...]) -> Spread:
    counted = Counter(len(one.missing) for one in people)
    return Spread(tuple(counted[lacking] for lacking in range(len(required) + 1)))


def _combinations(people: Iterable[Lacking], required: tuple[str, ...]) -> tuple[Combination, ...]:
    """The fewest missing first, then in the order of the rule; who lacks nothing stands apart."""
    counted = Counter(one.missing for one in people if one.missing)
    place = {category: index for index, category in enumerate(required)}
    ordered = sorted(counted, key=lambda missing: (len(missing), [place[one] for one in missing]))
    return tuple(Combination(missing, counted[missing]) for missing in ordered)
