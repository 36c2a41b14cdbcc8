"""What there is to do about years that are over."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from reports.models import Snapshot
from reports.task import Task


def years_to_freeze(today: date) -> Iterator[Task]:
    """The plan's years that are over and whose figures are not final, the earliest named."""
    waiting = Snapshot.objects.years_to_freeze(today)
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
