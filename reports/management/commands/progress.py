"""The plan's figures of any day."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from agano_dx.lib.commandline import DataCommand
from reports.documents import progress_document
from reports.progress import progress
from training.models import CountingRule


class Command(DataCommand):
    """`progress [--as-of DATE]`: every figure, for the whole city."""

    help = "計画の進み具合を表示します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as-of", help="基準日（2026-03-31、R8.3.31）。省くと今日です。")

    def handle(self, **options: Any) -> None:
        """Count and tell."""
        as_of = self.day(options["as_of"]) or timezone.localdate()
        figures = progress(as_of, CountingRule.objects.in_force(as_of), scope=None)
        document = progress_document(figures)
        lines = [
            f"基準日 {document['as_of']}",
            f"デジタル活用職員 {document['share']}",
            *(
                f"{target['fiscal_year']} 目標 {target['fraction']} 必要{target['needed']}人 "
                f"{target['status']}"
                for target in document["targets"]
            ),
            f"活動中のリーダー {document['leaders']['sitting']}人",
        ]
        self.emit(document, lines, options)
