"""What to do with departments and ranks that a roster names and the city does not know."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agano_dx.lib.japanese import label_key
from staff.models import Band, Department, DepartmentKind, Rank
from staff.roster.choices import RosterChoices
from staff.roster.lookup import Masters

LONGEST_CODE, LONGEST_NAME, LONGEST_RANK = 20, 60, 40
TRUE = "1"


@dataclass
class MissingMasters:
    """Refuse them."""

    masters: Masters

    def department(
        self, code: str, name: str, parent: Department | None = None
    ) -> Department | None:
        """Nothing stands in for an unknown department."""
        del code, name, parent
        return None

    def rank(self, name: str) -> Rank | None:
        """Nothing stands in for an unknown rank."""
        del name
        return None


@dataclass
class CreatedMasters(MissingMasters):
    """Make them: plain ones, to be completed in the masters' page."""

    departments: list[Department] = field(default_factory=list)
    ranks: list[Rank] = field(default_factory=list)

    def department(
        self, code: str, name: str, parent: Department | None = None
    ) -> Department | None:
        """A section of this name, not yet saved; the one made for an earlier row, if any."""
        if not 0 < len(name) <= LONGEST_NAME or len(code) > LONGEST_CODE:
            return None
        for made in self.departments:
            if (label_key(made.name), made.parent) == (label_key(name), parent) and (
                not code or made.code == code
            ):
                return made
        made = Department(
            code=code or self._free_code(name),
            name=name,
            kind=DepartmentKind.SECTION,
            parent=parent,
        )
        self._add_department(made)
        return made

    def _add_department(self, made: Department) -> None:
        self.masters.add_department(made)
        self.departments.append(made)

    def _free_code(self, name: str) -> str:
        """The name as a code, with a number behind it where that code is taken."""
        code, count = name[:LONGEST_CODE], 1
        while code in self.masters.by_code:
            count += 1
            code = f"{name[:17]}-{count}"
        return code

    def rank(self, name: str) -> Rank | None:
        """A rank of this name in the lowest band without flags, not yet saved."""
        if len(name) > LONGEST_RANK:
            return None
        made = Rank(name=name, band=Band.STAFF)
        self._add_rank(made)
        return made

    def _add_rank(self, made: Rank) -> None:
        self.masters.rank_by_label[label_key(made.name)] = made
        self.ranks.append(made)

    def make_chosen(self, choices: RosterChoices) -> None:
        """Make, not yet saved, what somebody asked for; a parent goes before what is under it."""
        waiting = [choice.made for choice in choices.departments.values() if choice.made]
        codes = {made["code"] for made in waiting}
        while waiting:
            ready = [made for made in waiting if made.get("parent") not in codes] or waiting
            for made in ready:
                if made["code"] not in self.masters.by_code:
                    self._add_department(self._chosen_department(dict(made)))
            codes -= {made["code"] for made in ready}
            waiting = [made for made in waiting if made not in ready]
        for choice in choices.ranks.values():
            if choice.made and label_key(choice.made["name"]) not in self.masters.rank_by_label:
                self._add_rank(_chosen_rank(dict(choice.made), self.masters.ranks))

    def _chosen_department(self, made: dict[str, str]) -> Department:
        """Listed behind the units beside it."""
        parent = self.masters.by_code.get(made.get("parent", ""))
        beside = [
            unit.order
            for unit in self.masters.by_code.values()
            if unit == parent or self.masters.chain(unit)[1:2] == [parent]
        ]
        return Department(
            code=made["code"],
            name=made["name"],
            kind=made["kind"],
            parent=parent,
            order=max(beside, default=0) + 1,
        )


def _chosen_rank(made: dict[str, str], ranks: Iterable[Rank]) -> Rank:
    """Listed behind the ranks of its band."""
    beside = [rank.order for rank in ranks if rank.band == made["band"]]
    return Rank(
        name=made["name"],
        band=made["band"],
        is_executive=made.get("is_executive") == TRUE,
        is_leader_eligible=made.get("is_leader_eligible") == TRUE,
        heads_department=made.get("heads_department") == TRUE,
        order=int(made.get("order") or max(beside, default=0) + 1),
    )


def made_masters(masters: Masters, choices: RosterChoices) -> CreatedMasters:
    """What the choices say is to be made and is not there yet, not saved, findable in `masters`."""
    made = CreatedMasters(masters)
    made.make_chosen(choices)
    return made
