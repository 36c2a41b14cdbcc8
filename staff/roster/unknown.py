"""Departments and ranks that a file names and the city does not know, collected to be asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from agano_dx.lib.japanese import label_key
from staff.models import Department
from staff.roster.lookup import Masters

DEPARTMENT: Final = "department"
RANK: Final = "rank"

_SHOWN_ROWS = 5
_SUGGESTIONS = 3
_LIKENESS = 0.5

# The sheet and the row; no row where the sheet's own name is what is not known.
Spot: TypeAlias = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class UnknownMaster:
    """A spelling the city does not know.

    `key` is by what `RosterChoices` answers it. `suggestions`: codes of departments or names of
    ranks, the likeliest first. `is_answered`: a choice says what stands for it.
    """

    kind: str
    key: str
    written: str
    code: str = ""
    parent: str = ""
    spots: tuple[Spot, ...] = ()
    count: int = 0
    suggestions: tuple[str, ...] = ()
    is_answered: bool = False

    def as_json(self) -> dict[str, Any]:
        """For `RosterImport.unknown`."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "UnknownMaster":
        """What `as_json` gave."""
        spots = tuple((sheet, row) for sheet, row in stored["spots"])
        return cls(**{**stored, "spots": spots, "suggestions": tuple(stored["suggestions"])})


@dataclass
class Unknowns:
    """Everything not known, in the order of its first appearance."""

    by_key: dict[tuple[str, str], UnknownMaster] = field(default_factory=dict)

    def add(self, unknown: UnknownMaster, spot: Spot) -> None:
        """Note one more row that names it."""
        known = self.by_key.setdefault((unknown.kind, unknown.key), unknown)
        spots = (*known.spots, spot)[:_SHOWN_ROWS]
        self.by_key[unknown.kind, unknown.key] = replace(known, spots=spots, count=known.count + 1)

    def with_suggestions(self, masters: Masters) -> list[UnknownMaster]:
        """All of them, each with the likeliest known ones."""
        return [
            replace(unknown, suggestions=_suggested(unknown, masters))
            for unknown in self.by_key.values()
        ]


def department_key(code: str, written: str, parent: Department | None) -> str:
    """By what a choice about a department is found again: its code, else its path as written."""
    return label_key(code or (parent.name if parent else "") + written)


def _suggested(unknown: UnknownMaster, masters: Masters) -> tuple[str, ...]:
    label = label_key(unknown.written)
    if unknown.kind == RANK:
        names = {key: [rank.name] for key, rank in masters.rank_by_label.items()}
    else:
        books = (masters.by_former, masters.by_alias, masters.by_label)
        names = {}
        for book in books:
            names |= {key: [unit.code for unit in units if unit.pk] for key, units in book.items()}
    alike = get_close_matches(label, names, n=3 * _SUGGESTIONS, cutoff=_LIKENESS)
    found = [name for key in alike for name in names[key]]
    return tuple(dict.fromkeys(found))[:_SUGGESTIONS]
