"""Addresses of the training app, matter by matter."""

from training.urls import courses, index, offerings, outstanding

app_name = "training"
urlpatterns = [
    *index.urlpatterns,
    *courses.urlpatterns,
    *offerings.urlpatterns,
    *outstanding.urlpatterns,
]
