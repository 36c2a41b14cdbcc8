"""Naming a deputy."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from agano_dx.lib.formfields import DayField
from staff.models import Assignment, Department, StaffMember

People = list[tuple[Department, list[Assignment]]]


class DeputyForm(forms.Form):
    """One of the own people, by 部署, and from when until when."""

    staff = forms.ModelChoiceField(
        label="代理者",
        queryset=StaffMember.objects.none(),
        help_text="自分の部署に在職している職員から選びます。その職員の部署の推薦だけを扱えます。",
        error_messages={
            "required": "代理者を選んでください。",
            "invalid_choice": (
                "この職員は代理に指名できません。自分の部署の職員から選び直してください。"
            ),
        },
    )
    starts_on = DayField(label="開始日", error_messages={"required": "開始日を入力してください。"})
    ends_on = DayField(
        label="終了日",
        required=False,
        help_text="この日まで代理です。空のままなら、終えるまで続きます。",
    )

    def __init__(self, data: QueryDict | None, *, people: People, today: date) -> None:
        super().__init__(data, initial={"starts_on": today})
        own = [place.staff_id for _, places in people for place in places]
        field = self.fields["staff"]
        field.queryset = StaffMember.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        field.choices = [  # type: ignore[attr-defined]
            ("", "選んでください"),
            *(
                (
                    unit.name,
                    [(place.staff_id, f"{place.staff.name}（{place.rank.name}）") for place in of],
                )
                for unit, of in people
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        given: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "終了日は開始日以後の日を入力してください。")
        return given
