"""Why something is taken back."""

from django import forms


class UndoForm(forms.Form):
    """The reason. `seen` marks what is taken back as its reader saw it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    reason = forms.CharField(
        label="取り消す理由",
        max_length=1000,
        error_messages={
            "required": "取り消す理由を入力してください。",
            "max_length": "%(limit_value)d字までにしてください。今は%(show_value)d字です。",
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
