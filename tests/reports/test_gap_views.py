"""不足と道筋 as each role sees it: every number opens just its people."""

import html
import re
from datetime import date
from io import BytesIO

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook

from staff.models import Department
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    DepartmentFactory,
    HeadRankFactory,
    OfferingFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db

GAP = reverse("reports:gap")
PEOPLE = reverse("reports:gap_people")
EXPORT = reverse("reports:gap_export")


def text(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def held(db):
    return {
        category: OfferingFactory(course__category=category)
        for category in ("mind", "knowledge", "skill")
    }


@pytest.fixture
def lacking(held):
    """Somebody of a unit who lacks just these."""

    def put(unit, *missing, **kwargs):
        member = placed(unit, **kwargs)
        for category in set(held) - set(missing):
            CompletionFactory(staff=member, offering=held[category])
        return member

    return put


@pytest.fixture
def town(section, other_section, lacking):
    """Two sections: one person capable, two lack one category, one lacks two, one all three."""
    TargetFactory(numerator=1, denominator=2)
    office = DepartmentFactory(parent=section, gives_leader=False)
    return [
        lacking(section),
        lacking(office, "skill"),
        lacking(section, "mind", "skill", rank=HeadRankFactory()),
        lacking(other_section, "skill"),
        lacking(other_section, "mind", "knowledge", "skill"),
    ]


def tables(response):
    context = response.context
    return [row for name in ("combinations", "bands", "units", "seats") for row in context[name]]


def listed(response):
    assert response.status_code == 200
    return {row[0].staff for row in response.context["rows"]}


def test_every_number_opens_a_list_of_as_many_people(client_of, hr, town):
    browser = client_of(hr)
    page = browser.get(GAP)
    numbers = [cell for row in tables(page) for cell in row.cells if cell[1]]

    counted = [
        (people, browser.get(href).context["page"].paginator.count) for people, href in numbers
    ]

    assert len(counted) > 15
    assert all(people == found for people, found in counted)


def test_the_tables_add_up_to_the_population(client_of, hr, town):
    page = client_of(hr).get(GAP)

    for name in ("bands", "units"):
        *rows, total = [[people for people, _ in row.cells] for row in page.context[name]]
        assert [sum(column) for column in zip(*rows, strict=True)] == total == [1, 2, 1, 1, 5]
    assert [(row.label, row.cells[0][0]) for row in page.context["combinations"]] == [
        ("スキル研修", 2),
        ("DXマインド研修・スキル研修", 1),
        ("DXマインド研修・知識研修・スキル研修", 1),
    ]


def test_the_city_is_told_the_shortest_way_and_a_clerk_may_take_it(client_of, hr, manager, town):
    for_hr, for_manager = client_of(hr).get(GAP), client_of(manager).get(GAP)

    words = "R8の目標1/2（3人）は、スキル研修 2席で達成できます。"
    assert words in text(for_hr)
    assert words in text(for_manager)
    assert reverse("reports:gap_offerings") in text(for_hr)
    assert reverse("reports:gap_offerings") not in text(for_manager)


def test_the_way_says_that_it_takes_everybody_to_attend_and_leads_to_the_forecast(
    client_of, hr, town
):
    page = text(client_of(hr).get(GAP, {"as_of": "R8.11.20"}))

    assert "全員が出席するものとして数えています。" in page
    assert f'<a href="{reverse("reports:forecast")}?as_of=2026-11-20">見込み</a>' in page


def test_departments_and_bands_lead_to_their_pages(client_of, manager, town, section):
    browser = client_of(manager)
    page = browser.get(GAP)

    hrefs = [row.href for name in ("units", "bands") for row in page.context[name]]

    assert f"{reverse('reports:department_detail', args=[section.pk])}?as_of={TODAY}" in hrefs
    assert f"{reverse('reports:band_detail', args=['deputy'])}?as_of={TODAY}" in hrefs
    assert {browser.get(href).status_code for href in hrefs if href} == {200}
    assert all(f'<a href="{href}">' in text(page) for href in hrefs if href)


def test_a_manager_sees_every_number_and_no_way_to_a_name(client_of, manager, town):
    page = client_of(manager).get(GAP)

    assert {href for row in tables(page) for _, href in row.cells} == {""}
    assert page.context["found"].total.population == 5
    assert client_of(manager).get(PEOPLE).status_code == 403


def test_a_departure_to_come_changes_the_way_for_those_alone_who_may_know_it(
    client_of, hr, manager, town
):
    def way(user):
        return client_of(user).get(GAP).context["way_words"]

    before = way(manager)
    town[1].left_on = date(2026, 12, 31)
    town[1].save()

    assert way(manager) == before
    assert way(hr) != before
    assert "基準日より後の退職は考えずに数えています。" in text(client_of(manager).get(GAP))


def test_a_head_sees_own_units_and_the_same_share_for_reference(client_of, town, section):
    page = client_of(account(town[2])).get(GAP)

    assert "所属とその下の所属の全職員 3人" in text(page)
    assert "別の課" not in text(page)
    assert page.context["way"] is None
    assert "参考：市全体の目標1/2を当てはめると、あと1人です。2人が必要です" in text(page)


def test_a_heads_lists_hold_own_people_only_and_another_unit_is_not_found(client_of, town):
    browser = client_of(account(town[2]))

    assert listed(browser.get(PEOPLE)) == set(town[:3])
    assert listed(browser.get(PEOPLE, {"missing": "1"})) == {town[1]}
    other = Department.objects.get(code="B").pk
    assert browser.get(PEOPLE, {"unit": other}).status_code == 404
    assert browser.get(PEOPLE, {"unit": "NONE"}).status_code == 404
    assert browser.get(PEOPLE, {"seat": "skill"}).status_code == 404
    assert browser.get(EXPORT, {"unit": other}).status_code == 404


def test_a_manager_who_heads_a_section_sees_names_there_only(client_of, town):
    browser = client_of(account(town[2], "manager"))

    page, people = browser.get(GAP), browser.get(PEOPLE, {"missing": "1"})

    assert page.context["found"].total.population == 5
    assert listed(people) == {town[1]}
    assert "氏名を見られる所属の人だけ" in text(people)
    opened = [cell for row in tables(page) for cell in row.cells if cell[1]]
    assert [browser.get(href).context["page"].paginator.count for _, href in opened] == [
        number for number, _ in opened
    ]
    links = {row.label: row.cells[-1][1] for row in page.context["units"]}
    assert links["見本課"] != ""
    assert links["別の課"] == ""


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"missing": "mind-skill"}, [2]),
        ({"missing": "0"}, [0]),
        ({"missing": "7"}, []),
        ({"unit": "見本課", "missing": "1"}, [1]),
        ({"band": "section_chief"}, [2]),
        ({"band": "x"}, [0, 1, 2, 3, 4]),
        ({"seat": "skill"}, [1, 3]),
    ],
)
def test_a_list_is_narrowed_as_asked(client_of, hr, town, asked, who):
    keys = dict(Department.objects.values_list("name", "pk"))
    asked = {name: keys.get(value, value) for name, value in asked.items()}

    assert listed(client_of(hr).get(PEOPLE, asked)) == {town[one] for one in who}


@pytest.mark.parametrize(
    "asked", [{"missing": "salary"}, {"seat": "salary"}, {"seat": "knowledge"}, {"unit": "x"}]
)
def test_what_no_number_asks_is_not_found(client_of, hr, town, asked):
    assert client_of(hr).get(PEOPLE, asked).status_code == 404


def test_who_booked_all_they_lack_is_told_and_listed(client_of, hr, town, held):
    AttendanceFactory(
        staff=town[1], offering__course=held["skill"].course, offering__starts_on=date(2026, 12, 1)
    )

    page = client_of(hr).get(GAP)

    assert (
        "R8の目標1/2（3人）は、受講予定の1人が予定どおり修了すれば、スキル研修 1席で達成できます。"
        in text(page)
    )
    people, href = page.context["ready"]
    assert people == 1
    shown = client_of(hr).get(href)
    assert listed(shown) == {town[1]}
    assert shown.context["rows"][0][2:] == ("スキル研修", "スキル研修")


def test_a_past_day_says_that_bookings_are_not_counted_and_offers_no_drafts(client_of, hr, town):
    page = client_of(hr).get(GAP, {"as_of": "2026-11-22"})

    assert "過去の日については、受講予定と退職を考えずに数えています。" in text(page)
    assert page.context["may_draft"] is False


def test_on_the_targets_own_day_it_says_what_is_missing_instead_of_a_way(client_of, hr, town):
    page = client_of(hr).get(GAP, {"as_of": "2027-03-31"})

    assert page.context["way"] is None
    assert "基準日には、あと2人足りません。" in text(page)


@pytest.mark.parametrize("url", [GAP, PEOPLE, reverse("reports:gap_offerings")])
def test_every_page_of_the_gap_hangs_under_the_dashboard(client_of, hr, town, url):
    trail = client_of(hr).get(url).context["breadcrumb"]

    assert trail[1] == ("計画の進み具合", reverse("reports:dashboard"))


def test_without_a_target_the_page_says_so(client_of, hr, section):
    placed(section)

    assert "割合の目標がまだ登録されていません。" in text(client_of(hr).get(GAP))


def test_the_list_goes_to_excel_as_filtered_with_its_trace(client_of, hr, town):
    town[1].name = "=見本"
    town[1].save()
    unit = Department.objects.get(code="A").pk
    response = client_of(hr).post(f"{EXPORT}?missing=1&unit={unit}", {"reason": ""})

    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0].startswith(
        "取扱注意（個人情報）　不足の内訳の職員（部署：見本課・1区分が未修了）"
    )
    assert [(row[0], row[1], row[6]) for row in rows[2:]] == [
        (town[1].number, "=見本", "スキル研修")
    ]
    assert sheet["B3"].data_type == "s"
    trace = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).latest("pk").additional_data
    asked = (trace["export"], trace["missing"], trace["unit"], trace["rows"])
    assert asked == ("gap", "1", str(unit), 1)


def test_a_page_takes_the_same_queries_for_few_people_and_many(
    client_of, hr, section, lacking, django_assert_num_queries, django_assert_max_num_queries
):
    TargetFactory(numerator=1, denominator=1)
    lacking(section, "skill")
    browser = client_of(hr)
    browser.get(GAP)
    for url in (GAP, PEOPLE):
        with django_assert_max_num_queries(20) as counted:
            browser.get(url)
        for _ in range(8):
            lacking(section, "mind")

        with django_assert_num_queries(len(counted)):
            browser.get(url)


def test_a_long_list_has_pages_that_keep_the_question(client_of, hr, section):
    for _ in range(51):
        placed(section)

    page = client_of(hr).get(PEOPLE, {"missing": "3", "as_of": TODAY.isoformat()})

    assert len(page.context["rows"]) == 50
    assert re.search(r"\?missing=3&as_of=2026-11-23&page=2", text(page))
