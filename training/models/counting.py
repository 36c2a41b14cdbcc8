"""The rule by which the city counts: who is 全職員, what makes a person digitally capable.

It stands here and not in reports, because the outstanding lists (training) and the eligibility of
leaders count by the same rule, and an app imports only what stands to its left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import models

from agano_dx.lib.fiscal import FiscalYear, FiscalYearField, era_date
from staff.models import Duty, Employment
from training.models.courses import Category


@dataclass(frozen=True, slots=True)
class Counting:
    """A counting rule as figures take it.

    `validity_years`: how long a completion counts; `None` for ever.
    """

    counted_employments: tuple[str, ...]
    excluded_duties: tuple[str, ...]
    required_categories: tuple[str, ...]
    validity_years: int | None = None

    @property
    def mark(self) -> str:
        """The rule in one line: two rules that count alike have the same, whatever their order."""
        lists = (self.counted_employments, self.excluded_duties, self.required_categories)
        named = [",".join(sorted(map(str, names))) for names in lists]
        return "|".join([*named, str(self.validity_years or "")])


DEFAULT_RULE = Counting(
    counted_employments=(
        Employment.REGULAR,
        Employment.FIXED_TERM,
        Employment.REAPPOINTED,
        Employment.REAPPOINTED_SHORT,
    ),
    excluded_duties=(Duty.CHILDCARE, Duty.LEAVE, Duty.SECONDED),
    required_categories=(Category.MIND, Category.KNOWLEDGE, Category.SKILL),
)


class CountingRuleManager(models.Manager["CountingRule"]):
    """Counting rules, found by the day they come into force."""

    def get_by_natural_key(self, in_force_from: str) -> "CountingRule":
        """The rule in force from this day."""
        return self.get(in_force_from=in_force_from)

    def in_force(self, on: date) -> Counting:
        """The rule in force on the day; the plan's default where none is set."""
        return self.in_force_on([on])[on]

    def ruling(self, on: date) -> "CountingRule | None":
        """The rule set for the day; `None` where the plan's default counts."""
        return self.filter(in_force_from__lte=on).order_by("-in_force_from").first()

    def in_force_on(self, days: Iterable[date]) -> dict[date, Counting]:
        """The rule in force on each of the days, in one query."""
        rules = list(self.order_by("-in_force_from"))
        return {
            day: next((rule.counting for rule in rules if rule.in_force_from <= day), DEFAULT_RULE)
            for day in days
        }


class CountingRule(models.Model):
    """集計ルール: in force from a day until the next one."""

    in_force_from = models.DateField("適用開始日", unique=True)
    counted_employments = models.JSONField("全職員に数える任用形態", default=list)
    excluded_duties = models.JSONField("全職員から除く在職区分", default=list)
    required_categories = models.JSONField("デジタル活用職員に必要な研修区分", default=list)
    validity_years = models.PositiveSmallIntegerField("修了の有効年数", null=True, blank=True)

    objects = CountingRuleManager()

    class Meta:
        verbose_name = "集計ルール"
        verbose_name_plural = "集計ルール"
        ordering = ["-in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="training_countingrule_counts_somebody",
                condition=~models.Q(counted_employments=[]) & ~models.Q(required_categories=[]),
                violation_error_message="数える任用形態と必要な研修区分を1つ以上選んでください。",
            )
        ]

    def __str__(self) -> str:
        return f"{era_date(self.in_force_from)}からの集計ルール"

    def natural_key(self) -> tuple[str]:
        """The day."""
        return (self.in_force_from.isoformat(),)

    @property
    def counting(self) -> Counting:
        """The rule as figures take it."""
        return Counting(
            tuple(self.counted_employments),
            tuple(self.excluded_duties),
            tuple(self.required_categories),
            self.validity_years,
        )


class FrozenYearManager(models.Manager["FrozenYear"]):
    """Frozen years, asked for by a day."""

    def holds(self, day: date) -> bool:
        """Whether the figures of the year of this day are final."""
        return bool(self.held([day]))

    def held(self, days: Iterable[date | None]) -> set[date]:
        """Those of the days whose year's figures are final."""
        years = {day: FiscalYear.containing(day).year for day in days if day is not None}
        frozen = self.filter(fiscal_year__in=set(years.values()))
        final = {year.year for year in frozen.values_list("fiscal_year", flat=True)}
        return {day for day, year in years.items() if year in final}


class FrozenYear(models.Model):
    """確定した年度: its figures are final, so its attendance is no longer changed.

    `rule`: by which it was counted, whatever was set since; `None` for the plan's default.
    """

    fiscal_year = FiscalYearField("年度", unique=True)
    frozen_at = models.DateTimeField("確定日時", auto_now_add=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="frozen_years",
        verbose_name="確定者",
    )
    rule = models.ForeignKey(
        CountingRule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="frozen_years",
        verbose_name="集計ルール",
    )

    objects = FrozenYearManager()

    class Meta:
        verbose_name = "確定した年度"
        verbose_name_plural = "確定した年度"
        ordering = ["-fiscal_year"]

    def __str__(self) -> str:
        return f"{self.fiscal_year}"
