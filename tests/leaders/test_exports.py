"""リーダー名簿 taken out: it reads back without a change, whatever stands in it."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.issues import Findings
from agano_dx.lib.japanese import holds_my_number
from agano_dx.lib.workbooks.reading import read_workbook
from leaders.exports import leader_terms, leaders_workbook
from leaders.imports import read_leaders
from leaders.imports.plan import Outcome, World, plan
from leaders.models import Cohort, EndReason, LeaderTerm
from staff.models import Department, StaffMember
from tests.conftest import TODAY
from tests.factories import (
    CohortFactory,
    DepartmentFactory,
    LeaderTermFactory,
    StaffMemberFactory,
)
from tests.roster_makers import book, sheet

pytestmark = pytest.mark.django_db

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

NASTY = (
    "=1+1",
    "#N/A",
    "同上",
    "〃",
    "合計",
    "※注",
    "異動\nのため",
    " 空白 ",
    "なし",
    "_x000D_",
    "'a",
)
texts = st.one_of(
    st.just(""),
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
).filter(lambda text: not holds_my_number(text))
spans = st.lists(
    st.tuples(
        st.integers(0, 2),  # the person
        st.integers(1, 2),  # the cohort
        st.integers(0, 729),  # the first day of the cohort's two years
        st.one_of(st.none(), st.integers(0, 729)),  # how long
        st.sampled_from(["", *EndReason.values]),
        st.sampled_from([None, True, False]),
        texts,
        texts,
    ),
    max_size=6,
)


@pytest.fixture
def town(db):
    """Two cohorts, three people with names that are hard to keep, departments open and closed."""
    old = DepartmentFactory(code="101", name="旧総務課", closes_on=date(2026, 3, 31))
    new = DepartmentFactory(code="101", name="総務課", opens_on=date(2026, 4, 1))
    old.successor = new
    old.save()
    DepartmentFactory(code="E1", name="廃止課", closes_on=date(2026, 9, 30))
    CohortFactory(number=1)
    CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))
    for number, name in (("000101", "辻\U000e0100　翔"), ("000102", "=田　太郎"), ("9", "𠮷田")):
        StaffMemberFactory(number=number, name=name)
    return [old, new]


def written(made, departments):
    """Terms as drawn, save those that would overlap another one of the person."""
    people = list(departments["people"])
    kept = []
    for who, number, first, length, reason, completed, why, note in made:
        cohort = departments["cohorts"][number]
        starts_on = cohort.starts_on + timedelta(days=first)
        ends_on = None if length is None else starts_on + timedelta(days=length)
        if ends_on is not None and ends_on > cohort.ends_on:
            ends_on = None
        until = ends_on or cohort.ends_on
        if any(who == w and starts_on <= e and s <= until for w, s, e in kept):
            continue
        kept.append((who, starts_on, until))
        is_over = ends_on is not None
        LeaderTermFactory(
            cohort=cohort,
            staff=people[who],
            department=departments["units"][(first + who) % len(departments["units"])],
            starts_on=starts_on,
            ends_on=ends_on,
            end_reason=reason if is_over else "",
            end_note=note,
            completed=bool(completed and is_over),
            decided_on=TODAY if completed is not None and is_over else None,
            decision_reason=why,
        )


def rows_of(data):
    """The rows of the list as openpyxl reads them, headings first."""
    return [list(row) for row in openpyxl.load_workbook(BytesIO(data)).worksheets[0].values]


def outcomes(read, found):
    lines = read_leaders(read, found, on=TODAY)
    return [row.outcome for row in plan(lines, World.load(None))]


@quick
@given(made=spans, random=st.randoms(use_true_random=False))
def test_the_list_reads_back_without_a_change_in_any_order(town, made, random):
    LeaderTerm.objects.all().delete()
    written(
        made,
        {
            "people": StaffMember.objects.order_by("number"),
            "units": list(Department.objects.order_by("pk")),
            "cohorts": {cohort.number: cohort for cohort in Cohort.objects.all()},
        },
    )
    _, headings, *rows = rows_of(leaders_workbook(leader_terms(None), TODAY))
    random.shuffle(rows)
    order = random.sample(range(len(headings)), len(headings))
    mixed = [[row[column] for column in order] for row in (headings, *rows)]
    found = Findings()

    seen = outcomes(book(sheet(*mixed)), found)

    assert (found.errors, found.warnings) == ([], [])
    assert seen == [Outcome.SAME] * LeaderTerm.objects.count()


def test_the_file_itself_reads_back_without_a_change(town):
    cohort = CohortFactory()
    ended = {"ends_on": date(2026, 9, 30), "end_reason": "moved", "end_note": "本庁へ\n異動"}
    decided = {"completed": True, "decided_on": TODAY, "decision_reason": "=実績による"}
    LeaderTermFactory(cohort=cohort, department=town[0], **ended, **decided)
    LeaderTermFactory(cohort=cohort, department=town[1], starts_on=date(2026, 10, 1))
    found = Findings()

    seen = outcomes(read_workbook(leaders_workbook(leader_terms(None), TODAY), "名簿.xlsx"), found)

    assert (seen, found.errors, found.warnings) == ([Outcome.SAME] * 2, [], [])


def test_the_columns_are_those_the_import_names(town):
    term = LeaderTermFactory(
        department=town[1],
        ends_on=date(2026, 9, 30),
        end_reason="moved",
        end_note="本庁へ",
        decided_on=TODAY,
        decision_reason="期間が短い",
    )

    above, headings, row = rows_of(leaders_workbook(leader_terms(term.cohort), TODAY))

    assert above[0] == "取扱注意（個人情報）　リーダー名簿　令和8年11月23日現在"
    assert headings == [
        *("期", "所属コード", "所属", "職員番号", "氏名", "就任日", "退任日", "退任理由", "修了"),
        *("判定の理由", "退任の事情"),
    ]
    assert row[:5] == ["第1期", "101", "総務課", term.staff.number, term.staff.name]
    assert [day.date() for day in row[5:7]] == [date(2025, 4, 1), date(2026, 9, 30)]
    assert row[7:] == ["異動", "未修了", "期間が短い", "本庁へ"]


def test_a_cohorts_list_holds_its_own_terms_only_and_asks_once(town):
    second = CohortFactory(number=2, first_year=FiscalYear(2027), last_year=FiscalYear(2028))
    LeaderTermFactory.create_batch(3)
    LeaderTermFactory(cohort=second, starts_on=date(2027, 4, 1))

    with CaptureQueriesContext(connection) as asked:
        leaders_workbook(leader_terms(second), TODAY)

    assert [term.cohort for term in leader_terms(second)] == [second]
    assert len(leader_terms(None)) == 4
    assert len(asked) == 1
