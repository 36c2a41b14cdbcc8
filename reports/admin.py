"""Masters of the reports app: the plan's targets, what the forecast reckons with."""

from django.contrib import admin

from reports.models import ForecastSetting, Target
from staff.site import MasterAdmin


@admin.register(Target)
class TargetAdmin(MasterAdmin):
    """Targets."""

    list_display = ("kind", "fiscal_year", "band", "numerator", "denominator", "minimum", "maximum")


@admin.register(ForecastSetting)
class ForecastSettingAdmin(MasterAdmin):
    """Settings of the forecast."""

    list_display = ("in_force_from", "expected_hires", "expected_leavers", "note")
