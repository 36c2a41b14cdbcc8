"""リーダーのカリキュラム: how far each leader is with each of its strands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agano_dx.lib.fiscal import era_date
from leaders.models import Cohort, CurriculumCourse, LeaderTerm, Strand
from training.models import BOOKINGS, Attendance

NOT_YET: Final = "未受講"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one person is with one strand.

    `completed_on`: the day of the first completion in one of its courses. `place`: else the next
    place the person has, booked or waiting.
    """

    strand: Strand
    completed_on: date | None = None
    place: Attendance | None = None

    @property
    def is_done(self) -> bool:
        """Whether there is a completion."""
        return self.completed_on is not None

    @property
    def state(self) -> str:
        """修了, 受講予定, 空き待ち or 未受講."""
        if self.is_done:
            return "修了"
        return str(self.place.get_status_display()) if self.place else NOT_YET

    @property
    def kind(self) -> str:
        """The colour that doubles the word."""
        if self.is_done:
            return "success"
        return "information" if self.place else "warning"

    @property
    def day(self) -> date | None:
        """The day of completion, else the first day of what is booked."""
        return self.place.offering.starts_on if self.place else self.completed_on

    @property
    def words(self) -> str:
        """令和8年6月1日 修了."""
        return f"{era_date(self.day)} {self.state}" if self.day else self.state


@dataclass(frozen=True, slots=True)
class Row:
    """A leader with a standing for each strand."""

    term: LeaderTerm
    strands: tuple[Standing, ...]

    @property
    def done(self) -> int:
        """How many strands are done."""
        return sum(one.is_done for one in self.strands)


@dataclass(frozen=True, slots=True)
class StrandCourses:
    """A strand and the courses any of which completes it."""

    strand: Strand
    courses: tuple[CurriculumCourse, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """Of a strand: its courses, how many leaders have done it, of how many."""

    strand: Strand
    courses: tuple[CurriculumCourse, ...]
    done: int
    leaders: int


@dataclass(frozen=True, slots=True)
class Curriculum:
    """The leaders of a day, and the strands' totals over them."""

    rows: tuple[Row, ...]
    totals: tuple[Total, ...]


def day_of(cohort: Cohort, asked: date) -> date:
    """The day on which a cohort is looked at: the one asked for, within its two years."""
    return min(max(asked, cohort.starts_on), cohort.ends_on)


def curriculum_of(terms: Sequence[LeaderTerm], on: date) -> Curriculum:
    """How far the people of these terms are on the day; in three queries.

    Any completion up to the day counts, whenever the person became a leader: who has learned it
    need not learn it again. Of what is booked only that counts which lies ahead on the day.
    """
    courses = _courses()
    found = _standings([term.staff_id for term in terms], courses, on)
    rows = tuple(Row(term, found[term.staff_id]) for term in terms)
    totals = tuple(
        Total(one.strand, one.courses, sum(row.strands[place].is_done for row in rows), len(rows))
        for place, one in enumerate(_by_strand(courses))
    )
    return Curriculum(rows, totals)


def strands_of() -> list[StrandCourses]:
    """The strands with their courses; in one query."""
    return _by_strand(_courses())


def own_curriculum(staff_id: int, on: date) -> tuple[Standing, ...]:
    """How far one person is with each strand on the day; in three queries."""
    return _standings([staff_id], _courses(), on)[staff_id]


def _courses() -> list[CurriculumCourse]:
    return list(CurriculumCourse.objects.select_related("course"))


def _by_strand(courses: Sequence[CurriculumCourse]) -> list[StrandCourses]:
    return [
        StrandCourses(strand, tuple(one for one in courses if one.strand == strand))
        for strand in Strand
    ]


def _standings(
    people: Collection[int], courses: Iterable[CurriculumCourse], on: date
) -> Mapping[int, tuple[Standing, ...]]:
    strand_of = {one.course_id: one.strand for one in courses}
    places = (
        Attendance.objects.filter(staff__in=people, offering__course__in=strand_of)
        .select_related("offering")
        .order_by("offering__starts_on", "pk")
    )
    ahead = places.filter(
        status__in=BOOKINGS, offering__ends_on__gte=on, offering__cancelled_at__isnull=True
    )
    done: dict[tuple[int, str], Attendance] = {}
    for place in places.completed(on).order_by("completed_on", "pk"):
        done.setdefault((place.staff_id, strand_of[place.offering.course_id]), place)
    booked: dict[tuple[int, str], Attendance] = {}
    for place in ahead:
        booked.setdefault((place.staff_id, strand_of[place.offering.course_id]), place)
    return {
        person: tuple(
            _standing(strand, done.get((person, strand)), booked.get((person, strand)))
            for strand in Strand
        )
        for person in people
    }


def _standing(strand: Strand, done: Attendance | None, booked: Attendance | None) -> Standing:
    if done is not None:
        return Standing(strand, completed_on=done.completed_on)
    return Standing(strand, place=booked)
