"""Ending a term early, or letting it go on."""

from datetime import timedelta
from typing import Any

from django import forms

from agano_dx.lib.formfields import DayField
from leaders.models import EndReason, LeaderTerm
from leaders.questions import Matter, Question
from leaders.services.terms import EARLY_REASONS, mark_of

LONGEST = 1000
TOO_LONG = "%(limit_value)d字までにしてください。今は%(show_value)d字です。"


class _OnTerm(forms.Form):
    """A form about a term. `seen` marks the term as its reader saw it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, data: Any, *, term: LeaderTerm, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        initial = kwargs.pop("initial", {}) | {"seen": mark_of(term)}
        super().__init__(data, initial=initial, **kwargs)
        self.term = term

    def show_as_now(self) -> None:
        """The reader now sees what somebody else decided: the next pressing may go through."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        self.data["seen"] = mark_of(self.term)  # type: ignore[index]


class SeenForm(_OnTerm):
    """A button that must not act on what its reader has not seen."""


class EndForm(_OnTerm):
    """The last day and why."""

    ends_on = DayField(
        label="退任日",
        help_text="リーダーである最後の日です。先の日も入力できます。例：R9.1.31",
        error_messages={"required": "退任日を入力してください。"},
    )
    reason = forms.ChoiceField(
        label="退任理由",
        choices=[(reason.value, reason.label) for reason in EARLY_REASONS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "退任理由を選んでください。",
            "invalid_choice": "退任理由を選び直してください。",
        },
    )
    note = forms.CharField(
        label="退任の事情",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="「その他」のときは必ず入力します。人事担当とシステム管理者だけが見ます。",
    )


class ContinueForm(_OnTerm):
    """What the term goes on over, and why."""

    kind = forms.ChoiceField(
        label="続けるのは",
        widget=forms.RadioSelect,
        error_messages={
            "required": "どのことについて続けるかを選んでください。",
            "invalid_choice": "このことは、もう決まっています。今の内容を確かめてください。",
        },
    )
    reason = forms.CharField(
        label="続ける理由",
        max_length=LONGEST,
        error_messages={"required": "続ける理由を入力してください。", "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例：年度末まで元の部署の取組を続けるため。人事担当とシステム管理者だけが見ます。",
    )

    def __init__(self, data: Any, *, questions: list[Question], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, **kwargs)
        field = self.fields["kind"]
        field.choices = [(one.matter.value, one.happened) for one in questions]  # type: ignore[attr-defined]
        if len(questions) == 1:
            field.initial = questions[0].matter.value


def end_suggested(questions: list[Question]) -> dict[str, Any]:
    """What the form to end a term starts with: the eve of a move."""
    moved = next((one for one in questions if one.matter == Matter.MOVED), None)
    if moved is None:
        return {}
    return {"ends_on": moved.since - timedelta(days=1), "reason": EndReason.MOVED}
