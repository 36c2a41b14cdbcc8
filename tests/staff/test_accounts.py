"""Sign-in, rights and what every answer carries."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from staff.access import HR, NOBODY, access_of
from staff.forms.masters import AccountForm
from staff.models import StaffMember, User
from staff.services.accounts import (
    SIGNS,
    OwnAccountError,
    close_accounts,
    first_password,
    open_account,
    open_accounts,
    password_mark,
    renew_passwords,
)
from tests.conftest import account, placed
from tests.factories import (
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadRankFactory,
    StaffMemberFactory,
    UserFactory,
)
from tests.together import together

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


def test_a_password_set_by_an_administrator_must_be_changed(member):
    form = AccountForm(
        {"username": "000123", "is_active": "on", "new_password": "betsu-no-kotoba-8"},
        instance=member,
    )

    assert form.is_valid(), form.errors
    assert form.save().must_change_password


def test_switching_an_account_off_takes_its_password(member):
    off = AccountForm({"username": "000123"}, instance=member)
    assert off.is_valid(), off.errors
    user = off.save()

    on = AccountForm({"username": "000123", "is_active": "on"}, instance=user)

    assert not user.has_usable_password()
    assert on.errors["new_password"] == ["利用を始める人のパスワードを入力してください。"]


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


# --- The last day of service --------------------------------------------------------------------


@pytest.mark.parametrize(("last_day", "comes_in"), [(22, False), (23, True)])
def test_who_has_left_is_turned_away_like_an_account_switched_off(member, last_day, comes_in):
    StaffMember.objects.update(left_on=date(2026, 11, last_day))

    answer = sign_in("000123", PASSWORD)

    assert ("_auth_user_id" in answer.wsgi_request.session) is comes_in
    assert answer["Location"] == reverse("home" if comes_in else "account_inactive")


def test_without_the_password_nobody_learns_that_somebody_has_left(member):
    StaffMember.objects.update(left_on=date(2026, 11, 22))

    known, unknown = sign_in("000123", "chigau-kotoba-9"), sign_in("999999", "chigau-kotoba-9")

    sentence = "職員番号かパスワードが正しくありません。"
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert sentence in known.content.decode()
    assert sentence in unknown.content.decode()


def test_a_session_ends_at_the_first_request_after_the_last_day(client_of, member):
    client = client_of(member)
    assert client.get(reverse("home")).status_code == 200
    StaffMember.objects.update(left_on=date(2026, 11, 22))

    answer = client.get(reverse("home"))

    assert answer["Location"] == f"{reverse('account_login')}?next=/"
    assert "_auth_user_id" not in client.session


def test_an_account_without_a_person_keeps_its_session(client_of, db):
    user = User.objects.create(username="kikai")

    assert client_of(user).get(reverse("home")).status_code == 200


# --- The first password -------------------------------------------------------------------------


def change_password(client, old, new):
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), data)


@pytest.fixture
def newcomer(db):
    """The client of somebody who has just signed in with their first password."""
    ((person, password),) = open_accounts(
        members=[StaffMemberFactory()], by=None, on=date(2026, 11, 23)
    )
    client = Client()
    client.post(reverse("account_login"), {"login": person.number, "password": password})
    client.first = password
    return client


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["home", "staff:member_list", "admin:index"])
def test_a_first_password_opens_nothing_but_its_own_change(newcomer, page, method):
    answer = getattr(newcomer, method)(reverse(page))

    assert answer["Location"] == reverse("account_change_password")


def test_signing_out_and_the_health_page_stay_open_with_a_first_password(newcomer):
    assert newcomer.get(reverse("healthz")).status_code == 200
    assert "初めに、自分だけのパスワードに" in (
        newcomer.get(reverse("account_change_password")).content.decode()
    )
    assert newcomer.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert "_auth_user_id" not in newcomer.session


def test_a_password_of_ones_own_opens_everything(newcomer):
    answer = change_password(newcomer, newcomer.first, PASSWORD)

    assert answer["Location"] == reverse("home")
    home = newcomer.get(reverse("home"))
    assert home.status_code == 200
    assert "パスワード" in home.content.decode()
    assert not User.objects.get().must_change_password


def test_the_first_password_again_is_not_ones_own(newcomer):
    answer = change_password(newcomer, newcomer.first, newcomer.first)

    assert "今のパスワードと同じです。" in answer.content.decode()
    assert User.objects.get().must_change_password


def test_changing_the_password_ends_the_other_sessions(client_of, member):
    here, elsewhere = client_of(member), client_of(member)

    change_password(here, PASSWORD, "betsu-no-kotoba-8")

    assert here.get(reverse("home")).status_code == 200
    assert elsewhere.get(reverse("home")).status_code == 302


def test_first_passwords_are_all_different_and_easily_read():
    drawn = {first_password() for _ in range(200)}

    assert len(drawn) == 200
    assert {len(one) for one in drawn} == {14}
    assert set("".join(drawn)) <= set(SIGNS) | {"-"}
    assert not set("0o1liIO") & set(SIGNS)


def test_the_command_gives_a_password_that_must_be_changed(db, capsys):
    StaffMemberFactory(number="000321")

    call_command("open_account", "000321", "--group=hr")

    user = User.objects.get()
    assert user.check_password(capsys.readouterr().out.split()[-1])
    assert user.must_change_password
    assert user.groups.get().name == HR


# --- Opening, closing, renewing -----------------------------------------------------------------


def opened(members, by=None):
    return open_accounts(members=members, by=by, on=date(2026, 11, 23))


def test_an_account_is_opened_with_a_first_password_that_is_stored_nowhere(admin):
    member = StaffMemberFactory(number="000777", email="mihon@example.jp")

    ((person, password),) = opened([member], by=admin)

    user = User.objects.get(username="000777")
    assert (person, user.staff, user.email) == (member, member, "mihon@example.jp")
    assert user.check_password(password)
    assert user.must_change_password
    entry = LogEntry.objects.get_for_object(user).get()
    assert (entry.actor, entry.action) == (admin, LogEntry.Action.CREATE)
    assert password not in str([list(one.values()) for one in LogEntry.objects.values()])


def test_opening_twice_makes_one_password(db):
    member = StaffMemberFactory()
    ((_, password),) = opened([member])

    again = opened([member])

    assert again == []
    assert User.objects.get().check_password(password)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_make_one_account_and_one_password():
    members = StaffMemberFactory.create_batch(3)

    answers = together([lambda: opened(members)] * 3)

    made = [pair for answer in answers for pair in answer]
    assert len(made) == User.objects.count() == 3
    for person, password in made:
        assert User.objects.get(staff=person).check_password(password)


def test_a_closed_account_opens_again_with_its_roles(admin):
    user = account(StaffMemberFactory(), HR)
    close_accounts(members=[user.staff], by=admin)

    ((_, password),) = opened([user.staff], by=admin)

    user.refresh_from_db()
    entry = LogEntry.objects.get_for_object(user).latest("pk")
    assert entry.changes == {"is_active": [False, True], "must_change_password": [False, True]}
    assert (user.is_active, user.must_change_password) == (True, True)
    assert user.check_password(password)
    assert user.groups.get().name == HR


def test_an_account_not_linked_yet_is_linked_by_its_number(db):
    member = StaffMemberFactory()
    User.objects.create(username=member.number, is_active=False)

    opened([member])

    assert User.objects.get().staff == member


@pytest.mark.parametrize(("last_day", "opens"), [(22, 0), (23, 1)])
def test_nobody_gets_an_account_after_the_last_day(db, last_day, opens):
    member = StaffMemberFactory(left_on=date(2026, 11, last_day))

    assert len(opened([member])) == opens
    assert User.objects.count() == opens


def test_closing_ends_the_session_for_good(client_of, admin, member):
    client = client_of(member)

    (closed,) = close_accounts(members=[member.staff], by=admin)
    answer = client.get(reverse("home"))
    closed.refresh_from_db()
    opened([member.staff])

    assert closed == member
    assert not closed.has_usable_password()
    assert answer.status_code == 302
    assert client.get(reverse("home")).status_code == 302
    assert "_auth_user_id" not in sign_in("000123", PASSWORD).wsgi_request.session


def test_closing_leaves_its_trail_and_a_second_time_nothing(admin, member):
    close_accounts(members=[member.staff], by=admin)
    entries = LogEntry.objects.get_for_object(member)

    again = close_accounts(members=[member.staff, StaffMemberFactory()], by=admin)

    assert again == []
    assert entries.filter(actor=admin, changes={"is_active": [True, False]}).count() == 1


def test_nobody_closes_their_own_account(admin, member):
    with pytest.raises(OwnAccountError):
        close_accounts(members=[member.staff, admin.staff], by=admin)

    assert User.objects.filter(is_active=True).count() == 2


def test_a_new_first_password_ends_the_sessions_of_the_old(client_of, admin, member):
    client = client_of(member)

    ((_, password),) = renew_passwords(
        members=[member.staff], seen={member.staff_id: password_mark(member)}, by=admin
    )

    member.refresh_from_db()
    assert member.check_password(password)
    assert member.must_change_password
    assert client.get(reverse("home")).status_code == 302
    assert LogEntry.objects.get_for_object(member).filter(actor=admin).exists()


def test_asking_twice_for_a_new_password_makes_one(admin, member):
    asked = {"members": [member.staff], "seen": {member.staff_id: password_mark(member)}}
    ((_, password),) = renew_passwords(**asked, by=admin)

    again = renew_passwords(**asked, by=admin)

    member.refresh_from_db()
    assert again == []
    assert member.check_password(password)


def test_only_an_open_account_gets_a_new_password(admin, member):
    close_accounts(members=[member.staff], by=admin)
    member.refresh_from_db()
    nobody = StaffMemberFactory()

    renewed = renew_passwords(
        members=[member.staff, nobody],
        seen={member.staff_id: password_mark(member), nobody.pk: ""},
        by=admin,
    )

    assert renewed == []


def test_nobody_gives_themself_a_first_password(admin):
    with pytest.raises(OwnAccountError):
        renew_passwords(
            members=[admin.staff], seen={admin.staff_id: password_mark(admin)}, by=admin
        )


def test_the_number_of_accounts_does_not_matter(admin, django_assert_num_queries):
    members = StaffMemberFactory.create_batch(11)
    closed = [UserFactory(is_active=False).staff for _ in range(11)]

    for people in ([members[0], closed[0]], [*members[1:], *closed[1:]]):
        with django_assert_num_queries(8):
            opened(people, by=admin)
        with django_assert_num_queries(6):
            close_accounts(members=people, by=admin)
