"""What holds of every roster: the last one counts, the way back is exact, order means nothing."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staff.models import ConcurrentPost, Decision, Duty, Employment, RosterKind, StaffMember
from staff.roster.world import load_world
from staff.services.rosters import decide, store_preview, undo_import
from tests.roster_makers import (
    book,
    everything,
    listed,
    planned,
    put_into_force,
    sheet,
    small_town,
    table,
)

pytestmark = pytest.mark.django_db

FULL = RosterKind.FULL
FIRST, SECOND, THIRD = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)
NUMBERS = ("000101", "000102", "000103", "000104")
# What an import leaves beside its people.
RECORDS = {
    "auditlog.LogEntry",
    "staff.RosterImport",
    "staff.RosterChange",
    "staff.RosterUndo",
}
UNITS = {"総務課": "101", "税務課": "102", "収納対策室": "10201"}
RANKS = ("課長", "主任", "主事")

quick = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def town(db):
    return small_town()


# --- Rosters that somebody might send -----------------------------------------------------------


cells = st.fixed_dictionaries(
    {
        "所属": st.sampled_from(sorted(UNITS)),
        "職名": st.sampled_from(RANKS),
        "係": st.sampled_from(["庶務係", "第1係"]),
        "在職区分": st.sampled_from(Duty.labels),
        "任用形態": st.sampled_from(Employment.labels),
        "姓": st.sampled_from(["見本", "改姓"]),
        "兼務": st.sets(st.sampled_from(["税務課 課長", "総務課 主任", "総務部 部長"])),
    }
)
rosters = st.dictionaries(st.sampled_from(NUMBERS), cells, min_size=1)


def lines_of(roster):
    """The roster's rows; nobody who left comes back under another name."""
    world = load_world()
    return [
        {"職員番号": number, **said}
        | {"姓": family(world.get(number), said), "名": number}
        | {"兼務": "、".join(sorted(said["兼務"]))}
        for number, said in roster.items()
    ]


def family(person, said):
    """The family name; it stays for somebody who has left."""
    if person is not None and person.left_on is not None:
        return person.name.split("\u3000")[0]
    return said["姓"]


def read(lines, day, *, kind=FULL):
    plan = planned(listed(*lines), kind=kind, effective_on=day)
    assert plan.errors == []
    return plan


def put_in(plan):
    """Put the plan into force, with yes said to everything, even to what need not be answered."""
    preview = store_preview(plan=plan, by=None)
    every = [change.pk for change in preview.changes.all()]
    decide(roster_import=preview, changes=every, decision=Decision.ACCEPTED, by=None)
    return put_into_force(preview)


def take_back(applied):
    return undo_import(roster_import=applied, by=None, at=timezone.now())


# --- The city in words --------------------------------------------------------------------------


def city_on(day):
    """Everybody in service on the day, with all that a roster says of them."""
    return {
        number: (person.name, *place_of(person, day), person.posts_on(day))
        for number, person in load_world().items()
        if person.employed_on(day)
    }


def place_of(person, day):
    place = person.place_on(day)
    return place.department, place.rank, place.team, place.duty, place.employment


def places_on(day):
    return {number: facts[1:6] for number, facts in city_on(day).items()}


def said_by(lines):
    """What the rows say, in the same words."""
    duties = {label: value for value, label in Duty.choices}
    employments = {label: value for value, label in Employment.choices}
    posts = {
        "税務課 課長": ("102", "課長"),
        "総務課 主任": ("101", "主任"),
        "総務部 部長": ("100", "部長"),
    }
    return {
        each["職員番号"]: (
            f"{each['姓']}\u3000{each['名']}",
            UNITS[each["所属"]],
            each["職名"],
            each["係"],
            duties[each["在職区分"]],
            employments[each["任用形態"]],
            {posts[post] for post in each["兼務"].split("、") if post},
        )
        for each in lines
    }


def all_rows():
    """Every row of people, places and posts, by what people call them."""
    return (
        sorted(
            StaffMember.objects.values_list(
                *("number", "name", "name_kana", "name_key", "email", "hired_on", "left_on")
            )
        ),
        sorted(
            (number, place.starts_on, *place_of(person, place.starts_on))
            for number, person in load_world().items()
            for place in person.places
        ),
        sorted(
            ConcurrentPost.objects.values_list(
                *("staff__number", "department__code", "rank__name", "starts_on", "ends_on")
            ),
            key=str,
        ),
    )


# --- The last roster counts ---------------------------------------------------------------------


@quick
@given(first=rosters, second=rosters, third=rosters)
def test_after_full_rosters_the_city_is_what_the_last_one_says(town, first, second, third):
    with transaction.atomic():
        put_in(read(lines_of(first), FIRST))
        as_first_said = places_on(FIRST)
        put_in(read(lines_of(second), SECOND))
        lines = lines_of(third)

        put_in(read(lines, THIRD))

        found, past, again = city_on(THIRD), places_on(FIRST), read(lines, THIRD)
        transaction.set_rollback(True)
    assert found == said_by(lines)
    assert past == as_first_said
    assert again.diff.changes == []


@quick
@given(first=rosters, between=rosters, last=rosters)
def test_a_look_back_leaves_the_city_as_the_newer_roster_said(town, first, between, last):
    with transaction.atomic():
        put_in(read(lines_of(first), FIRST))
        put_in(read(lines_of(last), THIRD))
        now, then = city_on(THIRD), places_on(FIRST)

        put_in(read(lines_of(between), SECOND))

        found, past = city_on(THIRD), places_on(FIRST)
        transaction.set_rollback(True)
    assert found == now
    assert past == then


# --- The way back -------------------------------------------------------------------------------


@quick
@given(
    first=rosters,
    second=rosters,
    day=st.sampled_from([date(2026, 2, 1), FIRST, SECOND, THIRD]),
    kind=st.sampled_from(RosterKind),
)
def test_an_import_taken_back_leaves_every_row_as_it_was(town, first, second, day, kind):
    with transaction.atomic():
        put_in(read(lines_of(first), FIRST))
        before = everything(without=RECORDS)
        applied = put_in(read(lines_of(second), day, kind=kind))

        take_back(applied)

        after = everything(without=RECORDS)
        transaction.set_rollback(True)
    assert after == before


@quick
@given(first=rosters, second=rosters, third=rosters)
def test_several_imports_are_taken_back_one_after_the_other(town, first, second, third):
    with transaction.atomic():
        states, applied = [], []
        for roster, day in ((first, FIRST), (second, SECOND), (third, THIRD)):
            states.append(everything(without=RECORDS))
            applied.append(put_in(read(lines_of(roster), day)))

        found = []
        for each in reversed(applied):
            take_back(each)
            found.append(everything(without=RECORDS))

        transaction.set_rollback(True)
    assert found == states[::-1]


# --- Order --------------------------------------------------------------------------------------


@quick
@given(first=rosters, second=rosters, dice=st.randoms(), kind=st.sampled_from(RosterKind))
def test_the_order_of_rows_and_columns_means_nothing(town, first, second, dice, kind):
    with transaction.atomic():
        put_in(read(lines_of(first), FIRST))
        rows = table(*lines_of(second))
        found = [_outcome(rows, kind), _outcome(_shuffled(rows, dice), kind)]
        transaction.set_rollback(True)
    assert found[0] == found[1]


def _shuffled(rows, dice):
    headings, *people = rows
    order = list(range(len(headings)))
    dice.shuffle(order)
    dice.shuffle(people)
    return [[row[place] for place in order] for row in (headings, *people)]


def _outcome(rows, kind):
    """What the city is after the list; the list itself is gone again."""
    with transaction.atomic():
        plan = planned(book(sheet(*rows)), kind=kind, effective_on=THIRD)
        assert plan.errors == []
        put_in(plan)
        found = all_rows()
        transaction.set_rollback(True)
    return found
