"""Fiscal years, eras and the two fields; no database is needed."""

import copy
import pickle
from datetime import date, datetime, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.migrations.writer import MigrationWriter
from hypothesis import given
from hypothesis import strategies as st

from agano_dx.lib.fiscal import (
    FiscalYear,
    FiscalYearField,
    FiscalYearFormField,
    era_date,
    era_date_short,
    era_of,
)

R7 = FiscalYear(2025)


@pytest.mark.parametrize(
    ("year", "label", "long_label"),
    [
        (2034, "R16", "令和16年度"),
        (2025, "R7", "令和7年度"),
        (2019, "R1", "令和元年度"),
        (2018, "H30", "平成30年度"),
        (1989, "H1", "平成元年度"),
        (1988, "S63", "昭和63年度"),
        (1926, "T15", "大正15年度"),
    ],
)
def test_a_fiscal_year_is_named_by_its_era(year, label, long_label):
    assert FiscalYear(year).label == str(FiscalYear(year)) == label
    assert FiscalYear(year).long_label == long_label


def test_a_fiscal_year_runs_from_april_to_march():
    assert R7.first_day == date(2025, 4, 1)
    assert R7.last_day == date(2026, 3, 31)
    assert R7.next == FiscalYear(2026)
    assert R7.previous == FiscalYear(2024)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 3, 31), 2024),
        (date(2025, 4, 1), 2025),
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
    ],
)
def test_a_day_lies_in_the_fiscal_year_that_began_last(day, year):
    assert FiscalYear.containing(day) == FiscalYear(year)
    assert (day in R7) == (year == 2025)


def test_fiscal_years_stand_in_order():
    assert FiscalYear(2024) < R7 < FiscalYear(2026)
    assert len({R7, FiscalYear(2025)}) == 1


def test_a_range_includes_both_ends():
    assert FiscalYear.range(R7, FiscalYear(2027)) == [R7, FiscalYear(2026), FiscalYear(2027)]
    assert FiscalYear.range(R7, R7) == [R7]
    assert FiscalYear.range(R7.next, R7) == []


def test_a_fiscal_year_cannot_be_changed_but_can_be_copied():
    with pytest.raises(AttributeError):
        R7.year = 2026
    assert copy.deepcopy(R7) == pickle.loads(pickle.dumps(R7)) == R7  # noqa: S301


def test_a_year_without_its_century_is_refused():
    with pytest.raises(ValueError, match="年度"):
        FiscalYear(25)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("R7", 2025),
        ("r07", 2025),
        ("Ｒ７", 2025),
        ("令和7年度", 2025),
        ("令和 ７ 年度", 2025),
        ("令和元年度", 2019),
        ("R1", 2019),
        ("H31", 2019),
        ("平成30年度", 2018),
        ("H1", 1989),
        ("S63", 1988),
        ("2025", 2025),
        ("2025年度", 2025),
    ],
)
def test_a_written_fiscal_year_is_read(text, year):
    assert FiscalYear.parse(text) == FiscalYear(year)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "R",
        "R0",
        "H0",
        "H32",
        "S64",
        "R7.4",
        "X7",
        "1899",
        "2101",
        "R99",
        "７年度",
        "-2025",
    ],
)
def test_what_is_no_fiscal_year_is_refused(text):
    with pytest.raises(ValueError, match="入力してください。"):
        FiscalYear.parse(text)


@given(st.integers(1900, 2100).map(FiscalYear))
def test_every_fiscal_year_reads_back_from_its_names(year):
    assert FiscalYear.parse(year.label) == year
    assert FiscalYear.parse(year.long_label) == year
    assert FiscalYear.parse(str(year.year)) == year
    assert year.first_day in year
    assert year.last_day + timedelta(days=1) in year.next


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 3, 31), "令和8年3月31日", "R8.3.31"),
        (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
        (date(1989, 1, 8), "平成元年1月8日", "H1.1.8"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
        (date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
        (date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
        (date(1912, 7, 30), "大正元年7月30日", "T1.7.30"),
        (date(1912, 7, 29), "明治45年7月29日", "M45.7.29"),
        (date(1868, 10, 23), "明治元年10月23日", "M1.10.23"),
    ],
)
def test_a_day_is_written_in_its_era(day, long, short):
    assert era_date(day) == long
    assert era_date_short(day) == short


def test_a_day_before_the_eras_is_refused():
    with pytest.raises(ValueError, match="元号"):
        era_of(date(1868, 10, 22))


@pytest.mark.parametrize("stored", [R7, 2025, "2025", "R7"])
def test_the_column_gives_a_fiscal_year(stored):
    assert FiscalYearField().to_python(stored) == R7


@pytest.mark.parametrize("stored", [None, ""])
def test_an_empty_column_gives_none(stored):
    assert FiscalYearField().to_python(stored) is None


@pytest.mark.parametrize("stored", ["R0", 25, True, 2025.0, datetime.fromisoformat("2025-04-01")])
def test_the_column_refuses_what_is_no_fiscal_year(stored):
    with pytest.raises(ValidationError, match="年度"):
        FiscalYearField().to_python(stored)


def test_the_column_stores_the_bare_year():
    field = FiscalYearField()

    assert field.get_prep_value(R7) == 2025
    assert field.get_prep_value(None) is None
    assert field.from_db_value(2025, None, None) == R7
    assert field.from_db_value(None, None, None) is None


def test_fixtures_hold_the_bare_year():
    field = FiscalYearField()
    field.set_attributes_from_name("year")
    row = type("Row", (), {"year": R7})()

    assert field.value_to_string(row) == 2025


def test_the_column_can_be_rebuilt_by_a_migration():
    _, path, args, kwargs = FiscalYearField("年度", default=R7).deconstruct()
    written, imports = MigrationWriter.serialize(models.Q(year__gte=R7))

    assert path == "agano_dx.lib.fiscal.FiscalYearField"
    assert FiscalYearField(*args, **kwargs).default == R7
    assert "agano_dx.lib.fiscal.FiscalYear(2025)" in written
    assert "import agano_dx.lib.fiscal" in imports


def offered(**options):
    return FiscalYearFormField(first=R7, last=FiscalYear(2027), **options)


@pytest.mark.parametrize("given_value", ["2025", R7])
def test_the_select_gives_a_fiscal_year(given_value):
    assert offered().clean(given_value) == R7


def test_the_select_offers_the_years_by_their_names():
    assert offered().choices[1:] == [
        ("2025", "令和7年度"),
        ("2026", "令和8年度"),
        ("2027", "令和9年度"),
    ]


@pytest.mark.parametrize("given_value", ["2024", "R7", "", None])
def test_the_select_refuses_what_it_does_not_offer(given_value):
    with pytest.raises(ValidationError, match="年度を選んでください。"):
        offered().clean(given_value)


def test_an_optional_select_may_stay_empty():
    assert offered(required=False).clean("") is None


def test_the_select_remembers_what_was_chosen():
    field = offered(initial=R7)

    assert field.choices[0] == ("2025", "令和7年度")
    assert field.prepare_value(R7) == 2025
    assert not field.has_changed(R7, "2025")
    assert field.has_changed(R7, "2026")
    assert field.has_changed(None, "2026")


def test_a_model_form_and_the_admin_show_a_select():
    field = FiscalYearField("年度")

    assert isinstance(field.formfield(), FiscalYearFormField)
    assert isinstance(field.formfield(widget=forms.NumberInput).widget, forms.Select)
    assert field.formfield(first=R7, last=R7).choices[1:] == [("2025", "令和7年度")]
