"""What follows a training: certificate, report to the head, survey."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYearField
from staff.models import StaffMember
from training.models.attendance import Attendance
from training.models.states import COMPLETING

if TYPE_CHECKING:
    from staff.access import Access


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Questions about certificates."""

    def visible_to(self, access: "Access") -> Self:
        """One's own; all for those who keep the training."""
        if access.keeps_training:
            return self
        return self.filter(attendance__staff=access.staff_id)

    def valid(self) -> Self:
        """Those whose completion still stands as the paper says; as `Certificate.is_valid`."""
        return self.filter(
            attendance__status__in=COMPLETING, attendance__completed_on=F("completed_on")
        )


class Certificate(models.Model):
    """修了証: issued once for a completion, with what stands on the paper.

    `is_valid` is what HR verifies: the completion it certifies still stands as it was. When the
    mark is corrected and the completion comes to another day, that is another certificate with a
    number of its own, and the first paper stays void.
    """

    attendance = models.ForeignKey(
        Attendance, on_delete=models.PROTECT, related_name="certificates", verbose_name="受講"
    )
    fiscal_year = FiscalYearField("発行年度")
    serial = models.PositiveIntegerField("連番")
    issued_on = models.DateField("発行日")
    staff_name = models.CharField("氏名", max_length=100)
    course_title = models.CharField("研修名", max_length=100)
    completed_on = models.DateField("修了日")
    hours = models.DecimalField("時間数", max_digits=5, decimal_places=1, null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "修了証"
        verbose_name_plural = "修了証"
        ordering = ["fiscal_year", "serial"]
        constraints = [
            models.UniqueConstraint(
                name="training_certificate_number_once", fields=["fiscal_year", "serial"]
            ),
            models.UniqueConstraint(
                name="training_certificate_once_per_completion",
                fields=["attendance", "completed_on"],
            ),
            models.CheckConstraint(
                name="training_certificate_serial_positive", condition=Q(serial__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The paper."""
        return reverse("training:certificate_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """The number on the paper: R8-0012."""
        return f"{self.fiscal_year.label}-{self.serial:04d}"

    @property
    def is_valid(self) -> bool:
        """Whether the completion still stands; reads the attendance."""
        return self.attendance.is_completion and self.attendance.completed_on == self.completed_on


class TrainingReportQuerySet(models.QuerySet["TrainingReport"]):
    """Questions about reports."""

    def visible_to(self, access: "Access", on: date) -> Self:
        """One's own, and those submitted by people whose name the asker may see on the day."""
        authors = StaffMember.objects.visible_to(access, on)
        return self.filter(
            Q(attendance__staff=access.staff_id)
            | Q(submitted_at__isnull=False, attendance__staff__in=authors)
        )


class TrainingReport(models.Model):
    """受講報告書: what one takes from a training, for the head of one's department."""

    attendance = models.OneToOneField(
        Attendance, on_delete=models.PROTECT, related_name="report", verbose_name="受講"
    )
    learned = models.TextField("学んだこと")
    use = models.TextField("仕事にどう生かすか")
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    read_at = models.DateTimeField("確認日時", null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="read_reports",
        verbose_name="確認者",
    )
    comment = models.CharField("所属長のコメント", max_length=200, blank=True)

    objects = TrainingReportQuerySet.as_manager()

    class Meta:
        verbose_name = "受講報告書"
        verbose_name_plural = "受講報告書"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="training_trainingreport_read_after_submitted",
                condition=Q(read_at__isnull=True) | Q(submitted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("training:report_detail", args=[self.pk])


class SurveyAnswer(models.Model):
    """One person's answers after an offering: five-step ratings and a comment."""

    attendance = models.OneToOneField(
        Attendance, on_delete=models.PROTECT, related_name="survey_answer", verbose_name="受講"
    )
    understanding = models.PositiveSmallIntegerField(
        "理解度", validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    usefulness = models.PositiveSmallIntegerField(
        "業務への役立ち度", validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    satisfaction = models.PositiveSmallIntegerField(
        "満足度", validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField("自由記述", blank=True)
    answered_at = models.DateTimeField("回答日時", auto_now_add=True)

    class Meta:
        verbose_name = "アンケートの回答"
        verbose_name_plural = "アンケートの回答"
        constraints = [
            models.CheckConstraint(
                name="training_surveyanswer_five_steps",
                condition=Q(understanding__range=(1, 5))
                & Q(usefulness__range=(1, 5))
                & Q(satisfaction__range=(1, 5)),
                violation_error_message="1から5の中から選んでください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answered_at}"
