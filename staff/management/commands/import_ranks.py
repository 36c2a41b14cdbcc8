"""Ranks from CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from agano_dx.lib.commandline import DataCommand
from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, about_file
from agano_dx.lib.workbooks.reading import read_workbook
from staff.roster.masters import import_ranks


class Command(DataCommand):
    """`import_ranks FILE.csv`: add or correct ranks, by name."""

    help = "職名のCSVを取り込みます（name,band,executive,leader_eligible,heads_department）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")

    def handle(self, **options: Any) -> None:
        """Read, write or refuse, tell."""
        found = Findings()
        imported = 0
        data = self.file(options["file"])
        try:
            imported = import_ranks(read_workbook(data, Path(options["file"]).name), found)
        except DomainError as error:
            found.errors.append(about_file(str(error)))
        self.report_import(options, imported=imported, applied=not found.errors, found=found)
