"""The report of any day as a workbook."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from agano_dx.lib.commandline import REFUSED, USAGE, DataCommand
from reports.paper.making import made_paper
from reports.paper.workbook import report_workbook


class Command(DataCommand):
    """`export_report FILE.xlsx [--as-of DATE]`: the whole city, without names.

    JSON: `{"file","as_of","sheets": [titles]}`. A file that is there already stays as it is.
    """

    help = "進捗報告書をExcelに書き出します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the day."""
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--as-of", help="基準日（2026-03-31、R8.3.31）。省くと今日です。")

    def handle(self, **options: Any) -> None:
        """Write it and tell."""
        target = Path(options["file"])
        if target.suffix.lower() != ".xlsx":
            raise CommandError(
                f"{target.name}: ファイル名は .xlsx で終わるようにしてください。", returncode=USAGE
            )
        today = timezone.localdate()
        as_of = self.day(options["as_of"]) or today
        paper = made_paper(as_of, None, today)
        _write_new(target, report_workbook(paper))
        document = {
            "file": target.name,
            "as_of": as_of.isoformat(),
            "sheets": [table.title for table in paper.tables],
        }
        lines = [f"基準日 {as_of.isoformat()}", f"{target.name}に書き出しました。"]
        self.emit(document, lines, options)


def _write_new(target: Path, data: bytes) -> None:
    """Make the file; one that is there already is somebody's and stays."""
    try:
        with target.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise CommandError(
            f"{target.name}: 同じ名前のファイルがあります。別の名前を指定してください。",
            returncode=REFUSED,
        ) from error
    except OSError as error:
        raise CommandError(
            f"{target}: 書き込めません。場所を確かめてください。", returncode=USAGE
        ) from error
