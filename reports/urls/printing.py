"""The report on paper."""

from django.urls import path

from reports.views import report_print

urlpatterns = [path("print/", report_print.report_print, name="report_print")]
