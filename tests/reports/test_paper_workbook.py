"""The report as tables and as a workbook: live sums that come to the same, no stray names."""

from datetime import date

import pytest
from django.core.management import call_command

from agano_dx.lib.fiscal import FiscalYear
from reports.history import LeaderYear
from reports.paper.lines import filled, summed
from reports.paper.making import made_paper
from reports.paper.name_lists import name_lists, people_on
from reports.paper.shapes import HIDDEN, Column, Kind, Line, Paper, Table
from reports.paper.wording import judged_leaders
from reports.paper.workbook import COVER, RANKING, report_workbook
from tests.conftest import TODAY, placed
from tests.factories import CompletionFactory, DepartmentFactory, LeaderTermFactory
from tests.reports.sheets import differences, heading_row, opened, rows_of
from training.models import DEFAULT_RULE

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    """Two departments, one of them with a name that looks like a formula; three of four capable."""
    call_command("loaddata", "plan", verbosity=0)
    one, other = DepartmentFactory(name="見本課"), DepartmentFactory(name="=cmd|'/c calc'!A1")
    people = [placed(one), placed(one), placed(other)]
    for person in people[:2]:
        for category in DEFAULT_RULE.required_categories:
            CompletionFactory(
                staff=person, offering__course__category=category, completed_on=date(2026, 5, 1)
            )
    LeaderTermFactory(staff=people[0], department=one)
    return one, other, people


def test_the_sheets_say_what_the_paper_says_once_their_formulas_are_reckoned(town):
    paper = made_paper(TODAY, None, TODAY)

    book = opened(report_workbook(paper))

    assert differences(book, paper) == []
    cells = [cell for row in book[COVER].iter_rows() for cell in row]
    links = [cell.hyperlink.location for cell in cells if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    assert book.sheetnames[0] == COVER
    assert [name for name in book.sheetnames[1:] if name != RANKING] == [
        table.title for table in paper.tables
    ]


def test_shares_and_totals_are_live_formulas(town):
    paper = made_paper(TODAY, None, TODAY)
    table = next(table for table in paper.tables if table.key == "departments")

    sheet = opened(report_workbook(paper))[table.title]

    *lines, total = rows_of(sheet, table)
    first = heading_row(sheet, table) + 1
    under = first + len(lines)
    assert lines[0][3] == f'=IF(B{first}=0,"",C{first}/B{first})'
    assert total[1] == f"=SUM(B{first}:B{under - 1})"
    assert total[3] == f'=IF(B{under}=0,"",C{under}/B{under})'


def test_every_formula_has_its_result_beside_it_for_who_only_looks(town):
    paper = made_paper(TODAY, None, TODAY)
    data = report_workbook(paper)

    book, values = opened(data), opened(data, values=True)

    assert differences(values, paper) == []
    live = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    live = [cell for cell in live if cell.data_type == "f"]
    assert {cell.parent.title for cell in live} >= {"部署別", RANKING, "未受講者数"}
    assert all(values[cell.parent.title][cell.coordinate].value is not None for cell in live)


def test_a_department_named_like_a_formula_stays_a_text(town):
    paper = made_paper(TODAY, None, TODAY)

    book = opened(report_workbook(paper))

    for title in ("部署別", RANKING):
        cells = [cell for row in book[title].iter_rows() for cell in row]
        named = [cell for cell in cells if str(cell.value).startswith("=cmd")]
        assert [cell.data_type for cell in named] == ["s"]
        assert named[0].quotePrefix


def test_every_chart_has_titles_and_visible_axes_and_covers_no_table(town):
    paper = made_paper(TODAY, None, TODAY)

    book = opened(report_workbook(paper))

    drawn = {sheet.title: sheet._charts for sheet in book if sheet._charts}
    assert set(drawn) == {"割合の推移", "推進リーダー", "専門分野人材", RANKING, "未受講者数"}
    for title, charts in drawn.items():
        (chart,) = charts
        assert chart.title is not None
        assert chart.x_axis.title is not None
        assert not chart.x_axis.delete
        assert not chart.y_axis.delete
        last = max(row for row, *_ in _used(book[title]))
        place = chart.anchor._from
        assert place.row >= last or place.col >= 3


def _used(sheet):
    return [(cell.row, cell) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_every_sheet_is_a_page_of_a4_with_its_day_and_number_and_no_merged_cells(town):
    book = opened(report_workbook(made_paper(TODAY, None, TODAY)))

    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert "令和8年11月23日" in sheet.oddHeader.right.text
        assert "&P" in sheet.oddFooter.right.text
        assert not sheet.merged_cells.ranges
        if sheet.title != COVER:
            assert sheet.print_title_rows
            assert sheet.freeze_panes
    assert book.properties.title == "阿賀野市デジタル人材育成計画 進捗報告書"


def test_the_workbook_of_figures_holds_no_names_and_that_with_lists_marks_each_of_them(town):
    one, _, people = town
    paper = made_paper(TODAY, None, TODAY)
    lists = name_lists(TODAY, DEFAULT_RULE, None)

    plain, named = opened(report_workbook(paper)), opened(report_workbook(paper, lists))

    def texts(book):
        return {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}

    assert not {person.name for person in people} & texts(plain)
    assert {people[0].name, people[2].name} <= texts(named)
    for title in (
        "名簿（デジタル活用職員になっていない職員）",
        "名簿（推進リーダー）",
        "名簿（専門分野人材）",
    ):
        assert named[title]["A1"].value.startswith("取扱注意")
        assert "取扱注意" in named[title].oddHeader.center.text
    assert people_on(lists) == 2
    assert lists[0].rows[0][-1] == "DXマインド・知識・スキル"


def test_own_units_are_shown_without_the_targets_of_the_city_and_without_other_units(town):
    one, other, _ = town

    paper = made_paper(TODAY, frozenset({one.pk}), TODAY)

    tables = {table.key: table for table in paper.tables}
    assert dict(paper.cover)["対象"] == one.name
    assert "目標の下限（人）" not in [column.heading for column in tables["leaders"].columns]
    assert "目標の下限（人）" not in [column.heading for column in tables["specialists"].columns]
    assert [line.cells[0] for line in tables["departments"].lines] == [one.name]
    assert other.name not in str(paper)
    assert tables["departments"].total.cells[1] == 2
    assert differences(opened(report_workbook(paper)), paper) == []


def test_what_is_kept_back_is_no_number_and_no_part_of_a_sum():
    columns = (
        Column("部署", Kind.TEXT),
        Column("全職員", Kind.PEOPLE),
        Column("うち", Kind.PEOPLE, within=1),
        Column("割合", Kind.SHARE, share_of=(2, 1)),
    )
    lines = (filled(columns, ("甲", 10, HIDDEN, None)), filled(columns, ("乙", 20, 8, None)))
    total = Line(("合計", 30, 11, None))
    table = Table("k", "表", "文です。", columns, lines, filled(columns, total.cells))

    sheet = opened(report_workbook(Paper("題", TODAY, (), (table,))))["表"]

    hidden, _, sums = rows_of(sheet, table)
    assert hidden[2:] == ["＊", "＊"]
    assert sums[1].startswith("=SUM")
    assert sums[2] == 11


def test_sums_of_what_has_no_upper_end_are_left_out():
    columns = (Column("職階", Kind.TEXT), Column("上限", Kind.NUMBER), Column("下限", Kind.NUMBER))
    lines = [Line(("甲", 4, 2)), Line(("乙", None, 20))]

    assert summed(columns, lines).cells == ("合計", None, 22)


@pytest.mark.parametrize(
    ("minimum", "maximum", "completed", "words"),
    [
        (18, 22, 17, "未達"),
        (18, 22, 18, "達成"),
        (18, 22, 22, "達成"),
        (18, 22, 23, "見込み超"),
        (100, None, 97, "未達"),
        (100, None, 98, "おおむね達成"),
        (100, None, 100, "達成"),
        (100, None, 140, "達成"),
        (None, None, 5, ""),
    ],
)
def test_a_band_is_judged_on_its_day_and_above_it_is_no_failure(minimum, maximum, completed, words):
    year = FiscalYear(2026)
    point = LeaderYear(year, completed, 0, minimum, maximum)

    assert judged_leaders(point, year.last_day) == words
    assert judged_leaders(point, date(2027, 3, 30)) == ("期日前" if minimum else "")


def test_a_chart_has_no_number_of_nobody_and_none_on_a_bar_too_short_for_it(town):
    _, other, people = town
    for _ in range(40):
        placed(other)

    paper = made_paper(TODAY, None, TODAY)
    book = opened(report_workbook(paper))

    done, excused, owing = book["未受講者数"]._charts[0].series
    table = next(table for table in paper.tables if table.key == "outstanding")
    names = [line.cells[0] for line in table.lines]
    knowledge = names.index("デジタル知識習得研修")
    assert table.lines[knowledge].cells[1:3] == (43, 2)
    assert knowledge in _unlabelled(done)
    assert knowledge not in _unlabelled(owing)
    assert excused.dLbls is None
    shares = book[RANKING]._charts[0].series[0]
    assert len(_unlabelled(shares)) == 1  # of the department with nobody capable
    assert book["推進リーダー"]._charts[0].y_axis.number_format.formatCode == "#,##0"


def _unlabelled(series) -> list[int]:
    return [label.idx for label in series.dLbls.dLbl if not label.showVal]


def test_sheets_too_wide_to_be_read_upright_lie_on_their_side(town):
    book = opened(report_workbook(made_paper(TODAY, None, TODAY)))

    lying = {sheet.title for sheet in book if sheet.page_setup.orientation == "landscape"}
    assert lying == {"総括", "部署別", RANKING, "施策", "未受講者数"}
    assert all(sheet.page_setup.fitToWidth == 1 for sheet in book)
