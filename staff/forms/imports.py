"""Choosing a roster."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agano_dx.lib.formfields import EXAMPLE, DayField
from agano_dx.lib.workbooks.limits import MAX_UPLOAD
from agano_dx.lib.workbooks.refusals import refusal
from staff.models import RosterKind


class RosterUploadForm(forms.Form):
    """The file, what kind of list it is, and from when it holds."""

    file = forms.FileField(
        label="名簿のファイル",
        allow_empty_file=True,  # the reader refuses it, with a reference number as all others
        help_text="Excel（.xlsx .xlsm）かCSV、10MBまで。人事システムから出したままで読めます。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
    )
    kind = forms.ChoiceField(
        label="名簿の種類",
        choices=RosterKind.choices,
        initial=RosterKind.FULL,
        widget=forms.RadioSelect,
    )
    effective_on = DayField(
        label="発令日",
        required=False,
        help_text=f"名簿の表題に「令和8年4月1日現在」などとあれば、空欄で構いません。{EXAMPLE}",
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is not None and upload.size > MAX_UPLOAD:
            raise forms.ValidationError(str(refusal("too_large")))
        return upload


class RosterApplyForm(forms.Form):
    """The last question before a roster takes effect."""

    leavers_accepted = forms.BooleanField(
        label="退職になる人の一覧を確かめました。", required=False
    )
