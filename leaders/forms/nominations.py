"""Nominating."""

from typing import Any

from django import forms

from leaders.eligibility import Candidate
from leaders.models import Nomination
from staff.models import StaffMember


class NominationForm(forms.ModelForm):
    """A head's nomination; only eligible people of the department can be chosen."""

    staff = forms.ModelChoiceField(
        label="推薦する職員",
        queryset=StaffMember.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "推薦する職員を選んでください。",
            "invalid_choice": "この職員は推薦できません。一覧から選び直してください。",
        },
    )

    class Meta:
        model = Nomination
        fields = ("staff", "reason", "expected_role", "has_consent")
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 4}),
            "expected_role": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, people: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        eligible = {person.staff.pk: person for person in people if person.is_eligible}
        field = self.fields["staff"]
        field.queryset = StaffMember.objects.filter(pk__in=eligible)  # type: ignore[attr-defined]
        field.label_from_instance = lambda member: _label(eligible[member.pk])  # type: ignore[attr-defined]
        self.fields["reason"].required = True
        consent = self.fields["has_consent"]
        consent.required = True
        consent.error_messages["required"] = "本人の承諾を得てから、印を付けてください。"


def _label(person: Candidate) -> str:
    past = f"・リーダー経験{person.past_terms}期" if person.past_terms else ""
    return f"{person.staff.name}（{person.rank}・{person.department}{past}）"
