"""Made-up cities for hypothesis: small, with everything that can happen to a person.

`people()` draws them, `put_down()` writes them into the database, and the plain functions below
say slowly, in Python, what the product's queries must say.
"""

from dataclasses import dataclass, field
from datetime import date

from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import Cohort, LeaderTerm, SpecialistDesignation
from staff.models import Assignment, Band, Department, Duty, Employment, Rank, StaffMember
from tests.factories import CohortFactory, DepartmentFactory, RankFactory
from training.models import (
    COMPLETING,
    DEFAULT_RULE,
    Attendance,
    AttendanceStatus,
    Category,
    Counting,
    Course,
    Offering,
)

# Days on and around every border that matters.
DAYS = (
    date(2025, 3, 31),
    date(2025, 4, 1),
    date(2025, 9, 30),
    date(2026, 3, 30),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 4, 2),
    date(2026, 11, 23),
    date(2027, 3, 31),
    date(2027, 4, 1),
    date(2028, 2, 29),
    date(2035, 3, 31),
)
# Periods within a fiscal year and over its turn.
PERIODS = (
    (date(2025, 4, 1), date(2026, 3, 31)),
    (date(2026, 3, 30), date(2026, 4, 2)),
    (date(2026, 4, 1), date(2027, 3, 31)),
    (date(2027, 3, 31), date(2027, 4, 1)),
)
days = st.sampled_from(DAYS)
perhaps_a_day = st.one_of(st.none(), days)

HELD = (
    Category.MIND,
    Category.KNOWLEDGE,
    Category.SKILL,
    Category.EXECUTIVE,
    Category.ELEARNING,
)
EMPLOYMENTS = (Employment.REGULAR, Employment.REAPPOINTED, Employment.FISCAL_YEAR_APPOINTEE)
STATUSES = (
    *[AttendanceStatus.PRESENT] * 6,
    *[AttendanceStatus.LATE] * 2,
    *AttendanceStatus,
)


@dataclass(frozen=True)
class Place:
    """An assignment; `unit` and `rank` are positions in the ground's lists."""

    starts_on: date
    unit: int
    rank: int
    employment: str
    duty: str


@dataclass(frozen=True)
class Mark:
    """An attendance on an offering of one day, or on one of `PERIODS` with its last day."""

    category: str
    on: date
    status: str
    until: date | None = None

    @property
    def ends_on(self) -> date:
        """The offering's last day."""
        return self.until or self.on


@dataclass(frozen=True)
class Term:
    """A leader's term in the cohort with this number."""

    cohort: int
    unit: int
    starts_on: date
    ends_on: date | None
    completed: bool


@dataclass(frozen=True)
class Person:
    """Somebody with everything that happened to them."""

    hired_on: date
    left_on: date | None
    places: tuple[Place, ...]
    marks: tuple[Mark, ...]
    terms: tuple[Term, ...]
    designations: tuple[tuple[date, date | None], ...]


@dataclass(frozen=True)
class Ground:
    """What stands before people come: units, ranks, cohorts, offerings."""

    units: list[Department]
    ranks: list[Rank]
    cohorts: dict[int, Cohort]
    offerings: dict[tuple[str, date, date], Offering] = field(repr=False)


def make_ground() -> Ground:
    """A division with sections, one closed and one new; an office, and the digital one under it."""
    division = DepartmentFactory(code="DIV", gives_leader=False)
    section = DepartmentFactory(code="SEC", parent=division)
    office = DepartmentFactory(code="OFF", parent=section, gives_leader=False)
    closed = DepartmentFactory(code="OLD", parent=division, closes_on=date(2026, 3, 31))
    new = DepartmentFactory(code="NEW", parent=division, opens_on=date(2026, 4, 1))
    digital = DepartmentFactory(
        code="DIG", parent=office, gives_leader=False, is_digital_office=True
    )
    courses = {
        category: Course.objects.create(title=f"見本{category}", category=category)
        for category in HELD
    }
    offerings = Offering.objects.bulk_create(
        Offering(course=courses[category], starts_on=first, ends_on=last)
        for category in HELD
        for first, last in (*((day, day) for day in DAYS), *PERIODS)
    )
    return Ground(
        units=[division, section, office, closed, new, digital],
        ranks=[
            RankFactory(band=Band.SECTION_CHIEF, is_executive=True, is_leader_eligible=False),
            RankFactory(band=Band.DEPUTY),
            RankFactory(band=Band.SUBSECTION_CHIEF),
            RankFactory(band=Band.STAFF, is_leader_eligible=False),
        ],
        cohorts={
            number: CohortFactory(
                number=number,
                first_year=FiscalYear(2023 + 2 * number),
                last_year=FiscalYear(2024 + 2 * number),
            )
            for number in (1, 2)
        },
        offerings={
            (offering.course.category, offering.starts_on, offering.ends_on): offering
            for offering in offerings
        },
    )


# --- drawing ------------------------------------------------------------------------------------


def _in_order(pair: tuple[date, date | None]) -> bool:
    return pair[1] is None or pair[1] >= pair[0]


places = st.builds(
    Place,
    starts_on=days,
    unit=st.integers(0, 5),
    rank=st.integers(0, 3),
    employment=st.sampled_from((Employment.REGULAR, *EMPLOYMENTS)),
    duty=st.sampled_from((Duty.ACTIVE, Duty.ACTIVE, *Duty)),
)
marks = st.builds(Mark, category=st.sampled_from(HELD), on=days, status=st.sampled_from(STATUSES))
spans = st.tuples(days, perhaps_a_day).filter(_in_order)


@st.composite
def _terms(draw: st.DrawFn) -> tuple[Term, ...]:
    """At most one term in each cohort; 修了 only of those that ended."""
    found = []
    for cohort in draw(st.sets(st.sampled_from((1, 2)))):
        starts_on, ends_on = draw(spans)
        completed = ends_on is not None and draw(st.booleans())
        found.append(Term(cohort, draw(st.integers(0, 5)), starts_on, ends_on, completed))
    return tuple(found)


@st.composite
def _designations(draw: st.DrawFn) -> tuple[tuple[date, date | None], ...]:
    """Any number of ended ones, at most one without an end."""
    found = draw(st.lists(spans, max_size=2))
    return tuple(found) if sum(end is None for _, end in found) <= 1 else tuple(found[:1])


@st.composite
def person(draw: st.DrawFn) -> Person:
    """Somebody who came, moved, learned, led and perhaps left."""
    hired_on, left_on = draw(spans)
    return Person(
        hired_on=hired_on,
        left_on=left_on,
        places=tuple(
            draw(st.lists(places, min_size=1, max_size=3, unique_by=lambda one: one.starts_on))
        ),
        marks=tuple(
            draw(st.lists(marks, max_size=9, unique_by=lambda one: (one.category, one.on)))
        ),
        terms=draw(_terms()),
        designations=draw(_designations()),
    )


@st.composite
def learner(draw: st.DrawFn, category: str) -> Person:
    """Somebody most likely in service, with marks of every kind in this category."""
    held = st.one_of(days.map(lambda day: (day, day)), st.sampled_from(PERIODS))
    learned = st.sampled_from(
        (AttendanceStatus.BOOKED, AttendanceStatus.WAITING, *AttendanceStatus)
    )
    hired_on = draw(st.sampled_from((DAYS[0], DAYS[0], date(2026, 4, 1))))
    first = Place(DAYS[0], draw(st.integers(0, 5)), draw(st.integers(0, 3)), "regular", Duty.ACTIVE)
    later = places.filter(lambda one: one.starts_on > first.starts_on)
    left_on = draw(st.one_of(st.none(), st.none(), days))
    return Person(
        hired_on=hired_on,
        left_on=left_on if left_on is None or left_on >= hired_on else None,
        places=(first, *draw(st.lists(later, max_size=1))),
        marks=(
            *(
                Mark(category, starts_on, draw(learned), ends_on)
                for starts_on, ends_on in draw(st.lists(held, min_size=1, max_size=3, unique=True))
            ),
            *draw(st.lists(marks.filter(lambda mark: mark.category != category), max_size=1)),
        ),
        terms=(),
        designations=(),
    )


def people() -> st.SearchStrategy[list[Person]]:
    """Up to eight people."""
    return st.lists(person(), max_size=8)


def _some(values: tuple, at_least: int = 0) -> st.SearchStrategy[tuple]:
    return st.lists(st.sampled_from(values), min_size=at_least, unique=True).map(tuple)


rules = st.one_of(
    st.just(DEFAULT_RULE),
    st.builds(
        Counting,
        counted_employments=_some(EMPLOYMENTS, 1),
        excluded_duties=_some(tuple(Duty)),
        required_categories=_some(HELD[:4], 1),
        validity_years=st.sampled_from((None, 1, 2)),
    ),
)


# --- writing down -------------------------------------------------------------------------------


def put_down(ground: Ground, found: list[Person]) -> list[StaffMember]:
    """Write the people; their numbers are their positions."""
    members = StaffMember.objects.bulk_create(
        StaffMember(
            number=f"{index:06d}",
            name=f"見本　{index}",
            name_key=f"見本{index}",
            hired_on=one.hired_on,
            left_on=one.left_on,
        )
        for index, one in enumerate(found)
    )
    furnish(ground, members, found)
    return members


def furnish(ground: Ground, members: list[StaffMember], found: list[Person]) -> None:
    """Write everything that happened to the people, save their coming and going."""
    pairs = list(zip(members, found, strict=True))
    Assignment.objects.bulk_create(
        Assignment(
            staff=member,
            starts_on=place.starts_on,
            department=ground.units[place.unit],
            rank=ground.ranks[place.rank],
            employment=place.employment,
            duty=place.duty,
        )
        for member, one in pairs
        for place in one.places
    )
    Attendance.objects.bulk_create(
        Attendance(
            staff=member,
            offering=ground.offerings[mark.category, mark.on, mark.ends_on],
            category=mark.category,
            status=mark.status,
            completed_on=mark.on if mark.status in COMPLETING else None,
            absence_reason="duty" if mark.status == AttendanceStatus.NOTIFIED else "",
        )
        for member, one in pairs
        for mark in one.marks
    )
    LeaderTerm.objects.bulk_create(
        LeaderTerm(
            staff=member,
            cohort=ground.cohorts[term.cohort],
            department=ground.units[term.unit],
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            completed=term.completed,
        )
        for member, one in pairs
        for term in one.terms
    )
    SpecialistDesignation.objects.bulk_create(
        SpecialistDesignation(staff=member, route="office", starts_on=start, ends_on=end)
        for member, one in pairs
        for start, end in one.designations
    )


# --- what must be true, said slowly -------------------------------------------------------------


def place_of(one: Person, on: date) -> Place | None:
    """The latest place that starts on or before the day."""
    found = [place for place in one.places if place.starts_on <= on]
    return max(found, key=lambda place: place.starts_on) if found else None


def is_employed(one: Person, on: date) -> bool:
    """Hired, and not yet past the last day of service."""
    return one.hired_on <= on and not (one.left_on is not None and one.left_on < on)


def is_counted(one: Person, on: date, rule: Counting) -> bool:
    """全職員: employed with a place, employment counted, duty not excluded."""
    place = place_of(one, on)
    return (
        place is not None
        and is_employed(one, on)
        and place.employment in rule.counted_employments
        and place.duty not in rule.excluded_duties
    )


def has_completed(
    one: Person, category: str, on: date, rule: Counting | None, since: date = date.min
) -> bool:
    """出席 or 遅刻 on or before the day, not before `since`, and not too old for the rule."""
    years = rule.validity_years if rule else None
    for mark in one.marks:
        if mark.category != category or mark.status not in ("present", "late"):
            continue
        age_in_years = on.year - mark.on.year - ((on.month, on.day) < (mark.on.month, mark.on.day))
        if since <= mark.on <= on and (years is None or age_in_years < years):
            return True
    return False
