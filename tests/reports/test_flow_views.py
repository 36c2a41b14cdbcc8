"""The year's account on its page: the same numbers for everybody, names within sight alone."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from agano_dx.lib import audit
from agano_dx.lib.workbooks.reading import read_workbook
from reports.flow import flow, months
from reports.flow_words import busiest, happened, sentence
from staff.exports import CARE_NOTE
from tests.conftest import TODAY, account, placed
from tests.factories import CompletionFactory, HeadRankFactory
from tests.reports.test_flow import FIRST, capable, moved

pytestmark = pytest.mark.django_db

FLOW = reverse("reports:flow")
SEPTEMBER = date(2026, 9, 1)


def people(term="newly", name="reports:flow_people"):
    return reverse(name, args=[term])


@pytest.fixture
def two_newly(section, other_section):
    """Somebody of each section who reached it in September."""
    return capable(section, since=SEPTEMBER), capable(other_section, since=SEPTEMBER)


def amounts(response):
    assert response.status_code == 200
    return {line["label"]: line["amount"] for line in response.context["lines"]}


def test_the_city_and_a_head_s_units_each_add_up(client_of, hr, head, two_newly):
    city, own = client_of(hr).get(FLOW), client_of(head).get(FLOW)

    assert amounts(city)["新たに到達"] == "＋2"
    assert amounts(own)["新たに到達"] == "＋1"
    assert amounts(own)["基準日"] == "1"


def test_the_year_asked_for_ends_with_its_last_day(client_of, hr, section):
    capable(section, since=date(2026, 3, 31))
    browser = client_of(hr)

    ended, running = browser.get(FLOW, {"year": "R7"}), browser.get(FLOW)

    assert (amounts(ended)["新たに到達"], amounts(ended)["R7末"]) == ("＋1", "1")
    assert amounts(running)["年度当初（前年度末）"] == "1"
    assert ended.context["span"].last == date(2026, 3, 31)
    assert running.context["span"].last == TODAY


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"year": "R9"}, "始まっている年度を選んでください。"),
        ({"year": "1999"}, "計画の年度（R7からR16まで）を選んでください。"),
        ({"year": "来年"}, "年度"),
        ({"as_of": "R8.13.1"}, "日付"),
        ({"as_of": "H22.5.1"}, "計画の年度"),
    ],
)
def test_a_year_that_cannot_be_told_is_said_so_and_the_running_one_shown(
    client_of, hr, query, words
):
    response = client_of(hr).get(FLOW, query)

    assert words in response.context["span"].error
    assert response.context["span"].last == TODAY


def test_nobody_has_moved_on_a_day_to_come_not_even_for_hr(client_of, head, hr, section):
    capable(section, staff__left_on=date(2026, 12, 31))

    for user in (head, hr):
        response = client_of(user).get(FLOW, {"as_of": "R9.3.31"})

        assert response.context["span"].last == TODAY
        assert "今日まで" in response.context["span"].error
        assert amounts(response)["退職"] == "±0"


def test_a_manager_sees_the_city_without_a_way_to_names(client_of, manager, two_newly):
    response = client_of(manager).get(FLOW)

    assert amounts(response)["新たに到達"] == "＋2"
    assert not any(line["href"] for line in response.context["lines"])
    assert people() not in response.content.decode()


def test_a_manager_who_heads_a_section_opens_no_number_of_the_city(client_of, section, two_newly):
    member = placed(section, rank=HeadRankFactory())

    response = client_of(account(member, "manager")).get(FLOW)

    assert amounts(response)["新たに到達"] == "＋2"
    assert not any(line["href"] for line in response.context["lines"])


def test_the_list_names_the_head_s_own_people_with_day_and_reason(client_of, head, two_newly):
    own, stranger = two_newly

    page = client_of(head).get(people()).content.decode()

    assert own.name in page
    assert stranger.name not in page
    assert "令和8年9月1日" in page
    assert "必要な研修がそろいました" in page


def test_who_left_the_unit_is_on_its_list_and_not_on_the_new_one_s(
    client_of, head, section, other_section
):
    gone, come = capable(section), capable(other_section)
    moved(gone, department=other_section)
    moved(come, department=section)
    browser = client_of(head)

    rows = {
        term: [row.member for row in browser.get(people(term)).context["rows"]]
        for term in ("moved_out", "moved_in", "newly")
    }

    assert rows == {"moved_out": [gone], "moved_in": [come], "newly": []}


def test_the_list_leaves_as_a_workbook_with_its_trace(client_of, head, two_newly):
    own, stranger = two_newly

    response = client_of(head).post(people(name="reports:flow_export"), {"reason": "会議資料"})

    sheet, notes = read_workbook(response.content, "動き.xlsx").sheets
    assert CARE_NOTE in [cell.text for row in notes.rows for cell in row.cells]
    cells = [cell.text for row in sheet.rows for cell in row.cells]
    assert "取扱注意" in cells[0]
    assert own.number in cells
    assert stranger.number not in cells
    trace = LogEntry.objects.filter(action=audit.ACCESS).latest("pk").additional_data
    assert (trace["export"], trace["term"], trace["rows"]) == ("flow", "newly", 1)


def test_a_list_of_eleven_takes_as_many_queries_as_one(
    client_of, hr, section, django_assert_max_num_queries
):
    browser = client_of(hr)
    capable(section, since=SEPTEMBER)
    browser.get(people())
    with django_assert_max_num_queries(40) as few:
        browser.get(people())
    for _ in range(10):
        capable(section, since=SEPTEMBER)

    with django_assert_max_num_queries(40) as many:
        response = browser.get(people())

    assert len(response.context["rows"]) == 11
    assert len(few) == len(many)


def test_every_move_is_told_in_words(section):
    moved(capable(section), department=section, duty="childcare")
    moved(capable(section), department=section, employment="temporary")
    capable(section, staff__left_on=SEPTEMBER)
    CompletionFactory(staff=placed(section))

    told = flow(FIRST, TODAY, None)

    assert {happened(move) for move in told.moves} == {
        "育休になりました",
        "任用形態が正規から臨時的任用に変更",
        "退職",
    }
    assert sentence(told) == "3人から0人になりました（3人の減）。増えた人はなく、3人減りました。"


def test_a_year_without_a_move_says_so(section):
    capable(section)

    assert sentence(flow(FIRST, TODAY, None)) == "1人で、増えた人も減った人もいません。"


def test_the_busiest_month_is_named_only_where_it_stands_out(section):
    capable(section, since=SEPTEMBER)
    one = busiest(months(flow(FIRST, TODAY, None)))
    capable(section, since=date(2026, 10, 1))

    assert one == "増えた人が最も多かった月は9月（1人）です。"
    assert busiest(months(flow(FIRST, TODAY, None))) == ""
