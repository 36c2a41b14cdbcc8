"""What stands on a letter of appointment, and how numbers of certificates are read."""

from datetime import UTC, date, datetime

import pytest

from agano_dx.lib.fiscal import FiscalYear
from leaders.papers import certificate_numbered, letters, read_leader_number
from staff.organisation import DepartmentTree
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderCertificateFactory,
    LeaderTermFactory,
    NominationEventFactory,
    NominationFactory,
    RankFactory,
)


def letter(term, dated_on=None):
    (found,) = letters([term], DepartmentTree.load(TODAY), dated_on)
    return found


@pytest.mark.django_db
def test_a_letter_goes_to_the_person_and_to_the_head_of_the_department(section):
    member = placed(section, rank=RankFactory(name="主査"))
    placed(section, rank=HeadRankFactory(name="課長"), staff__name="見本　課長")

    found = letter(LeaderTermFactory(staff=member, department=section))

    assert (found.place, found.rank) == ("見本課", "主査")
    assert (found.unit, found.head.rank, found.head.name) == (section, "課長", "見本　課長")


@pytest.mark.django_db
def test_the_head_is_the_one_of_the_successor_of_a_department_that_is_no_more():
    new = DepartmentFactory(opens_on=date(2026, 4, 1), name="新しい課")
    old = DepartmentFactory(closes_on=date(2026, 3, 31), successor=new)
    placed(new, rank=HeadRankFactory(), staff__name="見本　新課長")

    found = letter(LeaderTermFactory(department=old))

    assert (found.unit, found.head.name) == (new, "見本　新課長")


@pytest.mark.django_db
def test_a_move_to_come_is_not_on_the_letter(section):
    member = placed(section)
    AssignmentFactory(
        staff=member, starts_on=date(2026, 11, 24), department=DepartmentFactory(name="秘密の課")
    )

    assert letter(LeaderTermFactory(staff=member)).place == "見本課"


@pytest.mark.django_db
def test_who_has_left_and_a_department_without_a_head_leave_their_lines_empty(section):
    member = placed(section)
    member.left_on = date(2026, 11, 22)
    member.save()

    found = letter(LeaderTermFactory(staff=member))

    assert (found.place, found.rank, found.head) == ("", "", None)


@pytest.mark.django_db
def test_the_appointment_runs_to_the_cohorts_end_even_if_the_term_ended_before():
    found = letter(LeaderTermFactory(ends_on=date(2026, 5, 1)))

    assert found.until == date(2027, 3, 31)


@pytest.mark.django_db
def test_the_expected_role_comes_from_the_nomination():
    nomination = NominationFactory(expected_role="窓口の見直し")

    assert letter(LeaderTermFactory(nomination=nomination)).expected_role == "窓口の見直し"
    assert letter(LeaderTermFactory()).expected_role == ""


@pytest.mark.django_db
def test_a_letter_is_dated_as_asked_else_on_the_approval_in_japan_else_on_the_first_day():
    nomination = NominationFactory()
    # 23:30 of 30 March in UTC is the morning of the 31st here.
    NominationEventFactory(
        nomination=nomination, act="approved", at=datetime(2025, 3, 30, 23, 30, tzinfo=UTC)
    )
    NominationEventFactory(nomination=nomination, act="submitted")
    term = LeaderTermFactory(nomination=nomination)

    assert letter(term, TODAY).dated_on == TODAY
    assert letter(term).dated_on == date(2025, 3, 31)
    assert letter(LeaderTermFactory()).dated_on == date(2025, 4, 1)


@pytest.mark.django_db
def test_eleven_letters_take_as_many_queries_as_one(django_assert_num_queries):
    terms = [
        LeaderTermFactory(nomination=NominationFactory(), staff=AssignmentFactory().staff)
        for _ in range(11)
    ]
    tree = DepartmentTree.load(TODAY)

    for size in (1, 11):
        with django_assert_num_queries(4):
            assert len(letters(terms[:size], tree, None)) == size


@pytest.mark.parametrize(
    "typed",
    [
        "L-R8-12",
        "l-r8-0012",
        "Ｌ－Ｒ８－００１２",
        "LR8-12",
        "L ー R8 ー 12",
        "第 L-R8-0012 号",
        "L-令和8-12",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed):
    assert read_leader_number(typed) == (FiscalYear(2026), 12)


@pytest.mark.parametrize("typed", ["", "L", "R8-12", "R8-0012", "L-R8", "L-R8-", "L-12", "M-R8-1"])
def test_what_is_no_number_of_a_leaders_paper_is_told_apart(typed):
    assert read_leader_number(typed) is None


@pytest.mark.django_db
def test_a_number_finds_its_paper_alone():
    paper = LeaderCertificateFactory(serial=1)
    LeaderCertificateFactory(serial=2)

    assert certificate_numbered(FiscalYear(2026), 1) == paper
    assert certificate_numbered(FiscalYear(2025), 1) is None


@pytest.mark.django_db
def test_a_leader_of_a_unit_under_a_department_gets_the_letter_of_the_department():
    department = DepartmentFactory()
    term = LeaderTermFactory(department=DepartmentFactory(parent=department, gives_leader=False))

    (found,) = letters([term], DepartmentTree.load(TODAY), None)

    assert found.unit == department
