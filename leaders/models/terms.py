"""任期: who leads a department's digital work, from when, until when, and how it ended."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from leaders.models.cohorts import Cohort
from leaders.models.nominations import Nomination
from staff.models import Department, StaffMember

if TYPE_CHECKING:
    from staff.access import Access


class EndReason(models.TextChoices):
    """Why a term ended."""

    COMPLETED = "completed", "任期満了"
    RETIRED = "retired", "退職"
    MOVED = "moved", "異動"
    PROMOTED = "promoted", "昇任"
    DECLINED = "declined", "辞退"
    OTHER = "other", "その他"


# 内示: that somebody is to leave, move or rise is told to nobody before its day.
SECRET_AHEAD = (EndReason.RETIRED, EndReason.MOVED, EndReason.PROMOTED)


class LeaderTermQuerySet(models.QuerySet["LeaderTerm"]):
    """Questions about terms."""

    def visible_to(self, access: "Access") -> Self:
        """Terms of the departments the asker heads, and their own; all for who sees everyone."""
        if access.sees_everyone:
            return self
        return self.filter(Q(department__in=access.headed) | Q(staff=access.staff_id))

    def sitting(self, on: date) -> Self:
        """Terms active on the day, of people in service that day, within the cohort's two years.

        `LeaderTerm.sits_on` asks the same of one row.
        """
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
    end_note = models.TextField("退任の事情", max_length=1000, blank=True)
    completed = models.BooleanField("修了", default=False)
    # Empty until HR has decided between 修了 and 未修了.
    decided_on = models.DateField("修了を判定した日", null=True, blank=True)
    decision_reason = models.TextField("判定の理由", max_length=1000, blank=True)
    nomination = models.OneToOneField(
        Nomination,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="term",
        verbose_name="もとの推薦",
    )

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
                name="leaders_leaderterm_decided_has_end",
                condition=Q(decided_on__isnull=True) | Q(ends_on__isnull=False),
                violation_error_message="修了を判定するには退任日が必要です。",
            ),
            models.CheckConstraint(
                name="leaders_leaderterm_end_reason_known",
                condition=Q(end_reason__in=["", *EndReason.values]),
                violation_error_message="退任理由を選び直してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"

    def get_absolute_url(self) -> str:
        """The term's page."""
        return reverse("leaders:term_detail", args=[self.pk])

    @property
    def is_decided(self) -> bool:
        """Whether HR has decided between 修了 and 未修了."""
        return self.completed or self.decided_on is not None

    def is_over(self, on: date) -> bool:
        """Whether the term has ended before the day."""
        return self.ends_on is not None and self.ends_on < on

    def sits_on(self, on: date) -> bool:
        """`LeaderTermQuerySet.sitting`, asked of this row; reads the cohort and the person."""
        return (
            self.cohort.runs_on(on)
            and self.starts_on <= on
            and not self.is_over(on)
            and (self.staff.left_on is None or self.staff.left_on >= on)
        )

    def end_known_on(self, day: date | None) -> date | None:
        """The last day, as far as somebody may know who sees nothing later than `day`.

        `None` stands for those who see what is to come.
        """
        if day is None or self.ends_on is None or self.ends_on <= day:
            return self.ends_on
        return None if self.end_reason in SECRET_AHEAD else self.ends_on

    def outcome(self, on: date) -> str:
        """修了, 未修了 or 未判定 of a term that is over on the day; reads the cohort."""
        if self.ends_on is not None and self.ends_on <= on:
            if self.completed:
                return "修了"
            if self.is_decided:
                return "未修了"
        return "未判定" if self.is_over(on) or self.cohort.ends_on < on else ""

    def standing(self, on: date) -> str:
        """就任前, 活動中, or the `outcome`: how the term stands on the day; reads the cohort."""
        return self.outcome(on) or ("就任前" if self.starts_on > on else "活動中")


class QuestionKind(models.TextChoices):
    """What makes HR decide whether a term goes on."""

    MOVED = "moved", "異動"
    ON_LEAVE = "on_leave", "休職等"


class Continuation(models.Model):
    """任期の継続: HR decided that a leader who moved or is away stays leader of the department.

    `department`: where the person stood when that was decided. Moving on asks again, and so does
    going a second time.
    """

    term = models.ForeignKey(
        LeaderTerm, on_delete=models.PROTECT, related_name="continuations", verbose_name="任期"
    )
    kind = models.CharField("事由", max_length=10, choices=QuestionKind)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="continuations",
        verbose_name="そのときの所属",
    )
    reason = models.TextField("続ける理由", max_length=1000)
    decided_on = models.DateField("決めた日")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="continuations",
        verbose_name="決めた人",
    )

    class Meta:
        verbose_name = "任期の継続"
        verbose_name_plural = "任期の継続"
        ordering = ["term", "decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="leaders_continuation_once",
                fields=["term", "kind", "department", "decided_on"],
                violation_error_message="この任期は、続けると決めてあります。",
            ),
            models.CheckConstraint(
                name="leaders_continuation_kind_known", condition=Q(kind__in=QuestionKind.values)
            ),
            models.CheckConstraint(
                name="leaders_continuation_reason_filled",
                condition=~Q(reason=""),
                violation_error_message="続ける理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decided_on}"
