"""Home: what there is to do now, by role, and the one figure of the asker's scope."""

from datetime import date, datetime, time

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from staff.models import RosterImport, StaffMember
from tests.conftest import JAPAN, TODAY, account, placed
from tests.factories import (
    ActivityFactory,
    ActivityStepFactory,
    AssignmentFactory,
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    DepartmentFactory,
    EvidenceFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
    OfferingDayFactory,
    OfferingFactory,
    ProgrammeFactory,
    RankFactory,
    RosterImportFactory,
    SnapshotFactory,
    StaffMemberFactory,
    SurveyAnswerFactory,
    TargetFactory,
    TrainingReportFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen(db):
    """The year that is over has its figures, or HR would be asked for them everywhere here."""
    SnapshotFactory()


@pytest.fixture
def closed_round():
    return CohortFactory(nominations_open_on=None, nominations_close_on=None)


def titles(client):
    response = client.get("/")
    assert response.status_code == 200
    return [task.title for task in response.context["tasks"]]


def test_there_is_nothing_to_do_where_nothing_waits(client_of, manager, hr, admin):
    for user in (account(StaffMemberFactory()), manager, hr, admin):
        html = client_of(user).get("/").content.decode()

        assert "今やることはありません。" in html


def test_of_many_offerings_the_oldest_are_asked_for_first(client_of, hr):
    for day in (22, 16, 17, 18, 19, 20):
        AttendanceFactory(
            offering__starts_on=date(2026, 11, day), offering__course__title=f"{day}日の研修"
        )

    found = [one for one in titles(client_of(hr)) if one.startswith("出欠が未入力です")]

    assert found == [f"出欠が未入力です：{day}日の研修" for day in (16, 17, 18, 19, 20)]


@pytest.mark.parametrize(
    ("offering", "asked"),
    [
        ({"starts_on": TODAY}, True),
        ({"starts_on": date(2026, 11, 24)}, False),
        ({"starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 24)}, False),
        ({"closed_at": timezone.now()}, False),
    ],
)
def test_hr_is_asked_for_the_marks_of_what_is_over(client_of, hr, offering, asked):
    place = AttendanceFactory(offering=OfferingFactory(**offering, course__title="見本の研修"))

    found = titles(client_of(hr))

    assert ("出欠が未入力です：見本の研修" in found) == asked
    assert place.offering.course.title == "見本の研修"


def test_marked_offerings_wait_no_longer(client_of, hr):
    CompletionFactory()

    assert titles(client_of(hr)) == []


def test_at_most_five_offerings_are_named(client_of, hr):
    AttendanceFactory.create_batch(6)

    assert len(titles(client_of(hr))) == 5


def test_an_offering_with_several_missing_marks_is_named_once(client_of, hr):
    AttendanceFactory.create_batch(3, offering=OfferingFactory())

    assert len(titles(client_of(hr))) == 1


def test_hr_and_admin_learn_of_departments_without_a_leader(
    client_of, hr, admin, manager, section, other_section, closed_round
):
    LeaderTermFactory(department=section)
    words = "推進リーダーのいない部署が1部署あります"

    assert words in titles(client_of(hr))
    assert words in titles(client_of(admin))
    assert titles(client_of(manager)) == []
    assert other_section.name in client_of(hr).get("/").content.decode()


@pytest.mark.parametrize(
    ("end", "left_on"),
    [({"ends_on": TODAY, "end_reason": "declined"}, None), ({}, TODAY)],
)
def test_a_department_alarms_from_the_day_after_its_leader_s_last(
    client_of, hr, head, section, closed_round, end, left_on
):
    LeaderTermFactory(department=section, cohort=closed_round, staff__left_on=left_on, **end)
    words = "推進リーダーのいない部署が1部署あります"

    def told(day):
        with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=JAPAN)):
            return [words in titles(client_of(user)) for user in (hr, head)]

    assert told(23) == [False, False]
    assert told(24) == [True, True]


def test_the_alarm_leads_to_the_cohort_that_runs(client_of, hr, section, closed_round):
    (task,) = client_of(hr).get("/").context["tasks"]

    assert task.url == f"{closed_round.get_absolute_url()}?as_of={TODAY}"


def test_between_two_cohorts_the_alarm_leads_to_all_of_them(client_of, hr, section):
    (task,) = client_of(hr).get("/").context["tasks"]

    assert task.url == reverse("leaders:cohort_list")


def test_hr_decides_about_leaders_who_moved_and_nobody_else_does(
    client_of, hr, admin, manager, head, section, closed_round
):
    member = placed(section)
    LeaderTermFactory(department=section, staff=member)
    AssignmentFactory(
        staff=member,
        department=DepartmentFactory(gives_leader=False),
        starts_on=TODAY,
        duty="seconded",
    )

    (task,) = client_of(hr).get("/").context["tasks"]

    assert task.title == "任期を確かめる推進リーダーが1人います"
    assert task.body == f"見本課 {member.name}"
    assert task.url == f"{closed_round.get_absolute_url()}#questions"
    for user in (admin, manager, head):
        assert titles(client_of(user)) == []


def test_a_promoted_leader_is_no_task(client_of, hr, section, closed_round):
    member = placed(section)
    LeaderTermFactory(department=section, staff=member)
    AssignmentFactory(
        staff=member,
        department=section,
        rank=RankFactory(is_leader_eligible=False),
        starts_on=TODAY,
    )

    assert titles(client_of(hr)) == []


def test_a_head_learns_of_their_own_departments_alone(
    client_of, head, section, other_section, closed_round
):
    html = client_of(head).get("/").content.decode()

    assert "推進リーダーのいない部署が1部署あります" in html
    assert section.name in html
    assert other_section.name not in html


def test_hr_decides_what_was_handed_in_and_admin_does_not(client_of, hr, admin, closed_round):
    NominationFactory(status="submitted", department__gives_leader=False)
    NominationFactory(status="returned", comment="理由", department__gives_leader=False)

    assert titles(client_of(hr)) == ["承認を待っている推薦が1件あります"]
    assert titles(client_of(admin)) == []


def test_nominations_of_a_cohort_that_is_over_wait_for_nobody(client_of, hr, head, section):
    over = {"cohort__number": 9, "cohort__first_year": FiscalYear(2020)}
    over |= {"cohort__last_year": FiscalYear(2021), "comment": "理由", "department": section}
    NominationFactory(status="submitted", **over)
    NominationFactory(status="returned", **over)

    told = "".join(titles(client_of(hr)) + titles(client_of(head)))

    assert "承認を待っている推薦" not in told
    assert "差し戻されています" not in told


def test_a_head_corrects_what_was_returned_to_them(
    client_of, head, section, other_section, closed_round
):
    LeaderTermFactory(department=section)
    own = NominationFactory(status="returned", comment="理由", department=section)
    NominationFactory(status="returned", comment="理由", department=other_section)

    response = client_of(head).get("/")

    (task,) = response.context["tasks"]
    assert task.title == f"{section.name}の推薦が差し戻されています"
    assert task.url == own.get_absolute_url()


def test_hr_learns_of_qualifications_that_wait_and_not_of_their_own(client_of, hr, admin, head):
    EvidenceFactory.create_batch(2)
    EvidenceFactory(staff=hr.staff)
    EvidenceFactory(state="returned")

    assert "確認待ちの資格が2件あります" in titles(client_of(hr))
    assert "確認待ちの資格が3件あります" in titles(client_of(admin))
    assert not [title for title in titles(client_of(head)) if "資格" in title]


def test_a_head_learns_of_the_ojt_of_their_people_and_hr_of_that_of_heads(
    client_of, hr, head, section, other_section
):
    for member in (placed(section), placed(section), placed(other_section), head.staff):
        EvidenceFactory(staff=member, kind="ojt", attendance=AttendanceFactory(staff=member))

    assert "確認待ちのOJT記録が2件あります" in titles(client_of(head))
    assert "確認待ちのOJT記録が1件あります" in titles(client_of(hr))


def test_a_head_learns_of_unread_reports_of_their_people_and_hr_of_those_of_heads(
    client_of, hr, head, manager, section, other_section
):
    now = timezone.now()
    for member in (placed(section), placed(section), placed(other_section), head.staff):
        TrainingReportFactory(attendance__staff=member, submitted_at=now)
    TrainingReportFactory(attendance__staff=placed(section), submitted_at=None)
    TrainingReportFactory(
        attendance__staff=placed(section), submitted_at=now, read_at=now, read_by=head
    )

    assert "未確認の受講報告書が2件あります" in titles(client_of(head))
    assert "未確認の受講報告書が1件あります" in titles(client_of(hr))
    assert not [title for title in titles(client_of(manager)) if "受講報告書" in title]


def test_the_admin_confirms_rosters(client_of, admin, hr):
    RosterImportFactory(file_name="四月の名簿.xlsx")

    assert titles(client_of(admin)) == ["確認待ちの名簿があります：四月の名簿.xlsx"]
    assert titles(client_of(hr)) == []


def test_whoever_is_several_at_once_sees_the_tasks_of_all(client_of, section, closed_round):
    everything = account(placed(section, rank=HeadRankFactory()), "hr", "admin")
    AttendanceFactory()
    RosterImportFactory()
    NominationFactory(status="submitted", department=section)

    assert len(titles(client_of(everything))) == 4


def test_every_task_leads_to_a_page_of_its_own(client_of, hr, section):
    CohortFactory()
    AttendanceFactory()
    NominationFactory(status="submitted", department=section)
    browser = client_of(hr)

    tasks = browser.get("/").context["tasks"]

    assert len(tasks) == 3
    assert {browser.get(task.url).status_code for task in tasks} == {200}


def test_the_figure_is_the_city_s_for_hr_and_managers_and_one_s_own_for_a_head(
    client_of, hr, manager, head, section, other_section
):
    placed(section)
    placed(other_section)

    def population(user):
        context = client_of(user).get("/").context
        return context["figures"].total.population, context["is_whole_city"]

    assert population(hr) == population(manager) == (3, True)
    assert population(head) == (2, False)


def test_the_next_promise_stands_beside_the_figure(client_of, hr, section):
    TargetFactory(fiscal_year=2026, numerator=1, denominator=3)
    placed(section)

    html = client_of(hr).get("/").content.decode()

    assert "R8の目標1/3（1人）まであと1人・残り128日" in html


def test_staff_see_no_figure_and_the_way_to_their_own_record(client_of, staff):
    response = client_of(staff).get("/")

    assert response.context["figures"] is None
    assert staff.staff.get_absolute_url() in response.content.decode()
    assert "計画の進み具合" not in response.content.decode()


def test_a_leader_is_told_of_steps_past_their_day_and_nobody_else_is(
    client_of, staff, head, hr, section
):
    term = LeaderTermFactory(staff=staff.staff, department=section)
    step = ActivityStepFactory(activity=ActivityFactory(term=term), due_on=date(2026, 11, 22))

    told = "予定日を過ぎた活動の手順が1件あります"
    assert told in titles(client_of(staff))
    assert told not in titles(client_of(head)) + titles(client_of(hr))
    assert step.activity.get_absolute_url() in client_of(staff).get("/").content.decode()


def test_a_leader_without_an_activity_is_asked_to_begin(client_of, staff, section):
    term = LeaderTermFactory(staff=staff.staff, department=section)
    client = client_of(staff)

    assert "推進リーダーの活動がまだ登録されていません" in titles(client)
    assert reverse("leaders:activity_new", args=[term.pk]) in client.get("/").content.decode()

    ActivityFactory(term=term)
    assert "推進リーダーの活動がまだ登録されていません" not in titles(client)


def test_an_account_without_a_person_has_a_home(client_of, hr):
    hr.staff = None
    hr.save()

    response = client_of(hr).get("/")

    assert response.status_code == 200
    assert response.context["own"] is None


def test_somebody_who_left_has_no_home(client_of, hr):
    client = client_of(hr)
    StaffMember.objects.filter(pk=hr.staff_id).update(left_on=date(2026, 11, 22))

    response = client.get("/")

    assert response["Location"] == "/accounts/login/?next=/"


def test_titles_with_signs_of_html_are_shown_as_they_are(client_of, hr, section):
    section.name = "<b>課</b>"
    section.save()
    AttendanceFactory(offering__course__title="<b>見本</b>")
    AssignmentFactory(staff=hr.staff, department=section)
    StaffMember.objects.filter(pk=hr.staff_id).update(name="<b>氏名</b>")

    html = client_of(hr).get("/").content.decode()

    assert "<b>" not in html
    for words in ("課", "見本", "氏名"):
        assert f"&lt;b&gt;{words}&lt;/b&gt;" in html


# --- One's own training, and that of one's people ------------------------------------------------


def own_tasks(client):
    response = client.get("/")
    assert response.status_code == 200
    return [(task.kind, task.title, task.body, task.url) for task in response.context["tasks"]]


MINE = reverse("training:mine")


def test_everybody_learns_of_the_surveys_they_have_not_answered(client_of, staff, hr):
    def attended(title, starts_on):
        offering = OfferingFactory(starts_on=starts_on, course__title=title)
        return CompletionFactory(staff=staff.staff, offering=offering)

    attended("見本の研修", date(2026, 11, 20))
    SurveyAnswerFactory(attendance=attended("答えた研修", date(2026, 11, 19)))
    attended("昔の研修", date(2026, 6, 1))

    assert own_tasks(client_of(staff)) == [
        ("information", "回答していないアンケートが1件あります", "見本の研修", MINE)
    ]
    assert not [title for title in titles(client_of(hr)) if "アンケート" in title]


def test_the_next_booked_training_is_named_with_its_day_hour_and_place(client_of, staff):
    soon = OfferingFactory(
        starts_on=date(2026, 12, 3),
        starts_at=time(13, 30),
        venue="大会議室",
        course__title="見本の研修",
    )
    AttendanceFactory(staff=staff.staff, offering=soon)
    for starts_on, status, cancelled_at in (
        (date(2026, 12, 4), "booked", None),
        (date(2026, 12, 2), "booked", timezone.now()),
        (date(2026, 12, 1), "waiting", None),
        (date(2026, 11, 30), "notified", None),
        (date(2026, 11, 20), "booked", None),
    ):
        other = OfferingFactory(starts_on=starts_on, cancelled_at=cancelled_at)
        AttendanceFactory(staff=staff.staff, offering=other, status=status)

    assert own_tasks(client_of(staff)) == [
        (
            "information",
            "次の研修：見本の研修",
            "令和8年12月3日（木） 13:30開始　大会議室",
            reverse("training:mine_offering", args=[soon.pk]),
        )
    ]


def test_of_several_days_the_next_one_is_named(client_of, staff):
    offering = OfferingFactory(starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 27))
    for day in (20, 25, 27):
        OfferingDayFactory(offering=offering, day=date(2026, 11, day), starts_at=time(day % 20))
    AttendanceFactory(staff=staff.staff, offering=offering)

    [(_, _, body, _)] = own_tasks(client_of(staff))

    assert body == "令和8年11月25日（水） 05:00開始　集合"


def test_of_a_period_both_ends_are_named(client_of, staff):
    offering = OfferingFactory(
        starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30), mode="on_demand"
    )
    AttendanceFactory(staff=staff.staff, offering=offering)

    [(_, _, body, _)] = own_tasks(client_of(staff))

    assert body == "令和8年11月1日～令和8年11月30日の間　eラーニング"


def test_everybody_learns_what_they_owe_without_a_booking(client_of, staff):
    ProgrammeFactory(name="甲の研修", category="knowledge")
    ProgrammeFactory(name="乙の研修", category="skill")
    ProgrammeFactory(name="予約した研修", category="mind")
    booked = OfferingFactory(starts_on=date(2026, 12, 3), course__category="mind")
    AttendanceFactory(staff=staff.staff, offering=booked)

    response = client_of(staff).get("/")

    [_, task] = response.context["tasks"]
    assert task.title == "まだ受けていない研修が2件あります"
    assert set(task.body.split("、")) == {"甲の研修", "乙の研修"}
    assert (task.url, task.action) == (MINE, "申し込む")


def test_beyond_three_only_the_number_is_told(client_of, staff):
    for category in ("mind", "knowledge", "skill", "executive", "elearning"):
        ProgrammeFactory(name="見本", category=category)

    [(_, title, body, _)] = own_tasks(client_of(staff))

    assert (title, body) == ("まだ受けていない研修が5件あります", "見本、見本、見本、ほか2件")


def test_a_head_learns_how_many_of_their_people_still_owe_the_plan(
    client_of, head, staff, hr, section, other_section
):
    row = ProgrammeFactory(name="見本の施策")
    CompletionFactory(staff=head.staff)
    placed(section)
    placed(other_section)

    [*_, task] = own_tasks(client_of(head))

    url = f"{reverse('training:outstanding_list')}?programme={row.code}"
    title = "所属に、今年度の研修をまだ受けていない職員が2人います"
    assert task == ("information", title, "見本の施策（2人）", url)
    assert len(client_of(head).get(url).context["page"].object_list) == 2
    for other in (staff, hr):
        assert title not in titles(client_of(other))


def test_hr_and_admin_learn_of_letters_to_hand_over_on_paper(
    client_of, hr, admin, head, section, settings
):
    settings.SENDS_EMAIL = True
    tomorrow = OfferingFactory(starts_on=date(2026, 11, 24))
    for email in ("", "", "mihon@example.jp"):
        AttendanceFactory(offering=tomorrow, staff=placed(section, staff__email=email))
    words = "紙で渡すお知らせが2人分あります"

    assert words in titles(client_of(hr))
    assert words in titles(client_of(admin))
    assert words not in titles(client_of(head))


def test_the_queries_of_home_do_not_grow_with_people_and_trainings(
    client_of, section, django_assert_max_num_queries, django_assert_num_queries
):
    everything = account(placed(section, rank=HeadRankFactory()), "manager")
    ProgrammeFactory()
    client = client_of(everything)

    def more():
        other = placed(section)
        for member in (everything.staff, other):
            AttendanceFactory(staff=member, offering__starts_on=date(2026, 12, 3))
            AttendanceFactory(staff=member, status="absent", offering__starts_on=TODAY)
        CompletionFactory(
            staff=everything.staff,
            offering=OfferingFactory(starts_on=TODAY, course__category="skill"),
        )

    more()
    client.get("/")
    with django_assert_max_num_queries(50) as counted:
        client.get("/")
    for _ in range(5):
        more()

    with django_assert_num_queries(len(counted)):
        response = client.get("/")

    assert "回答していないアンケートが6件あります" in [
        task.title for task in response.context["tasks"]
    ]


def test_home_reads_the_organisation_once_for_all_rosters(client_of, hr, section):
    placed(section)
    client = client_of(hr)

    def readings():
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return sum('FROM "staff_department"' in one["sql"] for one in queries)

    def roster():
        RosterImportFactory(
            status="applied", applied_at=timezone.now(), file_name=f"{RosterImport.objects.count()}"
        )

    roster()
    readings()  # what a process asks once only
    one = readings()
    roster(), roster()

    assert readings() == one + 2  # of each roster the names on it alone
