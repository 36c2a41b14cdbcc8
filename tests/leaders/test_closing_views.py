"""The page on which a cohort is closed, and the one on which a term is decided."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from leaders.closing import outcome
from leaders.models import LeaderTerm
from tests.conftest import JAPAN, account, placed
from tests.factories import AssignmentFactory, CohortFactory, LeaderTermFactory, StaffMemberFactory

pytestmark = pytest.mark.django_db

LAST_DAY = date(2027, 3, 31)


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def last_day():
    """Noon of the cohort's last day."""
    with time_machine.travel(datetime(2027, 3, 31, 12, tzinfo=JAPAN), tick=True):
        yield


def page(cohort):
    return reverse("leaders:cohort_close", args=[cohort.number])


def one(term):
    return reverse("leaders:term_decide", args=[term.pk])


def typed(*terms, choice="yes", reason="", act="save"):
    """What the form sends for these terms, the marks read from what is stored now."""
    data = {"act": act}
    for term in terms:
        data[f"seen-{term.pk}"] = outcome(LeaderTerm.objects.get(pk=term.pk)).mark
        data[f"choice-{term.pk}"] = choice
        data[f"reason-{term.pk}"] = reason
    return data


def html(response):
    return response.content.decode()


def test_before_the_last_day_the_page_shows_what_will_be_proposed_and_since_when(
    client_of, hr, cohort
):
    LeaderTermFactory(starts_on=date(2025, 4, 1))
    LeaderTermFactory(starts_on=date(2026, 10, 1))

    shown = html(client_of(hr).get(page(cohort)))

    assert "まだ終了できません。第1期は、令和9年3月31日から終了できます。" in shown
    assert (shown.count("24か月"), shown.count("6か月")) == (1, 1)
    assert "期を終了する" not in shown


def test_before_the_last_day_only_terms_that_ended_lead_to_a_decision(client_of, hr, cohort):
    ended = LeaderTermFactory(ends_on=date(2026, 9, 30), end_reason="moved")
    running = LeaderTermFactory()

    shown = html(client_of(hr).get(page(cohort)))

    assert one(ended) in shown
    assert one(running) not in shown


def test_on_the_last_day_every_row_is_preset_to_its_proposal(client_of, hr, cohort, last_day):
    full, short = LeaderTermFactory(), LeaderTermFactory(starts_on=date(2026, 10, 1))

    shown = html(client_of(hr).get(page(cohort)))

    for term, value in ((full, "yes"), (short, "no")):
        assert f'id="c{term.pk}-{value}" name="choice-{term.pk}"' in shown
        (line,) = [line for line in shown.splitlines() if f'id="c{term.pk}-yes"' in line]
        assert (" checked>" in line) is (value == "yes")


def test_hr_closes_the_cohort_and_is_led_to_the_certificates(client_of, hr, cohort, last_day):
    terms = LeaderTermFactory.create_batch(2)

    shown = html(client_of(hr).post(page(cohort), typed(*terms, act="close"), follow=True))

    cohort.refresh_from_db()
    assert cohort.closed_at is not None
    assert "第1期を終了しました。" in shown
    assert reverse("leaders:certificate_batch", args=[1]) in shown
    assert LeaderTerm.objects.all().completed(LAST_DAY).count() == 2


def test_a_second_click_shows_the_first_result(client_of, hr, cohort, last_day):
    data = typed(LeaderTermFactory(), act="close")
    browser = client_of(hr)
    browser.post(page(cohort), data)
    cohort.refresh_from_db()
    first = cohort.closed_at

    shown = html(browser.post(page(cohort), data, follow=True))

    cohort.refresh_from_db()
    assert "判定は保存済みです。" in shown
    assert cohort.closed_at == first


def test_saving_keeps_the_decisions_for_another_day(client_of, hr, cohort, last_day):
    done, later = LeaderTermFactory(), LeaderTermFactory()
    data = typed(done) | typed(later, choice="")

    shown = html(client_of(hr).post(page(cohort), data, follow=True))

    cohort.refresh_from_db()
    assert "1件の判定を保存しました。" in shown
    assert "修了で保存済み" in shown
    assert cohort.closed_at is None


def test_a_missing_reason_is_told_at_the_row_and_nothing_typed_is_lost(
    client_of, hr, cohort, last_day
):
    exception, other = LeaderTermFactory(), LeaderTermFactory()
    data = typed(exception, choice="no", act="close") | typed(other, reason="書いた言葉")

    shown = html(client_of(hr).post(page(cohort), data))

    assert "理由が必要な判定があります" in shown
    assert exception.staff.name in shown
    assert shown.count('data-tone="error"') == 1
    assert 'value="書いた言葉"' in shown
    (line,) = [line for line in shown.splitlines() if f'id="c{exception.pk}-no"' in line]
    assert " checked>" in line
    assert not LeaderTerm.objects.filter(decided_on__isnull=False).exists()


def test_a_reason_too_long_is_told_and_stays(client_of, hr, cohort, last_day):
    term = LeaderTermFactory()
    words = "理由" * 501

    shown = html(client_of(hr).post(page(cohort), typed(term, choice="no", reason=words)))

    assert "理由は1000文字までで入力してください。" in shown
    assert words in shown
    assert not LeaderTerm.objects.filter(decided_on__isnull=False).exists()


def test_another_clerks_decision_is_shown_beside_ones_own_and_pressing_again_overrides_it(
    client_of, hr, cohort, last_day
):
    term, new = LeaderTermFactory(), LeaderTermFactory()
    data = typed(term, new)
    LeaderTerm.objects.filter(pk=term.pk).update(
        ends_on=LAST_DAY, decided_on=LAST_DAY, decision_reason="活動なし"
    )
    browser = client_of(hr)

    shown = browser.post(page(cohort), data)
    refused = LeaderTerm.objects.filter(completed=True).count()
    browser.post(page(cohort), typed(term, new))

    assert "別の人が任期や判定を変えました" in html(shown)
    assert "今の判定：<strong>未修了</strong>（活動なし）" in html(shown)
    assert refused == 0
    assert LeaderTerm.objects.filter(completed=True).count() == 2


def test_the_marks_of_a_refused_page_are_those_of_what_it_shows(client_of, hr, cohort, last_day):
    term = LeaderTermFactory()
    data = typed(term)
    LeaderTerm.objects.filter(pk=term.pk).update(end_note="済", ends_on=date(2026, 12, 31))

    shown = html(client_of(hr).post(page(cohort), data))

    assert f'name="seen-{term.pk}" value="{typed(term)[f"seen-{term.pk}"]}"' in shown
    assert "令和8年12月31日" in shown


def test_a_term_that_came_meanwhile_is_shown_with_what_was_typed(client_of, hr, cohort, last_day):
    term = LeaderTermFactory()
    data = typed(term, choice="no", reason="書いた言葉")
    new = LeaderTermFactory(starts_on=date(2027, 2, 1))

    shown = html(client_of(hr).post(page(cohort), data))

    assert "増えたか減った" in shown
    assert f"seen-{new.pk}" in shown
    assert 'value="書いた言葉"' in shown


def test_ones_own_row_offers_no_choice_and_closing_is_left_to_a_colleague(
    client_of, hr, cohort, last_day
):
    own, other = LeaderTermFactory(staff=hr.staff), LeaderTermFactory()
    browser = client_of(hr)

    shown = html(browser.get(page(cohort)))
    forged = html(browser.post(page(cohort), typed(own, other)))

    assert f"choice-{own.pk}" not in shown
    assert "あなたの任期は、別の担当者が判定します。" in shown
    assert 'value="close"' not in shown
    assert "自分の任期は判定できません。" in forged
    assert not LeaderTerm.objects.filter(decided_on__isnull=False).exists()


def test_a_closed_cohort_shows_the_decisions_and_offers_corrections(client_of, hr, cohort):
    term = LeaderTermFactory(ends_on=LAST_DAY, completed=True, decided_on=LAST_DAY)
    cohort.closed_at = datetime(2027, 4, 1, tzinfo=JAPAN)
    cohort.save()

    with time_machine.travel(datetime(2027, 4, 2, 12, tzinfo=JAPAN)):
        shown = html(client_of(hr).get(page(cohort)))

    assert "この期は終了しました。" in shown
    assert "うち修了 1件" in shown
    assert one(term) in shown
    assert f"choice-{term.pk}" not in shown


def test_an_administrator_looks_and_changes_nothing(client_of, admin, cohort, last_day):
    term = LeaderTermFactory()
    browser = client_of(admin)

    shown, posted = browser.get(page(cohort)), browser.post(page(cohort), typed(term, act="close"))

    assert term.staff.name in html(shown)
    assert f"choice-{term.pk}" not in html(shown)
    assert one(term) not in html(shown)
    assert posted.status_code == 403


def test_signs_of_html_stay_signs(client_of, hr, cohort, last_day):
    LeaderTermFactory(
        staff__name="<b>見本",
        department__name="<i>課",
        decision_reason='"><script>',
        completed=False,
    )

    shown = html(client_of(hr).get(page(cohort)))

    assert "<b>見本" not in shown
    assert "<i>課" not in shown
    assert "<script>" not in shown


def test_numbers_that_are_none_do_no_harm(client_of, hr, cohort, last_day):
    data = {
        "act": "close",
        "seen-x": "1",
        f"seen-{'9' * 18}": "1",
        "choice-1": "yes",
        "reason-": "",
    }

    shown = html(client_of(hr).post(page(cohort), data))

    assert "増えたか減った" in shown


@pytest.mark.parametrize("today", [date(2026, 11, 23), LAST_DAY])
def test_the_page_takes_as_many_queries_for_eleven_terms_as_for_one(
    client_of, hr, cohort, today, django_assert_max_num_queries, django_assert_num_queries
):
    LeaderTermFactory()
    browser = client_of(hr)
    with time_machine.travel(datetime(today.year, today.month, today.day, 12, tzinfo=JAPAN)):
        browser.get(page(cohort))
        with django_assert_max_num_queries(20) as counted:
            browser.get(page(cohort))
        LeaderTermFactory.create_batch(10)

        with django_assert_num_queries(len(counted)):
            browser.get(page(cohort))


# --- One term -----------------------------------------------------------------------------------


def decision(term, choice="yes", reason=""):
    return {"seen": outcome(term).mark, "choice": choice, "reason": reason}


def test_hr_decides_a_term_that_ended_early(client_of, hr, cohort):
    term = LeaderTermFactory(ends_on=date(2026, 3, 30), end_reason="moved")
    browser = client_of(hr)

    shown = html(browser.get(one(term)))
    refused = html(browser.post(one(term), decision(term)))
    browser.post(one(term), decision(term, reason="後任へ引き継いだため。"))

    term.refresh_from_db()
    assert "11か月" in shown
    assert "理由が必要な判定があります" in refused
    assert (term.completed, term.decision_reason) == (True, "後任へ引き継いだため。")


def test_a_term_that_changed_meanwhile_is_shown_as_it_is_now_with_what_was_typed(
    client_of, hr, cohort
):
    term = LeaderTermFactory(ends_on=date(2026, 3, 31), end_reason="moved")
    data = decision(term, "no", "書いた言葉")
    LeaderTerm.objects.filter(pk=term.pk).update(ends_on=date(2026, 5, 31))
    browser = client_of(hr)

    shown = html(browser.post(one(term), data))
    term.refresh_from_db()
    browser.post(one(term), decision(term, "no", "書いた言葉"))

    assert "別の人が任期や判定を変えました" in shown
    assert "令和8年5月31日" in shown
    assert "書いた言葉" in shown
    assert outcome(term).mark in shown
    term.refresh_from_db()
    assert term.decision_reason == "書いた言葉"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "修了か未修了かを選んでください。"),
        ({"choice": "maybe"}, "修了か未修了かを選び直してください。"),
    ],
)
def test_what_was_not_chosen_is_asked_again(client_of, hr, cohort, data, words):
    term = LeaderTermFactory(ends_on=date(2026, 3, 31))

    shown = html(client_of(hr).post(one(term), data | {"reason": "書いた言葉"}))

    assert words in shown
    assert "書いた言葉" in shown


def test_ones_own_term_and_one_that_runs_ask_for_nothing(client_of, hr, cohort):
    own = LeaderTermFactory(staff=hr.staff, ends_on=date(2026, 3, 31))
    running = LeaderTermFactory()
    browser = client_of(hr)

    pages = [html(browser.get(one(term))) for term in (own, running)]
    for term in (own, running):
        browser.post(one(term), decision(term))

    assert "自分の任期は判定できません。" in pages[0]
    assert "この任期はまだ終わっていません。" in pages[1]
    assert not any('name="choice"' in shown for shown in pages)
    assert not LeaderTerm.objects.filter(decided_on__isnull=False).exists()


def test_a_right_that_ended_between_form_and_submit_refuses(client_of, cohort):
    user = account(StaffMemberFactory(), "hr")
    term = LeaderTermFactory(ends_on=date(2026, 3, 31))
    browser = client_of(user)
    browser.get(one(term))
    user.groups.clear()

    answers = [
        browser.post(one(term), decision(term)).status_code,
        browser.post(page(cohort), typed(term)).status_code,
    ]

    assert answers == [403, 403]


def test_the_page_names_leaders_who_moved_and_were_never_decided_about(
    client_of, hr, cohort, section, other_section, last_day
):
    del last_day
    moved, stayed = placed(section), placed(section)
    AssignmentFactory(staff=moved, department=other_section, starts_on=date(2026, 10, 1))
    for member in (moved, stayed):
        LeaderTermFactory(cohort=cohort, staff=member, department=section)

    shown = html(client_of(hr).get(page(cohort)))

    assert "決めていない推進リーダーが1人います" in shown
    assert f">{moved.name}</a>：令和8年10月1日に別の課へ異動" in shown
