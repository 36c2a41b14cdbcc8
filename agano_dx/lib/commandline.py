"""What our management commands share: days as in the sheets, files, output for machines."""

import json
import sys
from abc import abstractmethod
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, about_file
from agano_dx.lib.japanese import read_date
from agano_dx.lib.workbooks.reading import Book, read_workbook

REFUSED = 1
USAGE = 2


class DataCommand(BaseCommand):
    """A command whose answer is one JSON document, or a few lines for a person.

    JSON is given where it is asked for and wherever the output does not go to a terminal.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--format`."""
        parser.add_argument("--format", choices=["json", "text"], default=None)

    def emit(self, payload: Any, lines: list[str], options: dict[str, Any]) -> None:  # noqa: ANN401
        """Print the document, or the lines for a person."""
        chosen = options["format"] or ("text" if self.stdout.isatty() else "json")
        if chosen == "json":
            self.stdout.write(json.dumps(payload, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(lines))

    @staticmethod
    def issue_lines(found: Findings) -> list[str]:
        """Errors and warnings for a terminal."""
        return [
            *(f"誤り {issue.as_line()}" for issue in found.errors),
            *(f"確認 {issue.as_line()}" for issue in found.warnings),
        ]

    @staticmethod
    def day(text: str | None) -> date | None:
        """A day as typed on the command line: `2026-03-31`, `R8.3.31`. Usage error otherwise."""
        reading = read_date(text)
        if reading.error:
            raise CommandError(f"{text}: {reading.error}", returncode=USAGE)
        return reading.value

    @staticmethod
    def file(path: str) -> bytes:
        """The file's bytes. Usage error when it cannot be read."""
        try:
            return Path(path).read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: 読み込めません。", returncode=USAGE) from error

    @staticmethod
    def refuse() -> None:
        """End with the exit code of a refusal; the reasons have been printed."""
        sys.exit(REFUSED)


class ImportCommand(DataCommand):
    """A command that reads one file of rows and writes all of them or nothing.

    JSON: `{"file","applied","imported": n,"warnings","errors"}`; exit 0 written or clean dry run,
    1 refused, 2 usage.
    """

    takes_dry_run = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and `--dry-run`."""
        super().add_arguments(parser)
        parser.add_argument("file")
        if self.takes_dry_run:
            parser.add_argument("--dry-run", action="store_true", help="何も書き込みません。")

    @abstractmethod
    def write(self, book: Book, found: Findings, options: dict[str, Any]) -> int:
        """Write the rows unless something is wrong; the number of new rows, 0 where refused."""

    def handle(self, **options: Any) -> None:
        """Read, write or refuse, tell."""
        found, imported = Findings(), 0
        data, name = self.file(options["file"]), Path(options["file"]).name
        try:
            imported = self.write(read_workbook(data, name), found, options)
        except DomainError as error:
            found.errors.append(about_file(str(error)))
        applied = not found.errors and not options.get("dry_run")
        payload = {"file": name, "applied": applied, "imported": imported, **found.as_json()}
        done = f"{imported}行を取り込みました。" if applied else f"{imported}行が対象です。"
        self.emit(payload, [done, *self.issue_lines(found)], options)
        if found.errors:
            self.refuse()
