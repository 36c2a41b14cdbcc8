"""A new offering made for people at once."""

from datetime import date

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import told_when_held
from staff.models import StaffMember, User
from training.models import Course, Offering
from training.services.enrolment import Enrolled, enrol


class SameDayError(DomainError):
    """The course is held on that day already."""


def held_already(course: Course, day: date) -> Offering | None:
    """The offering of the course that begins on that day, if there is one."""
    return course.offerings.filter(starts_on=day, cancelled_at__isnull=True).first()


@transaction.atomic
def gather(
    *,
    course: Course,
    starts_on: date,
    capacity: int | None,
    members: list[StaffMember],
    by: User | None,
) -> tuple[Offering, Enrolled]:
    """Make an offering and give everybody a seat on it, or neither.

    The course row is locked first: the same request twice finds the offering of the first time.
    An offering of the course on that day which holds other people is not touched.
    """
    with told_when_held():
        locked = Course.objects.select_for_update().get(pk=course.pk)
    same_day = held_already(locked, starts_on)
    if same_day is not None:
        on_it = same_day.attendances.all().taking_a_seat().filter(staff__in=members).count()
        if on_it < len(members):
            raise SameDayError(
                "この研修には同じ日の開催回があります。一覧から選ぶか、同じ日にもう1回開くときは"
                "「開催回・出欠」で登録してから選んでください。"
            )
        return same_day, Enrolled(added=0, already=on_it)
    offering = Offering(course=locked, starts_on=starts_on, ends_on=starts_on, capacity=capacity)
    offering.full_clean()
    offering.save()
    return offering, enrol(offering=offering, members=members, by=by)
