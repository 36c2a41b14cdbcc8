"""What to do with departments and ranks that a roster names and the city does not know."""

from dataclasses import dataclass, field

from agano_dx.lib.japanese import label_key
from staff.models import Band, Department, DepartmentKind, Rank
from staff.roster.lookup import Masters

LONGEST_CODE, LONGEST_NAME, LONGEST_RANK = 20, 60, 40


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
        self.masters.add_department(made)
        self.departments.append(made)
        return made

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
        self.masters.rank_by_label[label_key(name)] = made
        self.ranks.append(made)
        return made
