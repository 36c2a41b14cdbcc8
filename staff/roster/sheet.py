"""From a workbook to the rows of a roster, with every doubt pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, Issue
from agano_dx.lib.workbooks.headings import HeadingError, Table, find_table
from agano_dx.lib.workbooks.reading import Book, Sheet
from staff.models import Department
from staff.roster.choices import RosterChoices
from staff.roster.fields import KEY_FIELDS, PLACE_FIELDS, REQUIRED, ROSTER_HEADINGS
from staff.roster.lookup import Masters
from staff.roster.missing import CreatedMasters, MissingMasters, made_masters
from staff.roster.place import SheetHome
from staff.roster.posts import ConcurrentRow, RosterRow, merged
from staff.roster.resolve import Resolver, SkippedRowError
from staff.roster.row import RowReader, SkippedRow
from staff.roster.sheetnames import is_example, looks_like_unit, unit_name
from staff.roster.unknown import UnknownMaster

_NO_SHEET = "シートがありません。職員名簿のファイルを選んでください。"
_ONLY_EXAMPLES = (
    "記入例や凡例のシートだけで、職員名簿のシートがありません。職員名簿のファイルを選んでください。"
)


@dataclass
class RosterSheet:
    """Everything the file says, and what is wrong with it.

    `unknown`: departments and ranks nobody knows, with those that a choice already answers;
    `open_unknown` are the others. `skipped_numbers`: people named by rows that are not read.
    `made`: what the choices say is to be made, not yet saved.
    """

    rows: list[RosterRow] = field(default_factory=list)
    found: Findings = field(default_factory=Findings)
    title_dates: set[date] = field(default_factory=set)
    skipped: dict[str, int] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)
    unknown: list[UnknownMaster] = field(default_factory=list)
    skipped_numbers: set[str] = field(default_factory=set)
    made: CreatedMasters | None = None

    @property
    def open_unknown(self) -> list[UnknownMaster]:
        """What somebody still has to be asked about."""
        return [unknown for unknown in self.unknown if not unknown.is_answered]


def sheets_to_read(book: Book, choices: RosterChoices) -> list[Sheet]:
    """The chosen sheets; without a choice all but examples."""
    if choices.sheets is None:
        return [sheet for sheet in book.sheets if not is_example(sheet.name)]
    return [sheet for sheet in book.sheets if sheet.name in choices.sheets]


def read_roster(
    book: Book,
    masters: Masters,
    missing: MissingMasters,
    choices: RosterChoices = RosterChoices(),  # noqa: B008 - frozen, and nothing was chosen
) -> RosterSheet:
    """Read the chosen sheets, else every sheet that holds a roster and is no example."""
    made = made_masters(masters, choices)
    reader = _BookReader(Resolver(masters, missing, choices), RosterSheet(made=made))
    reader.read(_tables(book, choices))
    return reader.result


def _tables(book: Book, choices: RosterChoices) -> list[Table]:
    """The lists; of sheets nobody chose those without one are left out."""
    tables: list[Table] = []
    refusal: HeadingError | None = None
    for sheet in sheets_to_read(book, choices):
        try:
            tables.append(find_table(sheet, ROSTER_HEADINGS, REQUIRED, KEY_FIELDS, choices.columns))
        except HeadingError as error:
            if error.code != "no_heading" or choices.sheets is not None:
                raise
            refusal = refusal or error
    if not tables:
        raise refusal or DomainError(_ONLY_EXAMPLES if book.sheets else _NO_SHEET)
    return tables


class _BookReader:
    """Reads the lists of a book one after the other."""

    def __init__(self, resolver: Resolver, result: RosterSheet) -> None:
        self.resolver, self.result = resolver, result
        self.concurrent: list[ConcurrentRow] = []
        self.skips: dict[str, tuple[SkippedRowError, Issue, int]] = {}

    def read(self, tables: Sequence[Table]) -> None:
        """Read all of them; the result holds what they say together."""
        homes = self._homes(tables)
        for table in tables:
            self._read_table(table, homes.get(table.sheet, SheetHome()))
        result = self.result
        result.rows = merged(result.rows, self.concurrent, result.found)
        _refuse_repeated_numbers(result)
        self._tell_skipped()
        result.unknown = self.resolver.unknown.with_suggestions(self.resolver.masters)

    # --- one sheet for each department --------------------------------------------------------

    def _homes(self, tables: Sequence[Table]) -> dict[str, SheetHome]:
        """What the names of the sheets say of people for whom no column tells the place."""
        placeless = [table for table in tables if not PLACE_FIELDS & set(table.columns)]
        homes = {table.sheet: self._home(table.sheet) for table in placeless}
        by_sheets = any(home.department for home in homes.values())
        for table in placeless:
            home = homes[table.sheet]
            unknown = home.department is None and home.skipped is None
            if unknown and table.records and (by_sheets or looks_like_unit(table.sheet)):
                homes[table.sheet] = self._unknown_home(table.sheet)
        return homes

    def _home(self, sheet: str) -> SheetHome:
        try:
            department: Department | None = self.resolver.sheet_department(sheet)
        except SkippedRowError as skip:
            return SheetHome(skipped=skip)
        return SheetHome(department)

    def _unknown_home(self, sheet: str) -> SheetHome:
        name = unit_name(sheet)
        self.resolver.note_department("", name, (sheet, None))
        self.result.found.errors.append(
            Issue(
                sheet,
                None,
                "",
                name,
                f"シートの名前の所属「{name}」は登録されていません。"
                "シートの名前を直すか、先に所属を登録してください。",
            )
        )
        return SheetHome(is_unknown=True)

    # --- rows -----------------------------------------------------------------------------------

    def _read_table(self, table: Table, home: SheetHome) -> None:
        result = self.result
        result.columns |= set(table.columns)
        if table.title_date:
            result.title_dates.add(table.title_date)
        for reason in ("totals", "notes", "blanks", "hidden"):
            count = getattr(table.skipped, reason)
            result.skipped[reason] = result.skipped.get(reason, 0) + count
        if table.unknown:
            headings, number = "、".join(table.unknown), table.heading_rows[-1]
            result.found.warnings.append(
                Issue(table.sheet, number, "", headings, "この見出しの列は使いません。")
            )
        for record in table.records:
            row = RowReader(table, record, self.resolver, result.found, home).read()
            if isinstance(row, SkippedRow):
                self._skip(row, table.sheet, record.number)
            elif isinstance(row, ConcurrentRow):
                self.concurrent.append(row)
            elif row is not None:
                result.rows.append(row)

    def _skip(self, row: SkippedRow, sheet: str, number: int) -> None:
        self.result.skipped_numbers.add(row.number)
        asked = row.skip.unknown
        first = Issue(sheet, number, "", asked.written, "")
        _, issue, count = self.skips.get(f"{asked.kind} {asked.key}", (row.skip, first, 0))
        self.skips[f"{asked.kind} {asked.key}"] = (row.skip, issue, count + 1)

    def _tell_skipped(self) -> None:
        """One warning for each department or rank of which no row is read."""
        for skip, first, count in self.skips.values():
            self.result.found.warnings.append(
                Issue(
                    first.sheet,
                    first.row,
                    "",
                    first.value,
                    f"「{skip.unknown.written}」の行（{count}行）は取り込みません"
                    f"（理由：{skip.reason}）。",
                )
            )


def _refuse_repeated_numbers(result: RosterSheet) -> None:
    """One number on two rows is an error on the second, pointing at the first, which stays."""
    seen: dict[tuple[str, bool], RosterRow] = {}
    for row in result.rows:
        first = seen.setdefault((row.number, row.leaves), row)
        if first is not row:
            sheet = "" if first.sheet == row.sheet else f"シート「{first.sheet}」の"
            result.found.errors.append(
                Issue(
                    row.sheet,
                    row.row,
                    "",
                    row.number,
                    f"職員番号が{sheet}{first.row}行目と重なっています。"
                    "どちらかの行を直してください。",
                )
            )
    result.rows = list(seen.values())
