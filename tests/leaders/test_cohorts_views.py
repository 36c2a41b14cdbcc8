"""The cohorts of the plan, and one of them on a day, as each role sees them."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from leaders.slots import leader_terms
from tests.conftest import TODAY, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
    RankFactory,
    StaffMemberFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(nominations_open_on=None, nominations_close_on=None)


def page(cohort, as_of=""):
    url = reverse("leaders:cohort_detail", args=[cohort.number])
    return f"{url}?as_of={as_of}" if as_of else url


def shown(client, cohort, as_of=""):
    return client.get(page(cohort, as_of)).content.decode()


def cards(response):
    return [(one["label"], one["value"], one["comparison"]) for one in response.context["cards"]]


def make_band(year=2026, minimum=18, maximum=22, **kwargs):
    TargetFactory(
        kind="leaders",
        fiscal_year=year,
        numerator=None,
        denominator=None,
        minimum=minimum,
        maximum=maximum,
        **kwargs,
    )


# --- One cohort ---------------------------------------------------------------------------------


def test_hr_sees_the_whole_first(client_of, hr, cohort, section, other_section):
    make_band()
    LeaderTermFactory(department=section)
    LeaderTermFactory(department=section, ends_on=date(2026, 9, 30), completed=True)

    response = client_of(hr).get(page(cohort))

    assert cards(response) == [
        ("活動中のリーダー", "1", "予定 23人"),
        ("リーダーのいる部署", "1", "いない部署 1"),
        ("修了した任期（延べ）", "1", "令和9年3月31日までの計画 18～22人"),
        ("任期の残り", "128", "令和9年3月31日まで"),
    ]


def test_the_plan_counts_for_the_whole_city_alone(client_of, head, manager, cohort, section):
    make_band()

    of_head, of_manager = (client_of(user).get(page(cohort)) for user in (head, manager))

    assert "計画 18" not in of_head.content.decode()
    assert "予定 23人" not in of_head.content.decode()
    assert "令和9年3月31日までの計画 18～22人" in of_manager.content.decode()


def test_departments_without_a_leader_are_told_first(client_of, hr, cohort, section, other_section):
    LeaderTermFactory(department=section)

    html = shown(client_of(hr), cohort)

    assert "推進リーダーのいない部署が1部署あります" in html
    assert "<li>別の課</li>" in html
    assert html.index("推進リーダーのいない部署") < html.index("全体の状況")


def test_a_cohort_that_does_not_run_today_alarms_nobody(client_of, hr, section):
    coming = CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))

    html = shown(client_of(hr), coming)

    assert "推進リーダーのいない部署が" not in html
    assert "リーダーが決まっていません" in html
    assert "期が始まるまで" in html


def test_hr_reads_the_leaders_of_every_department_by_name(client_of, hr, cohort, section):
    sitting = LeaderTermFactory(department=section)
    over = LeaderTermFactory(department=section, ends_on=date(2026, 9, 30), end_reason="moved")
    LeaderTermFactory(cohort=CohortFactory(number=2), staff__name="別の期")

    html = shown(client_of(hr), cohort)

    assert sitting.get_absolute_url() in html
    assert over.staff.name in html
    assert "令和8年9月30日・異動）退任・未判定" in html
    assert "別の期" not in html


def test_a_manager_reads_how_many_and_no_name(client_of, manager, cohort, section):
    sitting = LeaderTermFactory(department=section)
    over = LeaderTermFactory(department=section, ends_on=date(2026, 9, 30), end_reason="moved")

    html = shown(client_of(manager), cohort)

    assert "活動中 1人" in html
    assert "退任 1人" in html
    assert sitting.staff.name not in html
    assert over.staff.name not in html
    assert "異動）" not in html


def test_a_head_reads_their_own_departments_alone(client_of, head, cohort, section, other_section):
    own, other = LeaderTermFactory(department=section), LeaderTermFactory(department=other_section)

    response = client_of(head).get(page(cohort))

    html = response.content.decode()
    assert own.staff.name in html
    assert other.staff.name not in html
    assert "別の課" not in html
    assert cards(response)[0] == ("活動中のリーダー", "1", "")


def test_nobody_else_gets_in(client_of, staff, cohort):
    assert client_of(staff).get(page(cohort)).status_code == 403


def test_a_past_day_comes_out_as_it_was(client_of, hr, cohort, section):
    LeaderTermFactory(department=section, ends_on=date(2026, 9, 30), end_reason="declined")
    browser = client_of(hr)

    eve, day = (browser.get(page(cohort, on)).context["board"] for on in ("R8.9.30", "R8.10.1"))

    assert (eve.sitting, len(eve.without)) == (1, 0)
    assert (day.sitting, len(day.without)) == (0, 1)


def test_a_day_to_come_is_for_those_who_may_know_it(client_of, hr, manager, cohort, section):
    LeaderTermFactory(department=section, ends_on=date(2026, 12, 31), end_reason="moved")

    told = [shown(client_of(user), cohort, "R9.1.1") for user in (hr, manager)]

    assert "推進リーダーのいない部署が1部署あります" in told[0]
    assert "基準日は今日までの日を入力してください。" in told[1]
    assert "推進リーダーのいない部署が1部署あります" not in told[1]


@pytest.mark.parametrize(("reason", "is_told"), [("moved", False), ("declined", True)])
def test_a_head_learns_nothing_of_a_move_to_come(
    client_of, head, hr, cohort, section, reason, is_told
):
    term = LeaderTermFactory(department=section, ends_on=date(2026, 12, 31), end_reason=reason)

    of_head, of_hr = (shown(client_of(user), cohort) for user in (head, hr))

    assert ("令和9年1月1日からリーダーがいなくなります" in of_head) is is_told
    assert ("令和8年12月31日" in of_head) is is_told
    assert "令和9年1月1日からリーダーがいなくなります" in of_hr
    assert term.staff.name in of_head


def test_hr_is_asked_about_those_who_moved_and_a_head_is_told(
    client_of, hr, head, manager, cohort, section
):
    member = placed(section)
    term = LeaderTermFactory(department=section, staff=member)
    AssignmentFactory(
        staff=member,
        department=DepartmentFactory(name="移った課"),
        starts_on=date(2026, 10, 1),
    )

    of_hr, of_head, of_manager = (shown(client_of(one), cohort) for one in (hr, head, manager))

    assert "令和8年10月1日に移った課へ異動" in of_hr
    assert "任期を続けるか、終えるかを決めてください。" in of_hr
    assert term.get_absolute_url() in of_hr
    assert "人事担当が確認中" in of_head
    assert "に移った課へ異動" not in of_manager


def test_a_past_day_asks_nothing(client_of, hr, cohort, section):
    member = placed(section)
    LeaderTermFactory(department=section, staff=member)
    AssignmentFactory(staff=member, starts_on=date(2026, 10, 1))

    assert "へ異動" not in shown(client_of(hr), cohort, "R8.11.22")


def test_it_takes_the_same_queries_for_1_and_11_terms(
    client_of, hr, cohort, django_assert_num_queries, django_assert_max_num_queries
):
    def lead():
        member = placed(DepartmentFactory())
        AssignmentFactory(staff=member, starts_on=date(2026, 10, 1))
        LeaderTermFactory(staff=member)

    lead()
    browser = client_of(hr)
    browser.get(page(cohort))
    with django_assert_max_num_queries(20) as counted:
        browser.get(page(cohort))
    for _ in range(10):
        lead()

    with django_assert_num_queries(len(counted)):
        response = browser.get(page(cohort))

    assert response.context["board"].sitting == 11
    assert len(response.context["questions"]) == 11


def test_a_cohort_that_is_not_in_the_plan_is_not_found(client_of, hr):
    assert client_of(hr).get(reverse("leaders:cohort_detail", args=[9])).status_code == 404


def test_a_name_with_signs_of_html_is_shown_as_it_is(client_of, hr, cohort):
    LeaderTermFactory(staff__name="<b>見本</b>", department__name="<b>課</b>")

    html = shown(client_of(hr), cohort)

    assert "<b>" not in html
    assert "&lt;b&gt;見本&lt;/b&gt;" in html


# --- All cohorts --------------------------------------------------------------------------------


def listed(client):
    return client.get(reverse("leaders:cohort_list")).context["lines"]


def test_the_cohorts_stand_with_their_state_and_their_leaders(client_of, hr, cohort, section):
    make_band()
    CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))
    LeaderTermFactory(department=section)
    LeaderTermFactory(department=section, ends_on=date(2026, 9, 30), completed=True)

    first, second = listed(client_of(hr))

    assert (str(first.state), first.sitting, first.completed) == ("活動中", 1, 1)
    assert first.band.words == "18～22人"
    assert (str(second.state), second.sitting, second.band) == ("開始前", 0, None)


@pytest.mark.parametrize(
    ("closed_at", "state"), [(None, "終了"), (datetime(2026, 11, 1, tzinfo=UTC), "終了処理済み")]
)
def test_a_cohort_that_is_over_says_whether_it_was_closed(client_of, hr, closed_at, state):
    CohortFactory(first_year=FiscalYear(2023), last_year=FiscalYear(2024), closed_at=closed_at)

    (line,) = listed(client_of(hr))

    assert line.state == state


def test_the_list_counts_what_the_asker_may_see(
    client_of, head, manager, cohort, section, other_section
):
    LeaderTermFactory(department=section)
    LeaderTermFactory(department=other_section)

    counted = [listed(client_of(user))[0].sitting for user in (head, manager)]

    assert counted == [1, 2]


def test_the_list_takes_the_same_queries_for_1_and_11_terms(
    client_of, hr, cohort, django_assert_num_queries, django_assert_max_num_queries
):
    browser, url = client_of(hr), reverse("leaders:cohort_list")
    LeaderTermFactory()
    browser.get(url)
    with django_assert_max_num_queries(14) as counted:
        browser.get(url)
    LeaderTermFactory.create_batch(10)

    with django_assert_num_queries(len(counted)):
        browser.get(url)


def test_an_empty_plan_says_what_to_do(client_of, hr):
    html = client_of(hr).get(reverse("leaders:cohort_list")).content.decode()

    assert "期がまだ登録されていません。" in html


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ({"minimum": 18, "maximum": 22}, "18～22人"),
        ({"minimum": 100, "maximum": None, "approximate": True}, "約100人"),
        ({"minimum": 20, "maximum": None}, "20人以上"),
    ],
)
def test_the_band_is_written_as_the_plan_writes_it(client_of, hr, cohort, band, words):
    make_band(**band)

    assert listed(client_of(hr))[0].band.words == words


# --- What a person's page shows -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ({}, "活動中"),
        ({"starts_on": TODAY}, "活動中"),
        ({"starts_on": date(2027, 4, 1)}, "就任前"),
        (
            {"ends_on": date(2026, 9, 30), "end_reason": "moved"},
            "令和8年9月30日（異動）",
        ),
        ({"ends_on": TODAY}, "令和8年11月23日"),
        ({"ends_on": date(2027, 3, 31)}, "令和9年3月31日まで"),
        ({"ends_on": date(2027, 1, 31), "end_reason": "declined"}, "令和9年1月31日（辞退）まで"),
        ({"ends_on": date(2027, 1, 31), "end_reason": "moved"}, "活動中"),
    ],
)
def test_a_person_s_page_tells_how_a_term_stands(term, words):
    member = StaffMemberFactory()
    LeaderTermFactory(staff=member, department=DepartmentFactory(name="見本課"), **term)

    (row,) = leader_terms(member, TODAY).rows

    assert (row[0], row[1], row[3]) == ("第1期", "見本課", words)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ({}, ""),
        ({"ends_on": TODAY}, ""),
        ({"ends_on": date(2026, 11, 22)}, "未判定"),
        ({"ends_on": date(2026, 11, 22), "completed": True}, "修了"),
        ({"ends_on": TODAY, "completed": True}, "修了"),
        ({"ends_on": date(2026, 11, 22), "decided_on": TODAY}, "未修了"),
    ],
)
def test_a_person_s_page_tells_completed_not_completed_and_undecided_apart(term, words):
    member = StaffMemberFactory()
    LeaderTermFactory(staff=member, **term)

    (row,) = leader_terms(member, TODAY).rows

    assert row[4] == words


def test_a_person_s_page_shows_the_newest_term_first_and_what_was_completed():
    member = StaffMemberFactory()
    LeaderTermFactory(staff=member, ends_on=date(2026, 3, 31), completed=True)
    LeaderTermFactory(staff=member, cohort=CohortFactory(number=2), starts_on=date(2027, 4, 1))

    rows = leader_terms(member, TODAY).rows

    assert [(row[0], row[4]) for row in rows] == [("第2期", ""), ("第1期", "修了")]


def test_a_term_without_an_end_is_undecided_once_its_cohort_is_over():
    member = StaffMemberFactory()
    LeaderTermFactory(staff=member)

    last_day, after = (
        leader_terms(member, on).rows[0][4] for on in (date(2027, 3, 31), date(2027, 4, 1))
    )

    assert (last_day, after) == ("", "未判定")


def test_ranks_do_not_matter_to_who_sits(client_of, hr, cohort, section):
    member = placed(section, rank=RankFactory(is_leader_eligible=False))
    LeaderTermFactory(department=section, staff=member)

    assert client_of(hr).get(page(cohort)).context["board"].sitting == 1


# --- The settings -------------------------------------------------------------------------------


def test_the_settings_leave_the_round_and_the_closing_to_hr(client_of, admin, cohort):
    settings = reverse("admin:leaders_cohort_change", args=[cohort.pk])
    given = {"number": cohort.number, "first_year": 2025, "last_year": 2026, "seats": 30}
    closed = {"closed_at_0": "2026-11-23", "closed_at_1": "12:00", "instruction": "至急"}

    response = client_of(admin).post(settings, given | closed)

    cohort.refresh_from_db()
    assert response.status_code == 302
    assert (cohort.seats, cohort.closed_at, cohort.instruction) == (30, None, "")
