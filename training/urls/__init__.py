"""Addresses of the training app, matter by matter."""

from training.urls import (
    calendar,
    courses,
    index,
    offerings,
    outstanding,
    plan,
)

app_name = "training"
urlpatterns = [
    *index.urlpatterns,
    *plan.urlpatterns,
    *calendar.urlpatterns,
    *courses.urlpatterns,
    *offerings.urlpatterns,
    *outstanding.urlpatterns,
]
