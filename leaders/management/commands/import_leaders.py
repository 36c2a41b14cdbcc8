"""Leaders of a cohort from a workbook."""

from typing import Any

from django.utils import timezone

from agano_dx.lib.commandline import ImportCommand
from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Book
from leaders.imports import import_leaders, read_leaders


class Command(ImportCommand):
    """`import_leaders FILE`: terms from before the system."""

    help = "リーダー名簿を取り込みます。同じファイルを2回取り込んでも増えません。"

    def write(self, book: Book, found: Findings, options: dict[str, Any]) -> int:
        """Add what is not there yet."""
        terms = read_leaders(book, found, on=timezone.localdate())
        return import_leaders(terms=terms, found=found, by=None, dry_run=options["dry_run"])
