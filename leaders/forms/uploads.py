"""Taking リーダー名簿 in and out."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agano_dx.lib.workbooks.limits import MAX_UPLOAD
from agano_dx.lib.workbooks.refusals import refusal
from leaders.models import Cohort
from staff.forms.files import ReasonForm


class LeaderUploadForm(forms.Form):
    """The workbook."""

    file = forms.FileField(
        label="ファイル",
        allow_empty_file=True,  # the reader refuses it, with a reference number as all others
        help_text="Excel（.xlsx .xlsm）かCSV、10MBまで。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
        error_messages={"required": "ファイルを選んでください。"},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is not None and upload.size > MAX_UPLOAD:
            raise forms.ValidationError(str(refusal("too_large")))
        return upload


class CohortChoice(forms.ModelChoiceField):
    """第1期（令和7年4月1日～令和9年3月31日） as 第1期."""

    def label_from_instance(self, obj: Cohort) -> str:
        """第1期."""
        return str(obj)


class LeaderExportForm(ReasonForm):
    """Of which cohort, and what for."""

    cohort = CohortChoice(
        label="期",
        queryset=Cohort.objects.all(),
        to_field_name="number",
        required=False,
        empty_label="すべての期",
        error_messages={"invalid_choice": "期を選び直してください。"},
    )
    field_order = ("cohort", "reason")


class DecisionsForm:
    """What was posted about a preview: ticks, whether faulty rows stay out, what was shown."""

    def __init__(self, data: Any) -> None:  # noqa: ANN401 - a QueryDict
        self.ticked = frozenset(
            int(value) for value in data.getlist("tick") if re.fullmatch("[0-9]{1,6}", value)
        )
        self.leaves_faulty = "leaves_faulty" in data
        self.seen: str = data.get("seen", "")
