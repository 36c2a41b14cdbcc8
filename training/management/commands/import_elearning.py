"""Completions from an e-learning system's log."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from agano_dx.lib.commandline import ImportCommand
from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Book
from training.imports.elearning import LogOptions, read_elearning
from training.imports.writing import import_attendance
from training.models import Category


class Command(ImportCommand):
    """`import_elearning FILE`: one offering a course and fiscal year."""

    help = "eラーニングの受講ログを取り込みます。同じファイルを2回取り込んでも増えません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--category", choices=Category.values, default=Category.ELEARNING, help="研修区分"
        )

    def write(self, book: Book, found: Findings, options: dict[str, Any]) -> int:
        """Add what is not there yet."""
        rows = read_elearning(book, LogOptions(options["category"]), found)
        return import_attendance(
            rows=rows,
            found=found,
            by=None,
            today=timezone.localdate(),
            dry_run=options["dry_run"],
        )
