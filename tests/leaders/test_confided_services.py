"""異動希望 and 適性の所見: keeping them, and keeping them quiet."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from auditlog.models import LogEntry
from django.db import connection

from leaders.models import SuitabilityNote, TransferRequest
from leaders.services.confided import (
    NotAskedError,
    NoteChangedMeanwhileError,
    OwnNoteError,
    state_wish,
    write_note,
)
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    LeaderTermFactory,
    SuitabilityNoteFactory,
    UserFactory,
)
from tests.together import together

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
WISH, NOTE = "来年の春からの希望です", "慎重さが目立つ人です"


@pytest.fixture
def office(db):
    return DepartmentFactory(is_digital_office=True)


def say(member, by, preference="yes", note=WISH, today=TODAY, at=NOW):
    return state_wish(staff=member, preference=preference, note=note, by=by, today=today, at=at)


def write(member, by, text=NOTE, seen=0, at=NOW):
    return write_note(staff=member, text=text, seen=seen, by=by, at=at)


def logged():
    return "".join(
        f"{entry.changes}{entry.additional_data}{entry.serialized_data}{entry.object_repr}"
        for entry in LogEntry.objects.all()
    )


# --- the wish -----------------------------------------------------------------------------------


def test_a_member_of_the_office_says_what_they_wish_and_nothing_before_is_lost(office):
    own = account(placed(office))
    say(own.staff, own)
    say(own.staff, own, "no", "考え直しました。")

    assert [(wish.preference, wish.note) for wish in TransferRequest.objects.all()] == [
        ("yes", WISH),
        ("no", "考え直しました。"),
    ]
    assert all(wish.is_own for wish in TransferRequest.objects.all())


def test_what_hr_heard_is_marked_as_heard(office):
    assert not say(placed(office), UserFactory()).is_own


def test_the_same_said_twice_on_a_day_is_one_and_on_the_next_day_another(office):
    own = account(placed(office))
    first, again = say(own.staff, own), say(own.staff, own, at=NOW + timedelta(minutes=1))

    assert first == again
    morrow = say(own.staff, own, today=TODAY + timedelta(days=1), at=NOW + timedelta(days=1))
    assert morrow != first
    assert TransferRequest.objects.count() == 2


@pytest.mark.parametrize(("starts_on", "is_asked"), [(TODAY, True), (date(2026, 11, 24), False)])
def test_leaders_are_asked_from_their_first_day_on(db, starts_on, is_asked):
    own = account(LeaderTermFactory(starts_on=starts_on).staff)

    if is_asked:
        say(own.staff, own)
    else:
        with pytest.raises(NotAskedError, match="人事担当に相談してください。"):
            say(own.staff, own)

    assert TransferRequest.objects.exists() is is_asked


# --- the note -----------------------------------------------------------------------------------


def test_a_note_is_written_and_rewritten_by_who_saw_it(office):
    member, clerk = placed(office), UserFactory()

    assert write(member, clerk)
    assert write(member, clerk, "直しました。", seen=1)

    note = SuitabilityNote.objects.get()
    assert (note.text, note.version, note.written_by) == ("直しました。", 2, clerk)


@pytest.mark.parametrize("seen", [0, 1])
def test_the_same_words_change_nothing(office, seen):
    member, clerk = placed(office), UserFactory()
    write(member, clerk)

    assert not write(member, UserFactory(), seen=seen)
    assert (SuitabilityNote.objects.get().version, SuitabilityNote.objects.get().written_by) == (
        1,
        clerk,
    )


def test_an_empty_note_is_not_begun(office):
    assert not write(placed(office), UserFactory(), "")
    assert not SuitabilityNote.objects.exists()


def test_words_written_meanwhile_are_not_overwritten(office):
    note = SuitabilityNoteFactory(staff=placed(office), text="先の人の言葉", version=2)

    with pytest.raises(NoteChangedMeanwhileError) as refused:
        write(note.staff, UserFactory(), seen=1)

    assert refused.value.now.text == "先の人の言葉"
    note.refresh_from_db()
    assert (note.text, note.version) == ("先の人の言葉", 2)


def test_nobody_writes_about_themself(office):
    own = account(placed(office))

    with pytest.raises(OwnNoteError, match="別の人事担当に頼んでください。"):
        write(own.staff, own)

    assert not SuitabilityNote.objects.exists()


# --- the log and the clock ----------------------------------------------------------------------


def test_the_log_tells_who_wrote_and_nothing_of_what(office):
    member, clerk = placed(office), UserFactory()
    write(member, clerk)
    write(member, clerk, f"{NOTE}。さらに", seen=1)
    wish = say(member, clerk)

    assert NOTE not in logged()
    assert WISH not in logged()
    assert "preference" not in logged()
    entries = LogEntry.objects.get_for_objects(SuitabilityNote.objects.all())
    assert {entry.actor for entry in entries} == {clerk}
    assert entries.count() == 2
    assert LogEntry.objects.get_for_object(wish).get().actor == clerk


@pytest.mark.django_db(transaction=True)
def test_of_clerks_who_write_at_once_one_writes_and_the_others_are_shown_those_words():
    member = AssignmentFactory().staff
    clerks = UserFactory.create_batch(6)
    connected = Barrier(len(clerks), timeout=30)

    def act(index, clerk):
        connection.ensure_connection()  # which takes longer than the writing
        connected.wait()
        return write(member, clerk, f"{index}人目の言葉")

    answers = together([partial(act, index, clerk) for index, clerk in enumerate(clerks)])

    note = SuitabilityNote.objects.get()
    told = [one.now.text for one in answers if isinstance(one, NoteChangedMeanwhileError)]
    assert told == [note.text] * 5
    assert answers.count(True) == 1
    assert note.version == 1


@pytest.mark.django_db(transaction=True)
def test_a_wish_sent_twice_at_once_is_one():
    own = account(placed(DepartmentFactory(is_digital_office=True)))

    first, second = together([lambda: say(own.staff, own)] * 2)

    assert first == second == TransferRequest.objects.get()
