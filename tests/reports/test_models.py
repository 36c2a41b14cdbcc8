"""The plan's promises: what cannot be written, and that the plan loads as it was decided."""

from datetime import date
from fractions import Fraction

import pytest
from django.core.management import call_command

from agano_dx.lib.fiscal import FiscalYear
from leaders.models import Cohort
from reports.models import Target, TargetKind
from staff.models import Band, Rank
from tests import constraints
from tests.factories import ForecastSettingFactory, SnapshotFactory, TargetFactory
from training.models import (
    DEFAULT_RULE,
    Audience,
    Category,
    CountingRule,
    Frequency,
    PlanPeriod,
    Programme,
)

pytestmark = pytest.mark.django_db


# --- What may never be --------------------------------------------------------------------------


def _band(**values):
    whole = {"kind": TargetKind.LEADERS, "numerator": None, "denominator": None, "minimum": 18}
    return TargetFactory.build(**(whole | values))


def _again(factory):
    factory()
    return factory.build()


BROKEN = {
    "reports_target_once": lambda: _again(TargetFactory),
    "reports_target_kind_known": lambda: _band(kind="wish"),
    "reports_target_band_known": lambda: _band(band="mayor"),
    "reports_target_is_fraction_or_band": lambda: TargetFactory.build(numerator=0),
    "reports_target_maximum_above_minimum": lambda: _band(maximum=17),
    "reports_forecastsetting_within_reason": lambda: ForecastSettingFactory.build(
        expected_leavers=1001
    ),
    "reports.ForecastSetting.in_force_from": lambda: _again(ForecastSettingFactory),
    "reports.Snapshot.fiscal_year": lambda: _again(SnapshotFactory),
}
ROWS = (ForecastSettingFactory, TargetFactory, SnapshotFactory)
SENTENCES = constraints.sentences("reports")


def test_every_promise_of_the_database_is_broken_here():
    assert set(BROKEN) == set(constraints.promises("reports"))
    constraints.assert_covers("reports", ROWS)


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_past_every_form(name):
    constraints.assert_refused(name, BROKEN[name]())


@pytest.mark.parametrize("name", SENTENCES)
def test_the_refusal_is_told_in_japanese(name):
    constraints.assert_told(name, BROKEN[name](), SENTENCES[name])


@pytest.mark.parametrize(("row", "field"), constraints.choice_fields(ROWS))
def test_choices_bind_the_database_too(row, field):
    constraints.assert_never(row, **{field: "nowhere"})


@pytest.mark.parametrize(("row", "field"), constraints.counting_fields(ROWS))
def test_a_count_is_never_below_nothing(row, field):
    constraints.assert_never(row, **{field: -1})


@pytest.mark.parametrize(
    "values",
    [
        {"numerator": None},
        {"denominator": None},
        {"numerator": None, "denominator": None},
        {"numerator": 4, "denominator": 3},
        {"minimum": 18},
        {"maximum": 22},
    ],
)
def test_a_promised_share_is_a_whole_fraction_up_to_one_and_nothing_else(values):
    constraints.assert_never(TargetFactory, **values)


@pytest.mark.parametrize(
    "values",
    [{"numerator": 1}, {"denominator": 3}, {"minimum": None}, {"minimum": 23}],
)
def test_a_promised_number_has_a_minimum_and_no_fraction(values):
    _band(maximum=22).save()

    constraints.assert_never(Target.objects.get, **values)


def test_the_rows_of_the_settings_have_japanese_names():
    named = [
        Target(kind="share", fiscal_year=FiscalYear(2026)),
        Target(kind="specialists", fiscal_year=FiscalYear(2034), band="subsection_chief"),
        CountingRule(in_force_from=date(2026, 4, 1)),
        SnapshotFactory.build(fiscal_year=FiscalYear(2025)),
        ForecastSettingFactory.build(in_force_from=date(2026, 4, 1)),
    ]

    assert [str(one) for one in named] == [
        "デジタル活用職員の割合 R8",
        "専門分野人材 係長級 R16",
        "令和8年4月1日からの集計ルール",
        "R7の確定値",
        "令和8年4月1日からの見込みの設定",
    ]


def test_everybody_is_a_share_too():
    assert TargetFactory(numerator=1, denominator=1).fraction == 1


# --- The plan -----------------------------------------------------------------------------------


@pytest.fixture
def plan(db):
    call_command("loaddata", "plan", verbosity=0)


def counts() -> list[int]:
    models = (Rank, Programme, PlanPeriod, CountingRule, Cohort, Target)
    return [model.objects.count() for model in models]


def test_the_plan_loads_twice_without_doubling(plan):
    once = counts()

    call_command("loaddata", "plan", verbosity=0)

    assert once == [29, 13, 5, 1, 5, 13]
    assert counts() == once


def test_loading_the_plan_again_puts_back_what_was_changed_and_keeps_what_was_added(plan):
    Target.objects.filter(fiscal_year=FiscalYear(2026)).filter(kind="share").update(denominator=9)
    Rank.objects.create(name="見本職", band=Band.STAFF)

    call_command("loaddata", "plan", verbosity=0)

    assert Target.objects.get(kind="share", fiscal_year=FiscalYear(2026)).denominator == 3
    assert Rank.objects.filter(name="見本職").exists()


def test_the_promised_shares_are_exact(plan):
    shares = Target.objects.filter(kind=TargetKind.SHARE)

    assert {str(target.fiscal_year): target.fraction for target in shares} == {
        "R7": Fraction(1, 4),
        "R8": Fraction(1, 3),
        "R9": Fraction(1, 2),
        "R16": Fraction(4, 5),
    }


def test_the_promised_numbers_of_leaders(plan):
    bands = Target.objects.filter(kind=TargetKind.LEADERS)

    assert [
        (str(band.fiscal_year), band.minimum, band.maximum, band.approximate) for band in bands
    ] == [
        ("R8", 18, 22, False),
        ("R10", 38, 42, False),
        ("R12", 58, 62, False),
        ("R14", 78, 82, False),
        ("R16", 100, None, True),
    ]


def test_the_promised_numbers_of_specialists(plan):
    bands = Target.objects.filter(kind=TargetKind.SPECIALISTS)

    assert {str(band.fiscal_year) for band in bands} == {"R16"}
    assert {band.band: (band.minimum, band.maximum) for band in bands} == {
        "section_chief": (2, 4),
        "deputy": (4, 6),
        "subsection_chief": (8, 10),
        "staff": (20, None),
    }


def test_the_thirteen_rows_of_the_plan(plan):
    rows = {
        row.code: (
            row.category,
            row.audience,
            str(row.first_year),
            str(row.last_year),
            row.frequency,
        )
        for row in Programme.objects.all()
    }

    leaders = (Category.LEADER_ACTIVITY, Audience.LEADERS)
    office = (Audience.DIGITAL_OFFICE, "R7", "R16", Frequency.YEARLY)
    assert rows == {
        "MIND-ALL": ("mind", "all", "R7", "R8", "once"),
        "MIND-CATCHUP": ("mind", "missed_and_new", "R9", "R9", "once"),
        "MIND-NEWHIRE": ("mind", "new_hires", "R10", "R16", "once"),
        "KNOWLEDGE": ("knowledge", "all", "R7", "R16", "once"),
        "SKILL": ("skill", "all", "R7", "R16", "once"),
        "EXEC": ("executive", "executives", "R7", "R12", "yearly"),
        "LEADER-1": (*leaders, "R7", "R8", "once"),
        "LEADER-2": (*leaders, "R9", "R10", "once"),
        "LEADER-3": (*leaders, "R11", "R12", "once"),
        "LEADER-4": (*leaders, "R13", "R14", "once"),
        "LEADER-5": (*leaders, "R15", "R16", "once"),
        "SPEC-EL": ("elearning", *office),
        "SPEC-OJT": ("ojt", *office),
    }


def test_five_cohorts_of_two_years_and_23_seats(plan):
    cohorts = [
        (cohort.number, str(cohort.first_year), str(cohort.last_year), cohort.seats)
        for cohort in Cohort.objects.all()
    ]

    assert cohorts == [
        (1, "R7", "R8", 23),
        (2, "R9", "R10", 23),
        (3, "R11", "R12", 23),
        (4, "R13", "R14", 23),
        (5, "R15", "R16", 23),
    ]
    assert [
        (str(period.first_year), str(period.last_year)) for period in PlanPeriod.objects.all()
    ] == [(first, last) for _, first, last, _ in cohorts]


def test_the_cohorts_cover_the_ten_years_without_gap_or_overlap(plan):
    cohorts = list(Cohort.objects.all())

    assert cohorts[0].starts_on == date(2025, 4, 1)
    assert cohorts[-1].ends_on == date(2035, 3, 31)
    for before, after in zip(cohorts, cohorts[1:], strict=False):
        assert after.first_year == before.last_year.next


ELIGIBLE = {
    "課長補佐",
    "局次長",
    "室長",
    "副参事",
    "主幹",
    "係長",
    "主査",
    "副主幹",
    "主任",
}
HEADS = {
    "部長",
    "局長",
    "課長",
    "会計管理者",
    "支所長",
    "事務局長",
    "消防長",
    "消防署長",
    "所長",
}


def test_who_may_be_nominated_is_a_flag_of_the_rank(plan):
    eligible = set(Rank.objects.filter(is_leader_eligible=True).values_list("name", flat=True))

    assert eligible == ELIGIBLE
    assert Rank.objects.get(name="主任").band == Rank.objects.get(name="主事").band == Band.STAFF
    assert not Rank.objects.get(name="主事").is_leader_eligible
    assert not Rank.objects.get(name="園長").is_leader_eligible


def test_who_heads_a_department_is_a_flag_of_the_rank(plan):
    heads = set(Rank.objects.filter(heads_department=True).values_list("name", flat=True))

    assert heads == HEADS


def test_the_executives_are_the_section_chiefs(plan):
    executives = set(Rank.objects.filter(is_executive=True).values_list("name", flat=True))
    chiefs = set(Rank.objects.filter(band=Band.SECTION_CHIEF).values_list("name", flat=True))

    assert executives == chiefs == HEADS | {"次長", "参事"}


@pytest.mark.parametrize(
    ("band", "names"),
    [
        (Band.DEPUTY, {"課長補佐", "局次長", "室長", "副参事", "主幹", "園長"}),
        (Band.SUBSECTION_CHIEF, {"係長", "主査", "副主幹", "消防司令補"}),
        (
            Band.STAFF,
            {"主任", "主事", "主事補", "技師", "保健師", "保育士", "消防士長", "消防士"},
        ),
    ],
)
def test_each_rank_counts_in_its_band(plan, band, names):
    assert set(Rank.objects.filter(band=band).values_list("name", flat=True)) == names


def test_the_plans_rule_is_the_one_the_code_falls_back_on(plan):
    assert CountingRule.objects.get().in_force_from == date(2025, 4, 1)
    assert CountingRule.objects.in_force(date(2025, 4, 1)) == DEFAULT_RULE
    assert DEFAULT_RULE.validity_years is None
