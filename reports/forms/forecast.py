"""What if: other assumptions for the forecast. Nothing of it is kept."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django import forms
from django.forms import BoundField

from reports.forecast import Inputs, Spread
from reports.forecast.words import amount, spread_words
from training.models import Category

HIGHEST = 1000
OTHERS = ("show_up", "hires", "leavers")
NOT_A_NUMBER = "数で入力してください。例：30"


class AmountField(forms.DecimalField):
    """A number as people type it (３０, 92％); cleans to `Decimal`; `None` when left empty."""

    def __init__(self, *, label: str, most: int, unit: str, now: str) -> None:
        super().__init__(
            label=label,
            help_text=f"今の見込み：{now}",
            required=False,
            min_value=0,
            max_value=most,
            max_digits=6,
            decimal_places=1,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "inputmode": "decimal",
                    "size": "8",
                    "maxlength": "20",
                }
            ),
            error_messages={
                "invalid": NOT_A_NUMBER,
                "min_value": "0以上の数を入力してください。",
                "max_value": f"{most}{unit}までの数を入力してください。",
                "max_digits": f"{most}{unit}までの数を入力してください。",
                "max_whole_digits": f"{most}{unit}までの数を入力してください。",
                "max_decimal_places": "小数は1桁までで入力してください。",
            },
        )
        self.unit = unit

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's own signature
        """The number, whatever the width of its digits and with or without its unit."""
        typed = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").strip()
        return super().to_python(typed.removesuffix(unicodedata.normalize("NFKC", self.unit)))


class WhatIfForm(forms.Form):
    """Places, show-up rate, hires and leavers. A field left empty stays as the forecast has it."""

    def __init__(self, data: Mapping[str, Any] | None, *, base: Inputs) -> None:
        # Bound when one of its fields was sent, empty or not: the page is asked by GET alone.
        names = {f"{part}_{name}" for name in base.seats for part in ("extra", "seats")}
        names |= set(OTHERS)
        sent = data if data is not None and not names.isdisjoint(data) else None
        super().__init__(sent, auto_id="what-if-%s")
        self._base = base
        self._add_places("extra", "今年度", base.extra)
        self._add_places("seats", "来年度から", base.seats)
        self.fields["show_up"] = AmountField(
            label="出席率（％）", most=100, unit="％", now="研修ごとの実績の幅"
        )
        for name, label, now in (
            ("hires", "1年の採用（人）", base.hires),
            ("leavers", "1年の退職（人）", base.leavers),
        ):
            self.fields[name] = AmountField(
                label=label, most=HIGHEST, unit="人", now=f"{amount(now)}人"
            )

    def _add_places(self, part: str, when: str, now: Mapping[str, Spread]) -> None:
        for name, places in now.items():
            self.fields[f"{part}_{name}"] = AmountField(
                label=f"{Category(name).label}の席（{when}）",
                most=HIGHEST,
                unit="席",
                now=f"{spread_words(places)}席",
            )

    @property
    def extra_fields(self) -> list[BoundField]:
        """Places in the months left of this year."""
        return [self[f"extra_{name}"] for name in self._base.seats]

    @property
    def seat_fields(self) -> list[BoundField]:
        """Places from next April."""
        return [self[f"seats_{name}"] for name in self._base.seats]

    @property
    def other_fields(self) -> list[BoundField]:
        """Show-up, hires, leavers."""
        return [self[name] for name in OTHERS]

    @property
    def inputs(self) -> Inputs:
        """The base with what was filled in. Only of a valid form."""
        base = self._base
        typed = {
            name: Fraction(value) for name, value in self.cleaned_data.items() if value is not None
        }
        found = replace(
            base,
            extra=_places("extra", typed, base.extra),
            seats=_places("seats", typed, base.seats),
            hires=typed.get("hires", base.hires),
            leavers=typed.get("leavers", base.leavers),
        )
        if "show_up" not in typed:
            return found
        rates = dict.fromkeys(base.low, typed["show_up"] / 100)
        return replace(found, low=rates, high=rates)


def _places(
    part: str, typed: Mapping[str, Fraction], base: Mapping[str, Spread]
) -> dict[str, Spread]:
    """A number typed stands for both ends: then the places are known."""
    return {
        name: now if (value := typed.get(f"{part}_{name}")) is None else Spread(value, value)
        for name, now in base.items()
    }
