"""Choosing the day a page shows."""

from django import forms

from agano_dx.lib.formfields import DayField


class DayForm(forms.Form):
    """基準日."""

    as_of = DayField(label="基準日", required=False, help_text="例：R8.3.31")
