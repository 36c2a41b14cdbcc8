"""The plan's programme rows, courses, and the occasions on which they are held."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear, FiscalYearField


class Category(models.TextChoices):
    """研修区分."""

    MIND = "mind", "DXマインド"
    KNOWLEDGE = "knowledge", "知識"
    SKILL = "skill", "スキル"
    EXECUTIVE = "executive", "幹部"
    ELEARNING = "elearning", "eラーニング"
    OJT = "ojt", "OJT"
    LEADER_ACTIVITY = "leader_activity", "リーダー活動"


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


class Mode(models.TextChoices):
    """How an offering is held."""

    CLASSROOM = "classroom", "集合"
    ONLINE = "online", "オンライン"
    ON_DEMAND = "on_demand", "eラーニング"
    OJT = "ojt", "OJT"


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


class Course(models.Model):
    """研修: what is taught, over the years."""

    title = models.CharField("研修名", max_length=100)
    category = models.CharField(
        "研修区分",
        max_length=20,
        choices=Category,
        help_text="受講者がいる研修の区分は変えられません。",
    )
    provider = models.CharField("実施機関・講師", max_length=100, blank=True)
    hours = models.DecimalField("時間数", max_digits=5, decimal_places=1, null=True, blank=True)
    description = models.TextField("内容", blank=True)

    class Meta:
        verbose_name = "研修"
        verbose_name_plural = "研修"
        ordering = ["category", "title"]
        constraints = [
            models.UniqueConstraint(
                name="training_course_once_per_category",
                fields=["title", "category"],
                violation_error_message="同じ区分に同じ名前の研修が登録済みです。",
            ),
            models.CheckConstraint(
                name="training_course_category_known",
                condition=Q(category__in=Category.values),
                violation_error_message="研修区分を選び直してください。",
            ),
            models.CheckConstraint(
                name="training_course_hours_positive",
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                violation_error_message="時間数は0より大きい数にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfferingQuerySet(models.QuerySet["Offering"]):
    """Questions about offerings."""

    def in_year(self, year: FiscalYear) -> Self:
        """Offerings that begin in the fiscal year."""
        return self.filter(starts_on__range=(year.first_day, year.last_day))

    def awaiting_marks(self, on: date) -> Self:
        """Offerings that are over and still have people without a mark."""
        return self.filter(
            ends_on__lte=on, closed_at__isnull=True, attendances__status="booked"
        ).distinct()


class Offering(models.Model):
    """開催回: a course held on a day or over a period."""

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="offerings", verbose_name="研修"
    )
    starts_on = models.DateField("開催日")
    ends_on = models.DateField("終了日", help_text="1日で終わるときは開催日と同じ日にします。")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    venue = models.CharField("会場", max_length=100, blank=True)
    mode = models.CharField("実施方法", max_length=12, choices=Mode, default=Mode.CLASSROOM)
    capacity = models.PositiveIntegerField(
        "定員", null=True, blank=True, help_text="定めないときは空欄にします。"
    )
    instructor = models.CharField("講師", max_length=100, blank=True)
    closed_at = models.DateTimeField("締め日時", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = "開催回"
        verbose_name_plural = "開催回"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="training_offering_mode_known",
                condition=Q(mode__in=Mode.values),
                violation_error_message="実施方法を選び直してください。",
            ),
            models.CheckConstraint(
                name="training_offering_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="終了日は開催日以後の日にしてください。",
            ),
            models.CheckConstraint(
                name="training_offering_capacity_positive",
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                violation_error_message="定員は1以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"

    def get_absolute_url(self) -> str:
        """The offering's page."""
        return reverse("training:offering_detail", args=[self.pk])


class PlanPeriodManager(models.Manager["PlanPeriod"]):
    """Outlines, found by their first year in fixtures."""

    def get_by_natural_key(self, year: int) -> "PlanPeriod":
        """The outline that begins with this year."""
        return self.get(first_year=int(year))


class PlanPeriod(models.Model):
    """The two-year outline of the training and its yearly review."""

    first_year = FiscalYearField("開始年度", unique=True)
    last_year = FiscalYearField("終了年度")
    outline = models.TextField("概要", blank=True)
    review = models.TextField("年度ごとの見直し", blank=True)

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
