"""The page of those who still have to attend, and its workbook."""

import html
from datetime import date
from urllib.parse import unquote

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.workbooks.reading import read_workbook
from staff.forms.files import MOST_WITHOUT_REASON
from staff.models import Assignment, Band, Duty, StaffMember
from tests.conftest import TODAY, placed
from tests.factories import (
    LONG_AGO,
    AssignmentFactory,
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    InvitationFactory,
    OfferingFactory,
    ProgrammeFactory,
    RankFactory,
)
from training.models import Audience, Category, Frequency

pytestmark = pytest.mark.django_db

URL = reverse("training:outstanding_list")
EXPORT = reverse("training:outstanding_export")


@pytest.fixture
def row(db):
    return ProgrammeFactory(code="MIND", name="見本の施策", first_year=FiscalYear(2025))


@pytest.fixture
def clerk(client_of, hr):
    return client_of(hr)


def text(response):
    return html.unescape(response.content.decode())


def listed(response):
    """The staff numbers on the page of the list."""
    return [one.place.staff.number for one in response.context["page"]]


# --- The list -----------------------------------------------------------------------------------


def test_the_page_tells_whole_parts_reason_and_detail(clerk, row, section):
    booked, told, done = (placed(section) for _ in range(3))
    AttendanceFactory(staff=booked, offering=OfferingFactory(starts_on=date(2026, 12, 3)))
    InvitationFactory(programme=row, staff=told)
    CompletionFactory(staff=done)

    page = clerk.get(URL)

    assert listed(page) == sorted([booked.number, told.number])
    shown = text(page)
    assert "R8.12.3 受講予定" in shown
    assert "令和8年11月1日" in shown
    assert "案内済 1人" in shown
    assert "予約済 1人" in shown
    assert done.name not in shown
    roll = page.context["roll"]
    assert (roll.asked, roll.completed, len(roll.owing)) == (3, 1, 2)


def test_excused_and_away_are_shown_apart_and_not_counted(clerk, row, section):
    excused, away = placed(section), placed(section, duty=Duty.CHILDCARE)
    AttendanceFactory(staff=excused, status="excused")

    page = clerk.get(URL)

    assert listed(page) == []
    assert "未受講者に数えない人" in text(page)
    assert {excused.name, away.name} <= set(text(page).replace("</a>", ">").split(">"))
    assert "育休" in text(page)


def test_the_row_in_force_is_shown_first_and_another_on_request(clerk, section):
    ProgrammeFactory(order=1, first_year=FiscalYear(2027), last_year=FiscalYear(2027))
    now = ProgrammeFactory(order=2)
    skill = ProgrammeFactory(order=3, code="SKILL", category=Category.SKILL)

    first, asked = clerk.get(URL), clerk.get(URL, {"programme": "SKILL"})

    assert first.context["question"].programme == now
    assert asked.context["question"].programme == skill


def test_the_leaders_rows_are_not_offered(clerk, row):
    leaders = ProgrammeFactory(
        code="LEADER-1", audience=Audience.LEADERS, category=Category.LEADER_ACTIVITY
    )

    page = clerk.get(URL, {"programme": leaders.code})

    assert page.context["question"].programme == row
    assert "LEADER-1" not in text(page)


def test_without_any_row_the_page_says_what_to_do(clerk):
    assert "施策がまだ登録されていません。" in text(clerk.get(URL))


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ({}, TODAY),
        ({"year": "R8"}, TODAY),
        ({"year": "R7"}, date(2026, 3, 31)),
        ({"year": "R9"}, date(2027, 4, 1)),
        ({"year": "R99"}, TODAY),
        ({"as_of": "R8.6.1"}, date(2026, 6, 1)),
        ({"year": "R7", "as_of": "R8.6.1"}, date(2026, 6, 1)),
        ({"as_of": "きのう"}, TODAY),
    ],
)
def test_the_day_is_today_the_years_end_or_the_one_typed(clerk, row, asked, day):
    assert clerk.get(URL, asked).context["day"].on == day


def test_a_day_that_cannot_be_read_is_told_and_stays_in_its_field(clerk, row):
    page = text(clerk.get(URL, {"as_of": "きのう"}))

    assert "日付として読めません" in page
    assert 'value="きのう"' in page


def test_a_head_does_not_see_a_day_to_come(client_of, head, row):
    client = client_of(head)

    by_day, by_year = client.get(URL, {"as_of": "R9.4.1"}), client.get(URL, {"year": "R9"})

    assert "基準日は今日までの日を入力してください。" in text(by_day)
    assert by_day.context["day"].on == by_year.context["day"].on == TODAY


def test_a_row_not_held_that_year_says_so(clerk, section):
    placed(section)
    ProgrammeFactory(code="LATE", first_year=FiscalYear(2027))

    page = clerk.get(URL, {"programme": "LATE"})

    assert listed(page) == []
    assert "この施策は、基準日の年度には行いません。" in text(page)


def test_the_filters_narrow_by_department_with_those_under_it_by_band_and_by_reason(clerk, row):
    top = DepartmentFactory()
    under = DepartmentFactory(parent=top)
    chief = placed(under, rank=HeadRankFactory())
    other = placed(top, rank=RankFactory(band=Band.STAFF))
    elsewhere = placed(DepartmentFactory(), rank=other.assignments.get().rank)
    InvitationFactory(programme=row, staff=elsewhere)

    def asked(**filters):
        return set(listed(clerk.get(URL, filters)))

    assert asked(department=top.pk) == {chief.number, other.number}
    assert asked(department=under.pk) == {chief.number}
    assert asked(band=Band.STAFF) == {other.number, elsewhere.number}
    assert asked(reason="invited") == {elsewhere.number}
    assert asked(reason="nonsense") == {chief.number, other.number, elsewhere.number}


def test_the_counts_stay_whole_when_a_reason_is_chosen(clerk, row, section):
    placed(section)

    page = clerk.get(URL, {"reason": "booked"})

    assert (listed(page), len(page.context["roll"].owing)) == ([], 1)


def test_the_list_is_paged_by_fifty_and_keeps_its_filters(clerk, row, section):
    rank = RankFactory()
    for _ in range(51):
        placed(section, rank=rank)

    first, second = clerk.get(URL, {"reason": "not_invited"}), clerk.get(URL, {"page": 2})

    assert (len(listed(first)), len(listed(second))) == (50, 1)
    assert "reason=not_invited&page=2" in text(first)


@pytest.mark.parametrize("people", [1, 11])
def test_the_queries_do_not_grow_with_the_people(
    clerk, row, section, people, django_assert_max_num_queries
):
    for _ in range(people):
        AttendanceFactory(staff=placed(section), status="absent")
    clerk.get(URL)

    with django_assert_max_num_queries(18):
        page = clerk.get(URL)

    assert len(listed(page)) == people


# --- What a head sees ---------------------------------------------------------------------------


def test_a_head_sees_own_units_and_no_buttons(client_of, head, row, section, other_section):
    own, other = placed(section), placed(other_section)

    page = client_of(head).get(URL)

    assert own.number in listed(page)
    assert other.number not in listed(page)
    assert "所属長への通知を作る" not in text(page)
    assert "開催回に登録する" not in text(page)


def test_a_head_s_workbook_holds_own_units_whatever_is_asked(
    client_of, head, row, section, other_section
):
    own, other = placed(section), placed(other_section)

    whole = client_of(head).post(EXPORT)
    elsewhere = client_of(head).post(f"{EXPORT}?department={other_section.pk}")

    assert own.number in numbers(whole)
    assert other.number not in [*numbers(whole), *numbers(elsewhere)]


def test_the_past_shows_no_acts(clerk, row, section):
    placed(section)

    page = text(clerk.get(URL, {"as_of": "R8.11.22"}))

    assert "開催回に登録する" not in page
    assert "所属長への通知を作る" not in page


# --- To Excel -----------------------------------------------------------------------------------


def sheet(response):
    return [
        [cell.text for cell in row.cells]
        for row in read_workbook(response.content, "").sheets[0].rows
    ]


def numbers(response):
    return [row[0] for row in sheet(response)[2:]]


def taken_out():
    return [
        entry.additional_data
        for entry in LogEntry.objects.filter(
            action=LogEntry.Action.ACCESS, additional_data__export="outstanding"
        )
    ]


def test_the_workbook_holds_the_list_as_filtered_with_day_and_warning(clerk, row, section):
    member = placed(section, staff__name="=見本　式", rank=RankFactory(name="主任職"))
    InvitationFactory(programme=row, staff=member)
    placed(section)

    answer = clerk.post(f"{EXPORT}?reason=invited")

    above, headings, *rows = sheet(answer)
    assert above[0] == ("取扱注意（個人情報）　見本の施策の未受講者（案内済）　令和8年11月23日現在")
    assert headings[:4] == ["職員番号", "氏名", "フリガナ", "所属"]
    assert [line[:2] for line in rows] == [[member.number, "=見本　式"]]
    assert rows[0][4:7] == ["主任職", "係長級", "案内済"]
    name = unquote(answer["Content-Disposition"].rpartition("''")[2])
    assert name == "取扱注意_未受講者_MIND_2026-11-23.xlsx"


def test_taking_it_out_leaves_filter_rows_and_fingerprint(clerk, row, section):
    placed(section)

    clerk.post(f"{EXPORT}?year=R7&department={section.pk}&band=subsection_chief")

    [trace] = taken_out()
    assert len(trace.pop("sha256")) == 64
    assert trace == {
        "export": "outstanding",
        "programme": "MIND",
        "as_of": "2026-03-31",
        "department": str(section.pk),
        "band": "subsection_chief",
        "because": "",
        "rows": 1,
        "reason": "",
    }


def test_more_than_a_hundred_people_need_a_reason(clerk, row, section):
    rank = RankFactory()
    members = StaffMember.objects.bulk_create(
        StaffMember(number=f"8{index:05d}", name="見本", name_key="見本", hired_on=LONG_AGO)
        for index in range(MOST_WITHOUT_REASON + 1)
    )
    Assignment.objects.bulk_create(
        Assignment(staff=member, starts_on=LONG_AGO, department=section, rank=rank)
        for member in members
    )

    without = clerk.post(EXPORT, {"reason": ""})
    with_reason = clerk.post(EXPORT, {"reason": "所属長への確認"})

    assert "使いみちを入力してください。" in text(without)
    assert len(numbers(with_reason)) == MOST_WITHOUT_REASON + 1
    assert [trace["reason"] for trace in taken_out()] == ["所属長への確認"]


def test_asking_for_the_page_takes_nothing_out(clerk, row, section):
    placed(section)

    page = clerk.get(EXPORT)

    assert page["Content-Type"].startswith("text/html")
    assert taken_out() == []


def test_those_apart_are_counted_in_the_notes_and_not_listed(clerk, row, section):
    excused = placed(section)
    AttendanceFactory(staff=excused, status="excused")
    AssignmentFactory(department=section, duty=Duty.LEAVE)

    answer = clerk.post(EXPORT)

    assert numbers(answer) == []
    notes = [row.cells[0].text for row in read_workbook(answer.content, "").sheets[1].rows]
    assert "対象者1人のうち、修了0人、免除1人、未受講0人です。" in notes


def test_a_yearly_row_of_the_past_is_that_of_its_year(clerk, section):
    member = placed(section)
    ProgrammeFactory(code="YEARLY", frequency=Frequency.YEARLY)
    CompletionFactory(staff=member, offering=OfferingFactory(starts_on=date(2025, 6, 1)))

    then = clerk.get(URL, {"programme": "YEARLY", "year": "R7"})
    now = clerk.get(URL, {"programme": "YEARLY"})

    assert (listed(then), listed(now)) == ([], [member.number])
