"""Addresses of the training app, matter by matter."""

from training.urls import courses, index, mine, offerings, results

app_name = "training"
urlpatterns = [
    *index.urlpatterns,
    *courses.urlpatterns,
    *offerings.urlpatterns,
    *mine.urlpatterns,
    *results.urlpatterns,
]
