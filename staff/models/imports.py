"""Roster imports: what a file said, what it changed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from staff.models.people import StaffMember


class RosterKind(models.TextChoices):
    """Whether the absent have left."""

    FULL = "full", "全件（名簿にいない人は退職）"
    PARTIAL = "partial", "一部（載っている人だけ）"


class ImportStatus(models.TextChoices):
    """How far an import has come."""

    PREVIEW = "preview", "確認待ち"
    APPLIED = "applied", "反映済み"
    DISCARDED = "discarded", "取りやめ"


class ChangeKind(models.TextChoices):
    """What a roster changes about a person."""

    HIRED = "hired", "採用"
    LEFT = "left", "退職"
    MOVED = "moved", "異動"
    RANK_CHANGED = "rank_changed", "昇任・降任"
    RENAMED = "renamed", "改姓・改名"
    DUTY_CHANGED = "duty_changed", "休職・復職等"
    EMPLOYMENT_CHANGED = "employment_changed", "任用形態"
    POST_ADDED = "post_added", "兼務"
    DETAIL_CHANGED = "detail_changed", "その他（係・カナ・メール等）"


class RosterImport(models.Model):
    """名簿取込: one file, from its preview to what it did."""

    kind = models.CharField("名簿の種類", max_length=10, choices=RosterKind)
    status = models.CharField(
        "状態", max_length=10, choices=ImportStatus, default=ImportStatus.PREVIEW
    )
    file_name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    effective_on = models.DateField("発令日", null=True, blank=True)
    rows = models.PositiveIntegerField("行数", default=0)
    unchanged = models.PositiveIntegerField("変更なし", default=0)
    skipped = models.JSONField("読み飛ばした行", default=dict)
    warnings = models.JSONField("確認事項", default=list)
    errors = models.JSONField("誤り", default=list)
    # The last applied import when the preview was made: another one since makes it stale.
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uploaded_imports",
        verbose_name="取込者",
    )
    uploaded_at = models.DateTimeField("読込日時", auto_now_add=True)
    applied_at = models.DateTimeField("反映日時", null=True, blank=True)

    class Meta:
        verbose_name = "名簿取込"
        verbose_name_plural = "名簿取込"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="staff_rosterimport_kind_known", condition=Q(kind__in=RosterKind.values)
            ),
            models.CheckConstraint(
                name="staff_rosterimport_status_known", condition=Q(status__in=ImportStatus.values)
            ),
            models.CheckConstraint(
                name="staff_rosterimport_applied_is_whole",
                condition=~Q(status=ImportStatus.APPLIED)
                | Q(applied_at__isnull=False, effective_on__isnull=False, errors=[]),
                violation_error_message="誤りのある名簿は反映できません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}"

    def get_absolute_url(self) -> str:
        """The import's page."""
        return reverse("staff:import_detail", args=[self.pk])


class RosterChangeQuerySet(models.QuerySet["RosterChange"]):
    """Questions about changes."""

    def absent(self) -> Self:
        """Those who leave because a full roster does not name them: no row of the file says so."""
        return self.filter(kind=ChangeKind.LEFT, row__isnull=True)


class RosterChange(models.Model):
    """One change of one kind that an import makes to one person: before → after."""

    roster_import = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="changes", verbose_name="名簿取込"
    )
    number = models.CharField("職員番号", max_length=20)
    name = models.CharField("氏名", max_length=100)
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roster_changes",
        verbose_name="職員",
    )
    kind = models.CharField("変更の種類", max_length=20, choices=ChangeKind)
    starts_on = models.DateField("発令日")
    before = models.JSONField("変更前", default=dict)
    after = models.JSONField("変更後", default=dict)
    sheet = models.CharField("シート", max_length=100, blank=True)
    row = models.PositiveIntegerField("行", null=True, blank=True)

    objects = RosterChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "人事異動"
        verbose_name_plural = "人事異動"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="staff_rosterchange_kind_known", condition=Q(kind__in=ChangeKind.values)
            ),
            models.UniqueConstraint(
                name="staff_rosterchange_once_per_kind",
                fields=["roster_import", "number", "kind", "starts_on"],
                condition=~Q(kind=ChangeKind.POST_ADDED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class ColumnMapping(models.Model):
    """Which field a heading means in a layout seen before, corrected by hand once."""

    layout = models.CharField("見出しの並びの指紋", max_length=64)
    heading = models.CharField("見出し", max_length=100)
    field = models.CharField("項目", max_length=40)

    class Meta:
        verbose_name = "列の対応"
        verbose_name_plural = "列の対応"
        constraints = [
            models.UniqueConstraint(
                name="staff_columnmapping_once_per_heading",
                fields=["layout", "heading"],
                violation_error_message="この見出しの対応は登録済みです。",
            )
        ]

    def __str__(self) -> str:
        return self.heading
