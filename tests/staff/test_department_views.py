"""The tree on any day, a department's page, and changes with their preview."""

from datetime import date

import pytest
from django.urls import reverse

from staff.models import Assignment, ConcurrentPost, Department
from staff.reorganisation import DepartmentFacts
from staff.services import departments as services
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AssignmentFactory,
    CohortFactory,
    DepartmentFactory,
    HeadRankFactory,
    LeaderTermFactory,
    NominationFactory,
)
from tests.roster_makers import everything

pytestmark = pytest.mark.django_db

APRIL = date(2027, 4, 1)
TREE = "staff:department_list"
CONFIRMED = {"confirmed": "1"}


@pytest.fixture
def division(db):
    return DepartmentFactory(code="100", name="総務部", gives_leader=False, order=1)


@pytest.fixture
def tax(division):
    return DepartmentFactory(code="106", name="税務課", parent=division, order=2)


@pytest.fixture
def other(division):
    return DepartmentFactory(code="105", name="管財課", parent=division, order=3)


@pytest.fixture
def browser(client_of, admin):
    return client_of(admin)


def address(act, unit):
    return reverse(f"staff:department_{act}", args=[unit.pk])


def text(response):
    return response.content.decode()


def change(**data):
    return {"on": "R9.4.1", "kind": "section", **data}


@pytest.mark.parametrize(
    ("asked", "box"), [("", "R8.11.23"), ("?as_of=", "R8.11.23"), ("?as_of=2026-09-30", "R8.9.30")]
)
def test_the_day_shown_stands_in_the_box_as_pages_write_it(tax, browser, asked, box):
    page = text(browser.get(reverse(TREE) + asked))

    assert f'value="{box}"' in page


def renamed(unit, name, on=APRIL):
    facts = DepartmentFacts.of(unit)
    facts = DepartmentFacts(unit.code, name, facts.kind, facts.parent, gives_leader=True)
    return services.rename_department(department=unit, facts=facts, on=on, by=None)


# --- The tree -----------------------------------------------------------------------------------


def rows(response):
    return [(row.unit.name, row.depth, row.own, row.total) for row in response.context["rows"]]


def test_the_tree_shows_units_with_their_people_and_those_below(browser, division, tax, other):
    placed(division)
    AssignmentFactory.create_batch(2, department=tax)
    placed(tax, staff__left_on=date(2026, 3, 31))

    page = browser.get(reverse(TREE))

    assert rows(page) == [("総務部", 0, 1, 3), ("税務課", 1, 2, 2), ("管財課", 1, 0, 0)]
    assert "リーダー選出" in text(page)


def test_a_day_to_come_shows_the_units_and_people_of_then(browser, division, tax):
    placed(tax)
    renamed(tax, "市税課")

    now, then = (browser.get(reverse(TREE), {"as_of": day}) for day in ("", "R9.4.1"))

    assert rows(now)[1] == ("税務課", 1, 1, 1)
    assert rows(then)[1] == ("市税課", 1, 1, 1)
    assert "次に変わるところ（令和9年4月1日から）" in text(now)
    assert "税務課 → 市税課" in text(now)
    assert "変更予定" in text(now)
    assert "改編" in text(then)


def test_units_about_to_close_and_new_ones_are_marked(browser, division):
    DepartmentFactory(name="閉じる課", closes_on=date(2027, 3, 31))
    DepartmentFactory(name="新しい課", opens_on=date(2026, 10, 1))
    DepartmentFactory(name="古い課", opens_on=date(2026, 3, 31))
    DepartmentFactory(name="推進室", is_digital_office=True, gives_leader=False)

    chips = {
        row.unit.name: [label for label, _ in row.chips]
        for row in browser.get(reverse(TREE)).context["rows"]
    }

    assert chips == {
        "総務部": [],
        "閉じる課": ["リーダー選出", "廃止予定"],
        "新しい課": ["リーダー選出", "新設"],
        "古い課": ["リーダー選出"],
        "推進室": ["デジタル化推進室"],
    }


@pytest.mark.parametrize("asker", ["head", "manager"])
def test_what_is_going_to_change_is_for_admin_and_hr_alone(request, client_of, asker, section):
    client = client_of(request.getfixturevalue(asker))
    new = renamed(section, "秘密課")

    pages = [
        client.get(reverse(TREE)),
        client.get(reverse(TREE), {"as_of": "R9.4.1"}),
        client.get(section.get_absolute_url()),
        client.get(section.get_absolute_url(), {"as_of": "R9.4.1"}),
    ]

    assert not any("秘密課" in text(page) for page in pages)
    assert not any("令和9年" in text(page) for page in pages)
    assert not any("予定" in text(page) for page in pages)
    assert "今日までの日を入力してください。" in text(pages[1])
    assert client.get(new.get_absolute_url()).status_code == 404
    assert client.get(section.get_absolute_url()).status_code == 200


def test_hr_sees_what_is_going_to_change(client_of, hr, section):
    new = renamed(section, "企画課")

    assert "企画課" in text(client_of(hr).get(reverse(TREE)))
    assert client_of(hr).get(new.get_absolute_url()).status_code == 200


def test_a_change_of_the_past_is_told_to_everybody_who_looks_back(client_of, manager, tax):
    renamed(tax, "市税課", on=date(2026, 10, 1))

    page = text(client_of(manager).get(reverse(TREE), {"as_of": "R8.9.30"}))

    assert "次に変わるところ（令和8年10月1日から）" in page
    assert "税務課 → 市税課" in page


def test_a_head_sees_the_numbers_of_their_own_units_only(client_of, head, section, other_section):
    below = DepartmentFactory(name="見本係", parent=section, gives_leader=False, order=99_999)
    placed(below)
    placed(other_section)

    page = client_of(head).get(reverse(TREE))

    assert sorted(rows(page)) == sorted(
        [("見本課", 0, 1, 2), ("見本係", 1, 1, 1), ("別の課", 0, None, None)]
    )


def test_a_manager_sees_the_numbers_of_the_whole_city(client_of, manager, tax):
    placed(tax)

    assert ("税務課", 1, 1, 1) in rows(client_of(manager).get(reverse(TREE)))


@pytest.mark.parametrize("act", ["list", "detail"])
def test_pages_take_the_same_queries_for_1_and_11_units_and_people(
    browser, tax, act, django_assert_num_queries, django_assert_max_num_queries
):
    url = reverse(TREE) if act == "list" else tax.get_absolute_url()
    placed(tax)
    renamed(DepartmentFactory(), "一つめ")
    browser.get(url)
    with django_assert_max_num_queries(12) as counted:
        browser.get(url)
    AssignmentFactory.create_batch(10, department=tax)
    for unit in DepartmentFactory.create_batch(10, parent=tax):
        renamed(unit, f"新{unit.name}")

    with django_assert_num_queries(len(counted)):
        browser.get(url)


# --- A department's page ------------------------------------------------------------------------


def test_a_department_tells_what_it_came_out_of_and_became(browser, tax, other):
    first = renamed(tax, "市税課", on=date(2026, 10, 1))
    services.merge_departments(departments=[first], into=other, on=APRIL, by=None)

    page = browser.get(first.get_absolute_url())

    told = [(day, change.kind, change.words) for day, change in page.context["history"]]
    assert told == [
        (date(2026, 10, 1), "変更", "税務課 → 市税課"),
        (APRIL, "統合", "市税課 → 管財課"),
    ]
    assert "令和9年3月31日（この日まで）" in text(page)


def test_the_people_of_the_asked_day_are_listed(browser, tax, other):
    stayed, gone = placed(tax), placed(tax)
    AssignmentFactory(staff=gone, department=other, starts_on=date(2026, 10, 1))

    def people(**query):
        return {
            place.staff for place in browser.get(tax.get_absolute_url(), query).context["people"]
        }

    assert people() == {stayed}
    assert people(as_of="R8.9.30") == {stayed, gone}


def test_people_left_in_the_row_before_are_listed_with_its_successor(browser, tax):
    new = renamed(tax, "市税課", on=date(2026, 10, 1))
    late = placed(tax)  # a back-dated roster names the unit of its day

    assert late in {place.staff for place in browser.get(new.get_absolute_url()).context["people"]}


def test_names_are_seen_by_the_head_alone(client_of, head, manager, section, other_section):
    own, theirs = placed(section), placed(other_section)

    def page(user, unit):
        return text(client_of(user).get(unit.get_absolute_url()))

    assert own.name in page(head, section)
    assert theirs.name not in page(head, other_section)
    assert "この日の職員" not in page(head, other_section)
    assert "この日の職員" not in page(manager, section)


def test_on_a_day_without_the_unit_its_page_leads_to_the_one_of_that_day(browser, tax):
    new = renamed(tax, "市税課")

    page = browser.get(tax.get_absolute_url(), {"as_of": "R9.4.1"})

    assert "基準日には、この所属はありません。" in text(page)
    assert page.context["successor"] == new
    assert browser.get(new.get_absolute_url()).context["successor"] == tax


def test_the_order_is_changed_for_every_day(browser, tax):
    browser.post(address("order", tax), {"order": "7", "code": "999", "name": "別名"})

    tax.refresh_from_db()
    assert (tax.order, tax.code, tax.name) == (7, "106", "税務課")


# --- Changes ------------------------------------------------------------------------------------


def test_a_new_unit_is_shown_before_it_is_made(browser, division):
    data = change(code="１０９", name="広報課", parent=division.pk, gives_leader="on", order="40")
    url = reverse("staff:department_new")
    before = everything()

    preview = browser.post(url, data)

    assert everything() == before
    assert "新設" in text(preview)
    answer = browser.post(url, data | CONFIRMED)
    made = Department.objects.get(code="109")
    assert answer["Location"] == f"{made.get_absolute_url()}?as_of=2027-04-01"
    assert (made.name, made.parent, made.opens_on, made.order) == ("広報課", division, APRIL, 40)
    assert made.gives_leader


def test_the_preview_carries_everything_typed_to_the_last_button(browser, tax):
    data = change(code="116", name="市税課", gives_leader="on")

    page = browser.post(address("rename", tax), data)

    hidden = {field.name: field.value() for field in page.context["form"] if field.name != "parent"}
    assert hidden == {
        "on": "R9.4.1",
        "code": "116",
        "name": "市税課",
        "kind": "section",
        "gives_leader": True,
        "is_digital_office": False,
    }
    assert '<input type="hidden" name="on" value="R9.4.1"' in text(page)


def test_a_change_tells_whom_it_moves_and_which_leaders_go_on(browser, tax):
    leader = placed(tax)
    CohortFactory()
    LeaderTermFactory(department=tax, staff=leader)
    NominationFactory(department=tax)

    page = text(
        browser.post(address("rename", tax), change(code="106", name="市税課", on="R9.1.1"))
    )

    assert "税務課 → 市税課" in page
    assert "配置されている職員 1人は、令和9年1月1日から新しい所属に移ります。" in page
    assert f"税務課の推進リーダー（第1期）：{leader.name}" in page
    assert "まだ承認していない推薦：1件" in page
    assert "過去または今日の日付です。" not in page


def test_a_change_of_the_past_is_warned_of(browser, tax):
    page = browser.post(address("rename", tax), change(code="106", name="市税課", on="R8.10.1"))

    assert "過去または今日の日付です。" in text(page)


def test_a_unit_renamed_twice_by_a_double_click_is_renamed_once(browser, tax):
    member = placed(tax)
    data = change(code="106", name="市税課", parent=tax.parent_id) | CONFIRMED

    first, second = (browser.post(address("rename", tax), data, follow=True) for _ in range(2))

    new = Department.objects.get(name="市税課")
    assert first.request["PATH_INFO"] == second.request["PATH_INFO"] == new.get_absolute_url()
    assert "この変更は登録済みです。" in text(second)
    assert member.assignments.count() == 2


def test_going_back_keeps_what_was_typed(browser, tax):
    page = browser.post(address("rename", tax), change(code="106", name="市税課") | {"edit": "1"})

    assert 'value="市税課"' in text(page)
    assert "内容を確かめる" in text(page)
    assert not Department.objects.filter(name="市税課").exists()


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"on": "いつか"}, "日付"),
        ({"on": ""}, "空欄です。入力するか、選んでください"),
        ({"name": ""}, "空欄です。入力するか、選んでください"),
        ({"code": "105"}, "所属コード105は「管財課」が使っています。"),
        ({"code": "106", "name": "税務課"}, "変わるところがありません。"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words_and_nothing_is_lost(
    browser, tax, other, data, part
):
    own = change(code="106", name="市税課", parent=tax.parent_id, gives_leader="on")

    for extra in ({}, CONFIRMED):
        page = browser.post(address("rename", tax), own | data | extra)

        assert part in text(page)
        assert page.context["form"]["name"].value() == (own | data)["name"]
    assert Department.objects.count() == 3


def test_units_merge_into_a_new_one(browser, tax, other):
    placed(tax)
    data = change(into="new", others=[other.pk], code="105", name="税務管財課")

    preview = browser.post(address("merge", tax), data)
    browser.post(address("merge", tax), data | CONFIRMED)

    assert "税務課・管財課 → 税務管財課" in text(preview)
    new = Department.objects.get(name="税務管財課")
    assert set(Department.objects.filter(successor=new)) == {tax, other}
    assert Assignment.objects.as_of(APRIL).get().department == new


def test_units_merge_into_one_of_them(browser, tax, other):
    data = {"on": "R9.4.1", "into": str(tax.pk), "others": [other.pk], "kind": "section"}

    browser.post(address("merge", tax), data | CONFIRMED)

    other.refresh_from_db()
    tax.refresh_from_db()
    assert (other.successor, tax.closes_on) == (tax, None)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"into": "new"}, "新しい所属をつくるときは入力してください。"),
        ({"into": "new", "code": "109", "name": "新課"}, "統合する所属を2つ以上選んでください。"),
        ({"into": "987654"}, "選択"),
    ],
)
def test_a_merger_that_cannot_be_is_refused_in_words(browser, tax, data, part):
    before = everything()

    page = browser.post(address("merge", tax), change(**data) | CONFIRMED)

    assert part in text(page)
    assert everything() == before


SPLIT = {
    "on": "R9.4.1",
    "code_0": "106",
    "name_0": "市税課",
    "gives_leader_0": "on",
    "code_1": "116",
    "name_1": "収納課",
    "heir": "0",
}


def test_a_split_proposes_where_each_team_goes_and_asks_for_each_person(browser, tax):
    levy, lone = placed(tax, team="収納係"), placed(tax, team="市税係")

    page = browser.post(address("split", tax), SPLIT)

    placing = page.context["intended"].placing
    assert placing.part_of() == {levy.pk: 1, lone.pk: 0}
    assert "税務課 → 市税課・収納課" in text(page)
    assert f"{levy.name}の行き先" in text(page)


def test_a_split_without_the_places_asked_for_is_not_made(browser, tax):
    placed(tax, team="収納係")

    browser.post(address("split", tax), SPLIT | CONFIRMED)
    page = browser.post(address("split", tax), SPLIT | CONFIRMED | {"placing": "1", "team_0": "9"})

    assert Department.objects.filter(name="収納課").count() == 0
    assert "選択" in text(page)


def test_a_split_puts_everybody_where_they_were_put(browser, tax):
    levy, lone = placed(tax, team="収納係"), placed(tax, team="収納係")
    data = SPLIT | CONFIRMED | {"placing": "1", "team_0": "1", f"person_{lone.pk}": "0"}

    answer = browser.post(address("split", tax), data | {"heir": "1"})

    heir, rest = Department.objects.get(code="116"), Department.objects.get(name="市税課")
    tax.refresh_from_db()
    assert tax.successor == heir
    assert answer["Location"].startswith(heir.get_absolute_url())
    places = Assignment.objects.as_of(APRIL)
    # The heir comes first among the parts: 1 is the other one.
    assert places.get(staff=levy).department == rest
    assert places.get(staff=lone).department == heir
    assert (rest.gives_leader, heir.gives_leader) == (True, False)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"code_1": "", "name_1": ""}, "空欄です。入力するか、選んでください"),
        ({"code_2": "117"}, "コードと名称は両方入力してください。"),
        ({"heir": "3"}, "後継にする所属のコードと名称を入力してください。"),
        ({"code_1": "106"}, "所属コード106は「市税課」が使っています。"),
    ],
)
def test_a_split_that_cannot_be_is_refused_in_words(browser, tax, data, part):
    page = browser.post(address("split", tax), SPLIT | data)

    assert part in text(page)
    assert page.context["form"]["name_0"].value() == "市税課"
    assert Department.objects.count() == 2


def test_a_unit_closes_together_with_those_under_it(browser, division, tax):
    data = {"closes_on": "R9.3.31", "along": [tax.pk]}

    refused = browser.post(address("close", division), data | {"along": []})
    browser.post(address("close", division), data | CONFIRMED)

    assert "「税務課」が下にあるため、廃止できません。" in text(refused)
    assert set(Department.objects.values_list("closes_on", flat=True)) == {date(2027, 3, 31)}


def test_a_unit_with_people_is_not_closed_and_says_why(browser, tax):
    head = account(placed(tax, rank=HeadRankFactory()))

    page = browser.post(address("close", tax), {"closes_on": "R9.3.31"})

    assert "配置されている職員 1人" in text(page)
    assert head.staff.assignments.count() == 1
    assert ConcurrentPost.objects.count() == 0
    tax.refresh_from_db()
    assert tax.closes_on is None


def test_the_ways_to_change_a_unit_are_the_administrators_alone(client_of, hr, browser, tax):
    shown = text(browser.get(tax.get_absolute_url()))
    hidden = text(client_of(hr).get(tax.get_absolute_url()))

    for act in ("rename", "merge", "split", "close", "order"):
        assert address(act, tax) in shown
        assert address(act, tax) not in hidden
        assert client_of(hr).get(address(act, tax)).status_code == 403


def test_a_unit_that_is_over_offers_no_change(browser, tax):
    renamed(tax, "市税課", on=TODAY)

    assert address("rename", tax) not in text(browser.get(tax.get_absolute_url()))


def test_the_tree_is_reached_from_the_staff_list_the_figures_and_the_settings(browser, tax):
    for name in ("staff:member_list", "reports:department_list", "admin:index"):
        assert reverse(TREE) in text(browser.get(reverse(name)))
