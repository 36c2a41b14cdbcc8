"""Deciding on the changes of a roster's preview."""

from datetime import date
from typing import Any

from django import forms

from agano_dx.lib.formfields import DayField
from agano_dx.lib.japanese import read_name
from staff.models import (
    ChangeKind,
    Decision,
    Duty,
    Employment,
    Rank,
    RosterChange,
    RosterImport,
)
from staff.organisation import DepartmentTree

_DAYS = {"hired_on": "採用日", "left_on": "最後の在職日", "ends_on": "終了日"}
_TEXTS = {"name": "氏名", "name_kana": "カナ", "team": "係", "email": "メールアドレス"}
# What these changes do cannot be otherwise; they are made or left out.
_FIXED = (ChangeKind.RETURNED, ChangeKind.RENUMBERED)


class DecisionForm(forms.Form):
    """The changes that are decided together: those ticked, or all that are open."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False)
    decision = forms.ChoiceField(
        choices=[(each.value, each.label) for each in Decision if each != Decision.OPEN]
    )
    all_open = forms.BooleanField(required=False)

    def __init__(self, *args: Any, roster_import: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roster_import = roster_import
        known = roster_import.changes.values_list("pk", flat=True)
        self.fields["chosen"].choices = [(pk, pk) for pk in known]  # type: ignore[attr-defined]

    def clean_decision(self) -> Decision:
        """The decision itself."""
        return Decision(self.cleaned_data["decision"])

    def clean(self) -> dict[str, Any]:
        """Something must have been chosen."""
        cleaned = super().clean() or {}
        if cleaned.get("all_open"):
            waiting = self.roster_import.changes.undecided()
            cleaned["chosen"] = list(waiting.values_list("pk", flat=True))
        if not cleaned.get("chosen"):
            raise forms.ValidationError("変更を選んでください。")
        return cleaned


class CorrectionForm(forms.Form):
    """What a change shall do instead of what the file says: a field for each of its facts."""

    def __init__(self, *args: Any, change: RosterChange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.change = change
        if change.kind in _FIXED:
            return
        for name, value in change.after.items():
            field = _field(name, change)
            if field is not None:
                field.initial = date.fromisoformat(value) if name in _DAYS and value else value
                self.fields[name] = field

    def cleaned_after(self) -> dict[str, Any]:
        """The facts as changes hold them."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
        }

    def clean_name(self) -> str:
        """A name as it is kept: one wide space between its parts."""
        reading = read_name(self.cleaned_data["name"])
        if reading.error or not reading.value:
            raise forms.ValidationError(reading.error or "氏名を入力してください。")
        return reading.value


def _field(name: str, change: RosterChange) -> forms.Field | None:
    if name in _DAYS:
        return DayField(label=_DAYS[name])
    if name in _TEXTS:
        return forms.CharField(
            label=_TEXTS[name], max_length=60 if name == "team" else 100, required=name == "name"
        )
    choices = _choices(name, change)
    return forms.ChoiceField(label=choices[0], choices=choices[1]) if choices else None


def _choices(name: str, change: RosterChange) -> tuple[str, list[tuple[str, str]]] | None:
    if name == "department":
        return "所属", _departments(change)
    if name == "rank":
        return "職名", [(rank.name, rank.name) for rank in Rank.objects.all()]
    if name == "duty":
        return "在職区分", [(duty.value, duty.label) for duty in Duty]
    if name == "employment":
        return "任用形態", [(each.value, each.label) for each in Employment]
    return None


def _departments(change: RosterChange) -> list[tuple[str, str]]:
    tree = DepartmentTree.load(change.starts_on)
    return [(unit.code, tree.path(unit.pk)) for unit in tree.in_order]
