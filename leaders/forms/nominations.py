"""Nominating, and deciding about it."""

from typing import Any

from django import forms
from django.http import QueryDict

from agano_dx.lib.formfields import with_plain_lines
from leaders.eligibility import Candidate
from leaders.models import Cohort, Nomination
from leaders.services.nominations import Sheet
from staff.models import Department, StaffMember

DRAFT = "draft"


class NominationForm(forms.ModelForm):
    """A nomination as it is typed; `act` says whether it is handed in or kept as a draft.

    Anybody of the department can come in by it: why somebody may not be nominated is told by the
    service, under the lock. `seen` is the version that stands on the page.
    """

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
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Nomination
        fields = ("staff", "reason", "expected_role", "has_consent")
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 4}),
            "expected_role": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(
        self,
        data: QueryDict | None,
        *,
        people: list[Candidate],
        stored: Nomination | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(stored))
        if stored is None:
            del self.fields["seen"]
        self.people, self.stored = people, stored
        own = StaffMember.objects.filter(pk__in=[person.staff.pk for person in people])
        self.fields["staff"].queryset = own  # type: ignore[attr-defined]
        reason = self.fields["reason"]
        reason.required = not self.is_draft
        reason.error_messages["required"] = "推薦理由を入力してください。"
        consent = self.fields["has_consent"]
        consent.required = not self.is_draft
        consent.error_messages["required"] = "本人の承諾を得てから、印を付けてください。"

    @property
    def is_draft(self) -> bool:
        """Whether what is typed is kept without being handed in."""
        return self.data.get("act") == DRAFT

    @property
    def rows(self) -> list[tuple[Candidate, bool]]:
        """Those who may be nominated, each with whether they are chosen."""
        chosen = str(self["staff"].value() or "")
        return [
            (person, str(person.staff.pk) == chosen) for person in self.people if person.is_eligible
        ]

    @property
    def has_lost_its_person(self) -> bool:
        """Whether the person written down before may no longer be nominated."""
        return self.stored is not None and not any(chosen for _, chosen in self.rows)

    def clean_reason(self) -> str:
        """Browsers send CRLF; the same sent twice must compare as equal to what is stored."""
        return with_plain_lines(self.cleaned_data["reason"])

    def clean_expected_role(self) -> str:
        """Likewise."""
        return with_plain_lines(self.cleaned_data["expected_role"])

    def sheet(self, cohort: Cohort, department: Department) -> Sheet:
        """What was typed, for this round and 部署."""
        given = self.cleaned_data
        return Sheet(
            cohort=cohort,
            department=department,
            staff=given["staff"],
            reason=given["reason"],
            expected_role=given["expected_role"],
            has_consent=given["has_consent"],
            stored=self.stored,
            seen=given.get("seen"),
        )

    def let_save_over(self, now: Nomination) -> None:
        """The reader now sees what somebody else saved: the next saving may replace it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = now.version  # type: ignore[index]


def _initial(stored: Nomination | None) -> dict[str, Any]:
    if stored is None:
        return {}
    return {
        "staff": stored.staff_id,
        "reason": stored.reason,
        "expected_role": stored.expected_role,
        "has_consent": stored.has_consent,
        "seen": stored.version,
    }


class WithdrawForm(forms.Form):
    """Why a nomination is taken back."""

    comment = forms.CharField(
        label="取り下げる理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "取り下げる理由を入力してください。"},
    )
