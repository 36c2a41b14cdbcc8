"""Masters of the reports app: the plan's targets, what the forecast reckons with; frozen years."""

from django.contrib import admin

from reports.models import ForecastSetting, Snapshot, Target
from staff.site import LookOnlyAdmin, MasterAdmin


@admin.register(Target)
class TargetAdmin(MasterAdmin):
    """Targets."""

    list_display = ("kind", "fiscal_year", "band", "numerator", "denominator", "minimum", "maximum")


@admin.register(ForecastSetting)
class ForecastSettingAdmin(MasterAdmin):
    """Settings of the forecast."""

    list_display = ("in_force_from", "expected_hires", "expected_leavers", "note")


@admin.register(Snapshot)
class SnapshotAdmin(LookOnlyAdmin):
    """Frozen figures; who was among them is seen on their own page."""

    list_display = ("fiscal_year", "frozen_at", "frozen_by", "digest")
    fields = ("fiscal_year", "as_of", "frozen_at", "frozen_by", "digest")
