"""Changing a course: nobody's words are overwritten unseen, an attended one keeps its category."""

import hashlib
import json

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import told_when_held
from staff.models import User
from training.models import Attendance, Course, Offering

FIELDS = ("title", "category", "provider", "hours", "description", "material_url")
CATEGORY_STAYS = "受講者がいるため、研修区分は変えられません。元の区分のまま保存してください。"


class CourseChangedMeanwhileError(DomainError):
    """Somebody else changed the course after this clerk opened it."""

    def __init__(self, now: Course) -> None:
        super().__init__(
            "他の人がこの研修を変更しました。下の「今の内容」と見比べて直し、"
            "もう一度保存してください。"
        )
        self.now = now


class CategoryStaysError(DomainError):
    """Attendances repeat the category, so it stays with the first of them."""


def mark_of(course: Course) -> str:
    """The same for the same course as it is stored: by it a page tells what its reader saw."""
    stored = [str(getattr(course, name)) for name in FIELDS]
    return hashlib.sha256(json.dumps(stored).encode()).hexdigest()


@transaction.atomic
def save_course(*, course: Course, seen: str, by: User | None) -> bool:
    """Save a changed course if the stored one is what the clerk saw; whether anything changed.

    Its offerings are locked first, then the course: nobody gets a place on one, and no offering
    is made, until the category stands. The same sent twice changes nothing.
    """
    with told_when_held():
        list(Offering.objects.select_for_update().filter(course=course).order_by("pk"))
        now = Course.objects.select_for_update().get(pk=course.pk)
    changed = [name for name in FIELDS if getattr(now, name) != getattr(course, name)]
    if not changed:
        return False
    if mark_of(now) != seen:
        raise CourseChangedMeanwhileError(now)
    if "category" in changed and Attendance.objects.filter(offering__course=now).exists():
        raise CategoryStaysError(CATEGORY_STAYS)
    course.full_clean()
    with audit.acting(by):
        course.save(update_fields=changed)
    return True
