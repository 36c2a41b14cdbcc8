"""The list of accounts, and its three buttons."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from staff.access import HR
from staff.forms.account_list import MOST
from staff.models import User
from staff.services.accounts import password_mark
from tests.conftest import account, placed
from tests.factories import HeadRankFactory, StaffMemberFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("staff:account_list")
OPEN, CLOSE, RENEW = (reverse(f"staff:account_{act}") for act in ("open", "close", "renew"))


@pytest.fixture
def desk(client_of, admin):
    return client_of(admin)


def choice(member):
    user = User.objects.filter(staff=member).first()
    return f"{member.number}:{password_mark(user) if user else ''}"


def chosen(*members, **more):
    return {"scope": "chosen", "chosen": [choice(member) for member in members], **more}


def rows(desk, **query):
    return {row.member.number: row for row in desk.get(LIST, query).context["rows"]}


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_everybody_in_service_or_with_an_account_is_listed(desk, admin):
    without = StaffMemberFactory()
    gone = StaffMemberFactory(left_on=date(2026, 11, 22))
    gone_with_account = UserFactory(staff__left_on=date(2026, 11, 22)).staff
    closed = UserFactory(is_active=False).staff

    found = rows(desk)

    assert {number: (row.state.label, row.has_left) for number, row in found.items()} == {
        admin.username: ("利用中", False),
        without.number: ("未作成", False),
        gone_with_account.number: ("利用中", True),
        closed.number: ("停止", False),
    }
    assert gone.number not in found


@pytest.mark.parametrize("state", ["open", "closed", "none"])
def test_a_state_is_filtered_for(desk, admin, state):
    members = {
        "open": admin.staff,
        "closed": UserFactory(is_active=False).staff,
        "none": StaffMemberFactory(),
    }

    assert list(rows(desk, state=state)) == [members[state].number]


def test_somebody_is_found_by_the_end_of_the_number_and_by_name(desk):
    member = StaffMemberFactory(number="900123", name="探見　花子", name_kana="サガミ ハナコ")

    for typed in ("０１２３", "探見", "ｻｶﾞﾐ"):
        assert list(rows(desk, q=typed)) == [member.number]


def test_the_roles_are_those_given_and_those_held_by_post(desk, section, admin):
    clerk = account(StaffMemberFactory(), HR)
    head = account(placed(section, rank=HeadRankFactory()))

    found = rows(desk)

    assert found[clerk.username].roles == ("人事担当",)
    assert (found[head.username].roles, found[head.username].department) == (
        ("部署長",),
        "見本課",
    )
    assert found[admin.username].roles == ("システム管理者",)


def test_the_last_sign_in_and_a_first_password_are_told(desk):
    UserFactory(must_change_password=True)

    page = desk.get(LIST).content.decode()

    assert "初期パスワードのまま" in page
    assert "令和8年11月23日 12:" in page


def test_the_length_of_the_list_does_not_matter(desk, django_assert_num_queries):
    desk.get(LIST)
    with django_assert_num_queries(14):
        desk.get(LIST)
    hr = Group.objects.get_or_create(name=HR)[0]
    for user in UserFactory.create_batch(11):
        user.groups.add(hr)

    with django_assert_num_queries(14):
        desk.get(LIST)


def test_first_passwords_are_shown_once_on_a_sheet_for_each(desk):
    members = StaffMemberFactory.create_batch(2)

    response = desk.post(OPEN, chosen(*members))

    page = response.content.decode()
    slips = response.context["slips"]
    assert [member for member, _ in slips] == members
    for member, password in slips:
        assert User.objects.get(staff=member).check_password(password)
        assert password in page
        assert f"{member.name}さんへ" in page
    assert page.count("agano-page-break") == 1
    assert "http://testserver/" in page
    assert response["Cache-Control"] == "no-store"
    assert not any(password in desk.get(LIST).content.decode() for _, password in slips)


def test_the_same_post_again_makes_no_second_password(desk):
    member = StaffMemberFactory()
    posted = chosen(member)
    ((_, password),) = desk.post(OPEN, posted).context["slips"]

    again = desk.post(OPEN, posted, follow=True)

    assert User.objects.get(staff=member).check_password(password)
    assert said(again)[0].startswith("新しく作る利用者はありません。初期パスワードは、作ったとき")


def test_who_is_in_already_is_left_out_and_counted(desk, admin):
    new = StaffMemberFactory()

    response = desk.post(OPEN, chosen(new, admin.staff))

    assert [member for member, _ in response.context["slips"]] == [new]
    assert "1人は、すでに利用中か退職しているため、作りませんでした。" in response.content.decode()


def test_a_new_first_password_is_shown_once_and_not_made_twice(desk):
    user = UserFactory()
    posted = chosen(user.staff)
    ((_, password),) = desk.post(RENEW, posted).context["slips"]

    again = desk.post(RENEW, posted, follow=True)

    user.refresh_from_db()
    assert user.check_password(password)
    assert "1人は、利用中でないか" in said(again)[0]


def test_accounts_are_closed_and_a_second_click_says_so(desk):
    user = UserFactory()
    posted = chosen(user.staff)

    first, second = (desk.post(CLOSE, posted, follow=True) for _ in range(2))

    user.refresh_from_db()
    assert not user.is_active
    assert said(first) == ["1人の利用を止めました。"]
    assert said(second) == ["止める利用者はありません。すでに停止しています。"]


@pytest.mark.parametrize("url", [CLOSE, RENEW])
def test_ones_own_account_is_left_to_others(desk, admin, url):
    response = desk.post(url, chosen(admin.staff), follow=True)

    assert "自分の" in said(response)[0]
    assert response.status_code == 200


def test_the_whole_page_can_be_meant_without_ticking(desk):
    members = StaffMemberFactory.create_batch(2)
    shown = {"scope": "shown", "shown": [choice(member) for member in members]}

    response = desk.post(OPEN, shown)

    assert len(response.context["slips"]) == 2


@pytest.mark.parametrize("url", [OPEN, CLOSE, RENEW])
@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({}, "対象を選んでください。"),
        ({"scope": "everybody"}, "対象を選び直してください。"),
        ({"scope": "chosen"}, "対象の人に印を付けてください。"),
        ({"scope": "chosen", "chosen": ["nobody:"]}, "職員にない番号があります。"),
        ({"scope": "chosen", "chosen": ["no\0body"]}, "職員にない番号があります。"),
        (
            {"scope": "chosen", "chosen": [str(n) for n in range(MOST + 1)]},
            "一度に扱えるのは50人までです。",
        ),
    ],
)
def test_a_choice_that_cannot_be_meant_is_refused_in_words(desk, url, posted, sentence):
    response = desk.post(url, posted, follow=True)

    assert len(said(response)) == 1
    assert said(response)[0].startswith(sentence)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        (f"{LIST}?state=none&page=2", f"{LIST}?state=none&page=2"),
        ("/reports/", "/reports/"),
        ("https://evil.example/", LIST),
        ("//evil.example", LIST),
        ("/\\evil.example", LIST),
        ("javascript:alert(1)", LIST),
        ("", LIST),
    ],
)
def test_the_button_leads_back_to_where_it_stood_and_nowhere_else(desk, target, lands):
    user = UserFactory()

    assert desk.post(CLOSE, chosen(user.staff, next=target))["Location"] == lands


def test_only_an_administrator_is_led_there(desk, client_of, hr):
    link = f'href="{LIST}"'

    assert link in desk.get(reverse("staff:member_list")).content.decode()
    assert link not in client_of(hr).get(reverse("staff:member_list")).content.decode()
