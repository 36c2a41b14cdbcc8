"""修了証: one for each completion, numbered without gaps through the fiscal year of issue."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.locks import take_exclusive
from staff.models import User
from training.models import COMPLETING, Attendance, Certificate, Offering
from training.services.locking import lock_offering

NUMBERING = "training.certificates"


class NothingToCertifyError(DomainError):
    """There is nothing to certify."""


@transaction.atomic
def issue_certificate(*, place: Attendance, by: User, today: date) -> Certificate:
    """The certificate of one completion; issued twice it is the same."""
    offering = lock_offering(place.offering)
    locked = offering.attendances.select_related("staff").get(pk=place.pk)
    if not locked.is_completion:
        raise NothingToCertifyError(
            "修了していないため、修了証を発行できません。出席と遅刻が修了になります。"
            "記録が違うときは人事担当に連絡してください。"
        )
    there = Certificate.objects.filter(attendance=locked).valid().first()
    return there or _issue(offering, [locked], by, today)[0]


@transaction.atomic
def issue_certificates(*, offering: Offering, by: User, today: date) -> list[Certificate]:
    """Certificates for all completions of an offering that have none; those who have one keep it.

    In a constant number of statements.
    """
    locked = lock_offering(offering)
    done = locked.attendances.filter(status__in=COMPLETING).select_related("staff")
    there = set(
        Certificate.objects.filter(attendance__offering=locked)
        .valid()
        .values_list("attendance", flat=True)
    )
    without = [place for place in done.order_by("staff__number") if place.pk not in there]
    return _issue(locked, without, by, today) if without else []


def _issue(
    offering: Offering, places: Sequence[Attendance], by: User, today: date
) -> list[Certificate]:
    """Number and write them. Only one transaction at a time gives numbers."""
    take_exclusive(NUMBERING)
    year = FiscalYear.containing(today)
    last = Certificate.objects.filter(fiscal_year=year.year).aggregate(Max("serial"))["serial__max"]
    made = Certificate.objects.bulk_create(
        Certificate(
            attendance=place,
            fiscal_year=year,
            serial=serial,
            issued_on=today,
            staff_name=place.staff.name,
            course_title=offering.course.title,
            completed_on=place.completed_on,
            hours=offering.course.hours,
        )
        for serial, place in enumerate(places, start=(last or 0) + 1)
        if place.completed_on is not None
    )
    audit.record(
        by=by,
        action=audit.CREATE,
        about=[
            (one, {"number": (None, one.number), "attendance": (None, one.attendance_id)})
            for one in made
        ],
    )
    return made
