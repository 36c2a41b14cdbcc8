"""From what a row writes to the department or rank it means, asking the choices first."""

from dataclasses import dataclass, field

from agano_dx.lib.japanese import label_key
from staff.models import Department, Rank
from staff.roster.choices import MasterChoice, RosterChoices
from staff.roster.lookup import Masters
from staff.roster.missing import MissingMasters
from staff.roster.sheetnames import looks_like_unit, unit_name, unit_names
from staff.roster.unknown import DEPARTMENT, RANK, Spot, UnknownMaster, Unknowns, department_key


class SkippedRowError(Exception):
    """Somebody decided that rows with this department or rank are not read."""

    def __init__(self, unknown: UnknownMaster, reason: str) -> None:
        super().__init__(reason)
        self.unknown, self.reason = unknown, reason


@dataclass
class Resolver:
    """Finds what is written and notes what nobody knows. One for a whole book."""

    masters: Masters
    missing: MissingMasters
    choices: RosterChoices
    unknown: Unknowns = field(default_factory=Unknowns)

    def chosen_department(
        self, code: str, written: str, spot: Spot, parent: Department | None = None
    ) -> Department | None:
        """What somebody said stands for this spelling; SkippedRowError if they said "nothing"."""
        if not self.choices.departments:
            return None
        asked = _unknown_department(code, written, parent)
        choice = self.choices.departments.get(asked.key)
        if choice is None:
            return None
        found = self.masters.by_code.get(choice.known or choice.made.get("code", ""))
        self._note_answer(asked, choice, spot, is_known=found is not None)
        return found

    def missing_department(
        self, code: str, written: str, spot: Spot, parent: Department | None = None
    ) -> Department | None:
        """A department made for this spelling; `None`, and noted, if none is to be made."""
        made = self.missing.department(code, written, parent)
        if made is None:
            self.note_department(code, written, spot, parent)
        return made

    def note_department(
        self, code: str, written: str, spot: Spot, parent: Department | None = None
    ) -> None:
        """Note a spelling that fits no department, or several."""
        self.unknown.add(_unknown_department(code, written, parent), spot)

    def rank(self, written: str, spot: Spot) -> Rank | None:
        """The rank written so; `None`, and noted, if there is none and none is to be made."""
        asked = UnknownMaster(RANK, label_key(written), written)
        choice = self.choices.ranks.get(asked.key)
        if choice is not None:
            name = label_key(choice.known or choice.made.get("name", ""))
            found = self.masters.rank_by_label.get(name)
            self._note_answer(asked, choice, spot, is_known=found is not None)
            if found is not None:
                return found
        rank = self.masters.rank(written) or self.missing.rank(written)
        if rank is None:
            self.unknown.add(asked, spot)
        return rank

    def sheet_department(self, sheet: str) -> Department | None:
        """The department whose people stand on a sheet of this name."""
        name = unit_name(sheet)
        chosen = self.chosen_department("", name, (sheet, None))
        if chosen is not None:
            return chosen
        known = (self.masters.department(each) for each in unit_names(sheet))
        found = next((unit for unit in known if unit is not None), None)
        if found is None and looks_like_unit(sheet):
            found = self.missing.department("", name)
        return found

    def _note_answer(
        self, asked: UnknownMaster, choice: MasterChoice, spot: Spot, *, is_known: bool
    ) -> None:
        if not (choice.skipped or is_known):
            return  # what was chosen is no longer there: ask again
        answered = UnknownMaster(
            asked.kind, asked.key, asked.written, asked.code, asked.parent, is_answered=True
        )
        self.unknown.add(answered, spot)
        if choice.skipped:
            raise SkippedRowError(answered, choice.skipped)


def _unknown_department(code: str, written: str, parent: Department | None) -> UnknownMaster:
    return UnknownMaster(
        DEPARTMENT,
        department_key(code, written, parent),
        f"{parent.name} {written}" if parent else written or code,
        code,
        parent.code if parent else "",
    )
