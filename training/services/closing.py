"""締め: the records of an offering are complete and stay as they are, until it is reopened."""

from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear, era_date
from staff.models import User
from training.models import AttendanceStatus, Offering, OfferingEvent, OfferingEventKind
from training.services.locking import OfferingClosedError, lock_offering, refuse_frozen

# So many people are named when an offering cannot be closed.
NAMED = 10


class UnmarkedError(DomainError):
    """Somebody on the offering has no mark yet."""


class StillRunningError(DomainError):
    """The offering's last day has not come."""


class NoReasonError(DomainError):
    """Reopening asks for a reason."""


@transaction.atomic
def close(*, offering: Offering, by: User | None, today: date, at: datetime) -> Offering:
    """Close the offering, from its last day on, once everybody is marked. Twice is once."""
    locked = lock_offering(offering)
    if locked.cancelled_at is not None:
        raise OfferingClosedError("この開催回は中止になったため、締める必要はありません。")
    if locked.closed_at is not None:
        return locked
    refuse_frozen(FiscalYear.containing(locked.ends_on))
    if today < locked.ends_on:
        raise StillRunningError(
            f"この開催回は{era_date(locked.ends_on)}に終わります。その日から後に締めてください。"
        )
    _refuse_unmarked(locked)
    return _write(locked, at, OfferingEventKind.CLOSED, by, "")


@transaction.atomic
def reopen(*, offering: Offering, reason: str, by: User | None) -> Offering:
    """Open a closed offering again, for a reason that stays. The same twice is once."""
    if not reason.strip():
        raise NoReasonError("締めを取り消す理由を入力してください。")
    locked = lock_offering(offering)
    if locked.closed_at is None:
        return locked
    refuse_frozen(FiscalYear.containing(locked.ends_on))
    return _write(locked, None, OfferingEventKind.REOPENED, by, reason.strip())


def _refuse_unmarked(locked: Offering) -> None:
    unmarked = locked.attendances.filter(status=AttendanceStatus.BOOKED)
    names = list(unmarked.order_by("staff__number").values_list("staff__name", flat=True))
    if names:
        more = "ほか" if len(names) > NAMED else ""
        raise UnmarkedError(
            f"出欠が未入力の人が{len(names)}人います（{'、'.join(names[:NAMED])}{more}）。"
            "入力してから締めてください。"
        )


def _write(
    locked: Offering,
    closed_at: datetime | None,
    kind: OfferingEventKind,
    by: User | None,
    reason: str,
) -> Offering:
    """The version goes up, so that a form opened before does not write the old state back."""
    locked.closed_at, locked.version = closed_at, locked.version + 1
    locked.save(update_fields=["closed_at", "version"])
    OfferingEvent.objects.create(offering=locked, kind=kind, by=by, reason=reason)
    return locked
