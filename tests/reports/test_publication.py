"""A report for publication: what is kept back, and that it cannot be reckoned from what is left.

The auditor here knows nothing of how counts are kept back. It takes the printed tables, tries every
whole number for every ＊, and throws away what does not add up.
"""

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.paper.lines import filled, summed
from reports.paper.shapes import HIDDEN, Column, Kind, Line, Paper, Sum, Table
from reports.publication import MARK, for_publication
from tests.conftest import TODAY

MOST = 12  # an auditor's guesses go up to here

WITHIN = (
    Column("部署", Kind.TEXT),
    Column("全員", Kind.PEOPLE),
    Column("修了", Kind.PEOPLE, within=1),
    Column("割合", Kind.SHARE, share_of=(2, 1)),
)
PARTS = (
    Column("施策", Kind.TEXT),
    Column("対象者", Kind.PEOPLE),
    Column("修了", Kind.PEOPLE, within=1),
    Column("未受講", Kind.PEOPLE, within=1),
)


def paper_of(*tables: Table) -> Paper:
    return Paper("報告書", TODAY, (("基準日", "令和8年11月23日"),), tables)


def table_of(*rows: tuple[int, int], key: str = "units", columns=WITHIN) -> Table:
    lines = tuple(
        filled(columns, (f"第{number}課", whole, part, None))
        for number, (whole, part) in enumerate(rows, start=1)
    )
    return Table(key, "部署別", "修了は3人です。", columns, lines, summed(columns, lines))


def published(*tables: Table) -> list[list[tuple]]:
    found = for_publication(paper_of(*tables))
    return [
        [line.cells[1:] for line in (*table.lines, *filter(None, [table.total]))]
        for table in found.tables
    ]


# --- the auditor --------------------------------------------------------------------------------


def guesses(line) -> list[tuple[int, ...]]:
    """Every line a reader must hold possible: ＊ is somebody, but of a few it is nobody, too."""
    whole, *parts = line
    found = product(
        range(1, MOST + 1) if whole is HIDDEN else [whole],
        *(range(MOST + 1) if part is HIDDEN else [part] for part in parts),
    )
    return [row for row in found if is_small(row[0]) or may_be_of_many(row, line)]


def may_be_of_many(row, line) -> bool:
    return all(number or cell is not HIDDEN for number, cell in zip(row, line, strict=True))


def worlds(lines, total, adds_up):
    """For each line what it may hold in some world that prints the same sums."""
    candidates = [[row for row in guesses(line) if adds_up(row)] for line in lines]
    for own, rows in enumerate(candidates):
        others = {(0,) * len(total)}
        for number, more in enumerate(candidates):
            if number != own:
                others = {
                    tuple(a + b for a, b in zip(one, two, strict=True))
                    for one in others
                    for two in more
                }
        yield {
            row
            for row in rows
            if any(
                all(
                    cell is HIDDEN or cell == a + b
                    for cell, a, b in zip(total, row, other, strict=True)
                )
                for other in others
            )
        }


def worlds_of_all(lines, total, adds_up):
    """What all lines together may hold."""
    sums = {(0,) * len(total)}
    for line in lines:
        rows = [row for row in guesses(line) if adds_up(row)]
        sums = {tuple(map(sum, zip(one, row, strict=True))) for one in sums for row in rows}
    return {
        one
        for one in sums
        if all(cell is HIDDEN or cell == b for cell, b in zip(total, one, strict=True))
    }


def is_small(number: int) -> bool:
    return 0 < number < 5


def is_none_of_few(row, total, column) -> bool:
    """Nobody of a small group; where there is nobody at all, everybody knows it of the few."""
    return is_small(row[0]) and row[column] == 0 and total[column] != 0


def assert_nobody_is_told(truth, lines, total, adds_up, groups):
    """Every small group of the true table, and of all its lines, may have two sizes at least.

    And so may what nobody of a small group is.
    """
    whole = tuple(map(sum, zip(*truth, strict=True)))
    found = [*worlds(lines, total, adds_up), worlds_of_all(lines, total, adds_up)]
    for real, possible in zip([*truth, whole], found, strict=True):
        assert real in possible
        for group in groups:
            if is_small(group(real)):
                assert len({group(row) for row in possible}) > 1, (real, lines, total)
        for column in range(1, len(real)):
            if is_none_of_few(real, total, column):
                assert len({row[column] for row in possible}) > 1, (real, lines, total)


rows_within = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).map(lambda pair: (max(pair), min(pair))),
    min_size=1,
    max_size=3,
)


@settings(max_examples=25, deadline=None)
@given(rows_within)
@example([(1, 0), (1, 1)])
@example([(6, 6), (7, 5), (6, 0)])
@example([(1, 1), (1, 1), (7, 7)])
@example([(1, 0), (7, 6)])
@example([(1, 0), (7, 0)])
def test_no_small_group_and_no_small_rest_can_be_reckoned_from_lines_and_sums(rows):
    [[*lines, total]] = published(table_of(*rows))

    assert not any(
        is_small(cell) for line in (*lines, total) for cell in line[:2] if cell != HIDDEN
    )
    assert_nobody_is_told(
        rows,
        [line[:2] for line in lines],
        total[:2],
        lambda row: row[1] <= row[0],
        [lambda row: row[0], lambda row: row[1], lambda row: row[0] - row[1]],
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=3))
@example([(4, 6), (6, 1)])
@example([(0, 3), (3, 0)])
@example([(4, 0), (4, 0)])
def test_no_small_part_can_be_reckoned_where_the_parts_make_up_the_whole(pairs):
    rows = [(done + owing, done, owing) for done, owing in pairs]
    lines = tuple(Line((f"施策{n}", *row)) for n, row in enumerate(rows))
    table = Table("t", "", "", PARTS, lines, summed(PARTS, lines), sums=(Sum(1, (2, 3)),))

    [[*shown, total]] = published(table)

    assert_nobody_is_told(
        rows,
        shown,
        total,
        lambda row: row[0] == row[1] + row[2],
        [lambda row: row[0], lambda row: row[1], lambda row: row[2]],
    )


# --- what is kept back, and what is not ----------------------------------------------------------


def test_nothing_is_kept_back_where_every_group_is_large_or_empty():
    table = table_of((20, 10), (30, 0), (12, 12))

    assert published(table) == [
        [(20, 10, Fraction(1, 2)), (30, 0, 0), (12, 12, 1), (62, 22, Fraction(11, 31))]
    ]


def test_of_a_line_of_a_few_people_no_count_is_told_and_a_nought_neither():
    assert published(table_of((1, 0), (9, 6), (30, 0), (40, 20))) == [
        [
            (HIDDEN, HIDDEN, HIDDEN),
            (HIDDEN, HIDDEN, HIDDEN),
            (30, 0, 0),
            (40, 20, Fraction(1, 2)),
            (80, 26, Fraction(13, 40)),
        ]
    ]


def test_a_small_rest_hides_the_part_and_its_share_with_the_smallest_other_part():
    table = table_of((20, 18), (30, 20), (40, 9))

    assert published(table) == [
        [
            (20, HIDDEN, HIDDEN),
            (30, 20, Fraction(2, 3)),
            (40, HIDDEN, HIDDEN),
            (90, 47, Fraction(47, 90)),
        ]
    ]


def test_words_and_charts_of_a_table_that_keeps_something_back_are_gone():
    found = for_publication(paper_of(table_of((20, 3), (30, 20))))

    assert "3人" not in found.tables[0].finding
    assert found.tables[0].chart is None
    assert found.mark == MARK
    assert MARK in dict(found.cover)["公表用"]


def test_what_is_reckoned_from_a_hidden_number_is_hidden_and_so_is_its_sum():
    columns = (*WITHIN[:3], Column("不足", Kind.NUMBER, told_by=(2,)))
    lines = (Line(("課", 20, 3, 7)), Line(("室", 30, 10, 0)), Line(("局", 30, 9, 1)))
    table = Table("units", "", "", columns, lines, summed(columns, lines))

    [shown] = published(table)

    assert [row[2] for row in shown] == [HIDDEN, 0, HIDDEN, HIDDEN]


def test_those_who_came_between_two_lines_are_not_told_by_counts_from_the_beginning():
    columns = (Column("年度", Kind.TEXT), Column("延べ", Kind.PEOPLE))
    lines = (Line(("R7", 10)), Line(("R8", 12)), Line(("R9", 30)))
    table = Table("rising", "", "", columns, lines, rising=(1,))

    [shown] = published(table)

    assert HIDDEN in (shown[0][0], shown[1][0])
    assert shown[2][0] == 30


def summary_of(*rows: tuple) -> Table:
    columns = (
        Column("項目", Kind.TEXT),
        Column("人数", Kind.PEOPLE, within=2),
        Column("対象者", Kind.PEOPLE),
        Column("延べ人数・部署数", Kind.NUMBER),
        Column("状況", Kind.TEXT),
    )
    return Table("summary", "総括", "7人のうち5人です。", columns, tuple(map(Line, rows)))


def test_the_same_people_are_kept_back_in_every_table_that_tells_of_them():
    summary = summary_of(
        ("全職員", 9, None, None, ""), ("デジタル活用職員", 6, 9, None, "届いている")
    )
    columns = (Column("部署", Kind.TEXT), Column("全職員"), Column("デジタル活用職員", within=1))
    lines = (Line(("課", 9, 6)),)
    departments = Table("departments", "", "", columns, lines, summed(columns, lines))

    found = for_publication(paper_of(summary, departments))

    told = {(line.cells[1], line.cells[2]) for line in found.tables[1].lines}
    assert {(row.cells[1]) for row in found.tables[0].lines} == {
        cell for pair in told for cell in pair
    }
    assert HIDDEN in [row.cells[1] for row in found.tables[0].lines]
    assert "人" not in found.tables[0].finding.replace("5人未満", "")


@pytest.mark.parametrize(("sitting", "is_told"), [(9, True), (0, True), (4, False)])
def test_that_departments_have_a_leader_is_told_but_not_of_how_few_leaders(sitting, is_told):
    covered = "いる" if sitting else "いない"
    summary = summary_of(
        ("推進リーダー（活動中）", sitting, None, None, ""),
        ("推進リーダーのいる部署", None, None, sitting, "届いている"),
        ("推進リーダーのいない部署", None, None, 1, ""),
    )
    columns = (Column("部署", Kind.TEXT), Column("推進リーダー", Kind.TEXT))
    lines = (Line(("課", covered)), Line(("室", "いない")))
    noted = Table("departments", "", "", columns, lines, notes=("推進リーダーのいない部署：室",))

    told, units = for_publication(paper_of(summary, noted)).tables

    assert (told.lines[0].cells[1] == sitting) is is_told
    assert (told.lines[1].cells[3:] == (sitting, "届いている")) is is_told
    assert ([line.cells[1] for line in units.lines] == [covered, "いない"]) is is_told
    assert (units.notes == noted.notes) is is_told
    assert is_told or {HIDDEN} == {line.cells[1] for line in units.lines}


def test_days_and_targets_stay_as_they_are():
    columns = (
        Column("期日", Kind.DAY),
        Column("目標", Kind.SHARE),
        Column("目標の人数", Kind.NUMBER),
    )
    line = Line((date(2027, 3, 31), Fraction(1, 3), 3))

    [found] = for_publication(paper_of(Table("goals", "", "", columns, (line,)))).tables

    assert found.lines == (line,)
