"""欠席届, 受講報告書, アンケート."""

from datetime import datetime
from typing import Any

from django import forms

from training.models import AbsenceReason
from training.surveys import QUESTIONS, STEP_WORDS, STEPS

LONGEST = 1000  # letters of one answer of a report: both fit on one sheet of A4


class NoticeForm(forms.Form):
    """欠席届: why somebody cannot come."""

    absence_reason = forms.ChoiceField(
        label="理由",
        choices=AbsenceReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "理由を選んでください。"},
    )
    note = forms.CharField(
        label="備考",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="200字まで。人事担当が読みます。",
    )


class DraftForm(forms.Form):
    """受講報告書 as far as it is written."""

    learned = forms.CharField(
        label="学んだこと",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"{LONGEST}字まで。箇条書きで構いません。",
    )
    use = forms.CharField(
        label="仕事にどう生かすか",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"{LONGEST}字まで。どの業務で、いつから使うかを書くと伝わりやすくなります。",
    )


class ReportForm(DraftForm):
    """受講報告書 to hand in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
            field.error_messages["required"] = "入力してください。下書きなら空欄でも保存できます。"


class ConfirmForm(forms.Form):
    """The head's word on a report; `seen` is the submission that was read."""

    comment = forms.CharField(
        label="コメント",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="200字まで。空欄でも確認済みにできます。本人が読めます。",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        """The moment; what is none, nobody has seen."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class SurveyForm(forms.Form):
    """The three questions and the free comment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, statement) in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=f"{label}：{statement}",
                choices=[(step, f"{step} {STEP_WORDS[step]}") for step in STEPS],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": "5つの中から1つ選んでください。"},
            )
        self.fields["comment"] = forms.CharField(
            label="自由記述",
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=f"{LONGEST}字まで。人事担当だけが、名前のない形で読みます。",
        )
