"""A roster from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from agano_dx.lib.commandline import DataCommand
from agano_dx.lib.errors import DomainError
from agano_dx.lib.issues import Findings, about_file
from agano_dx.lib.workbooks.reading import read_workbook
from staff.models import RosterKind
from staff.roster.lookup import Masters
from staff.roster.missing import CreatedMasters, MissingMasters
from staff.roster.plan import RosterPlan, plan_import
from staff.services.rosters import apply_import, store_preview

NOTHING = {
    "hired": [],
    "left": [],
    "moved": [],
    "rank_changed": [],
    "renamed": [],
    "duty_changed": [],
    "unchanged": 0,
}


class Command(DataCommand):
    """`import_roster FILE`: exit 0 applied or clean dry run, 1 refused, 2 usage."""

    help = "職員名簿（.xlsx .xlsm .csv）を取り込みます。誤りがあれば何も書き込みません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--effective-on", help="発令日（2026-04-01、R8.4.1）")
        parser.add_argument("--partial", action="store_true", help="載っている人だけを変えます。")
        parser.add_argument("--dry-run", action="store_true", help="何も書き込みません。")
        parser.add_argument(
            "--accept-leavers", action="store_true", help="名簿にいない人の退職を認めます。"
        )
        parser.add_argument(
            "--create-missing", action="store_true", help="知らない所属・職名を作ります。"
        )

    def handle(self, **options: Any) -> None:
        """Read, compare, write or refuse, tell."""
        data = self.file(options["file"])
        effective_on = self.day(options["effective_on"])
        found, plan, applied = Findings(), None, False
        try:
            masters = Masters.load(effective_on or timezone.localdate())
            missing = CreatedMasters if options["create_missing"] else MissingMasters
            plan = plan_import(
                read_workbook(data, Path(options["file"]).name),
                kind=RosterKind.PARTIAL if options["partial"] else RosterKind.FULL,
                effective_on=effective_on,
                today=timezone.localdate(),
                masters=masters,
                missing=missing(masters),
            )
            found = Findings(plan.warnings, plan.errors)
            if not plan.errors and not options["dry_run"]:
                self._apply(plan, leavers_accepted=options["accept_leavers"])
                applied = True
        except DomainError as error:
            found.errors.append(about_file(str(error)))
        self._report(plan, found, options, applied=applied)

    @transaction.atomic
    def _apply(self, plan: RosterPlan, *, leavers_accepted: bool) -> None:
        """Preview and confirmation in one transaction: a refusal leaves not even the preview."""
        apply_import(
            roster_import=store_preview(plan=plan, by=None),
            by=None,
            at=timezone.now(),
            leavers_accepted=leavers_accepted,
            created=plan.created,
        )

    def _report(
        self, plan: RosterPlan | None, found: Findings, options: dict[str, Any], *, applied: bool
    ) -> None:
        day = plan.effective_on if plan else None
        summary = plan.summary if plan else NOTHING
        payload = {
            "file": Path(options["file"]).name,
            "effective_on": day.isoformat() if day else None,
            "applied": applied,
            "rows": plan.rows if plan else 0,
            "summary": summary,
            **found.as_json(),
        }
        counts = [
            f"{kind} {len(value) if isinstance(value, list) else value}"
            for kind, value in summary.items()
        ]
        state = "反映しました。" if applied else "反映していません。"
        self.emit(payload, [state, *counts, *self.issue_lines(found)], options)
        if found.errors:
            self.refuse()
