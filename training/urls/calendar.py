"""Offerings by month and by year."""

from django.urls import path

from training.views import calendar

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/year/", calendar.calendar_year, name="calendar_year"),
    path("calendar/year/export/", calendar.calendar_year_export, name="calendar_year_export"),
]
