"""The city's people and their places, all dated."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from staff.models.organisation import Department, Rank

if TYPE_CHECKING:
    from staff.access import Access, PopulationRule


class Employment(models.TextChoices):
    """任用形態."""

    REGULAR = "regular", "正規"
    FIXED_TERM = "fixed_term", "任期付"
    REAPPOINTED = "reappointed", "再任用"
    REAPPOINTED_SHORT = "reappointed_short", "再任用短時間"
    FISCAL_YEAR_APPOINTEE = "fiscal_year_appointee", "会計年度任用職員"
    TEMPORARY = "temporary", "臨時的任用"
    SPECIAL_POST = "special_post", "特別職"


class Duty(models.TextChoices):
    """在職区分."""

    ACTIVE = "active", "在職"
    CHILDCARE = "childcare", "育休"
    LEAVE = "leave", "休職"
    SECONDED = "seconded", "派遣"


class StaffQuerySet(models.QuerySet["StaffMember"]):
    """Questions about people."""

    def employed(self, on: date) -> Self:
        """Members in the city's service on the given day; `left_on` is the last day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gte=on), hired_on__lte=on)

    def in_population(self, on: date, rule: "PopulationRule") -> Self:
        """Members counted as 全職員 on the day: employed, employment counted, duty not excluded."""
        places = Assignment.objects.in_population(on, rule).filter(staff=OuterRef("pk"))
        return self.filter(Exists(places))

    def visible_to(self, access: "Access", on: date) -> Self:
        """Members whose name the asker may see, by where these members stand on the day."""
        if access.sees_everyone:
            return self
        places = Assignment.objects.as_of(on).filter(
            staff=OuterRef("pk"), department__in=access.headed
        )
        return self.filter(Q(pk=access.staff_id) | Exists(places))


class StaffMember(models.Model):
    """A person in the city's service, now or before. Closed with a date, never deleted."""

    number = models.CharField("職員番号", max_length=20, unique=True)
    name = models.CharField("氏名", max_length=100)
    name_kana = models.CharField("フリガナ", max_length=100, blank=True)
    name_key = models.CharField("照合用氏名", max_length=100, editable=False, db_index=True)
    email = models.EmailField("メールアドレス", blank=True)
    hired_on = models.DateField("採用年月日")
    left_on = models.DateField("退職日", null=True, blank=True, help_text="在職した最後の日です。")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "職員"
        verbose_name_plural = "職員"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="staff_staffmember_left_after_hired",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                violation_error_message="退職日は採用年月日以後の日にしてください。",
            ),
            models.CheckConstraint(
                name="staff_staffmember_number_and_name_filled",
                condition=~Q(number="") & ~Q(name=""),
                violation_error_message="職員番号と氏名を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The person's page."""
        return reverse("staff:member_detail", args=[self.number])

    def is_employed(self, on: date) -> bool:
        """Whether the person is in service on the day."""
        return self.hired_on <= on and (self.left_on is None or self.left_on >= on)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about places."""

    def as_of(self, on: date) -> Self:
        """The one place of each person on the day: the latest that starts on or before it.

        People who have left or are not yet hired still have a place; combine with `employed`.
        """
        later = Assignment.objects.filter(
            staff=OuterRef("staff"), starts_on__lte=on, starts_on__gt=OuterRef("starts_on")
        )
        return self.filter(~Exists(later), starts_on__lte=on)

    def employed(self, on: date) -> Self:
        """Places as of the day of the people in service that day."""
        return self.as_of(on).filter(
            Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=on), staff__hired_on__lte=on
        )

    def in_population(self, on: date, rule: "PopulationRule") -> Self:
        """Places as of the day of the people counted as 全職員 that day."""
        return (
            self.employed(on)
            .filter(employment__in=rule.counted_employments)
            .exclude(duty__in=rule.excluded_duties)
        )

    def within(self, department_ids: frozenset[int] | None) -> Self:
        """Places in the given units; `None` means the whole city."""
        return self if department_ids is None else self.filter(department__in=department_ids)


class Assignment(models.Model):
    """A person's place from a day on, until their next assignment.

    Employment stands here and not on the person, because it changes with time and past figures
    must not change with it.
    """

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="assignments", verbose_name="職員"
    )
    starts_on = models.DateField("発令日")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="assignments", verbose_name="所属"
    )
    rank = models.ForeignKey(
        Rank, on_delete=models.PROTECT, related_name="assignments", verbose_name="職名"
    )
    team = models.CharField("係", max_length=60, blank=True)
    duty = models.CharField("在職区分", max_length=20, choices=Duty, default=Duty.ACTIVE)
    employment = models.CharField(
        "任用形態", max_length=30, choices=Employment, default=Employment.REGULAR
    )
    source = models.ForeignKey(
        "staff.RosterImport",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="取込元",
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "所属・発令"
        verbose_name_plural = "所属・発令"
        ordering = ["staff", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="staff_assignment_once_per_day",
                fields=["staff", "starts_on"],
                violation_error_message="この職員には同じ日の発令が登録済みです。",
            ),
            models.CheckConstraint(
                name="staff_assignment_duty_known",
                condition=Q(duty__in=Duty.values),
                violation_error_message="在職区分を選び直してください。",
            ),
            models.CheckConstraint(
                name="staff_assignment_employment_known",
                condition=Q(employment__in=Employment.values),
                violation_error_message="任用形態を選び直してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class ConcurrentPostQuerySet(models.QuerySet["ConcurrentPost"]):
    """Questions about concurrent posts."""

    def held_on(self, on: date) -> Self:
        """Posts held on the day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class ConcurrentPost(models.Model):
    """兼務: a second post beside the assignment."""

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="concurrent_posts", verbose_name="職員"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="concurrent_posts", verbose_name="所属"
    )
    rank = models.ForeignKey(
        Rank, on_delete=models.PROTECT, related_name="concurrent_posts", verbose_name="職名"
    )
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)

    objects = ConcurrentPostQuerySet.as_manager()

    class Meta:
        verbose_name = "兼務"
        verbose_name_plural = "兼務"
        ordering = ["staff", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="staff_concurrentpost_once_per_day",
                fields=["staff", "department", "starts_on"],
                violation_error_message="同じ所属の兼務が登録済みです。",
            ),
            models.CheckConstraint(
                name="staff_concurrentpost_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="終了日は開始日以後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"
