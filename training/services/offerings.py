"""Changing an offering that others may be changing too."""

from django.db import transaction
from django.db.models import F

from agano_dx.lib.errors import DomainError
from training.models import Offering
from training.services.enrolment import lock_open


class ChangedMeanwhileError(DomainError):
    """Somebody else saved the offering after this clerk opened it."""


@transaction.atomic
def save_offering(*, offering: Offering, seen_version: int) -> Offering:
    """Write the changed offering if it is still the one the clerk saw."""
    locked = lock_open(offering)
    if locked.version != seen_version:
        raise ChangedMeanwhileError(
            "他の人がこの開催回を変更しました。画面を開き直して、もう一度入力してください。"
        )
    offering.version = F("version") + 1
    offering.save()
    offering.refresh_from_db()
    return offering
