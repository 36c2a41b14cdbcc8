"""Every list that leaves: the workbook holds the rows of the screen, and its trace is left."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import unquote

import openpyxl
import pytest
import time_machine
from auditlog.models import LogEntry
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from leaders.models import LeaderTerm
from staff.forms.files import MOST_WITHOUT_REASON
from staff.models import Assignment, StaffMember, User
from tests.access_table import LINES
from tests.access_world import access_world
from tests.conftest import JAPAN, TODAY
from tests.factories import (
    AttendanceFactory,
    CompletionFactory,
    EvidenceFactory,
    OfferingFactory,
    RankFactory,
    ReminderFactory,
    SurveyAnswerFactory,
)
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db

TABLE = "部署 推進リーダー"
SINCE = "?first=frozen-2025&second=day&second_day=R8.11.23"
# The list, its export, the objects of both, what is asked, the columns of both that name a row.
PEOPLE = [
    ("staff:member_list", "staff:member_export", "-", "", "職員番号 氏名 所属 在職区分"),
    ("staff:member_list", "staff:member_export", "-", "?as_of=R8.4.1&q=5", "職員番号 氏名"),
    ("staff:account_list", "staff:account_export", "-", "?state=open", "職員番号 氏名 役割"),
    ("staff:department_detail", "staff:department_export", "unit_a", "", "職員番号 氏名 職名"),
    ("training:outstanding_list", "training:outstanding_export", "-", "", "氏名 所属 理由"),
    ("training:evidence_list", "training:evidence_export", "-", "", "氏名 所属 種別"),
    ("training:evidence_list", "training:evidence_export", "-", "?kind=ojt", "氏名 種別 状態"),
    ("training:ojt_list", "training:ojt_export", "-", "", "氏名 所属 研修"),
    ("training:report_list", "training:report_export", "-", "", "氏名 所属 研修"),
    ("training:team", "training:team_export", "-", "", "氏名 所属 研修 状態"),
    ("training:reminder_list", "training:reminder_export", "-", "", "職員番号 氏名 種別 研修"),
    ("training:reminder_list", "training:reminder_export", "-", "?state=made", "職員番号"),
    ("training:offering_detail", "training:participant_export", "offering", "", "職員番号 氏名"),
    ("leaders:nomination_list", "leaders:nomination_export", "-", "", "部署 状況"),
    ("leaders:nomination_list", "leaders:nomination_export", "-", "?state=submitted", "部署 状況"),
    ("leaders:deputy_list", "leaders:deputy_export", "-", "", "部署 代理者 状態"),
    ("leaders:specialist_list", "leaders:specialist_export", "-", "", "職員番号 氏名 経路"),
    ("leaders:specialist_candidates", "leaders:specialist_candidate_export", "-", "", "所属"),
    ("leaders:curriculum", "leaders:curriculum_export", "-", "", "部署 氏名"),
    ("leaders:activity_list", "leaders:activity_export", "-", "", "部署 推進リーダー テーマ"),
    ("reports:people_list", "reports:people_export", "everybody", "", "職員番号 氏名 所属"),
    ("reports:people_list", "reports:people_export", "leaders", "?unit={a}", "職員番号 氏名"),
    ("reports:gap_people", "reports:gap_export", "-", "?missing=3", "職員番号 氏名"),
    ("reports:flow_people", "reports:flow_export", "term", "", "職員番号 氏名"),
    ("reports:term_list", "reports:term_export", "-", "", "職員番号 氏名 期 部署"),
    ("reports:snapshot_detail", "reports:snapshot_export", "frozen", "", "職員番号 氏名"),
    (
        "reports:comparison",
        "reports:comparison_export",
        "-",
        SINCE,
        "職員番号 氏名 理由 数値の増減",
    ),
]
THINGS = [
    ("training:offering_list", "training:offering_export", "-", "?state=open", "研修 区分 状態"),
    ("training:course_list", "training:course_export", "-", "", "研修名"),
    ("training:calendar_year", "training:calendar_year_export", "-", "?year=R8", "研修 状態"),
    ("training:survey_list", "training:survey_export", "-", "", "研修 区分"),
    ("reports:department_list", "reports:department_table_export", "-", "?sort=share", TABLE),
]
# These have another shape than their page and stand in tests of their own.
OTHER = {
    "training:plan_export",
    "leaders:cohort_export",
    "leaders:leader_export",
    "staff:roster_export",
}
# Whose lists are nobody's but one role's.
ONLY = {"staff:account_list": "admin", "training:team": "head"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Made once; each test works on top of it and is taken back."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=JAPAN)
    with django_db_blocker.unblock(), time_machine.travel(noon, tick=True), transaction.atomic():
        made = access_world()
        made.args |= {"everybody": ("population",), "leaders": ("leaders",)}
        for member in (made.colleague, made.person_b):
            EvidenceFactory(staff=member, kind="ojt", state="submitted", title="見本の実習")
            past = CompletionFactory(staff=member)
            SurveyAnswerFactory(attendance=past)
            ReminderFactory(attendance=past)
            soon = OfferingFactory(starts_on=datetime(2026, 11, 26, tzinfo=JAPAN).date())
            AttendanceFactory(staff=member, offering=soon)
            for category in DEFAULT_RULE.required_categories:
                CompletionFactory(staff=member, offering__course__category=category)
        yield made
        transaction.set_rollback(True)


def client_as(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


class Tables(HTMLParser):
    """The tables of a page: their headings, and their rows by heading, as a reader sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.hidden = 0
        self.cell: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        classes = dict(attrs).get("class") or ""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self.cell = []
        elif tag == "span" and (self.hidden or "agano-hidden" in classes):
            self.hidden += 1

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1][-1].append("".join(self.cell).strip())
            self.cell = None
        elif tag == "span" and self.hidden:
            self.hidden -= 1

    def handle_data(self, data):
        if self.cell is not None and not self.hidden:
            self.cell.append(data)

    def rows(self, columns: list[str]) -> list[tuple[str, ...]]:
        """The rows of the tables that have these columns."""
        return [
            tuple(row[table[0].index(column)] for column in columns)
            for table in self.tables
            if set(columns) <= set(table[0])
            for row in table[1:]
            if len(row) > 1  # one wide cell heads a group of rows
        ]


def shown(client: Client, url: str, columns: list[str]) -> list[tuple[str, ...]]:
    """The rows of the screen, page by page."""
    found, number, pages = [], 0, 1
    while number < pages:
        number += 1
        answer = client.get(f"{url}{'&' if '?' in url else '?'}page={number}")
        found += Tables(answer.content.decode()).rows(columns)
        turned = re.search(r"ページ </span>\d+ / (\d+)", answer.content.decode())
        pages = int(turned[1]) if turned else 1
    return found


def sheet(answer) -> list[list[str]]:
    """The rows of the workbook, the line above and the headings first."""
    first = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in first.values]


def taken(answer, columns: list[str]) -> list[tuple[str, ...]]:
    _, headings, *rows = sheet(answer)
    places = [headings.index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in rows]


def traces() -> list[dict]:
    return [
        entry.additional_data
        for entry in LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("pk")
        if "export" in (entry.additional_data or {})
    ]


def test_every_export_stands_in_this_file():
    exports = {line.name for line in LINES if line.name.endswith("_export")}

    assert {export for _, export, *_ in PEOPLE + THINGS} | OTHER == exports


@pytest.mark.parametrize("asker", ["hr", "head"])
@pytest.mark.parametrize("row", PEOPLE + THINGS, ids=lambda row: f"{row[1]}{row[3]}")
def test_the_workbook_holds_the_rows_of_the_screen(world, row, asker):
    page, export, thing, asked, columns = row
    asker, asked = ONLY.get(page, asker), asked.format(a=world.a.pk)
    client, args = client_as(world.users[asker]), world.args[thing]
    names = columns.split()
    before = len(traces())

    answer = client.post(reverse(export, args=args) + asked)

    if client.get(reverse(page, args=args)).status_code == 403:
        assert (answer.status_code, len(traces())) == (403, before)
        return
    rows = taken(answer, names)
    assert rows == [
        tuple("" if cell == "－" else cell for cell in line)
        for line in shown(client, reverse(page, args=args) + asked, names)
    ]
    [trace] = traces()[before:]
    assert (trace["rows"], len(trace["sha256"])) == (len(rows), 64)
    assert sheet(answer)[0][0].startswith("取扱注意（個人情報）") == (row in PEOPLE)
    assert rows or asker == "head"


# --- What has another shape than its page -------------------------------------------------------


def test_the_plan_leaves_a_line_for_each_year_a_row_runs_in(world):
    client = client_as(world.users["manager"])

    lines = taken(client.post(reverse("training:plan_export")), ["施策", "年度"])

    board = client.get(reverse("training:plan")).context["board"]
    assert lines == [
        (row.programme.name, label)
        for row in board.rows
        for label, tally in [
            ("計", row.total),
            *zip([year.label for year in board.years], row.cells, strict=True),
        ]
        if tally
    ]
    assert lines


@pytest.mark.parametrize(("asker", "named"), [("hr", {"A", "B", "C"}), ("head", {"A"})])
def test_a_cohort_leaves_with_the_leaders_the_asker_may_name(world, asker, named):
    client = client_as(world.users[asker])

    answer = client.post(reverse("leaders:cohort_export", args=[1]))

    board = client.get(reverse("leaders:cohort_detail", args=[1])).context["board"]
    lines = taken(answer, ["部署", "氏名"])
    assert list(dict.fromkeys(unit for unit, _ in lines)) == [row.unit.name for row in board.rows]
    leaders = [line.term.staff.name for row in board.rows for line in row.leaders]
    assert [name for _, name in lines if name] == leaders
    terms = LeaderTerm.objects.filter(cohort__number=1, staff__name__in=leaders)
    assert set(terms.values_list("department__code", flat=True)) == named


def test_the_trace_tells_a_unit_alone_from_a_unit_with_those_under_it(world):
    client = client_as(world.users["hr"])
    url = reverse("reports:people_export", args=["population"])

    for name in ("unit", "place"):
        client.post(f"{url}?{name}={world.a.pk}")

    asked = [{name for name in ("unit", "place") if trace.get(name)} for trace in traces()[-2:]]
    assert asked == [{"unit"}, {"place"}]


@pytest.mark.parametrize(
    "export",
    [
        ("reports:gap_export", "-", "不足の内訳の職員の書き出し"),
        ("reports:flow_export", "term", "の書き出し</h1>"),
        ("reports:term_export", "-", "修了した任期（延べ）の書き出し"),
        ("reports:department_table_export", "-", "部署別の進み具合の書き出し"),
    ],
    ids=lambda export: export[0],
)
def test_the_question_before_a_list_leaves_has_one_title(world, export):
    name, thing, title = export

    asked = client_as(world.users["hr"]).get(reverse(name, args=world.args[thing]))

    assert title in asked.content.decode()


# --- A long list --------------------------------------------------------------------------------


@pytest.fixture
def crowd(world) -> int:
    """A hundred and one people in the department of the head; the rank they alone have."""
    members = StaffMember.objects.bulk_create(
        StaffMember(number=f"88{place:04d}", name="=見本　式", name_key="=見本式", hired_on=TODAY)
        for place in range(MOST_WITHOUT_REASON + 1)
    )
    rank = RankFactory()
    Assignment.objects.bulk_create(
        Assignment(staff=member, starts_on=TODAY, department=world.a, rank=rank)
        for member in members
    )
    return rank.pk


def test_more_than_a_hundred_people_leave_with_a_reason_from_every_page(world, crowd):
    client = client_as(world.users["head"])
    asked = f"?rank={crowd}&page=2&unheard=of"
    url = reverse("staff:member_export") + asked

    pressed, refused = client.post(url), client.post(url, {"reason": ""})
    before = len(traces())
    answer = client.post(url, {"reason": "所属長への確認"})

    columns = ["職員番号", "氏名", "所属"]
    assert "使いみちを入力してください。" in refused.content.decode()
    assert "取扱注意" in pressed.content.decode()
    assert "data-error-summary" not in pressed.content.decode()
    rows = taken(answer, columns)
    assert len(rows) == MOST_WITHOUT_REASON + 1
    assert rows == shown(client, reverse("staff:member_list") + f"?rank={crowd}", columns)
    [trace] = traces()[before:]
    assert trace.pop("sha256") == hashlib.sha256(answer.content).hexdigest()
    assert trace == {
        "export": "members",
        "rank": str(crowd),
        "as_of": "2026-11-23",
        "rows": MOST_WITHOUT_REASON + 1,
        "reason": "所属長への確認",
    }


def test_no_name_becomes_a_formula_and_the_file_names_its_day(world, crowd):
    client = client_as(world.users["head"])

    url = reverse("staff:member_export")
    answer = client.post(f"{url}?rank={crowd}", {"reason": "確認"})

    cells = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]["B"]
    assert {(cell.value, cell.data_type) for cell in cells[2:]} == {("=見本　式", "s")}
    assert unquote(answer["Content-Disposition"]).endswith("''取扱注意_職員_2026-11-23.xlsx")


def test_the_first_line_says_how_the_list_was_filtered(world):
    client = client_as(world.users["hr"])
    asked = f"?department={world.a1.pk}&duty=active&q={world.under.number}&as_of=R8.10.1"

    answer = client.post(reverse("staff:member_export") + asked)

    assert sheet(answer)[0][0] == (
        f"取扱注意（個人情報）　職員（「{world.under.number}」・見本係・在職）　令和8年10月1日現在"
    )
    assert len(sheet(answer)) == 3
    assert traces()[-1]["q"] == "1"


def test_a_filter_that_cannot_be_read_narrows_the_workbook_no_more_than_the_screen(world):
    client = client_as(world.users["head"])
    asked = "?duty=nothing&q=500&as_of=2026-13-45"

    answer = client.post(reverse("staff:member_export") + asked)

    rows = taken(answer, ["職員番号"])
    assert rows == shown(client, reverse("staff:member_list") + asked, ["職員番号"])
    assert sheet(answer)[0][0] == "取扱注意（個人情報）　職員　令和8年11月23日現在"


def test_a_list_of_things_asks_for_no_reason_and_an_empty_one_has_its_headings(world):
    client = client_as(world.users["hr"])

    asked = client.get(reverse("training:offering_export")).content.decode()
    empty = client.post(reverse("training:offering_export") + "?category=executive&state=closed")

    assert "取扱注意" not in asked + unquote(empty["Content-Disposition"])
    assert [line[0] for line in sheet(empty)] == [
        "開催回（幹部・締め済）　令和8年11月23日現在",
        "開始日",
    ]
