"""The activities of a cohort: the list, its filters, the workbook, the paper."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from leaders.models import Activity
from staff.forms.files import MOST_WITHOUT_REASON
from tests.factories import (
    ActivityFactory,
    ActivityStepFactory,
    CohortFactory,
    LeaderTermFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/leaders/activities/"
EXPORT, PRINT = f"{LIST}export/", f"{LIST}print/"


@pytest.fixture
def here(section):
    """Of section A."""
    return ActivityFactory(
        term__department=section,
        term__staff__name="見本　太郎",
        theme="窓口の予約",
        hours_before=120,
        hours_after="37.5",
    )


@pytest.fixture
def there(other_section):
    """Of section B."""
    return ActivityFactory(
        term__department=other_section,
        term__staff__name="別山　花子",
        theme="地図の通報",
        status="done",
    )


def themes(response):
    return [row.activity.theme for row in response.context["rows"]]


def text(response):
    return response.content.decode()


def sheet_of(response):
    workbook = openpyxl.load_workbook(BytesIO(response.content))
    return [[cell.value for cell in row] for row in workbook["活動"].iter_rows()]


def test_hr_and_the_administrator_see_all_and_a_head_their_own(
    client_of, hr, admin, head, here, there
):
    for user, shown in ((hr, 2), (admin, 2), (head, 1)):
        response = client_of(user).get(LIST)
        assert len(themes(response)) == shown
        assert response.context["totals"].figures.going == shown

    assert "別山" not in text(client_of(head).get(LIST))
    assert "地図の通報" not in text(client_of(head).get(LIST))


def test_a_head_who_takes_part_elsewhere_sees_their_own_departments_alone(
    client_of, head, here, there
):
    there.participants.add(head.staff)

    assert themes(client_of(head).get(LIST)) == ["窓口の予約"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["窓口の予約", "地図の通報"]),
        ("status=done", ["地図の通報"]),
        ("q=予約", ["窓口の予約"]),
        ("q=別山", ["地図の通報"]),
        ("q=予約 別山", []),
        ("department={here}", ["窓口の予約"]),
        ("department={here}&status=done", []),
        ("department=987654", ["窓口の予約", "地図の通報"]),
        ("cohort=2", ["次の期"]),
        ("cohort=9", ["窓口の予約", "地図の通報"]),
    ],
)
def test_the_list_is_narrowed(client_of, hr, here, there, asked, found):
    ActivityFactory(term__cohort=CohortFactory(number=2), theme="次の期")

    response = client_of(hr).get(f"{LIST}?{asked.format(here=here.term.department_id)}")

    assert sorted(themes(response)) == sorted(found)


def test_the_words_of_a_search_find_nothing_of_another_department(client_of, head, here, there):
    assert themes(client_of(head).get(f"{LIST}?q=地図")) == []
    assert themes(client_of(head).get(f"{LIST}?department={there.term.department_id}")) == [
        "窓口の予約"
    ]


def test_the_totals_stay_those_of_the_cohort_whatever_is_filtered(client_of, hr, here, there):
    html = text(client_of(hr).get(f"{LIST}?status=done"))

    assert "計画中1・実施中0・完了1（ほかに中止0）" in html
    assert "時間を入力した1件の合計（未入力1件）" in html
    assert "82.5" in html


def test_a_cohort_that_is_over_can_still_be_read(client_of, hr, section):
    past = CohortFactory(number=3, first_year=2023, last_year=2024)
    ActivityFactory(term__cohort=past, term__department=section, term__starts_on=date(2023, 4, 1))

    response = client_of(hr).get(f"{LIST}?cohort=3")

    assert response.context["question"].on == date(2025, 3, 31)
    assert len(themes(response)) == 1


def test_without_a_cohort_the_page_says_what_to_do(client_of, hr):
    html = text(client_of(hr).get(LIST))

    assert "期がまだ登録されていません。" in html
    assert client_of(hr).post(EXPORT)["Location"] == LIST


def test_the_list_is_read_in_a_constant_number_of_queries(
    client_of, hr, django_assert_max_num_queries
):
    client = client_of(hr)
    counts = []
    for size in (1, 11):
        while Activity.objects.count() < size:
            activity = ActivityFactory()
            ActivityStepFactory(activity=activity)
            activity.participants.add(LeaderTermFactory().staff)
        for url in (LIST, f"{PRINT}?layout=sheets"):
            with django_assert_max_num_queries(60) as counted:
                client.get(url)
            counts.append(len(counted))

    assert counts[:2] == counts[2:]


def test_a_long_list_is_paged(client_of, hr, section):
    term = LeaderTermFactory(department=section)
    Activity.objects.bulk_create(Activity(term=term, theme=f"活動{n}") for n in range(51))

    first, second = (client_of(hr).get(f"{LIST}?page={page}") for page in (1, 2))

    assert (len(themes(first)), len(themes(second))) == (50, 1)


# --- To Excel -----------------------------------------------------------------------------------


def test_the_workbook_holds_what_the_screen_shows(client_of, head, here, there):
    ActivityStepFactory(activity=here, text="話を聞く")
    partner = LeaderTermFactory(staff__name="別山　参加", department=there.term.department)
    here.participants.add(partner.staff)

    screen = client_of(head).get(f"{LIST}?status=planned")
    [title, headings, *rows] = sheet_of(client_of(head).post(f"{EXPORT}?status=planned"))

    line = dict(zip(headings, rows[0], strict=True))
    assert "第1期の推進リーダーの活動（計画中）" in title[0]
    assert [line["テーマ"]] == themes(screen)
    assert len(rows) == 1
    assert (line["取組前の作業時間（年間）"], line["減る時間（年間）"]) == (120, 82.5)
    assert line["一緒に取り組む人"] == "別の課の推進リーダー"
    assert (line["次の手順"], line["手順の数"], line["済んだ手順"]) == ("話を聞く", 1, 0)


def test_taking_the_list_out_is_written_down_without_the_words_typed(client_of, hr, here):
    client_of(hr).post(f"{EXPORT}?q=太郎")

    entry = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).latest("pk")
    assert entry.actor == hr
    assert entry.additional_data["export"] == "activities"
    assert entry.additional_data["rows"] == 1
    assert entry.additional_data["words"] == "1"
    assert "太郎" not in str(entry.additional_data)


def test_a_long_list_asks_what_for(client_of, hr, section):
    term = LeaderTermFactory(department=section)
    Activity.objects.bulk_create(
        Activity(term=term, theme=f"活動{n}") for n in range(MOST_WITHOUT_REASON + 1)
    )

    asked = client_of(hr).post(EXPORT, {"reason": ""})
    taken = client_of(hr).post(EXPORT, {"reason": "活動報告会のため"})

    assert "使いみちを入力してください。" in text(asked)
    assert len(sheet_of(taken)) == MOST_WITHOUT_REASON + 3


def test_a_theme_that_looks_like_a_formula_stays_a_text(client_of, hr, here):
    Activity.objects.update(theme="=1+1")

    rows = sheet_of(client_of(hr).post(EXPORT))

    assert rows[-1][4] == "=1+1"


# --- On paper -----------------------------------------------------------------------------------


def test_the_paper_is_a_cover_with_totals_and_a_list(client_of, hr, here, there):
    response = client_of(hr).get(PRINT)

    assert "推進リーダー活動報告（第1期）" in text(response)
    assert "計画中1・実施中0・完了1（ほかに中止0）" in text(response)
    assert text(response).count("agano-page-break") == 0
    assert len(themes(response)) == 2


def test_one_activity_a_sheet_is_a_page_each_after_the_cover(client_of, hr, here, there):
    html = text(client_of(hr).get(f"{PRINT}?layout=sheets"))

    assert html.count("agano-page-break") == 2
    assert "別山　花子（別の課・第1期）" in html


def test_the_paper_of_a_head_names_their_own_people_alone(client_of, head, here, there):
    there_leader = LeaderTermFactory(
        department=there.term.department, staff=StaffMemberFactory(name="別山　参加")
    )
    here.participants.add(there_leader.staff)

    html = text(client_of(head).get(f"{PRINT}?layout=sheets"))

    assert "見本　太郎" in html
    assert "別山" not in html


def test_printing_is_written_down(client_of, hr, here):
    client_of(hr).get(f"{PRINT}?layout=sheets")

    entry = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).latest("pk")
    assert entry.object_repr == f"leaders.cohort:{here.term.cohort_id}"
    assert entry.additional_data == {"print": "activities", "rows": 1}


def test_the_pages_lead_from_one_to_the_other(client_of, hr, here):
    html = text(client_of(hr).get(f"{LIST}?status=planned"))

    assert f"{reverse('leaders:activity_export')}?status=planned&amp;cohort=1" in html
    assert f"{reverse('leaders:activity_print')}?status=planned&amp;cohort=1" in html
