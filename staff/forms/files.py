"""Taking lists of people out."""

from typing import Final

from django import forms

from agano_dx.lib.formfields import DayField

# trust.md: whoever takes out more people than this says what for.
MOST_WITHOUT_REASON: Final = 100


class ReasonForm(forms.Form):
    """What a list is taken out for."""

    reason = forms.CharField(
        label="使いみち",
        required=False,
        max_length=200,
        help_text=f"{MOST_WITHOUT_REASON}人を超えるときは必ず入力します。"
        "だれが何のために書き出したかを記録します。"
        "例：4月の人事異動の確認",
    )

    def refuse_without_reason(self) -> None:
        """Ask for the reason that a long list needs."""
        self.add_error(
            "reason", f"{MOST_WITHOUT_REASON}人を超える名簿です。使いみちを入力してください。"
        )


class RosterExportForm(ReasonForm):
    """Of which day, and what for."""

    as_of = DayField(label="基準日")

    field_order = ("as_of", "reason")
