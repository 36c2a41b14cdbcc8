"""Masters of the leaders app: cohorts and designations."""

from django.contrib import admin

from leaders.models import Cohort, LeaderTerm, SpecialistDesignation
from staff.site import LookOnlyAdmin, MasterAdmin


@admin.register(Cohort)
class CohortAdmin(MasterAdmin):
    """Cohorts: their years and seats. Rounds and closing are HR's, on pages of their own."""

    list_display = fields = ("number", "first_year", "last_year", "seats")


@admin.register(LeaderTerm)
class LeaderTermAdmin(LookOnlyAdmin):
    """Terms: how they ended."""

    list_display = ("cohort", "department", "staff", "starts_on", "ends_on", "completed")
    list_select_related = ("cohort", "department", "staff")


@admin.register(SpecialistDesignation)
class SpecialistDesignationAdmin(LookOnlyAdmin):
    """Designations of specialists."""

    list_display = ("staff", "route", "starts_on", "ends_on")
    list_select_related = ("staff",)
