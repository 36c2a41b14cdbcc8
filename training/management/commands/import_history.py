"""Training history from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from agano_dx.lib.commandline import DataCommand
from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import about_file
from agano_dx.lib.workbooks.reading import read_workbook
from training.imports.reading import read_history
from training.imports.writing import ImportOutcome, import_attendance


class Command(DataCommand):
    """`import_history FILE`: completions from before the system; makes courses and offerings."""

    help = "受講履歴を取り込みます。同じファイルを2回取り込んでも増えません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="何も書き込みません。")

    def handle(self, **options: Any) -> None:
        """Read, write or refuse, tell."""
        data = self.file(options["file"])
        outcome = ImportOutcome(Path(options["file"]).name)
        try:
            rows = read_history(read_workbook(data, outcome.file_name), outcome.found)
            import_attendance(rows=rows, outcome=outcome, by=None, dry_run=options["dry_run"])
        except DomainError as error:
            outcome.found.errors.append(about_file(str(error)))
        self.report_import(
            options, imported=outcome.imported, applied=outcome.applied, found=outcome.found
        )
