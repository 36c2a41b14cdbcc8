"""活動: what a leader does in their term, with whom, and what it is good for."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from leaders.models.terms import LeaderTerm
from staff.models import StaffMember

if TYPE_CHECKING:
    from staff.access import Access


class ActivityStatus(models.TextChoices):
    """How far an activity has come."""

    PLANNED = "planned", "計画中"
    RUNNING = "running", "実施中"
    DONE = "done", "完了"
    STOPPED = "stopped", "中止"


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Questions about activities."""

    def visible_to(self, access: "Access") -> Self:
        """One's own and those one takes part in; of the departments headed; all for HR."""
        if access.sees_everyone:
            return self
        taking_part = Activity.participants.through.objects.filter(staffmember=access.staff_id)
        return self.filter(
            Q(term__staff=access.staff_id)
            | Q(term__department__in=access.headed)
            | Q(pk__in=taking_part.values("activity"))
        )


class Activity(models.Model):
    """What a leader does in their term: theme, problem, plan, effect.

    Hours are hours of work a year, of the whole department: before the activity and after it.
    """

    term = models.ForeignKey(
        LeaderTerm, on_delete=models.PROTECT, related_name="activities", verbose_name="任期"
    )
    theme = models.CharField("テーマ", max_length=100)
    problem = models.TextField("課題", max_length=2000, blank=True)
    plan = models.TextField("計画", max_length=2000, blank=True)
    tools = models.CharField("使うツール", max_length=200, blank=True)
    hours_before = models.DecimalField(
        "取組前の作業時間（年間）", max_digits=8, decimal_places=1, null=True, blank=True
    )
    hours_after = models.DecimalField(
        "取組後の作業時間（年間）", max_digits=8, decimal_places=1, null=True, blank=True
    )
    effect = models.TextField("効果（時間のほか）", max_length=2000, blank=True)
    status = models.CharField(
        "状態", max_length=10, choices=ActivityStatus, default=ActivityStatus.PLANNED
    )
    # Fellow leaders of other departments; whoever else helps stands in words.
    participants = models.ManyToManyField(
        StaffMember, blank=True, related_name="joint_activities", verbose_name="一緒に取り組む人"
    )
    partners = models.CharField("協力する部署・人", max_length=200, blank=True)
    # Counted up by every change, so that nobody overwrites what they have not seen.
    version = models.PositiveIntegerField("版", default=1)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "活動"
        verbose_name_plural = "活動"
        ordering = ["term", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_activity_status_known",
                condition=Q(status__in=ActivityStatus.values),
                violation_error_message="状態を選び直してください。",
            ),
            models.CheckConstraint(
                name="leaders_activity_hours_not_negative",
                condition=(Q(hours_before__isnull=True) | Q(hours_before__gte=0))
                & (Q(hours_after__isnull=True) | Q(hours_after__gte=0)),
                violation_error_message="作業時間は0以上の数にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.theme

    def get_absolute_url(self) -> str:
        """The activity's page."""
        return reverse("leaders:activity_detail", args=[self.pk])

    @property
    def saved_hours(self) -> Decimal | None:
        """Hours a year saved (negative: more work); `None` until both sides are known."""
        if self.hours_before is None or self.hours_after is None:
            return None
        return self.hours_before - self.hours_after


class ActivityStep(models.Model):
    """取組の手順: one step of the plan, with the day it is due and the day it was done."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="steps", verbose_name="活動"
    )
    due_on = models.DateField("予定日")
    text = models.CharField("内容", max_length=200)
    done_on = models.DateField("実施日", null=True, blank=True)

    class Meta:
        verbose_name = "取組の手順"
        verbose_name_plural = "取組の手順"
        ordering = ["activity", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_activitystep_text_filled",
                condition=~Q(text=""),
                violation_error_message="手順の内容を入力してください。",
            )
        ]

    def __str__(self) -> str:
        return self.text


class CommentAuthor(models.TextChoices):
    """As what somebody wrote a comment: readers who may not know the name are told this."""

    LEADER = "leader", "推進リーダー"
    HEAD = "head", "部署長"
    HR = "hr", "人事担当"


class ActivityComment(models.Model):
    """What the head, HR or the leader says about an activity."""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="comments", verbose_name="活動"
    )
    text = models.TextField("コメント", max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="activity_comments",
        verbose_name="書いた人",
    )
    written_as = models.CharField("立場", max_length=10, choices=CommentAuthor)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "活動へのコメント"
        verbose_name_plural = "活動へのコメント"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_activitycomment_text_filled",
                condition=~Q(text=""),
                violation_error_message="コメントを入力してください。",
            ),
            models.CheckConstraint(
                name="leaders_activitycomment_author_known",
                condition=Q(written_as__in=CommentAuthor.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
