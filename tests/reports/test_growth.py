"""Pages of figures ask as often for a thousand people in forty departments as for ten in three."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff.models import Assignment, StaffMember
from tests.factories import (
    LONG_AGO,
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    LeaderTermFactory,
    OfferingFactory,
    RankFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
)
from training.models import Attendance, Category

pytestmark = pytest.mark.django_db

PAGES = (
    "home",
    "reports:dashboard",
    ("reports:people_list", "capable"),
    ("reports:people_list", "leaders"),
    "reports:department_list",
    ("reports:band_detail", "staff"),
    "reports:gap",
    "reports:gap_people",
    "reports:gap_offerings",
    "reports:forecast",
    "reports:flow",
    ("reports:flow_people", "newly"),
    "reports:comparison",
    "reports:report_print",
)


def grow(departments: int, people: int) -> None:
    """So many more departments, and people in them at every stage; the first of each a leader."""
    rank = RankFactory()
    units = [DepartmentFactory(code=f"G{people}-{number}") for number in range(departments)]
    members = StaffMember.objects.bulk_create(StaffMemberFactory.build_batch(people))
    Assignment.objects.bulk_create(
        Assignment(
            staff=member, starts_on=LONG_AGO, department=units[index % departments], rank=rank
        )
        for index, member in enumerate(members)
    )
    held = [
        OfferingFactory(starts_on=date(2026, 6, 1), course__category=category)
        for category in (Category.MIND, Category.KNOWLEDGE, Category.SKILL)
    ]
    Attendance.objects.bulk_create(
        CompletionFactory.build(staff=member, offering=offering, category=offering.course.category)
        for stage, offering in enumerate(held)
        for index, member in enumerate(members)
        if index % 4 > stage
    )
    ahead = OfferingFactory(starts_on=date(2027, 1, 20), course__category=Category.SKILL)
    for member in members[2:5:4]:
        AttendanceFactory(staff=member, offering=ahead)
    for member, unit in zip(members[:departments], units, strict=False):
        LeaderTermFactory(staff=member, department=unit)
        SpecialistDesignationFactory(staff=member)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself between two transactions


def asked(client) -> dict[str, int]:
    """How many queries each page takes."""
    found = {}
    for page in PAGES:
        name, *args = (page,) if isinstance(page, str) else page
        address = reverse(name, args=args)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        found[address] = len(queries)
    return found


def test_pages_of_figures_take_as_many_queries_for_a_thousand_people_as_for_ten(hr, client_of):
    call_command("loaddata", "plan", verbosity=0)
    grow(departments=3, people=10)
    client = client_of(hr)
    asked(client)  # what a process asks once only
    few = asked(client)

    grow(departments=37, people=990)

    assert asked(client) == few
