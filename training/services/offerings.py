"""Changing an offering that others may be changing too."""

from django.db import transaction
from django.db.models import F

from agano_dx.lib.errors import DomainError
from training.models import COMPLETING, Offering
from training.services.locking import lock_open


class ChangedMeanwhileError(DomainError):
    """Somebody else saved the offering after this clerk opened it."""


class PeopleOnItError(DomainError):
    """People came onto the offering, or were marked, since the form was checked."""


@transaction.atomic
def save_offering(*, offering: Offering, seen_version: int) -> Offering:
    """Write the changed offering if it is still the one the clerk saw."""
    locked = lock_open(offering)
    if locked.version != seen_version:
        raise ChangedMeanwhileError(
            "他の人がこの開催回を変更しました。画面を開き直して、もう一度入力してください。"
        )
    _keep_what_people_rest_on(offering, locked)
    offering.version = F("version") + 1
    offering.save()
    offering.refresh_from_db()
    return offering


def _keep_what_people_rest_on(offering: Offering, locked: Offering) -> None:
    people = locked.attendances.all()
    taken = people.taking_a_seat().count()
    if offering.capacity is not None and offering.capacity < taken:
        raise PeopleOnItError(f"定員は登録済みの{taken}人より少なくできません。直してください。")
    days = (offering.starts_on, offering.ends_on) != (locked.starts_on, locked.ends_on)
    if days and people.filter(status__in=COMPLETING).exists():
        raise PeopleOnItError("出席の記録があるため、開催日は変えられません。")
    if offering.course_id != locked.course_id and people.exists():
        raise PeopleOnItError("受講者がいるため、研修は変えられません。")
