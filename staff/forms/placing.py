"""Who goes to which part of a unit that is split."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from agano_dx.lib.japanese import label_key
from staff.models import Assignment
from staff.reorganisation import Affected, DepartmentFacts

SHOWN = "placing"  # posted with the choices, so that a form without them is a first proposal
_ENDS = "部課局室所園係班"


class PlacingForm(forms.Form):
    """A part for each team (係), and another one for each person who does not go with the team."""

    def __init__(
        self, data: Mapping[str, Any], *, people: Affected, parts: Sequence[DepartmentFacts]
    ) -> None:
        super().__init__(data if SHOWN in data else None)
        self.people = people
        self.teams = list(dict.fromkeys(place.team for place in people.places))
        choices = [(str(index), part.name) for index, part in enumerate(parts)]
        for index, team in enumerate(self.teams):
            self.fields[f"team_{index}"] = forms.ChoiceField(
                label=f"{team or '係のない職員'}の行き先",
                choices=choices,
                initial=str(proposed(team, parts)),
            )
        for place in people.places:
            self.fields[f"person_{place.staff_id}"] = forms.ChoiceField(
                label=f"{place.staff.name}の行き先",
                choices=[("", "係と同じ"), *choices],
                required=False,
            )
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    @property
    def team_rows(self) -> list[tuple[str, int, BoundField]]:
        """Each team with its people and its choice."""
        return [
            (team, sum(place.team == team for place in self.people.places), self[f"team_{index}"])
            for index, team in enumerate(self.teams)
        ]

    @property
    def person_rows(self) -> list[tuple[Assignment, BoundField]]:
        """Each person with their choice."""
        return [(place, self[f"person_{place.staff_id}"]) for place in self.people.places]

    def part_of(self) -> dict[int, int]:
        """Staff id → part, as chosen; as proposed where nothing has been asked yet."""
        chosen = self.cleaned_data if self.is_bound else self.initial_choices
        by_team = {team: chosen[f"team_{index}"] for index, team in enumerate(self.teams)}
        return {
            place.staff_id: int(chosen[f"person_{place.staff_id}"] or by_team[place.team])
            for place in self.people.places
        }

    @property
    def initial_choices(self) -> dict[str, str]:
        """The proposal."""
        return {name: field.initial or "" for name, field in self.fields.items()}


def proposed(team: str, parts: Sequence[DepartmentFacts]) -> int:
    """The part whose name the team's resembles (収納係 → 収納課), else the first, the heir."""
    stem = label_key(team).rstrip(_ENDS)
    for index, part in enumerate(parts):
        own = label_key(part.name).rstrip(_ENDS)
        if stem and own and (own in stem or stem in own):
            return index
    return 0
