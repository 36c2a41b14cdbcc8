"""Who still has to attend a row of the plan."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from agano_dx.lib.commandline import USAGE, DataCommand
from agano_dx.lib.errors import DomainError
from training.models import CountingRule, Programme
from training.outstanding import REASONS, outstanding


class Command(DataCommand):
    """`outstanding --programme CODE [--as-of DATE]`: staff numbers with the reason.

    Includes those with 免除 (reason `excused`), who are shown apart; nobody on leave.
    """

    help = "施策の未受講者を表示します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--programme", required=True, help="施策の記号（MIND-ALL など）")
        parser.add_argument("--as-of", help="基準日。省くと今日です。")

    def handle(self, **options: Any) -> None:
        """Look and tell."""
        as_of = self.day(options["as_of"]) or timezone.localdate()
        programme = Programme.objects.filter(code=options["programme"]).first()
        if programme is None:
            codes = "、".join(Programme.objects.values_list("code", flat=True))
            raise CommandError(
                f"{options['programme']}という施策はありません。使えるもの: {codes}",
                returncode=USAGE,
            )
        try:
            people = outstanding(programme, as_of, CountingRule.objects.in_force(as_of), None)
        except DomainError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        self.emit(
            [{"number": person.number, "reason": person.reason} for person in people],
            [f"{person.number} {REASONS[person.reason]}" for person in people],
            options,
        )
