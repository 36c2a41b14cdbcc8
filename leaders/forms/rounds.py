"""Opening a round of nominations, and opening it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from agano_dx.lib.formfields import DayField, with_plain_lines
from leaders.models import Cohort
from leaders.services.rounds import FIELDS, mark_of
from staff.models import Department


class RoundForm(forms.Form):
    """When heads may nominate for a cohort, and what they are told. `seen` marks what is shown."""

    nominations_open_on = DayField(label="推薦の受付開始日", required=False)
    nominations_close_on = DayField(
        label="推薦の締切日",
        required=False,
        help_text="この日の終わりまで受け付けます。取りやめるときは、両方の日を消します。",
    )
    instruction = forms.CharField(
        label="部署長への案内",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="推薦の画面と、提出をお願いする文書に載ります。",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(cohort, name) for name in FIELDS}
        self.initial["seen"] = mark_of(cohort)

    def clean_instruction(self) -> str:
        """Stored with one kind of line break."""
        return with_plain_lines(self.cleaned_data["instruction"])

    def let_save_over(self, now: Cohort) -> None:
        """The reader now sees what somebody else saved: the next saving may replace it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = mark_of(now)  # type: ignore[index]


class ReopenForm(forms.Form):
    """The new last day of a round."""

    nominations_close_on = DayField(
        label="新しい締切日", error_messages={"required": "新しい締切日を入力してください。"}
    )


class ReminderForm(forms.Form):
    """Which of the departments that owe a nomination are written to."""

    department = forms.ChoiceField(label="お願いする部署", required=False)

    def __init__(self, data: Mapping[str, Any], *, units: Sequence[Department]) -> None:
        super().__init__(data)
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", f"未提出のすべての部署（{len(units)}）"),
            *((unit.code, unit.name) for unit in units),
        ]

    @property
    def chosen(self) -> str:
        """The code of one department; empty for all of them."""
        return str(self.cleaned_data["department"]) if self.is_valid() else ""
