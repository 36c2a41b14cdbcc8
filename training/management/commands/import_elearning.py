"""Completions from an e-learning system's log."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from agano_dx.lib.commandline import DataCommand
from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import about_file
from agano_dx.lib.workbooks.reading import read_workbook
from training.imports.reading import read_elearning
from training.imports.writing import ImportOutcome, import_attendance
from training.models import Category


class Command(DataCommand):
    """`import_elearning FILE`: one offering a course and fiscal year."""

    help = "eラーニングの受講ログを取り込みます。同じファイルを2回取り込んでも増えません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument(
            "--category",
            choices=Category.values,
            default=Category.ELEARNING,
            help="研修区分",
        )
        parser.add_argument("--dry-run", action="store_true", help="何も書き込みません。")

    def handle(self, **options: Any) -> None:
        """Read, write or refuse, tell."""
        data = self.file(options["file"])
        outcome = ImportOutcome(Path(options["file"]).name)
        try:
            rows = read_elearning(
                read_workbook(data, outcome.file_name), options["category"], outcome.found
            )
            import_attendance(rows=rows, outcome=outcome, by=None, dry_run=options["dry_run"])
        except DomainError as error:
            outcome.found.errors.append(about_file(str(error)))
        self.report_import(
            options, imported=outcome.imported, applied=outcome.applied, found=outcome.found
        )
