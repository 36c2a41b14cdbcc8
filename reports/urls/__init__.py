"""Addresses of home, health and the reports app, one module per matter."""

from django.urls import include, path

from reports.urls import (
    board,
    departments,
    flow,
    followup,
    forecast,
    frozen,
    gap,
    printing,
    report,
    rules,
)
from reports.views import health, home

reports = [
    *board.urlpatterns,
    *departments.urlpatterns,
    *flow.urlpatterns,
    *followup.urlpatterns,
    *forecast.urlpatterns,
    *frozen.urlpatterns,
    *gap.urlpatterns,
    *printing.urlpatterns,
    *report.urlpatterns,
    *rules.urlpatterns,
]
urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("reports/", include((reports, "reports"))),
]
