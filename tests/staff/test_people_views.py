"""The staff list and a person's page."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from agano_dx.lib.japanese import name_key
from staff.models import Duty, StaffMember
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    ConcurrentPostFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    OfferingFactory,
    RankFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/staff/"


def listed(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {place.staff for place in response.context["page"]}


def page(member):
    return reverse("staff:member_detail", args=[member.number])


# --- the list: who sees whom --------------------------------------------------------------------


def test_hr_sees_everybody_in_service(client_of, hr, section, other_section):
    wanted = {placed(section), placed(other_section)}
    placed(section, staff__left_on=date(2026, 11, 22))
    placed(section, staff__hired_on=date(2026, 11, 24))

    assert listed(client_of(hr)) == wanted


def test_a_head_sees_their_units_and_those_under_them(client_of, head, section, other_section):
    office = DepartmentFactory(parent=section, gives_leader=False)
    wanted = {head.staff, placed(section), placed(office)}
    stranger = placed(other_section)

    assert listed(client_of(head)) == wanted
    assert stranger.name not in client_of(head).get(LIST).content.decode()


def test_a_head_is_offered_their_own_units_to_choose_from(client_of, head, section, other_section):
    html = client_of(head).get(LIST).content.decode()

    assert section.name in html
    assert other_section.name not in html


def test_a_head_who_asks_for_another_s_unit_sees_their_own_people(client_of, head, other_section):
    stranger = placed(other_section)

    found = listed(client_of(head), department=other_section.pk)

    assert stranger not in found


def test_a_unit_that_is_none_is_told_and_nobody_is_taken_for_its_people(client_of, hr, section):
    placed(section)

    response = client_of(hr).get(LIST, {"department": "999"})

    assert list(response.context["page"]) == []
    assert "所属を選び直してください。" in response.content.decode()


def test_managers_and_staff_have_no_list(client_of, manager, staff):
    assert {client_of(user).get(LIST).status_code for user in (manager, staff)} == {403}


# --- the list: finding people -------------------------------------------------------------------


def test_a_department_means_the_units_under_it_too(client_of, hr, section, other_section):
    office = DepartmentFactory(parent=section)
    wanted = {placed(section), placed(office)}
    placed(other_section)

    assert listed(client_of(hr), department=section.pk) == wanted


def test_a_rank_and_a_duty_narrow_the_list(client_of, hr, section):
    rank = RankFactory()
    wanted = placed(section, rank=rank, duty=Duty.LEAVE)
    placed(section, rank=rank)
    placed(section, duty=Duty.LEAVE)

    assert listed(client_of(hr), rank=rank.pk, duty="leave") == {wanted}


@pytest.fixture
def takahashi(section):
    name = "髙橋　寿"
    return placed(
        section,
        staff__number="001234",
        staff__name=name,
        staff__name_key=name_key(name),
        staff__name_kana="タカハシ ヒサシ",
    )


@pytest.mark.parametrize(
    "words",
    [
        "髙橋",
        "高橋",
        "高橋 壽",
        "高橋　寿",
        "橋",
        "タカハシ",
        "たかはし",
        "ﾀｶﾊｼ ﾋｻｼ",
        "ヒサシ",
        "001234",
        "1234",
        "００１２３４",
        "寿 1234",
    ],
)
def test_somebody_is_found_by_name_kana_or_number_however_it_is_typed(
    client_of, hr, takahashi, words
):
    placed(takahashi.assignments.get().department)

    assert listed(client_of(hr), q=words) == {takahashi}


@pytest.mark.parametrize("words", ["山田", "高橋 山田", "%", "_", "0012", "x' OR 1=1 --"])
def test_whoever_does_not_fit_every_word_is_not_found(client_of, hr, takahashi, words):
    assert listed(client_of(hr), q=words) == set()


def test_searching_leads_nobody_beyond_their_sight(client_of, head, other_section):
    stranger = placed(other_section, staff__name="別の　職員", staff__number="777777")

    response = client_of(head).get(LIST, {"q": "777777"})

    assert stranger.name not in response.content.decode()
    assert response.context["page"].paginator.count == 0


@pytest.mark.parametrize(
    "address",
    [
        "/staff/?q=%00",
        "/staff/%00/",
        "/reports/people/population/?unit=%00",
        "/leaders/nominations/new/1/%00/",
    ],
)
def test_an_address_with_a_null_sign_is_refused_and_breaks_nothing(client_of, hr, head, address):
    for user in (hr, head):
        response = client_of(user).get(address)

        assert response.status_code == 400
        assert "送られた内容を読み取れません" in response.content.decode()


# --- the list: the day --------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2026-03-31", "R8.3.31"])
def test_the_list_of_a_past_day_shows_people_where_they_stood(
    client_of, hr, section, other_section, typed
):
    member = placed(section)
    AssignmentFactory(staff=member, department=other_section, starts_on=date(2026, 4, 1))
    browser = client_of(hr)

    assert listed(browser, as_of=typed, department=section.pk) == {member}
    assert listed(browser, department=section.pk) == set()


def test_a_day_that_is_none_is_told_and_today_is_shown(client_of, hr, section):
    response = client_of(hr).get(LIST, {"as_of": "きのう"})

    assert "日付として読めません。" in response.content.decode()
    assert response.context["day"].on == TODAY


def test_days_to_come_are_for_those_who_know_the_appointments(client_of, hr, admin, head, section):
    member = AssignmentFactory(
        department=section, starts_on=date(2026, 12, 1), staff__name="内示の人"
    ).staff
    asked = {"as_of": "2026-12-01"}

    assert member in listed(client_of(hr), **asked)
    assert member in listed(client_of(admin), **asked)
    html = client_of(head).get(LIST, asked).content.decode()
    assert "今日までの日を入力してください。" in html
    assert "内示の人" not in html


def test_in_a_list_of_the_past_a_head_follows_no_links(client_of, head, hr, section):
    member = placed(section)
    asked = {"as_of": "2026-11-22"}

    of_head = client_of(head).get(LIST, asked).content.decode()
    of_hr = client_of(hr).get(LIST, asked).content.decode()

    assert member.name in of_head
    assert f'href="{page(member)}"' not in of_head
    assert f'href="{page(member)}"' in of_hr


def test_the_list_takes_the_same_queries_for_1_and_11(
    client_of, hr, section, django_assert_num_queries, django_assert_max_num_queries
):
    placed(section)
    browser = client_of(hr)
    browser.get(LIST)
    with django_assert_max_num_queries(12) as counted:
        browser.get(LIST)
    for _ in range(10):
        placed(section)

    with django_assert_num_queries(len(counted)):
        found = listed(browser)

    assert len(found) == 11


def test_a_long_list_has_pages_that_keep_the_filter(client_of, hr, section):
    for _ in range(51):
        placed(section)

    response = client_of(hr).get(LIST, {"department": section.pk})

    html = response.content.decode()
    assert "全51人" in html
    assert f"?department={section.pk}&amp;page=2" in html


def test_names_with_signs_of_html_are_shown_as_they_are(client_of, hr, section):
    member = placed(section, team="<b>係</b>", staff__name="<b>見本</b>")
    section.name = "<b>課</b>"
    section.save()
    browser = client_of(hr)

    for address in (LIST, page(member)):
        html = browser.get(address).content.decode()
        assert "<b>" not in html
        for words in ("見本", "係", "課"):
            assert f"&lt;b&gt;{words}&lt;/b&gt;" in html


# --- a person's page ----------------------------------------------------------------------------


def test_everybody_sees_their_own_page(client_of, staff, manager):
    for user in (staff, manager):
        response = client_of(user).get(page(user.staff))

        assert response.status_code == 200
        assert user.staff.name in response.content.decode()


def test_a_stranger_s_page_answers_like_one_that_does_not_exist(
    client_of, head, staff, manager, other_section
):
    stranger = placed(other_section)
    nobody = StaffMember(number="NONE")

    answers = {
        client_of(user).get(page(member)).status_code
        for user in (head, staff, manager)
        for member in (stranger, nobody)
    }

    assert answers == {404}


def test_a_head_sees_their_people_and_hr_everybody(client_of, head, hr, section):
    member = placed(DepartmentFactory(parent=section))

    assert client_of(head).get(page(member)).status_code == 200
    assert client_of(hr).get(page(member)).status_code == 200


def test_the_page_shows_the_history_newest_first(client_of, hr, section, other_section):
    member = placed(section, rank=RankFactory(name="見本係長"))
    AssignmentFactory(staff=member, department=other_section, starts_on=date(2026, 4, 1))
    ConcurrentPostFactory(staff=member, department__name="兼務の課")

    response = client_of(hr).get(page(member))

    html = response.content.decode()
    assert [place.department for place in response.context["places"]] == [other_section, section]
    assert response.context["current"].department == other_section
    assert "見本係長" in html
    assert "兼務の課" in html


def test_the_page_shows_the_training_record_and_the_leader_terms(client_of, hr, section):
    member = placed(section)
    CompletionFactory(staff=member, offering__course__title="修了した研修")
    AttendanceFactory(
        staff=member,
        offering=OfferingFactory(starts_on=date(2026, 12, 1), course__title="これからの研修"),
    )
    AttendanceFactory(staff=member, status="cancelled", offering__course__title="取消した研修")
    LeaderTermFactory(staff=member, department__name="率いる課")

    html = client_of(hr).get(page(member)).content.decode()

    record = html[html.index("受講記録") :]
    assert record.index("これからの研修") < record.index("修了した研修")
    assert "令和8年6月1日" in record
    assert "受講予定" in record
    assert "取消した研修" not in html
    assert "推進リーダーの任期" in html
    assert "率いる課" in html
    assert "活動中" in html


def test_a_page_without_records_says_so(client_of, hr, section):
    html = client_of(hr).get(page(placed(section))).content.decode()

    assert "受講の記録はまだありません。" in html
    assert "推進リーダーになったことはありません。" in html


def test_an_appointment_to_come_is_hidden_from_the_head_and_from_the_person(
    client_of, head, hr, admin, section
):
    member = placed(section)
    AssignmentFactory(staff=member, department__name="内示の課", starts_on=date(2026, 11, 24))
    ConcurrentPostFactory(staff=member, department__name="内示の兼務", starts_on=date(2026, 11, 24))

    def words_for(user):
        html = client_of(user).get(page(member)).content.decode()
        return [words for words in ("内示の課", "内示の兼務") if words in html]

    assert words_for(head) == words_for(account(member)) == []
    assert words_for(hr) == words_for(admin) == ["内示の課", "内示の兼務"]


def test_that_somebody_is_going_to_leave_is_hidden_from_their_head(client_of, head, hr, section):
    member = placed(section, staff__left_on=date(2027, 3, 31))

    assert "退職" not in client_of(head).get(page(member)).content.decode()
    assert "退職" in client_of(hr).get(page(member)).content.decode()


def test_somebody_who_left_is_told_to_have_left(client_of, head, section):
    member = placed(section, staff__left_on=date(2026, 11, 22))

    assert "退職" in client_of(head).get(page(member)).content.decode()


def test_somebody_moved_away_is_out_of_sight_from_that_day_on(client_of, head, section):
    member = placed(section)
    AssignmentFactory(staff=member, starts_on=TODAY)

    assert client_of(head).get(page(member)).status_code == 404


# --- the trace ----------------------------------------------------------------------------------


def looks_at(member):
    return LogEntry.objects.get_for_object(member).filter(action=LogEntry.Action.ACCESS)


def test_looking_at_another_person_leaves_a_trace(client_of, head, hr, section):
    member = placed(section)

    client_of(head).get(page(member))
    client_of(hr).get(page(member))

    assert [entry.actor for entry in looks_at(member).order_by("pk")] == [head, hr]
    assert all(member.name not in entry.object_repr for entry in looks_at(member))


def test_looking_at_oneself_leaves_none(client_of, staff):
    client_of(staff).get(page(staff.staff))

    assert not looks_at(staff.staff).exists()


def test_a_look_that_was_refused_is_no_look(client_of, staff, section):
    member = placed(section)

    client_of(staff).get(page(member))

    assert not looks_at(member).exists()


def test_the_page_takes_the_same_queries_for_1_and_11_of_everything(
    client_of, hr, section, django_assert_num_queries, django_assert_max_num_queries
):
    def fill(member, number):
        for index in range(number):
            AssignmentFactory(staff=member, starts_on=date(2020, 1, 1 + index))
            ConcurrentPostFactory(staff=member)
            CompletionFactory(staff=member)
            LeaderTermFactory(
                staff=member, starts_on=date(2025, 4, 1 + index), ends_on=date(2025, 5, 31)
            )
            day = date(2025, 6, 1 + index)
            SpecialistDesignationFactory(staff=member, starts_on=day, ends_on=day)

    one, many = placed(section), placed(section)
    fill(one, 1)
    fill(many, 11)
    browser = client_of(hr)
    browser.get(page(one))
    with django_assert_max_num_queries(17) as counted:
        browser.get(page(one))

    with django_assert_num_queries(len(counted)):
        response = browser.get(page(many))

    assert [len(section.rows) for section in response.context["sections"]] == [11, 11, 11]


# --- the frame ----------------------------------------------------------------------------------


def navigation(client, address="/"):
    return {entry.label: entry for entry in client.get(address).context["navigation"]}


def test_everybody_is_shown_the_way_to_what_they_may_see(
    client_of, staff, manager, head, hr, admin
):
    for user in (staff, manager, head, hr, admin):
        browser = client_of(user)
        entries = navigation(browser)

        answers = {
            label: browser.get(entry.url, follow=True).status_code
            for label, entry in entries.items()
        }
        assert set(answers.values()) == {200}
    assert set(navigation(client_of(staff))) == {"ホーム", "マイ研修", "自分の記録"}
    assert set(navigation(client_of(manager))) == {
        "ホーム",
        "計画の進み具合",
        "研修",
        "マイ研修",
        "推進リーダー",
        "自分の記録",
    }
    assert {"職員", "推進リーダー"} < set(navigation(client_of(head)))
    assert "名簿取込" not in navigation(client_of(hr))
    assert "名簿取込" in navigation(client_of(admin))


def test_the_present_page_is_marked_and_only_it(client_of, admin):
    marked = [
        [entry.label for entry in navigation(client_of(admin), address).values() if entry.current]
        for address in ("/", LIST, "/staff/imports/", "/reports/")
    ]

    assert marked == [["ホーム"], ["職員"], ["名簿取込"], ["計画の進み具合"]]


def test_the_header_names_who_is_signed_in_and_where_they_work(client_of, section):
    user = account(placed(section, rank=HeadRankFactory(), staff__name="見本　課長"))

    signed_in = client_of(user).get("/").context["signed_in_as"]

    assert (signed_in.department, signed_in.name) == (section.name, "見本　課長")


def test_somebody_without_a_place_is_named_by_number(client_of):
    user = account(StaffMemberFactory(number="000042"))

    assert client_of(user).get("/").context["signed_in_as"].name == "000042"
