"""期: the five two-year terms."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYearField


class CohortManager(models.Manager["Cohort"]):
    """Cohorts, found by their number in fixtures."""

    def get_by_natural_key(self, number: int) -> "Cohort":
        """The cohort with this number."""
        return self.get(number=number)

    def running_on(self, on: date) -> "Cohort | None":
        """The cohort whose two years include the day."""
        return next((cohort for cohort in self.all() if cohort.runs_on(on)), None)


class Cohort(models.Model):
    """期: one of the five two-year terms."""

    number = models.PositiveSmallIntegerField("期", unique=True)
    first_year = FiscalYearField("開始年度")
    last_year = FiscalYearField("終了年度")
    seats = models.PositiveSmallIntegerField("予定人数")
    nominations_open_on = models.DateField("推薦の受付開始日", null=True, blank=True)
    nominations_close_on = models.DateField("推薦の締切日", null=True, blank=True)
    instruction = models.TextField(
        "部署長への案内",
        max_length=2000,
        blank=True,
        help_text="推薦の画面と推薦の依頼に載ります。",
    )
    nominations_closed_at = models.DateTimeField("推薦の締切処理日時", null=True, blank=True)
    closed_at = models.DateTimeField("期の終了処理日時", null=True, blank=True)

    objects = CohortManager()

    class Meta:
        verbose_name = "期"
        verbose_name_plural = "期"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="leaders_cohort_years_in_order",
                condition=Q(last_year__gte=F("first_year")),
                violation_error_message="終了年度は開始年度以後にしてください。",
            ),
            models.CheckConstraint(
                name="leaders_cohort_round_in_order",
                condition=Q(nominations_open_on__isnull=True, nominations_close_on__isnull=True)
                | Q(
                    nominations_open_on__isnull=False,
                    nominations_close_on__isnull=False,
                    nominations_close_on__gte=F("nominations_open_on"),
                ),
                violation_error_message="締切日は受付開始日以後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}期"

    def get_absolute_url(self) -> str:
        """The cohort's page."""
        return reverse("leaders:cohort_detail", args=[self.number])

    def natural_key(self) -> tuple[int]:
        """The number."""
        return (self.number,)

    @property
    def starts_on(self) -> date:
        """First day of the two years."""
        day: date = self.first_year.first_day
        return day

    @property
    def ends_on(self) -> date:
        """Last day of the two years."""
        day: date = self.last_year.last_day
        return day

    def runs_on(self, on: date) -> bool:
        """Whether the day lies in the two years."""
        return self.starts_on <= on <= self.ends_on

    def was_round_day(self, day: date) -> bool:
        """Whether the day lies in the round's days, closed since or not."""
        return (
            self.nominations_open_on is not None
            and self.nominations_close_on is not None
            and self.nominations_open_on <= day <= self.nominations_close_on
        )

    def takes_nominations(self, on: date) -> bool:
        """Whether the round is open on the day: within its days, and not closed by HR before."""
        return self.nominations_closed_at is None and self.was_round_day(on)

    def is_over(self, on: date) -> bool:
        """Whether its time is over, by the calendar or because HR has closed it."""
        return self.closed_at is not None or self.ends_on < on

    def is_asking(self, on: date) -> bool:
        """Whether heads can be asked to nominate: the round is open, or its days are to come."""
        return (
            self.nominations_closed_at is None
            and not self.is_over(on)
            and self.nominations_close_on is not None
            and on <= self.nominations_close_on
        )
