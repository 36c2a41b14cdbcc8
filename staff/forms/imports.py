"""Choosing a roster, and putting it into force."""

import unicodedata
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agano_dx.lib.formfields import EXAMPLE, DayField
from agano_dx.lib.workbooks.limits import MAX_UPLOAD
from agano_dx.lib.workbooks.refusals import refusal
from staff.models import ChangeKind, RosterImport, RosterKind
from staff.roster.changes import LEAVERS_ALARM_PERCENT, SUMMARY_KINDS, are_alarming


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

    progress = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is not None and upload.size > MAX_UPLOAD:
            raise forms.ValidationError(str(refusal("too_large")))
        return upload


class RosterApplyForm(forms.Form):
    """The last questions before a roster takes effect: about leavers, and about an old roster."""

    question_accepted = forms.BooleanField(
        label="古い名簿であることを確かめました。過去の記録が変わって構いません。", required=False
    )
    leavers_accepted = forms.BooleanField(
        label="退職になる人の一覧を確かめました。", required=False
    )
    leavers_words = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, roster_import: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.absent = roster_import.changes.absent().to_write().count()
        self.is_alarming = are_alarming(self.absent, _before(roster_import))
        self.phrase = f"{self.absent}人退職"
        if not roster_import.question:
            del self.fields["question_accepted"]
        if not self.absent or self.is_alarming:
            del self.fields["leavers_accepted"]
        if not (self.absent and self.is_alarming):
            del self.fields["leavers_words"]
            return
        self.fields["leavers_words"].label = (
            f"職員の{LEAVERS_ALARM_PERCENT}%を超える人が退職になります。"
            f"間違いでなければ「{self.phrase}」と入力してください。"
        )

    def clean_leavers_words(self) -> str:
        """The number of leavers, typed by somebody who has looked at it."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["leavers_words"]).strip()
        if typed != self.phrase:
            raise forms.ValidationError(
                f"入力された言葉が違います。退職になる人を確かめ、「{self.phrase}」と入力してください。"
            )
        return typed

    def clean(self) -> dict[str, Any]:
        """What was not asked is not said; words typed out say more than a tick."""
        cleaned = super().clean() or {}
        typed = bool(cleaned.get("leavers_words"))
        return {"question_accepted": False, "leavers_accepted": typed, **cleaned}


def _before(roster_import: RosterImport) -> int:
    """How many people were in service before: those unchanged, and those changed but not hired."""
    touched = roster_import.changes.filter(kind__in=SUMMARY_KINDS)
    hired = touched.filter(kind=ChangeKind.HIRED).values("number")
    known = touched.exclude(number__in=hired).order_by().values("number").distinct()
    return roster_import.unchanged + known.count()
