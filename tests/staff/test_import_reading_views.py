"""The two pages that ask: what columns hold, and what stands for unknown masters."""

import html
import re

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from openpyxl import Workbook

from agano_dx.lib.workbooks.layouts import heading_keys, layout_of
from staff.models import (
    ColumnMapping,
    Department,
    DepartmentAlias,
    ImportStatus,
    Rank,
    RankAlias,
    RosterImport,
)
from staff.roster.choices import MasterChoice, RosterChoices
from staff.roster.unknown import DEPARTMENT, RANK, UnknownMaster
from staff.services.layouts import choose_reading, remember_columns
from staff.services.rosters import AlreadyDecidedError
from staff.services.spellings import MasterGoneError, choose_masters
from tests import workbook_makers as make
from tests.factories import (
    ColumnMappingFactory,
    DepartmentAliasFactory,
    DepartmentFactory,
    RosterFileFactory,
    RosterImportFactory,
)
from tests.roster_makers import (
    MY_NUMBER,
    columns_posted,
    everything,
    line,
    says_what_to_do,
    small_town,
    table,
    workbook,
)

pytestmark = pytest.mark.django_db

STRANGE = {"職員番": "staff_no", "氏名漢字": "name", "配置先": "department", "血液型": ""}
STRANGE_LINE = dict(zip(STRANGE, ("000101", "見本　一郎", "税務課", "A型"), strict=True))
LAYOUT = layout_of(heading_keys(STRANGE))


@pytest.fixture
def town(db):
    return small_town()


@pytest.fixture
def browser(client_of, admin, town):
    return client_of(admin)


def kept(content=None, **facts):
    """An import that waits to be told how its file is to be read."""
    waiting = RosterImportFactory(**{"status": ImportStatus.READING, **facts})
    RosterFileFactory(
        roster_import=waiting, content=workbook(STRANGE_LINE) if content is None else content
    )
    return waiting


def reading(waiting):
    return reverse("staff:import_reading", args=[waiting.pk])


def masters(waiting):
    return reverse("staff:import_masters", args=[waiting.pk])


def text(response):
    return html.unescape(response.content.decode())


def errors_of(response):
    """The sentences of the error list, without the names of their fields."""
    summary = re.search(r"data-error-summary.*?</div>", text(response), re.DOTALL)[0]
    found = re.findall(r"<li>(?:<a [^>]*>)?(.*?)(?:</a>)?</li>", summary)
    return [sentence.split("：", 1)[-1] for sentence in found]


def choices_of(waiting):
    return RosterChoices.from_json(RosterImport.objects.get(pk=waiting.pk).choices)


# --- Columns ------------------------------------------------------------------------------------


def test_the_page_shows_headings_with_samples_and_asks_for_fields(browser):
    page = text(browser.get(reading(kept())))

    for words in ("氏名漢字", "見本　一郎", "B列", "未対応", "読み方の決まっていない見出しが4つ"):
        assert words in page
    assert "前回の対応" not in page


def test_what_is_said_is_kept_and_remembered_with_a_trail(browser, admin):
    waiting = kept()
    LogEntry.objects.all().delete()

    response = browser.post(reading(waiting), {"sheets": "名簿", **columns_posted(STRANGE)})

    assert response.url == waiting.get_absolute_url()
    chosen = choices_of(waiting)
    assert chosen.sheets == ("名簿",)
    assert chosen.columns == {LAYOUT: STRANGE}
    said = dict(ColumnMapping.objects.filter(layout=LAYOUT).values_list("heading", "field"))
    assert said == STRANGE
    trail = LogEntry.objects.filter(content_type__model="columnmapping")
    assert trail.count() == 4
    assert {entry.actor for entry in LogEntry.objects.all()} == {admin}


def test_saying_it_twice_changes_nothing_more(browser):
    waiting = kept()
    said = {"sheets": "名簿", **columns_posted(STRANGE)}
    browser.post(reading(waiting), said)
    computed_anew = {"auditlog.LogEntry", "staff.RosterChange"}
    before = everything(without=computed_anew)

    again = browser.post(reading(waiting), said)

    assert again.url == waiting.get_absolute_url()
    assert everything(without=computed_anew) == before
    assert waiting.changes.count() == 1


def test_the_next_file_of_the_same_layout_begins_with_what_was_said(browser):
    for heading, field in STRANGE.items():
        ColumnMappingFactory(layout=LAYOUT, heading=heading, field=field)
    turned = dict(reversed(STRANGE_LINE.items()))

    page = text(browser.get(reading(kept(workbook(turned)))))

    assert "前回の対応を使っています" in page
    assert page.count("selected") == 4
    assert '<option value="department" selected>' in page
    assert "未対応" not in page


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"職員番": ""}, "「職員番号」の列がありません"),
        ({"氏名漢字": ""}, "「氏名」または「姓」の列がありません"),
        ({"血液型": "department"}, "「所属」が2つ以上の列に選ばれています"),
        ({"血液型": "nonsense"}, "一覧にない項目です"),
    ],
)
def test_an_unfit_choice_is_refused_in_words_and_not_lost(browser, fields, complaint):
    waiting = kept()
    said = {**STRANGE, "配置先": "section", **fields}
    if fields.get("血液型") == "department":
        said["配置先"] = "department"

    response = browser.post(reading(waiting), {"sheets": "名簿", **columns_posted(said)})

    assert response.status_code == 200
    assert any(complaint in sentence for sentence in errors_of(response))
    assert all(says_what_to_do(sentence) for sentence in errors_of(response))
    assert f'<option value="{said["配置先"]}" selected>' in text(response)
    assert choices_of(waiting) == RosterChoices()
    assert not ColumnMapping.objects.exists()


def test_two_columns_of_remarks_may_be_said(browser):
    fields = {"職員番": "staff_no", "氏名漢字": "name", "備考ア": "note", "備考イ": "note"}
    waiting = kept(workbook(dict.fromkeys(fields, "1")))

    response = browser.post(reading(waiting), {"sheets": "名簿", **columns_posted(fields)})

    assert response.url == waiting.get_absolute_url()


def two_sheets():
    made = Workbook()
    made.active.title = "名簿"
    for row in table(STRANGE_LINE):
        made.active.append(row)
    example = made.create_sheet("記入例")
    for row in table(line()):
        example.append(row)
    made.create_sheet("メモ").append(["来月まで"])
    return make.saved(made)


def test_sheets_are_chosen_and_only_their_columns_count(browser):
    waiting = kept(two_sheets())

    page = text(browser.get(reading(waiting)))
    response = browser.post(reading(waiting), {"sheets": "名簿", **columns_posted(STRANGE)})

    assert re.findall(r'name="sheets" value="(\w+)"[^>]*?( checked)?>', page) == [
        ("名簿", " checked"),
        ("記入例", ""),
    ]
    assert "記入例（記入例・凡例）" in page
    assert "表のないシートは読みません：メモ" in page
    assert response.status_code == 302
    assert choices_of(waiting).columns.keys() == {LAYOUT}


@pytest.mark.parametrize("sheets", [[], ["ない"]])
def test_a_sheet_must_be_chosen(browser, sheets):
    response = browser.post(reading(kept()), {"sheets": sheets, **columns_posted(STRANGE)})

    assert says_what_to_do(errors_of(response)[0])


def test_sheets_of_one_layout_are_asked_about_once(browser):
    made = Workbook()
    made.active.title = "総務課"
    made.create_sheet("税務課")
    for page in made:
        for row in table(STRANGE_LINE):
            page.append(row)

    page = text(browser.get(reading(kept(make.saved(made)))))

    assert "見出しの対応：総務課・税務課" in page
    assert page.count("<select") == len(STRANGE)


def test_samples_hide_what_may_be_a_my_number(browser):
    page = text(browser.get(reading(kept(workbook({**STRANGE_LINE, "血液型": MY_NUMBER})))))

    assert MY_NUMBER not in page
    assert "（12桁の番号）" in page


def test_names_that_look_like_markup_do_no_harm(browser):
    evil = "<script>alert(1)</script>"
    content = workbook({**STRANGE_LINE, evil: evil})

    page = browser.get(reading(kept(content))).content.decode()

    assert evil not in page
    assert html.escape(evil) in page


@pytest.mark.parametrize("status", [ImportStatus.DISCARDED, ImportStatus.PREVIEW])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_file_or_when_decided_nothing_is_asked(browser, status, method):
    waiting = RosterImportFactory(status=status)
    if status == ImportStatus.DISCARDED:
        RosterFileFactory(roster_import=waiting)

    response = getattr(browser, method)(reading(waiting), follow=True)

    assert response.redirect_chain == [(waiting.get_absolute_url(), 302)]
    assert "読み方はもう変えられません" in text(response)


def test_a_file_that_cannot_be_read_any_more_is_told_of(browser):
    response = browser.get(reading(kept(b"PK\x03\x04 not a workbook")), follow=True)

    assert response.status_code == 200
    assert "ください。" in text(response)


def test_the_page_takes_as_many_queries_for_many_sheets_as_for_one(
    browser, django_assert_max_num_queries
):
    made = Workbook()
    for number in range(12):
        page = made.create_sheet(f"名簿{number}")
        for row in table({**STRANGE_LINE, f"列{number}": "x"}):
            page.append(row)
    one, many = kept(), kept(make.saved(made))
    browser.get(reading(one))
    with django_assert_max_num_queries(40) as first:
        browser.get(reading(one))

    with django_assert_max_num_queries(len(first)):
        browser.get(reading(many))


# --- The services -------------------------------------------------------------------------------


@pytest.mark.parametrize("choose", [choose_reading, choose_masters])
def test_what_is_decided_cannot_be_chosen_about(town, admin, choose):
    decided = RosterImportFactory(status=ImportStatus.DISCARDED)

    with pytest.raises(AlreadyDecidedError, match="ください。$"):
        choose(roster_import=decided, choices=RosterChoices(), by=admin)


def test_choosing_columns_leaves_what_was_chosen_of_masters(town, admin):
    stored = RosterChoices(departments={"企財課": MasterChoice(known="101")})
    waiting = kept(choices=stored.as_json())

    choose_reading(
        roster_import=waiting,
        choices=RosterChoices(sheets=("名簿",), columns={LAYOUT: STRANGE}),
        by=admin,
    )

    assert choices_of(waiting).departments == stored.departments
    assert choices_of(waiting).sheets == ("名簿",)


def test_the_later_word_about_a_heading_holds(admin):
    remember_columns(columns={LAYOUT: STRANGE}, by=admin)
    LogEntry.objects.all().delete()

    remember_columns(columns={LAYOUT: {**STRANGE, "血液型": "note"}}, by=admin)

    assert ColumnMapping.objects.get(heading="血液型").field == "note"
    assert ColumnMapping.objects.count() == 4
    [entry] = LogEntry.objects.all()
    assert entry.changes == {"field": ["", "note"]}


# --- Departments and ranks ----------------------------------------------------------------------

SPACE = UnknownMaster(DEPARTMENT, "宇宙課", "宇宙課", spots=(("名簿", 3), ("名簿", 4)), count=9)
CODED = UnknownMaster(DEPARTMENT, "z-77", "打上課", code="Z-77", spots=(("名簿", 5),), count=1)
CAPTAIN = UnknownMaster(RANK, "艦長", "艦長", spots=(("名簿", 3),), count=1, suggestions=("課長",))


def asking(*unknown, **facts):
    """An import whose file names what nobody knows."""
    unknown = unknown or (SPACE, CAPTAIN)
    headings = {DEPARTMENT: "所属", RANK: "職名"}
    lines = [
        line(f"00010{count}", **{headings[each.kind]: each.written})
        for count, each in enumerate(unknown)
    ]
    return kept(workbook(*lines), unknown=[each.as_json() for each in unknown], **facts)


def posted(page, *decisions):
    """What the page posts: its own fields as they stand, changed by decision for each part."""
    prefixes = re.findall(r'name="(u\w+)-reason"', page)
    return {
        f"{prefix}-{part}": value
        for prefix, decision in zip(prefixes, decisions, strict=True)
        for part, value in decision.items()
    }


def decide(browser, waiting, *decisions):
    page = text(browser.get(masters(waiting)))
    return browser.post(masters(waiting), posted(page, *decisions))


LATER = {"decision": ""}


def test_the_page_shows_what_is_unknown_where_and_what_is_alike(browser):
    page = text(browser.get(masters(asking())))

    for words in ("宇宙課", "名簿 3行、名簿 4行 ほか7行", "総務部 税務課", "似ているもの", "艦長"):
        assert words in page


def test_a_known_one_stands_for_it_and_is_remembered(browser):
    waiting = asking(CODED, CAPTAIN)

    response = decide(
        browser,
        waiting,
        {"decision": "known", "known": "102", "remembered": "on"},
        {"decision": "known", "known": "課長", "remembered": "on"},
    )

    assert response.url == waiting.get_absolute_url()
    chosen = choices_of(waiting)
    assert chosen.departments == {"z-77": MasterChoice(known="102", remembered=True)}
    assert chosen.ranks == {"艦長": MasterChoice(known="課長", remembered=True)}
    spelled = DepartmentAlias.objects.values_list("written", "key", "department__code")
    assert set(spelled) == {("打上課", "打上課", "102"), ("Z-77", "z-77", "102")}
    assert RankAlias.objects.get().rank.name == "課長"


def test_what_is_not_to_be_remembered_is_not(browser):
    waiting = asking(SPACE)

    decide(browser, waiting, {"decision": "known", "known": "102"})

    assert choices_of(waiting).departments["宇宙課"].known == "102"
    assert not DepartmentAlias.objects.exists()


def test_a_spelling_kept_for_another_department_moves_on(browser, town):
    DepartmentAliasFactory(department=town.affairs, written="宇宙課", key="宇宙課")
    waiting = asking(SPACE)

    decide(browser, waiting, {"decision": "known", "known": "102", "remembered": "on"})

    assert DepartmentAlias.objects.get().department == town.tax


def test_the_name_beside_a_code_stays_a_name_of_its_own_unit(browser, town):
    waiting = asking(UnknownMaster(DEPARTMENT, "z-77", "総務課", code="Z-77"))

    decide(browser, waiting, {"decision": "known", "known": "102", "remembered": "on"})

    assert list(DepartmentAlias.objects.values_list("key", flat=True)) == ["z-77"]


def test_a_new_one_is_kept_to_be_made(browser):
    waiting = asking()

    decide(
        browser,
        waiting,
        {
            "decision": "made",
            "code": "９０１",
            "name": "宇宙課",
            "kind": "section",
            "parent": "100",
        },
        {"decision": "made", "name": "艦長", "band": "section_chief", "heads_department": "on"},
    )

    chosen = choices_of(waiting)
    assert chosen.departments["宇宙課"].made == {
        "code": "901",
        "name": "宇宙課",
        "kind": "section",
        "parent": "100",
    }
    assert chosen.ranks["艦長"].made == {
        "name": "艦長",
        "band": "section_chief",
        "is_executive": "",
        "is_leader_eligible": "",
        "heads_department": "1",
    }
    assert not Department.objects.filter(name="宇宙課").exists()
    assert not Rank.objects.filter(name="艦長").exists()


def test_the_page_shows_again_what_was_chosen(browser):
    waiting = asking(SPACE)
    decide(browser, waiting, {"decision": "skipped", "reason": "県からの派遣のため"})

    page = text(browser.get(masters(waiting)))

    assert "県からの派遣のため" in page
    assert re.search(r'value="skipped"[^>]*checked', page)


def test_what_is_put_off_is_open_again(browser):
    waiting = asking()
    decide(browser, waiting, {"decision": "known", "known": "102"}, LATER)

    decide(browser, waiting, LATER, LATER)

    assert choices_of(waiting) == RosterChoices()


@pytest.mark.parametrize(
    ("decision", "complaint"),
    [
        ({"decision": "known"}, "「宇宙課」：どれにするかを選んでください。"),
        ({"decision": "skipped"}, "「宇宙課」：取り込まない理由を入力してください。"),
        ({"decision": "made", "name": "宇宙課"}, "「宇宙課」：所属コードを入力してください。"),
        ({"decision": "made", "code": "9", "kind": "section"}, "所属名を入力してください。"),
        ({"decision": "made", "code": "102", "name": "宇宙課"}, "所属コード102は使われています"),
        (
            {"decision": "made", "code": "9" * 21, "name": "宇宙課"},
            "20文字以内で入力してください。",
        ),
        ({"decision": "skipped", "reason": "長" * 101}, "100文字以内で入力してください。"),
    ],
)
def test_an_unfit_decision_is_refused_in_words_and_not_lost(browser, decision, complaint):
    waiting = asking(SPACE)

    response = decide(browser, waiting, decision)

    assert response.status_code == 200
    assert complaint in text(response)
    assert re.search(rf'value="{decision["decision"]}"[^>]*checked', text(response))
    for typed in (decision.get("code"), decision.get("reason")):
        assert not typed or f'value="{typed}"' in text(response)
    assert choices_of(waiting) == RosterChoices()


@pytest.mark.parametrize(
    ("decision", "complaint"),
    [
        ({"decision": "made", "name": "艦長"}, "「艦長」：職階を選んでください。"),
        ({"decision": "made", "band": "staff"}, "「艦長」：職名を入力してください。"),
        ({"decision": "made", "name": "課長", "band": "staff"}, "職名「課長」は登録されています"),
    ],
)
def test_an_unfit_rank_is_refused_in_words(browser, decision, complaint):
    response = decide(browser, asking(CAPTAIN), decision)

    assert response.status_code == 200
    assert complaint in text(response)


def test_two_new_departments_of_one_code_are_refused(browser):
    other = UnknownMaster(DEPARTMENT, "海洋課", "海洋課")
    new = {"decision": "made", "code": "901", "name": "新しい課", "kind": "section"}

    response = decide(browser, asking(SPACE, other), new, new)

    assert "所属コード901は使われています" in text(response)


def test_what_a_decision_does_not_need_may_be_wrong(browser):
    waiting = asking(SPACE)

    response = decide(
        browser, waiting, {"decision": "skipped", "reason": "他団体", "code": "9" * 30}
    )

    assert response.status_code == 302
    assert choices_of(waiting).departments == {"宇宙課": MasterChoice(skipped="他団体")}


def test_a_department_to_be_made_can_be_chosen_for_another_spelling(browser):
    other = UnknownMaster(DEPARTMENT, "宇宙局", "宇宙局")
    waiting = asking(SPACE, other)
    new = {"decision": "made", "code": "901", "name": "宇宙課", "kind": "section"}
    decide(browser, waiting, new, LATER)

    decide(browser, waiting, new, {"decision": "known", "known": "901", "remembered": "on"})

    assert choices_of(waiting).departments["宇宙局"].known == "901"
    assert not DepartmentAlias.objects.exists()


def test_a_spelling_the_import_does_not_ask_about_is_not_taken(town, admin):
    waiting = asking(SPACE)
    choices = RosterChoices(departments={"別の課": MasterChoice(known="102")})

    choose_masters(roster_import=waiting, choices=choices, by=admin)

    assert choices_of(waiting) == RosterChoices()


@pytest.mark.parametrize(
    "choice",
    [
        MasterChoice(known="gone"),
        MasterChoice(made={"code": "102", "name": "宇宙課", "kind": "section", "parent": ""}),
    ],
)
def test_the_service_checks_again_what_is_there(town, admin, choice):
    waiting = asking(SPACE)

    with pytest.raises(MasterGoneError, match="ください。$"):
        choose_masters(
            roster_import=waiting,
            choices=RosterChoices(departments={"宇宙課": choice}),
            by=admin,
        )

    assert choices_of(waiting) == RosterChoices()


def test_without_anything_unknown_the_page_leads_back(browser):
    waiting = RosterImportFactory()

    page = text(browser.get(masters(waiting)))

    assert "登録のない所属・職名はありません" in page
    assert waiting.get_absolute_url() in page


def test_a_decided_import_asks_nothing_of_masters(browser):
    decided = RosterImportFactory(status=ImportStatus.DISCARDED)

    response = browser.get(masters(decided), follow=True)

    assert response.redirect_chain == [(decided.get_absolute_url(), 302)]


def test_the_page_of_masters_takes_a_constant_number_of_queries(
    browser, django_assert_max_num_queries
):
    one = asking(SPACE)
    many = asking(*(UnknownMaster(DEPARTMENT, f"宇宙{n}課", f"宇宙{n}課") for n in range(11)))
    DepartmentFactory.create_batch(5)
    browser.get(masters(one))
    with django_assert_max_num_queries(40) as first:
        browser.get(masters(one))

    with django_assert_max_num_queries(len(first)):
        browser.get(masters(many))
