"""Masters of the training app: the plan's rows, its outlines, the counting rule, frozen years."""

from django.contrib import admin

from staff.site import LookOnlyAdmin, MasterAdmin
from training.models import CountingRule, FrozenYear, PlanPeriod, PlanReview, Programme


@admin.register(Programme)
class ProgrammeAdmin(MasterAdmin):
    """Rows of the plan."""

    list_display = ("code", "name", "category", "audience", "first_year", "last_year", "frequency")


@admin.register(PlanPeriod)
class PlanPeriodAdmin(MasterAdmin):
    """Two-year outlines."""

    list_display = ("first_year", "last_year", "outline")


@admin.register(CountingRule)
class CountingRuleAdmin(LookOnlyAdmin):
    """Counting rules, as they are. They are set on a page of their own that shows their effect."""

    list_display = ("in_force_from", "validity_years")


@admin.register(PlanReview)
class PlanReviewAdmin(MasterAdmin):
    """What each year's review said."""

    list_display = ("fiscal_year", "text")


@admin.register(FrozenYear)
class FrozenYearAdmin(LookOnlyAdmin):
    """Years whose figures are final: the personnel office freezes them, with their figures."""

    list_display = ("fiscal_year", "frozen_at", "frozen_by", "rule")
