"""The board of a round, and the pages by which HR runs it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from leaders.models import Cohort
from tests.conftest import TODAY, account, placed
from tests.factories import (
    CohortFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadDeputyFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/leaders/nominations/"
NO_ROUND = {"nominations_open_on": None, "nominations_close_on": None}


@pytest.fixture
def cohort():
    return CohortFactory()


def page(name, number=1):
    return reverse(f"leaders:round_{name}", args=[number])


def handed_in(department, status="submitted", **kwargs):
    """A nomination of somebody who may be nominated."""
    staff = kwargs.pop("staff", None) or placed(department)
    at = timezone.now()
    return NominationFactory(
        department=department, staff=staff, status=status, submitted_at=at, **kwargs
    )


def states(response):
    return [(one.department.name, one.standing.value) for one in response.context["states"]]


# --- The board ----------------------------------------------------------------------------------


@pytest.fixture
def one_of_each(cohort):
    """A department in each standing, in the order of departments."""
    units = {name: DepartmentFactory(name=name) for name in ("甲", "乙", "丙", "丁", "戊", "己")}
    handed_in(units["甲"], status="approved")
    LeaderTermFactory(department=units["甲"], cohort=cohort)
    handed_in(units["乙"])
    handed_in(units["丙"], status="returned", comment="理由")
    handed_in(units["丁"], status="draft")
    handed_in(units["戊"], status="withdrawn")
    LeaderTermFactory(department=units["己"], cohort=cohort)
    return units


ALL = [
    ("戊", "silent"),
    ("丁", "draft"),
    ("丙", "returned"),
    ("乙", "submitted"),
    ("甲", "done"),
    ("己", "done"),
]


def test_hr_sees_how_far_each_department_has_come_silent_ones_first(client_of, hr, one_of_each):
    response = client_of(hr).get(LIST)

    counts = {standing.value: number for standing, number in response.context["counts"]}
    html = response.content.decode()
    assert states(response) == ALL
    assert counts == {"silent": 1, "draft": 1, "returned": 1, "submitted": 1, "done": 2}
    assert "承認を待っている推薦（1件）" in html
    assert "未提出の3部署にお願いする" in html


def test_a_leader_from_the_old_lists_is_not_called_approved(client_of, hr, one_of_each):
    response = client_of(hr).get(LIST, {"state": "done"})

    assert [state.label for state in response.context["states"]] == ["承認済み", "任命済み"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ALL),
        ("x", ALL),
        ("missing", ALL[:3]),
        ("silent", ALL[:1]),
        ("submitted", ALL[3:4]),
        ("done", ALL[4:]),
    ],
)
def test_the_board_is_narrowed_by_standing(client_of, hr, one_of_each, asked, shown):
    assert states(client_of(hr).get(LIST, {"state": asked})) == shown


@pytest.mark.parametrize(
    ("term", "standing"),
    [
        ({"ends_on": date(2026, 11, 22)}, "silent"),
        ({"ends_on": TODAY}, "done"),
        ({"starts_on": date(2026, 12, 1)}, "done"),
        ({"staff__left_on": date(2026, 11, 22)}, "silent"),
    ],
)
def test_a_department_whose_leader_is_gone_begins_again(
    client_of, hr, section, cohort, term, standing
):
    handed_in(section, status="approved")
    LeaderTermFactory(department=section, cohort=cohort, **term)

    assert states(client_of(hr).get(LIST)) == [("見本課", standing)]


def test_the_leaders_of_the_term_before_are_named(client_of, head, section):
    LeaderTermFactory(department=section, staff__name="先の　リーダー", ends_on=date(2027, 3, 31))
    second = CohortFactory(number=2)

    html = client_of(head).get(LIST, {"cohort": second.number}).content.decode()

    assert "先の　リーダー" in html


def test_what_was_nominated_under_an_old_name_stands_at_the_department_of_today(
    client_of, head, section, cohort
):
    old = DepartmentFactory(name="旧課", closes_on=date(2026, 11, 15), successor=section)
    nomination = handed_in(old, staff=placed(section))

    response = client_of(head).get(LIST)

    (state,) = response.context["states"]
    assert (state.department, state.nominations) == (section, [nomination])


def test_a_head_sees_their_own_departments_and_nothing_of_others(
    client_of, head, section, other_section, cohort
):
    own, foreign = handed_in(section), handed_in(other_section)
    LeaderTermFactory(department=other_section, staff__name="別の　リーダー")

    html = client_of(head).get(LIST).content.decode()

    assert own.staff.name in html
    assert foreign.staff.name not in html
    assert "別の　リーダー" not in html
    assert other_section.name not in html
    assert "承認を待っている推薦" not in html


def test_a_head_of_two_departments_nominates_in_both_while_the_round_is_open(
    client_of, head, section, other_section, cohort
):
    ConcurrentPostFactory(staff=head.staff, department=other_section)
    for unit in (section, other_section):  # none of them needs a successor
        LeaderTermFactory(department=unit)
    browser = client_of(head)

    shown = browser.get(LIST).content.decode()
    Cohort.objects.update(nominations_closed_at=timezone.now())
    closed = browser.get(LIST).content.decode()

    for unit in (section, other_section):
        link = reverse("leaders:nomination_new", args=[1, unit.code])
        assert link in shown
        assert link not in closed
    assert "推薦の受付は締め切りました。" in closed


def test_a_deputy_sees_the_department_they_are_named_for_alone(
    client_of, section, other_section, cohort
):
    deputy = account(placed(section))
    HeadDeputyFactory(department=section, staff=deputy.staff)
    own, foreign = handed_in(section), handed_in(other_section)

    html = client_of(deputy).get(LIST).content.decode()

    assert own.staff.name in html
    assert foreign.staff.name not in html
    assert other_section.name not in html


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "締切まであと7日"),
        ({"nominations_close_on": TODAY}, "推薦の締切は今日です。"),
        ({"nominations_close_on": date(2026, 11, 22)}, "推薦の締切日を過ぎました。"),
        ({"nominations_open_on": date(2026, 11, 24)}, "令和8年11月24日に始まります。"),
        (NO_ROUND, "推薦の受付期間は、まだ決まっていません。"),
        ({"nominations_closed_at": timezone.now()}, "推薦の受付は締め切りました。"),
        ({"closed_at": timezone.now()}, "この期は終わっています。"),
    ],
)
def test_the_board_says_where_the_round_stands(client_of, head, given, words):
    CohortFactory(**given)

    assert words in client_of(head).get(LIST).content.decode()


def test_a_head_reads_what_hr_has_to_say(client_of, head):
    CohortFactory(instruction="1部署1名以上です。\n<b>相談</b>は人事担当へ。")

    html = client_of(head).get(LIST).content.decode()

    assert "1部署1名以上です。<br>&lt;b&gt;相談&lt;/b&gt;は人事担当へ。" in html


def test_a_cohort_can_be_chosen_and_the_open_one_is_shown_first(client_of, hr):
    CohortFactory(number=1, **NO_ROUND)
    second = CohortFactory(number=2)
    browser = client_of(hr)

    assert browser.get(LIST).context["cohort"] == second
    assert browser.get(LIST, {"cohort": "1"}).context["cohort"].number == 1
    assert browser.get(LIST, {"cohort": "x"}).context["cohort"] == second


def test_without_an_open_round_the_running_cohort_is_shown(client_of, hr):
    running = CohortFactory(**NO_ROUND)

    assert client_of(hr).get(LIST).context["cohort"] == running


def test_without_any_cohort_the_page_says_what_to_do(client_of, hr):
    assert "計画の登録を頼んでください。" in client_of(hr).get(LIST).content.decode()


def test_staff_and_managers_do_not_get_in(client_of, manager, staff, cohort):
    assert {client_of(user).get(LIST).status_code for user in (manager, staff)} == {403}


def test_a_head_who_is_also_hr_sees_the_whole_round(client_of, section, other_section, cohort):
    both = account(placed(section, rank=HeadRankFactory()), "hr")
    foreign = handed_in(other_section)

    assert foreign.staff.name in client_of(both).get(LIST).content.decode()


def test_an_administrator_looks_and_is_offered_no_button(client_of, admin, section, cohort):
    handed_in(section)

    html = client_of(admin).get(LIST).content.decode()

    assert "承認を待っている推薦（1件）" in html
    assert "選んだ推薦を承認する" not in html
    assert "受付を締め切る" not in html


def test_the_list_takes_the_same_queries_for_1_and_11(
    client_of, hr, django_assert_num_queries, django_assert_max_num_queries
):
    def fill():
        department = DepartmentFactory()
        before = LeaderTermFactory(department=department, ends_on=date(2026, 11, 22))
        handed_in(department, replaces=before)
        LeaderTermFactory(department=department)

    fill()
    browser = client_of(hr)
    browser.get(LIST)
    with django_assert_max_num_queries(16) as counted:
        browser.get(LIST)
    for _ in range(10):
        fill()

    with django_assert_num_queries(len(counted)):
        response = browser.get(LIST)

    assert len(response.context["states"]) == 11


def test_html_in_names_is_shown_as_it_is(client_of, hr, cohort):
    unit = DepartmentFactory(name="<b>課</b>")
    handed_in(unit, staff=placed(unit, staff__name="<b>見本</b>"))
    LeaderTermFactory(department=unit, staff__name="<b>長</b>")

    html = client_of(hr).get(LIST).content.decode()

    assert "<b>" not in html
    assert "&lt;b&gt;見本&lt;/b&gt;" in html


# --- Its days -----------------------------------------------------------------------------------


def filled(browser, **changes):
    """The form as its page is drawn, with changes."""
    form = browser.get(page("edit")).context["form"]
    names = ("nominations_open_on", "nominations_close_on", "instruction", "seen")
    return {name: form[name].value() or "" for name in names} | changes


def test_hr_opens_a_round(client_of, hr):
    CohortFactory(**NO_ROUND)
    browser = client_of(hr)
    days = {"nominations_open_on": "R8.12.1", "nominations_close_on": "2026-12-25"}

    response = browser.post(
        page("edit"), filled(browser, **days, instruction="案内です。"), follow=True
    )

    cohort = Cohort.objects.get()
    assert "推薦の受付を保存しました。" in response.content.decode()
    assert cohort.nominations_open_on == date(2026, 12, 1)
    assert cohort.nominations_close_on == date(2026, 12, 25)
    assert cohort.instruction == "案内です。"


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ("R8.12.1", "", "受付開始日と締切日は両方入力してください。"),
        ("", "R8.12.1", "受付開始日と締切日は両方入力してください。"),
        ("R8.12.2", "R8.12.1", "締切日は受付開始日以後の日にしてください。"),
        ("R8.13.1", "R8.12.1", "暦にない日付です。"),
        ("R8.11.1", "R8.12.1", "受付開始日が過ぎた日です。"),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_typed_is_lost(
    client_of, hr, opens, closes, words
):
    CohortFactory(**NO_ROUND)
    browser = client_of(hr)
    typed = filled(
        browser,
        nominations_open_on=opens,
        nominations_close_on=closes,
        instruction="書いた案内",
    )

    html = browser.post(page("edit"), typed).content.decode()

    assert words in html
    assert "書いた案内" in html
    assert f'value="{closes}"' in html or not closes
    assert Cohort.objects.get().nominations_open_on is None


def test_two_clerks_at_once_see_each_others_words_and_lose_none(client_of, hr, cohort):
    browser = client_of(hr)
    mine = filled(browser, instruction="私の案内")
    browser.post(page("edit"), filled(browser, instruction="先の案内"))

    shown = browser.post(page("edit"), mine)
    again = browser.post(page("edit"), mine | {"seen": shown.context["form"]["seen"].value()})

    html = shown.content.decode()
    assert "他の人がこの期の推薦の受付を変更しました。" in html
    assert "先の案内" in html
    assert "私の案内" in html
    assert again.status_code == 302
    assert Cohort.objects.get().instruction == "私の案内"


# --- Closing and opening again ------------------------------------------------------------------


def test_closing_shows_what_would_be_left_and_asks(client_of, hr, one_of_each):
    response = client_of(hr).get(page("close"))

    html = response.content.decode()
    left = [(one.label, names) for one, names in response.context["missing_names"]]
    assert left == [("未着手", ["戊"]), ("下書き", ["丁"]), ("差戻し", ["丙"])]
    assert "提出されないまま残る推薦（2件）" in html
    assert "承認済み 2部署" in html
    assert Cohort.objects.get().nominations_closed_at is None


def test_closing_twice_is_once_and_the_second_answer_says_so(client_of, hr, cohort):
    browser = client_of(hr)

    first = browser.post(page("close"), follow=True).content.decode()
    at = Cohort.objects.get().nominations_closed_at
    second = browser.post(page("close"), follow=True).content.decode()

    assert "第1期の推薦の受付を締め切りました。" in first
    assert "すでに締め切ってあります。" in second
    assert Cohort.objects.get().nominations_closed_at == at


def test_a_round_that_has_not_begun_is_not_closed(client_of, hr):
    CohortFactory(nominations_open_on=date(2026, 11, 24))

    html = client_of(hr).post(page("close")).content.decode()

    assert "推薦の受付は令和8年11月24日から始まります。" in html


def test_a_closed_round_is_opened_again_with_a_new_last_day(client_of, hr):
    CohortFactory(nominations_closed_at=timezone.now())
    browser = client_of(hr)

    wrong = browser.post(page("reopen"), {"nominations_close_on": "R8.11.22"}).content.decode()
    right = browser.post(page("reopen"), {"nominations_close_on": "R8.12.5"}, follow=True)

    assert "締切日が過ぎた日です。" in wrong
    assert 'value="R8.11.22"' in wrong
    assert "締切は令和8年12月5日です。" in right.content.decode()
    assert Cohort.objects.get().takes_nominations(date(2026, 12, 5))


@pytest.mark.parametrize("name", ["edit", "close", "reopen", "reminder"])
def test_only_hr_runs_the_round(client_of, admin, head, manager, staff, cohort, name):
    users = (admin, head, manager, staff)

    answers = {client_of(user).get(page(name)).status_code for user in users}

    assert answers == {403}


def test_a_leader_of_a_unit_under_a_department_stands_at_the_department(client_of, hr, cohort):
    department = DepartmentFactory(name="甲")
    under = DepartmentFactory(parent=department, gives_leader=False)
    LeaderTermFactory(department=under, cohort=cohort)

    shown = client_of(hr).get(LIST)

    assert states(shown) == [("甲", "done")]
