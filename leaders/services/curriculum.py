"""Which courses belong to which strand of the leaders' curriculum."""

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import take_exclusive
from leaders.models import CurriculumCourse, Strand
from staff.models import User
from training.models import Course

LOCK = "leaders.curriculum"


class OtherStrandError(DomainError):
    """The course belongs to another strand."""


@transaction.atomic
def add_course(*, course: Course, strand: Strand, by: User) -> bool:
    """Let a course count for a strand; whether that is new. The same twice is once."""
    take_exclusive(LOCK)
    known = CurriculumCourse.objects.filter(course=course).first()
    if known is not None:
        if known.strand == strand:
            return False
        raise OtherStrandError(
            f"この研修は「{known.get_strand_display()}」に入っています。"
            "移すときは、先にそこから外してください。"
        )
    with audit.acting(by):
        CurriculumCourse.objects.create(course=course, strand=strand)
    return True


@transaction.atomic
def remove_course(*, pk: int, by: User) -> bool:
    """Take a course out of the curriculum; whether it was in it. Nobody's record changes."""
    take_exclusive(LOCK)
    known = CurriculumCourse.objects.filter(pk=pk).first()
    if known is None:
        return False
    with audit.acting(by):
        known.delete()
    return True
