"""Ranks from CSV."""

from typing import Any

from agano_dx.lib.commandline import ImportCommand
from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Book
from staff.roster.masters import import_ranks


class Command(ImportCommand):
    """`import_ranks FILE.csv`: add or correct ranks, by name."""

    help = "職名のCSVを取り込みます（name,band,executive,leader_eligible,heads_department）。"
    takes_dry_run = False

    def write(self, book: Book, found: Findings, options: dict[str, Any]) -> int:
        """Add or correct them."""
        del options
        return import_ranks(book, found)
