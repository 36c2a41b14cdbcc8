"""An account for somebody of the staff."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agano_dx.lib.commandline import USAGE
from staff.access import GROUPS
from staff.models import StaffMember
from staff.services.accounts import first_password, open_account


class Command(BaseCommand):
    """`open_account NUMBER [--group admin]`: the first administrator of a new installation.

    Prints a fresh random password once; the person must change it after signing in.
    """

    help = "職員の利用者を作り、初期パスワードを表示します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="職員番号")
        parser.add_argument("--group", action="append", choices=sorted(GROUPS), default=[])

    def handle(self, **options: Any) -> None:
        """Open it, or set it to these roles and a new password."""
        member = StaffMember.objects.filter(number=options["number"]).first()
        if member is None:
            raise CommandError(
                f"職員番号{options['number']}の職員はいません。先に名簿を取り込んでください。",
                returncode=USAGE,
            )
        password = first_password()
        open_account(
            member=member,
            groups=tuple(options["group"]),
            password=password,
            must_change_password=True,
        )
        self.stdout.write(f"職員番号 {member.number}  初期パスワード {password}")
