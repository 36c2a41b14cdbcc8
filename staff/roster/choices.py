"""How a file is to be read and understood where somebody had to be asked; kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from agano_dx.lib.workbooks.headings import Columns


@dataclass(frozen=True, slots=True)
class MasterChoice:
    """What stands for a department or rank that the city does not know.

    Exactly one is set: `known` (the code of a department, the name of a rank), `made` (the fields
    of a new one) or `skipped` (why the rows that name it are left out). `remembered`: whether
    the spelling is kept as an alias of `known`.
    """

    known: str = ""
    made: Mapping[str, str] = field(default_factory=dict)
    skipped: str = ""
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class RosterChoices:
    """All choices about one file.

    `sheets`: the names of those to read, `None` for all that hold a roster. `columns`: layout →
    key of the heading → field, "" for a column that is not used. `departments`, `ranks`: key of
    the `UnknownMaster` → choice. `same_people`: new staff number → the number the person had
    before.
    """

    sheets: tuple[str, ...] | None = None
    columns: Columns = field(default_factory=dict)
    departments: Mapping[str, MasterChoice] = field(default_factory=dict)
    ranks: Mapping[str, MasterChoice] = field(default_factory=dict)
    same_people: Mapping[str, str] = field(default_factory=dict)

    def with_remembered(self, columns: Columns) -> "RosterChoices":
        """These choices, with what was said of other files where this one was not asked about."""
        return replace(self, columns={**columns, **self.columns})

    def as_json(self) -> dict[str, Any]:
        """For `RosterImport.choices`."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "RosterChoices":
        """What `as_json` gave; an empty mapping is no choice at all."""
        sheets = stored.get("sheets")
        return cls(
            sheets=None if sheets is None else tuple(sheets),
            columns=stored.get("columns", {}),
            departments=_masters(stored.get("departments", {})),
            ranks=_masters(stored.get("ranks", {})),
            same_people=stored.get("same_people", {}),
        )


def _masters(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, MasterChoice]:
    return {key: MasterChoice(**choice) for key, choice in stored.items()}
