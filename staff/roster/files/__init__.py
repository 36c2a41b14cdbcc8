"""Files that leave the roster import: the blank template, the current roster, the marked upload."""

from staff.roster.files.annotated import annotated_copy
from staff.roster.files.current import (
    CurrentRoster,
    csv_of,
    current_roster,
    roster_csv,
    roster_workbook,
    workbook_of,
)
from staff.roster.files.template import roster_template

__all__ = [
    "CurrentRoster",
    "annotated_copy",
    "csv_of",
    "current_roster",
    "roster_csv",
    "roster_template",
    "roster_workbook",
    "workbook_of",
]
