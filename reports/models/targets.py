"""What the plan promises."""

from fractions import Fraction

from django.db import models
from django.db.models import F, Q

from agano_dx.lib.fiscal import FiscalYearField
from staff.models import Band


class TargetKind(models.TextChoices):
    """What a target is about."""

    SHARE = "share", "デジタル活用職員の割合"
    LEADERS = "leaders", "リーダー育成延べ人数"
    SPECIALISTS = "specialists", "専門分野人材"


class TargetManager(models.Manager["Target"]):
    """Targets, found by what they promise in fixtures."""

    def get_by_natural_key(self, kind: str, year: int, band: str) -> "Target":
        """The target of this kind, year and band."""
        return self.get(kind=kind, fiscal_year=int(year), band=band)


class Target(models.Model):
    """目標: due on the last day of a fiscal year; an exact fraction, or a band."""

    kind = models.CharField("種別", max_length=20, choices=TargetKind)
    fiscal_year = FiscalYearField("年度")
    band = models.CharField("職階", max_length=20, choices=Band, blank=True)
    numerator = models.PositiveSmallIntegerField("分子", null=True, blank=True)
    denominator = models.PositiveSmallIntegerField("分母", null=True, blank=True)
    minimum = models.PositiveSmallIntegerField("下限", null=True, blank=True)
    maximum = models.PositiveSmallIntegerField("上限", null=True, blank=True)
    approximate = models.BooleanField("約", default=False)

    objects = TargetManager()

    class Meta:
        verbose_name = "目標"
        verbose_name_plural = "目標"
        ordering = ["kind", "fiscal_year", "band"]
        constraints = [
            models.UniqueConstraint(
                name="reports_target_once",
                fields=["kind", "fiscal_year", "band"],
                violation_error_message="この目標は登録済みです。",
            ),
            models.CheckConstraint(
                name="reports_target_kind_known", condition=Q(kind__in=TargetKind.values)
            ),
            models.CheckConstraint(
                name="reports_target_band_known", condition=Q(band__in=["", *Band.values])
            ),
            models.CheckConstraint(
                name="reports_target_is_fraction_or_band",
                condition=Q(
                    kind=TargetKind.SHARE,
                    # A comparison with nothing is neither true nor false, and a check lets it pass.
                    numerator__isnull=False,
                    denominator__isnull=False,
                    numerator__gt=0,
                    denominator__gte=F("numerator"),
                    minimum__isnull=True,
                    maximum__isnull=True,
                )
                | (
                    ~Q(kind=TargetKind.SHARE)
                    & Q(numerator__isnull=True, denominator__isnull=True, minimum__isnull=False)
                ),
                violation_error_message="割合の目標には分子と分母を、人数の目標には下限を入力してください。",
            ),
            models.CheckConstraint(
                name="reports_target_maximum_above_minimum",
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
                violation_error_message="上限は下限以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        words = [self.get_kind_display(), self.get_band_display(), str(self.fiscal_year)]
        return " ".join(word for word in words if word)

    def natural_key(self) -> tuple[str, int, str]:
        """Kind, year, band."""
        return (self.kind, self.fiscal_year.year, self.band)

    @property
    def fraction(self) -> Fraction:
        """The promised share, exact. Only for targets of that kind."""
        return Fraction(self.numerator or 0, self.denominator or 1)
