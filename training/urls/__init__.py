"""Addresses of the training app, matter by matter."""

from training.urls import (
    attendance,
    calendar,
    courses,
    index,
    mine,
    offerings,
    outstanding,
    plan,
    proofs,
    results,
    team,
    uploads,
)

app_name = "training"
urlpatterns = [
    *index.urlpatterns,
    *plan.urlpatterns,
    *calendar.urlpatterns,
    *courses.urlpatterns,
    *offerings.urlpatterns,
    *team.urlpatterns,
    *attendance.urlpatterns,
    *uploads.urlpatterns,
    *outstanding.urlpatterns,
    *mine.urlpatterns,
    *results.urlpatterns,
    *proofs.urlpatterns,
]
