"""Masters of the reports app: the plan's targets; frozen figures to look at."""

from django.contrib import admin

from reports.models import Snapshot, Target
from staff.site import LookOnlyAdmin, MasterAdmin


@admin.register(Target)
class TargetAdmin(MasterAdmin):
    """Targets."""

    list_display = ("kind", "fiscal_year", "band", "numerator", "denominator", "minimum", "maximum")


@admin.register(Snapshot)
class SnapshotAdmin(LookOnlyAdmin):
    """Frozen figures; who was among them is seen on their own page."""

    list_display = ("fiscal_year", "frozen_at", "frozen_by", "digest")
    fields = ("fiscal_year", "as_of", "frozen_at", "frozen_by", "digest")
