"""A department alone, a band alone: the parts make the whole, and nothing of others."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from agano_dx.lib.charts.geometry import MAIN_WIDTH
from reports.breakdown import breakdown, by_band
from reports.departments import department_progress, department_rows, in_order
from reports.progress import Counts, progress
from reports.rank_bands import band_progress
from staff.models import Assignment, Band, Department, StaffMember
from tests import worlds
from tests.conftest import TODAY, placed
from tests.factories import DepartmentFactory, LeaderTermFactory, RankFactory
from tests.reports.cities import make_targets, scope_of
from tests.reports.test_progress import heads
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground():
    make_targets()
    return worlds.make_ground()


few_worlds = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def total(parts):
    return sum((part.counts for part in parts), Counts())


@few_worlds
@given(people=worlds.people(), on=worlds.days, rule=worlds.rules, heads=heads)
def test_departments_and_bands_are_made_of_the_same_people_as_the_whole(
    ground, people, on, rule, heads
):
    scope = scope_of(ground, heads)
    with transaction.atomic():
        worlds.put_down(ground, people)

        whole = progress(on, rule, scope)
        alone = {row.unit: department_progress(on, rule, scope, row.unit.pk) for row in whole.units}
        bands = [band_progress(on, rule, scope, band) for band in Band]
        across = by_band(breakdown(on, rule, scope))

        transaction.set_rollback(True)
    for row in whole.units:
        found = alone[row.unit]
        assert found.figures.total == total(found.parts) == total(found.bands) == row.counts
    assert total(bands) == whole.total
    assert [one.counts for one in across] == [one.counts for one in bands]
    assert all(total(one.units) == one.counts for one in bands)
    assert [one.specialists for one in bands] == list(whole.specialists)


def test_equal_shares_stand_on_one_place_and_nobody_on_none():
    first, second, third = (DepartmentFactory(code=code) for code in "ABC")
    DepartmentFactory(code="E")
    for unit in (first, second, third):
        placed(unit)
    LeaderTermFactory(department=first)

    rows = department_rows(progress(TODAY, DEFAULT_RULE, None))

    assert [(row.unit.code, row.place, row.has_leader) for row in rows] == [
        ("A", 1, True),
        ("B", 1, False),
        ("C", 1, False),
        ("E", None, False),
    ]


def test_departments_are_put_into_the_order_asked_for(section, other_section):
    for _ in range(2):
        placed(other_section)
    placed(section)
    rows = department_rows(progress(TODAY, DEFAULT_RULE, None))

    assert [row.unit.code for row in in_order(rows, "lacking")] == ["B", "A"]
    assert [row.unit.code for row in in_order(rows, "population")] == ["B", "A"]
    assert [row.unit.code for row in in_order(rows, "no such order")] == ["A", "B"]


def test_a_department_out_of_scope_or_still_to_come_is_none(section, other_section):
    coming = DepartmentFactory(code="NEXT", opens_on=date(2027, 4, 1))

    def found(unit, scope=None):
        return department_progress(TODAY, DEFAULT_RULE, scope, unit)

    assert found(other_section.pk, frozenset([section.pk])) is None
    assert found(coming.pk) is None
    assert found(0) is None
    assert found(other_section.pk).unit == other_section


def test_a_code_used_again_opens_the_unit_one_asked_for(section):
    old = DepartmentFactory(code="Z", closes_on=date(2026, 3, 31))
    new = DepartmentFactory(code="Z", opens_on=date(2026, 4, 1))
    for unit in (old, old, new):
        placed(unit)

    def population(unit):
        return department_progress(TODAY, DEFAULT_RULE, None, unit.pk).figures.total.population

    assert (population(old), population(new)) == (2, 1)


def test_a_division_tells_its_own_people_and_the_departments_below_it():
    division = DepartmentFactory(name="見本部", gives_leader=False)
    below = [DepartmentFactory(parent=division, name=f"{number}課") for number in (1, 2)]
    for unit in (division, below[0], below[1], below[1]):
        placed(unit)

    found = department_progress(TODAY, DEFAULT_RULE, None, division.pk)
    in_scope = frozenset([division.pk, below[0].pk])
    of_head = department_progress(TODAY, DEFAULT_RULE, in_scope, division.pk)

    assert found.figures.total.population == 1
    assert [(row.unit, row.counts.population) for row in found.below] == [
        (below[0], 1),
        (below[1], 2),
    ]
    assert [row.unit for row in of_head.below] == [below[0]]


PAGES = ("/reports/", "/reports/departments/", "/reports/departments/{}/", "/reports/bands/staff/")


def test_the_chart_of_a_department_is_drawn_as_wide_as_its_column(client_of, hr, section):
    placed(section)

    page = client_of(hr).get(f"/reports/departments/{section.pk}/")

    # Drawn narrower it would be scaled up, its letters with it.
    assert page.context["chart"].chart.width == MAIN_WIDTH


def test_the_pages_ask_as_often_for_40_departments_and_1000_people_as_for_3_and_10(
    client_of, hr, section
):
    client, rank = client_of(hr), RankFactory(band=Band.STAFF)

    def grow(units, people, start):
        made = Department.objects.bulk_create(
            DepartmentFactory.build(code=f"Z{start + number}") for number in range(units)
        )
        members = StaffMember.objects.bulk_create(
            StaffMember(number=f"7{start + number:05d}", name="見本", hired_on=date(2020, 4, 1))
            for number in range(people)
        )
        Assignment.objects.bulk_create(
            Assignment(
                staff=member,
                department=([section, *made])[number % (units + 1)],
                rank=rank,
                starts_on=date(2020, 4, 1),
            )
            for number, member in enumerate(members)
        )

    def asked():
        counts = []
        for page in PAGES:
            with CaptureQueriesContext(connection) as found:
                assert client.get(page.format(section.pk)).status_code == 200
            counts.append(len(found))
        return counts

    grow(2, 10, 0)
    asked()
    few = asked()
    grow(37, 990, 100)

    assert asked() == few
