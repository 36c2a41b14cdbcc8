"""Fiscal years and Japanese eras: when a year begins, and what it is called."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

BAD_FISCAL_YEAR = (
    "年度として読めません。「R7」「令和7年度」「2025」のいずれかの形で入力してください。"
)


# --- Eras ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Era:
    """A Japanese era, its marks and the day on which it begins."""

    name: str
    letter: str
    first_day: date

    @property
    def marks(self) -> tuple[str, str, str]:
        """The ways people write it: 令和, 令, R."""
        return self.name, self.name[0], self.letter

    def western_year(self, number: int) -> int:
        """The western year of the era's year of that number."""
        return self.first_day.year + number - 1

    def number_of(self, year: int) -> int:
        """The era's number of a western year."""
        return year - self.first_day.year + 1


# Meiji counts from the day of its proclamation; the calendar itself was lunar until 1873.
ERAS: tuple[Era, ...] = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 10, 23)),
)
ERA_BY_MARK: dict[str, Era] = {mark: era for era in ERAS for mark in era.marks}


def era_of(day: date) -> Era:
    """The era in force on that day; ValueError before Meiji."""
    for era in ERAS:
        if day >= era.first_day:
            return era
    raise ValueError("1868年10月23日より前の日には元号を付けられません。日付を確かめてください。")


def era_date(day: date) -> str:
    """The day as documents write it: 令和8年3月31日."""
    era = era_of(day)
    return f"{era.name}{_counted(era.number_of(day.year))}年{day.month}月{day.day}日"


def era_date_short(day: date) -> str:
    """The day as tables write it: R8.3.31."""
    era = era_of(day)
    return f"{era.letter}{era.number_of(day.year)}.{day.month}.{day.day}"


def _counted(number: int) -> str:
    return "元" if number == 1 else str(number)


# --- The fiscal year ----------------------------------------------------------------------------

_WRITTEN = re.compile(
    rf"(?:(?P<era>{'|'.join(ERA_BY_MARK)})(?P<number>元|0?[1-9]|[1-9][0-9])|(?P<year>[0-9]{{4}}))(?:年度?)?"
)


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A Japanese fiscal year, named by the western year in which it begins on 1 April."""

    year: int

    def __post_init__(self) -> None:
        # Within these limits every property below has an answer.
        if not 1869 <= self.year <= 9998:
            raise ValueError(BAD_FISCAL_YEAR)

    def __str__(self) -> str:
        return self.label

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def label(self) -> str:
        """R7."""
        return f"{self._era.letter}{self._era.number_of(self.year)}"

    @property
    def long_label(self) -> str:
        """令和7年度."""
        return f"{self._era.name}{_counted(self._era.number_of(self.year))}年度"

    @property
    def first_day(self) -> date:
        return date(self.year, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.year + 1, 3, 31)

    @property
    def next(self) -> "FiscalYear":
        return FiscalYear(self.year + 1)

    @property
    def previous(self) -> "FiscalYear":
        return FiscalYear(self.year - 1)

    @property
    def _era(self) -> Era:
        # All of fiscal 2019 was called 令和元年度, though April was still 平成31年.
        return ERA_BY_MARK["令和"] if self.year == 2019 else era_of(self.first_day)

    @classmethod
    def containing(cls, day: date) -> Self:
        """The fiscal year in which the day lies."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read R7, 令和7年度 or 2025; ValueError with a text for the user otherwise."""
        folded = "".join(unicodedata.normalize("NFKC", text).split()).upper()
        written = _WRITTEN.fullmatch(folded)
        if written is None:
            raise ValueError(BAD_FISCAL_YEAR)
        if written["era"] is None:
            return cls._known(int(written["year"]))
        era = ERA_BY_MARK[written["era"]]
        number = 1 if written["number"] == "元" else int(written["number"])
        found = cls._known(era.western_year(number))
        # An era names the years it opens or begins in: H31 is R1, but H32 and S64 never were.
        if era.first_day not in found and era_of(found.first_day) != era:
            raise ValueError(BAD_FISCAL_YEAR)
        return found

    @classmethod
    def _known(cls, year: int) -> Self:
        if not 1900 <= year <= 2100:
            raise ValueError(BAD_FISCAL_YEAR)
        return cls(year)

    @staticmethod
    def range(first: "FiscalYear", last: "FiscalYear") -> "list[FiscalYear]":
        """Every fiscal year from the first to the last, both included."""
        return [FiscalYear(year) for year in range(first.year, last.year + 1)]

    def deconstruct(self) -> tuple[str, list[int], dict[str, Any]]:
        """How a migration writes it down, as a default or inside a constraint."""
        return f"{__name__}.FiscalYear", [self.year], {}


# --- Fields -------------------------------------------------------------------------------------

# What a form offers when nobody says which years: the plan's R7–R16 with room on both sides.
FIRST_OFFERED = FiscalYear(2019)
LAST_OFFERED = FiscalYear(2039)


def _coerce(value: object) -> FiscalYear:
    """A fiscal year from what a form, a fixture or the database holds; ValueError otherwise."""
    if isinstance(value, FiscalYear):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(BAD_FISCAL_YEAR)
    return FiscalYear(value) if isinstance(value, int) else FiscalYear.parse(value)


class FiscalYearFormField(forms.TypedChoiceField):
    """A select of fiscal years; its clean value is a FiscalYear, or None when left empty."""

    default_error_messages = {
        "required": "年度を選んでください。",
        "invalid_choice": "選べない年度です。一覧から年度を選んでください。",
    }

    def __init__(
        self, *, first: FiscalYear, last: FiscalYear, required: bool = True, **kwargs: Any
    ) -> None:
        years = [(str(year.year), year.long_label) for year in FiscalYear.range(first, last)]
        chosen = required and kwargs.get("initial") is not None
        super().__init__(
            choices=years if chosen else [("", "年度を選ぶ"), *years],
            coerce=_coerce,
            empty_value=None,
            required=required,
            **kwargs,
        )

    def prepare_value(self, value: object) -> object:
        return value.year if isinstance(value, FiscalYear) else value

    def to_python(self, value: object) -> str:
        return str(super().to_python(self.prepare_value(value)))


# What the attribute takes and gives; mypy makes both optional where the column is.
S = TypeVar("S", contravariant=True)
G = TypeVar("G", covariant=True)

if TYPE_CHECKING:

    class _YearColumn(models.SmallIntegerField[S, G]):
        _pyi_private_set_type: FiscalYear  # type: ignore[assignment]
        _pyi_private_get_type: FiscalYear  # type: ignore[assignment]
else:

    class _YearColumn(models.SmallIntegerField):
        def __class_getitem__(cls, _types: object) -> type:
            return cls


class FiscalYearField(_YearColumn[S, G]):
    """A column holding the western year, a model attribute holding the FiscalYear."""

    description = "年度"

    def run_validators(self, value: object) -> None:
        # The column's own limits compare integers.
        super().run_validators(self.get_prep_value(value))

    def from_db_value(self, value: int | None, *_args: Any) -> FiscalYear | None:
        return None if value is None else FiscalYear(value)

    def to_python(self, value: object) -> FiscalYear | None:
        if value is None or value == "":
            return None
        try:
            return _coerce(value)
        except ValueError as error:
            raise ValidationError(BAD_FISCAL_YEAR, code="invalid") from error

    def get_prep_value(self, value: object) -> object:
        return super().get_prep_value(value.year if isinstance(value, FiscalYear) else value)

    def value_to_string(self, obj: models.Model) -> int | None:  # type: ignore[override]
        """The bare year for fixtures, which JSON writes as a number."""
        year = self.to_python(self.value_from_object(obj))
        return None if year is None else year.year

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # The admin offers its number box for every integer column; ours is a select.
        if not _is_select(kwargs.get("widget")):
            kwargs.pop("widget", None)
        return super().formfield(
            **{
                "form_class": FiscalYearFormField,
                "first": FIRST_OFFERED,
                "last": LAST_OFFERED,
                **kwargs,
            }
        )


def _is_select(widget: object) -> bool:
    kind = widget if isinstance(widget, type) else type(widget)
    return issubclass(kind, forms.Select)
