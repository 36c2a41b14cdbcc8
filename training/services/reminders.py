"""Sending reminders once, and writing down those handed over on paper.

Each letter is claimed before it goes out: its row is written first, and whoever finds the row
leaves the letter alone. So the command may run twice, and twice at once. What stops between claim
and letter stays as 要確認 and is not sent again.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.locks import take_exclusive
from staff.models import User
from training.models import Reminder
from training.reminders import Letter, goes_by_mail

ONE_AT_A_TIME = "training_reminders"
# What a mail server may answer, and what the way to it may do.
MAIL_FAULTS = (SMTPException, OSError)


@dataclass(slots=True)
class Sent:
    """What became of the letters, by staff number."""

    sent: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    on_paper: list[str] = field(default_factory=list)


def send(*, letters: list[Letter], by: User | None, at: datetime) -> Sent:
    """Send what can go by e-mail, each letter in transactions of its own.

    A letter the server refuses stays claimed and the next one follows. Where the server is not
    reached at all, the rest is not claimed and waits for the next run.
    """
    done = Sent(on_paper=_numbers([one for one in letters if not goes_by_mail(one)]))
    connection = get_connection()
    waiting = [one for one in letters if goes_by_mail(one)]
    while waiting:
        try:
            connection.open()
        except MAIL_FAULTS:
            done.waiting = _numbers(waiting)
            break
        letter = waiting.pop(0)
        for claimed in _claim([(letter, letter.address)], by, at):
            number = letter.attendance.staff.number
            if _deliver(letter, connection):
                _mark_sent(claimed, by, at)
                done.sent.append(number)
            else:
                done.failed.append(number)
    connection.close()
    return done


@transaction.atomic
def hand_over(
    *, letters: Collection[Letter], unclear: Collection[Reminder], by: User | None, at: datetime
) -> int:
    """Write down that these were handed over on paper; how many were new.

    An unclear one loses its address: it is on paper now and no longer to be looked into.
    """
    made = _claim([(letter, "") for letter in letters], by, at)
    rows = list(
        Reminder.objects.select_for_update().unclear().filter(pk__in=[row.pk for row in unclear])
    )
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(address="")
    audit.record(
        by=by,
        action=audit.UPDATE,
        about=[(row, {"address": (row.address, "")}) for row in rows],
    )
    return len(made) + len(rows)


@transaction.atomic
def _claim(wanted: Collection[tuple[Letter, str]], by: User | None, at: datetime) -> list[Reminder]:
    """Write the rows of those nobody claimed before, with the address each goes to."""
    take_exclusive(ONE_AT_A_TIME)
    taken = set(
        Reminder.objects.filter(
            attendance__in=[letter.attendance.pk for letter, _ in wanted]
        ).values_list("attendance", "kind", "held_on")
    )
    made = Reminder.objects.bulk_create(
        Reminder(
            attendance=letter.attendance,
            kind=letter.kind,
            held_on=letter.held_on,
            address=address,
            made_at=at,
        )
        for letter, address in wanted
        if (letter.attendance.pk, letter.kind, letter.held_on) not in taken
    )
    audit.record(
        by=by,
        action=audit.CREATE,
        about=[
            (row, {"attendance": (None, row.attendance_id), "kind": (None, row.kind)})
            for row in made
        ],
    )
    return made


def _deliver(letter: Letter, connection: BaseEmailBackend) -> bool:
    """Whether the server took the letter. After a fault the way to it is opened anew."""
    message = EmailMessage(
        subject=letter.subject, body=letter.text, to=[letter.address], connection=connection
    )
    try:
        message.send()
    except MAIL_FAULTS:
        connection.close()
        return False
    return True


@transaction.atomic
def _mark_sent(claimed: Reminder, by: User | None, at: datetime) -> None:
    """Unless somebody took it for unclear meanwhile and handed it over on paper."""
    written = Reminder.objects.unclear().filter(pk=claimed.pk).update(sent_at=at)
    if written:
        audit.record(by=by, action=audit.UPDATE, about=[(claimed, {"sent_at": (None, at)})])


def _numbers(letters: Collection[Letter]) -> list[str]:
    return [letter.attendance.staff.number for letter in letters]
