"""What the report is to hold."""

from typing import Any

from django import forms

from staff.forms.files import ReasonForm


def _for_publication() -> forms.BooleanField:
    return forms.BooleanField(
        label="公表用にする",
        required=False,
        help_text="5人未満の数と、そこから計算できる数を＊にします。市の外に出すときに選んでください。",
    )


class ReportForm(ReasonForm):
    """With or without the lists of names; what for, when there are many; for publication or not."""

    with_names = forms.BooleanField(
        label="氏名の入った一覧も付ける",
        required=False,
        help_text="デジタル活用職員になっていない職員、活動中の推進リーダー、"
        "デジタル専門分野人材の名簿です。取扱注意の個人情報になります。",
    )

    for_publication = _for_publication()

    field_order = ("for_publication", "with_names", "reason")

    def clean(self) -> dict[str, Any]:
        """What is published names nobody."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("for_publication") and found.get("with_names"):
            self.add_error(
                "with_names",
                "公表用の報告書に氏名は付けられません。どちらかの印を外してください。",
            )
        return found


class FiguresOnlyForm(ReasonForm):
    """For those who see no names: there is nothing to choose and nobody to ask about."""

    for_publication = _for_publication()
    reason = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
