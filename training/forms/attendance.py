"""Enrolling."""

import re
from datetime import date
from typing import Any

from django import forms

from agano_dx.lib.japanese import read_staff_number
from staff.models import Assignment, StaffMember
from staff.organisation import DepartmentTree


class EnrolForm(forms.Form):
    """People by department or by a list of staff numbers; cleans to `members`."""

    department = forms.TypedChoiceField(
        label="所属の全員", required=False, coerce=int, empty_value=None
    )
    numbers = forms.CharField(
        label="職員番号",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="1行に1人、または空白・読点で区切って入力します。Excelの列を貼り付けられます。",
    )

    def __init__(self, data: Any, *, on: date) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(data)
        self.on = on
        self.tree = DepartmentTree.load(on)
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", "選んでください"),
            *(
                (unit.pk, "\u3000" * (len(self.tree.above(unit.pk)) - 1) + unit.name)
                for unit in self.tree.in_order
            ),
        ]

    def clean_numbers(self) -> list[StaffMember]:
        """The people with these numbers; a number nobody has is an error."""
        typed = [part for part in re.split(r"[\s,、，]+", self.cleaned_data["numbers"]) if part]
        numbers = []
        for part in typed:
            reading = read_staff_number(part)
            if reading.error or reading.value is None:
                raise forms.ValidationError(f"「{part}」: {reading.error}")
            numbers.append(reading.value)
        found = {
            member.number: member
            for member in StaffMember.objects.employed(self.on).filter(number__in=numbers)
        }
        unknown = [number for number in dict.fromkeys(numbers) if number not in found]
        if unknown:
            raise forms.ValidationError(
                f"{'、'.join(unknown[:10])}は、開催日に在職している職員にいません。"
                "番号を直してください。"
            )
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        """Everybody meant, each once."""
        data: dict[str, Any] = super().clean() or {}
        members = {member.pk: member for member in data.get("numbers") or []}
        if data.get("department"):
            places = Assignment.objects.employed(self.on).within(
                self.tree.under([data["department"]])
            )
            members |= {place.staff_id: place.staff for place in places.select_related("staff")}
        if not members and not self.errors:
            raise forms.ValidationError("所属を選ぶか、職員番号を入力してください。")
        data["members"] = list(members.values())
        return data
