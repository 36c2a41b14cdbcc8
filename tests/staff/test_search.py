"""Finding people by number."""

import pytest

from staff.models import StaffMember
from staff.search import numbered
from tests.factories import StaffMemberFactory

pytestmark = pytest.mark.django_db


def found(*numbers):
    people = numbered(StaffMember.objects.all(), numbers)
    return {typed: member.number for typed, member in people.items()}


def test_people_are_found_by_their_number_and_without_its_leading_zeros():
    for number in ("000120", "000121", "1120"):
        StaffMemberFactory(number=number)

    assert found("000120", "121", "999") == {"000120": "000120", "121": "000121"}


def test_a_number_as_it_stands_goes_before_one_with_zeros():
    for number in ("0120", "120"):
        StaffMemberFactory(number=number)

    assert found("120", "0120", "00120") == {"120": "120", "0120": "0120"}


def test_zeros_alone_find_nobody_else():
    StaffMemberFactory(number="000120")

    assert found("0", "000") == {}
    assert found() == {}
