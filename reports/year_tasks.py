"""What there is to do about years that are over."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from reports.models import Snapshot
from reports.task import Task
from training.plan_board import PLAN_FIRST, PLAN_LAST


def years_to_freeze(today: date) -> Iterator[Task]:
    """The plan's years that are over and whose figures are not final, the earliest named."""
    frozen = set(Snapshot.objects.values_list("fiscal_year", flat=True))
    waiting = [
        year
        for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
        if year.last_day < today and year not in frozen
    ]
    if waiting:
        first = waiting[0]
        more = f"ほかに{len(waiting) - 1}年度あります。" if len(waiting) > 1 else ""
        yield Task(
            "information",
            f"{first.long_label}の数値を確定してください",
            f"年度末の数値・集計ルール・対象者を、そのまま残します。{more}",
            reverse("reports:snapshot_new", args=[first.year]),
            "数値を確定する",
        )
