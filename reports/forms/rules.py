"""A new counting rule, by boxes to tick."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from agano_dx.lib.formfields import EXAMPLE, DayField
from staff.models import Duty, Employment
from training.models import Category, Counting, FrozenYear

LONGEST_VALIDITY = 20
EARLIEST, LATEST = date(2019, 4, 1), date(2045, 4, 1)


class RuleForm(forms.Form):
    """集計ルール: from which day, who is counted, what is asked; cleans to `counting`."""

    in_force_from = DayField(label="適用開始日", help_text=f"この日からの集計に使います。{EXAMPLE}")
    counted_employments = forms.MultipleChoiceField(
        label="全職員に数える任用形態",
        choices=Employment.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    excluded_duties = forms.MultipleChoiceField(
        label="全職員から除く在職区分",
        choices=Duty.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    required_categories = forms.MultipleChoiceField(
        label="デジタル活用職員に必要な研修区分",
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="選んだ区分をすべて修了した人を数えます。",
    )
    validity_years = forms.IntegerField(
        label="修了の有効年数",
        required=False,
        min_value=1,
        max_value=LONGEST_VALIDITY,
        help_text="空欄なら期限なしです。",
    )
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=200,
        help_text="今日より前から適用するときと、適用中のルールを置き換えるときは必ず書きます。"
        "履歴に残ります。",
    )

    def clean_in_force_from(self) -> date:
        """A day within reach of the plan."""
        day: date = self.cleaned_data["in_force_from"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(
                "適用開始日は令和元年度から令和27年4月1日までの日を入力してください。"
            )
        return day

    def clean_excluded_duties(self) -> list[str]:
        """Somebody must remain."""
        chosen: list[str] = self.cleaned_data["excluded_duties"]
        if len(chosen) == len(Duty.values):
            raise forms.ValidationError(
                "すべての在職区分を除くと、数える人がいなくなります。1つ以上残してください。"
            )
        return chosen

    @property
    def counting(self) -> Counting:
        """The rule as ticked."""
        data = self.cleaned_data
        return Counting(
            tuple(data["counted_employments"]),
            tuple(data["excluded_duties"]),
            tuple(data["required_categories"]),
            data["validity_years"],
        )


def _tick(label: str, required: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=label,
        widget=forms.CheckboxInput(attrs={"form": "rule"}),  # it stands outside its form
        error_messages={"required": required},
    )


class ConfirmForm(forms.Form):
    """What is to be understood before a rule is saved.

    That it changes figures much, and that it reaches back over frozen years; else empty.
    """

    big_change = _tick(
        "人数が大きく変わることを確認しました",
        "人数が大きく変わることを確かめて、チェックを付けてください。",
    )
    understood = _tick(
        "確定値は変わらないことを確認しました",
        "確定値が変わらないことを確かめて、チェックを付けてください。",
    )

    def __init__(
        self, *args: Any, frozen: Sequence[FrozenYear], is_big: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_big:
            del self.fields["big_change"]
        if not frozen:
            del self.fields["understood"]
