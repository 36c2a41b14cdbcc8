"""登用: specialists who come of the digital office and of its leaders, and who may become one."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from staff.models import Assignment, AssignmentQuerySet, StaffMember


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
    note = models.TextField("備考", max_length=1000, blank=True)
    end_note = models.TextField("終了の事情", max_length=1000, blank=True)

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


class Preference(models.TextChoices):
    """What somebody says about working in the digital office."""

    YES = "yes", "希望する"
    TALK = "talk", "相談したい"
    NO = "no", "希望しない"


class TransferRequest(models.Model):
    """異動希望: what a person said on a day about moving to the digital office; the last one holds.

    Only the person and HR read it.
    """

    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        related_name="transfer_requests",
        verbose_name="職員",
    )
    preference = models.CharField("異動希望", max_length=10, choices=Preference)
    note = models.TextField("理由・希望する時期", max_length=1000, blank=True)
    stated_at = models.DateTimeField("申告日時")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="entered_transfer_requests",
        verbose_name="入力した人",
    )

    class Meta:
        verbose_name = "異動希望"
        verbose_name_plural = "異動希望"
        ordering = ["staff", "stated_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leaders_transferrequest_preference_known",
                condition=Q(preference__in=Preference.values),
                violation_error_message="異動希望を選び直してください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_own(self) -> bool:
        """Whether the person said it here, not in an interview with HR; reads the account."""
        return self.entered_by is not None and self.entered_by.staff_id == self.staff_id


class SuitabilityNote(models.Model):
    """適性の所見: what HR thinks of somebody as a specialist. Only HR reads it."""

    staff = models.OneToOneField(
        StaffMember, on_delete=models.PROTECT, related_name="suitability", verbose_name="職員"
    )
    text = models.TextField("適性の所見", max_length=2000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="suitability_notes",
        verbose_name="書いた人",
    )
    written_at = models.DateTimeField("書いた日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "適性の所見"
        verbose_name_plural = "適性の所見"
        ordering = ["staff"]

    def __str__(self) -> str:
        return f"{self.pk}"
