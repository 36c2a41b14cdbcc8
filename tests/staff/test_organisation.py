"""The tree of departments."""

import pytest

from staff.organisation import DepartmentTree
from tests.conftest import TODAY
from tests.factories import DepartmentFactory


@pytest.fixture
def city(db):
    """A division with two sections, an office under the first, a team under the office."""
    division = DepartmentFactory(code="DIV", name="部", gives_leader=False, order=1)
    first = DepartmentFactory(code="S1", name="一課", parent=division, order=2)
    second = DepartmentFactory(code="S2", name="二課", parent=division, order=5)
    office = DepartmentFactory(code="OFF", name="室", parent=first, gives_leader=False, order=4)
    team = DepartmentFactory(code="TEAM", name="係", parent=office, gives_leader=False, order=3)
    return {unit.code: unit for unit in (division, first, second, office, team)}


def codes(units):
    return [unit.code for unit in units]


@pytest.mark.parametrize(
    ("heads", "under"),
    [
        (["DIV"], {"DIV", "S1", "S2", "OFF", "TEAM"}),
        (["S1"], {"S1", "OFF", "TEAM"}),
        (["S2"], {"S2"}),
        (["S2", "OFF"], {"S2", "OFF", "TEAM"}),
        ([], set()),
    ],
)
def test_under_a_unit_are_itself_and_all_below(city, heads, under):
    found = DepartmentTree.load(TODAY).under(city[code].pk for code in heads)

    assert found == {city[code].pk for code in under}


def test_above_a_unit_are_itself_and_those_it_belongs_to(city):
    assert codes(DepartmentTree.load(TODAY).above(city["TEAM"].pk)) == ["TEAM", "OFF", "S1", "DIV"]


def test_each_unit_stands_right_after_the_one_it_belongs_to(city):
    assert codes(DepartmentTree.load(TODAY).in_order) == ["DIV", "S1", "OFF", "TEAM", "S2"]


@pytest.mark.parametrize(
    ("unit", "reports_as"),
    [("TEAM", "S1"), ("OFF", "S1"), ("S1", "S1"), ("S2", "S2"), ("DIV", "DIV")],
)
def test_a_unit_reports_as_the_nearest_above_that_gives_a_leader_or_as_itself(
    city, unit, reports_as
):
    assert DepartmentTree.load(TODAY).reporting_unit(city[unit].pk).code == reports_as


def test_a_unit_below_one_that_gives_none_reports_as_itself(city):
    alone = DepartmentFactory(parent=city["DIV"], gives_leader=False)

    assert DepartmentTree.load(TODAY).reporting_unit(alone.pk) == alone


def test_every_unit_is_reported_under_exactly_one(city):
    tree = DepartmentTree.load(TODAY)

    reported = [tree.reported_under(unit.pk) for unit in city.values()]

    assert sorted(pk for units in reported for pk in units) == sorted(tree.by_id)
    assert tree.reported_under(city["S1"].pk) == {city[code].pk for code in ("S1", "OFF", "TEAM")}


def test_the_path_names_a_unit_with_those_above_it(city):
    assert DepartmentTree.load(TODAY).path(city["OFF"].pk) == "部 一課 室"


def test_the_tree_takes_one_query(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        tree = DepartmentTree.load(TODAY)
        assert tree.in_order
        assert tree.under(tree.by_id)
        assert [tree.path(pk) for pk in tree.by_id]


def test_units_that_belong_to_each_other_do_not_hang_the_tree(city):
    # Two steps that are right by themselves can make a circle; the database cannot see it.
    city["DIV"].parent = city["TEAM"]
    city["DIV"].save()
    tree = DepartmentTree.load(TODAY)

    assert tree.under([city["S1"].pk]) == set(tree.by_id)
    assert codes(tree.above(city["S2"].pk))[:2] == ["S2", "DIV"]
