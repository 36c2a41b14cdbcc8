"""Finding accounts, and saying whom an act is for."""

from typing import Any

from django import forms

from staff.accounts import AccountState
from staff.models import StaffMember

# Hashing a password takes a tenth of a second; a request must not take long.
MOST = 50


class AccountFilterForm(forms.Form):
    """The filters of the account list."""

    q = forms.CharField(label="氏名・カナ・職員番号", required=False, max_length=60)
    state = forms.ChoiceField(
        label="利用者の状態", required=False, choices=[("", "すべて"), *AccountState.choices]
    )


class ScopeForm(forms.Form):
    """Whom the buttons under the list are for."""

    CHOSEN, SHOWN = "chosen", "shown"

    scope = forms.ChoiceField(
        label="対象",
        choices=[(CHOSEN, "印を付けた人"), (SHOWN, "この画面に出ている全員")],
        initial=CHOSEN,
        widget=forms.RadioSelect,
        error_messages={
            "required": "対象を選んでください。",
            "invalid_choice": "対象を選び直してください。",
        },
    )

    def clean(self) -> dict[str, Any]:
        """`members`, and by their key the `seen` marks of their passwords."""
        data: dict[str, Any] = super().clean() or {}
        marks = self._marks(data["scope"]) if "scope" in data else {}
        if "scope" in data and not marks:
            raise forms.ValidationError("対象の人に印を付けてください。")
        if len(marks) > MOST:
            raise forms.ValidationError(f"一度に扱えるのは{MOST}人までです。人を減らしてください。")
        members = list(StaffMember.objects.filter(number__in=marks).order_by("number"))
        if len(members) != len(marks):
            raise forms.ValidationError(
                "職員にない番号があります。画面を開き直して、選び直してください。"
            )
        return data | {
            "members": members,
            "seen": {member.pk: marks[member.number] for member in members},
        }

    def _marks(self, scope: str) -> dict[str, str]:
        """The marks by number, from the boxes ticked or from all lines shown."""
        posted = self.data.getlist(scope)  # type: ignore[attr-defined]
        pairs = (value.replace("\0", "").partition(":") for value in posted)
        return {number: mark for number, _, mark in pairs}
