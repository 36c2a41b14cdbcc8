"""Files with attendance that wait for a clerk's decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from training.models.offerings import Offering


class UploadKind(models.TextChoices):
    """What such a file is."""

    SHEET = "sheet", "出席簿"
    ELEARNING = "elearning", "eラーニングの記録"
    HISTORY = "history", "受講履歴"


class UploadState(models.TextChoices):
    """How far it is."""

    PREVIEW = "preview", "確認待ち"
    APPLIED = "applied", "反映済み"
    DISCARDED = "discarded", "取りやめ"


class AttendanceUpload(models.Model):
    """A sign-in sheet, an e-learning log or a history, read and waiting to be put into force.

    `rows` holds what was read, with what was decided by hand about people who were not found.
    Because it holds names, it is emptied when the upload is decided; of rows that were not taken
    it then says where they stand, their mark and why.
    """

    kind = models.CharField("種類", max_length=10, choices=UploadKind)
    offering = models.ForeignKey(
        Offering,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uploads",
        verbose_name="開催回",
    )
    state = models.CharField(
        "状態", max_length=10, choices=UploadState, default=UploadState.PREVIEW
    )
    file_name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    options = models.JSONField("読み方", default=dict, blank=True)
    rows = models.JSONField("行", default=list, blank=True)
    row_count = models.PositiveIntegerField("行数", default=0)
    imported = models.PositiveIntegerField("反映した人数", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="attendance_uploads",
        verbose_name="取り込んだ人",
    )
    uploaded_at = models.DateTimeField("取込日時", auto_now_add=True)
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)

    class Meta:
        verbose_name = "出欠の取込"
        verbose_name_plural = "出欠の取込"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="training_attendanceupload_kind_known", condition=Q(kind__in=UploadKind.values)
            ),
            models.CheckConstraint(
                name="training_attendanceupload_state_known",
                condition=Q(state__in=UploadState.values),
            ),
            models.CheckConstraint(
                name="training_attendanceupload_sheet_has_offering",
                condition=Q(kind=UploadKind.SHEET, offering__isnull=False)
                | (~Q(kind=UploadKind.SHEET) & Q(offering__isnull=True)),
            ),
            models.CheckConstraint(
                name="training_attendanceupload_decided_has_moment",
                condition=Q(state=UploadState.PREVIEW, decided_at__isnull=True)
                | (~Q(state=UploadState.PREVIEW) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
