"""Marks from a sign-in sheet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from agano_dx.lib.commandline import USAGE, ImportCommand
from agano_dx.lib.issues import Findings
from agano_dx.lib.workbooks.reading import Book
from training.imports.plan import TRIANGLE_MEANINGS, Outcome, with_triangle
from training.imports.sheets import read_sheet
from training.imports.writing import import_sheet
from training.models import Offering


class Command(ImportCommand):
    """`import_attendance FILE --offering ID`: the marks of a sign-in sheet, all of them or none."""

    help = "出席簿を取り込みます。同じファイルを2回取り込んでも増えません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--offering", type=int, required=True, help="開催回の番号")
        parser.add_argument(
            "--triangle", choices=TRIANGLE_MEANINGS, default="", help="△の読み方（遅刻か早退）"
        )
        parser.add_argument(
            "--walk-ins", action="store_true", help="受講者でない人も、当日参加として加えます。"
        )

    def write(self, book: Book, found: Findings, options: dict[str, Any]) -> int:
        """Mark whoever the sheet names."""
        offering = Offering.objects.filter(pk=options["offering"]).first()
        if offering is None:
            raise CommandError(f"開催回{options['offering']}はありません。", returncode=USAGE)
        return import_sheet(
            offering=offering,
            rows=with_triangle(read_sheet(book, found), options["triangle"]),
            found=found,
            ticked=(Outcome.WALK_IN,) if options["walk_ins"] else (),
            today=timezone.localdate(),
            dry_run=options["dry_run"],
        )
