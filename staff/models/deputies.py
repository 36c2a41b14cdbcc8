"""代理: whom a head has named to enter things in the head's place."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from staff.models.organisation import Department
from staff.models.people import StaffMember

if TYPE_CHECKING:
    from staff.access import Access


class HeadDeputyQuerySet(models.QuerySet["HeadDeputy"]):
    """Questions about deputies."""

    def named_on(self, on: date) -> Self:
        """Those named for the day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def visible_to(self, access: "Access") -> Self:
        """Those named for departments the asker heads; all for who sees everyone."""
        return self if access.sees_everyone else self.filter(department__in=access.headed)


class HeadDeputy(models.Model):
    """A person of the department who may enter nominations in its head's place.

    Being named gives nothing once the person stands elsewhere: `staff.access` looks at both.
    """

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="deputies", verbose_name="部署"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="deputyships", verbose_name="代理者"
    )
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="named_deputies",
        verbose_name="指名した人",
    )

    objects = HeadDeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "部署長の代理"
        verbose_name_plural = "部署長の代理"
        ordering = ["department", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="staff_headdeputy_one_open",
                fields=["department", "staff"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="この職員は代理に指名済みです。",
            ),
            models.CheckConstraint(
                name="staff_headdeputy_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="終了日は開始日以後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"
