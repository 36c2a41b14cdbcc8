"""Deciding between 修了 and 未修了: for all terms of a cohort, for one."""

import re
from typing import Any

from django import forms

from leaders.closing import LABELS, Outcome
from leaders.models import LeaderTerm
from leaders.services.closing import Decision

CHOICES = {"yes": True, "no": False}
LONGEST_REASON = LeaderTerm._meta.get_field("decision_reason").max_length or 0
LABELLED = [(value, LABELS[completed]) for value, completed in CHOICES.items()]


def choice_of(completed: bool | None) -> str:  # noqa: FBT001 - the value itself is written out
    """As a form says it: yes, no, or nothing."""
    return "" if completed is None else {True: "yes", False: "no"}[completed]


class DecisionsForm:
    """The closing page as it was posted: for each term the mark seen, the choice, the reason.

    Nothing is sorted out here: what does not belong to the cohort, the service refuses in words.
    """

    def __init__(self, data: Any) -> None:  # noqa: ANN401 - a QueryDict
        self.decisions = [
            Decision(
                term_id=int(row[1]),
                seen=data[name],
                completed=CHOICES.get(data.get(f"choice-{row[1]}", "")),
                reason=_one_line(data.get(f"reason-{row[1]}", "")),
            )
            for name in data
            if (row := re.fullmatch(r"seen-([0-9]{1,18})", name))
        ]

    @property
    def too_long(self) -> frozenset[int]:
        """The terms whose reason is longer than can be kept."""
        return frozenset(one.term_id for one in self.decisions if len(one.reason) > LONGEST_REASON)


def _one_line(typed: str) -> str:
    """The reason as its field holds it: on one line."""
    return " ".join(typed.replace("\x00", "").split())


class DecideForm(forms.Form):
    """Deciding one term, or correcting it; the page sends the mark of what it showed beside it."""

    choice = forms.ChoiceField(
        label="判定",
        choices=LABELLED,
        widget=forms.RadioSelect,
        error_messages={
            "required": "修了か未修了かを選んでください。",
            "invalid_choice": "修了か未修了かを選び直してください。",
        },
    )
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=LONGEST_REASON,
        help_text="提案と違う判定にするときと、終了した期の判定を直すときは、必ず入力してください。",
    )

    def __init__(self, *args: Any, shown: Outcome, **kwargs: Any) -> None:
        decided = shown.term.completed if shown.is_decided else shown.proposed
        kwargs["initial"] = {
            "choice": choice_of(decided),
            "reason": shown.term.decision_reason,
        }
        super().__init__(*args, **kwargs)

    def clean_reason(self) -> str:
        """On one line, as the page of the whole cohort keeps it."""
        return _one_line(self.cleaned_data["reason"])

    @property
    def completed(self) -> bool:
        """What was chosen."""
        return CHOICES[self.cleaned_data["choice"]]
