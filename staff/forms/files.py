"""Taking the roster out."""

from typing import Final

from django import forms

from agano_dx.lib.formfields import DayField

# trust.md: whoever takes out more people than this says what for.
MOST_WITHOUT_REASON: Final = 100


class RosterExportForm(forms.Form):
    """Of which day, and what for."""

    as_of = DayField(label="基準日")
    reason = forms.CharField(
        label="使いみち",
        required=False,
        max_length=200,
        help_text=f"{MOST_WITHOUT_REASON}人を超えるときは必ず入力します。"
        "だれが何のために書き出したかを記録します。"
        "例：4月の人事異動の確認",
    )
