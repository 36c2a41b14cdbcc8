"""The report of a day as a workbook."""

from django.urls import path

from reports.views import report

urlpatterns = [
    path("report/", report.report, name="report"),
    path("report.xlsx", report.report_workbook, name="report_workbook"),
]
