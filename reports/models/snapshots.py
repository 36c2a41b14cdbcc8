"""Figures as they stood at a year's end."""

import hashlib
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear, FiscalYearField
from training.plan_board import PLAN_FIRST, PLAN_LAST


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Questions about frozen years."""

    def years_to_freeze(self, today: date) -> list[FiscalYear]:
        """The plan's years that are over and have no 確定値, the earliest first."""
        frozen = set(self.values_list("fiscal_year", flat=True))
        return [
            year
            for year in FiscalYear.range(PLAN_FIRST, PLAN_LAST)
            if year.last_day < today and year not in frozen
        ]


class Snapshot(models.Model):
    """確定値: figures, rule and members as they stood when a year was frozen.

    Written once: the database itself refuses to change it (and PostgreSQL to delete it). `digest`
    tells whether it still is what was written, should somebody have got round that.
    """

    fiscal_year = FiscalYearField("年度", unique=True)
    as_of = models.DateField("基準日")
    frozen_at = models.DateTimeField("確定日時", auto_now_add=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="snapshots",
        verbose_name="確定者",
    )
    figures = models.JSONField("数値")
    rule = models.JSONField("集計ルール")
    members = models.JSONField("対象者")
    digest = models.CharField("照合値", max_length=64, editable=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "確定値"
        verbose_name_plural = "確定値"
        ordering = ["-fiscal_year"]

    def __str__(self) -> str:
        return f"{self.fiscal_year}の確定値"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:snapshot_detail", args=[self.fiscal_year.year])

    @property
    def is_as_written(self) -> bool:
        """Whether figures, rule and members are still those of the day of freezing."""
        return self.digest == digest_of(self.figures, self.rule, self.members)


def digest_of(figures: Any, rule: Any, members: Any) -> str:  # noqa: ANN401 - JSON
    """SHA-256 over the three as canonical JSON: the same whatever the database does to order."""
    text = json.dumps(
        [figures, rule, members], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
