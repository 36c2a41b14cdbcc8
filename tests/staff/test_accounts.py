"""Sign-in, rights and what every answer carries."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from staff.access import HR, NOBODY, access_of
from staff.forms.masters import AccountForm
from staff.services.accounts import open_account
from tests.conftest import account, placed
from tests.factories import (
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadRankFactory,
    StaffMemberFactory,
)

PASSWORD = "mihon-no-kotoba-7"


@pytest.fixture
def member(db):
    return open_account(member=StaffMemberFactory(number="000123"), groups=(HR,), password=PASSWORD)


def sign_in(login: str, password: str):
    return Client().post(reverse("account_login"), {"login": login, "password": password})


def test_the_staff_number_and_password_open_the_home_page(member):
    answer = sign_in("000123", PASSWORD)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("home")


def test_full_width_digits_are_the_same_number(member):
    assert sign_in("０００１２３", PASSWORD).status_code == 302


def test_a_wrong_password_and_an_unknown_number_get_the_same_sentence(member):
    sentence = "職員番号かパスワードが正しくありません。"

    assert sentence in sign_in("000123", "chigau-kotoba-9").content.decode()
    assert sentence in sign_in("999999", PASSWORD).content.decode()


def test_repeated_failures_are_held_up(member):
    for _ in range(7):
        sign_in("000123", "chigau-kotoba-9")

    assert sign_in("000123", PASSWORD).status_code != 302


def test_an_account_switched_off_is_kept_out(member):
    get_user_model().objects.update(is_active=False)

    answer = sign_in("000123", PASSWORD)

    assert "_auth_user_id" not in answer.wsgi_request.session


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/"])
def test_nobody_signs_up_or_resets_a_password_by_mail(db, address):
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("password", ["mijikai", "qwertyuiop12"])
def test_a_weak_password_is_refused(member, password):
    form = AccountForm(
        {"username": "000123", "is_active": "on", "new_password": password}, instance=member
    )

    assert "new_password" in form.errors


def test_an_account_needs_a_staff_member_with_its_number(db):
    form = AccountForm({"username": "424242", "is_active": "on", "new_password": PASSWORD})

    assert "先に名簿を取り込んでください" in str(form.errors)


def test_a_new_account_is_linked_to_its_staff_member(db):
    person = StaffMemberFactory(number="000777")
    form = AccountForm({"username": "000777", "is_active": "on", "new_password": PASSWORD})

    assert form.is_valid(), form.errors
    user = form.save()

    assert user.staff == person
    assert user.check_password(PASSWORD)


def test_open_account_refuses_a_number_nobody_has(db):
    with pytest.raises(CommandError) as refused:
        call_command("open_account", "424242")

    assert refused.value.returncode == 2


def test_open_account_refuses_a_group_that_is_none(db):
    with pytest.raises(ValueError, match="unknown groups"):
        open_account(member=StaffMemberFactory(), groups=("root",), password=PASSWORD)


def test_an_account_has_no_right_after_the_last_day_of_service(db, today):
    user = account(StaffMemberFactory(left_on=date(2026, 11, 22)), HR)
    last_day = account(StaffMemberFactory(left_on=today), HR)

    assert access_of(user, today) == NOBODY
    assert access_of(last_day, today).is_hr


def test_a_head_heads_the_department_and_the_units_under_it(db, today):
    section = DepartmentFactory()
    office = DepartmentFactory(parent=section, gives_leader=False)
    head = account(placed(section, rank=HeadRankFactory()))

    assert access_of(head, today).headed == {section.pk, office.pk}


@pytest.mark.parametrize(("ends_on", "heads"), [(None, True), (date(2026, 11, 22), False)])
def test_a_concurrent_post_gives_the_right_as_long_as_it_is_held(db, today, ends_on, heads):
    other = DepartmentFactory()
    user = account(placed(DepartmentFactory()))
    ConcurrentPostFactory(staff=user.staff, department=other, ends_on=ends_on)

    assert (other.pk in access_of(user, today).headed) is heads


def test_every_answer_carries_the_protecting_headers(client_of, staff):
    answer = client_of(staff).get(reverse("home"))

    policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert policy == {
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    }
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
