"""Addresses of the leaders app, matter by matter."""

from leaders.urls import cohorts, curriculum, index, nominations, uploads

app_name = "leaders"
urlpatterns = [
    *index.urlpatterns,
    *cohorts.urlpatterns,
    *nominations.urlpatterns,
    *curriculum.urlpatterns,
    *uploads.urlpatterns,
]
