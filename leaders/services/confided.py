"""異動希望, what a person says, and 適性の所見, what HR writes; the audit log holds neither."""

from datetime import date, datetime

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import told_when_held
from leaders.models import SuitabilityNote, TransferRequest
from leaders.specialists import is_asked
from staff.models import StaffMember, User

NOT_YET_WRITTEN = 0


class NotAskedError(DomainError):
    """Only leaders and members of the office, now or before, are asked for their wish."""


class OwnNoteError(DomainError):
    """Nobody writes about themself."""


class NoteChangedMeanwhileError(DomainError):
    """Another clerk wrote about the person after this one opened the page."""

    def __init__(self, now: SuitabilityNote) -> None:
        super().__init__(
            "他の人がこの所見を書き直しました。下の「今の内容」と見比べて直し、"
            "もう一度保存してください。"
        )
        self.now = now


@transaction.atomic
def state_wish(
    *, staff: StaffMember, preference: str, note: str, by: User, today: date, at: datetime
) -> TransferRequest:
    """Keep what the person says, or what HR heard from them; the latest holds, all are kept.

    The person is locked. The same said twice on one day is one.
    """
    with told_when_held():
        locked = StaffMember.objects.select_for_update().get(pk=staff.pk)
    if not is_asked(locked.pk, today):
        raise NotAskedError(
            "異動希望を出せるのは、推進リーダーと推進室の職員（経験者を含む）です。"
            "希望があるときは、人事担当に相談してください。"
        )
    said_today = TransferRequest.objects.filter(staff=locked, stated_at__date=today)
    last = said_today.order_by("stated_at", "pk").last()
    if last and (last.preference, last.note, last.entered_by_id) == (preference, note, by.pk):
        return last
    made = TransferRequest(
        staff=locked, preference=preference, note=note, stated_at=at, entered_by=by
    )
    made.full_clean()
    with audit.acting(by):
        made.save()
    return made


def version_of(note: SuitabilityNote | None) -> int:
    """By it a page tells which words its reader saw."""
    return note.version if note is not None else NOT_YET_WRITTEN


@transaction.atomic
def write_note(*, staff: StaffMember, text: str, seen: int, by: User, at: datetime) -> bool:
    """Write the note if the one that stands there is the one the clerk saw; whether it changed.

    The person is locked, so of two clerks the second is told. The same words change nothing.
    """
    if by.staff_id == staff.pk:
        raise OwnNoteError("自分の所見は書けません。別の人事担当に頼んでください。")
    with told_when_held():
        locked = StaffMember.objects.select_for_update().get(pk=staff.pk)
    note = SuitabilityNote.objects.filter(staff=locked).first()
    if text == (note.text if note else ""):
        return False
    if note is not None and note.version != seen:
        raise NoteChangedMeanwhileError(note)
    if note is None:
        note = SuitabilityNote(staff=locked, version=NOT_YET_WRITTEN)
    note.text, note.written_by, note.written_at = text, by, at
    note.version += 1
    note.full_clean()
    with audit.acting(by):
        note.save()
    return True
