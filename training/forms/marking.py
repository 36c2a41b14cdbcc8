"""What clerks send about attendance: marks, numbers, reasons."""

import re
from typing import Any

from django import forms

from agano_dx.lib.errors import DomainError
from agano_dx.lib.japanese import read_staff_number
from training.models import SETTLED
from training.pasting import MOST, split_numbers
from training.services.marking import Mark

LONGEST_REASON = 200


class BadReasonError(DomainError):
    """A reason too long to keep."""


class MarksForm:
    """The attendance grid as it was posted: for each row the state seen and the state chosen.

    Nothing is sorted out here: what does not belong to the offering, the service refuses in words.
    The reason is one for correcting, so it stays with those who were marked before.
    """

    def __init__(self, data: Any) -> None:  # noqa: ANN401 - a QueryDict
        reason = ReasonForm(data)
        if not reason.is_valid():
            raise BadReasonError(f"理由は{LONGEST_REASON}文字までで入力してください。")
        why = reason.cleaned_data["reason"]
        self.marks = [
            Mark(int(row[1]), seen, data[name], why if seen in SETTLED else "")
            for name in data
            if (row := re.fullmatch(r"status-([0-9]{1,18})", name))
            for seen in [data.get(f"seen-{row[1]}", "")]
        ]


class ReasonForm(forms.Form):
    """Why a mark is corrected; may be left out."""

    reason = forms.CharField(required=False, max_length=LONGEST_REASON)


class ReopenForm(forms.Form):
    """Why a closed offering is opened again."""

    reason = forms.CharField(
        label="締めを取り消す理由",
        max_length=LONGEST_REASON,
        error_messages={"required": "締めを取り消す理由を入力してください。"},
        help_text="例：欠席の人を出席にしていたため。",
    )


class NumberForm(forms.Form):
    """One staff number, typed or read from a bar code."""

    number = forms.CharField(
        label="職員番号",
        max_length=40,
        error_messages={
            "required": "職員番号を入力してください。",
            "max_length": "職員番号ではない長さです。職員番号を入力してください。",
        },
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "data-quick-number": True}
        ),
    )

    def clean_number(self) -> str:
        """The number as staff numbers are kept."""
        reading = read_staff_number(self.cleaned_data["number"])
        if reading.value is None:
            raise forms.ValidationError(reading.error or "職員番号を入力してください。")
        return reading.value


class PasteForm(forms.Form):
    """A pasted column of numbers; cleans to `typed`."""

    numbers = forms.CharField(
        label="職員番号",
        max_length=40 * MOST,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "required": "職員番号を貼り付けてください。",
            "max_length": f"一度に{MOST}人までです。分けて貼り付けてください。",
        },
        help_text="Excelの職員番号の列を、そのまま貼り付けられます。1行に1人です。",
    )

    def clean_numbers(self) -> str:
        """As typed; not more than a page can show."""
        text = str(self.cleaned_data["numbers"])
        if len(split_numbers(text)) > MOST:
            raise forms.ValidationError(f"一度に{MOST}人までです。分けて貼り付けてください。")
        return text


class FindForm(forms.Form):
    """Whom to add at the door."""

    q = forms.CharField(label="職員番号・氏名・カナ", required=False, max_length=60)
