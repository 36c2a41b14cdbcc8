"""Finding people."""

from typing import Final

from django import forms

from agano_dx.lib.formfields import AskedDayField
from staff.access import Access
from staff.models import Duty, Rank
from staff.organisation import DepartmentTree

_NO_SUCH_UNIT: Final = "この基準日に選べる所属ではありません。所属を選び直してください。"


class StaffFilterForm(forms.Form):
    """The filters of the staff list; offers only units the asker may see."""

    q = forms.CharField(label="氏名・カナ・職員番号", required=False, max_length=60)
    department = forms.TypedChoiceField(
        label="所属",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _NO_SUCH_UNIT},
    )
    rank = forms.ModelChoiceField(
        label="職名", required=False, queryset=Rank.objects.all(), empty_label="すべて"
    )
    duty = forms.ChoiceField(
        label="在職区分", required=False, choices=[("", "すべて"), *Duty.choices]
    )
    as_of = AskedDayField()

    def __init__(self, data: object, *, tree: DepartmentTree, access: Access) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        units = access.name_units
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", "すべて"),
            *(
                (unit.pk, "\u3000" * (len(tree.above(unit.pk)) - 1) + unit.name)
                for unit in tree.in_order
                if units is None or unit.pk in units
            ),
        ]
