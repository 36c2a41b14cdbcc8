"""What a book looks like before it is read: its sheets, their headings, and what is not clear."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from openpyxl.utils import get_column_letter

from agano_dx.lib.issues import without_my_number
from agano_dx.lib.workbooks.headings import Columns, HeadingLabel, Table, likeliest_table
from agano_dx.lib.workbooks.reading import Book, Sheet
from staff.roster.choices import RosterChoices
from staff.roster.fields import FIELD_LABELS, KEY_FIELDS, REQUIRED, ROSTER_HEADINGS
from staff.roster.sheetnames import is_example

SAMPLES = 3
LONGEST_SAMPLE = 30
_LEAST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class SurveyColumn:
    """A heading. `field`: what its column holds, "" for not used, `None` for not known.

    `key` is by what `RosterChoices.columns` names it. `is_remembered`: it was said of an earlier
    file.
    """

    key: str
    letter: str
    written: str
    field: str | None
    samples: tuple[str, ...]
    is_remembered: bool

    @property
    def label(self) -> str:
        """The field in words."""
        return FIELD_LABELS.get(self.field or "", "")

    @property
    def is_unknown(self) -> bool:
        """Whether nobody has said what the column holds."""
        return self.field is None


@dataclass(frozen=True, slots=True)
class SurveySheet:
    """A sheet. `problem`: why it holds no roster as it stands; `is_table`: it might be one."""

    name: str
    rows: int
    is_table: bool
    is_example: bool
    is_chosen: bool
    layout: str
    columns: tuple[SurveyColumn, ...]
    problem: str
    title_date: date | None

    @property
    def is_roster(self) -> bool:
        """Whether it can be read as it stands."""
        return self.is_table and not self.problem

    @property
    def unknown(self) -> tuple[SurveyColumn, ...]:
        """The headings nobody knows."""
        return tuple(column for column in self.columns if column.is_unknown)

    @property
    def is_remembered(self) -> bool:
        """Whether its columns are read as an earlier file of the same layout."""
        return any(column.is_remembered for column in self.columns)


@dataclass(frozen=True, slots=True)
class Survey:
    """A book's sheets. `were_chosen`: somebody said which of them to read."""

    sheets: tuple[SurveySheet, ...]
    were_chosen: bool

    @property
    def chosen(self) -> tuple[SurveySheet, ...]:
        """The sheets that will be read."""
        return tuple(sheet for sheet in self.sheets if sheet.is_chosen)

    @property
    def needs_asking(self) -> bool:
        """Whether somebody has to say which sheets to read or what their columns hold."""
        if not any(sheet.is_table for sheet in self.sheets):
            return False  # there is nothing to choose from: reading it refuses the file
        return (
            not self.chosen
            or any(sheet.problem or sheet.unknown for sheet in self.chosen)
            or (len(self.chosen) > 1 and not self.were_chosen)
        )

    @property
    def title_date(self) -> date | None:
        """The day on which the list stands, if the chosen sheets name exactly one."""
        days = {sheet.title_date for sheet in self.chosen if sheet.title_date}
        return days.pop() if len(days) == 1 else None


def survey(
    book: Book,
    choices: RosterChoices = RosterChoices(),  # noqa: B008 - frozen, and nothing was chosen
    remembered: Columns | None = None,
) -> Survey:
    """Look at every sheet; `remembered` (`remembered_columns`) helps where nothing is chosen."""
    remembered = remembered or {}
    known = choices.with_remembered(remembered)
    tables = {sheet.name: _table(sheet, known) for sheet in book.sheets}
    chosen = _chosen(tables, choices)
    sheets = tuple(
        _surveyed(sheet, tables[sheet.name], chosen, set(remembered) - set(choices.columns))
        for sheet in book.sheets
    )
    return Survey(sheets, were_chosen=choices.sheets is not None)


def _table(sheet: Sheet, choices: RosterChoices) -> Table | None:
    """What looks like a list: a heading over two columns and more, and something below it."""
    table = likeliest_table(sheet, ROSTER_HEADINGS, REQUIRED, KEY_FIELDS, choices.columns)
    if table is None or (table.problem and len(table.labels) < _LEAST_COLUMNS):
        return None
    return table if table.records or not table.problem else None


def _chosen(tables: Mapping[str, Table | None], choices: RosterChoices) -> set[str]:
    """Those somebody chose, else all rosters that are no example, else the longest list."""
    if choices.sheets is not None:
        return set(choices.sheets) & set(tables)
    lists = {name: table for name, table in tables.items() if table and not is_example(name)}
    rosters = {name for name, table in lists.items() if not table.problem}
    longest = max(lists, key=lambda name: len(lists[name].records), default=None)
    return rosters or ({longest} if longest is not None else set())


def _surveyed(
    sheet: Sheet, table: Table | None, chosen: set[str], remembered: set[str]
) -> SurveySheet:
    labels = table.labels if table else ()
    return SurveySheet(
        name=sheet.name,
        rows=len(table.records) if table else sum(not row.is_blank for row in sheet.rows),
        is_table=table is not None,
        is_example=is_example(sheet.name),
        is_chosen=sheet.name in chosen,
        layout=table.layout if table else "",
        columns=tuple(_column(label, table, remembered) for label in labels if table),
        problem=str(table.problem) if table and table.problem else "",
        title_date=table.title_date if table else None,
    )


def _column(label: HeadingLabel, table: Table, remembered: set[str]) -> SurveyColumn:
    column = label.cell.column
    texts = (
        cell.text.strip()
        for record in table.records
        if (cell := record.row.cell(column)) is not None and not cell.is_blank
    )
    return SurveyColumn(
        key=label.key,
        letter=get_column_letter(column),
        written=" ".join(label.text.split()),
        field=_field(label),
        samples=tuple(
            without_my_number(text)[:LONGEST_SAMPLE]
            for text in islice(dict.fromkeys(islice(texts, 50)), SAMPLES)
        ),
        is_remembered=label.is_chosen and table.layout in remembered,
    )


def _field(label: HeadingLabel) -> str | None:
    """The field; what the dictionary knows and nobody uses is "not used"."""
    if label.field is None or label.field in FIELD_LABELS:
        return label.field
    return ""
