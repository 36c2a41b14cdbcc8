"""Taking the roster out."""

from django import forms

from agano_dx.lib.formfields import DayField


class RosterExportForm(forms.Form):
    """Of which day, and what for."""

    as_of = DayField(label="基準日")
    reason = forms.CharField(
        label="使いみち",
        required=False,
        max_length=200,
        help_text="だれが、いつ、何のために書き出したかを記録します。例：4月の人事異動の確認",
    )
