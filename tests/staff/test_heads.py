"""To whom a letter to a department goes."""

from datetime import date

import pytest

from staff.heads import Head, heads_of
from staff.models import Duty
from staff.organisation import DepartmentTree
from tests.conftest import TODAY
from tests.factories import (
    AssignmentFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadRankFactory,
)

pytestmark = pytest.mark.django_db


def heads(*units, on=TODAY):
    return heads_of([unit.pk for unit in units], DepartmentTree.load(on))


def head_of(unit, **values):
    values.setdefault("staff__name", "見本　課長")
    rank = values.pop("rank", None) or HeadRankFactory(name="課長")
    return AssignmentFactory(department=unit, rank=rank, **values)


def test_the_head_is_who_holds_a_heading_rank_there():
    unit = DepartmentFactory()
    head_of(unit)
    AssignmentFactory(department=unit)
    head_of(DepartmentFactory(parent=unit), rank=HeadRankFactory())

    assert heads(unit) == {unit.pk: Head("課長", "見本　課長")}


@pytest.mark.parametrize(
    "values",
    [
        {"staff__left_on": date(2026, 11, 22)},
        {"staff__hired_on": date(2026, 11, 24)},
        {"starts_on": date(2026, 11, 24)},
        {"duty": Duty.LEAVE},
    ],
)
def test_a_unit_whose_head_is_not_there_is_vacant(values):
    unit = DepartmentFactory()
    head_of(unit, **values)

    assert heads(unit) == {}


def test_of_several_the_highest_rank_is_addressed():
    unit = DepartmentFactory()
    head_of(unit, rank=HeadRankFactory(name="課長", order=2), staff__name="見本　二")
    head_of(unit, rank=HeadRankFactory(name="局長", order=1), staff__name="見本　一")

    assert heads(unit)[unit.pk] == Head("局長", "見本　一")


def test_a_second_post_heads_a_unit_that_has_nobody_of_its_own():
    with_own, without = DepartmentFactory(), DepartmentFactory()
    head_of(with_own)
    for unit in (with_own, without):
        ConcurrentPostFactory(
            department=unit, rank=HeadRankFactory(order=0), staff__name="見本　兼務"
        )

    found = heads(with_own, without)

    assert found[with_own.pk].name == "見本　課長"
    assert found[without.pk].name == "見本　兼務"


def test_the_head_of_a_unit_that_was_renamed_heads_its_successor():
    new = DepartmentFactory(opens_on=date(2026, 10, 1))
    old = DepartmentFactory(closes_on=date(2026, 9, 30), successor=new)
    head_of(old)

    assert heads(new)[new.pk].name == "見本　課長"


def test_the_heads_of_many_units_take_two_queries(django_assert_num_queries):
    units = DepartmentFactory.create_batch(6)
    for unit in units:
        head_of(unit, rank=HeadRankFactory())
    tree = DepartmentTree.load(TODAY)

    with django_assert_num_queries(2):
        found = heads_of([unit.pk for unit in units], tree)

    assert len(found) == 6
