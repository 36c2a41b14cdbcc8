"""The whole report of a day."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agano_dx.lib.fiscal import FiscalYear
from reports.paper.occasion import Occasion
from reports.paper.shapes import HIDDEN, Table
from reports.paper.tables import paper
from reports.progress import Counts, progress
from reports.publication import for_publication
from reports.report import Report, report
from reports.services.freezing import freeze
from tests.conftest import TODAY, placed
from tests.factories import AssignmentFactory, DepartmentFactory
from training.models import DEFAULT_RULE, Counting
from training.outstanding import outstanding

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    call_command("loaddata", "plan", verbosity=0)


def test_the_report_holds_the_figures_of_the_day_and_the_rows_of_the_plan(plan, section):
    placed(section)

    whole = report(TODAY, DEFAULT_RULE, None)

    assert whole.figures == progress(TODAY, DEFAULT_RULE, None)
    assert whole.share[-1].population == whole.figures.total.population
    for row in whole.rows:
        assert row.asked == row.completed + row.excused + row.owing
        owed = outstanding(row.programme, TODAY, DEFAULT_RULE, None)
        assert row.owing + row.excused == len(owed)
    assert {row.programme.code for row in whole.rows} >= {"MIND-ALL", "KNOWLEDGE", "SKILL"}


def test_the_report_asks_as_often_for_many_departments_as_for_one(plan, section):
    placed(section)
    with CaptureQueriesContext(connection) as few:
        report(TODAY, DEFAULT_RULE, None)
    for _ in range(12):
        placed(DepartmentFactory())

    with CaptureQueriesContext(connection) as many:
        report(TODAY, DEFAULT_RULE, None)

    assert len(few) == len(many)


R7 = FiscalYear(2025)


def tables_of(whole: Report) -> dict[str, Table]:
    return {table.key: table for table in paper(whole, Occasion(TODAY, "人事担当")).tables}


def cells(table: Table, first: str) -> dict:
    """The line that begins so, by heading."""
    line = next(line for line in table.lines if line.cells[0] == first)
    headings = [column.heading for column in table.columns]
    return dict(zip(headings, line.cells, strict=True))


def frozen_at(counts: Counts) -> Report:
    """The city's report of the end of R7, frozen with other people than are known now."""
    return replace(report(R7.last_day, DEFAULT_RULE, None), frozen={R7: counts})


def test_a_report_holds_what_was_frozen_by_its_day_for_the_whole_city(plan, section, hr):
    AssignmentFactory(department=section, starts_on=R7.first_day)
    freeze(year=R7, by=hr, today=TODAY)
    AssignmentFactory(department=section, starts_on=R7.first_day)

    frozen = [
        report(day, DEFAULT_RULE, scope).frozen
        for day, scope in ((TODAY, None), (TODAY, frozenset({section.pk})), (R7.first_day, None))
    ]

    assert frozen == [{R7: Counts(population=1)}, {}, {}]


def test_a_frozen_year_is_shown_and_judged_by_its_final_figures(plan, section):
    AssignmentFactory(department=section, starts_on=R7.first_day)

    tables = tables_of(frozen_at(Counts(population=40, capable=10)))

    shown = cells(tables["share"], "R7")
    assert (shown["全職員"], shown["デジタル活用職員"]) == (40, 10)
    assert shown["実績"] == Fraction(1, 4)
    assert (shown["現在の記録の全職員"], shown["現在の記録のデジタル活用職員"]) == (1, 0)
    assert shown["期日の判定"] == "達成（確定値）"
    assert cells(tables["targets"], "R7")["期日の判定"] == "達成（確定値）"
    assert cells(tables["summary"], "全職員")["人数"] == 1
    assert "R7末の確定値は、40人のうち10人（25.0％）です。" in tables["summary"].notes[0]


def test_a_frozen_year_that_is_still_the_same_has_no_second_figures(plan, section):
    AssignmentFactory(department=section, starts_on=R7.first_day)

    table = tables_of(frozen_at(Counts(population=1)))["share"]

    assert cells(table, "R7")["期日の判定"] == "未達（確定値）"
    assert "現在の記録の全職員" not in [column.heading for column in table.columns]


def test_a_published_report_does_not_tell_the_few_by_whom_a_final_figure_differs(plan, section):
    for _ in range(12):
        AssignmentFactory(department=section, starts_on=R7.first_day)
    whole = frozen_at(Counts(population=14))

    found = for_publication(paper(whole, Occasion(TODAY, "人事担当")))

    shown = cells(next(table for table in found.tables if table.key == "share"), "R7")
    assert HIDDEN in (shown["全職員"], shown["現在の記録の全職員"])
    assert not any("14人" in note for table in found.tables for note in table.notes)


def test_a_part_of_the_city_is_held_against_no_target_of_the_city(plan, section):
    placed(section)

    tables = tables_of(report(TODAY, DEFAULT_RULE, frozenset({section.pk})))

    for key in ("summary", "targets", "share"):
        table = tables[key]
        assert not {"目標に必要な人数（人）", "期日の判定", "状況", "基準日の状況"} & {
            column.heading for column in table.columns
        }
        assert "目標は市全体のものなので、比べません" in table.notes[-1]
        assert "あと" not in table.finding
    assert tables["summary"].finding == "1人のうち0人（0.0％）です。"
    assert "目標" not in tables["share"].chart.finding
    assert "目標" not in str(tables["share"].chart.chart.legend)


def test_a_rule_that_excludes_nobody_and_asks_one_course_is_told_in_whole_sentences(plan):
    rule = Counting(("regular",), (), ("mind",), None)

    made = paper(report(TODAY, rule, None), Occasion(TODAY, "人事担当"))

    words = {line.cells[0]: line.cells[1] for line in made.tables[-1].lines}
    assert words["全職員"] == "基準日に在職し、任用形態が正規の職員です。"
    assert words["デジタル活用職員"].startswith(
        "全職員のうち、DXマインドの研修を修了した職員です。"
    )
    assert dict(made.cover)["集計ルール"].startswith("全職員＝正規／必要な研修＝DXマインド／")


def test_leaders_are_judged_alike_in_the_summary_and_in_their_own_table(plan):
    whole = report(FiscalYear(2034).last_day, DEFAULT_RULE, None)
    leaders = tuple(replace(point, completed=99) for point in whole.leaders)

    tables = tables_of(replace(whole, leaders=leaders))

    line = cells(tables["summary"], "推進リーダーの育成延べ人数（修了した任期）")
    assert line["状況"] == cells(tables["leaders"], "R16")["判定"] == "おおむね達成"


def test_cover_and_findings_tell_which_figures_are_final_and_which_are_as_known_now(plan, section):
    AssignmentFactory(department=section, starts_on=R7.first_day)

    made = paper(frozen_at(Counts(population=40, capable=10)), Occasion(TODAY, "人事担当"))
    plain = paper(report(R7.last_day, DEFAULT_RULE, None), Occasion(TODAY, "人事担当"))

    words = dict(made.cover)["確定値"]
    assert words.startswith("R7末の数は確定しています。割合の推移のR7の全職員")
    assert words.endswith("総括の人数など、ほかの数は現在の記録で数えます。")
    tables = {table.key: table for table in made.tables}
    assert tables["share"].finding == (
        "R7末の確定値は、40人のうち10人（25.0％）です。現在の記録では、1人のうち0人（0.0％）です。"
    )
    assert "基準日の状況は、現在の記録で数えます。" in tables["targets"].notes[0]
    assert cells(tables["summary"], "デジタル活用職員")["状況"] == "達成（確定値）"
    assert [name for name, _ in plain.cover] == ["基準日", "対象", "集計ルール", "作成日", "作成"]
