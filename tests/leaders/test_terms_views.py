"""A term's page, and what HR does there."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from leaders.models import Continuation, LeaderTerm
from leaders.services.terms import mark_of
from tests.conftest import account, placed
from tests.factories import (
    AssignmentFactory,
    ContinuationFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 30)


@pytest.fixture
def term(section):
    return LeaderTermFactory(department=section, staff=placed(section))


@pytest.fixture
def moved(term):
    """The leader has moved since October."""
    there = DepartmentFactory(name="移った課")
    AssignmentFactory(staff=term.staff, department=there, starts_on=date(2026, 10, 1))
    return there


def shown(client, term):
    response = client.get(term.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def post(client, act, term, **data):
    url = reverse(f"leaders:term_{act}", args=[term.pk])
    return client.post(url, {"seen": mark_of(term), **data}, follow=True)


def end(client, term, **data):
    data = {"ends_on": "R8.11.30", "reason": "declined", "note": ""} | data
    return post(client, "end", term, **data)


def stored(term):
    return LeaderTerm.objects.get(pk=term.pk)


# --- The page -----------------------------------------------------------------------------------


def test_hr_the_head_and_the_person_see_it_and_nobody_else(
    client_of, hr, admin, head, manager, staff, term
):
    answers = {
        name: client_of(user).get(term.get_absolute_url()).status_code
        for name, user in {
            "hr": hr,
            "admin": admin,
            "head": head,
            "person": account(term.staff),
            "manager": manager,
            "colleague": staff,
        }.items()
    }

    assert answers == {
        "hr": 200,
        "admin": 200,
        "head": 200,
        "person": 200,
        "manager": 404,
        "colleague": 404,
    }


def test_hr_alone_is_offered_to_act(client_of, hr, admin, head, term, moved):
    pages = {user: shown(client_of(user), term) for user in (hr, admin, head, account(term.staff))}

    assert [("任期を続ける" in page, "任期を終える" in page) for page in pages.values()] == [
        (True, True),
        (False, False),
        (False, False),
        (False, False),
    ]


def test_hr_is_offered_nothing_on_their_own_term(client_of, hr):
    html = shown(client_of(hr), LeaderTermFactory(staff=hr.staff))

    assert "自分の任期については決められません。" in html
    assert "任期を終える" not in html


def test_looking_leaves_a_trace_save_at_oneself(client_of, hr, term):
    looks = LogEntry.objects.get_for_object(term).filter(action=LogEntry.Action.ACCESS)

    shown(client_of(account(term.staff)), term)
    of_oneself = looks.count()
    shown(client_of(hr), term)

    assert of_oneself == 0
    assert looks.get().actor == hr


def test_the_way_up_leads_only_where_the_reader_may_go(client_of, hr, term):
    cohort_page = f'href="{term.cohort.get_absolute_url()}"'

    assert cohort_page in shown(client_of(hr), term)
    assert cohort_page not in shown(client_of(account(term.staff)), term)


def test_the_words_of_hr_are_for_hr_and_admin(client_of, hr, admin, head, term, section):
    term.ends_on, term.end_reason = date(2026, 10, 31), "declined"
    term.end_note, term.decision_reason = "家庭の事情", "期間が短いため"
    term.save()
    ContinuationFactory(term=term, department=section, reason="秘密の理由")
    words = ("家庭の事情", "期間が短いため", "秘密の理由")

    told = [
        [word in shown(client_of(user), term) for word in words]
        for user in (hr, admin, head, account(term.staff))
    ]

    assert told == [[True] * 3, [True] * 3, [False] * 3, [False] * 3]


def test_a_move_to_come_is_told_to_hr_alone(client_of, hr, head, term):
    term.ends_on, term.end_reason = date(2026, 12, 31), "moved"
    term.save()

    told = ["令和8年12月31日" in shown(client_of(user), term) for user in (hr, head)]

    assert told == [True, False]
    assert "（異動）" not in shown(client_of(account(term.staff)), term)


def test_who_came_before_and_after_is_named_to_those_who_may_know(client_of, hr, head, term):
    nomination = NominationFactory(
        cohort=term.cohort, department=term.department, replaces=term, status="approved"
    )
    after = LeaderTermFactory(
        department=term.department, nomination=nomination, starts_on=date(2026, 12, 1)
    )

    for user in (hr, head):
        assert after.staff.name in shown(client_of(user), term)
        assert term.staff.name in shown(client_of(user), after)
    assert after.staff.name not in shown(client_of(account(term.staff)), term)
    own = shown(client_of(account(after.staff)), after)
    assert term.staff.name not in own
    assert nomination.get_absolute_url() not in own


def test_the_person_is_linked_for_those_who_may_open_their_page(client_of, hr, head, term, moved):
    link = f'href="{term.staff.get_absolute_url()}"'

    assert link in shown(client_of(hr), term)
    assert link not in shown(client_of(head), term)


def test_a_name_with_signs_of_html_is_shown_as_it_is(client_of, hr):
    html = shown(client_of(hr), LeaderTermFactory(staff__name="<b>見本</b>", end_note="<b>注</b>"))

    assert "<b>" not in html


@pytest.mark.parametrize("count", [1, 11])
def test_a_page_takes_no_more_queries_for_more_decisions(
    client_of, hr, term, moved, count, django_assert_max_num_queries
):
    for day in range(1, count + 1):
        ContinuationFactory(term=term, department=moved, decided_on=date(2026, 8, day))
    browser = client_of(hr)
    shown(browser, term)

    with django_assert_max_num_queries(26):
        shown(browser, term)


# --- Ending -------------------------------------------------------------------------------------


def test_hr_ends_a_term(client_of, hr, term):
    response = end(client_of(hr), term, note="本人の申出")

    assert "退任日を令和8年11月30日にしました。" in response.content.decode()
    assert (stored(term).ends_on, stored(term).end_reason) == (DAY, "declined")
    assert stored(term).end_note == "本人の申出"


def test_a_double_click_ends_it_once_and_shows_the_first_result(client_of, hr, term):
    browser, seen = client_of(hr), mark_of(term)

    first, second = (end(browser, term, seen=seen) for _ in range(2))

    assert first.redirect_chain == second.redirect_chain == [(term.get_absolute_url(), 302)]
    assert LogEntry.objects.get_for_object(term).filter(action=LogEntry.Action.UPDATE).count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"ends_on": ""}, "退任日を入力してください。"),
        ({"ends_on": "R8.13.1"}, "暦にない日付です。"),
        ({"ends_on": "R9.4.1"}, "期の終わり（令和9年3月31日）までの日"),
        ({"reason": ""}, "退任理由を選んでください。"),
        ({"reason": "completed"}, "退任理由を選び直してください。"),
        ({"note": "あ" * 1001}, "1000字までにしてください。今は1001字です。"),
        ({"seen": ""}, "他の人がこの任期を変えました。"),
    ],
)
def test_bad_input_is_told_in_words_and_nothing_typed_is_lost(client_of, hr, term, data, words):
    data = {"note": "書いた事情"} | data

    html = end(client_of(hr), term, **data).content.decode()

    assert words in html
    assert data["note"] in html
    assert stored(term).ends_on is None


def test_other_asks_for_words_on_the_page(client_of, hr, term):
    html = end(client_of(hr), term, reason="other", note="").content.decode()

    assert "退任の事情を入力してください。" in html
    assert stored(term).ends_on is None


def test_what_somebody_else_decided_meanwhile_is_told_and_may_then_be_overruled(
    client_of, hr, term, moved
):
    browser, seen = client_of(hr), mark_of(term)
    ContinuationFactory(term=term, department=moved)

    page = end(browser, term, seen=seen).content.decode()
    first = stored(term).ends_on
    end(browser, term, seen=mark_of(term))

    assert "他の人がこの任期を変えました。" in page
    assert f'value="{mark_of(stored(term)).replace("2026-11-30/declined", "/")}"' in page
    assert (first, stored(term).ends_on) == (None, DAY)


def test_the_form_starts_with_the_eve_of_a_move(client_of, hr, term, moved):
    html = client_of(hr).get(reverse("leaders:term_end", args=[term.pk])).content.decode()

    assert 'value="R8.9.30"' in html


def test_what_is_over_cannot_be_ended_again(client_of, hr, term):
    LeaderTerm.objects.filter(pk=term.pk).update(ends_on=DAY, end_reason="moved")
    url = reverse("leaders:term_end", args=[term.pk])

    response = client_of(hr).get(url, follow=True)

    assert response.redirect_chain == [(term.get_absolute_url(), 302)]
    assert "この任期は、今は終えられません。" in response.content.decode()


@pytest.mark.parametrize("act", ["end", "continue", "resume", "departure"])
def test_hr_cannot_act_on_their_own_term(client_of, hr, section, act):
    AssignmentFactory(staff=hr.staff, department=section)
    term = LeaderTermFactory(staff=hr.staff, department=section)
    AssignmentFactory(staff=hr.staff, starts_on=date(2026, 10, 1))
    data = {"ends_on": "R8.11.30", "reason": "declined", "kind": "moved"}

    html = post(client_of(hr), act, term, **data).content.decode()

    assert "自分の任期については決められません。" in html
    assert stored(term).ends_on is None
    assert not Continuation.objects.exists()


# --- Taking back, going on, leaving -------------------------------------------------------------


def test_hr_takes_an_end_back(client_of, hr, term):
    browser = client_of(hr)
    end(browser, term)
    assert "退任を取り消す" in shown(browser, term)

    response = post(browser, "resume", stored(term))

    assert "退任を取り消しました。任期は続いています。" in response.content.decode()
    assert stored(term).ends_on is None


def test_an_end_that_changed_meanwhile_is_not_taken_back(client_of, hr, term):
    browser = client_of(hr)
    end(browser, term)

    response = post(browser, "resume", stored(term), seen="//0")

    assert "他の人がこの任期を変えました。" in response.content.decode()
    assert stored(term).ends_on == DAY


def test_hr_lets_a_term_go_on(client_of, hr, term, moved):
    browser = client_of(hr)
    page = browser.get(reverse("leaders:term_continue", args=[term.pk])).content.decode()
    data = {"kind": "moved", "reason": "引継ぎのため"}

    response = post(browser, "continue", term, **data)

    assert "令和8年10月1日に移った課へ異動" in page
    html = response.content.decode()
    assert "任期を続けることにしました。" in html
    assert "引継ぎのため" in html
    assert "任期を続けるか、終えるかを決めてください。" not in html


def test_going_on_twice_makes_one_decision(client_of, hr, term, moved):
    browser, data = client_of(hr), {"kind": "moved", "reason": "引継ぎのため", "seen": "//0"}

    answers = [post(browser, "continue", term, **data) for _ in range(2)]

    assert [one.redirect_chain[-1][0] for one in answers] == [term.get_absolute_url()] * 2
    assert Continuation.objects.count() == 1


def test_going_on_without_a_reason_is_told(client_of, hr, term, moved):
    html = post(client_of(hr), "continue", term, kind="moved", reason="").content.decode()

    assert "続ける理由を入力してください。" in html
    assert not Continuation.objects.exists()


def test_nothing_to_decide_leads_back(client_of, hr, term):
    response = client_of(hr).get(reverse("leaders:term_continue", args=[term.pk]), follow=True)

    assert "この任期について、今決めることはありません。" in response.content.decode()


def test_a_leaver_s_term_is_ended_with_one_click(client_of, hr, term):
    term.staff.left_on = date(2026, 10, 31)
    term.staff.save()
    browser = client_of(hr)
    before = shown(browser, term)

    response = post(browser, "departure", term)

    assert "令和8年10月31日に退職" in before
    assert "退任日を退職日にする" in before
    assert "退任日を退職日にしました。" in response.content.decode()
    assert (stored(term).ends_on, stored(term).end_reason) == (date(2026, 10, 31), "retired")


def test_nobody_in_service_departs(client_of, hr, term):
    html = post(client_of(hr), "departure", term).content.decode()

    assert "この職員は在職しています。" in html
    assert stored(term).ends_on is None


def test_a_right_that_ended_between_page_and_button_refuses(client_of, hr, term):
    browser = client_of(hr)
    browser.get(reverse("leaders:term_end", args=[term.pk]))
    hr.groups.clear()

    assert end(browser, term).status_code == 403
    assert stored(term).ends_on is None


def test_somebody_without_a_person_sees_no_term(client_of, manager):
    manager.staff = None
    manager.save()
    term = LeaderTermFactory(staff=StaffMemberFactory())

    assert client_of(manager).get(term.get_absolute_url()).status_code == 404
