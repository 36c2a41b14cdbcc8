"""Masters of the reports app: the plan's targets."""

from django.contrib import admin

from reports.models import Target
from staff.site import MasterAdmin


@admin.register(Target)
class TargetAdmin(MasterAdmin):
    """Targets."""

    list_display = ("kind", "fiscal_year", "band", "numerator", "denominator", "minimum", "maximum")
