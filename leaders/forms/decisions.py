"""What HR fills in to decide about a nomination."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from agano_dx.lib.fiscal import era_date_short
from agano_dx.lib.formfields import DayField
from leaders.models import Nomination, NominationStatus
from leaders.openings import open_to_head
from leaders.services.decisions import first_start, why_not_decide
from staff.access import Access
from staff.models import User

STALE = "画面が古くなっています。今の内容を読んで、もう一度押してください。"


class DecisionForm(forms.Form):
    """The version that was read: nobody decides about words they have not seen."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE}
    )

    def __init__(self, data: Mapping[str, Any] | None, nomination: Nomination, on: str) -> None:
        """`on` keeps the ids of two forms on one page apart."""
        super().__init__(data, initial={"version": nomination.version}, auto_id=f"id_{on}_%s")

    def let_decide_again(self, nomination: Nomination) -> None:
        """The reader now sees the nomination as it stands: the next decision is about that."""
        self.data = {**self.data.dict(), "version": nomination.version}  # type: ignore[attr-defined]  # a QueryDict


class ApproveForm(DecisionForm):
    """From when the person is a leader."""

    starts_on = DayField(label="就任日", error_messages={"required": "就任日を入力してください。"})

    def __init__(
        self, data: Mapping[str, Any] | None, nomination: Nomination, offered: date
    ) -> None:
        super().__init__(data, nomination, "approve")
        self.initial["starts_on"] = era_date_short(offered)


class ReturnForm(DecisionForm):
    """Why a nomination goes back."""

    comment = forms.CharField(
        label="差し戻す理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "差し戻す理由を入力してください。"},
    )

    def __init__(self, data: Mapping[str, Any] | None, nomination: Nomination) -> None:
        super().__init__(data, nomination, "return")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a clerk is offered on a nomination's page; `why_not` leaves it to another clerk."""

    approve: ApproveForm
    refuse: ReturnForm
    why_not: str
    head_can_correct: bool


def decision_on(
    nomination: Nomination, *, by: User, access: Access, today: date
) -> Decision | None:
    """The decision offered to the asker; `None` when there is none for them to take."""
    if not access.keeps_leaders or nomination.status != NominationStatus.SUBMITTED:
        return None
    return Decision(
        approve=ApproveForm(None, nomination, first_start(nomination, today)),
        refuse=ReturnForm(None, nomination),
        why_not=why_not_decide(nomination, by=by, access=access),
        head_can_correct=open_to_head(nomination.cohort, nomination.department_id, today),
    )
