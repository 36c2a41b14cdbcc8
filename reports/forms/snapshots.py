"""Freezing a year, and choosing what to compare."""

from datetime import date
from typing import Any, cast

from django import forms

from agano_dx.lib.fiscal import FiscalYear, era_date_short
from agano_dx.lib.formfields import DayField
from reports.comparison import Side, frozen_side, known_side
from reports.models import Snapshot
from training.models import CountingRule
from training.plan_board import PLAN_FIRST

DAY = "day"


class FreezeForm(forms.Form):
    """The tick without which nothing is made final."""

    confirmed = forms.BooleanField(
        label="確定すると取り消せないことを確かめました。",
        error_messages={"required": "取り消せないことを確かめて、チェックを入れてください。"},
    )


class SidesForm(forms.Form):
    """Two sides to compare, and the rule for the second, or the first one; cleans to `sides`."""

    first = forms.ChoiceField(label="比べるもの1")
    first_day = DayField(label="1の基準日（「ほかの日」のとき）", required=False)
    second = forms.ChoiceField(label="比べるもの2")
    second_day = DayField(label="2の基準日（「ほかの日」のとき）", required=False)
    rule = forms.ChoiceField(
        label="比べるもの2の集計ルール",
        required=False,
        help_text="比べるもの2が確定値のときは、比べるもの1に使います。確定値の集計ルールは変わりません。",
    )

    def __init__(self, data: Any, *, latest: date, today: date) -> None:  # noqa: ANN401
        """`latest`: the last day the asker may ask for."""
        self._latest = latest
        self._snapshots = {
            one.fiscal_year.year: one
            for one in Snapshot.objects.defer("figures", "members").order_by("fiscal_year")
        }
        self._rules = {str(one.pk): one for one in CountingRule.objects.all()}
        ended = [
            year
            for year in FiscalYear.range(PLAN_FIRST, FiscalYear.containing(today))
            if year.last_day < today
        ]
        super().__init__(data or self._usual(ended))
        choices = [
            (f"frozen-{year}", f"{one.fiscal_year.long_label}の確定値")
            for year, one in self._snapshots.items()
        ]
        choices += [(f"known-{one.year}", f"{one.long_label}末（現在の記録）") for one in ended]
        choices.append((DAY, "ほかの日（現在の記録）"))
        for name in ("first", "second"):
            self._field(name).choices = choices
        self._field("rule").choices = [
            ("", "その基準日の集計ルール"),
            *(
                (key, f"{era_date_short(one.in_force_from)}からの集計ルール")
                for key, one in self._rules.items()
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """The two sides."""
        data = super().clean() or {}
        if not self.errors:
            days = {name: self._day(name) for name in ("first", "second")}
            if not self.errors:
                data["sides"] = self._sides(data, days)
        return data

    def _sides(self, data: dict[str, Any], days: dict[str, date | None]) -> tuple[Side, ...]:
        rule = self._rules[data["rule"]].counting if data["rule"] else None
        if rule is None and (data["first"], days["first"]) == (data["second"], days["second"]):
            self.add_error("second", "違うものを2つ選んでください。")
            return ()
        sides = [self._side(data[name], day) for name, day in days.items()]
        if rule is not None:
            at = 0 if sides[1].is_frozen else 1
            if sides[at].is_frozen:
                self.add_error(
                    "rule",
                    "確定値の集計ルールは変えられません。「その基準日の集計ルール」を選んでください。",
                )
            sides[at] = known_side(sides[at].on, rule)
        return tuple(sides)

    def _usual(self, ended: list[FiscalYear]) -> dict[str, str]:
        """The latest frozen year and the same day as known now; else the last year's end and it."""
        year = max(self._snapshots, default=ended[-1].year if ended else PLAN_FIRST.year)
        kind = "frozen" if year in self._snapshots else "known"
        if not ended:
            return {"first": DAY, "second": DAY}
        if kind == "known":
            day = era_date_short(self._latest)
            return {"first": f"known-{year}", "second": DAY, "second_day": day}
        return {"first": f"frozen-{year}", "second": f"known-{year}"}

    def _field(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])

    def _day(self, name: str) -> date | None:
        """The day of a side; asked for only where it is not the end of a year."""
        kind, _, year = self.cleaned_data[name].partition("-")
        if kind != DAY:
            return FiscalYear(int(year)).last_day
        day: date | None = self.cleaned_data[f"{name}_day"]
        if day is None:
            self.add_error(f"{name}_day", "基準日を入力してください。")
        elif day > self._latest:
            self.add_error(f"{name}_day", "基準日は今日までの日を入力してください。")
        return day

    def _side(self, chosen: str, day: date | None) -> Side:
        kind, _, year = chosen.partition("-")
        if kind == "frozen":
            return frozen_side(self._snapshots[int(year)])
        return known_side(day or self._latest)
