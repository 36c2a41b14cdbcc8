"""任期: who leads a department's digital work, and what they do in it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from leaders.models.cohorts import Cohort
from staff.models import Department, StaffMember


class EndReason(models.TextChoices):
    """Why a term ended."""

    COMPLETED = "completed", "任期満了"
    RETIRED = "retired", "退職"
    MOVED = "moved", "異動"
    PROMOTED = "promoted", "昇任"
    DECLINED = "declined", "辞退"
    OTHER = "other", "その他"


class LeaderTermQuerySet(models.QuerySet["LeaderTerm"]):
    """Questions about terms."""

    def sitting(self, on: date) -> Self:
        """Terms active on the day, of people in service that day, within the cohort's two years."""
        cohorts = [cohort.pk for cohort in Cohort.objects.all() if cohort.runs_on(on)]
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=on),
            cohort__in=cohorts,
            starts_on__lte=on,
        )

    def completed(self, on: date) -> Self:
        """Terms ended on or before the day and marked 修了."""
        return self.filter(ends_on__lte=on, completed=True)


class LeaderTerm(models.Model):
    """任命: a person leads a department's digital work from a day on."""

    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="terms", verbose_name="期"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="leader_terms", verbose_name="職員"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="leader_terms", verbose_name="部署"
    )
    starts_on = models.DateField("就任日")
    ends_on = models.DateField("退任日", null=True, blank=True)
    end_reason = models.CharField("退任理由", max_length=20, choices=EndReason, blank=True)
    completed = models.BooleanField("修了", default=False)

    objects = LeaderTermQuerySet.as_manager()

    class Meta:
        verbose_name = "任期"
        verbose_name_plural = "任期"
        ordering = ["cohort", "department__order", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="leaders_leaderterm_once_per_day",
                fields=["cohort", "staff", "starts_on"],
                violation_error_message="この職員の任期は登録済みです。",
            ),
            models.UniqueConstraint(
                name="leaders_leaderterm_one_open_per_person",
                fields=["cohort", "staff"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="この職員はこの期のリーダーとして活動中です。",
            ),
            models.CheckConstraint(
                name="leaders_leaderterm_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="退任日は就任日以後の日にしてください。",
            ),
            models.CheckConstraint(
                name="leaders_leaderterm_completed_has_end",
                condition=Q(completed=False) | Q(ends_on__isnull=False),
                violation_error_message="修了にするには退任日が必要です。",
            ),
            models.CheckConstraint(
                name="leaders_leaderterm_end_reason_known",
                condition=Q(end_reason__in=["", *EndReason.values]),
                violation_error_message="退任理由を選び直してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class ActivityStatus(models.TextChoices):
    """How far an activity has come."""

    PLANNED = "planned", "計画中"
    RUNNING = "running", "実施中"
    DONE = "done", "完了"
    STOPPED = "stopped", "中止"


class Activity(models.Model):
    """What a leader does in their term: theme, problem, plan, effect."""

    term = models.ForeignKey(
        LeaderTerm, on_delete=models.PROTECT, related_name="activities", verbose_name="任期"
    )
    theme = models.CharField("テーマ", max_length=100)
    problem = models.TextField("課題", blank=True)
    plan = models.TextField("計画", blank=True)
    effect_hours = models.DecimalField(
        "効果（年間の削減時間）", max_digits=8, decimal_places=1, null=True, blank=True
    )
    status = models.CharField(
        "状態", max_length=10, choices=ActivityStatus, default=ActivityStatus.PLANNED
    )

    class Meta:
        verbose_name = "活動"
        verbose_name_plural = "活動"
        ordering = ["term", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_activity_status_known",
                condition=Q(status__in=ActivityStatus.values),
                violation_error_message="状態を選び直してください。",
            )
        ]

    def __str__(self) -> str:
        return self.theme
