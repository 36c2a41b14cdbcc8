"""The sample city's leaders' curriculum: three courses, held and planned around today."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from agano_dx.lib.calendar import working_days_after, working_days_before
from leaders.models import CurriculumCourse, LeaderTerm, Strand
from staff.models import StaffMember
from training.models import AttendanceStatus, Category, Course, Offering
from training.services.enrolment import enrol, sign_up
from training.services.marking import Mark, mark


@dataclass(frozen=True, slots=True)
class Taught:
    """A course of the curriculum, held so many working days ago, held again in so many.

    `completed`: how many leaders came; `booked`: how many of the others are to come.
    """

    strand: Strand
    title: str
    hours: Decimal
    working_days_ago: int
    completed: int
    working_days_ahead: int
    booked: int


TAUGHT = (
    Taught(Strand.PROMOTION, "ＤＸ推進の進め方", Decimal(3), 120, 15, 8, 6),
    Taught(Strand.BPR, "業務の流れ図と見直し", Decimal(3), 60, 9, 18, 10),
    Taught(Strand.TOOLS, "申請フォームのつくり方", Decimal("1.5"), 20, 4, 28, 8),
)


def load_curriculum(*, today: date, at: datetime) -> None:
    """The courses with their offerings, and the sitting leaders on them."""
    sitting = LeaderTerm.objects.sitting(today).values("staff")
    leaders = list(StaffMember.objects.filter(pk__in=sitting).order_by("number"))
    for taught in TAUGHT:
        course = Course.objects.create(
            title=taught.title,
            category=Category.LEADER_ACTIVITY,
            provider="デジタル化推進室",
            hours=taught.hours,
        )
        CurriculumCourse.objects.create(strand=taught.strand, course=course)
        _hold(course, taught, leaders[: taught.completed], today)
        _announce(course, taught, leaders[taught.completed :][: taught.booked], today, at)


def _offering(course: Course, day: date) -> Offering:
    return Offering.objects.create(
        course=course,
        starts_on=day,
        ends_on=day,
        starts_at=time(13, 30),
        ends_at=time(16, 30),
        venue="市役所 電算研修室",
        capacity=24,
        takes_signups=True,
    )


def _hold(course: Course, taught: Taught, members: list[StaffMember], today: date) -> None:
    offering = _offering(course, working_days_before(today, taught.working_days_ago))
    enrol(offering=offering, members=members, by=None)
    marks = [
        Mark(place.pk, seen=AttendanceStatus.BOOKED, chosen=AttendanceStatus.PRESENT)
        for place in offering.attendances.all()
    ]
    mark(offering=offering, marks=marks, by=None, today=today)


def _announce(
    course: Course, taught: Taught, members: list[StaffMember], today: date, at: datetime
) -> None:
    offering = _offering(course, working_days_after(today, taught.working_days_ahead))
    sign_up(offering=offering, members=members, by=None, today=today, at=at)
