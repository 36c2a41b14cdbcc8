"""Leaders of digital work: cohorts, nominations, terms, and the specialists who come of them."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYearField
from staff.models import Assignment, AssignmentQuerySet, Department, StaffMember

if TYPE_CHECKING:
    from staff.access import Access


class CohortManager(models.Manager["Cohort"]):
    """Cohorts, found by their number in fixtures."""

    def get_by_natural_key(self, number: int) -> "Cohort":
        """The cohort with this number."""
        return self.get(number=number)

    def running_on(self, on: date) -> "Cohort | None":
        """The cohort whose two years include the day."""
        return next((cohort for cohort in self.all() if cohort.runs_on(on)), None)


class Cohort(models.Model):
    """期: one of the five two-year terms."""

    number = models.PositiveSmallIntegerField("期", unique=True)
    first_year = FiscalYearField("開始年度")
    last_year = FiscalYearField("終了年度")
    seats = models.PositiveSmallIntegerField("予定人数")
    nominations_open_on = models.DateField("推薦の受付開始日", null=True, blank=True)
    nominations_close_on = models.DateField("推薦の締切日", null=True, blank=True)

    objects = CohortManager()

    class Meta:
        verbose_name = "期"
        verbose_name_plural = "期"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="leaders_cohort_years_in_order",
                condition=Q(last_year__gte=F("first_year")),
                violation_error_message="終了年度は開始年度以後にしてください。",
            ),
            models.CheckConstraint(
                name="leaders_cohort_round_in_order",
                condition=Q(nominations_open_on__isnull=True, nominations_close_on__isnull=True)
                | Q(
                    nominations_open_on__isnull=False,
                    nominations_close_on__isnull=False,
                    nominations_close_on__gte=F("nominations_open_on"),
                ),
                violation_error_message="締切日は受付開始日以後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}期"

    def get_absolute_url(self) -> str:
        """The cohort's page."""
        return reverse("leaders:cohort_detail", args=[self.number])

    def natural_key(self) -> tuple[int]:
        """The number."""
        return (self.number,)

    @property
    def starts_on(self) -> date:
        """First day of the two years."""
        day: date = self.first_year.first_day
        return day

    @property
    def ends_on(self) -> date:
        """Last day of the two years."""
        day: date = self.last_year.last_day
        return day

    def runs_on(self, on: date) -> bool:
        """Whether the day lies in the two years."""
        return self.starts_on <= on <= self.ends_on

    def takes_nominations(self, on: date) -> bool:
        """Whether a head may nominate on the day."""
        return (
            self.nominations_open_on is not None
            and self.nominations_close_on is not None
            and self.nominations_open_on <= on <= self.nominations_close_on
        )


class NominationStatus(models.TextChoices):
    """How far a nomination has come."""

    DRAFT = "draft", "下書き"
    SUBMITTED = "submitted", "提出済み"
    APPROVED = "approved", "承認済み"
    RETURNED = "returned", "差戻し"
    WITHDRAWN = "withdrawn", "取下げ"


OPEN_NOMINATIONS = (
    NominationStatus.DRAFT,
    NominationStatus.SUBMITTED,
    NominationStatus.RETURNED,
)


class NominationQuerySet(models.QuerySet["Nomination"]):
    """Questions about nominations."""

    def visible_to(self, access: "Access") -> Self:
        """Nominations of the asker's departments; all for those who see everyone."""
        if access.sees_everyone:
            return self
        return self.filter(department__in=access.headed)


class Nomination(models.Model):
    """推薦: a head names one of their people; HR approves or returns it."""

    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="nominations", verbose_name="期"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="nominations", verbose_name="部署"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="nominations", verbose_name="職員"
    )
    reason = models.TextField("推薦理由", max_length=1000)
    expected_role = models.TextField("期待する役割", max_length=1000, blank=True)
    status = models.CharField(
        "状態", max_length=10, choices=NominationStatus, default=NominationStatus.DRAFT
    )
    comment = models.TextField("人事担当からのコメント", max_length=1000, blank=True)
    replaces = models.ForeignKey(
        "leaders.LeaderTerm",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replacements",
        verbose_name="前任者の任期",
    )
    submitted_by = models.ForeignKey(
        "staff.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submitted_nominations",
        verbose_name="提出者",
    )
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = "推薦"
        verbose_name_plural = "推薦"
        ordering = ["cohort", "department__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="leaders_nomination_once_per_person",
                fields=["cohort", "staff"],
                condition=Q(status__in=OPEN_NOMINATIONS),
                violation_error_message="この職員はこの期に推薦済みです。",
            ),
            models.CheckConstraint(
                name="leaders_nomination_status_known",
                condition=Q(status__in=NominationStatus.values),
            ),
            models.CheckConstraint(
                name="leaders_nomination_reason_filled",
                condition=Q(status=NominationStatus.DRAFT) | ~Q(reason=""),
                violation_error_message="推薦理由を入力してください。",
            ),
            models.CheckConstraint(
                name="leaders_nomination_return_has_comment",
                condition=~Q(status=NominationStatus.RETURNED) | ~Q(comment=""),
                violation_error_message="差し戻す理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status}"

    def get_absolute_url(self) -> str:
        """The nomination's page."""
        return reverse("leaders:nomination_detail", args=[self.pk])


class EndReason(models.TextChoices):
    """Why a term ended."""

    COMPLETED = "completed", "任期満了"
    RETIRED = "retired", "退職"
    MOVED = "moved", "異動"
    PROMOTED = "promoted", "昇任"
    DECLINED = "declined", "辞退"
    OTHER = "other", "その他"


class LeaderTermQuerySet(models.QuerySet["LeaderTerm"]):
    """Questions about terms."""

    def sitting(self, on: date) -> Self:
        """Terms active on the day, of people in service that day, within the cohort's two years."""
        cohorts = [cohort.pk for cohort in Cohort.objects.all() if cohort.runs_on(on)]
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=on),
            cohort__in=cohorts,
            starts_on__lte=on,
        )

    def completed(self, on: date) -> Self:
        """Terms ended on or before the day and marked 修了."""
        return self.filter(ends_on__lte=on, completed=True)


class LeaderTerm(models.Model):
    """任命: a person leads a department's digital work from a day on."""

    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="terms", verbose_name="期"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="leader_terms", verbose_name="職員"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="leader_terms", verbose_name="部署"
    )
    starts_on = models.DateField("就任日")
    ends_on = models.DateField("退任日", null=True, blank=True)
    end_reason = models.CharField("退任理由", max_length=20, choices=EndReason, blank=True)
    completed = models.BooleanField("修了", default=False)

    objects = LeaderTermQuerySet.as_manager()

    class Meta:
        verbose_name = "任期"
        verbose_name_plural = "任期"
        ordering = ["cohort", "department__order", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="leaders_leaderterm_once_per_day",
                fields=["cohort", "staff", "starts_on"],
                violation_error_message="この職員の任期は登録済みです。",
            ),
            models.UniqueConstraint(
                name="leaders_leaderterm_one_open_per_person",
                fields=["cohort", "staff"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="この職員はこの期のリーダーとして活動中です。",
            ),
            models.CheckConstraint(
                name="leaders_leaderterm_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="退任日は就任日以後の日にしてください。",
            ),
            models.CheckConstraint(
                name="leaders_leaderterm_completed_has_end",
                condition=Q(completed=False) | Q(ends_on__isnull=False),
                violation_error_message="修了にするには退任日が必要です。",
            ),
            models.CheckConstraint(
                name="leaders_leaderterm_end_reason_known",
                condition=Q(end_reason__in=["", *EndReason.values]),
                violation_error_message="退任理由を選び直してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class ActivityStatus(models.TextChoices):
    """How far an activity has come."""

    PLANNED = "planned", "計画中"
    RUNNING = "running", "実施中"
    DONE = "done", "完了"
    STOPPED = "stopped", "中止"


class Activity(models.Model):
    """What a leader does in their term: theme, problem, plan, effect."""

    term = models.ForeignKey(
        LeaderTerm, on_delete=models.PROTECT, related_name="activities", verbose_name="任期"
    )
    theme = models.CharField("テーマ", max_length=100)
    problem = models.TextField("課題", blank=True)
    plan = models.TextField("計画", blank=True)
    effect_hours = models.DecimalField(
        "効果（年間の削減時間）", max_digits=8, decimal_places=1, null=True, blank=True
    )
    status = models.CharField(
        "状態", max_length=10, choices=ActivityStatus, default=ActivityStatus.PLANNED
    )

    class Meta:
        verbose_name = "活動"
        verbose_name_plural = "活動"
        ordering = ["term", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_activity_status_known",
                condition=Q(status__in=ActivityStatus.values),
                violation_error_message="状態を選び直してください。",
            )
        ]

    def __str__(self) -> str:
        return self.theme


class Route(models.TextChoices):
    """How a person became a specialist."""

    OFFICE = "office", "推進室"
    LEADER = "leader", "リーダー"


class SpecialistDesignationQuerySet(models.QuerySet["SpecialistDesignation"]):
    """Questions about designations."""

    def active(self, on: date) -> Self:
        """Designations in force on the day, of people in service that day."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=on),
            starts_on__lte=on,
            staff__hired_on__lte=on,
        )

    def places(self, on: date) -> AssignmentQuerySet:
        """The places as of the day of everybody designated that day, each person once."""
        return Assignment.objects.as_of(on).filter(
            Exists(self.active(on).filter(staff=OuterRef("staff")))
        )


class SpecialistDesignation(models.Model):
    """デジタル専門分野人材としての登用."""

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="designations", verbose_name="職員"
    )
    route = models.CharField("経路", max_length=10, choices=Route)
    starts_on = models.DateField("登用日")
    ends_on = models.DateField("終了日", null=True, blank=True)
    note = models.TextField("備考", blank=True)

    objects = SpecialistDesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "専門分野人材の登用"
        verbose_name_plural = "専門分野人材の登用"
        ordering = ["staff", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="leaders_specialistdesignation_one_open",
                fields=["staff"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="この職員は登用済みです。",
            ),
            models.CheckConstraint(
                name="leaders_specialistdesignation_route_known",
                condition=Q(route__in=Route.values),
                violation_error_message="経路を選び直してください。",
            ),
            models.CheckConstraint(
                name="leaders_specialistdesignation_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="終了日は登用日以後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"
