"""登用: the specialists who come of the digital office and of its leaders."""

from datetime import date
from typing import Self

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
