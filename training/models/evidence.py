"""Proof beyond attendance, and what people thought of a course."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from staff.models import StaffMember
from training.models.attendance import Attendance


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    QUALIFICATION = "qualification", "資格"
    WORK_USE = "work_use", "業務活用確認"
    OJT = "ojt", "OJT記録"


class Evidence(models.Model):
    """資格、所属長の業務活用確認、OJTの記録."""

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="evidence", verbose_name="職員"
    )
    kind = models.CharField("種別", max_length=20, choices=EvidenceKind)
    title = models.CharField("名称", max_length=100)
    obtained_on = models.DateField("取得日・実施日")
    hours = models.DecimalField("時間数", max_digits=5, decimal_places=1, null=True, blank=True)
    confirmed_on = models.DateField("確認日", null=True, blank=True)
    note = models.TextField("内容", blank=True)

    class Meta:
        verbose_name = "実績"
        verbose_name_plural = "実績"
        ordering = ["staff", "obtained_on"]
        constraints = [
            models.UniqueConstraint(
                name="training_evidence_once",
                fields=["staff", "kind", "title", "obtained_on"],
                violation_error_message="この実績は登録済みです。",
            ),
            models.CheckConstraint(
                name="training_evidence_kind_known",
                condition=Q(kind__in=EvidenceKind.values),
                violation_error_message="種別を選び直してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


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
