"""What our management commands share: days as in the sheets, files, output for machines."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agano_dx.lib.issues import Findings
from agano_dx.lib.japanese import read_date

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

    def report_import(
        self, options: dict[str, Any], *, imported: int, applied: bool, found: Findings
    ) -> None:
        """Tell what an import did; end with the exit code of a refusal when anything is wrong."""
        payload = {
            "file": Path(options["file"]).name,
            "applied": applied,
            "imported": imported,
            **found.as_json(),
        }
        lines = [f"{imported}行を取り込みました。" if applied else f"{imported}行が対象です。"]
        self.emit(payload, lines + self.issue_lines(found), options)
        if found.errors:
            self.refuse()

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
