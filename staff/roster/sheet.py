"""From a workbook to the rows of a roster, with every doubt pointed at."""

from dataclasses import dataclass, field
from datetime import date

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, Issue
from agano_dx.lib.workbooks.headings import HeadingError, Table, find_table
from agano_dx.lib.workbooks.reading import Book
from staff.roster.fields import KEY_FIELDS, REQUIRED, ROSTER_HEADINGS
from staff.roster.lookup import Masters
from staff.roster.missing import MissingMasters
from staff.roster.row import RosterRow, RowReader


@dataclass
class RosterSheet:
    """Everything the file says, and what is wrong with it."""

    rows: list[RosterRow] = field(default_factory=list)
    found: Findings = field(default_factory=Findings)
    title_dates: set[date] = field(default_factory=set)
    skipped: dict[str, int] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)


def read_roster(book: Book, masters: Masters, missing: MissingMasters) -> RosterSheet:
    """Read every sheet that holds a table; sheets without one (凡例, 記入例) are left out."""
    result = RosterSheet()
    refusal: HeadingError | None = None
    for sheet in book.sheets:
        try:
            table = find_table(sheet, ROSTER_HEADINGS, REQUIRED, key_fields=KEY_FIELDS)
        except HeadingError as error:
            if error.code != "no_heading":
                raise
            refusal = refusal or error
            continue
        _read_table(table, masters, missing, result)
    if not result.columns:
        raise refusal or DomainError("シートがありません。職員名簿のファイルを選んでください。")
    _refuse_repeated_numbers(result)
    return result


def _read_table(
    table: Table, masters: Masters, missing: MissingMasters, result: RosterSheet
) -> None:
    result.columns |= set(table.columns)
    if table.title_date:
        result.title_dates.add(table.title_date)
    for reason in ("totals", "notes", "blanks", "hidden"):
        count = getattr(table.skipped, reason)
        result.skipped[reason] = result.skipped.get(reason, 0) + count
    if table.unknown:
        headings = "、".join(table.unknown)
        result.found.warnings.append(
            Issue(table.sheet, table.heading_rows[-1], "", headings, "この見出しの列は使いません。")
        )
    for record in table.records:
        row = RowReader(table, record, masters, missing, result.found).read()
        if row is not None:
            result.rows.append(row)


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
