"""The candidates, their workbook, one candidate's page."""

import html
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from agano_dx.lib.workbooks.reading import read_workbook
from staff.forms.files import MOST_WITHOUT_REASON
from staff.models import Assignment, Band, StaffMember
from tests.conftest import TODAY, account, placed
from tests.factories import (
    LONG_AGO,
    AssignmentFactory,
    DepartmentFactory,
    EvidenceFactory,
    LeaderTermFactory,
    RankFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
    SuitabilityNoteFactory,
    TransferRequestFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("leaders:specialist_candidates")
EXPORT = reverse("leaders:specialist_candidate_export")


@pytest.fixture
def office(db):
    return DepartmentFactory(name="推進室", is_digital_office=True)


def text(response):
    return html.unescape(response.content.decode())


def page_of(member):
    return reverse("leaders:specialist_candidate", args=[member.number])


def listed(response):
    return {row.person.place.staff for row in response.context["page"]}


def former_leader(**kwargs):
    member = AssignmentFactory(**kwargs).staff
    LeaderTermFactory(staff=member, ends_on=date(2026, 3, 31), completed=True)
    return member


# --- the list -----------------------------------------------------------------------------------


def test_the_list_tells_route_training_and_proofs(client_of, hr, office):
    member = placed(office)
    EvidenceFactory(staff=member, title="見本試験", state="confirmed", confirmed_on=TODAY)

    page = client_of(hr).get(LIST)

    assert listed(page) == {member}
    for words in (member.name, "推進室", "見本試験", "申告なし"):
        assert words in text(page)


def test_the_designated_stand_apart(client_of, hr, office):
    SpecialistDesignationFactory(staff=placed(office))

    page = client_of(hr).get(LIST)

    assert listed(page) == set()
    assert "登用中の1人" in text(page)


def test_the_list_is_filtered_by_route_band_and_wish(client_of, hr, office):
    deputy = placed(office, rank=RankFactory(band=Band.DEPUTY))
    led = former_leader()
    TransferRequestFactory(staff=led, preference="talk")
    browser = client_of(hr)

    def found(**asked):
        return listed(browser.get(LIST, asked))

    assert found() == {deputy, led}
    assert found(route="leader") == {led}
    assert found(route="office") == found(band="deputy") == found(wish="none") == {deputy}
    assert found(wish="talk") == {led}
    assert found(wish="yes") == set()
    assert found(band="wrong") == {deputy, led}


def test_an_administrator_is_shown_no_wish_no_note_and_cannot_ask_for_them(
    client_of, admin, office
):
    wishing, other = placed(office), placed(office)
    TransferRequestFactory(staff=wishing)
    SuitabilityNoteFactory(staff=wishing)
    leader = LeaderTermFactory(staff=AssignmentFactory().staff).staff
    TransferRequestFactory(staff=leader)
    browser = client_of(admin)

    page, asked = browser.get(LIST), browser.get(LIST, {"wish": "yes"})

    assert listed(page) == listed(asked) == {wishing, other}
    for words in ("異動希望", "適性の所見", "申告", leader.name):
        assert words not in text(page)


def test_hr_is_shown_wishes_and_where_a_note_is_but_not_whether_there_is_one_of_their_own(
    client_of, office
):
    own = account(placed(office), "hr")
    noted = placed(office)
    for member in (own.staff, noted):
        SuitabilityNoteFactory(staff=member)
    TransferRequestFactory(staff=noted)

    rows = {row.person.place.staff: row for row in client_of(own).get(LIST).context["page"]}

    assert rows[noted].wish.preference == "yes"
    assert rows[noted].has_note
    assert not rows[own.staff].has_note


def test_hr_also_learns_the_wishes_of_those_who_are_no_candidates_yet(client_of, hr, office):
    sitting = LeaderTermFactory(staff=AssignmentFactory().staff).staff
    candidate, designated = placed(office), SpecialistDesignationFactory(staff=placed(office)).staff
    for member in (sitting, candidate, designated):
        TransferRequestFactory(staff=member)

    page = client_of(hr).get(LIST, {"route": "leader"})

    assert [wish.staff for wish in page.context["others"]] == [sitting]


def test_each_wish_shown_by_name_is_written_down_without_what_it_says(client_of, hr, office):
    wishing, sitting = placed(office), LeaderTermFactory(staff=AssignmentFactory().staff).staff
    placed(office)
    wishes = [TransferRequestFactory(staff=member) for member in (wishing, sitting)]
    looks = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=hr)

    client_of(hr).get(LIST, {"wish": "yes"})

    assert {(look.content_type.model, look.object_id) for look in looks} == {
        ("transferrequest", wish.pk) for wish in wishes
    }
    assert looks[0].additional_data == {"page": "specialist_candidates", "wish": "narrowed"}


def test_a_list_without_wishes_is_looked_at_without_a_trace(client_of, admin, office):
    TransferRequestFactory(staff=placed(office))

    client_of(admin).get(LIST)

    assert not LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=admin).exists()


def test_the_list_can_be_asked_for_another_day(client_of, hr, office):
    member = AssignmentFactory().staff
    AssignmentFactory(staff=member, department=office, starts_on=date(2027, 4, 1))

    assert listed(client_of(hr).get(LIST)) == set()
    assert listed(client_of(hr).get(LIST, {"as_of": "R9.4.1"})) == {member}


def test_the_list_takes_the_same_queries_for_1_and_11(
    client_of, hr, office, django_assert_num_queries, django_assert_max_num_queries
):
    TransferRequestFactory(staff=placed(office))
    browser = client_of(hr)
    browser.get(LIST)
    with django_assert_max_num_queries(28) as counted:
        browser.get(LIST)
    for _ in range(10):
        TransferRequestFactory(staff=placed(office))

    with django_assert_num_queries(len(counted)):
        found = listed(browser.get(LIST))

    assert len(found) == 11


# --- the workbook -------------------------------------------------------------------------------


def sheet(response):
    rows = read_workbook(response.content, "候補.xlsx").sheets[0].rows
    return [[str(cell.value) for cell in row.cells] for row in rows]


def test_the_workbook_holds_the_list_as_filtered_and_leaves_a_trace(client_of, hr, office):
    wishing, other = placed(office), placed(office)
    TransferRequestFactory(staff=wishing)
    SuitabilityNoteFactory(staff=wishing, text="秘密の言葉")

    answer = client_of(hr).post(f"{EXPORT}?wish=yes")

    cells = str(sheet(answer))
    assert wishing.number in cells
    assert other.number not in cells
    assert "希望する" in cells
    assert "秘密の言葉" not in cells
    assert "所見" not in cells
    entry = LogEntry.objects.filter(additional_data__export="specialist_candidates").get()
    assert entry.additional_data["rows"] == 1
    assert entry.additional_data["as_of"] == "2026-11-23"
    assert (entry.additional_data["wish"], entry.additional_data["route"]) == ("narrowed", "")


def test_an_administrators_workbook_holds_no_wish(client_of, admin, office):
    TransferRequestFactory(staff=placed(office), note="秘密の言葉")

    answer = client_of(admin).post(f"{EXPORT}?wish=yes")

    cells = str(sheet(answer))
    assert "希望" not in cells
    assert "秘密の言葉" not in cells


def test_more_than_a_hundred_people_leave_only_with_a_reason(client_of, hr, office):
    rank = RankFactory()
    members = StaffMember.objects.bulk_create(
        StaffMemberFactory.build_batch(MOST_WITHOUT_REASON + 1)
    )
    Assignment.objects.bulk_create(
        Assignment(staff=member, starts_on=LONG_AGO, department=office, rank=rank)
        for member in members
    )
    browser = client_of(hr)

    asked, taken = (
        browser.post(EXPORT, {"reason": ""}),
        browser.post(EXPORT, {"reason": "登用の検討"}),
    )

    assert "使いみちを入力してください。" in text(asked)
    assert taken["Content-Type"].startswith("application/vnd.openxmlformats")


# --- one candidate ------------------------------------------------------------------------------


def test_hr_reads_all_that_speaks_for_somebody_and_the_look_is_written_down(client_of, hr, office):
    member = placed(office)
    TransferRequestFactory(staff=member, note="春から")
    SuitabilityNoteFactory(staff=member, text="秘密の言葉")

    page = client_of(hr).get(page_of(member))

    for words in ("専門分野人材に登用する", "希望する", "春から", "適性の所見を読む・直す"):
        assert words in text(page)
    assert "秘密の言葉" not in text(page)
    looks = LogEntry.objects.get_for_object(member).filter(action=LogEntry.Action.ACCESS)
    assert [entry.actor for entry in looks] == [hr]


def test_an_administrator_only_looks(client_of, admin, office):
    member = placed(office)
    TransferRequestFactory(staff=member, note="春から")
    SuitabilityNoteFactory(staff=member)
    designation = SpecialistDesignationFactory(staff=member)

    page = client_of(admin).get(page_of(member))

    for words in ("登用する", "希望", "春から", "所見", "終了する"):
        assert words not in text(page)
    assert (page.context["wishes"], page.context["has_note"]) == ([], False)
    assert reverse("leaders:designation_end", args=[designation.pk]) not in text(page)


def test_hr_is_told_that_others_decide_about_them(client_of, office):
    own = account(placed(office), "hr")
    SuitabilityNoteFactory(staff=own.staff)

    page = client_of(own).get(page_of(own.staff))

    assert "自分の登用は決められません。" in text(page)
    assert "適性の所見" not in text(page)
    assert not page.context["has_note"]
    assert not LogEntry.objects.get_for_object(own.staff).filter(action=3).exists()


def test_a_designated_person_shows_the_designation_and_how_to_end_it(client_of, hr, office):
    designation = SpecialistDesignationFactory(staff=placed(office), note="決裁12号")

    page = text(client_of(hr).get(page_of(designation.staff)))

    assert "決裁12号" in page
    assert reverse("leaders:designation_end", args=[designation.pk]) in page
    assert reverse("leaders:designation_new", args=[designation.staff.number]) not in page


def test_somebody_whose_designation_is_over_can_be_designated_again(client_of, hr, office):
    past = SpecialistDesignationFactory(staff=placed(office), ends_on=date(2026, 3, 31))

    page = text(client_of(hr).get(page_of(past.staff)))

    assert reverse("leaders:designation_new", args=[past.staff.number]) in page


def test_a_sitting_leader_has_a_page_that_says_why_they_are_no_candidate_yet(client_of, hr):
    leader = LeaderTermFactory(staff=AssignmentFactory().staff).staff

    page = text(client_of(hr).get(page_of(leader)))

    assert "まだ登用できる経路がありません。" in page
    assert reverse("leaders:designation_new", args=[leader.number]) not in page


def test_people_of_no_concern_and_those_who_left_look_like_nobody(client_of, hr, office):
    stranger, gone = AssignmentFactory().staff, placed(office, staff__left_on=date(2026, 11, 22))
    browser = client_of(hr)

    answers = [browser.get(page_of(member)) for member in (stranger, gone)]

    assert [answer.status_code for answer in answers] == [404, 404]
