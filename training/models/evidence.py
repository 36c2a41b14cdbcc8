"""Proof beyond attendance: qualifications, use at work, OJT."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from staff.models import Assignment, StaffMember
from training.models.attendance import Attendance

if TYPE_CHECKING:
    from staff.access import Access


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    QUALIFICATION = "qualification", "資格"
    WORK_USE = "work_use", "業務活用確認"
    OJT = "ojt", "OJT記録"


class EvidenceState(models.TextChoices):
    """How far its check is."""

    SUBMITTED = "submitted", "確認待ち"
    CONFIRMED = "confirmed", "確認済"
    RETURNED = "returned", "差戻し"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Questions about evidence."""

    def visible_to(self, access: "Access", on: date) -> Self:
        """One's own; for heads also use at work and OJT of who stands in their units that day.

        A qualification is the person's own matter: its scan may show a date of birth. Only those
        who keep the training see it.
        """
        if access.sees_everyone:
            return self
        places = Assignment.objects.as_of(on).filter(
            staff=OuterRef("staff"), department__in=access.headed
        )
        of_own_people = Exists(places) & ~Q(kind=EvidenceKind.QUALIFICATION)
        return self.filter(Q(staff=access.staff_id) | of_own_people)

    def waiting(self) -> Self:
        """Those nobody has checked yet."""
        return self.filter(state=EvidenceState.SUBMITTED)


class Evidence(models.Model):
    """資格、所属長の業務活用確認、OJTの記録.

    An OJT record belongs to the person's place on an OJT offering; the others stand alone.
    """

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="evidence", verbose_name="職員"
    )
    kind = models.CharField("種別", max_length=20, choices=EvidenceKind)
    attendance = models.ForeignKey(
        Attendance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ojt_records",
        verbose_name="OJTの受講",
    )
    title = models.CharField("名称", max_length=100)
    obtained_on = models.DateField("取得日・実施日")
    hours = models.DecimalField("時間数", max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.TextField("内容", blank=True)
    state = models.CharField(
        "確認の状態", max_length=10, choices=EvidenceState, default=EvidenceState.SUBMITTED
    )
    confirmed_on = models.DateField("確認日", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_evidence",
        verbose_name="確認者",
    )
    comment = models.CharField("確認者のコメント", max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()

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
            models.CheckConstraint(
                name="training_evidence_state_known",
                condition=Q(state__in=EvidenceState.values),
            ),
            models.CheckConstraint(
                name="training_evidence_confirmed_has_day",
                condition=Q(state=EvidenceState.CONFIRMED, confirmed_on__isnull=False)
                | (~Q(state=EvidenceState.CONFIRMED) & Q(confirmed_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="training_evidence_only_ojt_has_attendance",
                condition=Q(attendance__isnull=True) | Q(kind=EvidenceKind.OJT),
            ),
            models.CheckConstraint(
                name="training_evidence_hours_positive",
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                violation_error_message="時間数は0より大きい数にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page on which it is looked at and checked."""
        return reverse("training:evidence_detail", args=[self.pk])


class EvidenceFile(models.Model):
    """The scan of a certificate. It stands in the database, so that one backup holds everything."""

    evidence = models.OneToOneField(
        Evidence, on_delete=models.PROTECT, related_name="file", verbose_name="実績"
    )
    name = models.CharField("ファイル名", max_length=200)
    media_type = models.CharField("種類", max_length=40)
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField("内容")

    class Meta:
        verbose_name = "実績のファイル"
        verbose_name_plural = "実績のファイル"

    def __str__(self) -> str:
        return f"{self.pk}"
