"""The unit a row stands in: by code, name, path, levels, or the name of its sheet."""

from dataclasses import dataclass

from agano_dx.lib.japanese import without_concurrent_mark
from staff.models import Department
from staff.roster.cells import CellReader
from staff.roster.fields import PLACE_FIELDS
from staff.roster.resolve import Resolver, SkippedRowError

LONGEST_TEAM = 60


@dataclass(frozen=True, slots=True)
class SheetHome:
    """What a sheet's name says of the people on it, where no column does."""

    department: Department | None = None
    is_unknown: bool = False
    skipped: SkippedRowError | None = None


class PlaceReader:
    """Reads the unit and the team of one record."""

    def __init__(self, cells: CellReader, resolver: Resolver, home: SheetHome) -> None:
        self.cells, self.resolver, self.home = cells, resolver, home
        self.masters = resolver.masters

    def read(self) -> tuple[Department | None, str | None]:
        """The unit, and the team where the last column names none of our units."""
        if not PLACE_FIELDS & set(self.cells.columns):
            department = self._by_sheet()
        else:
            code, name = self.cells.text("department_code"), self._unmarked("department")
            department = self._coded(code, name) if code or name else self._by_levels()
        team = self._unmarked("team")
        unit = self.masters.unit_of(department, team) if team else None
        if unit is not None:
            return unit, None
        if len(team) > LONGEST_TEAM:
            self.cells.error(
                "team", f"係の名前が長すぎます。{LONGEST_TEAM}文字以内にしてください。"
            )
        return department, team or None

    def _unmarked(self, name: str) -> str:
        return without_concurrent_mark(self.cells.text(name))

    def _by_sheet(self) -> Department | None:
        """One sheet for each department."""
        if self.home.skipped is not None:
            raise self.home.skipped
        return self.home.department

    def _coded(self, code: str, name: str) -> Department | None:
        spot = self.cells.spot
        chosen = self.resolver.chosen_department(code, name, spot)
        if chosen is not None:
            return chosen
        found = self.masters.coded(code) if code else self.masters.department(name)
        if found is None and not code and len(self.masters.find(name)) > 1:
            self.resolver.note_department(code, name, spot)
            self.cells.error(
                "department",
                f"所属「{name}」は2つ以上あります。所属コードの列を加えるか、上の所属から書いてください。",
            )
            return None
        if found is None:
            found = self.resolver.missing_department(code, name, spot)
            if found is None:
                self._unknown("department_code" if code else "department", code or name)
        elif code and name and not self.masters.is_called(found, name):
            self.cells.error(
                "department",
                f"所属コード{code}は「{found.name}」ですが、所属名が違います。どちらかを直してください。",
            )
        return found

    def _unknown(self, column: str, written: str) -> None:
        self.cells.error(
            column,
            f"所属「{written}」は登録されていません。所属を直すか、先に所属を登録してください。",
        )

    def _by_levels(self) -> Department | None:
        """部・課: the deepest level filled, each looked for under the one before."""
        found: Department | None = None
        for level in ("division", "section"):
            written = self._unmarked(level)
            if not written:
                continue
            spot = self.cells.spot
            unit = (
                self.resolver.chosen_department("", written, spot, found)
                or self.masters.unit_of(found, written)
                or self.resolver.missing_department("", written, spot, found)
            )
            if unit is None:
                self._unknown(level, written)
                return None
            found = unit
        return found
