"""推薦: from a head's desk to HR's decision, and each step on the way."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear
from leaders.models.cohorts import Cohort
from staff.models import Department, StaffMember

if TYPE_CHECKING:
    from staff.access import Access


class NominationStatus(models.TextChoices):
    """How far a nomination has come."""

    DRAFT = "draft", "下書き"
    SUBMITTED = "submitted", "提出済み"
    APPROVED = "approved", "承認済み"
    RETURNED = "returned", "差戻し"
    WITHDRAWN = "withdrawn", "取下げ"


class EnteredAs(models.TextChoices):
    """In what capacity somebody entered a nomination."""

    HEAD = "head", "部署長"
    DEPUTY = "deputy", "部署長の代理"
    HR = "hr", "人事担当（代行）"


OPEN_NOMINATIONS = (
    NominationStatus.DRAFT,
    NominationStatus.SUBMITTED,
    NominationStatus.RETURNED,
)
# Those that lie on the head's desk: only these can be written in.
ON_THE_DESK = (NominationStatus.DRAFT, NominationStatus.RETURNED)


class NominationQuerySet(models.QuerySet["Nomination"]):
    """Questions about nominations."""

    def visible_to(self, access: "Access") -> Self:
        """Nominations of departments the asker nominates for; all for those who see everyone.

        A deputy does not read the one that names themself: what is said there is for the head.
        """
        if access.sees_everyone:
            return self
        as_deputy = Q(department__in=access.deputised) & ~Q(staff=access.staff_id)
        return self.filter(Q(department__in=access.headed) | as_deputy)

    def still_wanted(self, on: date) -> Self:
        """Nominations for cohorts whose time is not over; `Cohort.is_over` asks it of a cohort."""
        year = FiscalYear.containing(on)
        return self.filter(cohort__closed_at__isnull=True, cohort__last_year__gte=year)


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
    reason = models.TextField("推薦理由", max_length=1000, blank=True)
    expected_role = models.TextField("期待する役割", max_length=1000, blank=True)
    has_consent = models.BooleanField("本人の承諾を得た", default=False)
    entered_as = models.CharField(
        "入力者の立場", max_length=10, choices=EnteredAs, default=EnteredAs.HEAD
    )
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
    # Counted up by every change, so that nobody overwrites what they have not seen.
    version = models.PositiveIntegerField("版", default=1)

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
                # Before it is handed in, and after it is taken back, it may say nothing.
                condition=~Q(status__in=(NominationStatus.SUBMITTED, NominationStatus.APPROVED))
                | ~Q(reason=""),
                violation_error_message="推薦理由を入力してください。",
            ),
            models.CheckConstraint(
                name="leaders_nomination_entered_as_known",
                condition=Q(entered_as__in=EnteredAs.values),
            ),
            models.CheckConstraint(
                name="leaders_nomination_consent_given",
                condition=~Q(status__in=(NominationStatus.SUBMITTED, NominationStatus.APPROVED))
                | Q(has_consent=True),
                violation_error_message="本人の承諾を得てから提出してください。",
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

    @property
    def is_on_the_desk(self) -> bool:
        """Whether it can be written in: not handed in, or come back."""
        return self.status in ON_THE_DESK

    @property
    def is_open(self) -> bool:
        """Whether it may still lead to a term."""
        return self.status in OPEN_NOMINATIONS


class NominationAct(models.TextChoices):
    """A step on a nomination's way."""

    SUBMITTED = "submitted", "提出"
    RETURNED = "returned", "差戻し"
    APPROVED = "approved", "承認"
    WITHDRAWN = "withdrawn", "取下げ"


class NominationEvent(models.Model):
    """One step on a nomination's way: who did what, when, with what words."""

    nomination = models.ForeignKey(
        Nomination, on_delete=models.PROTECT, related_name="events", verbose_name="推薦"
    )
    act = models.CharField("したこと", max_length=10, choices=NominationAct)
    by = models.ForeignKey(
        "staff.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="nomination_events",
        verbose_name="した人",
    )
    entered_as = models.CharField("立場", max_length=10, choices=EnteredAs, blank=True)
    at = models.DateTimeField("日時")
    comment = models.TextField("コメント", max_length=1000, blank=True)

    class Meta:
        verbose_name = "推薦の経過"
        verbose_name_plural = "推薦の経過"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_nominationevent_act_known", condition=Q(act__in=NominationAct.values)
            ),
            models.CheckConstraint(
                name="leaders_nominationevent_entered_as_known",
                condition=Q(entered_as__in=["", *EnteredAs.values]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act}"
