"""Files with leaders' terms that wait for a decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class LeaderUploadState(models.TextChoices):
    """How far it is."""

    PREVIEW = "preview", "確認待ち"
    APPLIED = "applied", "反映済み"
    DISCARDED = "discarded", "取りやめ"


class LeaderUpload(models.Model):
    """A workbook of leaders, kept until it is decided.

    The bytes hold names and are emptied when the upload is decided.
    """

    state = models.CharField(
        "状態", max_length=10, choices=LeaderUploadState, default=LeaderUploadState.PREVIEW
    )
    file_name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField("内容")
    row_count = models.PositiveIntegerField("行数", default=0)
    added = models.PositiveIntegerField("追加した任期", default=0)
    changed = models.PositiveIntegerField("変更した任期", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="leader_uploads",
        verbose_name="取り込んだ人",
    )
    uploaded_at = models.DateTimeField("取込日時")
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)

    class Meta:
        verbose_name = "リーダー名簿の取込"
        verbose_name_plural = "リーダー名簿の取込"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_leaderupload_state_known",
                condition=Q(state__in=LeaderUploadState.values),
            ),
            models.CheckConstraint(
                name="leaders_leaderupload_decided_has_moment",
                condition=Q(state=LeaderUploadState.PREVIEW, decided_at__isnull=True)
                | (~Q(state=LeaderUploadState.PREVIEW) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
