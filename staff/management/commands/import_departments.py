"""Departments from CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from agano_dx.lib.commandline import DataCommand
from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, about_file
from agano_dx.lib.workbooks.reading import read_workbook
from staff.roster.masters import import_departments


class Command(DataCommand):
    """`import_departments FILE.csv`: add or correct departments, by code."""

    help = "所属のCSVを取り込みます（code,name,kind,parent,leader_required,digital_office）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")

    def handle(self, **options: Any) -> None:
        """Read, write or refuse, tell."""
        found = Findings()
        imported = 0
        data = self.file(options["file"])
        try:
            imported = import_departments(read_workbook(data, Path(options["file"]).name), found)
        except DomainError as error:
            found.errors.append(about_file(str(error)))
        self.report_import(options, imported=imported, applied=not found.errors, found=found)
