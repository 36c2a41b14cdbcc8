"""The dashboard's charts: every sentence above them must be true of the numbers."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agano_dx.lib.fiscal import FiscalYear
from leaders.bands import BandCount
from reports import figures as drawn
from reports.history import LeaderYear, SharePoint
from reports.progress import (
    Counts,
    Excluded,
    Executives,
    Leaders,
    Progress,
    ShareTarget,
    UnitCounts,
    needed_people,
)
from staff.models import Band
from tests.conftest import TODAY
from tests.factories import DepartmentFactory, TargetFactory
from training.plan_board import PLAN_FIRST, PLAN_LAST

PROMISED = {2025: (1, 4), 2026: (1, 3), 2027: (1, 2), 2034: (4, 5)}
NOBODY = Leaders(0, 0, 0, (), ())


def figures_of(capable, population, as_of=TODAY, promised=PROMISED, **kwargs):
    """Figures with so many capable people of so many."""
    targets = tuple(
        ShareTarget(
            FiscalYear(year),
            Fraction(*fraction),
            needed_people(Fraction(*fraction), population),
            capable >= Fraction(*fraction) * population,
            "not_due",
        )
        for year, fraction in promised.items()
    )
    given_else = {
        "excluded": Excluded(0, 0),
        "executives": Executives(0, 0),
        "leaders": NOBODY,
        "specialists": (),
        "units": (),
    } | kwargs
    return Progress(as_of=as_of, total=Counts(population, capable), targets=targets, **given_else)


def promises(promised=PROMISED):
    return [
        TargetFactory.build(
            fiscal_year=FiscalYear(year), numerator=numerator, denominator=denominator
        )
        for year, (numerator, denominator) in promised.items()
    ]


def share(figures):
    total = figures.total
    history = [SharePoint(figures.as_of, total.capable, total.population)]
    return drawn.share_figure(figures, history, promises())


# --- numbers in words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fraction", "words"),
    [
        (Fraction(0), "0.0"),
        (Fraction(1, 3), "33.3"),
        (Fraction(2, 3), "66.7"),
        (Fraction(1, 2000), "0.1"),  # 0.05 %: halves go up
        (Fraction(3, 2000), "0.2"),
        (Fraction(1), "100.0"),
    ],
)
def test_a_share_is_told_in_percent_with_halves_up(fraction, words):
    assert str(drawn.percent(fraction)) == words


@pytest.mark.parametrize(
    ("as_of", "label"),
    [
        (date(2025, 4, 1), "R7"),
        (date(2026, 3, 31), "R7"),
        (date(2026, 4, 1), "R8"),
        (date(2028, 4, 1), "R16"),
        (date(2035, 3, 31), "R16"),
        (date(2035, 4, 1), "R16"),
    ],
)
def test_the_next_promise_is_the_first_whose_day_has_not_passed(as_of, label):
    assert drawn.next_target(figures_of(1, 3, as_of)).fiscal_year.label == label


def test_without_promises_there_is_no_next_one():
    figures = figures_of(1, 3, promised={})

    assert drawn.next_target(figures) is None
    assert drawn.share_figure(figures, [], []).finding == "3人のうち1人（33.3％）です。"


# --- the share ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("capable", "population", "as_of", "finding"),
    [
        (
            109,
            428,
            TODAY,
            "428人のうち109人（25.5％）です。R8の目標1/3（143人）まであと34人です。",
        ),
        (143, 428, TODAY, "428人のうち143人（33.4％）です。R8の目標1/3（143人）に届いています。"),
        (142, 428, TODAY, "428人のうち142人（33.2％）です。R8の目標1/3（143人）まであと1人です。"),
        (1, 3, TODAY, "3人のうち1人（33.3％）です。R8の目標1/3（1人）に届いています。"),
        (0, 0, TODAY, "0人のうち0人（0.0％）です。R8の目標1/3（0人）に届いています。"),
        (
            300,
            430,
            date(2036, 1, 1),
            "430人のうち300人（69.8％）です。R16の目標4/5（344人）まであと44人です。",
        ),
    ],
)
def test_the_finding_tells_the_share_and_what_is_missing(capable, population, as_of, finding):
    assert share(figures_of(capable, population, as_of)).finding == finding


@settings(deadline=None, derandomize=True)
@given(
    population=st.integers(0, 500),
    part=st.fractions(0, 1),
    as_of=st.dates(date(2025, 4, 1), date(2037, 3, 31)),
)
def test_every_number_in_the_finding_is_true(population, part, as_of):
    capable = int(part * population)

    finding = share(figures_of(capable, population, as_of)).finding

    told = re.fullmatch(
        r"(\d+)人のうち(\d+)人（([\d.]+)％）です。R(\d+)の目標(\d)/(\d)（(\d+)人）"
        r"(?:まであと(\d+)人です|に届いています)。",
        finding,
    )
    of, some, percent, year, numerator, denominator, needed, short = told.groups()
    exact = Fraction(capable, population) if population else 0
    assert (int(of), int(some)) == (population, capable)
    assert abs(Fraction(percent) - 100 * exact) <= Fraction(1, 20)
    assert PROMISED[int(year) + 2018] == (int(numerator), int(denominator))
    assert int(year) == 16 or as_of <= FiscalYear(int(year) + 2018).last_day
    # The smallest number of heads that keeps the promise.
    assert int(denominator) * int(needed) >= int(numerator) * population
    assert int(denominator) * (int(needed) - 1) < int(numerator) * population
    assert max(0, int(needed) - capable) == int(short or 0)


@pytest.mark.parametrize(
    ("capable", "as_of", "words"),
    [
        (109, TODAY, "R8の目標1/3（143人）まであと34人・残り128日"),
        (143, TODAY, "R8の目標1/3（143人）に届いています・残り128日"),
        (142, date(2027, 3, 31), "R8の目標1/3（143人）まであと1人・残り0日"),
        (300, date(2035, 4, 1), "R16の目標4/5（343人）の期日を過ぎています"),
    ],
)
def test_the_card_tells_heads_and_days_to_go(capable, as_of, words):
    figures = figures_of(capable, 428, as_of)

    assert drawn.needed_in_words(drawn.next_target(figures), figures, as_of) == words


@pytest.mark.parametrize(
    ("capable", "words"), [(109, "あと34人です"), (143, "届いています"), (200, "届いています")]
)
def test_a_part_of_the_city_is_told_what_the_target_would_be_and_judged_by_none(capable, words):
    figures = figures_of(capable, 428, is_whole_city=False)

    card = drawn.needed_in_words(drawn.next_target(figures), figures, TODAY)

    assert card == f"参考：市全体の目標1/3を当てはめると、{words}"
    assert share(figures).finding.endswith(f"です。{card}。")


def test_a_day_ahead_of_the_last_target_does_not_make_it_gone():
    figures = figures_of(300, 428, date(2035, 4, 1))

    words = drawn.needed_in_words(drawn.next_target(figures), figures, TODAY)

    assert words.startswith("R16の目標4/5（343人）まであと43人・残り")


@pytest.mark.parametrize(
    "as_of", [date(1950, 1, 1), date(2025, 3, 31), date(2035, 3, 31), date(2100, 12, 31)]
)
def test_the_share_can_be_drawn_for_days_outside_the_plan(as_of):
    figure = share(figures_of(1, 3, as_of))

    assert len(figure.table.rows) == 10


def test_the_guide_is_told_apart_from_the_targets():
    rows = {row[0]: row for row in share(figures_of(109, 428)).table.rows}

    assert "1/3" in "".join(rows["R8"])
    assert "54.3%" in "".join(rows["R10"])
    assert "目標ではありません" in share(figures_of(109, 428)).note


# --- leaders ------------------------------------------------------------------------------------


def years(bands, completed=0):
    return [
        LeaderYear(
            year,
            completed if year.first_day <= TODAY else None,
            0 if year.first_day <= TODAY else None,
            *bands.get(year.label, (None, None)),
        )
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
    ]


@pytest.mark.parametrize(
    ("as_of", "bands", "finding"),
    [
        (
            TODAY,
            {"R8": (18, 22), "R10": (38, 42)},
            "修了した任期は3件、活動中は20人です。R8末の目標は延べ18～22人です。",
        ),
        (
            date(2027, 4, 1),
            {"R8": (18, 22), "R10": (38, 42)},
            "修了した任期は3件、活動中は20人です。R10末の目標は延べ38～42人です。",
        ),
        (
            TODAY,
            {"R16": (100, None, True)},
            "修了した任期は3件、活動中は20人です。R16末の目標は延べ約100人です。",
        ),
        (
            TODAY,
            {"R16": (100, None)},
            "修了した任期は3件、活動中は20人です。R16末の目標は延べ100人以上です。",
        ),
        (TODAY, {}, "修了した任期は3件、活動中は20人です。"),
        (date(2035, 4, 1), {"R16": (100, None)}, "修了した任期は3件、活動中は20人です。"),
    ],
)
def test_the_leaders_finding_names_the_next_band(as_of, bands, finding):
    figures = figures_of(1, 3, as_of, leaders=Leaders(20, 3, 3, (), ()))

    assert drawn.leaders_figure(figures, years(bands, 3)).finding == finding


def test_leaders_can_be_drawn_before_the_plan_begins():
    history = [
        LeaderYear(year, None, None, None, None) for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
    ]

    figure = drawn.leaders_figure(figures_of(0, 3, date(2024, 5, 1)), history)

    assert figure.finding == "修了した任期は0件、活動中は0人です。"


# --- specialists --------------------------------------------------------------------------------


def bands_of(*counts):
    wanted = ((2, 4), (4, 6), (8, 10), (20, None))
    return tuple(
        BandCount(band, count, minimum, maximum)
        for band, count, (minimum, maximum) in zip(Band, counts, wanted, strict=True)
    )


@pytest.mark.parametrize(
    ("counts", "finding"),
    [
        (
            (0, 0, 0, 0),
            "R16末に34人以上が目標で、今は0人です。職階ごとの下限まで、あと34人です。",
        ),
        # Too many of one band do not make up for the others.
        (
            (9, 4, 8, 19),
            "R16末に34人以上が目標で、今は40人です。職階ごとの下限まで、あと1人です。",
        ),
        (
            (2, 4, 8, 20),
            "R16末に34人以上が目標で、今は34人です。どの職階も下限に届いています。",
        ),
    ],
)
def test_the_specialists_finding_adds_up_what_each_band_lacks(counts, finding):
    figures = figures_of(1, 3, specialists=bands_of(*counts))

    assert drawn.specialists_figure(figures).finding == finding


def test_before_the_end_specialists_are_not_due():
    before = drawn.specialists_figure(figures_of(1, 3, specialists=bands_of(0, 0, 0, 0)))
    on_the_day = drawn.specialists_figure(
        figures_of(1, 3, date(2035, 3, 31), specialists=bands_of(0, 0, 0, 0))
    )

    assert "期日前" in str(before.table)
    assert "期日前" not in str(on_the_day.table)


# --- departments --------------------------------------------------------------------------------


def test_the_table_tells_each_department_in_percent_of_its_own_people():
    unit = DepartmentFactory.build(pk=7, name="見本課")
    figures = figures_of(1, 3, units=(UnitCounts(unit, Counts(3, 1, 3, 2, 0)),))

    table = drawn.unit_table(figures, {(7, "mind"): "/mind/", (7, "population"): "/all/"})

    (row,) = table.rows
    assert table.columns[-1] == "デジタル活用職員"
    assert (row.label, row.href) == ("見本課（3人）", "/all/")
    assert [cell.text for cell in row.cells] == ["100.0", "66.7", "0.0", "33.3"]
    assert [cell.href for cell in row.cells] == ["/mind/", "", "", ""]


def test_a_share_just_under_the_whole_is_not_told_as_the_whole():
    unit = DepartmentFactory.build()
    figures = figures_of(1, 3, units=(UnitCounts(unit, Counts(2000, 1999)),))

    (row,) = drawn.unit_table(figures, {}).rows

    assert drawn.percent(Fraction(1999, 2000)) == Decimal("100.0")
    assert row.cells[-1].text == "99.9"
