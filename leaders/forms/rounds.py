"""Opening a round of nominations."""

from typing import Any

from django import forms

from agano_dx.lib.formfields import DayField
from leaders.models import Cohort


class RoundForm(forms.ModelForm):
    """When heads may nominate for a cohort."""

    nominations_open_on = DayField(label="推薦の受付開始日", required=False)
    nominations_close_on = DayField(label="推薦の締切日", required=False)

    class Meta:
        model = Cohort
        fields = ("nominations_open_on", "nominations_close_on")

    def clean(self) -> dict[str, Any]:
        """Both days or none."""
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("nominations_open_on")) != bool(data.get("nominations_close_on")):
            raise forms.ValidationError("受付開始日と締切日は両方入力してください。")
        return data
