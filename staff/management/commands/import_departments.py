"""Departments from CSV."""

from typing import Any

from agano_dx.lib.commandline import ImportCommand
from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Book
from staff.roster.masters import import_departments


class Command(ImportCommand):
    """`import_departments FILE.csv`: add or correct departments, by code."""

    help = "所属のCSVを取り込みます（code,name,kind,parent,leader_required,digital_office）。"
    takes_dry_run = False

    def write(self, book: Book, found: Findings, options: dict[str, Any]) -> int:
        """Add or correct them."""
        del options
        return import_departments(book, found)
