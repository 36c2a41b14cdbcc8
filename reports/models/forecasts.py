"""What the city expects of the years to come."""

from datetime import date

from django.db import models
from django.db.models import Q

from agano_dx.lib.fiscal import era_date


class ForecastSettingManager(models.Manager["ForecastSetting"]):
    """Settings of the forecast, by the day they come into force."""

    def in_force(self, on: date) -> "ForecastSetting | None":
        """The setting in force on the day; none where none is set."""
        return self.filter(in_force_from__lte=on).order_by("-in_force_from").first()


class ForecastSetting(models.Model):
    """見込みの設定: in force from a day until the next one, so that a past day keeps its own."""

    in_force_from = models.DateField("適用開始日", unique=True)
    expected_hires = models.PositiveSmallIntegerField(
        "1年の採用見込み（人）", help_text="毎年4月1日に加わるとみる人数です。"
    )
    expected_leavers = models.PositiveSmallIntegerField(
        "1年の退職見込み（人）",
        null=True,
        blank=True,
        help_text="毎年3月31日に退職するとみる人数です。空欄のときは過去3年の平均を使います。",
    )
    note = models.CharField("根拠", max_length=200, blank=True)

    objects = ForecastSettingManager()

    class Meta:
        verbose_name = "見込みの設定"
        verbose_name_plural = "見込みの設定"
        ordering = ["-in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="reports_forecastsetting_within_reason",
                condition=Q(expected_hires__lte=1000)
                & (Q(expected_leavers__isnull=True) | Q(expected_leavers__lte=1000)),
                violation_error_message="採用と退職の見込みは1000人までの数を入力してください。",
            )
        ]

    def __str__(self) -> str:
        return f"{era_date(self.in_force_from)}からの見込みの設定"
