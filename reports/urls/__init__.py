"""Addresses of home, health and the reports app, one module per matter."""

from django.urls import include, path

from reports.urls import board, followup, printing, report
from reports.views import health, home

reports = [
    *board.urlpatterns,
    *followup.urlpatterns,
    *printing.urlpatterns,
    *report.urlpatterns,
]
urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("reports/", include((reports, "reports"))),
]
