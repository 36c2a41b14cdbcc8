"""What the report is to hold."""

from django import forms

from staff.forms.files import ReasonForm


class ReportForm(ReasonForm):
    """With or without the lists of names; what for, when there are many."""

    with_names = forms.BooleanField(
        label="氏名の入った一覧も付ける",
        required=False,
        help_text="デジタル活用職員になっていない職員、活動中の推進リーダー、"
        "デジタル専門分野人材の名簿です。取扱注意の個人情報になります。",
    )

    field_order = ("with_names", "reason")


class FiguresOnlyForm(ReasonForm):
    """For those who see no names: there is nothing to choose and nobody to ask about."""

    reason = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
