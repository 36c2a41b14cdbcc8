"""Leaders of a cohort from a workbook."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from agano_dx.lib.commandline import DataCommand
from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, about_file
from agano_dx.lib.workbooks.reading import read_workbook
from leaders.imports import import_leaders, read_leaders


class Command(DataCommand):
    """`import_leaders FILE`: terms from before the system."""

    help = "リーダー名簿を取り込みます。同じファイルを2回取り込んでも増えません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="何も書き込みません。")

    def handle(self, **options: Any) -> None:
        """Read, write or refuse, tell."""
        data, found, imported = self.file(options["file"]), Findings(), 0
        try:
            terms = read_leaders(read_workbook(data, Path(options["file"]).name), found)
            imported = import_leaders(terms=terms, found=found, by=None, dry_run=options["dry_run"])
        except DomainError as error:
            found.errors.append(about_file(str(error)))
        applied = not found.errors and not options["dry_run"]
        self.report_import(options, imported=imported, applied=applied, found=found)
