"""Addresses of the training app, matter by matter."""

from training.urls import attendance, courses, index, offerings

app_name = "training"
urlpatterns = [
    *index.urlpatterns,
    *courses.urlpatterns,
    *offerings.urlpatterns,
    *attendance.urlpatterns,
]
