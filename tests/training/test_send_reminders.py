"""Sending reminders: each letter once, whatever happens in between."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from auditlog.models import LogEntry
from django.core import mail
from django.core.management import call_command

from tests import mailboxes
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    OfferingFactory,
    ReminderFactory,
)
from tests.together import together
from training.models import Reminder, ReminderState
from training.reminders import due, pace_here, unclear_letters
from training.services.reminders import hand_over, send

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _mail_is_set_up(settings):
    settings.SENDS_EMAIL = True
    settings.DEFAULT_FROM_EMAIL = "jinji@example.jp"


def booked(email="mihon@example.jp", **values):
    member = AssignmentFactory(staff__email=email, **values).staff
    return AttendanceFactory(staff=member, offering=OfferingFactory(starts_on=date(2026, 11, 25)))


def run(*args):
    """The command's answer and its exit code."""
    out, code = io.StringIO(), 0
    try:
        call_command("send_reminders", "--as-of=2026-11-20", "--format=json", *args, stdout=out)
    except SystemExit as end:
        code = end.code
    return json.loads(out.getvalue()), code


def states():
    return sorted(str(reminder.state) for reminder in Reminder.objects.all())


# --- Going well ---------------------------------------------------------------------------------


def test_a_letter_goes_out_and_is_written_down():
    place = booked()

    answer, code = run()

    assert (answer["sent"], code) == ([place.staff.number], 0)
    [letter] = mail.outbox
    assert (letter.to, letter.from_email) == (["mihon@example.jp"], "jinji@example.jp")
    reminder = Reminder.objects.get()
    assert (reminder.attendance, reminder.held_on) == (place, date(2026, 11, 25))
    assert (reminder.state, reminder.address) == (ReminderState.SENT, "mihon@example.jp")


def test_the_command_again_sends_nothing():
    booked()
    run()

    answer, _ = run()

    assert (answer["sent"], len(mail.outbox)) == ([], 1)


def test_a_dry_run_tells_and_does_nothing():
    place, without = booked(), booked(email="")

    answer, code = run("--dry-run")

    assert (answer["sent"], answer["on_paper"]) == ([place.staff.number], [without.staff.number])
    assert (code, mail.outbox, Reminder.objects.count()) == (0, [], 0)


def test_whoever_has_no_address_is_left_for_paper():
    place = booked(email="")

    answer, code = run()

    assert (answer["on_paper"], answer["sent"], code) == ([place.staff.number], [], 0)
    assert not Reminder.objects.exists()


def test_without_mail_nothing_is_sent_and_nothing_claimed(settings):
    settings.SENDS_EMAIL = False
    place = booked()

    answer, code = run()

    assert (answer["email"], answer["on_paper"], code) == (False, [place.staff.number], 0)
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_a_person_reads_it_in_words():
    booked()
    booked(email="")
    ReminderFactory(address="x@example.jp")
    out = io.StringIO()

    call_command("send_reminders", "--as-of=R8.11.20", "--format=text", stdout=out)

    assert out.getvalue().splitlines() == [
        "1人に送りました。",
        "1人分は、お知らせの画面から印刷して渡してください。",
        "要確認が1件あります。",
    ]


def test_claim_and_sending_leave_entries_without_address_or_name():
    place = booked()

    run()

    entries = LogEntry.objects.get_for_model(Reminder)
    assert sorted(entry.action for entry in entries) == [
        LogEntry.Action.CREATE,
        LogEntry.Action.UPDATE,
    ]
    assert not any("@" in str(e.changes) or place.staff.name in str(e.changes) for e in entries)


# --- Going badly --------------------------------------------------------------------------------


def test_a_letter_that_is_refused_does_not_stop_the_others_and_is_told(settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.RefusingSome"
    first, bad, last = booked(), booked("refused@example.jp"), booked("z@example.jp")

    answer, code = run()

    assert answer["sent"] == [first.staff.number, last.staff.number]
    assert (answer["failed"], answer["unclear"], code) == ([bad.staff.number], 1, 1)
    assert len(mail.outbox) == 2


def test_a_refused_letter_is_not_tried_again(settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.RefusingSome"
    booked("refused@example.jp")
    run()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    answer, code = run()

    assert (answer["sent"], answer["unclear"], code, mail.outbox) == ([], 1, 0, [])


def test_without_a_server_nothing_is_claimed_and_the_next_run_sends_all(settings):
    places = [booked(), booked("b@example.jp")]
    settings.EMAIL_BACKEND = "tests.mailboxes.Unreachable"

    in_vain, code = run()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    then, _ = run()

    numbers = [place.staff.number for place in places]
    assert (in_vain["waiting"], in_vain["sent"], code) == (numbers, [], 1)
    assert (then["sent"], states()) == (numbers, ["sent", "sent"])


def test_a_server_that_breaks_off_leaves_one_unclear_and_the_rest_for_next_time(settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.GoneAfterOne"
    mailboxes.GoneAfterOne.taken = 0
    for name in "abcd":
        booked(f"{name}@example.jp")

    answer, code = run()

    told = [len(answer[name]) for name in ("sent", "failed", "waiting")]
    assert (told, code) == ([1, 1, 2], 1)
    assert states() == ["sent", "unclear"]


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_claim_and_letter_is_listed_and_never_sent_twice(settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.Stopping"
    booked()
    booked("b@example.jp")
    with pytest.raises(mailboxes.PowerCut):
        run()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    answer, _ = run()

    assert (len(answer["sent"]), answer["unclear"], len(mail.outbox)) == (1, 1, 1)
    assert states() == ["sent", "unclear"]


@pytest.mark.django_db(transaction=True)
def test_commands_at_the_same_time_send_each_letter_once():
    for index in range(12):
        booked(f"p{index}@example.jp")
    letters = due(DAY, pace_here())

    answers = together([lambda: send(letters=letters, by=None, at=AT)] * 4)

    assert sum(len(answer.sent) for answer in answers) == 12
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        f"p{index}@example.jp" for index in range(12)
    )
    assert states() == ["sent"] * 12


# --- On paper -----------------------------------------------------------------------------------


def test_letters_handed_over_are_written_down_once(hr, settings):
    settings.SENDS_EMAIL = False
    booked()
    letters = due(DAY, pace_here())

    first = hand_over(letters=letters, unclear=[], by=hr, at=AT)
    again = hand_over(letters=letters, unclear=[], by=hr, at=AT)

    assert (first, again, states()) == (1, 0, ["on_paper"])
    entry = LogEntry.objects.get_for_object(Reminder.objects.get()).get()
    assert entry.actor == hr


def test_an_unclear_one_handed_over_is_on_paper_from_then_on(hr):
    reminder = ReminderFactory(address="x@example.jp")
    [(row, letter)] = unclear_letters(DAY)

    count = hand_over(letters=[], unclear=[row], by=hr, at=AT)

    assert (count, row, letter.attendance) == (1, reminder, reminder.attendance)
    assert (states(), unclear_letters(DAY)) == (["on_paper"], [])


def test_one_that_was_sent_meanwhile_is_not_handed_over(hr):
    row = ReminderFactory(address="x@example.jp")
    Reminder.objects.filter(pk=row.pk).update(sent_at=AT)

    count = hand_over(letters=[], unclear=[row], by=hr, at=AT)

    assert (count, states()) == (0, ["sent"])


@pytest.mark.django_db(transaction=True)
def test_sending_and_handing_over_at_once_write_each_reminder_once(hr):
    for index in range(8):
        booked(f"p{index}@example.jp")
    letters = due(DAY, pace_here())

    together(
        [
            lambda: send(letters=letters, by=None, at=AT),
            lambda: hand_over(letters=letters, unclear=[], by=hr, at=AT),
        ]
    )

    assert Reminder.objects.count() == 8
    assert len(mail.outbox) == states().count("sent")
