"""Cohorts."""

from django.urls import path

from leaders.views import cohorts

urlpatterns = [
    path("cohorts/", cohorts.cohort_list, name="cohort_list"),
    path("cohorts/<int:number>/", cohorts.cohort_detail, name="cohort_detail"),
    path("cohorts/<int:number>/export/", cohorts.cohort_export, name="cohort_export"),
]
