"""Where the share is heading."""

from django.urls import path

from reports.views import forecast

urlpatterns = [path("forecast/", forecast.forecast, name="forecast")]
