"""What all tests share: the day it is, the sample city, accounts by role."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.test import Client

from staff.access import ADMIN, HR, MANAGER
from staff.models import Department, StaffMember, User
from tests.factories import (
    AssignmentFactory,
    DepartmentFactory,
    HeadRankFactory,
    StaffMemberFactory,
    UserFactory,
)

TODAY = date(2026, 11, 23)
JAPAN = timezone(timedelta(hours=9))


@pytest.fixture(autouse=True)
def _test_settings(settings):
    """No HTTPS, no hashed file names, quick passwords: what .env says must not matter here."""
    settings.SECURE_SSL_REDIRECT = False
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Otherwise every new client reads all static files of the machine first.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fixed_day(request):
    """It is noon of 23 November 2026 in Japan, save in the browser."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=JAPAN)
    with time_machine.travel(noon, tick=True):
        yield


@pytest.fixture
def today() -> date:
    """The day it is in the tests."""
    return TODAY


@pytest.fixture(scope="session")
def city() -> Path:
    """The folder of the sample city."""
    return Path(django_settings.SAMPLE_CITY_DIR)


@pytest.fixture
def client_of(client: Client) -> Callable[[User], Client]:
    """A client signed in as the account."""

    def sign_in(user: User) -> Client:
        signed_in = Client()
        signed_in.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return signed_in

    return sign_in


def account(member: StaffMember, *groups: str) -> User:
    """An account of the person with the groups."""
    user = UserFactory(staff=member)
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
    return user


def placed(department: Department, **kwargs: object) -> StaffMember:
    """A person with a place in the department."""
    return AssignmentFactory(department=department, **kwargs).staff


@pytest.fixture
def section(db) -> Department:
    """Section A."""
    return DepartmentFactory(code="A", name="見本課")


@pytest.fixture
def other_section(db) -> Department:
    """Section B, of which section A may know nothing."""
    return DepartmentFactory(code="B", name="別の課")


@pytest.fixture
def admin(db) -> User:
    """A system administrator."""
    return account(StaffMemberFactory(), ADMIN)


@pytest.fixture
def hr(db) -> User:
    """A clerk of the personnel office."""
    return account(StaffMemberFactory(), HR)


@pytest.fixture
def manager(db) -> User:
    """A manager who heads nothing."""
    return account(StaffMemberFactory(), MANAGER)


@pytest.fixture
def head(section: Department) -> User:
    """The head of section A."""
    return account(placed(section, rank=HeadRankFactory()))


@pytest.fixture
def staff(section: Department) -> User:
    """Somebody of section A without any role."""
    return account(placed(section))
