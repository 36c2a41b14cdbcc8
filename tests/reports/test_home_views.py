"""Home: what there is to do now, by role, and the one figure of the asker's scope."""

from datetime import date

import pytest
from django.utils import timezone

from staff.models import StaffMember
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    EvidenceFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
    OfferingFactory,
    RosterImportFactory,
    StaffMemberFactory,
    TargetFactory,
    TrainingReportFactory,
)

pytestmark = pytest.mark.django_db


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
    words = "推進リーダーのいない部署が1あります"

    assert words in titles(client_of(hr))
    assert words in titles(client_of(admin))
    assert titles(client_of(manager)) == []
    assert other_section.name in client_of(hr).get("/").content.decode()


def test_a_head_learns_of_their_own_departments_alone(
    client_of, head, section, other_section, closed_round
):
    html = client_of(head).get("/").content.decode()

    assert "推進リーダーのいない部署が1あります" in html
    assert section.name in html
    assert other_section.name not in html


def test_hr_decides_what_was_handed_in_and_admin_does_not(client_of, hr, admin, closed_round):
    NominationFactory(status="submitted", department__gives_leader=False)
    NominationFactory(status="returned", comment="理由", department__gives_leader=False)

    assert titles(client_of(hr)) == ["承認を待っている推薦が1件あります"]
    assert titles(client_of(admin)) == []


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


@pytest.mark.parametrize(("closes_on", "is_open"), [(TODAY, True), (date(2026, 11, 22), False)])
def test_a_head_learns_of_an_open_round(client_of, head, section, closes_on, is_open):
    CohortFactory(nominations_close_on=closes_on)
    LeaderTermFactory(department=section)

    found = titles(client_of(head))

    assert found == (["第1期の推進リーダーの推薦を受け付けています"] if is_open else [])


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
