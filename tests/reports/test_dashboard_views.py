"""The dashboard, the people behind it, and home, as each role sees them."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import NominationStatus
from reports.models import Target
from reports.services.freezing import freeze
from staff.models import Duty
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
    OfferingFactory,
    StaffMemberFactory,
)
from training.models import AttendanceStatus, Category

DASHBOARD = "/reports/"


@pytest.fixture
def plan(db):
    call_command("loaddata", "plan", verbosity=0)


def complete(member, *categories, on=date(2026, 6, 1)):
    """Give the person completions."""
    for category in categories:
        AttendanceFactory(
            staff=member,
            offering=OfferingFactory(course__category=category, starts_on=on),
            category=category,
            status=AttendanceStatus.PRESENT,
            completed_on=on,
        )


def page(client, address, **query):
    return client.get(address, query).content.decode()


def test_hr_sees_the_whole_city_and_its_share(plan, client_of, hr, section, other_section):
    complete(placed(section), Category.MIND, Category.KNOWLEDGE, Category.SKILL)
    for _ in range(2):
        placed(other_section)

    html = page(client_of(hr), DASHBOARD)

    assert "33.3" in html
    assert "3人のうち1人（33.3％）です。R8の目標1/3（1人）に届いています。" in html
    assert "見本課" in html
    assert "別の課" in html


def test_the_finding_says_how_many_are_missing(plan, client_of, hr, section):
    for _ in range(3):
        placed(section)

    html = page(client_of(hr), DASHBOARD)

    assert "R8の目標1/3（1人）まであと1人です。" in html


def test_a_head_sees_no_other_unit_and_no_band_of_the_whole_city(
    plan, client_of, head, other_section
):
    placed(other_section, staff__name="別課　花子")

    html = page(client_of(head), DASHBOARD)

    assert "別の課" not in html
    assert "育成延べ人数" not in html
    assert "見本課" in html


def test_a_manager_sees_figures_without_ways_to_names(plan, client_of, manager, section):
    placed(section)

    html = page(client_of(manager), DASHBOARD)

    assert "見本課" in html
    assert "/reports/people/" not in html
    assert client_of(manager).get("/reports/people/population/").status_code == 403


def test_the_plans_rows_stand_on_the_dashboard_as_of_its_day(plan, client_of, manager):
    OfferingFactory(starts_on=date(2026, 6, 1))

    now = page(client_of(manager), DASHBOARD)
    before = page(client_of(manager), DASHBOARD, as_of="R8.5.31")

    assert (
        "13の施策のうち7を実施中です。研修の開催回は、開催済み1回・実施中0回・これから0回です。"
        in now
    )
    assert "研修の開催回は、開催済み0回・実施中0回・これから1回です。" in before


def test_staff_without_a_role_have_no_dashboard(plan, client_of, staff):
    assert client_of(staff).get(DASHBOARD).status_code == 403


def test_a_past_day_shows_the_figures_of_that_day(plan, client_of, hr, section):
    placed(section)
    placed(section, staff__hired_on=date(2026, 4, 1), starts_on=date(2026, 4, 1))

    assert "全職員 1人" in page(client_of(hr), DASHBOARD, as_of="R8.3.31")
    assert "全職員 2人" in page(client_of(hr), DASHBOARD, as_of="2026-04-01")


def test_a_day_that_cannot_be_is_answered_in_words(plan, client_of, hr):
    assert "暦にない日付です。" in page(client_of(hr), DASHBOARD, as_of="R8.2.30")


@pytest.mark.parametrize(("who", "is_shown"), [("hr", True), ("head", False), ("manager", False)])
def test_a_day_to_come_is_for_those_who_may_know_appointments(
    plan, client_of, request, section, who, is_shown
):
    html = page(client_of(request.getfixturevalue(who)), DASHBOARD, as_of="R9.4.1")

    assert ("基準日は今日までの日を入力してください。" in html) is not is_shown


def test_a_target_is_judged_by_its_own_day(plan, client_of, hr, section):
    capable = placed(section)
    complete(capable, Category.MIND, Category.KNOWLEDGE, Category.SKILL, on=date(2026, 3, 1))
    for _ in range(9):
        placed(section, staff__hired_on=date(2026, 4, 1), starts_on=date(2026, 4, 1))

    html = page(client_of(hr), DASHBOARD)

    assert "達成" in html  # 1 of 1 on 31 March, though 1 of 10 today
    assert "未達" not in html


def test_a_year_made_final_is_judged_by_its_final_figures(plan, client_of, hr, head, section):
    capable = placed(section)
    complete(capable, Category.MIND, Category.KNOWLEDGE, Category.SKILL, on=date(2026, 3, 1))
    freeze(year=FiscalYear(2025), by=hr, today=TODAY)
    placed(section, staff__hired_on=date(2020, 4, 1), starts_on=date(2020, 4, 1))
    Target.objects.filter(fiscal_year=2025, kind="share").update(numerator=1, denominator=2)

    first = client_of(hr).get(DASHBOARD).context["targets"][0]
    of_head = client_of(head).get(DASHBOARD)

    assert first["is_final"]
    assert (first["then"].population, first["status"][0]) == (2, "達成")
    assert first["then_href"] == "/reports/snapshots/2025/"
    assert not of_head.context["targets"][0]["is_final"]


def test_a_head_reads_no_verdict_on_the_city_s_targets(plan, client_of, head, section):
    for _ in range(8):
        placed(section)

    html = page(client_of(head), DASHBOARD)

    assert "参考：市全体の目標1/3を当てはめると、あと3人です" in html
    assert [word for word in ("期日前", "未達", "達成", "目標1/3まで") if word in html] == []


def test_hr_alone_is_sent_to_make_a_year_final(plan, client_of, hr, manager, section):
    admin = account(placed(section), "admin")

    pages = [page(client_of(user), DASHBOARD) for user in (hr, admin, manager)]

    assert ["/reports/snapshots/2025/new/" in html for html in pages] == [True, False, False]


def test_a_day_to_come_is_marked_as_planned_and_judges_no_target(plan, client_of, hr, section):
    placed(section)

    ahead, now = (page(client_of(hr), DASHBOARD, as_of=on) for on in ("R9.4.1", "R8.11.23"))

    assert "令和9年4月1日（予定）" in ahead
    assert "これから先の日の予定です。" in ahead
    assert ahead.count("未達") == now.count("未達") == 1  # R7's, whose day has come
    assert "（予定）" not in now


@pytest.mark.parametrize("name", ["dashboard", "gap", "department_list"])
def test_a_day_before_the_first_record_says_so_in_place_of_noughts(
    plan, client_of, hr, section, name
):
    placed(section, starts_on=date(2025, 4, 1))
    address = reverse(f"reports:{name}")

    before, now = (page(client_of(hr), address, as_of=on) for on in ("H22.5.1", "R8.11.23"))

    assert "この日の職員の記録がありません。" in before
    assert "0人のうち0人" not in before
    assert "（0人）" not in before
    assert "職員の記録がありません" not in now


@pytest.mark.parametrize(
    "address",
    [
        DASHBOARD,
        reverse("reports:gap"),
        reverse("reports:forecast"),
        reverse("reports:department_list"),
        reverse("reports:band_detail", args=["deputy"]),
        reverse("reports:people_list", args=["population"]),
        reverse("reports:gap_people"),
        reverse("reports:term_list"),
    ],
)
def test_every_page_of_a_day_to_come_says_that_it_is_planned(plan, client_of, hr, section, address):
    placed(section)

    ahead, now = (page(client_of(hr), address, as_of=on) for on in ("R9.4.1", "R8.11.23"))

    assert ahead.count("これから先の日の予定です。") == 1
    assert "これから先の日の予定です。" not in now


def test_each_number_leads_to_its_people(plan, client_of, hr, section):
    capable = placed(section, staff__name="活用　太郎")
    complete(capable, Category.MIND, Category.KNOWLEDGE, Category.SKILL)
    placed(section, staff__name="未修　次郎")
    placed(section, staff__name="育休　三郎", duty=Duty.CHILDCARE)
    LeaderTermFactory(staff=capable, department=section)
    client = client_of(hr)

    for figure, names in {
        "capable": {"活用　太郎"},
        "population": {"活用　太郎", "未修　次郎"},
        "excluded_duty": {"育休　三郎"},
        "leaders": {"活用　太郎"},
        "specialists": set(),
    }.items():
        html = page(client, reverse("reports:people_list", args=[figure]))

        everybody = ("活用　太郎", "未修　次郎", "育休　三郎")
        assert {name for name in everybody if name in html} == names
        assert f"全{len(names)}人" in html


def test_a_head_gets_only_own_people_behind_a_figure(plan, client_of, head, other_section):
    placed(other_section, staff__name="別課　花子")

    client = client_of(head)

    assert "別課　花子" not in page(client, "/reports/people/population/")
    assert client.get(f"/reports/people/population/?unit={other_section.pk}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_people_and_units(
    plan, client_of, hr, section, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(hr)
    client.get(DASHBOARD)
    placed(section)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(DASHBOARD)
    for _ in range(12):
        placed(DepartmentFactory())
    with CaptureQueriesContext(connection) as many:
        client.get(DASHBOARD)

    assert len(few) == len(many)


def test_what_is_told_costs_no_queries_of_its_own(plan, client_of, hr, section):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    term = LeaderTermFactory(department=section, staff=placed(section))
    client = client_of(hr)
    client.get(DASHBOARD)
    with CaptureQueriesContext(connection) as few:
        told = len(client.get(DASHBOARD).context["concerns"])
    term.ends_on, term.end_reason = date(2026, 9, 30), "declined"
    term.save()
    with CaptureQueriesContext(connection) as many:
        told_more = len(client.get(DASHBOARD).context["concerns"])

    assert told_more > told
    assert len(few) == len(many)


def test_a_department_page_says_what_to_do_today_alone(plan, client_of, hr, section):
    address = reverse("reports:department_detail", args=[section.pk])

    now, before = (page(client_of(hr), address, as_of=on) for on in ("R8.11.23", "R8.11.22"))

    assert "すること</h2>" in now
    assert "すること</h2>" not in before


def test_a_division_page_says_whom_it_counts_and_leads_below(plan, client_of, hr, section):
    division = DepartmentFactory(name="見本部", gives_leader=False)
    section.parent = division
    section.save()
    placed(division)
    placed(section)

    html = page(client_of(hr), reverse("reports:department_detail", args=[division.pk]))

    assert "全職員（直接の職員） 1人" in html
    assert reverse("reports:department_detail", args=[section.pk]) in html


def test_departments_without_a_leader_come_first_under_the_cards_for_each_in_their_scope(
    plan, client_of, hr, manager, head, section, other_section
):
    LeaderTermFactory(department=section, staff=placed(section))

    of_hr, of_manager, of_head = (page(client_of(one), DASHBOARD) for one in (hr, manager, head))

    for html in (of_hr, of_manager):
        assert "推進リーダーのいない部署が1部署あります" in html
        alarm = html.index("推進リーダーのいない部署が1部署あります")
        assert html.index("全体の状況") < alarm < html.index("R8の目標1/3まで")
        assert "/leaders/cohorts/1/?as_of=2026-11-23" in html
    assert "推進リーダーのいない部署が" not in of_head


def test_the_dashboard_alarms_from_the_day_after_the_last(plan, client_of, hr, section):
    placed(section)
    LeaderTermFactory(department=section, ends_on=date(2026, 9, 30), end_reason="declined")
    words = "推進リーダーのいない部署が1部署あります"
    browser = client_of(hr)

    told = [words in page(browser, DASHBOARD, as_of=on) for on in ("R8.9.30", "R8.10.1")]

    assert told == [False, True]


def test_the_alarm_leads_to_a_page_each_may_open(plan, client_of, hr, manager, head, section):
    for user in (hr, manager, head):
        browser = client_of(user)
        url = browser.get(DASHBOARD).context["concerns"][0]["url"]

        assert "推進リーダーのいない部署が1部署あります" in page(browser, url)


# --- home ---------------------------------------------------------------------------------------


def test_home_tells_hr_what_waits(plan, client_of, hr, section):
    AttendanceFactory(offering=OfferingFactory(starts_on=date(2026, 11, 20)))
    NominationFactory(department=section, status=NominationStatus.SUBMITTED)

    html = page(client_of(hr), "/")

    assert "出欠が未入力です" in html
    assert "承認を待っている推薦が1件あります" in html
    assert "推進リーダーのいない部署が1部署あります" in html


def test_home_tells_a_head_of_the_open_round_and_of_what_came_back(plan, client_of, head, section):
    cohort = CohortFactory()
    cohort.nominations_open_on = date(2026, 11, 1)
    cohort.nominations_close_on = date(2026, 11, 30)
    cohort.save()
    NominationFactory(
        cohort=cohort,
        department=section,
        status=NominationStatus.RETURNED,
        comment="理由を詳しく。",
    )

    html = page(client_of(head), "/")

    assert "第1期の推進リーダーの推薦を受け付けています" in html
    assert "見本課の推薦が差し戻されています" in html


def test_home_shows_staff_the_way_to_their_own_record_only(plan, client_of, staff):
    html = page(client_of(staff), "/")

    assert reverse("staff:member_detail", args=[staff.username]) in html
    assert "計画の進み具合" not in html


# --- the staff list -----------------------------------------------------------------------------


def test_the_staff_list_is_filtered_by_words_in_any_variant(client_of, hr, section):
    placed(section, staff__name="髙橋　花子", staff__name_kana="タカハシ ハナコ")
    placed(section, staff__name="佐藤　次郎", staff__name_kana="サトウ ジロウ")

    for word in ("高橋", "髙橋", "たかはし", "ﾀｶﾊｼ"):
        html = page(client_of(hr), "/staff/", q=word)

        assert "髙橋　花子" in html
        assert "佐藤　次郎" not in html


def test_the_staff_list_shows_a_past_day(client_of, hr, section):
    placed(section, staff__name="退職　済子", staff__left_on=date(2026, 3, 31))

    assert "退職　済子" not in page(client_of(hr), "/staff/")
    assert "退職　済子" in page(client_of(hr), "/staff/", as_of="2026-03-31")


def test_a_name_with_angle_brackets_is_shown_as_it_is(client_of, hr, section):
    placed(section, staff__name="<b>山田</b>")

    html = page(client_of(hr), "/staff/")

    assert "&lt;b&gt;山田&lt;/b&gt;" in html
    assert "<b>山田" not in html


def test_looking_at_another_person_leaves_an_access_entry(client_of, hr):
    from auditlog.models import LogEntry

    member = StaffMemberFactory()

    client_of(hr).get(member.get_absolute_url())

    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert (entry.actor, entry.object_id) == (hr, member.pk)
    assert member.name not in entry.object_repr


def test_the_queries_of_the_staff_list_do_not_grow(client_of, hr, section):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(hr)
    placed(section)
    with CaptureQueriesContext(connection) as one:
        client.get("/staff/")
    for _ in range(10):
        placed(section)
    with CaptureQueriesContext(connection) as eleven:
        client.get("/staff/")

    assert len(one) == len(eleven)
