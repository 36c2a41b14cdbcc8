"""Addresses of the training app, matter by matter."""

from training.urls import courses, index, offerings, team

app_name = "training"
urlpatterns = [
    *index.urlpatterns,
    *courses.urlpatterns,
    *offerings.urlpatterns,
    *team.urlpatterns,
]
