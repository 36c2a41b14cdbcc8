"""修了証: the paper of a completed term."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYearField
from leaders.models.terms import LeaderTerm

if TYPE_CHECKING:
    from staff.access import Access


class LeaderCertificateQuerySet(models.QuerySet["LeaderCertificate"]):
    """Questions about leaders' certificates."""

    def visible_to(self, access: "Access") -> Self:
        """One's own; all for those who see everyone."""
        if access.sees_everyone:
            return self
        return self.filter(term__staff=access.staff_id)

    def valid(self) -> Self:
        """Those whose term still stands as the paper says; as `LeaderCertificate.is_valid`."""
        return self.filter(
            term__completed=True, term__starts_on=F("starts_on"), term__ends_on=F("ends_on")
        )


class LeaderCertificate(models.Model):
    """修了証 of a leader: issued once for a completed term, with what stands on the paper."""

    term = models.ForeignKey(
        LeaderTerm, on_delete=models.PROTECT, related_name="certificates", verbose_name="任期"
    )
    fiscal_year = FiscalYearField("発行年度")
    serial = models.PositiveIntegerField("連番")
    issued_on = models.DateField("発行日")
    staff_name = models.CharField("氏名", max_length=100)
    department_name = models.CharField("部署", max_length=100)
    starts_on = models.DateField("就任日")
    ends_on = models.DateField("退任日")

    objects = LeaderCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "リーダーの修了証"
        verbose_name_plural = "リーダーの修了証"
        ordering = ["fiscal_year", "serial"]
        constraints = [
            models.UniqueConstraint(
                name="leaders_leadercertificate_number_once", fields=["fiscal_year", "serial"]
            ),
            models.UniqueConstraint(
                name="leaders_leadercertificate_once_per_term",
                fields=["term", "starts_on", "ends_on"],
            ),
            models.CheckConstraint(
                name="leaders_leadercertificate_serial_positive", condition=Q(serial__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The paper."""
        return reverse("leaders:certificate_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """The number on the paper: L-R8-0012."""
        return f"L-{self.fiscal_year.label}-{self.serial:04d}"

    @property
    def is_valid(self) -> bool:
        """Whether the term still stands as the paper says; reads the term."""
        term = self.term
        return term.completed and (term.starts_on, term.ends_on) == (self.starts_on, self.ends_on)
