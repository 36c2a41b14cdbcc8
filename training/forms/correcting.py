"""What HR sends to put a record of a frozen year right."""

from django import forms

from training.forms.marking import LONGEST_REASON
from training.models import SETTLED, AttendanceStatus


class CorrectionForm(forms.Form):
    """The right mark and why; `seen` is the one the page showed, empty for a person not on it."""

    seen = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="正しい出欠",
        choices=[(one.value, AttendanceStatus(one).label) for one in SETTLED],
        widget=forms.RadioSelect,
        error_messages={
            "required": "正しい出欠を選んでください。",
            "invalid_choice": "正しい出欠を選び直してください。",
        },
    )
    reason = forms.CharField(
        label="訂正する理由",
        max_length=LONGEST_REASON,
        error_messages={
            "required": "訂正する理由を入力してください。",
            "max_length": f"理由は{LONGEST_REASON}文字までで入力してください。",
        },
        help_text="例：出席簿では出席だった人を、欠席と入力していたため。",
    )
