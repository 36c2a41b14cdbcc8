"""Reminders by e-mail, once a day."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import timezone

from agano_dx.lib.commandline import DataCommand
from training.models import Reminder
from training.reminders import due, goes_by_mail, pace_here
from training.services.reminders import Sent, send


class Command(DataCommand):
    """`send_reminders [--dry-run] [--as-of DATE]`: safe to run twice, and twice at once.

    JSON: `{"as_of","dry_run","email","sent":[numbers],"failed":[…],"waiting":[…],"on_paper":[…],
    "unclear":n}`; exit 1 where a letter failed or the mail server was not reached.
    """

    help = "研修の前と欠席の後のお知らせをメールで送ります。2回動かしても二重には送りません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="何も送りません。")
        parser.add_argument("--as-of", help="基準日。省くと今日です。")

    def handle(self, **options: Any) -> None:
        """Find, send, tell."""
        as_of = self.day(options["as_of"]) or timezone.localdate()
        letters = due(as_of, pace_here())
        if options["dry_run"]:
            done = Sent()
            for letter in letters:
                kept = done.sent if goes_by_mail(letter) else done.on_paper
                kept.append(letter.attendance.staff.number)
        else:
            done = send(letters=letters, by=None, at=timezone.now())
        unclear = Reminder.objects.unclear().count()
        payload = {
            "as_of": as_of.isoformat(),
            "dry_run": options["dry_run"],
            "email": settings.SENDS_EMAIL,
            "sent": done.sent,
            "failed": done.failed,
            "waiting": done.waiting,
            "on_paper": done.on_paper,
            "unclear": unclear,
        }
        self.emit(payload, _lines(done, unclear, options), options)
        if done.failed or done.waiting:
            self.refuse()


def _lines(done: Sent, unclear: int, options: dict[str, Any]) -> list[str]:
    sent = (
        f"{len(done.sent)}人に送ります。"
        if options["dry_run"]
        else f"{len(done.sent)}人に送りました。"
    )
    lines = [
        (done.failed, "{}人には送れませんでした。お知らせの画面の「要確認」を見てください。"),
        (done.waiting, "メールサーバーにつながらないため、{}人分は次に動かしたときに送ります。"),
        (done.on_paper, "{}人分は、お知らせの画面から印刷して渡してください。"),
    ]
    found = [sent, *(words.format(len(people)) for people, words in lines if people)]
    return [*found, f"要確認が{unclear}件あります。"] if unclear else found
