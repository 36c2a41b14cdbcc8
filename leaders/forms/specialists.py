"""Specialists: finding candidates, designating, ending, looking ahead; wish and note."""

from collections.abc import Collection
from typing import Any, Final

from django import forms

from agano_dx.lib.formfields import EXAMPLE, AskedDayField, DayField, with_plain_lines
from leaders.models import Preference, Route, SuitabilityNote
from leaders.services.confided import version_of
from staff.models import Band

UNSAID: Final = "none"
LEAST_YEARS, MOST_YEARS, USUAL_YEARS = 1, 20, 5


class CandidateFilterForm(forms.Form):
    """The filters of the candidates. What people confided is asked by `ConfidedFilterForm`."""

    route = forms.ChoiceField(
        label="経路", required=False, choices=[("", "すべて"), *Route.choices]
    )
    band = forms.ChoiceField(label="職階", required=False, choices=[("", "すべて"), *Band.choices])
    as_of = AskedDayField()


class ConfidedFilterForm(CandidateFilterForm):
    """The same with 異動希望, for HR."""

    wish = forms.ChoiceField(
        label="異動希望",
        required=False,
        choices=[("", "すべて"), *Preference.choices, (UNSAID, "申告なし")],
    )
    field_order = ("route", "band", "wish", "as_of")


class DesignationForm(forms.Form):
    """From when and by which route; only routes that are open are offered."""

    route = forms.ChoiceField(
        label="経路",
        widget=forms.RadioSelect,
        error_messages={
            "required": "経路を選んでください。",
            "invalid_choice": "この経路では登用できません。表示された経路から選び直してください。",
        },
    )
    starts_on = DayField(
        label="登用日",
        help_text=f"この日から専門分野人材として数えます。{EXAMPLE}",
        error_messages={"required": "登用日を入力してください。"},
    )
    note = forms.CharField(
        label="備考",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="決裁の番号など、後で確かめるときに要ることを書きます。",
    )

    def __init__(self, *args: Any, routes: Collection[Route], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].choices = [(route.value, route.label) for route in routes]  # type: ignore[attr-defined]
        if len(routes) == 1:
            self.initial.setdefault("route", next(iter(routes)).value)

    def clean_note(self) -> str:
        """Browsers send CRLF; the same words must compare as equal."""
        return with_plain_lines(self.cleaned_data["note"])


class EndForm(forms.Form):
    """The last day, and why."""

    ends_on = DayField(
        label="終了日",
        help_text=f"この日まで専門分野人材として数えます。{EXAMPLE}",
        error_messages={"required": "終了日を入力してください。"},
    )
    end_note = forms.CharField(
        label="終了の事情",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "終了の事情を入力してください。"},
    )

    def clean_end_note(self) -> str:
        """Browsers send CRLF; the same words must compare as equal."""
        return with_plain_lines(self.cleaned_data["end_note"])


class WishForm(forms.Form):
    """異動希望."""

    preference = forms.ChoiceField(
        label="推進室で働くこと",
        choices=Preference.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "異動希望を選んでください。"},
    )
    note = forms.CharField(
        label="理由・希望する時期",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_note(self) -> str:
        """Browsers send CRLF; the same words must compare as equal."""
        return with_plain_lines(self.cleaned_data["note"])


class NoteForm(forms.Form):
    """適性の所見. `seen` tells which words stood on the page."""

    text = forms.CharField(
        label="適性の所見",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="読めるのは人事担当だけです。本人・所属長・システム管理者には見えません。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, note: SuitabilityNote | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"text": note.text if note else "", "seen": version_of(note)}
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        """Browsers send CRLF; the same words must compare as equal."""
        return with_plain_lines(self.cleaned_data["text"])

    def let_save_over(self, now: SuitabilityNote) -> None:
        """The reader now sees what somebody else saved: the next saving may replace it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = str(now.version)  # type: ignore[index]


class OutlookForm(forms.Form):
    """How long somebody is usually in a band."""

    years = forms.IntegerField(
        label="同じ職階の年数",
        min_value=LEAST_YEARS,
        max_value=MOST_YEARS,
        required=False,
        help_text="今の職階になってからこの年数以上の人を、昇任の見込みとします。",
        error_messages={
            "invalid": "年数は数字で入力してください。",
            "min_value": f"年数は{LEAST_YEARS}から{MOST_YEARS}までの数にしてください。",
            "max_value": f"年数は{LEAST_YEARS}から{MOST_YEARS}までの数にしてください。",
        },
    )
