"""The plan: its rows over the years, its two-year outlines, what each year's review said."""

from django.db import models
from django.db.models import F, Q

from agano_dx.lib.fiscal import FiscalYearField
from training.models.courses import Category


class Audience(models.TextChoices):
    """Whom a programme row is for."""

    ALL = "all", "全職員"
    MISSED_AND_NEW = "missed_and_new", "未受講者と新採用職員"
    NEW_HIRES = "new_hires", "新採用職員"
    EXECUTIVES = "executives", "幹部職員"
    DIGITAL_OFFICE = "digital_office", "デジタル化推進室職員"
    LEADERS = "leaders", "デジタル化推進リーダー"


class Frequency(models.TextChoices):
    """How often a programme row is owed."""

    ONCE = "once", "期間中に1回"
    YEARLY = "yearly", "毎年度"


class ProgrammeManager(models.Manager["Programme"]):
    """Programme rows, found by their code in fixtures."""

    def get_by_natural_key(self, code: str) -> "Programme":
        """The row with this code."""
        return self.get(code=code)


class Programme(models.Model):
    """施策: one row of the plan's Gantt."""

    code = models.CharField("記号", max_length=20, unique=True)
    name = models.CharField("施策名", max_length=100)
    category = models.CharField("研修区分", max_length=20, choices=Category)
    audience = models.CharField("対象", max_length=20, choices=Audience)
    first_year = FiscalYearField("開始年度")
    last_year = FiscalYearField("終了年度")
    frequency = models.CharField("受講の頻度", max_length=10, choices=Frequency)
    order = models.PositiveIntegerField("並び順", default=0)

    objects = ProgrammeManager()

    class Meta:
        verbose_name = "施策"
        verbose_name_plural = "施策"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="training_programme_category_known", condition=Q(category__in=Category.values)
            ),
            models.CheckConstraint(
                name="training_programme_audience_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(
                name="training_programme_frequency_known",
                condition=Q(frequency__in=Frequency.values),
            ),
            models.CheckConstraint(
                name="training_programme_years_in_order",
                condition=Q(last_year__gte=F("first_year")),
                violation_error_message="終了年度は開始年度以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)


class PlanPeriodManager(models.Manager["PlanPeriod"]):
    """Outlines, found by their first year in fixtures."""

    def get_by_natural_key(self, year: int) -> "PlanPeriod":
        """The outline that begins with this year."""
        return self.get(first_year=int(year))


class PlanPeriod(models.Model):
    """The two-year outline of the training; what each year's review said stands beside it."""

    first_year = FiscalYearField("開始年度", unique=True)
    last_year = FiscalYearField("終了年度")
    outline = models.TextField("概要", blank=True)

    objects = PlanPeriodManager()

    class Meta:
        verbose_name = "2か年の概要"
        verbose_name_plural = "2か年の概要"
        ordering = ["first_year"]
        constraints = [
            models.CheckConstraint(
                name="training_planperiod_years_in_order",
                condition=Q(last_year__gte=F("first_year")),
                violation_error_message="終了年度は開始年度以後にしてください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_year}"

    def natural_key(self) -> tuple[int]:
        """The first year."""
        return (self.first_year.year,)


class PlanReview(models.Model):
    """年度ごとの見直し: what a year's review of the outline said."""

    fiscal_year = FiscalYearField("年度", unique=True)
    text = models.TextField("見直しの内容", blank=True)

    class Meta:
        verbose_name = "年度ごとの見直し"
        verbose_name_plural = "年度ごとの見直し"
        ordering = ["fiscal_year"]

    def __str__(self) -> str:
        return f"{self.fiscal_year}"
