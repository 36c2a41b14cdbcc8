"""Two administrators at once: one order or the other, the other is told, nothing half."""

from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from staff.access import ADMIN
from staff.models import (
    Assignment,
    ConcurrentPost,
    ImportStatus,
    RosterChange,
    RosterFile,
    RosterImport,
    RosterUndo,
    StaffMember,
)
from staff.services.rosters import (
    CannotBeUndoneError,
    SomebodyIsApplyingError,
    StalePreviewError,
    apply_import,
    apply_upload,
    applying_now,
    undo_import,
)
from staff.services.rosters.locking import announce, withdraw
from tests.conftest import TODAY, account
from tests.factories import RosterFileFactory, StaffMemberFactory
from tests.roster_makers import agreed, csv_of, line, person, says_what_to_do, small_town, stored
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
LISTS = (
    (line("000101", 所属="税務課"), line("000102", 職名="主任"), line("000201")),
    (line("000101", 所属="収納対策室", 職名="主任"), line("000102", 兼務="税務課長")),
)

# They touch different people: only the turns keep the second one from going through unseen.
APART = (LISTS[0][:1], LISTS[1][1:])


@pytest.fixture
def town():
    town = small_town()
    for number in ("000101", "000102"):
        person(town, number)
    return town


@pytest.fixture
def admins(town):
    return [account(StaffMemberFactory(name=name), ADMIN) for name in ("山田　花子", "佐藤　次郎")]


def uploaded(lines, by):
    """A preview with its file, and yes said to every question."""
    preview = agreed(stored(*lines, by=by))
    preview.file_name = "名簿.csv"
    preview.save()
    RosterFileFactory(roster_import=preview, content=csv_of(*lines))
    return preview


def apply(preview, by):
    return apply_upload(
        roster_import=preview,
        by=by,
        at=timezone.now(),
        today=TODAY,
        leavers_accepted=True,
        question_accepted=True,
    )


def undo(preview, by):
    return undo_import(roster_import=preview, by=by, at=timezone.now())


def city():
    """Who stands where and since when, without keys, which differ from order to order."""
    people = StaffMember.objects.values_list("number", "name", "left_on")
    facts = ("staff__number", "starts_on", "department__name", "rank__name", "team", "duty")
    posts = ("staff__number", "starts_on", "ends_on", "department__name", "rank__name")
    return (
        sorted(people),
        sorted(map(str, Assignment.objects.values_list(*facts))),
        sorted(map(str, ConcurrentPost.objects.values_list(*posts))),
    )


def after(lists, by):
    """The city after these lists one after the other, as if nobody else were there."""
    with transaction.atomic():
        for lines in lists:
            apply(uploaded(lines, by), by)
        there = city()
        transaction.set_rollback(True)
    return there


def assert_whole():
    """Nothing is half: each import has exactly what its state needs, and nobody is announced."""
    applied = set(RosterImport.objects.in_force().values_list("pk", flat=True))
    assert set(RosterUndo.objects.values_list("roster_import", flat=True)) == applied
    sources = Assignment.objects.exclude(source=None).values_list("source", flat=True)
    assert set(sources) <= applied
    waiting = RosterImport.objects.filter(status=ImportStatus.PREVIEW)
    assert set(RosterFile.objects.values_list("roster_import", flat=True)) == set(
        waiting.values_list("pk", flat=True)
    )
    assert applying_now(timezone.now()) is None


def assert_told(error, winner):
    """The sentence says that the city changed, or names who is at it."""
    assert isinstance(error, StalePreviewError | SomebodyIsApplyingError), repr(error)
    assert says_what_to_do(str(error))
    if isinstance(error, SomebodyIsApplyingError):
        assert f"{winner.staff.name}さんが別の名簿を反映しています" in str(error)


@pytest.mark.parametrize(("lists", "outcomes", "rounds"), [(LISTS, 5, ROUNDS), (APART, 4, 5)])
def test_two_different_previews_at_once_are_one_order_or_the_other(admins, lists, outcomes, rounds):
    start = city()
    alone = [after([lines], admins[0]) for lines in lists]
    orders = [after(order, admins[0]) for order in (lists, lists[::-1])]
    assert len({str(each) for each in (start, *alone, *orders)}) == outcomes

    for _ in range(rounds):
        previews = [uploaded(*pair) for pair in zip(lists, admins, strict=True)]

        answers = together(
            [lambda p=pair: apply(*p) for pair in zip(previews, admins, strict=True)]
        )

        [first] = [index for index in (0, 1) if isinstance(answers[index], RosterImport)]
        second = 1 - first
        assert_told(answers[second], admins[first])
        assert city() == alone[first]
        assert_whole()
        again = uploaded(lists[second], admins[second])
        apply(again, admins[second])
        assert city() == orders[first]
        undo(again, admins[second])
        undo(previews[first], admins[first])
        assert city() == start
        RosterFile.objects.all().delete()
        RosterImport.objects.filter(pk=previews[second].pk).update(status=ImportStatus.DISCARDED)


def test_an_apply_and_an_undo_at_once_are_one_order_or_the_other(admins):
    start, both = city(), after(LISTS, admins[0])

    for _ in range(ROUNDS):
        earlier = uploaded(LISTS[0], admins[0])
        apply(earlier, admins[0])
        later = uploaded(LISTS[1], admins[1])

        undone, applied = together(
            [lambda p=earlier: undo(p, admins[0]), lambda p=later: apply(p, admins[1])]
        )

        assert_whole()
        if isinstance(undone, RosterImport):
            assert_told(applied, admins[0])
            assert city() == start
            RosterFile.objects.all().delete()
            RosterImport.objects.filter(pk=later.pk).update(status=ImportStatus.DISCARDED)
        else:
            assert isinstance(undone, CannotBeUndoneError | SomebodyIsApplyingError), repr(undone)
            assert isinstance(applied, RosterImport), repr(applied)
            assert says_what_to_do(str(undone))
            assert city() == both
            undo(later, admins[1])
            undo(earlier, admins[0])
            assert city() == start


@pytest.mark.parametrize("act", [apply, undo])
def test_who_is_writing_is_named_to_whoever_comes_meanwhile(admins, act):
    """PostgreSQL says it at once; SQLite has one writer and answers when the first is done."""
    in_force = uploaded(LISTS[0], admins[1])
    apply(in_force, admins[1])
    writing = uploaded(LISTS[1], admins[0])
    waiting = uploaded(LISTS[1], admins[1]) if act is apply else in_force
    inside, answered = Event(), Event()

    def write():
        announce(writing, admins[0], timezone.now())
        with transaction.atomic():
            apply_import(
                roster_import=writing, by=admins[0], at=timezone.now(), leavers_accepted=True
            )
            inside.set()
            answered.wait(1)
        withdraw(writing)

    def come():
        assert inside.wait(30)
        try:
            act(waiting, admins[1])
        finally:
            answered.set()

    _, told = together([write, come])

    if connection.vendor == "postgresql":
        assert isinstance(told, SomebodyIsApplyingError), repr(told)
        assert_told(told, admins[0])
    else:
        assert isinstance(told, StalePreviewError | CannotBeUndoneError), repr(told)
    writing.refresh_from_db()
    assert writing.status == ImportStatus.APPLIED
    assert RosterChange.objects.filter(roster_import=waiting).exists()


@pytest.mark.parametrize("act", [apply, undo])
def test_whoever_waits_too_long_for_a_silent_writer_is_told_too(admins, act):
    """A command announces nobody; waiting for it ends in a sentence, not in an error page."""
    in_force = uploaded(LISTS[0], admins[1])
    apply(in_force, admins[1])
    writing = uploaded(LISTS[1], None)
    waiting = uploaded(LISTS[1], admins[1]) if act is apply else in_force
    inside, answered = Event(), Event()

    def write():
        with transaction.atomic():
            apply_import(roster_import=writing, by=None, at=timezone.now(), leavers_accepted=True)
            inside.set()
            answered.wait(1.5)

    def come():
        assert inside.wait(30)
        try:
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute("SET LOCAL lock_timeout = '300ms'")
                act(waiting, admins[1])
        finally:
            answered.set()

    _, told = together([write, come])

    expected = StalePreviewError | CannotBeUndoneError | SomebodyIsApplyingError
    assert isinstance(told, expected), repr(told)
    assert says_what_to_do(str(told))
