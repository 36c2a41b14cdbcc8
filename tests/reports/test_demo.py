"""The demonstration: a whole made-up city, and accounts to look at it with."""

import io
import re
from collections import Counter
from datetime import datetime

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from leaders.curriculum import curriculum_of
from leaders.models import Activity, ActivityComment, LeaderTerm
from reports.demo import load_sample_city, open_demo_accounts
from staff.access import ADMIN, HR, MANAGER, access_of
from staff.models import Assignment, ImportStatus, RosterImport, StaffMember, User
from tests.conftest import JAPAN, TODAY
from tests.factories import StaffMemberFactory
from tests.roster_makers import everything
from training.models import (
    Attendance,
    AttendanceStatus,
    Offering,
    PlanReview,
    SurveyAnswer,
)

pytestmark = pytest.mark.django_db

ROLES = [
    "システム管理者",
    "人事担当",
    "部署長（社会福祉課長）",
    "管理職（部長）",
    "職員",
    "推進リーダー",
]


def demo(*args):
    out = io.StringIO()
    call_command("demo", *args, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def city_loaded(django_db_setup, django_db_blocker):
    """The sample city, once for this module, as on the day of the tests; then taken back."""

    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=JAPAN)
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(noon):
        load_sample_city(settings.SAMPLE_CITY_DIR, today=TODAY, at=timezone.now())
        yield
        transaction.set_rollback(True)


def test_a_database_that_holds_a_real_city_is_refused():
    StaffMemberFactory()
    RosterImport.objects.update(file_name="本物の名簿.xlsx")
    before = everything()

    with pytest.raises(CommandError, match="職員が登録されています"):
        demo()

    assert everything() == before


def test_the_city_comes_by_the_same_way_as_a_users(city_loaded):
    imports = RosterImport.objects.order_by("pk")

    assert [(one.file_name, one.status) for one in imports] == [
        ("roster_2025-04-01.xlsx", ImportStatus.APPLIED),
        ("roster_2026-04-01.xlsx", ImportStatus.APPLIED),
        ("roster_changes_2026-10-01.csv", ImportStatus.APPLIED),
    ]
    assert StaffMember.objects.count() > 400
    assert Attendance.objects.filter(status=AttendanceStatus.PRESENT).count() > 1000


def test_there_is_something_to_do(city_loaded):
    assert Offering.objects.all().awaiting_marks(TODAY).get().attendances.count() == 30


def test_the_training_year_is_under_way(city_loaded):
    ahead = Offering.objects.filter(starts_on__gt=TODAY)
    coming = ahead.exclude(course__curriculum__isnull=False).with_seats().order_by("starts_on")
    states = [offering.state(offering.taken, TODAY) for offering in coming]

    assert states == ["open", "open", "full", "open"]
    assert [offering.waiting for offering in coming] == [0, 0, 3, 0]
    assert coming[2].days.count() == 2
    assert Attendance.objects.filter(offering__mode="ojt", status="booked").exists()
    assert SurveyAnswer.objects.count() >= 5
    assert PlanReview.objects.get().text


def test_leaders_are_at_work_and_the_one_to_sign_in_as_sees_it(city_loaded, client_of):
    leader = open_demo_accounts(today=TODAY, password="hajimete-no-aikotoba")[-1]
    client = client_of(User.objects.get(username=leader.number))

    activities = Activity.objects.order_by("pk")
    page = client.get("/leaders/", follow=True)

    assert {one.status for one in activities} == {"planned", "running", "done", "stopped"}
    assert all(one.steps.exists() for one in activities)
    assert activities.filter(participants__isnull=False).exists()
    assert [one.written_as for one in ActivityComment.objects.all()] == ["head", "leader", "hr"]
    assert ActivityComment.objects.get(written_as="leader").activity.theme in page.content.decode()


def test_some_leaders_are_through_a_part_of_the_curriculum(city_loaded):
    terms = list(LeaderTerm.objects.sitting(TODAY))

    found = curriculum_of(terms, TODAY)

    assert len(terms) == 23
    assert [(total.done, total.leaders) for total in found.totals] == [(15, 23), (9, 23), (4, 23)]
    states = [standing.state for row in found.rows for standing in row.strands]
    assert Counter(states) == {"修了": 28, "受講予定": 24, "未受講": 17}


def test_a_second_run_only_renews_the_accounts(city_loaded):
    demo("--password=hajimete-no-aikotoba")
    people = everything(without={"staff.User", "staff.User_groups", "auditlog.LogEntry"})
    accounts = set(User.objects.values_list("pk", "username"))

    demo("--password=betsu-no-aikotoba")

    assert everything(without={"staff.User", "staff.User_groups", "auditlog.LogEntry"}) == people
    assert set(User.objects.values_list("pk", "username")) == accounts
    assert all(user.check_password("betsu-no-aikotoba") for user in User.objects.all())


def test_each_role_has_one_account_with_its_rights_and_no_more(city_loaded):
    sign_ins = open_demo_accounts(today=TODAY, password="hajimete-no-aikotoba")

    assert [sign_in.role for sign_in in sign_ins] == ROLES
    users = [User.objects.get(username=sign_in.number) for sign_in in sign_ins]
    assert len(set(users)) == 6
    assert [set(user.groups.values_list("name", flat=True)) for user in users] == [
        {ADMIN},
        {HR},
        set(),
        {MANAGER},
        set(),
        set(),
    ]
    assert not any(user.is_staff or user.is_superuser for user in users)
    rights = [access_of(user, TODAY) for user in users]
    assert [access.is_head for access in rights][2] is True
    assert [access.sees_everyone for access in rights] == [True, True, False, False, False, False]
    assert [access.sees_figures for access in rights] == [True, True, True, True, False, False]


def test_an_account_with_more_rights_is_set_back(city_loaded):
    sign_ins = open_demo_accounts(today=TODAY, password="hajimete-no-aikotoba")
    clerk = User.objects.get(username=sign_ins[4].number)
    clerk.groups.set(User.objects.get(username=sign_ins[0].number).groups.all())
    clerk.is_active = False
    clerk.save()

    open_demo_accounts(today=TODAY, password="hajimete-no-aikotoba")

    clerk.refresh_from_db()
    assert clerk.is_active
    assert not clerk.groups.exists()


def test_the_command_prints_how_to_sign_in(city_loaded):
    told = demo("--address=http://localhost:9000/")

    assert "アドレス: http://localhost:9000/" in told
    password = re.search(r"パスワード（全員共通）: (\S{16,})", told)[1]
    numbers = re.findall(r"職員番号 (\d+)  (\S+) ", told)
    assert [role for _, role in numbers] == ROLES
    for number, _ in numbers:
        assert User.objects.get(username=number).check_password(password)
    assert password not in demo()


def test_without_the_sample_city_there_is_nobody_to_sign_in():
    Assignment.objects.all().delete()

    with pytest.raises(LookupError):
        open_demo_accounts(today=TODAY, password="hajimete-no-aikotoba")
