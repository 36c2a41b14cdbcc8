"""A cohort on a day: every 部署 with its leaders, what is missing, and the whole."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear, era_date
from leaders.bands import LeaderBand, leader_bands
from leaders.models import Cohort, EndReason, LeaderTerm
from staff.access import Access
from staff.models import Department
from staff.organisation import DepartmentTree


@dataclass(frozen=True, slots=True)
class Sight:
    """What the asker may see: whose figures, whose names, and how far ahead.

    `units`, `names`: department ids; `None` is the whole city. `until`: the last day of which they
    may know; `None` for those who see what is to come.
    """

    units: frozenset[int] | None
    names: frozenset[int] | None
    staff_id: int | None
    until: date | None

    @classmethod
    def of(cls, access: Access, today: date) -> "Sight":
        """The sight of an account today."""
        until = None if access.sees_future else today
        return cls(access.figure_units, access.name_units, access.staff_id, until)

    def counts(self, department_id: int) -> bool:
        """Whether a department lies within the figures."""
        return self.units is None or department_id in self.units

    def names_of(self, term: LeaderTerm) -> bool:
        """Whether the leader may be named; as `LeaderTermQuerySet.visible_to`."""
        return (
            self.names is None or term.department_id in self.names or term.staff_id == self.staff_id
        )


class CohortState(StrEnum):
    """How far a cohort has come."""

    BEFORE = "開始前"
    RUNNING = "活動中"
    OVER = "終了"
    CLOSED = "終了処理済み"

    @classmethod
    def of(cls, cohort: Cohort, on: date) -> "CohortState":
        """The state at the end of the day."""
        if cohort.closed_at is not None and timezone.localtime(cohort.closed_at).date() <= on:
            return cls.CLOSED
        if cohort.runs_on(on):
            return cls.RUNNING
        return cls.BEFORE if on < cohort.starts_on else cls.OVER


class Standing(StrEnum):
    """How a leader stands on the day."""

    SITTING = "活動中"
    COMING = "就任前"
    LEFT = "退職（退任日の確認待ち）"
    ENDED = "退任"


@dataclass(frozen=True, slots=True)
class LeaderLine:
    """A leader of a 部署, as far as the asker may know. `ends_on` and `reason` may lie ahead.

    `place`: the unit the term names, where that is another row than the 部署, in words.
    """

    term: LeaderTerm
    standing: Standing
    ends_on: date | None
    reason: str
    outcome: str
    place: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One 部署 in the cohort. `leaders` holds those the asker may see by name.

    `missing`: what is missing, in words; empty where nothing is.
    """

    unit: Department
    must_give: bool
    sitting: int
    coming: int
    ended: int
    leaders: tuple[LeaderLine, ...]
    missing: str

    @property
    def is_covered(self) -> bool:
        """Whether a leader sits."""
        return self.sitting > 0

    @property
    def is_named(self) -> bool:
        """Whether every leader stands in `leaders`."""
        return len(self.leaders) == self.sitting + self.coming + self.ended


@dataclass(frozen=True, slots=True)
class CohortBoard:
    """A cohort on a day. `runs`: whether that day lies in its two years.

    `completed`, `people`: 修了した任期（延べ）and 実人数 of all cohorts up to the day.
    """

    cohort: Cohort
    state: CohortState
    runs: bool
    rows: tuple[UnitRow, ...]
    completed: int
    people: int
    completed_here: int
    band: LeaderBand | None
    days_left: int

    @property
    def sitting(self) -> int:
        """活動中."""
        return sum(row.sitting for row in self.rows)

    @property
    def giving(self) -> tuple[UnitRow, ...]:
        """The 部署 that must give a leader."""
        return tuple(row for row in self.rows if row.must_give)

    @property
    def covered(self) -> tuple[UnitRow, ...]:
        """Those with a sitting leader."""
        return tuple(row for row in self.giving if row.is_covered)

    @property
    def without(self) -> tuple[UnitRow, ...]:
        """Those without; an alarm while the cohort runs."""
        return tuple(row for row in self.giving if not row.is_covered)


def cohort_board(cohort: Cohort, on: date, sight: Sight) -> CohortBoard:
    """The cohort at the end of the day, within sight; in four queries.

    Departments stand as on the day; those of a cohort that is over as on its last day.
    """
    tree = DepartmentTree.load(min(on, cohort.ends_on))
    terms: dict[int, list[LeaderTerm]] = defaultdict(list)
    for term in cohort.terms.select_related("cohort", "staff", "department"):
        if sight.counts(term.department_id):
            terms[tree.reporting_unit(term.department_id).pk].append(term)
    units = _shown(tree, terms, sight)
    finished = LeaderTerm.objects.completed(on)
    if sight.units is not None:
        finished = finished.filter(department__in=sight.units)
    people = list(finished.values_list("cohort", "staff"))
    return CohortBoard(
        cohort=cohort,
        state=CohortState.of(cohort, on),
        runs=cohort.runs_on(on),
        rows=tuple(_row(unit, terms.get(unit.pk, []), tree, cohort, on, sight) for unit in units),
        completed=len(people),
        people=len({staff for _, staff in people}),
        completed_here=sum(number == cohort.pk for number, _ in people),
        band=leader_bands().get(cohort.last_year) if sight.units is None else None,
        days_left=max(0, (cohort.ends_on - on).days),
    )


def _shown(
    tree: DepartmentTree, terms: dict[int, list[LeaderTerm]], sight: Sight
) -> list[Department]:
    """The units that must give a leader, in the order of the tree, then others that have some."""
    giving = [unit for unit in tree.in_order if unit.gives_leader and sight.counts(unit.pk)]
    known = {unit.pk for unit in giving}
    return giving + [tree.by_id[pk] for pk in terms if pk not in known]


def _row(
    unit: Department,
    terms: list[LeaderTerm],
    tree: DepartmentTree,
    cohort: Cohort,
    on: date,
    sight: Sight,
) -> UnitRow:
    stands = [(term, _standing(term, on)) for term in terms]
    counts = {one: sum(standing == one for _, standing in stands) for one in Standing}
    must_give = unit.gives_leader and unit.is_open(tree.on)
    return UnitRow(
        unit=unit,
        must_give=must_give,
        sitting=counts[Standing.SITTING],
        coming=counts[Standing.COMING],
        ended=counts[Standing.ENDED] + counts[Standing.LEFT],
        leaders=tuple(
            _line(term, standing, _place(term, unit, tree), on, sight)
            for term, standing in stands
            if sight.names_of(term)
        ),
        missing=_missing(terms, cohort, on, sight) if must_give else "",
    )


def _standing(term: LeaderTerm, on: date) -> Standing:
    if term.is_over(on):
        return Standing.ENDED
    left_on = term.staff.left_on
    if left_on is not None and left_on < min(on, term.cohort.ends_on):
        return Standing.LEFT
    if term.cohort.ends_on < on:
        return Standing.ENDED
    return Standing.SITTING if term.sits_on(on) else Standing.COMING


def _place(term: LeaderTerm, unit: Department, tree: DepartmentTree) -> str:
    if tree.current(term.department_id).pk != term.department_id:
        return f"就任時：{term.department.name}"
    return term.department.name if term.department_id != unit.pk else ""


def _line(term: LeaderTerm, standing: Standing, place: str, on: date, sight: Sight) -> LeaderLine:
    ends_on, reason = term.end_known_on(sight.until), ""
    if ends_on is not None and term.end_reason:
        reason = EndReason(term.end_reason).label
    elif ends_on is None and standing == Standing.ENDED:
        ends_on, reason = term.cohort.ends_on, EndReason.COMPLETED.label
    return LeaderLine(term, standing, ends_on, reason, term.outcome(on), place)


def _missing(terms: list[LeaderTerm], cohort: Cohort, on: date, sight: Sight) -> str:
    """What a 部署 that must give a leader lacks, in words."""
    spans = sorted(
        (term.starts_on, last) for term in terms if (last := _last_day(term, sight)) >= on
    )
    if on < cohort.starts_on:
        return "" if spans else "リーダーが決まっていません"
    if not cohort.runs_on(on):
        return ""
    if not spans or spans[0][0] > on:
        coming = f"（{era_date(spans[0][0])}に後任が就任）" if spans else ""
        return f"リーダーがいません{coming}"
    until = on
    for starts_on, last in spans:
        if starts_on <= until + timedelta(days=1):
            until = max(until, last)
    gone = until + timedelta(days=1)
    return "" if until >= cohort.ends_on else f"{era_date(gone)}からリーダーがいなくなります"


def _last_day(term: LeaderTerm, sight: Sight) -> date:
    """The last day on which the leader sits, as far as the asker may know."""
    days = [term.cohort.ends_on]
    if ends_on := term.end_known_on(sight.until):
        days.append(ends_on)
    left_on = term.staff.left_on
    if left_on is not None and (sight.until is None or left_on <= sight.until):
        days.append(left_on)
    return min(days)


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort among the others. `completed`: 修了した任期 of this cohort alone."""

    cohort: Cohort
    state: CohortState
    sitting: int
    completed: int
    band: LeaderBand | None


def cohort_lines(on: date, sight: Sight) -> list[CohortLine]:
    """The cohorts of the plan on the day, within sight; in three queries."""
    terms: dict[int, list[LeaderTerm]] = defaultdict(list)
    for term in LeaderTerm.objects.select_related("cohort", "staff"):
        if sight.counts(term.department_id):
            terms[term.cohort_id].append(term)
    bands: dict[FiscalYear, LeaderBand] = leader_bands() if sight.units is None else {}
    return [
        CohortLine(
            cohort=cohort,
            state=CohortState.of(cohort, on),
            sitting=sum(term.sits_on(on) for term in terms[cohort.pk]),
            completed=sum(term.outcome(on) == "修了" for term in terms[cohort.pk]),
            band=bands.get(cohort.last_year),
        )
        for cohort in Cohort.objects.all()
    ]
