"""The tree of departments."""

from datetime import date

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


# --- Over time ----------------------------------------------------------------------------------

LAST, NEXT = date(2027, 3, 31), date(2027, 4, 1)


def became(old, **values):
    """The unit that succeeds the old one on 1 April 2027."""
    own = {"parent": old.parent, "order": old.order, "gives_leader": old.gives_leader}
    old.closes_on = LAST
    old.save()
    old.successor = DepartmentFactory(opens_on=NEXT, **own | values)
    old.save()
    return old.successor


def test_a_unit_under_one_that_was_renamed_hangs_under_the_successor(city):
    new = became(city["DIV"], code="DIV2", name="新部")
    before, after = DepartmentTree.load(LAST), DepartmentTree.load(NEXT)

    assert codes(before.in_order) == ["DIV", "S1", "OFF", "TEAM", "S2"]
    assert codes(after.in_order) == ["DIV2", "S1", "OFF", "TEAM", "S2"]
    assert after.parent(city["S1"].pk) == new
    assert after.children[new.pk] == [city["S1"], city["S2"]]


def test_a_row_stands_for_the_unit_in_force_on_the_day_over_any_number_of_changes(city):
    second = became(city["S1"], code="S1B")
    third = DepartmentFactory(code="S1C", opens_on=date(2030, 4, 1))
    second.closes_on, second.successor = date(2030, 3, 31), third
    second.save()
    days = (LAST, NEXT, date(2030, 3, 31), date(2030, 4, 1))

    for row in (city["S1"], second, third):
        assert codes(DepartmentTree.load(day).current(row.pk) for day in days) == [
            "S1",
            "S1B",
            "S1B",
            "S1C",
        ]


def test_what_is_under_a_unit_includes_the_rows_that_stand_for_it(city):
    new = became(city["S1"], code="S1B")
    tree = DepartmentTree.load(NEXT)

    assert tree.under([new.pk]) == {new.pk, *(city[code].pk for code in ("S1", "OFF", "TEAM"))}
    assert tree.reported_under(new.pk) == tree.under([new.pk])
    assert tree.under([city["S1"].pk]) == {city["S1"].pk}


def test_a_merged_unit_stands_for_all_that_went_into_it_but_before_that_for_none(city):
    new = became(city["S1"], code="S12")
    became_too = city["S2"]
    became_too.closes_on, became_too.successor = LAST, new
    became_too.save()

    assert {city["S1"].pk, city["S2"].pk} < DepartmentTree.load(NEXT).under([new.pk])
    assert DepartmentTree.load(LAST).current(new.pk) == new
    assert codes(DepartmentTree.load(LAST).in_order) == ["DIV", "S1", "OFF", "TEAM", "S2"]


def test_a_unit_under_one_closed_without_successor_hangs_under_the_next_open_one(city):
    city["S1"].closes_on = LAST
    city["S1"].save()
    tree = DepartmentTree.load(NEXT)

    assert tree.parent(city["OFF"].pk) == city["DIV"]
    assert codes(tree.in_order) == ["DIV", "OFF", "TEAM", "S2"]
    assert tree.current(city["S1"].pk) == city["S1"]
    assert codes(tree.with_closed()) == ["DIV", "OFF", "TEAM", "S2", "S1"]


def test_a_code_means_the_unit_of_the_day_else_the_last_that_had_it(city):
    new = became(city["S1"], code="S1")
    city["S2"].closes_on = LAST
    city["S2"].save()

    assert DepartmentTree.load(LAST).coded("S1") == city["S1"]
    assert DepartmentTree.load(NEXT).coded("S1") == new
    assert DepartmentTree.load(NEXT).coded("S2") == city["S2"]
    assert DepartmentTree.load(NEXT).coded("S3") is None


def test_successors_that_go_round_do_not_hang_the_tree(city):
    for one, other in (("S1", "S2"), ("S2", "S1")):
        city[one].closes_on, city[one].successor = LAST, city[other]
        city[one].save()

    assert DepartmentTree.load(NEXT).current(city["S1"].pk) == city["S1"]
