"""Specialists, candidates and the look ahead, held against a slow reading in plain Python."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaders.bands import BandRange
from leaders.models import Route, SpecialistDesignation
from leaders.specialists import (
    bands,
    candidates,
    designated,
    designated_places,
    latest_wishes,
    outlook,
    profile,
    routes_on,
    stays,
    wishes_beside,
)
from leaders.specialists.outlook import look_ahead
from reports.people import people_behind
from reports.progress import progress
from staff.models import Band, StaffMember
from tests import worlds
from tests.conftest import TODAY, placed
from tests.factories import (
    ActivityFactory,
    AssignmentFactory,
    CompletionFactory,
    DepartmentFactory,
    EvidenceFactory,
    LeaderTermFactory,
    OfferingFactory,
    RankFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
    TransferRequestFactory,
)
from tests.reports.cities import make_targets
from training.models import DEFAULT_RULE, Category

pytestmark = pytest.mark.django_db

quietly = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TURN = date(2026, 4, 1)
BANDS = tuple(Band)
# The units of `ground`, by position, that are the office on the days before the turn and from it.
BEFORE, SINCE = {1, 2, 3, 4}, {1, 2, 5}


@pytest.fixture
def ground():
    """An office that gets another name at the turn, loses one unit and takes in another."""
    make_targets()
    old = {"closes_on": TURN - timedelta(days=1), "gives_leader": False}
    new = {"opens_on": TURN, "gives_leader": False}
    elsewhere = DepartmentFactory()
    office_2 = DepartmentFactory(parent=elsewhere, is_digital_office=True, **new)
    office = DepartmentFactory(parent=elsewhere, is_digital_office=True, successor=office_2, **old)
    left_2 = DepartmentFactory(parent=elsewhere, **new)
    left = DepartmentFactory(parent=office, successor=left_2, **old)
    came_2 = DepartmentFactory(parent=office_2, **new)
    came = DepartmentFactory(parent=elsewhere, successor=came_2, **old)
    made = worlds.make_ground()
    DepartmentFactory._meta.model.objects.filter(code="DIG").update(is_digital_office=False)
    units = [elsewhere, office, office_2, left, left_2, came]
    return worlds.Ground(units, made.ranks, made.cohorts, made.offerings)


# --- the slow reading ---------------------------------------------------------------------------


def office_days(one, on):
    """The days of the little calendar on which the person stood in the office, up to the day."""
    days = [day for day in worlds.DAYS if day <= on]
    return [
        day
        for day in sorted({*days, on})
        if (place := worlds.place_of(one, day)) is not None
        and place.unit in (BEFORE if day < TURN else SINCE)
    ]


def terms_done(one, on):
    return [term for term in one.terms if term.completed and term.ends_on <= on]


def is_designated(one, on):
    return any(start <= on and (end is None or end >= on) for start, end in one.designations)


def band_of(one, on):
    place = worlds.place_of(one, on)
    return BANDS[place.rank] if place else None


def is_specialist(one, on):
    return worlds.is_employed(one, on) and band_of(one, on) is not None and is_designated(one, on)


def slow_candidates(people, on, rule):
    found = {}
    for index, one in enumerate(people):
        in_office, terms = office_days(one, on), terms_done(one, on)
        if not worlds.is_employed(one, on) or band_of(one, on) is None or is_designated(one, on):
            continue
        if in_office or terms:
            found[f"{index:06d}"] = (
                [
                    route
                    for route, is_open in ((Route.OFFICE, in_office), (Route.LEADER, terms))
                    if is_open
                ],
                (in_office[0], in_office[-1] == on) if in_office else None,
                len(terms),
                {held for held in worlds.HELD if worlds.has_completed(one, held, on, rule)},
                min((start for start, _ in one.designations if start > on), default=None),
            )
    return found


def told_candidates(on, rule):
    return {
        person.place.staff.number: (
            list(person.routes),
            (person.stay.first_on, person.stay.is_there) if person.stay else None,
            len(person.terms),
            set(person.learned),
            person.starts_on,
        )
        for person in candidates(on, rule)
    }


@quietly
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules)
def test_the_candidates_are_those_a_slow_reading_finds(ground, people, on, rule):
    with transaction.atomic():
        worlds.put_down(ground, people)

        told = told_candidates(on, rule)

        transaction.set_rollback(True)
    assert told == slow_candidates(people, on, rule)


@quietly
@given(people=worlds.people(), on=worlds.days, scope=st.sets(st.integers(0, 5)))
def test_the_bands_are_those_a_slow_reading_finds_and_the_reports_tell(ground, people, on, scope):
    def counted(units):
        return [
            sum(
                is_specialist(one, on)
                and band_of(one, on) == band
                and worlds.place_of(one, on).unit in units
                for one in people
            )
            for band in Band
        ]

    some = frozenset(ground.units[unit].pk for unit in scope)
    with transaction.atomic():
        worlds.put_down(ground, people)

        whole, part = bands(on, None), bands(on, some)
        shown = designated(list(designated_places(on, some)), on, date.max)
        behind = {place.staff_id for place in people_behind("specialists", on, DEFAULT_RULE, some)}
        told = progress(on, DEFAULT_RULE, some).specialists

        transaction.set_rollback(True)
    assert [row.count for row in whole] == counted(range(6))
    assert [row.count for row in part] == counted(scope)
    assert told == part
    assert {one.place.staff_id for one in shown} == behind
    assert len(shown) == sum(row.count for row in part)
    assert all(one.designation.starts_on <= on for one in shown)


def in_band_since(one, on):
    """The first day of the run of places in the band of the day."""
    taken = sorted((p for p in one.places if p.starts_on <= on), key=lambda p: p.starts_on)
    since = taken[-1].starts_on
    for place in reversed(taken):
        if place.rank != taken[-1].rank:
            break
        since = place.starts_on
    return since


def full_years(since, on):
    """The anniversaries whose eve is the day or before it."""
    morrow = on + timedelta(days=1)
    return morrow.year - since.year - ((morrow.month, morrow.day) < (since.month, since.day))


@quietly
@given(people=worlds.people(), on=worlds.days, until=worlds.days, years=st.integers(1, 3))
def test_the_look_ahead_is_what_a_slow_reading_finds(ground, people, on, until, years):
    until = max(on, until)

    def at(day):
        return {index: band_of(p, day) for index, p in enumerate(people) if is_specialist(p, day)}

    with transaction.atomic():
        worlds.put_down(ground, people)

        told = outlook(on, until, years)

        transaction.set_rollback(True)
    now, then = at(on), at(until)
    rising = [
        index
        for index, band in now.items()
        if then.get(index) == band != Band.SECTION_CHIEF
        and full_years(in_band_since(people[index], on), on) >= years
    ]
    for position, row in enumerate(told.bands):
        band = BANDS[position]
        lower = BANDS[position + 1] if position < 3 else None
        assert row.band == band
        assert row.today == list(now.values()).count(band)
        assert row.decided == list(then.values()).count(band)
        assert row.rising_out == sum(now[index] == band for index in rising)
        assert row.rising_in == sum(now[index] == lower for index in rising)
    assert len(told.rising) == len(rising)
    changed = [index for index in {*now, *then} if now.get(index) != then.get(index)]
    assert len(told.decided) == len(changed)
    assert all(on <= one.on <= until for one in told.decided)
    waiting = [band_of(people[int(number)], on) for number in slow_candidates(people, on, None)]
    assert [row.candidates for row in told.bands] == [waiting.count(band) for band in Band]


# --- the office ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "starts_on", "on", "first_on"),
    [
        (1, date(2025, 4, 1), date(2026, 3, 31), date(2025, 4, 1)),
        (1, date(2025, 4, 1), date(2025, 3, 31), None),
        (3, date(2025, 4, 1), date(2027, 4, 1), date(2025, 4, 1)),  # left the office since
        (3, TURN, date(2027, 4, 1), None),
        (5, date(2025, 4, 1), TURN - timedelta(days=1), None),  # not yet under the office
        (5, date(2025, 4, 1), TURN, TURN),
        (0, date(2025, 4, 1), TURN, None),
    ],
)
def test_who_was_in_the_office_is_read_from_the_organisation_of_those_days(
    ground, unit, starts_on, on, first_on
):
    member = AssignmentFactory(department=ground.units[unit], starts_on=starts_on).staff

    stay = stays(on).get(member.pk)

    assert (stay.first_on if stay else None) == first_on


def test_who_left_a_unit_before_it_came_under_the_office_was_never_there(ground):
    member = AssignmentFactory(department=ground.units[5], starts_on=date(2025, 4, 1)).staff
    AssignmentFactory(staff=member, department=ground.units[0], starts_on=date(2025, 9, 30))

    assert stays(TODAY) == {}


def test_a_place_in_the_office_that_is_still_to_come_is_no_route(db):
    office = DepartmentFactory(is_digital_office=True)
    member = AssignmentFactory().staff
    AssignmentFactory(staff=member, department=office, starts_on=date(2027, 4, 1))

    assert routes_on(member.pk, date(2027, 3, 31)) == ()
    assert routes_on(member.pk, date(2027, 4, 1)) == (Route.OFFICE,)


@pytest.mark.parametrize(
    ("on", "routes"),
    [(date(2026, 3, 30), ()), (date(2026, 3, 31), (Route.LEADER,))],
)
def test_a_completed_term_is_a_route_from_its_last_day_on(db, on, routes):
    term = LeaderTermFactory(
        staff=AssignmentFactory().staff, ends_on=date(2026, 3, 31), completed=True
    )

    assert routes_on(term.staff_id, on) == routes


# --- what is known of a candidate ---------------------------------------------------------------


@pytest.fixture
def office(db):
    return DepartmentFactory(name="推進室", is_digital_office=True)


def test_a_candidate_comes_with_proofs_of_the_day_confirmed_ones_only(office):
    member = placed(office)
    EvidenceFactory(staff=member, title="確かな資格", state="confirmed", confirmed_on=TODAY)
    EvidenceFactory(staff=member, title="まだの資格")
    EvidenceFactory(
        staff=member,
        title="先の資格",
        obtained_on=date(2026, 12, 1),
        state="confirmed",
        confirmed_on=TODAY,
    )
    for day, hours in ((1, "2.5"), (2, "1.0")):
        EvidenceFactory(
            staff=member,
            kind="ojt",
            hours=Decimal(hours),
            obtained_on=date(2026, 11, day),
            state="confirmed",
            confirmed_on=TODAY,
        )
    CompletionFactory(staff=member, offering=OfferingFactory(course__category=Category.SKILL))
    term = LeaderTermFactory(staff=member, ends_on=date(2026, 3, 31), completed=True)
    ActivityFactory.create_batch(2, term=term)

    (found,) = candidates(TODAY, DEFAULT_RULE)

    assert found.qualifications == ("確かな資格",)
    assert found.ojt_hours == Decimal("3.5")
    assert found.learned == (Category.SKILL,)
    assert (found.terms, found.activities) == ((term,), 2)
    assert found.route_labels == "推進室・リーダー"


def test_a_person_designated_on_the_day_is_no_candidate_and_still_has_a_profile(office):
    member = SpecialistDesignationFactory(staff=placed(office)).staff

    assert candidates(TODAY, DEFAULT_RULE) == []
    assert profile(member.pk, TODAY, DEFAULT_RULE).routes == (Route.OFFICE,)


def test_the_candidates_take_the_same_queries_for_1_and_11(office, django_assert_num_queries):
    def person():
        term = LeaderTermFactory(staff=placed(office), ends_on=date(2026, 3, 31), completed=True)
        CompletionFactory(staff=term.staff)
        EvidenceFactory(staff=term.staff, state="confirmed", confirmed_on=TODAY)
        ActivityFactory(term=term)

    person()
    with django_assert_num_queries(9):
        candidates(TODAY, DEFAULT_RULE)
    for _ in range(10):
        person()

    with django_assert_num_queries(9):
        found = candidates(TODAY, DEFAULT_RULE)

    assert len(found) == 11


def test_the_latest_wish_of_the_day_holds(office):
    member = placed(office)
    TransferRequestFactory(staff=member, preference="no")
    later = TransferRequestFactory(
        staff=member, preference="yes", stated_at="2026-11-23T00:30:00+09:00"
    )

    assert latest_wishes([member.pk], TODAY) == {member.pk: later}
    assert latest_wishes([member.pk], date(2026, 11, 22))[member.pk].preference == "no"


def test_the_wishes_beside_leave_out_the_named_and_those_who_left(office):
    named, other = placed(office), placed(office)
    gone = StaffMemberFactory(left_on=date(2026, 11, 22))
    for member in (named, other, gone):
        TransferRequestFactory(staff=member)

    assert [wish.staff for wish in wishes_beside([named.pk], TODAY)] == [other]


# --- the look ahead -----------------------------------------------------------------------------


def test_what_is_decided_and_what_is_likely_never_stand_in_one_number():
    staff, chief = Band.STAFF, Band.SUBSECTION_CHIEF
    due = date(2035, 3, 31)

    found = look_ahead(
        now={1: staff, 2: staff, 3: staff, 4: chief},
        then={1: staff, 3: chief, 4: chief, 5: staff},
        rising=[1],
        candidates={staff: 7},
        ranges={staff: BandRange(3, None, due), chief: BandRange(2, 4, due)},
    )

    row = {one.band: one for one in found}
    assert (row[staff].today, row[staff].leaving, row[staff].joining) == (3, 1, 1)
    assert (row[staff].moving_out, row[chief].moving_in) == (1, 1)
    assert (row[staff].decided, row[chief].decided) == (2, 2)
    assert (row[staff].likely, row[chief].likely) == (1, 3)
    assert (row[staff].short_today, row[staff].short_decided, row[staff].short_likely) == (0, 1, 2)
    assert (row[chief].short_today, row[chief].short_decided) == (1, 0)
    assert (row[staff].candidates, row[chief].candidates) == (7, 0)


def test_a_departure_an_end_a_beginning_and_a_promotion_are_told_with_their_days(office):
    chief = RankFactory(band=Band.DEPUTY)
    leaver, ending, coming, rising = (
        placed(office, staff__left_on=left_on) for left_on in (date(2027, 3, 31), None, None, None)
    )
    SpecialistDesignationFactory(staff=leaver)
    SpecialistDesignationFactory(staff=ending, ends_on=date(2027, 6, 30))
    SpecialistDesignationFactory(staff=coming, starts_on=date(2027, 4, 1))
    SpecialistDesignationFactory(staff=rising)
    AssignmentFactory(staff=rising, department=office, rank=chief, starts_on=date(2027, 4, 1))

    found = outlook(TODAY, date(2035, 3, 31), 5)

    assert {(one.staff, one.what, one.on) for one in found.decided} == {
        (leaver, "退職", date(2027, 3, 31)),
        (ending, "登用の終了", date(2027, 6, 30)),
        (coming, "登用の開始", date(2027, 4, 1)),
        (rising, "補佐級になる", date(2027, 4, 1)),
    }


def test_nothing_of_what_is_to_come_is_in_a_look_that_ends_today(office):
    leaver = placed(office, staff__left_on=date(2027, 3, 31))
    SpecialistDesignationFactory(staff=leaver)
    SpecialistDesignationFactory(staff=placed(office), starts_on=date(2027, 4, 1))

    found = outlook(TODAY, TODAY, 5)

    assert found.decided == ()
    assert [(row.today, row.decided) for row in found.bands] == [(0, 0), (0, 0), (1, 1), (0, 0)]


@pytest.mark.parametrize(
    ("on", "is_likely"),
    [(date(2029, 2, 27), False), (date(2029, 2, 28), True)],
)
def test_a_year_from_29_february_is_full_on_28_february(office, on, is_likely):
    member = AssignmentFactory(department=office, starts_on=date(2028, 2, 29)).staff
    SpecialistDesignationFactory(staff=member, starts_on=date(2028, 2, 29))

    assert bool(outlook(on, on, 1).rising) is is_likely


def test_the_look_ahead_takes_the_same_queries_for_1_and_11(office, django_assert_num_queries):
    chief = RankFactory(band=Band.DEPUTY)

    def people():
        for left_on in (None, date(2027, 3, 31)):
            SpecialistDesignationFactory(staff=placed(office, staff__left_on=left_on))
        rising = placed(office)
        SpecialistDesignationFactory(staff=rising)
        AssignmentFactory(staff=rising, rank=chief, starts_on=date(2027, 4, 1))
        SpecialistDesignationFactory(staff=placed(office), starts_on=date(2027, 4, 1))

    people()
    until = date(2035, 3, 31)
    with django_assert_num_queries(13):
        outlook(TODAY, until, 5)
    for _ in range(10):
        people()

    with django_assert_num_queries(13):
        found = outlook(TODAY, until, 5)

    assert (len(found.decided), len(found.rising)) == (33, 11)


def test_everybody_counts_once_however_many_designations(office):
    member = placed(office)
    SpecialistDesignation.objects.bulk_create(
        SpecialistDesignation(
            staff=member, route="office", starts_on=date(2025, 4, day), ends_on=date(2027, 3, 31)
        )
        for day in (1, 2)
    )

    (shown,) = designated(list(designated_places(TODAY, None)), TODAY, TODAY)

    assert sum(row.count for row in bands(TODAY, None)) == 1
    assert shown.designation.starts_on == date(2025, 4, 2)
    assert shown.ends_on is None  # an end that is still to come is not told
    assert StaffMember.objects.count() == 1
