"""Masters of the training app: the plan's rows, its outlines, the counting rule."""

from django.contrib import admin

from staff.site import MasterAdmin
from training.models import CountingRule, PlanPeriod, Programme


@admin.register(Programme)
class ProgrammeAdmin(MasterAdmin):
    """Rows of the plan."""

    list_display = ("code", "name", "category", "audience", "first_year", "last_year", "frequency")


@admin.register(PlanPeriod)
class PlanPeriodAdmin(MasterAdmin):
    """Two-year outlines."""

    list_display = ("first_year", "last_year", "outline")


@admin.register(CountingRule)
class CountingRuleAdmin(MasterAdmin):
    """Counting rules."""

    list_display = ("in_force_from", "validity_years")
