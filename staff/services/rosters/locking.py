"""One import at a time, and who is at it."""

from datetime import datetime, timedelta

from agano_dx.lib.locks import (
    LockHeldError,
    take_exclusive,
    told_when_held,
    try_exclusive,
)
from staff.models import WAITING, RosterImport, User
from staff.services.rosters.refusals import AlreadyDecidedError, SomebodyIsApplyingError

LOCK = "staff.roster_import"
# An announcement older than this was left behind by a worker that died.
LONGEST = timedelta(minutes=10)


def lock_waiting(roster_import: RosterImport) -> RosterImport:
    """The import's row, locked; refused when it has been decided already."""
    with told_when_held():
        locked = RosterImport.objects.select_for_update().get(pk=roster_import.pk)
    if locked.status not in WAITING:
        raise AlreadyDecidedError("この取込はすでに処理されています。一覧で確かめてください。")
    return locked


def take_turn(roster_import: RosterImport, at: datetime) -> None:
    """Hold the one lock of all imports until the transaction ends.

    Refused with the name of who holds it for another roster; a second click on the same one waits,
    and so does whoever finds a holder who announced nothing (a command, an undo), but not for ever.
    """
    if try_exclusive(LOCK):
        return
    other = applying_now(at, besides=roster_import)
    if other is not None:
        raise SomebodyIsApplyingError(
            f"{_who(other)}が別の名簿を反映しています。少し待ってから、もう一度押してください。"
        )
    try:
        take_exclusive(LOCK)
    except LockHeldError as error:
        raise SomebodyIsApplyingError(
            "名簿の反映か取消が続いています。少し待ってから、もう一度押してください。"
        ) from error


def _who(other: RosterImport) -> str:
    user = other.applying_by
    if user is None:
        return "ほかの人"
    return f"{user.staff.name if user.staff else user.username}さん"


def announce(roster_import: RosterImport, by: User | None, at: datetime) -> None:
    """Say who has begun to write; others see it at once."""
    with told_when_held():
        RosterImport.objects.filter(pk=roster_import.pk).update(applying_by=by, applying_since=at)


def withdraw(roster_import: RosterImport) -> None:
    """Take the announcement back, whatever came of the writing."""
    RosterImport.objects.filter(pk=roster_import.pk).update(applying_by=None, applying_since=None)


def applying_now(at: datetime, *, besides: RosterImport | None = None) -> RosterImport | None:
    """The import that is being written now, as announced."""
    begun = RosterImport.objects.filter(
        status__in=WAITING, applying_since__gt=at - LONGEST
    ).select_related("applying_by__staff")
    if besides is not None:
        begun = begun.exclude(pk=besides.pk)
    return begun.order_by("applying_since").first()
