"""People on offerings, and how it ended."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from staff.models import StaffMember
from training.models.courses import Category
from training.models.offerings import Offering
from training.models.states import COMPLETING, SEATLESS, AbsenceReason, AttendanceStatus

if TYPE_CHECKING:
    from training.models.counting import Counting


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Questions about attendance."""

    def completed(self, on: date, rule: "Counting | None" = None) -> Self:
        """Completions on or before the day, within the rule's validity if one is set."""
        done = self.filter(status__in=COMPLETING, completed_on__lte=on)
        if rule is not None and rule.validity_years:
            done = done.filter(completed_on__gt=years_before(on, rule.validity_years))
        return done

    def taking_a_seat(self) -> Self:
        """Places that fill the room."""
        return self.exclude(status__in=SEATLESS)

    def in_line(self) -> Self:
        """Those who wait for a seat, in their order."""
        return self.filter(status=AttendanceStatus.WAITING).order_by("waiting_since", "pk")


def years_before(on: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28 February."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


class Attendance(models.Model):
    """A staff member's place on one offering, and how it ended.

    `category` repeats the course's: figures ask for completions by person and category, and with
    the category beside them one narrow index answers. A course with attendances keeps its category.
    """

    offering = models.ForeignKey(
        Offering, on_delete=models.PROTECT, related_name="attendances", verbose_name="開催回"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="attendances", verbose_name="職員"
    )
    category = models.CharField("研修区分", max_length=20, choices=Category, editable=False)
    status = models.CharField(
        "状態", max_length=10, choices=AttendanceStatus, default=AttendanceStatus.BOOKED
    )
    completed_on = models.DateField("修了日", null=True, blank=True)
    waiting_since = models.DateTimeField("空き待ちの申込日時", null=True, blank=True)
    absence_reason = models.CharField(
        "欠席届の理由", max_length=10, choices=AbsenceReason, blank=True
    )
    note = models.CharField("備考", max_length=200, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "受講"
        verbose_name_plural = "受講"
        ordering = ["offering", "staff"]
        constraints = [
            models.UniqueConstraint(
                name="training_attendance_once_per_offering",
                fields=["offering", "staff"],
                violation_error_message="この職員は登録済みです。",
            ),
            models.CheckConstraint(
                name="training_attendance_status_known",
                condition=Q(status__in=AttendanceStatus.values),
                violation_error_message="状態を選び直してください。",
            ),
            models.CheckConstraint(
                name="training_attendance_category_known", condition=Q(category__in=Category.values)
            ),
            models.CheckConstraint(
                name="training_attendance_completed_has_date",
                condition=Q(status__in=COMPLETING, completed_on__isnull=False)
                | (~Q(status__in=COMPLETING) & Q(completed_on__isnull=True)),
                violation_error_message="修了日は出席・遅刻の人だけに入力してください。",
            ),
            models.CheckConstraint(
                name="training_attendance_waiting_since_while_waiting",
                condition=Q(waiting_since__isnull=True) | Q(status=AttendanceStatus.WAITING),
            ),
            models.CheckConstraint(
                name="training_attendance_absence_reason_when_notified",
                condition=Q(
                    status=AttendanceStatus.NOTIFIED, absence_reason__in=AbsenceReason.values
                )
                | (~Q(status=AttendanceStatus.NOTIFIED) & Q(absence_reason="")),
                violation_error_message="欠席届の理由を選んでください。",
            ),
        ]
        indexes = [
            models.Index(
                name="training_completion_covering",
                fields=["staff", "category", "completed_on"],
                condition=Q(status__in=COMPLETING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.status}"

    @property
    def is_completion(self) -> bool:
        """Whether it counts as completed."""
        return self.status in COMPLETING


class AttendanceChange(models.Model):
    """One change of one mark: old → new, by whom, when, why. Never edited, never deleted."""

    attendance = models.ForeignKey(
        Attendance, on_delete=models.PROTECT, related_name="changes", verbose_name="受講"
    )
    old = models.CharField("変更前", max_length=10, choices=AttendanceStatus, blank=True)
    new = models.CharField("変更後", max_length=10, choices=AttendanceStatus)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="attendance_changes",
        verbose_name="変更者",
    )
    at = models.DateTimeField("変更日時", auto_now_add=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "出欠の変更"
        verbose_name_plural = "出欠の変更"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="training_attendancechange_statuses_known",
                condition=Q(old__in=["", *AttendanceStatus.values])
                & Q(new__in=AttendanceStatus.values),
            )
        ]

    def __str__(self) -> str:
        return f"{self.old}→{self.new}"
