"""Roster imports: what a file said, what it changed."""

from datetime import date
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

    READING = "reading", "読み方の確認待ち"
    PREVIEW = "preview", "確認待ち"
    APPLIED = "applied", "反映済み"
    DISCARDED = "discarded", "取りやめ"
    UNDONE = "undone", "取消済み"


# Nothing has been written yet: the file and the choices about it are kept.
WAITING = (ImportStatus.READING, ImportStatus.PREVIEW)


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
    POST_ENDED = "post_ended", "兼務の終了"
    RETURNED = "returned", "退職の取消"
    RENUMBERED = "renumbered", "職員番号の変更"
    DETAIL_CHANGED = "detail_changed", "その他（係・カナ・メール等）"


class Decision(models.TextChoices):
    """What is to be done with one change. Only a change with a question can be open."""

    OPEN = "open", "未決定"
    ACCEPTED = "accepted", "反映する"
    LEFT_OUT = "left_out", "反映しない"


# A person may begin and end several posts on one day.
POST_KINDS = (ChangeKind.POST_ADDED, ChangeKind.POST_ENDED)


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    """Questions about imports."""

    def in_force(self) -> Self:
        """Imports that were applied and not undone."""
        return self.filter(status=ImportStatus.APPLIED)


class RosterImport(models.Model):
    """名簿取込: one file, from its reading over its preview to what it did."""

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
    # How the file is read where that had to be asked: `staff.roster.choices.RosterChoices`.
    choices = models.JSONField("読み方", default=dict)
    # Departments and ranks of the file that the city does not know.
    unknown = models.JSONField("登録のない所属・職名", default=list)
    # Why the whole roster needs a decision (older than the last one); blank: it needs none.
    question = models.TextField("名簿全体についての確認", blank=True)
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
    # Who is writing it right now, shown to others; only a hint, the lock decides.
    applying_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="反映中の人",
    )
    applying_since = models.DateTimeField("反映の開始", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applied_imports",
        verbose_name="反映した人",
    )
    applied_at = models.DateTimeField("反映日時", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_imports",
        verbose_name="取り消した人",
    )
    undone_at = models.DateTimeField("取消日時", null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

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
            models.CheckConstraint(
                name="staff_rosterimport_undone_was_applied",
                condition=Q(status=ImportStatus.UNDONE, undone_at__isnull=False)
                & Q(applied_at__isnull=False)
                | (~Q(status=ImportStatus.UNDONE) & Q(undone_at__isnull=True)),
                violation_error_message="取り消せるのは反映済みの名簿だけです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}"

    def get_absolute_url(self) -> str:
        """The import's page."""
        return reverse("staff:import_detail", args=[self.pk])

    @property
    def day(self) -> date:
        """The day whose departments the file names: its own, or that of reading it."""
        return self.effective_on or self.uploaded_at.date()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing has been decided yet."""
        return self.status in WAITING


class RosterFile(models.Model):
    """The bytes of an upload, kept only until the import is applied or dropped."""

    roster_import = models.OneToOneField(
        RosterImport, on_delete=models.PROTECT, related_name="upload", verbose_name="名簿取込"
    )
    content = models.BinaryField("内容")

    class Meta:
        verbose_name = "読み込んだファイル"
        verbose_name_plural = "読み込んだファイル"

    def __str__(self) -> str:
        return f"{self.pk}"


class RosterUndo(models.Model):
    """What an applied import needs to be taken back: rows made, and rows as they were before.

    `created`: model label → primary key → the row as it was written. `changed`: model label →
    primary key → [before, after], each the changed fields only.
    """

    roster_import = models.OneToOneField(
        RosterImport, on_delete=models.PROTECT, related_name="undo", verbose_name="名簿取込"
    )
    created = models.JSONField("加えた行", default=dict)
    changed = models.JSONField("変えた行", default=dict)

    class Meta:
        verbose_name = "取消の控え"
        verbose_name_plural = "取消の控え"

    def __str__(self) -> str:
        return f"{self.pk}"


class RosterChangeQuerySet(models.QuerySet["RosterChange"]):
    """Questions about changes."""

    def absent(self) -> Self:
        """Those who leave because a full roster does not name them: no row of the file says so."""
        return self.filter(kind=ChangeKind.LEFT, row__isnull=True)

    def undecided(self) -> Self:
        """Those that wait for a decision."""
        return self.filter(decision=Decision.OPEN)

    def to_write(self) -> Self:
        """Those that applying writes."""
        return self.filter(decision=Decision.ACCEPTED)


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
    # Why somebody has to look at it; blank: nothing speaks against it.
    question = models.TextField("要判断の理由", blank=True)
    # Numbers of people of the same name, one of whom this may be.
    namesakes = models.JSONField("同じ氏名の職員", default=list)
    decision = models.CharField("決定", max_length=10, choices=Decision, default=Decision.ACCEPTED)
    # What the file said, where `after` was corrected by hand.
    read_as = models.JSONField("名簿の内容", null=True, blank=True)

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
                condition=~Q(kind__in=POST_KINDS),
            ),
            models.CheckConstraint(
                name="staff_rosterchange_decision_known",
                condition=Q(decision__in=Decision.values),
            ),
            models.CheckConstraint(
                name="staff_rosterchange_open_has_question",
                condition=~Q(decision=Decision.OPEN) | ~Q(question=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
