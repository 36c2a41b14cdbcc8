"""Masters of the training app: the plan's rows, its outlines, the counting rule, frozen years."""

from typing import Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from staff.models import User
from staff.site import LookOnlyAdmin, MasterAdmin
from training.forms.freezing import FrozenYearForm
from training.models import CountingRule, FrozenYear, PlanPeriod, PlanReview, Programme
from training.services.freezing import freeze_year


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
class FrozenYearAdmin(MasterAdmin):
    """Years whose figures are final: added once, never changed, never taken back."""

    form = FrozenYearForm
    list_display = ("fiscal_year", "frozen_at", "frozen_by")
    readonly_fields = ("frozen_at", "frozen_by")
    fieldsets = (
        (
            None,
            {
                "fields": ("fiscal_year", *readonly_fields),
                "description": "確定した年度の出欠は変えられなくなります。確定は取り消せません。",
            },
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        del request, obj
        return False

    def get_form(self, *args: Any, **kwargs: Any) -> type[FrozenYearForm]:
        """The form, told what day it is."""
        made = cast(type[FrozenYearForm], super().get_form(*args, **kwargs))
        made.today = timezone.localdate()
        return made

    def save_model(
        self, request: HttpRequest, obj: FrozenYear, form: ModelForm, change: object
    ) -> None:
        """Freeze it as the service does; the one signed in has done it."""
        del form, change
        by = cast(User, request.user)
        frozen = freeze_year(year=obj.fiscal_year, by=by, today=timezone.localdate())
        obj.pk = frozen.pk
