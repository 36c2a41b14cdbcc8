"""HR's buttons: approve one, approve those ticked, send back."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from leaders.models import Cohort, LeaderTerm, Nomination
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    LeaderTermFactory,
    NominationFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db

BATCH = "/leaders/nominations/round/1/approve/"
APPROVE = {"starts_on": "R8.11.23", "version": "1"}
RETURN = {"comment": "理由を詳しく。", "version": "1"}


def page(nomination, name="detail"):
    return reverse(f"leaders:nomination_{name}", args=[nomination.pk])


def handed_in(department, status="submitted", **kwargs):
    """A nomination of somebody who may be nominated."""
    staff = kwargs.pop("staff", None) or placed(department)
    at = timezone.now()
    return NominationFactory(
        department=department, staff=staff, status=status, submitted_at=at, **kwargs
    )


def ticked(*nominations):
    return {"chosen": [f"{one.pk}-{one.version}" for one in nominations]}


# --- one ----------------------------------------------------------------------------------------


def test_hr_approves_and_the_person_is_a_leader_from_the_day_typed(client_of, hr, section):
    nomination = handed_in(section)

    response = client_of(hr).post(
        page(nomination, "approve"), APPROVE | {"starts_on": "令和8年12月1日"}, follow=True
    )

    assert "令和8年12月1日から第1期のリーダーに任命しました。" in response.content.decode()
    term = LeaderTerm.objects.get()
    assert (term.staff, term.starts_on) == (nomination.staff, date(2026, 12, 1))


def test_the_first_possible_day_is_filled_in(client_of, hr, section):
    before = LeaderTermFactory(department=section, ends_on=date(2026, 12, 31))
    nomination = handed_in(section, replaces=before)

    html = client_of(hr).get(page(nomination)).content.decode()

    assert 'value="R9.1.1"' in html


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "就任日を入力してください。"),
        ("R8.13.1", "暦にない日付です。"),
        ("R9.4.1", "就任日は、第1期の期間（令和7年4月1日～令和9年3月31日）の日にしてください。"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words_and_stays_typed(
    client_of, hr, section, day, words
):
    nomination = handed_in(section)

    response = client_of(hr).post(page(nomination, "approve"), APPROVE | {"starts_on": day})

    html = response.content.decode()
    assert words in html
    assert f'value="{day}"' in html or not day
    assert not LeaderTerm.objects.exists()


def test_approving_twice_makes_one_term_and_tells_the_first_result(client_of, hr, section):
    nomination = handed_in(section)
    browser = client_of(hr)
    browser.post(page(nomination, "approve"), APPROVE)

    response = browser.post(page(nomination, "approve"), APPROVE, follow=True)

    words = f"この推薦は、{hr.staff.name}さんが令和8年11月23日 12:"
    assert words in response.content.decode()
    assert LeaderTerm.objects.count() == 1


def test_a_return_needs_a_comment(client_of, hr, section):
    nomination = handed_in(section)

    response = client_of(hr).post(page(nomination, "return"), RETURN | {"comment": " "})

    nomination.refresh_from_db()
    assert "差し戻す理由を入力してください。" in response.content.decode()
    assert nomination.status == "submitted"


def test_hr_returns_with_a_comment(client_of, hr, section):
    nomination = handed_in(section)

    response = client_of(hr).post(page(nomination, "return"), RETURN, follow=True)

    nomination.refresh_from_db()
    assert "部署長に差し戻しました。" in response.content.decode()
    assert (nomination.status, nomination.comment) == ("returned", "理由を詳しく。")


def test_returning_what_was_approved_says_so_and_changes_nothing(client_of, hr, section):
    nomination = handed_in(section)
    browser = client_of(hr)
    browser.post(page(nomination, "approve"), APPROVE)

    response = browser.post(page(nomination, "return"), RETURN, follow=True)

    nomination.refresh_from_db()
    assert "に承認しました。" in response.content.decode()
    assert nomination.status == "approved"


def test_words_rewritten_meanwhile_are_shown_before_they_are_returned(client_of, hr, section):
    nomination = handed_in(section)
    Nomination.objects.update(reason="書き直した理由。", version=2)
    browser = client_of(hr)

    first = browser.post(page(nomination, "return"), RETURN).content.decode()
    waits = Nomination.objects.get().status
    browser.post(page(nomination, "return"), RETURN | {"version": "2"})

    assert "この推薦は、画面を開いた後に書き直されました。" in first
    assert "書き直した理由。" in first
    assert "理由を詳しく。" in first
    assert 'name="version" value="2"' in first
    assert waits == "submitted"
    assert Nomination.objects.get().status == "returned"


@pytest.mark.parametrize("version", ["", "x", "9999999999999"])
def test_a_page_without_its_version_decides_nothing(client_of, hr, section, version):
    nomination = handed_in(section)

    answer = client_of(hr).post(page(nomination, "approve"), APPROVE | {"version": version})

    assert answer.status_code == 200
    assert not LeaderTerm.objects.exists()


@pytest.mark.parametrize("act", ["approve", "return"])
@pytest.mark.parametrize("whose", ["own", "handed_in"])
def test_hr_decides_neither_on_themself_nor_on_what_they_handed_in(
    client_of, hr, section, act, whose
):
    AssignmentFactory(staff=hr.staff, department=section)
    given = {"staff": hr.staff} if whose == "own" else {"submitted_by": hr}
    nomination = handed_in(section, **given)
    browser = client_of(hr)

    shown = browser.get(page(nomination)).content.decode()
    sent = browser.post(page(nomination, act), APPROVE | RETURN).content.decode()

    nomination.refresh_from_db()
    assert "承認して任命する" not in shown
    assert "別の担当者に頼んでください。" in shown
    assert "別の担当者に頼んでください。" in sent
    assert nomination.status == "submitted"


def test_a_right_lost_since_is_refused_in_words(client_of, hr, section):
    nomination = handed_in(section)
    AssignmentFactory(staff=nomination.staff, starts_on=TODAY)

    response = client_of(hr).post(page(nomination, "approve"), APPROVE)

    assert "この職員は、この部署にいません。" in response.content.decode()
    assert not LeaderTerm.objects.exists()


def test_only_hr_decides(client_of, head, admin, manager, staff, section):
    nomination = handed_in(section)
    acts = [(page(nomination, "approve"), APPROVE), (page(nomination, "return"), RETURN)]

    answers = {
        client_of(user).post(url, data).status_code
        for user in (head, admin, manager, staff)
        for url, data in [*acts, (BATCH, ticked(nomination))]
    }

    assert answers == {403}
    assert Nomination.objects.get().status == "submitted"


def test_nothing_is_decided_by_looking(client_of, hr, section):
    nomination = handed_in(section)
    browser = client_of(hr)

    urls = (page(nomination, "approve"), page(nomination, "return"), BATCH)
    answers = {browser.get(url).status_code for url in urls}

    assert answers == {405}


def test_the_page_offers_each_what_they_may_do(client_of, head, admin, hr, section):
    nomination = handed_in(section)

    offered = [
        "承認して任命する" in client_of(user).get(page(nomination)).content.decode()
        for user in (hr, admin, head)
    ]

    assert offered == [True, False, False]


@pytest.mark.parametrize(("closes_on", "warned"), [(TODAY, False), (date(2026, 11, 22), True)])
def test_hr_is_warned_when_the_head_could_not_correct_what_comes_back(
    client_of, hr, section, closes_on, warned
):
    cohort = CohortFactory(nominations_close_on=closes_on)
    nomination = handed_in(section, cohort=cohort)

    html = client_of(hr).get(page(nomination)).content.decode()

    assert ("部署長は提出し直せません。" in html) == warned


# --- several ------------------------------------------------------------------------------------


def test_those_ticked_are_approved_and_each_is_told(client_of, hr, section, other_section):
    good, gone, left_out = (
        handed_in(section),
        handed_in(other_section, staff=placed(other_section, staff__name="異動　済")),
        handed_in(section),
    )
    AssignmentFactory(staff=gone.staff, starts_on=TODAY)

    response = client_of(hr).post(BATCH, ticked(good, gone))

    html = response.content.decode()
    assert "承認 1件" in html
    assert "承認できなかった推薦 1件" in html
    assert "この職員は、この部署にいません。" in html
    assert [term.staff for term in LeaderTerm.objects.all()] == [good.staff]
    left_out.refresh_from_db()
    assert left_out.status == "submitted"


def test_those_ticked_sent_twice_are_approved_once_and_the_second_answer_is_the_first(
    client_of, hr, section
):
    nomination = handed_in(section)
    browser = client_of(hr)
    first = browser.post(BATCH, ticked(nomination)).content.decode()

    second = browser.post(BATCH, ticked(nomination)).content.decode()

    assert "選んだ推薦をすべて承認しました。" in first
    assert "選んだ推薦をすべて承認しました。" in second
    assert LeaderTerm.objects.count() == 1


@pytest.mark.parametrize("leaves", [True, False])
def test_hr_is_warned_when_the_head_could_not_hand_it_in_again(client_of, hr, section, leaves):
    nomination = handed_in(section)
    Cohort.objects.update(nominations_closed_at=timezone.now())
    if leaves:
        LeaderTermFactory(department=section, ends_on=date(2026, 10, 31))

    html = client_of(hr).get(page(nomination)).content.decode()

    assert ("部署長は提出し直せません。" not in html) is leaves


def test_what_is_not_of_the_cohort_or_no_nomination_is_not_approved(client_of, hr, section):
    other = handed_in(section, cohort=CohortFactory(number=2))
    CohortFactory()

    response = client_of(hr).post(
        BATCH, {"chosen": [f"{other.pk}-1", "x", "", "1", "9" * 30]}, follow=True
    )

    assert "承認する推薦に印を付けてから、もう一度押してください。" in response.content.decode()
    assert not LeaderTerm.objects.exists()


def test_a_box_ticked_over_words_rewritten_since_is_refused(client_of, hr, section):
    nomination = handed_in(section)
    data = ticked(nomination)
    Nomination.objects.update(reason="書き直した。", version=2)

    html = client_of(hr).post(BATCH, data).content.decode()

    assert "この推薦は、画面を開いた後に書き直されました。" in html
    assert not LeaderTerm.objects.exists()


def test_of_two_clerks_each_approves_the_others_entries(client_of, hr, section):
    other = account(StaffMemberFactory(), "hr")
    own, foreign = handed_in(section, submitted_by=hr), handed_in(section, submitted_by=other)

    html = client_of(hr).post(BATCH, ticked(own, foreign)).content.decode()

    assert "別の担当者に頼んでください。" in html
    assert LeaderTerm.objects.get().staff == foreign.staff


def test_html_in_names_and_refusals_is_shown_as_it_is(client_of, hr, section):
    nomination = handed_in(section, staff=placed(section, staff__name="<b>見本</b>"))

    html = client_of(hr).post(BATCH, ticked(nomination)).content.decode()

    assert "<b>" not in html
    assert "&lt;b&gt;見本&lt;/b&gt;" in html
