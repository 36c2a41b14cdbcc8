"""One's own wish, what HR hears, HR's note."""

import html

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from leaders.models import SuitabilityNote, TransferRequest
from tests.conftest import account, placed
from tests.factories import (
    DepartmentFactory,
    LeaderTermFactory,
    SuitabilityNoteFactory,
    TransferRequestFactory,
)

pytestmark = pytest.mark.django_db

OWN, HOME = reverse("leaders:transfer_request"), reverse("home")
SAID = {"preference": "yes", "note": "来年の春から"}


@pytest.fixture
def office(db):
    return DepartmentFactory(name="推進室", is_digital_office=True)


@pytest.fixture
def member(office):
    return placed(office)


def text(response):
    return html.unescape(response.content.decode())


def hear(member):
    return reverse("leaders:transfer_request_hear", args=[member.number])


def note_of(member):
    return reverse("leaders:suitability_edit", args=[member.number])


# --- the wish -----------------------------------------------------------------------------------


def test_a_person_tells_hr_what_they_wish_and_sees_it(client_of, member):
    page = client_of(account(member)).post(OWN, SAID, follow=True)

    for words in ("異動希望を人事担当に伝えました。", "来年の春から", "今の希望", "本人"):
        assert words in text(page)
    assert TransferRequest.objects.get().staff == member


def test_the_form_sent_twice_is_one_wish(client_of, member):
    browser = client_of(account(member))

    for _ in range(2):
        browser.post(OWN, SAID)

    assert TransferRequest.objects.count() == 1


def test_a_wish_without_a_choice_is_told_and_keeps_its_words(client_of, member):
    page = client_of(account(member)).post(OWN, {"note": "来年の春から"})

    assert "異動希望を選んでください。" in text(page)
    assert "来年の春から" in text(page)
    assert not TransferRequest.objects.exists()


@pytest.mark.parametrize("leads", [True, False])
def test_leaders_find_the_way_to_it_and_others_do_not(client_of, staff, leads):
    if leads:
        LeaderTermFactory(staff=staff.staff)
    browser = client_of(staff)

    door = browser.get(reverse("leaders:index"))

    assert (reverse("leaders:index") in text(browser.get(HOME))) is leads
    assert door.status_code == (302 if leads else 403)
    assert browser.get(OWN).status_code == (200 if leads else 403)
    assert browser.post(OWN, SAID).status_code == (302 if leads else 403)


def test_nobody_says_it_for_another_by_adding_a_field(client_of, member, office):
    other = placed(office)

    client_of(account(member)).post(OWN, SAID | {"staff": other.pk, "number": other.number})

    assert TransferRequest.objects.get().staff == member


def test_what_hr_heard_is_marked_and_read_by_the_person(client_of, hr, member):
    client_of(hr).post(hear(member), SAID)

    page = text(client_of(account(member)).get(OWN))

    assert "人事担当（面談で聞き取り）" in page
    assert "来年の春から" in page
    assert TransferRequest.objects.get().entered_by == hr


def test_hr_does_not_hear_themself(client_of, office):
    own = account(placed(office), "hr")

    answers = [client_of(own).get(hear(own.staff)), client_of(own).post(hear(own.staff), SAID)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not TransferRequest.objects.exists()


# --- the note -----------------------------------------------------------------------------------


def test_hr_writes_reads_and_rewrites_a_note_and_each_look_is_written_down(client_of, hr, member):
    browser = client_of(hr)
    browser.post(note_of(member), {"text": "調整が上手です。", "seen": "0"})

    read = browser.get(note_of(member))
    browser.post(note_of(member), {"text": "粘り強さもある。", "seen": "1"})

    assert "調整が上手です。" in text(read)
    assert SuitabilityNote.objects.get().text == "粘り強さもある。"
    looks = LogEntry.objects.get_for_object(member).filter(additional_data={"page": "suitability"})
    assert looks.count() == 1


def test_what_another_clerk_wrote_meanwhile_stands_beside_and_can_be_replaced(
    client_of, hr, member
):
    SuitabilityNoteFactory(staff=member, text="先の人の言葉", version=2)
    browser = client_of(hr)

    page = browser.post(note_of(member), {"text": "わたしの言葉", "seen": "1"})

    assert "他の人がこの所見を書き直しました。" in text(page)
    assert "先の人の言葉" in text(page)
    assert "わたしの言葉" in text(page)
    assert SuitabilityNote.objects.get().text == "先の人の言葉"

    browser.post(
        note_of(member), {"text": "わたしの言葉", "seen": page.context["form"]["seen"].value()}
    )

    assert SuitabilityNote.objects.get().text == "わたしの言葉"


@pytest.mark.parametrize("seen", ["", "-1", "前の版"])
def test_a_broken_mark_writes_nothing(client_of, hr, member, seen):
    page = client_of(hr).post(note_of(member), {"text": "わたしの言葉", "seen": seen})

    assert page.status_code == 200
    assert "わたしの言葉" in text(page)
    assert not SuitabilityNote.objects.exists()


def test_hr_neither_reads_nor_writes_their_own_note(client_of, office):
    own = account(placed(office), "hr")
    SuitabilityNoteFactory(staff=own.staff, text="秘密の言葉")
    browser = client_of(own)

    answers = [
        browser.get(note_of(own.staff)),
        browser.post(note_of(own.staff), {"text": "よい。", "seen": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert SuitabilityNote.objects.get().text == "秘密の言葉"


@pytest.mark.parametrize("role", ["admin", "manager"])
def test_an_administrator_who_is_not_hr_gets_no_note(client_of, request, role, member):
    SuitabilityNoteFactory(staff=member, text="秘密の言葉")
    TransferRequestFactory(staff=member)

    answer = client_of(request.getfixturevalue(role)).get(note_of(member))

    assert answer.status_code == 403
    assert "秘密の言葉" not in text(answer)
