"""Leaders counted slowly, in plain Python over everything drawn, against what the product says.

Nothing here asks the product's queries or its tree of departments: which 部署 a row stands for on a
day is written down by hand, and a leader sits on the days of a set.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from leaders.cohort_board import Sight, cohort_board
from leaders.models import Cohort, LeaderTerm
from leaders.rules import has_served, whole_months
from reports.history import leader_history
from reports.progress import progress
from staff.models import Department, StaffMember
from staff.organisation import DepartmentTree
from tests.factories import CohortFactory, DepartmentFactory, StaffMemberFactory
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)
EVERYTHING = Sight(units=None, names=None, staff_id=None, until=None)

# --- the departments, and by hand what each stands for ------------------------------------------

RENAMED, MERGED, OPENED, CLOSED = (
    date(2026, 10, 1),
    date(2027, 4, 1),
    date(2028, 2, 29),
    date(2028, 2, 29),
)
UNITS = ("A", "A2", "B", "C", "M", "D", "D1", "E", "F")


def stands_for(unit, on):
    """The 部署 of the day for a row; `None` where there is none that day."""
    if unit in ("A", "A2"):
        return "A" if on < RENAMED else "A2"
    if unit in ("B", "C"):
        return unit if on < MERGED else "M"
    if unit == "M":
        return "M" if on >= MERGED else None
    if unit == "E":
        return "E" if on >= OPENED else None
    if unit == "F":
        return "F" if on <= CLOSED else None
    return "D"


def giving(on):
    """The 部署 that must give a leader on the day."""
    return {stands_for(unit, on) for unit in UNITS} - {None}


def make_units():
    """A renamed, B and C merged, D with a unit under it, E new, F closed for good."""
    made = {}
    made["A2"] = DepartmentFactory(code="A2", opens_on=RENAMED)
    made["A"] = DepartmentFactory(code="A", closes_on=RENAMED - ONE_DAY, successor=made["A2"])
    made["M"] = DepartmentFactory(code="M", opens_on=MERGED)
    for code in ("B", "C"):
        made[code] = DepartmentFactory(code=code, closes_on=MERGED - ONE_DAY, successor=made["M"])
    made["D"] = DepartmentFactory(code="D")
    made["D1"] = DepartmentFactory(code="D1", parent=made["D"], gives_leader=False)
    made["E"] = DepartmentFactory(code="E", opens_on=OPENED)
    made["F"] = DepartmentFactory(code="F", closes_on=CLOSED)
    return made


# --- the people and their terms -----------------------------------------------------------------

YEARS = {1: (2025, 2026), 2: (2027, 2028), 3: (2029, 2030)}
FIRST = {number: date(years[0], 4, 1) for number, years in YEARS.items()}
LAST = {number: date(years[1] + 1, 3, 31) for number, years in YEARS.items()}
BORDERS = sorted(
    {
        border + timedelta(days=shift)
        for number in YEARS
        for border in (
            FIRST[number],
            LAST[number],
            FIRST[number].replace(year=FIRST[number].year + 1),  # the 12-month edge
        )
        for shift in (-1, 0, 1)
    }
    | {date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2029, 2, 28)}
    | {RENAMED - ONE_DAY, RENAMED, date(2026, 6, 15), date(2030, 1, 31)}
)
borders = st.sampled_from(BORDERS)


@dataclass(frozen=True)
class Term:
    """A term; `person` is a position among the people."""

    person: int
    cohort: int
    unit: str
    starts_on: date
    ends_on: date | None
    completed: bool


@dataclass(frozen=True)
class Town:
    """The last days of service of its people, and their terms."""

    left_on: tuple[date | None, ...]
    terms: tuple[Term, ...]


def chance_term(chance, people):
    """A term in or around the two years of its cohort."""
    cohort = chance.choice(list(YEARS))
    around = [day for day in BORDERS if FIRST[cohort] - ONE_DAY <= day <= LAST[cohort] + ONE_DAY]
    starts_on = chance.choice([FIRST[cohort], *around])
    ends_on = chance.choice([None, *(day for day in around if day >= starts_on)])
    completed = ends_on is not None and chance.random() < 0.6
    person, unit = chance.randrange(people), chance.choice(UNITS)
    return Term(person, cohort, unit, starts_on, ends_on, completed)


def chance_departure(chance, person, terms):
    """Nobody leaves, or on a border within one of the person's terms, or on any."""
    own = [term for term in terms if term.person == person]
    if not own or chance.random() < 0.4:
        return chance.choice([None, None, *BORDERS])
    term = chance.choice(own)
    return chance.choice(
        [day for day in BORDERS if term.starts_on <= day <= LAST[term.cohort]] or [None]
    )


@st.composite
def towns(draw):
    """Successors, second terms, several leaders of a 部署, leavers: all that chance brings about.

    Hypothesis draws the seed alone: drawn piece by piece most towns would be all but empty.
    """
    chance = draw(st.randoms(use_true_random=True))
    people, terms, taken = chance.randint(3, 6), [], set()
    for _ in range(chance.randint(4, 14)):
        term = chance_term(chance, people)
        # What the database refuses: twice from one day, twice without an end.
        keys = {(term.person, term.cohort, term.starts_on)}
        keys |= {(term.person, term.cohort)} if term.ends_on is None else set()
        if not keys & taken:
            terms.append(term)
            taken |= keys
    left_on = (chance_departure(chance, person, terms) for person in range(people))
    return Town(tuple(left_on), tuple(terms))


def put_down(town, units, cohorts):
    """Write the town into the database."""
    members = StaffMember.objects.bulk_create(
        StaffMemberFactory.build(left_on=left_on) for left_on in town.left_on
    )
    LeaderTerm.objects.bulk_create(
        LeaderTerm(
            staff=members[term.person],
            cohort=cohorts[term.cohort],
            department=units[term.unit],
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            completed=term.completed,
        )
        for term in town.terms
    )


# --- the slow reading ---------------------------------------------------------------------------


@cache
def days_led(term, town):
    """Every day on which the person leads, one after another."""
    days, day = set(), term.starts_on
    while day <= LAST[term.cohort]:
        is_gone = town.left_on[term.person] is not None and day > town.left_on[term.person]
        if is_gone or (term.ends_on is not None and day > term.ends_on):
            break
        if day >= FIRST[term.cohort]:
            days.add(day)
        day += ONE_DAY
    return days


def slowly(town, on, seen=UNITS):
    """Everything about leaders on the day, of the rows seen."""
    terms = [term for term in town.terms if term.unit in seen]
    sitting = [term for term in terms if on in days_led(term, town)]
    finished = []
    for term in terms:
        if term.completed and term.ends_on <= on:
            finished.append(term.person)
    covered = {stands_for(term.unit, on) for term in sitting} - {None}
    owed = giving(on) & set(seen)
    return {
        "sitting": len(sitting),
        "completed": len(finished),
        "people": len(set(finished)),
        "covered": sorted(owed & covered),
        "without": sorted(owed - covered),
    }


def quickly(on, scope=None):
    """What the product says."""
    told = progress(on, DEFAULT_RULE, scope).leaders
    return {
        "sitting": told.sitting,
        "completed": told.completed_person_terms,
        "people": told.people,
        "covered": sorted(unit.code for unit in told.covered),
        "without": sorted(unit.code for unit in told.without),
    }


@pytest.fixture
def ground():
    cohorts = {
        number: CohortFactory(
            number=number, first_year=FiscalYear(first), last_year=FiscalYear(last)
        )
        for number, (first, last) in YEARS.items()
    }
    return make_units(), cohorts


quietly = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a seed does not shrink to anything plainer
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def days_of(town, most):
    """Days on which something begins or ends, the days after, and days of reorganisation."""
    known = {day for term in town.terms for day in (term.starts_on, term.ends_on) if day}
    known |= {day for day in town.left_on if day}
    known |= {day + ONE_DAY for day in known} | {RENAMED, MERGED, CLOSED, CLOSED + ONE_DAY}
    days = sorted(known)
    return days[:: 1 + len(days) // most]


@quietly
@given(town=towns())
def test_the_leaders_of_every_day_are_what_a_slow_reading_finds(ground, town):
    days = days_of(town, 16)

    with transaction.atomic():
        put_down(town, *ground)
        told = {day: quickly(day) for day in days}
        transaction.set_rollback(True)

    assert told == {day: slowly(town, day) for day in days}


SCOPES = {"A": ("A",), "A2": ("A", "A2"), "D": ("D", "D1"), "D1": ("D1",), "M": ("B", "C", "M")}


@settings(quietly, max_examples=30)
@given(town=towns(), head=st.sampled_from(sorted(SCOPES)))
def test_a_head_counts_the_rows_of_their_own_departments(ground, town, head):
    units, cohorts = ground
    days = days_of(town, 7)
    scope = frozenset(units[code].pk for code in SCOPES[head])

    with transaction.atomic():
        put_down(town, units, cohorts)
        told = {day: quickly(day, scope) for day in days}
        transaction.set_rollback(True)

    assert told == {day: slowly(town, day, SCOPES[head]) for day in days}


@settings(quietly, max_examples=30)
@given(town=towns())
def test_the_cohort_page_says_what_a_slow_reading_finds(ground, town):
    days, boards = days_of(town, 16), {}

    with transaction.atomic():
        put_down(town, *ground)
        for day in days:
            cohort = Cohort.objects.running_on(day)
            if cohort is not None:
                boards[day] = cohort_board(cohort, day, EVERYTHING)
        transaction.set_rollback(True)

    told = {
        day: {
            "sitting": board.sitting,
            "completed": board.completed,
            "people": board.people,
            "covered": sorted(row.unit.code for row in board.covered),
            "without": sorted(row.unit.code for row in board.without),
        }
        for day, board in boards.items()
    }
    assert told == {day: slowly(town, day) for day in boards}
    for day, board in boards.items():
        for row in board.giving:
            assert ("リーダーがいません" in row.missing) == (row.unit.code in told[day]["without"])


@settings(quietly, max_examples=30)
@given(town=towns(), on=borders)
def test_a_department_is_told_on_which_day_it_will_be_bare(ground, town, on):
    with transaction.atomic():
        put_down(town, *ground)
        cohort = Cohort.objects.running_on(on)
        rows = cohort_board(cohort, on, EVERYTHING).giving if cohort else ()
        transaction.set_rollback(True)

    for row in rows:
        led = {
            day
            for term in town.terms
            if term.cohort == cohort.number and stands_for(term.unit, on) == row.unit.code
            for day in days_led(term, town)
        }
        to_come = (on + timedelta(days=ahead) for ahead in range((cohort.ends_on - on).days + 1))
        bare = next((day for day in to_come if day not in led), None)
        will_be = "からリーダーがいなくなります" in row.missing
        assert will_be == (bare is not None and bare > on)
        assert not will_be or f"{bare.month}月{bare.day}日から" in row.missing


@settings(quietly, max_examples=30)
@given(town=towns(), as_of=borders)
def test_the_years_gone_by_add_up_to_the_slow_reading(ground, town, as_of):
    with transaction.atomic():
        put_down(town, *ground)
        points = leader_history(as_of, None)
        transaction.set_rollback(True)

    for point in points:
        day = min(point.year.last_day, as_of)
        if point.year.first_day > as_of:
            assert (point.sitting, point.completed) == (None, None)
        else:
            wanted = slowly(town, day)
            assert (point.sitting, point.completed) == (wanted["sitting"], wanted["completed"])


@settings(quietly, max_examples=30)
@given(town=towns(), on=borders)
def test_a_row_asked_alone_sits_when_the_slow_reading_says_so(ground, town, on):
    with transaction.atomic():
        put_down(town, *ground)
        rows = list(LeaderTerm.objects.select_related("cohort", "staff").order_by("pk"))
        in_query = set(LeaderTerm.objects.sitting(on).values_list("pk", flat=True))
        transaction.set_rollback(True)

    wanted = [on in days_led(term, town) for term in town.terms]
    assert [row.sits_on(on) for row in rows] == wanted
    assert [row.pk in in_query for row in rows] == wanted


@pytest.mark.parametrize("on", BORDERS)
def test_the_departments_written_down_by_hand_are_those_of_the_tree(on):
    units = make_units()
    tree = DepartmentTree.load(on)

    found = {code: tree.reporting_unit(unit.pk) for code, unit in units.items()}

    assert {code: unit.code if unit.is_open(on) else None for code, unit in found.items()} == {
        code: stands_for(code, on) for code in UNITS
    }
    assert {unit.code for unit in tree.in_order if unit.gives_leader} == giving(on)
    assert Department.objects.count() == len(UNITS)


# --- the rule of the twelve months --------------------------------------------------------------


def month_ends(start):
    """The last days of the 1st, 2nd, … month of a service, walked day by day (民法第143条)."""
    day = start
    while True:
        length = calendar.monthrange(day.year, day.month)[1]
        has_no_such_day = start.day > length and day.day == length
        if (day + ONE_DAY).day == start.day or has_no_such_day:
            yield day
        day += ONE_DAY


def starts():
    """Every day of two cohorts, the leap year among them."""
    first, last = date(2025, 4, 1), date(2029, 3, 31)
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def test_twelve_months_are_served_on_the_very_day_from_every_first_day():
    wrong = []
    for start in starts():
        ends = month_ends(start)
        twelfth = [next(ends) for _ in range(12)][-1]
        day = start
        while day <= twelfth + 5 * ONE_DAY:
            if has_served(start, day) != (day >= twelfth):
                wrong.append((start, day))
            day += ONE_DAY

    assert wrong == []


def test_whole_months_are_those_of_the_calendar():
    wrong = []
    for start in starts():
        if start.day not in (1, 2, 15, 28, 29, 30, 31):
            continue
        ends = month_ends(start)
        for months in range(1, 25):
            last = next(ends)
            got = (whole_months(start, last), whole_months(start, last - ONE_DAY))
            if got != (months, months - 1) and last > start:
                wrong.append((start, months, got))

    assert wrong == []


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2025, 4, 1), date(2026, 3, 31)),
        (date(2025, 10, 1), date(2026, 9, 30)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 28), date(2029, 2, 27)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2028, 3, 1), date(2029, 2, 28)),
    ],
)
def test_the_twelfth_month_ends_on_this_day(start, last):
    assert not has_served(start, last - ONE_DAY)
    assert has_served(start, last)
