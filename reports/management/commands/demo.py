"""The sample city, with one account per role."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.demo import load_sample_city, open_demo_accounts
from staff.models import RosterImport, StaffMember


class Command(BaseCommand):
    """Load it once; open the accounts anew each time and print how to sign in."""

    help = "計画と見本の市を読み込み、役割ごとの利用者を1人ずつ作ります。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000/")
        parser.add_argument("--password", help="省くと、実行のたびに新しく作ります。")

    def handle(self, **options: Any) -> None:
        """Refuse a database that holds a real city."""
        sample = RosterImport.objects.filter(file_name="roster_2025-04-01.xlsx").exists()
        if StaffMember.objects.exists() and not sample:
            raise CommandError("職員が登録されています。見本の市は空のデータベースに読み込みます。")
        if not sample:
            load_sample_city(
                settings.SAMPLE_CITY_DIR, today=timezone.localdate(), at=timezone.now()
            )
        password = options["password"] or secrets.token_urlsafe(12)
        accounts = open_demo_accounts(today=timezone.localdate(), password=password)
        self.stdout.write(f"アドレス: {options['address']}")
        self.stdout.write(f"パスワード（全員共通）: {password}")
        for account in accounts:
            self.stdout.write(f"  職員番号 {account.number}  {account.role} {account.name}")
