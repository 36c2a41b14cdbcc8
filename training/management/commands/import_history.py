"""Training history from a file."""

from typing import Any

from django.utils import timezone

from agano_dx.lib.commandline import ImportCommand
from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Book
from training.imports.history import read_history
from training.imports.writing import import_attendance


class Command(ImportCommand):
    """`import_history FILE`: completions from before the system; makes courses and offerings."""

    help = "受講履歴を取り込みます。同じファイルを2回取り込んでも増えません。"

    def write(self, book: Book, found: Findings, options: dict[str, Any]) -> int:
        """Add what is not there yet."""
        rows = read_history(book, found)
        return import_attendance(
            rows=rows,
            found=found,
            by=None,
            today=timezone.localdate(),
            dry_run=options["dry_run"],
        )
