"""The words of the report on paper: what stands against the plan, of whom it counts, in units."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command

from agano_dx.lib.fiscal import FiscalYear
from leaders.bands import BandCount
from reports.paper.judging import leaders_stand
from reports.paper.making import made_paper
from reports.paper.occasion import Occasion
from reports.paper.printed import printed
from reports.paper.tables import paper
from reports.paper.wording import COMPLETED_BY_ANYBODY
from reports.paper.workbook import report_workbook
from reports.progress import Leaders
from reports.publication import for_publication
from reports.report import report
from staff.models import Band, Duty
from tests.conftest import TODAY, placed
from tests.factories import CompletionFactory, DepartmentFactory
from tests.reports.sheets import opened
from training.models import DEFAULT_RULE
from training.plan_board import PLAN_LAST

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plan(db):
    call_command("loaddata", "plan", verbosity=0)


def paper_of(whole):
    return paper(whole, Occasion(TODAY, "人事担当"))


def summary_of(made) -> dict:
    table = next(table for table in made.tables if table.key == "summary")
    return {str(line.cells[0]): line.cells for line in table.lines}


def line_of(made, key, first):
    table = next(table for table in made.tables if table.key == key)
    line = next(line for line in table.lines if line.cells[0] == first)
    return dict(zip([column.heading for column in table.columns], line.cells, strict=True))


def test_what_is_not_due_yet_is_told_with_what_is_missing_and_never_as_failed(section):
    for _ in range(9):
        placed(section)

    made = made_paper(TODAY, None, TODAY)

    rows = summary_of(made)
    assert rows["デジタル活用職員"][-2:] == ("R8末に1/3（3人）", "期日前（あと3人）")
    assert rows["推進リーダーの育成延べ人数（修了した任期）"][-2:] == (
        "R8末に延べ18～22人",
        "期日前（あと18人）",
    )
    assert rows["デジタル専門分野人材"][-2:] == ("R16末に34人以上", "期日前（あと34人）")
    target = line_of(made, "targets", "R8")
    assert (target["基準日の状況"], target["期日の判定"]) == ("あと3人", "期日前")
    assert line_of(made, "specialists", "課長級")["判定"] == "期日前"
    assert "届いていない" not in str(made)
    assert "未達" not in str([line[-1] for words, line in rows.items() if "部署" not in words])


def test_what_is_reached_before_its_day_says_both(section):
    person = placed(section)
    for category in DEFAULT_RULE.required_categories:
        CompletionFactory(
            staff=person, offering__course__category=category, completed_on=date(2026, 5, 1)
        )

    made = made_paper(TODAY, None, TODAY)

    assert summary_of(made)["デジタル活用職員"][-1] == "期日前（届いている）"


def test_a_target_is_judged_on_its_day(section):
    placed(section)

    rows = summary_of(made_paper(FiscalYear(2026).last_day, None, TODAY))

    assert rows["デジタル活用職員"][-1] == "未達"
    assert rows["推進リーダーの育成延べ人数（修了した任期）"][-1] == "未達"
    assert rows["デジタル専門分野人材"][-1] == "期日前（あと34人）"


@pytest.mark.parametrize(("count", "words"), [(19, "未達"), (20, "達成")])
def test_specialists_are_judged_at_the_plans_end(count, words):
    whole = report(PLAN_LAST.last_day, DEFAULT_RULE, None)
    bands = (BandCount(Band.STAFF, count, 20, None),)

    made = paper_of(replace(whole, figures=replace(whole.figures, specialists=bands)))

    assert summary_of(made)["デジタル専門分野人材"][-1] == words
    assert line_of(made, "specialists", "主任・主事級")["判定"] == words
    notes = next(table.notes for table in made.tables if table.key == "specialists")
    assert notes == ("目標はR16末の人数です。主任・主事級の目標に上限はありません。",)


def test_before_its_year_a_band_of_leaders_is_held_against_those_known_now():
    whole = report(FiscalYear(2027).last_day, DEFAULT_RULE, None)
    held = replace(whole.figures.leaders, completed_person_terms=23)

    made = paper_of(replace(whole, figures=replace(whole.figures, leaders=held)))

    stands = summary_of(made)["推進リーダーの育成延べ人数（修了した任期）"][-2:]
    assert stands == ("R10末に延べ38～42人", "期日前（あと15人）")
    coming = next(point for point in whole.leaders if point.year == FiscalYear(2028))
    assert leaders_stand(coming, 38, whole.as_of) == "期日前（届いている）"


def test_a_department_without_a_leader_is_counted_in_departments(section):
    whole = report(TODAY, DEFAULT_RULE, None)
    units = (section, DepartmentFactory())
    held = Leaders(0, 0, 0, units[:1], units[1:])

    made = paper_of(replace(whole, figures=replace(whole.figures, leaders=held)))

    summary = printed(made)[0]
    row = next(row for row in summary.rows if row[0].text == "推進リーダーのいる部署")
    assert [word.text for word in row] == [
        *("推進リーダーのいる部署", "", "", "", "1部署"),
        *("すべての部署", "未達（あと1部署）"),
    ]


def test_how_few_leaders_there_were_does_not_stand_in_what_is_missing():
    whole = report(TODAY, DEFAULT_RULE, None)
    held = replace(whole.figures.leaders, completed_person_terms=2, people=2)
    points = tuple(
        replace(point, completed=2) if point.year == FiscalYear(2026) else point
        for point in whole.leaders
    )

    found = for_publication(
        paper_of(replace(whole, figures=replace(whole.figures, leaders=held), leaders=points))
    )

    assert "あと16人" not in str(found)


def test_a_row_of_the_plan_counts_those_who_left_and_says_so(section):
    gone = placed(section)
    on_leave = placed(section, duty=Duty.CHILDCARE)
    here = placed(section)
    for person in (gone, on_leave, here):
        CompletionFactory(
            staff=person, offering__course__category="knowledge", completed_on=date(2026, 5, 1)
        )
    gone.left_on = date(2026, 9, 30)
    gone.save()

    made = made_paper(TODAY, None, TODAY)

    assert line_of(made, "programmes", "デジタル知識習得研修")[COMPLETED_BY_ANYBODY] == 3
    assert summary_of(made)["知識研修の修了者"][1] == 1
    for key in ("programmes", "programme_years"):
        notes = next(table.notes for table in made.tables if table.key == key)
        assert "退職した人" in notes[-1]
        assert "全職員に数えない人も入ります" in notes[-1]
    own = made_paper(TODAY, frozenset({section.pk}), TODAY)
    assert line_of(own, "programmes", "デジタル知識習得研修")[COMPLETED_BY_ANYBODY] == 3


def test_no_note_speaks_of_blanks_and_what_is_not_asked_of_a_department_stands_there(section):
    placed(section)
    apart = DepartmentFactory(gives_leader=False)
    placed(apart)

    made = made_paper(TODAY, None, TODAY)

    assert line_of(made, "departments", apart.name)["推進リーダー"] == "対象外"
    assert "空欄" not in str([table.notes for table in made.tables])


def test_what_there_is_nothing_to_tell_of_is_blank_in_print_as_in_the_workbook(section):
    placed(section)
    made = made_paper(TODAY, None, TODAY)

    words = [word.text for table in printed(made) for row in table.rows for word in row]

    assert "－" not in words
    assert "" in words
    sheet = opened(report_workbook(made))["総括"]
    formats = {str(row[0].value): row[4].number_format for row in sheet.iter_rows()}
    assert formats["推進リーダーのいる部署"] == '#,##0"部署"'
    assert formats["推進リーダーの育成延べ人数（修了した任期）"] == '#,##0"人"'
