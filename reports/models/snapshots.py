"""Figures as they stood at a year's end."""

from django.conf import settings
from django.db import models

from agano_dx.lib.fiscal import FiscalYearField


class Snapshot(models.Model):
    """確定値: figures, rule and members as they stood when a year was frozen."""

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

    class Meta:
        verbose_name = "確定値"
        verbose_name_plural = "確定値"
        ordering = ["-fiscal_year"]

    def __str__(self) -> str:
        return f"{self.fiscal_year}"
