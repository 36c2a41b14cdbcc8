"""Who was told: invitations to a row of the plan, reminders about an offering."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from staff.models import StaffMember
from training.models.attendance import Attendance
from training.models.plan import Programme


class Invitation(models.Model):
    """案内: somebody who still owes a row of the plan was told so on a day."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="invitations", verbose_name="施策"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="invitations", verbose_name="職員"
    )
    invited_on = models.DateField("案内日")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="invitations",
        verbose_name="案内した人",
    )

    class Meta:
        verbose_name = "案内"
        verbose_name_plural = "案内"
        ordering = ["invited_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="training_invitation_once_a_day",
                fields=["programme", "staff", "invited_on"],
                violation_error_message="この人には同じ日に案内済みです。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.invited_on}"


class ReminderKind(models.TextChoices):
    """What a reminder is about."""

    BEFORE = "before", "開催前のお知らせ"
    ABSENT = "absent", "欠席後のご案内"


class ReminderState(models.TextChoices):
    """How far a reminder got. Not stored: it follows from the row."""

    SENT = "sent", "送信済"
    ON_PAPER = "on_paper", "紙で渡した"
    UNCLEAR = "unclear", "要確認"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Questions about reminders."""

    def unclear(self) -> Self:
        """要確認: begun, and nobody knows whether the letter went out."""
        return self.filter(sent_at__isnull=True).exclude(address="")

    def settled(self) -> Self:
        """Sent, or handed over on paper."""
        return self.filter(Q(sent_at__isnull=False) | Q(address=""))


class Reminder(models.Model):
    """One reminder of one place for one date of the offering, made once, sent once.

    The row is written before the letter goes out: what was interrupted in between has an address
    and no `sent_at`, and is listed instead of sent twice. Without an address it is on paper.
    """

    attendance = models.ForeignKey(
        Attendance, on_delete=models.PROTECT, related_name="reminders", verbose_name="受講"
    )
    kind = models.CharField("種別", max_length=10, choices=ReminderKind)
    held_on = models.DateField("開催日")
    address = models.EmailField("宛先", blank=True)
    made_at = models.DateTimeField("作成日時")
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="training_reminder_once", fields=["attendance", "kind", "held_on"]
            ),
            models.CheckConstraint(
                name="training_reminder_kind_known", condition=Q(kind__in=ReminderKind.values)
            ),
            models.CheckConstraint(
                name="training_reminder_sent_to_somebody",
                condition=Q(sent_at__isnull=True) | ~Q(address=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on}"

    @property
    def state(self) -> "ReminderState":
        """How far it got: a letter that has an address and was not sent was interrupted."""
        if self.sent_at is not None:
            return ReminderState.SENT
        return ReminderState.UNCLEAR if self.address else ReminderState.ON_PAPER
