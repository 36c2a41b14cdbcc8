"""Which letters to print, and which certificate to look up."""

from typing import Any

from django import forms

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.formfields import DayField
from leaders.papers import read_leader_number
from staff.models import Department


class LettersForm(forms.Form):
    """Narrows the letters of a cohort: since a day, one department; and their date."""

    since = DayField(
        label="就任日がこの日以後の人",
        required=False,
        help_text="例：R8.4.1。空欄なら全員です。",
    )
    department = forms.ModelChoiceField(
        label="部署", required=False, queryset=Department.objects.none(), empty_label="すべて"
    )
    dated_on = DayField(
        label="通知の日付",
        required=False,
        help_text="空欄なら、任期ごとに承認した日（記録がなければ就任日）です。",
    )

    def __init__(self, *args: Any, units: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        field.queryset = Department.objects.filter(pk__in=[unit.pk for unit in units])  # type: ignore[attr-defined]


class LetterForm(forms.Form):
    """The date of one letter."""

    dated_on = DayField(
        label="通知の日付",
        required=False,
        help_text="空欄なら、承認した日（記録がなければ就任日）です。",
    )


class VerifyForm(forms.Form):
    """The number on a leader's certificate; cleans to the year and the serial."""

    number = forms.CharField(
        label="修了証の番号", max_length=40, help_text="例：L-R8-0012（L-R8-12でも探せます）"
    )

    def clean_number(self) -> tuple[FiscalYear, int]:
        """The number, in whatever way it is typed."""
        number = read_leader_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(
                "推進リーダーの修了証の番号として読めません。紙の右上の番号を「L-R8-0012」のように"
                "入力してください。Lの付かない番号は研修の修了証です。"
            )
        return number
